"""Workbooks for tests: filled in as somebody would, and resaved as other programs do."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from selfassessment.actions import Entry
from selfassessment.models import Statement
from selfassessment.sheets import workbook_out
from selfassessment.sheets.sheet_format import HEADINGS, RATINGS, Mark, cells
from selfassessment.sheets.workbook_in import Asked

HEAD = 3  # the row of headings
COLUMN = {name: number for number, name in enumerate(HEADINGS, start=1)}


def blank(audit: Any) -> bytes:
    return workbook_out.workbook(audit, {})


def of(response: Any) -> bytes:
    return workbook_out.workbook(
        response.audit, {rating.statement_id: rating for rating in response.ratings.all()}
    )


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    """The workbook opened, changed and saved by openpyxl, which writes shared strings anew."""
    book = load_workbook(BytesIO(data))
    change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(sheet: Any, code: str) -> int:
    return next(
        row for row in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(row, 1).value == code
    )


def filled(data: bytes, **answers: dict[str, object]) -> bytes:
    """Cells filled in by code, with a dot written as an underscore: `A1_1={"rating": 3}`."""

    def fill(book: Workbook) -> None:
        sheet = book[RATINGS]
        for name, given in answers.items():
            row = row_of(sheet, name.replace("_", "."))
            for column, value in given.items():
                sheet.cell(row, COLUMN[column]).value = value

    return changed(data, fill)


def cells_of(rating: Any) -> dict[str, str]:
    return cells(Entry.of(rating))


def asked(audit: Any) -> Asked:
    return Asked(Mark.of(audit.questionnaire), list(audit.levels()), list(audit.statements()))


def statement_pks() -> list[tuple[str, int]]:
    return list(Statement.objects.values_list("code", "pk"))
