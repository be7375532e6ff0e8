"""The cells of a table as somebody wrote them, and what a cell can say besides words.

Pure. A cell's text is kept whole: what a reader here makes of it says whether it says all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from portal.exports import plain
from selfassessment.sheets.tables import key
from selfassessment.sheets.workbook import Sheet

MARK = r"(?:[•●▪◦‣·*–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)])"
ITEM = re.compile(rf"^[ \t]*{MARK}[ \t]+(\S.*)$")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MONEY = re.compile(r"(£)?\s*(\d[\d,]*(?:\.\d+)?)\s*(k\b)?", re.IGNORECASE)
MIDNIGHT = re.compile(r"^(\d{4}-\d\d-\d\d)T00:00:00$")
LONGEST_SUM = 300  # characters of a cell that may say what something costs
THOUSAND = 1_000
MOST_DIGITS = 10  # before the point, of any number that is kept
PERCENT = 100


@dataclass(frozen=True)
class Cell:
    """One cell; `row` and `column` count from 0. `repeats`: merged with the cell above it."""

    row: int
    column: int
    text: str
    why_bad: str = ""
    repeats: bool = False
    wide: bool = False  # merged with the cell right of it

    @property
    def name(self) -> str:
        """As spreadsheets call it: “B7”."""
        return str(xl_rowcol_to_cell(self.row, self.column))

    @property
    def column_name(self) -> str:
        return self.name.rstrip("0123456789")


@dataclass(frozen=True)
class Grid:
    """One sheet, as it is kept between reading and taking in."""

    name: str
    rows: Sequence[Sequence[str]]
    merged: Sequence[str] = ()
    bad: Sequence[tuple[int, int, str]] = ()

    @classmethod
    def of_sheet(cls, sheet: Sheet) -> Grid:
        """Text as it was typed: our own CSV files put an apostrophe before what looks a formula."""
        is_csv = not sheet.name
        rows = [[tidy(text, is_csv=is_csv) for text in row] for row in sheet.rows]
        bad = [(one.row - 1, one.column - 1, one.why) for one in sheet.bad_cells]
        return cls(sheet.name, rows, sheet.merged, bad)

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Grid:
        return cls(**data)

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    @property
    def size(self) -> int:
        """How many characters it holds."""
        return sum(len(text) for row in self.rows for text in row)

    @cached_property
    def cells(self) -> list[list[Cell]]:
        """Every cell of every row, blank ones too; what is merged downwards says so in each row."""
        why = {(row, column): said for row, column, said in self.bad}
        table = [
            [
                Cell(r, c, row[c] if c < len(row) else "", why.get((r, c), ""))
                for c in range(self.width)
            ]
            for r, row in enumerate(self.rows)
        ]
        for span in self.merged:
            first, _, last = span.partition(":")
            top, left = xl_cell_to_rowcol(first)
            bottom, right = xl_cell_to_rowcol(last)
            if top >= len(table) or left >= self.width:
                continue
            said = table[top][left]
            for r in range(top, min(bottom, len(table) - 1) + 1):
                if not table[r][left].text or r == top:
                    table[r][left] = Cell(
                        r, left, said.text, said.why_bad, repeats=r > top, wide=right > left
                    )
        return table


def tidy(text: str, *, is_csv: bool) -> str:
    """Without what nobody sees at its ends, and without the apostrophe of our own CSV files."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").strip()
    text = MIDNIGHT.sub(r"\1", text)  # a day, as a workbook keeps it
    return text[1:] if is_csv and text.startswith("'") and plain(text[1:]) == text else text


def filled(row: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in row if cell.text]


def items(text: str) -> list[str]:
    """What follows the bullets or numbers of a list; nothing where fewer than two have one."""
    found = [match[1].strip() for line in text.splitlines() if (match := ITEM.match(line))]
    return found if len(found) > 1 else []


def before_items(text: str) -> str:
    """What a list is headed by, in one line."""
    lines = []
    for line in text.splitlines():
        if ITEM.match(line):
            break
        lines.append(line)
    return " ".join(" ".join(lines).split()).rstrip(":")


def one_line(text: str) -> str:
    return " ".join(text.split())


# Numbers. Each gives what was read, and whether that is all the cell says.


def number(text: str) -> tuple[Decimal | None, bool]:
    """“1,200” is 1200 and no more; “about 30 tutors” has no number that stands for it."""
    bare = text.strip()
    sign, bare = (-1, bare[1:]) if bare.startswith("-") else (1, bare)
    if not NUMBER.fullmatch(bare):
        return None, False
    return whole(Decimal(bare.replace(",", "")) * sign)


def whole(value: Decimal) -> tuple[Decimal | None, bool]:
    """The value as the portal keeps it, to a hundredth, if it can; and whether nothing is lost."""
    if abs(value) >= Decimal(10) ** MOST_DIGITS:
        return None, False
    kept = round(value, 2)
    return kept, kept == value


def money(text: str) -> tuple[Decimal | None, bool]:
    """The largest sum in pounds: “£1,500–2,000” is 2000, and more than that number says."""
    if len(text) > LONGEST_SUM:
        return None, False
    found = [match for match in MONEY.finditer(text) if match[1] or match[2]]
    marked = [match for match in found if match[1]]
    if not found or (not marked and number(text)[0] is None and not re.search(r"\d\s*k\b", text)):
        return None, False
    if marked:  # a number without a sign counts only where it ends a range that has one
        found = [m for m in found if m[1] or re.search(r"[-–—]\s*$", text[: m.start()])]
    sums = [Decimal(match[2].replace(",", "")) * (THOUSAND if match[3] else 1) for match in found]
    largest, fits = whole(max(sums))
    if largest is None or largest >= Decimal(10) ** (MOST_DIGITS - 2):
        return None, False
    says_all = len(sums) == 1 and re.fullmatch(r"£?\s*[\d,]+(?:\.\d+)?", text.strip()) is not None
    return largest, fits and says_all


def percent(text: str) -> tuple[int | None, bool]:
    """“80%”, “80” and a spreadsheet's 0.8 are 80 per cent."""
    value, _ = number(text.strip().removesuffix("%").strip())
    if value is None or value < 0:
        return None, False
    if "%" not in text and "." in text and value <= 1:
        value *= PERCENT
    if value > PERCENT:
        return None, False
    return round(value), value == round(value)


def same(one: str, other: str) -> bool:
    return key(one) == key(other)
