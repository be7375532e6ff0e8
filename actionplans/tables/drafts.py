"""What a target will be, before it is one: plain facts, made from the cells of a table. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actionplans.models import AREA_CODES
from actionplans.tables.dates import Period
from selfassessment.models import PlanArea

EXTRA_MOST = 10_000  # characters of other notes


@dataclass(frozen=True)
class Known:
    """What a plan and its service say already, by the words a table may use for it."""

    period: Period
    today: dt.date
    statements: Mapping[str, int] = field(default_factory=dict)  # ids by code
    levels: frozenset[int] = frozenset()
    topics: Mapping[str, int] = field(default_factory=dict)  # ids by name
    members: Mapping[str, Sequence[int]] = field(default_factory=dict)  # ids by name
    names: Mapping[int, str] = field(default_factory=dict)  # of members, by id
    taken: frozenset[tuple[str, int]] = frozenset()  # area and number of each target there is


@dataclass(frozen=True)
class Remark:
    """What became of a cell that was not simply placed. `stops`: nothing is taken in like this."""

    cell: str
    read: str
    became: str
    stops: bool = False


@dataclass(frozen=True)
class Step:
    """A milestone to be."""

    text: str
    due_on: dt.date | None = None
    done_on: dt.date | None = None


@dataclass(frozen=True)
class Draft:
    """A target to be, with all that it will say."""

    row: int  # its first, from 0
    values: Mapping[str, object]  # of Target's fields, those that say anything
    statements: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    milestones: tuple[Step, ...] = ()
    note: Mapping[str, object] = field(default_factory=dict)  # of ProgressNote's fields
    number: int | None = None  # as the table's own reference wants it

    @property
    def area(self) -> str:
        return str(self.values.get("area", ""))

    @property
    def reference(self) -> str:
        return f"{AREA_CODES[PlanArea(self.area)]}-{self.number}" if self.area else ""


def words_of(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"


def plain_number(value: Decimal) -> str:
    return f"{value:,f}".removesuffix(".00")


def step_words(step: Step) -> str:
    """As exports write a milestone, and imports read it: “Text (by 3 March 2027)”."""
    said = [f"by {words_of(step.due_on)}"] if step.due_on else []
    said += [f"done {words_of(step.done_on)}"] if step.done_on else []
    return f"{step.text} ({'; '.join(said)})" if said else step.text
