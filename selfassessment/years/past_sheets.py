"""Finds totals of past years in a spreadsheet, however it is laid out, and says of every cell
what it was taken for.

Three ways of laying it out are understood: a row for each total under headings; a row for each
area and a column for each year; and a label with its value beside it. Pure: bytes in, totals and
remarks out. With any problem nothing of it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from openpyxl.utils import get_column_letter

from selfassessment.models.looking_back import in_words, plain
from selfassessment.sheets import tables, workbook
from selfassessment.sheets.tables import key, shortened
from selfassessment.sheets.workbook import Sheet
from selfassessment.years.past import (
    Levels,
    Past,
    PastTotal,
    When,
    area_name,
    completed,
    read_count,
    read_levels,
    read_number,
    read_total,
    read_when,
    trouble_with,
)

MOST_ROWS = 200
LOOK_FOR_HEADINGS = 15  # rows
AREA_LONGEST = 120
PIECES = re.compile(r"[,;]\s+|\n")
LABELLED = re.compile(r"(?P<label>[^\d:]+?)\s*[:=]?\s*(?P<value>\d.*)", re.DOTALL)

HEADINGS = {
    "area": "area part theme pillar category heading section name_of_area areas",
    "when": "date year when month taken academic_year school_year taken_on",
    "total": "total score sum points result marks our_score total_score overall_score",
    "most": "maximum max out_of possible most max_score maximum_score total_possible of available",
    "statements": "statements questions items number_of_statements number_of_questions n number",
    "scale": "scale levels rating_scale",
    "lowest": "lowest min minimum lowest_level",
    "highest": "highest highest_level",
    "name": "name tool questionnaire audit self_assessment what what_it_was",
}
MEANS = {word: meaning for meaning, words in HEADINGS.items() for word in words.split()}


@dataclass(frozen=True)
class Seen:
    """A cell, what it says, and what it was taken for; or, of one not understood, what may be."""

    sheet: str
    cell: str
    read: str
    means: str


@dataclass(frozen=True)
class Found:
    """What a file said. `pasts` is empty as soon as there is a problem."""

    pasts: tuple[Past, ...] = ()
    understood: tuple[Seen, ...] = ()
    unused: tuple[Seen, ...] = ()
    problems: tuple[Seen, ...] = ()


@dataclass(frozen=True)
class Given:
    """What the form says where the file does not."""

    name: str
    when: When | None = None
    levels: Levels | None = None


@dataclass(frozen=True)
class Reading:
    """One total with what it belongs to, and the cell it was read from."""

    name: str
    when: When | None
    levels: Levels | None
    total: PastTotal
    at: tuple[int, int]


def read(data: bytes, given: Given) -> Found:
    """Every total in a file, or everything that is in the way."""
    try:
        sheets = tables.read(data, columns=columns_in(data), max_rows=MOST_ROWS)
    except tables.UnreadableError as unreadable:
        return Found(problems=(Seen("", "", "", str(unreadable)),))
    readers = [Reader(sheet, given) for sheet in sheets]
    for reader in readers:
        reader.read()
    problems = [seen for reader in readers for seen in reader.problems]
    if not problems and not any(reader.found for reader in readers):
        problems = [
            Seen("", "", "", "A total, such as “112 of 183” beside “Total”: none was found.")
        ]
    pasts = together(readers, problems)
    return Found(
        pasts=() if problems else pasts,
        understood=tuple(seen for reader in readers for seen in reader.understood),
        unused=tuple(seen for reader in readers for seen in reader.unused()),
        problems=tuple(problems),
    )


def columns_in(data: bytes) -> dict[str, bool]:
    """The words in a CSV file's first row, so that it is split at its most frequent divider."""
    if workbook.is_workbook(data):
        return {}
    lines = tables.decoded(data).splitlines()[:LOOK_FOR_HEADINGS] if data.strip() else []
    divider = max(",;\t", key=lambda one: sum(line.count(one) for line in lines))
    first = next(iter(lines), "")
    return {tables.heading(cell.strip('" ')): True for cell in first.split(divider)}


def together(readers: Iterable[Reader], problems: list[Seen]) -> tuple[Past, ...]:
    """The totals by what, when and scale; what is said twice, or has no date, is a problem."""
    groups: dict[tuple[str, When], list[tuple[Reader, Reading]]] = {}
    for reader in readers:
        for one in reader.found:
            if one.when is None:
                if not problems:
                    problems.append(
                        reader.seen(
                            one.at, "A date for it. Write it beside “Date”, or in the form."
                        )
                    )
                continue
            groups.setdefault((one.name, one.when), []).append((reader, one))
    pasts = []
    for (name, when), members in groups.items():
        levels = next((one.levels for _, one in members if one.levels), None)
        totals: dict[str, PastTotal] = {}
        for reader, one in members:
            total = completed(one.total, levels)
            what = total.area or "the whole"
            if one.levels not in {None, levels}:
                problems.append(reader.seen(one.at, "One scale for all totals of one date."))
            elif key(total.area) in totals:
                problems.append(reader.seen(one.at, f"One total for {what}: this is the second."))
            elif trouble := trouble_with(total, levels):
                problems.append(reader.seen(one.at, trouble))
            else:
                totals[key(total.area)] = total
                reader.understood.append(
                    reader.seen(
                        one.at, f"{what}, {in_words(when.day, when.exactness)}: {said(total)}"
                    )
                )
        pasts.append(Past(name, when, levels, tuple(totals.values())))
    return tuple(sorted(pasts, key=lambda past: past.when.day))


def said(total: PastTotal) -> str:
    """“112 of 183, 61 statements”."""
    most = "" if total.most is None else f" of {plain(total.most)}"
    count = "" if total.statements is None else f", {total.statements} statements"
    return f"{plain(total.total)}{most}{count}"


@dataclass
class Reader:
    """Goes through one sheet, and notes what it makes of every cell."""

    sheet: Sheet
    given: Given
    found: list[Reading] = field(default_factory=list)
    understood: list[Seen] = field(default_factory=list)
    problems: list[Seen] = field(default_factory=list)
    used: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bad = {(cell.row - 1, cell.column - 1): cell for cell in self.sheet.bad_cells}
        self.when = read_when(self.sheet.name) or self.given.when
        self.levels = self.given.levels
        self.name = self.given.name

    # Cells

    def text(self, at: tuple[int, int]) -> str:
        row, column = at
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else ()
        return cells[column].strip() if column < len(cells) else ""

    def seen(self, at: tuple[int, int], means: str) -> Seen:
        place = f"{get_column_letter(at[1] + 1)}{at[0] + 1}"
        return Seen(self.sheet.name, place, shortened(self.text(at)), means)

    def take(self, at: tuple[int, int], means: str) -> None:
        self.used.add(at)
        self.understood.append(self.seen(at, means))

    def refuse(self, at: tuple[int, int], allowed: str) -> None:
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

    # Layouts

    def read(self) -> None:
        for row in range(min(len(self.sheet.rows), LOOK_FOR_HEADINGS)):
            named = self.headings(row)
            if "total" in named.values() and len(named) > 1:
                self.labels(range(row))
                return self.under_headings(row, named)
            years = self.years(row)
            if years:
                self.labels(range(row))
                return self.by_year(row, named, years)
        return self.labels(range(len(self.sheet.rows)), totals=True)

    def headings(self, row: int) -> dict[int, str]:
        """What the columns of a row of headings mean, by their place."""
        cells = self.sheet.rows[row]
        if any(read_total(text) and not read_when(text) for text in cells):
            return {}
        means = {at: MEANS.get(tables.heading(text), "") for at, text in enumerate(cells)}
        return {at: meaning for at, meaning in means.items() if meaning}

    def years(self, row: int) -> dict[int, When]:
        """The columns of a row whose headings are dates, right of the names of areas."""
        first, *others = [self.text((row, at)) for at in range(len(self.sheet.rows[row]))] or [""]
        found = {at: when for at, text in enumerate(others, start=1) if (when := read_when(text))}
        beside = [text for text in others if text and not read_when(text)]
        headed = all(tables.heading(text) in MEANS for text in beside)
        label = MEANS.get(tables.heading(first.rstrip(":")))
        is_line = self.in_one(first) or (len(found) == 1 and label in {"when", "name", "scale"})
        return found if headed and not is_line else {}

    def under_headings(self, row: int, named: dict[int, str]) -> None:
        """A row for each total: area, date, total, out of, statements, scale."""
        if "area" not in named.values():
            named = {0: "area", **named}
        for at, meaning in named.items():
            self.used.add((row, at))
            if self.text((row, at)):
                self.understood.append(self.seen((row, at), f"heading: {WORDS[meaning]}"))
        for number in range(row + 1, len(self.sheet.rows)):
            cells = {meaning: (number, at) for at, meaning in named.items()}
            if not any(self.text(at) for at in cells.values()):
                continue
            self.one_row(cells)

    def one_row(self, cells: dict[str, tuple[int, int]]) -> None:
        at = cells["total"]
        total = self.total_at(at)
        if total is None:
            return
        for_it = replace(
            total,
            area=self.area_at(cells["area"]) if "area" in cells else "",
            most=self.number_at(cells.get("most"), total),
            statements=self.count_at(cells.get("statements")),
        )
        name = self.text(cells["name"]) if "name" in cells else ""
        if name:
            self.take(cells["name"], "what it was")
        self.found.append(
            Reading(
                name[:AREA_LONGEST] or self.name,
                self.when_at(cells.get("when")),
                self.levels_at(cells),
                for_it,
                at,
            )
        )

    def by_year(self, row: int, named: dict[int, str], years: dict[int, When]) -> None:
        """A row for each area, and a column for each year."""
        self.used |= {(row, at) for at in named}
        for at, when in years.items():
            self.take((row, at), f"date: {in_words(when.day, when.exactness)}")
        columns = {meaning: at for at, meaning in named.items() if at and at not in years}
        for number in range(row + 1, len(self.sheet.rows)):
            area = self.text((number, 0))
            values = [at for at in years if self.text((number, at)) or (number, at) in self.bad]
            if not values:
                if area:
                    self.label(number)
                continue
            name = self.area_at((number, 0))
            most = (number, columns["most"]) if "most" in columns else None
            count = (number, columns["statements"]) if "statements" in columns else None
            for at in values:
                total = self.total_at((number, at))
                if total is not None:
                    whole = replace(
                        total,
                        area=name,
                        most=self.number_at(most, total),
                        statements=self.count_at(count),
                    )
                    self.found.append(
                        Reading(self.name, years[at], self.levels, whole, (number, at))
                    )

    def labels(self, rows: Iterable[int], *, totals: bool = False) -> None:
        """Labels with their values beside them, or in the same cell."""
        rows = list(rows)
        for row in rows:
            if not self.label(row) and totals:
                self.labelled_total(row)
        # A scale or date below the totals holds for them as well.
        self.found = [
            replace(one, when=one.when or self.when, levels=one.levels or self.levels)
            for one in self.found
        ]

    def label(self, row: int) -> bool:
        """A date, a scale or a name with its label; whether the row was one."""
        filled = self.filled(row)
        if len(filled) == 2:
            label, value = filled
            meaning = MEANS.get(tables.heading(self.text(label).rstrip(":")))
            if meaning == "when" and (when := read_when(self.text(value))):
                self.when = when
                self.used.add(label)
                self.take(value, f"date: {in_words(when.day, when.exactness)}")
                return True
            if meaning == "scale" and (levels := read_levels(self.text(value))):
                self.levels = levels
                self.used.add(label)
                self.take(value, f"scale: {levels.lowest} to {levels.highest}")
                return True
            if meaning == "name":
                self.name = self.text(value)[:AREA_LONGEST]
                self.used.add(label)
                self.take(value, "what it was")
                return True
            if meaning in {"when", "scale"}:
                self.used.add(label)
                self.refuse(value, EXAMPLES[meaning])
                return True
        return self.pieces(filled)

    def filled(self, row: int) -> list[tuple[int, int]]:
        return [(row, at) for at in range(len(self.sheet.rows[row])) if self.text((row, at))]

    def pieces(self, cells: list[tuple[int, int]]) -> bool:
        """A row that says it all in words: “Total 112 of 183, 1–3 scale, March 2019”."""
        when, levels = self.when, self.levels
        totals: list[tuple[tuple[int, int], PastTotal]] = []
        plain_cells = []
        for at in cells:
            for piece in filter(None, map(str.strip, PIECES.split(self.text(at)))):
                if found := read_when(piece):
                    when = found
                elif scale := read_levels(piece):
                    levels = scale
                elif total := self.in_one(piece):
                    totals.append((at, total))
                    continue
                else:
                    return False
                plain_cells.append(at)
        if not cells or (len(cells) > 1 and not totals):
            return False
        self.when, self.levels = when, levels
        self.used |= set(cells)
        told = {at for at, _ in totals}
        self.understood += [
            self.seen(at, "date or scale") for at in dict.fromkeys(plain_cells) if at not in told
        ]
        self.found += [Reading(self.name, when, levels, total, at) for at, total in totals]
        return True

    def in_one(self, text: str) -> PastTotal | None:
        """“Total 112 of 183” in one piece."""
        parts = LABELLED.fullmatch(text)
        value = read_total(parts["value"]) if parts else None
        if parts is None or value is None or value[1] is None:
            return None
        return PastTotal(area_name(parts["label"])[:AREA_LONGEST], *value)

    def labelled_total(self, row: int) -> None:
        """“Your policies”, then “40 of 60”; or “40”, then “60”."""
        filled = self.filled(row)
        if len(filled) < 2:
            return
        label, value, *rest = filled
        if value not in self.bad and read_total(self.text(value)) is None:
            return
        total = self.total_at(value)
        if total is None:
            return
        when = read_when(self.text(label))
        most = total.most
        if most is None and rest and (beside := read_number(self.text(rest[0]))) is not None:
            self.take(rest[0], "out of")
            most = beside
        if when:
            self.take(label, f"date: {in_words(when.day, when.exactness)}")
        whole = replace(total, area="" if when else self.area_at(label), most=most)
        self.found.append(Reading(self.name, when or self.when, self.levels, whole, value))

    # Values

    def total_at(self, at: tuple[int, int]) -> PastTotal | None:
        value = None if at in self.bad else read_total(self.text(at))
        if value is None:
            self.refuse(at, "A number, or “112 of 183”.")
            return None
        self.used.add(at)
        return PastTotal("", *value)

    def area_at(self, at: tuple[int, int]) -> str:
        name = area_name(self.text(at))
        if at in self.bad or len(name) > AREA_LONGEST:
            self.refuse(at, f"The name of an area, of at most {AREA_LONGEST} characters.")
            return ""
        if self.text(at):
            self.take(at, f"area: {name}" if name else "the whole")
        return name

    def number_at(self, at: tuple[int, int] | None, total: PastTotal) -> Decimal | None:
        if at is None or not self.text(at):
            return total.most
        value = None if at in self.bad else read_number(self.text(at))
        if value is None:
            self.refuse(at, "A number: the most it could be.")
            return total.most
        if at not in self.used:
            self.take(at, f"out of {plain(value)}")
        return value

    def count_at(self, at: tuple[int, int] | None) -> int | None:
        if at is None or not self.text(at):
            return None
        value = None if at in self.bad else read_count(self.text(at))
        if value is None:
            self.refuse(at, "A whole number of statements.")
        elif at not in self.used:
            self.take(at, f"{value} statements")
        return value

    def when_at(self, at: tuple[int, int] | None) -> When | None:
        if at is None or not self.text(at):
            return self.when
        value = None if at in self.bad else read_when(self.text(at))
        if value is None:
            self.refuse(at, EXAMPLES["when"])
        else:
            self.take(at, f"date: {in_words(value.day, value.exactness)}")
        return value

    def levels_at(self, cells: dict[str, tuple[int, int]]) -> Levels | None:
        if "scale" in cells and self.text(cells["scale"]):
            levels = read_levels(self.text(cells["scale"]))
            if levels is None:
                self.refuse(cells["scale"], EXAMPLES["scale"])
            else:
                self.take(cells["scale"], f"scale: {levels.lowest} to {levels.highest}")
            return levels
        if {"lowest", "highest"} <= cells.keys():
            ends = [self.text(cells[name]) for name in ("lowest", "highest")]
            levels = read_levels(f"{ends[0]} to {ends[1]}") if all(ends) else None
            for name in ("lowest", "highest"):
                if levels:
                    self.take(cells[name], f"scale: {levels.lowest} to {levels.highest}")
                elif self.text(cells[name]):
                    self.refuse(cells[name], EXAMPLES["scale"])
            return levels or self.levels
        return self.levels


WORDS = {
    "area": "area",
    "when": "date",
    "total": "total",
    "most": "out of",
    "statements": "number of statements",
    "scale": "scale",
    "lowest": "lowest level",
    "highest": "highest level",
    "name": "what it was",
}
EXAMPLES = {
    "when": "A date, such as “March 2019”, “4 March 2019”, “2018/19” or “2019”.",
    "scale": "A scale, such as “1 to 3”.",
}
