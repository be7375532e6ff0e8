"""Tables as people keep their plans in, for tests."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from actionplans.keeping import terms
from actionplans.tables import kept, matching, plan_rows
from actionplans.tables.cells import Grid
from actionplans.tables.dates import Period
from actionplans.tables.drafts import Known

TODAY = dt.date(2026, 11, 21)
PERIOD = Period(dt.date(2026, 9, 1), dt.date(2027, 8, 31), terms.in_force([], range(2024, 2030)))
KNOWN = Known(PERIOD, TODAY)
HEADS = ["Objective", "Action", "Success criteria", "Lead", "By when", "Cost/£", "RAG", "Progress"]


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: list[object], merged: str = "", title: str = "Plan") -> bytes:
    """One sheet; `merged` as in “A2:A4 C2:D2”."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for span in merged.split():
        sheet.merge_cells(span)
    return saved(book)


def csv(*rows: list[str]) -> bytes:
    return "\n".join(",".join(f'"{text}"' for text in row) for row in rows).encode()


def read(data: bytes, known: Known = KNOWN, **matched: object) -> plan_rows.Reading:
    """What a file becomes as it is guessed, but for what is `matched` otherwise."""
    grids = kept.read(data)
    match = matching.guess(grids, known.period)
    match = matching.Match(**{**vars(match), **matched})
    return plan_rows.read(grids[match.sheet], match, known)


def values(reading: plan_rows.Reading) -> list[dict[str, object]]:
    return [dict(draft.values) for draft in reading.drafts]


def load(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def read_columns(data: bytes) -> tuple[Any, ...]:
    return matching.guess(kept.read(data), PERIOD).columns


def read_grid(rows: list[list[str]], columns: tuple[Any, ...]) -> plan_rows.Reading:
    """What cells become without headings, each column matched."""
    match = matching.Match(columns=columns, area="Workforce development")
    return plan_rows.read(Grid("Plan", rows), match, KNOWN)
