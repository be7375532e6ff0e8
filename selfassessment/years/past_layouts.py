"""Finds the totals on one sheet of past years, however it is laid out.

Three ways are understood: a row for each total under headings; a row for each area and a column
for each year; and a label with its value beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from selfassessment.sheets import tables
from selfassessment.years.past import (
    Levels,
    PastTotal,
    When,
    area_name,
    read_levels,
    read_number,
    read_total,
    read_when,
)
from selfassessment.years.past_cells import (
    AREA_LONGEST,
    EXAMPLES,
    At,
    Cells,
    scale_in_words,
    when_in_words,
)

LOOK_FOR_HEADINGS = 15  # rows
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


@dataclass(frozen=True)
class Reading:
    """One total with what it belongs to, and the cell it was read from."""

    name: str
    when: When | None
    levels: Levels | None
    total: PastTotal
    at: At


@dataclass
class Reader(Cells):
    """Goes through one sheet by the way it is laid out."""

    found: list[Reading] = field(default_factory=list)

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

    def one_row(self, cells: dict[str, At]) -> None:
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
            self.take((row, at), when_in_words(when))
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
                self.take(value, when_in_words(when))
                return True
            if meaning == "scale" and (levels := read_levels(self.text(value))):
                self.levels = levels
                self.used.add(label)
                self.take(value, scale_in_words(levels))
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

    def filled(self, row: int) -> list[At]:
        return [(row, at) for at in range(len(self.sheet.rows[row])) if self.text((row, at))]

    def pieces(self, cells: list[At]) -> bool:
        """A row that says it all in words: “Total 112 of 183, 1–3 scale, March 2019”."""
        when, levels = self.when, self.levels
        totals: list[tuple[At, PastTotal]] = []
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
            self.take(label, when_in_words(when))
        whole = replace(total, area="" if when else self.area_at(label), most=most)
        self.found.append(Reading(self.name, when or self.when, self.levels, whole, value))
