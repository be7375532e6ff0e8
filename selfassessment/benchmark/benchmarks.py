"""Where a service stands among all who share: read from what the worker made, nothing else.

Every reader gets the same figures; a service adds its own mark to them in its own browser page.
What they tell is decided when they are made (`selfassessment/benchmark/precompute.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.models import ServiceKind
from portal.years import year_name
from selfassessment.benchmark.disclosure import EVERYBODY, Group
from selfassessment.models import (
    Area,
    Audit,
    Benchmark,
    BenchmarkFigure,
    BenchmarkGroup,
    Questionnaire,
    Scope,
    Section,
    Split,
)
from selfassessment.scoring import Scale, scores


class Place(StrEnum):
    """Where one's own percentage lies, told by the rounded figures alone."""

    BELOW = "below the middle half"
    WITHIN = "within the middle half"
    ABOVE = "above the middle half"


@dataclass(frozen=True)
class Of:
    """What a benchmark is of: only like is set beside like."""

    questionnaire: Questionnaire
    scope: str
    year: int

    @classmethod
    def audit(cls, audit: Audit) -> Of:
        return cls(audit.questionnaire, audit.scope, audit.year)

    def __str__(self) -> str:
        return f"{self.questionnaire}, {Scope(self.scope).label.lower()}, {year_name(self.year)}"

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"{self.questionnaire.pk}-{self.scope}-{self.year}"


@dataclass(frozen=True)
class Choice:
    """A group that figures are shown of, as a page offers it."""

    key: str
    name: str


@dataclass(frozen=True)
class Row:
    """One area or section: where the middle half lies, if that is shown, and one's own."""

    part: Area | Section
    figure: BenchmarkFigure | None
    mine: int | None

    @property
    def is_area(self) -> bool:
        return isinstance(self.part, Area)

    @property
    def place(self) -> Place | None:
        if self.figure is None or self.mine is None:
            return None
        if self.mine < self.figure.low:
            return Place.BELOW
        return Place.ABOVE if self.mine > self.figure.high else Place.WITHIN


@dataclass(frozen=True)
class Comparison:
    """A page of figures for one group, with one's own beside them where there are any."""

    of: Of
    choices: Mapping[str, tuple[Choice, ...]]  # by the name of the split; only what is shown
    chosen: Choice
    services: int  # 0: there are no figures
    made_at: datetime | None
    rows: tuple[Row, ...]
    has_own: bool

    @property
    def summary(self) -> str:
        """One's own among the sections, in a sentence; nothing where there is nothing to say."""
        places = Counter(row.place for row in self.rows if row.place and not row.is_area)
        said = [f"{place.value} in {places[place]}" for place in reversed(Place) if places[place]]
        sections = "section" if places.total() == 1 else "sections"
        if not said:
            return ""
        return f"Of {places.total()} {sections} your service is {', '.join(said)}."


def key_of(group: Group) -> str:
    return "" if group == EVERYBODY else f"{group[0]}:{group[1]}"


def name_of(group: Group) -> str:
    split, value = group
    if split == Split.EVERYBODY:
        return "All services"
    return str(ServiceKind(value).label) if split == Split.KIND else value


def read(
    of: Of, wanted: str = "", mine: Mapping[Area | Section, int | None] | None = None
) -> Comparison:
    """The figures of one group, by its key; of everybody where that group is not shown.

    Three queries, whatever there is. Each figure is the latest that was made of its part.
    """
    made = list(
        BenchmarkGroup.objects.filter(
            benchmark__in=Benchmark.objects.of(of.questionnaire.pk, of.scope, of.year), live=True
        )
        .select_related("benchmark")
        .order_by("benchmark_id")
    )
    latest = {(Split(row.split), row.value): row for row in made}
    by_key = {key_of(group): group for group in latest}
    chosen = by_key.get(wanted, EVERYBODY)
    figures = {
        (figure.area_id, figure.section_id): figure
        for figure in BenchmarkFigure.objects.filter(
            group__in=[row for row in made if (row.split, row.value) == chosen]
        ).order_by("group__benchmark_id")
    }
    here = latest.get(chosen)
    return Comparison(
        of=of,
        choices=offered(list(latest)),
        chosen=Choice(key_of(chosen), name_of(chosen)),
        services=here.services if here else 0,
        made_at=here.benchmark.made_at if here else None,
        rows=tuple(
            Row(
                part,
                figures.get((part.pk, None) if isinstance(part, Area) else (None, part.pk)),
                (mine or {}).get(part),
            )
            for part in parts(of)
        ),
        has_own=mine is not None,
    )


def offered(groups: Sequence[Group]) -> dict[str, tuple[Choice, ...]]:
    """Regions by name, kinds as they are listed."""
    order = [(Split.REGION, value) for value in sorted(v for s, v in groups if s == Split.REGION)]
    order += [(Split.KIND, value) for value in ServiceKind.values]
    there = [group for group in order if group in groups]
    return {
        str(split.label): tuple(
            Choice(key_of(group), name_of(group)) for group in there if group[0] == split
        )
        for split in (Split.REGION, Split.KIND)
        if any(group[0] == split for group in there)
    }


def parts(of: Of) -> list[Area | Section]:
    """The areas and sections asked, each area before its sections."""
    # An audit that nobody started knows what it would ask.
    sections = Audit(questionnaire=of.questionnaire, scope=of.scope).sections()
    found: list[Area | Section] = []
    for section in sections:
        if section.area not in found:
            found.append(section.area)
        found.append(section)
    return found


def own(audit: Audit) -> dict[Area | Section, int | None] | None:
    """A service's own percentages; None while its totals are not shown even to itself."""
    if not audit.totals_shown_at:
        return None
    scale = Scale(tuple(level.value for level in audit.levels()))
    said = {agreed.statement_id: agreed for agreed in audit.agreed_ratings.all()}
    found = scores(scale, audit.statements(), said)
    percents: dict[Area | Section, int | None] = {}
    for area in found.areas:
        percents[area.area] = area.score.percent
        percents |= {section.section: section.score.percent for section in area.sections}
    return percents


def sets() -> list[Of]:
    """Every edition, scope and year of which there are figures, the newest first."""
    shown = Benchmark.objects.filter(groups__live=True).select_related("questionnaire")
    newest = {(one.questionnaire_id, one.scope, one.year): one for one in shown}
    return [Of(one.questionnaire, one.scope, one.year) for one in newest.values()]
