"""What ratings come to: pure functions over what was asked and what was said.

The arithmetic is domain.md 9.2. A score is a share of the way from the lowest level of the scale
to the highest, over the statements that were given a level:

    (sum − n × lowest) ÷ (n × (highest − lowest)),  n = statements rated with a level

Unanswered, “don’t know”, “not applicable” and “parked” are counted beside it and never enter it.
Areas and the whole pool their statements; nothing is an average of averages. Shares are exact
fractions; only what is shown is rounded, half up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import floor
from typing import Protocol, TypeVar

from selfassessment.models import Agreed, Answer, Area, Section, Statement

ENDS_OF_FOUR = 4  # from so many levels, two at each end count as an end; below, one
MOST_SECTIONS = 3  # sections named as a strength or a gap, ties with the last one apart


class Said(Protocol):
    """One word on one statement: a person's rating, or a rating agreed."""

    @property
    def answer(self) -> str: ...

    @property
    def value(self) -> int | None: ...


@dataclass(frozen=True)
class Scale:
    """The levels of a questionnaire, by number, lowest first.

    Raises ValueError unless there are two levels or more, each higher than the one before.
    """

    values: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2 or list(self.values) != sorted(set(self.values)):
            raise ValueError(f"A scale needs two levels or more, rising: {self.values}")

    @property
    def lowest(self) -> int:
        return self.values[0]

    @property
    def highest(self) -> int:
        return self.values[-1]

    @property
    def span(self) -> int:
        return self.highest - self.lowest

    @property
    def top(self) -> tuple[int, ...]:
        """The levels that make a statement a strength: the two highest, or one of two or three."""
        return self.values[-self._reach :]

    @property
    def bottom(self) -> tuple[int, ...]:
        """The levels that make a statement a gap: the two lowest, or one of two or three."""
        return self.values[: self._reach]

    @property
    def low(self) -> tuple[int, ...]:
        """The levels below the middle one: 0 and 1 of 0 to 4."""
        return self.values[: len(self.values) // 2]

    @property
    def _reach(self) -> int:
        return 2 if len(self.values) >= ENDS_OF_FOUR else 1


@dataclass(frozen=True)
class Score:
    """Some statements taken together: how many of each answer, and the sum of the levels.

    `total` is the plain sum of the levels given; the rest are counts of statements.
    """

    scale: Scale
    total: int = 0
    rated: int = 0
    dont_know: int = 0
    not_applicable: int = 0
    parked: int = 0
    unanswered: int = 0

    @property
    def statements(self) -> int:
        return self.rated + self.dont_know + self.not_applicable + self.parked + self.unanswered

    @property
    def answered(self) -> int:
        """Statements with any answer at all: “don’t know” and “parked” are two."""
        return self.statements - self.unanswered

    @cached_property
    def share(self) -> Fraction | None:
        """From 0 (all at the lowest level) to 1 (all at the highest); None where nothing is rated.

        Raises ValueError if a level lies outside the scale.
        """
        if not self.rated:
            return None
        share = Fraction(self.total - self.rated * self.scale.lowest, self.rated * self.scale.span)
        if not 0 <= share <= 1:
            raise ValueError(f"A level lies outside the scale {self.scale.values}")
        return share

    @cached_property
    def percent(self) -> int | None:
        """The share as a whole number from 0 to 100, half up; None where nothing is rated."""
        return None if self.share is None else floor(self.share * 100 + Fraction(1, 2))

    @property
    def is_half_rated(self) -> bool:
        """Whether half of the statements or more have a level: enough to be called an end."""
        return self.rated > 0 and 2 * self.rated >= self.statements


def score(scale: Scale, said: Iterable[Said | None]) -> Score:
    """Pool some statements. None, like a blank answer, is a statement that nobody answered."""
    answers = [(one.answer, one.value) if one else ("", None) for one in said]
    levels = [value for answer, value in answers if answer == Answer.LEVEL and value is not None]
    kinds = [answer for answer, _ in answers]
    return Score(
        scale,
        total=sum(levels),
        rated=len(levels),
        dont_know=kinds.count(Answer.DONT_KNOW),
        not_applicable=kinds.count(Answer.NOT_APPLICABLE),
        parked=kinds.count(Agreed.PARKED),
        unanswered=kinds.count(""),
    )


def points(before: Score | None, after: Score) -> int | None:
    """Percentage points from before to after, as the rounded figures show it."""
    if before is None or before.percent is None or after.percent is None:
        return None
    return after.percent - before.percent


def signed(change: int | None) -> str:
    """A change as it is written: “+7”, “−3”, “0”, and a dash where there is none."""
    if change is None:
        return "–"
    return f"{change:+d}".replace("-", "−") if change else "0"


@dataclass(frozen=True)
class Line:
    """One statement, what was said of it, and what was said of it before."""

    statement: Statement
    said: Said | None
    was: Said | None

    @property
    def level(self) -> int | None:
        return self.said.value if self.said else None


@dataclass(frozen=True)
class Part:
    """A run of statements with its score, and its score before where there is one."""

    lines: tuple[Line, ...]
    score: Score
    was: Score | None

    @property
    def change(self) -> int | None:
        return points(self.was, self.score)

    @property
    def signed_change(self) -> str:
        return signed(self.change)


@dataclass(frozen=True)
class SectionScore(Part):
    section: Section


@dataclass(frozen=True)
class AreaScore(Part):
    area: Area
    sections: tuple[SectionScore, ...]


@dataclass(frozen=True)
class Ends:
    """What stands out at one end: the sections, and the statements.

    Statements are strengths at a level of `Scale.top` and gaps at one of `Scale.bottom`.
    Sections are strengths when they stand above the whole, and gaps when they stand below it:
    the three furthest, with any that tie with the third, of those at least half rated. Where
    all sections stand level, none is either. The furthest come first, then the order asked.
    """

    sections: tuple[SectionScore, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Scores(Part):
    """What a whole set of ratings comes to."""

    areas: tuple[AreaScore, ...]
    strengths: Ends
    gaps: Ends

    @property
    def sections(self) -> tuple[SectionScore, ...]:
        return tuple(section for area in self.areas for section in area.sections)


def scores(
    scale: Scale,
    statements: Iterable[Statement],
    said: Mapping[int, Said],
    before: Mapping[int, Said] | None = None,
) -> Scores:
    """Work out a whole set of ratings, by area and section.

    `statements` come in order, with section and area (`Audit.statements()`). `said` and `before`
    are keyed by statement id; `before` is an earlier year of the same questionnaire, and only the
    statements asked now enter it. None means there is no earlier year to set beside this one.
    """
    earlier = before or {}
    lines = [Line(one, said.get(one.pk), earlier.get(one.pk)) for one in statements]

    def part(run: Sequence[Line]) -> tuple[tuple[Line, ...], Score, Score | None]:
        was = None if before is None else score(scale, [line.was for line in run])
        return tuple(run), score(scale, [line.said for line in run]), was

    areas = []
    for in_area in runs(lines, lambda line: line.statement.section.area_id):
        sections = tuple(
            SectionScore(*part(run), run[0].statement.section)
            for run in runs(in_area, lambda line: line.statement.section_id)
        )
        areas.append(AreaScore(*part(in_area), sections[0].section.area, sections))

    everything = part(lines)
    parts = [section for area in areas for section in area.sections]
    return Scores(
        *everything,
        areas=tuple(areas),
        strengths=ends(everything[1], parts, lines, high=True),
        gaps=ends(everything[1], parts, lines, high=False),
    )


T = TypeVar("T")


def runs(items: Iterable[T], key: Callable[[T], int]) -> list[list[T]]:
    """Items that follow each other and share a key, together."""
    return [list(run) for _, run in groupby(items, key=key)]


def ends(
    whole: Score, sections: Sequence[SectionScore], lines: Sequence[Line], *, high: bool
) -> Ends:
    """What stands out at one end of the scale: see Ends. The order asked breaks ties."""
    sign = 1 if high else -1
    levels = whole.scale.top if high else whole.scale.bottom
    return Ends(
        sections=furthest(
            [
                (section, sign * (section.score.share - whole.share))
                for section in sections
                if section.score.is_half_rated
                and section.score.share is not None
                and whole.share is not None
            ]
        ),
        lines=tuple(
            sorted(
                (line for line in lines if line.level in levels),
                key=lambda line: -sign * (line.level or 0),
            )
        ),
    )


def furthest(sections: Sequence[tuple[SectionScore, Fraction]]) -> tuple[SectionScore, ...]:
    """The sections furthest past zero, furthest first: MOST_SECTIONS, and ties with the last."""
    past = sorted((pair for pair in sections if pair[1] > 0), key=lambda pair: -pair[1])
    if not past:
        return ()
    least = past[:MOST_SECTIONS][-1][1]
    return tuple(section for section, distance in past if distance >= least)
