"""The ways to look at a plan: which targets each shows, and under which headings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from actionplans.planning.plan_rows import NOBODY, Row
from actionplans.progress import Standing
from selfassessment.models import PlanArea

AREA, OWNER, DUE, OVERDUE, STALLED, DONE = "area", "owner", "due", "overdue", "stalled", "done"


@dataclass(frozen=True)
class Group:
    """Targets under one heading."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Tab:
    """One way to look at the plan, with how many targets it shows where that says something."""

    key: str
    label: str
    count: int | None = None


def tabs(rows: list[Row]) -> tuple[Tab, ...]:
    def how_many(by: str) -> int:
        return sum(VIEWS[by][0](one) for one in rows)

    return (
        Tab(AREA, "By area"),
        Tab(OWNER, "By owner"),
        Tab(DUE, "By due date"),
        Tab(OVERDUE, "Overdue", how_many(OVERDUE)),
        Tab(STALLED, "No note for a term", how_many(STALLED)),
        Tab(DONE, "Done and dropped", how_many(DONE)),
    )


def standing(one: Row) -> bool:
    return not one.is_dropped


def acting(one: Row) -> bool:
    return one.target.acts and not one.is_dropped


def late(one: Row) -> bool:
    return one.progress.standing == Standing.LATE


def stalled(one: Row) -> bool:
    return one.is_quiet


def ended(one: Row) -> bool:
    return not one.target.is_open


def by_area(rows: list[Row]) -> tuple[Group, ...]:
    found = {area: tuple(one for one in rows if one.target.area == area) for area in PlanArea}
    return tuple(Group(area.label, those) for area, those in found.items() if those)


def by_owner(rows: list[Row]) -> tuple[Group, ...]:
    """By accountable role; those without one come last, so that they are not overlooked."""
    names = sorted({one.who for one in rows}, key=lambda name: (name == NOBODY, name.lower()))
    return tuple(Group(name, tuple(one for one in rows if one.who == name)) for name in names)


def by_due(rows: list[Row]) -> tuple[Group, ...]:
    dated = sorted(
        (one for one in rows if one.line), key=lambda one: one.target.due_on or dt.date.max
    )
    undated = tuple(one for one in rows if not one.line)
    groups = (Group("Month by month", tuple(dated)), Group("Without a date", undated))
    return tuple(group for group in groups if group.rows)


def longest_late(rows: list[Row]) -> tuple[Group, ...]:
    return one_group("Overdue", sorted(rows, key=lambda one: -one.progress.days_late))


def all_stalled(rows: list[Row]) -> tuple[Group, ...]:
    return one_group("No note for a term", rows)


def one_group(name: str, rows: list[Row]) -> tuple[Group, ...]:
    return (Group(name, tuple(rows)),) if rows else ()


def by_ending(rows: list[Row]) -> tuple[Group, ...]:
    done = Group("Done", tuple(one for one in rows if not one.is_dropped))
    dropped = Group("Dropped", tuple(one for one in rows if one.is_dropped))
    return tuple(group for group in (done, dropped) if group.rows)


VIEWS: dict[str, tuple[Callable[[Row], bool], Callable[[list[Row]], tuple[Group, ...]]]] = {
    AREA: (standing, by_area),
    OWNER: (acting, by_owner),
    DUE: (acting, by_due),
    OVERDUE: (late, longest_late),
    STALLED: (stalled, all_stalled),
    DONE: (ended, by_ending),
}
