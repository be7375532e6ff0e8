"""Agreed ratings over the years, as series to draw.

Pure: years and what was agreed in, series out. One line never holds two questionnaires, or a
quick check and a whole; whether it joins two years is told by `joins`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from portal.templatetags.trends import Chart, Mark, Stretch, Turn
from portal.years import year_name
from selfassessment.models import Area, Section, Statement
from selfassessment.questionnaires.mapping import Continuity
from selfassessment.scoring import Score, score
from selfassessment.sheets.tables import key
from selfassessment.years.joins import Carried, Step, Year

P = TypeVar("P", Area, Section)


@dataclass(frozen=True)
class Series:
    """One part over the years. A score is None in years whose edition has no such part."""

    name: str
    code: str
    scores: tuple[Score | None, ...]
    carried: tuple[Carried | None, ...]  # one for each step
    chart: Chart
    sections: tuple[Series, ...] = ()  # of an area


@dataclass(frozen=True)
class Run:
    """The years of one questionnaire, asked as a whole or as a quick check."""

    years: tuple[Year, ...]
    steps: tuple[Step, ...]
    whole: Series
    areas: tuple[Series, ...]

    @property
    def name(self) -> str:
        return self.years[-1].audit.questionnaire.name

    @property
    def scope(self) -> str:
        return self.years[-1].audit.get_scope_display()

    @property
    def turns(self) -> list[Step]:
        """The changes of edition, in order."""
        return [step for step in self.steps if step.changes_edition]

    @property
    def latest(self) -> str:
        return self.years[-1].audit.year_name

    @property
    def joins(self) -> bool:
        """Whether two years on one edition follow each other."""
        return any(not step.changes_edition for step in self.steps)

    @property
    def carried(self) -> list[tuple[Step, list[tuple[Series, Carried | None]]]]:
        """Each step that is carried, with the whole and each area on the statements that go on."""
        return [
            (step, [(part, part.carried[at]) for part in (self.whole, *self.areas)])
            for at, step in enumerate(self.steps)
            if step.is_carried
        ]


def runs_of(years: Iterable[Year], continuity: Continuity) -> list[Run]:
    """Years of one service as runs, that with the latest year first.

    Where one academic year has two self-assessments of a run, the one started last stands.
    """
    kept: dict[tuple[str, str], dict[int, Year]] = {}
    for year in sorted(years, key=lambda one: one.audit.started_at):
        audit = year.audit
        kept.setdefault((key(audit.questionnaire.name), audit.scope), {})[audit.year] = year
    found = [
        run([by_year[number] for number in sorted(by_year)], continuity)
        for by_year in kept.values()
    ]
    return sorted(
        found, key=lambda one: (-one.years[-1].audit.year, -len(one.years[-1].statements))
    )


def run(years: Sequence[Year], continuity: Continuity) -> Run:
    steps = tuple(Step.between(before, after, continuity) for before, after in pairwise(years))
    areas = lanes([[part.area for part in year.scores.areas] for year in reversed(years)])
    sections = lanes([[part.section for part in year.scores.sections] for year in reversed(years)])
    drawn = Drawn(tuple(years), steps)
    return Run(
        tuple(years),
        steps,
        drawn.series("The whole", "", [year.scores.score for year in years], None),
        tuple(
            replace(
                drawn.part(area, by_area),
                sections=tuple(
                    drawn.part(lane, by_section)
                    for lane in sections
                    if newest(lane).area_id in {one.pk for one in area.values()}
                ),
            )
            for area in areas
        ),
    )


# The same part in several editions


def lanes(editions: Sequence[Sequence[P]]) -> list[dict[int, P]]:
    """The areas, or sections, of several editions put together: by name, else by code.

    Editions come newest first, and so do the lanes; each holds the part by questionnaire id.
    """
    found: list[dict[int, P]] = []
    for parts in editions:
        left = list(parts)
        for same in (by_name, by_code):
            for lane in found:
                here = next((one for one in left if same(one) == same(newest(lane))), None)
                if here is not None and lane.setdefault(here.questionnaire_id, here) == here:
                    left.remove(here)
        found += [{one.questionnaire_id: one} for one in left]
    return found


def newest(lane: Mapping[int, P]) -> P:
    """The part as the newest edition has it, which opened the lane."""
    return next(iter(lane.values()))


def by_name(part: Area | Section) -> str:
    return key(part.name)


def by_code(part: Area | Section) -> str:
    return part.code.casefold()


def by_area(statement: Statement) -> int:
    return statement.section.area_id


def by_section(statement: Statement) -> int:
    return statement.section_id


# Drawing


@dataclass(frozen=True)
class Drawn:
    """The years of a run, and what is drawn over them."""

    years: tuple[Year, ...]
    steps: tuple[Step, ...]

    def part(self, lane: Mapping[int, P], of: Callable[[Statement], int]) -> Series:
        """One area or section over the years; `of` says which one a statement belongs to."""
        last = newest(lane)
        within = [self.within(year, lane, of) for year in self.years]
        found = [
            score(year.scale, [year.said.get(one.pk) for one in asked]) if asked else None
            for year, asked in zip(self.years, within, strict=True)
        ]
        return self.series(last.name, last.code, found, within)

    def within(
        self, year: Year, lane: Mapping[int, P], of: Callable[[Statement], int]
    ) -> list[Statement]:
        part = lane.get(year.audit.questionnaire_id)
        return [one for one in year.statements if part and of(one) == part.pk]

    def series(
        self,
        name: str,
        code: str,
        found: Sequence[Score | None],
        within: Sequence[Sequence[Statement]] | None,
    ) -> Series:
        """`within` are the statements of this part in each year; None is all of them."""
        carried = tuple(
            step.carried(within[at + 1] if within is not None else None)
            for at, step in enumerate(self.steps)
        )
        return Series(name, code, tuple(found), carried, self.chart(name, found, carried))

    def chart(
        self, name: str, found: Sequence[Score | None], carried: Sequence[Carried | None]
    ) -> Chart:
        first = self.years[0].audit.year
        slots = [year.audit.year - first for year in self.years]
        percents = [one.percent if one else None for one in found]
        stretches, turns = [], []
        for at, step in enumerate(self.steps):
            start, end = slots[at], slots[at + 1]
            across = carried[at]
            was, now = percents[at], percents[at + 1]
            if step.changes_edition:
                turns.append(Turn(start, end, f"edition {step.after.edition}"))
                was, now = (across.before.percent, across.after.percent) if across else (None, None)
            if was is not None and now is not None:
                stretches.append(Stretch(start, end, was, now, carried=step.changes_edition))
        said = [
            f"{'no score' if percent is None else f'{percent}%'} in {year.audit.year_name}"
            for percent, year in zip(percents, self.years, strict=True)
        ]
        return Chart(
            f"{name}: {', '.join(said)}.",
            [year_name(first + number)[2:] for number in range(slots[-1] + 1)],
            [Mark(at, p) for at, p in zip(slots, percents, strict=True) if p is not None],
            stretches,
            turns,
        )
