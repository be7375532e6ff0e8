"""The cells of a spreadsheet of past years: what each says, and what it is taken for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from xlsxwriter.utility import xl_rowcol_to_cell

from selfassessment.models.looking_back import in_words, plain
from selfassessment.sheets.tables import shortened
from selfassessment.sheets.workbook import Sheet
from selfassessment.years.past import (
    Levels,
    PastTotal,
    When,
    area_name,
    read_count,
    read_levels,
    read_number,
    read_total,
    read_when,
)

At = tuple[int, int]  # row and column, from 0
V = TypeVar("V")
AREA_LONGEST = 120
EXAMPLES = {
    "when": "A date, such as “March 2019”, “4 March 2019”, “2018/19” or “2019”.",
    "scale": "A scale, such as “1 to 3”.",
}


@dataclass(frozen=True)
class Seen:
    """A cell, what it says, and what it was taken for; or, of one not understood, what may be."""

    sheet: str
    cell: str
    read: str
    means: str


@dataclass(frozen=True)
class Given:
    """What the form says where the file does not."""

    name: str
    when: When | None = None
    levels: Levels | None = None


def when_in_words(when: When) -> str:
    return f"date: {in_words(when.day, when.exactness)}"


def scale_in_words(levels: Levels) -> str:
    return f"scale: {levels.lowest} to {levels.highest}"


def most_in_words(most: Decimal) -> str:
    return f"out of {plain(most)}"


def count_in_words(count: int) -> str:
    return f"{count} statements"


@dataclass
class Cells:
    """The cells of one sheet, each with what it was taken for."""

    sheet: Sheet
    given: Given
    understood: list[Seen] = field(default_factory=list)
    problems: list[Seen] = field(default_factory=list)
    used: set[At] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bad = {(cell.row - 1, cell.column - 1): cell for cell in self.sheet.bad_cells}
        self.when = read_when(self.sheet.name) or self.given.when
        self.levels = self.given.levels
        self.name = self.given.name

    def text(self, at: At) -> str:
        row, column = at
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else ()
        return cells[column].strip() if column < len(cells) else ""

    def seen(self, at: At, means: str) -> Seen:
        place = xl_rowcol_to_cell(*at)
        return Seen(self.sheet.name, place, shortened(self.text(at)), means)

    def take(self, at: At, means: str) -> None:
        self.used.add(at)
        self.understood.append(self.seen(at, means))

    def refuse(self, at: At, allowed: str) -> None:
        self.used.add(at)
        why = self.bad[at].why if at in self.bad else allowed
        self.problems.append(self.seen(at, why))

    def unused(self) -> list[Seen]:
        return [
            self.seen((row, column), "")
            for row, cells in enumerate(self.sheet.rows)
            for column, text in enumerate(cells)
            if text.strip() and (row, column) not in self.used
        ]

    def total_at(self, at: At) -> PastTotal | None:
        value = None if at in self.bad else read_total(self.text(at))
        if value is None:
            self.refuse(at, "A number, or “112 of 183”.")
            return None
        self.used.add(at)
        return PastTotal("", *value)

    def area_at(self, at: At) -> str:
        name = area_name(self.text(at))
        if at in self.bad or len(name) > AREA_LONGEST:
            self.refuse(at, f"The name of an area, of at most {AREA_LONGEST} characters.")
            return ""
        if self.text(at):
            self.take(at, f"area: {name}" if name else "the whole")
        return name

    def value_at(
        self,
        at: At | None,
        read: Callable[[str], V | None],
        means: Callable[[V], str],
        allowed: str,
    ) -> V | None:
        """What a cell is read as; None where it is blank, or refused."""
        if at is None or not self.text(at):
            return None
        value = None if at in self.bad else read(self.text(at))
        if value is None:
            self.refuse(at, allowed)
        elif at not in self.used:
            self.take(at, means(value))
        return value

    def number_at(self, at: At | None, total: PastTotal) -> Decimal | None:
        most = self.value_at(at, read_number, most_in_words, "A number: the most it could be.")
        return total.most if most is None else most

    def count_at(self, at: At | None) -> int | None:
        return self.value_at(at, read_count, count_in_words, "A whole number of statements.")

    def when_at(self, at: At | None) -> When | None:
        if at is None or not self.text(at):
            return self.when
        return self.value_at(at, read_when, when_in_words, EXAMPLES["when"])

    def levels_at(self, cells: dict[str, At]) -> Levels | None:
        if "scale" in cells and self.text(cells["scale"]):
            return self.value_at(cells["scale"], read_levels, scale_in_words, EXAMPLES["scale"])
        if {"lowest", "highest"} <= cells.keys():
            ends = [self.text(cells[name]) for name in ("lowest", "highest")]
            levels = read_levels(f"{ends[0]} to {ends[1]}") if all(ends) else None
            for name in ("lowest", "highest"):
                if levels:
                    self.take(cells[name], scale_in_words(levels))
                elif self.text(cells[name]):
                    self.refuse(cells[name], EXAMPLES["scale"])
            return levels or self.levels
        return self.levels
