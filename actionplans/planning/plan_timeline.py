"""A plan in time: its months, and where each target stands in them. Pure figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format

from actionplans.models import ActionPlan, Target, TargetStatus

MOST_WORDS = 12  # months named: of a longer plan every second, third, …
YEAR = 12


@dataclass(frozen=True)
class Month:
    """Where a month begins, where its name stands, and the name where there is room for it."""

    at: float
    middle: float
    word: str


@dataclass(frozen=True)
class Timeline:
    """From the first day of a plan to its last, or to the last due day beyond it."""

    first: dt.date
    last: dt.date
    months: tuple[Month, ...]
    today: float | None  # None: today lies outside it


@dataclass(frozen=True)
class Step:
    """A milestone with a day."""

    at: float
    done: bool


@dataclass(frozen=True)
class Line:
    """One target in time; `words` say all that is drawn."""

    start: float
    due: float
    done: bool
    steps: tuple[Step, ...]
    words: str


def place(day: dt.date, first: dt.date, last: dt.date) -> float:
    """How far into the time from `first` to `last` a day is, in per cent; the end of it is 100."""
    return 100 * (day - first).days / ((last - first).days + 1)


def timeline(plan: ActionPlan, targets: Iterable[Target], today: dt.date) -> Timeline:
    last = max([plan.ends_on, *(one.due_on for one in targets if one.due_on)])
    first = plan.starts_on
    begins = [first]
    while (after := next_month(begins[-1])) <= last:
        begins.append(after)
    every = -(-len(begins) // MOST_WORDS)
    ends = [*begins[1:], last]
    months = tuple(
        Month(
            place(begin, first, last),
            (place(begin, first, last) + place(end, first, last)) / 2,
            date_format(begin, "M y" if every > 1 else "M") if number % every == 0 else "",
        )
        for number, (begin, end) in enumerate(zip(begins, ends, strict=True))
    )
    inside = first <= today <= last
    return Timeline(first, last, months, place(today, first, last) if inside else None)


def next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // YEAR, day.month % YEAR + 1, 1)


def line(target: Target, within: Timeline) -> Line | None:
    """A target in time, with its milestones; None where it has no due day."""
    if target.due_on is None:
        return None
    start = target.starts_on or within.first
    steps = [one for one in target.milestones.all() if one.due_on or one.done_on]
    words = [f"From {day(start)} to {day(target.due_on)}."]
    if steps:
        named = "; ".join(
            f"{one.text}, {'done ' if one.done_on else ''}{day(one.done_on or one.due_on)}"
            for one in steps
        )
        words.append(f"Milestones: {named}.")
    return Line(
        place(start, within.first, within.last),
        place(target.due_on, within.first, within.last),
        target.status == TargetStatus.DONE,
        tuple(
            Step(place(moment, within.first, within.last), one.done_on is not None)
            for one in steps
            if (moment := one.done_on or one.due_on)
        ),
        " ".join(words),
    )


def day(moment: dt.date | None) -> str:
    return f"{moment:%-d %B}" if moment else ""
