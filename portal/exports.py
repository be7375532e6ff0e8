"""Tables that leave the portal as files. Nothing in them can ever run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | datetime | None

# What a spreadsheet takes for the start of a formula, or skips to get to one.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # characters; longer text wraps


@dataclass(frozen=True)
class Sheet:
    """One table: its name (at most 31 characters), a line of headings, and rows as wide as it."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def plain(text: str) -> str:
    """Text that a spreadsheet reading CSV will take as text: a formula gets an apostrophe."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(STARTS_FORMULA) else text


def csv_bytes(sheet: Sheet) -> bytes:
    """A table as CSV in UTF-8, marked so that Excel reads ŵ and ŷ."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(sheet.header)
    writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell.normalize():f}"
        case int():
            return cell
        case _:
            return plain(cell)


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Tables as one workbook. Text is written as text whatever it starts with."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, width in enumerate(widths(sheet)):
                page.set_column(column, column, width)
            for column, heading in enumerate(sheet.header):
                page.write_string(0, column, heading, bold)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    _write(page, number, column, cell, formats)
    return out.getvalue()


def _write(
    page: Worksheet, row: int, column: int, cell: Cell, formats: Mapping[str, Format]
) -> None:
    match cell:
        case None | "":
            return
        case datetime():
            local = timezone.localtime(cell).replace(tzinfo=None)
            page.write_datetime(row, column, local, formats["instant"])
        case date():
            page.write_datetime(row, column, cell, formats["day"])
        case int() | Decimal():
            page.write_number(row, column, cell, formats["text"])
        case _:
            refused = page.write_string(row, column, cell, formats["text"])
            # XlsxWriter leaves out what a cell cannot hold, and only says so here
            if refused:
                raise ValueError(f"Too long for a cell: row {row}, {len(cell)}")


def widths(sheet: Sheet) -> list[int]:
    """How wide each column is, in characters: its longest word of text, within reason."""
    columns = zip(sheet.header, *sheet.rows, strict=True)
    return [
        min(
            WIDEST,
            2
            + max(
                len(f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell or ""))
                for cell in column
            ),
        )
        for column in columns
    ]


def attachment(
    content: bytes, content_type: str, name: str, suffix: str, *, for_all: bool = False
) -> HttpResponse:
    """A file to keep, never shown in the page and never kept by a cache in between.

    `name` is any text; the file is called by its plain letters. Of one `for_all`, the same for
    every visitor, `public_page` says for how long it is kept.
    """
    headers = {
        "Content-Disposition": f'attachment; filename="{slugify(name)}.{suffix}"',
        "X-Content-Type-Options": "nosniff",
    }
    if not for_all:
        headers["Cache-Control"] = "private, no-store"
    return HttpResponse(content, content_type=content_type, headers=headers)
