"""What became of a target in time: its days as a story in words, and as marks on one track.

Pure: it is given rows that are read already, and asks no question of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from actionplans import wording
from actionplans.models import (
    Milestone,
    ProgressNote,
    ReviewLine,
    Target,
    TargetStatus,
)

# Other fields of a target that people change, beside its wording
ENDED = {
    TargetStatus.OPEN: "Opened again",
    TargetStatus.DONE: "Done",
    TargetStatus.DROPPED: "Dropped",
}


class Kind(StrEnum):
    """What a line of the story is about."""

    START = "start"
    NOTE = "note"
    STEP = "step"
    CHANGE = "change"
    REVIEW = "review"
    ENDED = "ended"


@dataclass(frozen=True)
class Event:
    """One line of the story."""

    on: dt.date
    kind: Kind
    what: str
    said: str = ""
    who: str = ""
    note: ProgressNote | None = None


class Sign(StrEnum):
    """What a mark on the track is: its shape says whether it is over or to come."""

    START = "start"
    STEP_DONE = "step_done"
    STEP_TO_COME = "step_to_come"
    NOTE = "note"
    CHANGE = "change"
    REVIEW = "review"
    DUE = "due"
    NOW = "now"


@dataclass(frozen=True)
class Mark:
    on: dt.date
    sign: Sign
    label: str = ""


@dataclass(frozen=True)
class Story:
    """A target from the first day of its plan to the last, or beyond where it goes on beyond."""

    first: dt.date
    last: dt.date
    now: Mark | None  # today, or the day it ended
    marks: tuple[Mark, ...]
    events: tuple[Event, ...]  # newest first
    summary: str

    @property
    def signs(self) -> frozenset[Sign]:
        """Those that are drawn, for the key."""
        return frozenset(mark.sign for mark in self.marks)


def tell(
    target: Target,
    today: dt.date,
    *,
    notes: Sequence[ProgressNote],
    steps: Sequence[Milestone],
    decisions: Iterable[ReviewLine],
    versions: Sequence[Any],
) -> Story:
    """The story of `target`. `versions` are rows of its history, oldest first.

    Changes count from the approval of its plan on: what was written before is the writing of it.
    """
    start = target.starts_on or target.plan.starts_on
    begun = Event(start, Kind.START, "Start") if start <= today else None
    events = [
        *([begun] if begun else []),
        *(noted(one) for one in reversed(notes)),
        *(Event(one.done_on, Kind.STEP, one.text) for one in steps if one.done_on),
        *(decided(one) for one in decisions),
        *changes(target, versions),
    ]
    marks = [
        Mark(start, Sign.START, "Start"),
        *(Mark(one.on, SIGNS[one.kind]) for one in events if one.kind in SIGNS),
        *(step_mark(one) for one in steps if one.done_on or one.due_on),
    ]
    if target.due_on:
        marks.append(Mark(target.due_on, Sign.DUE, "Due"))
    now = now_mark(target, today)
    days = [mark.on for mark in marks]
    first, last = min([target.plan.starts_on, *days]), max([target.plan.ends_on, *days])
    return Story(
        first,
        last,
        now,
        tuple(sorted(marks, key=lambda mark: mark.on)),
        tuple(sorted(events, key=lambda event: event.on)[::-1]),
        summary(target, today, first, last, notes, steps),
    )


SIGNS = {Kind.NOTE: Sign.NOTE, Kind.CHANGE: Sign.CHANGE, Kind.REVIEW: Sign.REVIEW}


def noted(note: ProgressNote) -> Event:
    return Event(note.noted_on, Kind.NOTE, "Note", note.text, str(note.written_by), note)


def decided(line: ReviewLine) -> Event:
    what = f"{line.review.name}: {line.get_decision_display() or 'talked about'}"
    return Event(line.review.held_on, Kind.REVIEW, what, line.said)


def step_mark(step: Milestone) -> Mark:
    if step.done_on:
        return Mark(step.done_on, Sign.STEP_DONE, step.text)
    return Mark(step.due_on or dt.date.min, Sign.STEP_TO_COME, step.text)


def now_mark(target: Target, today: dt.date) -> Mark | None:
    """The cap: today while the target is open, else the day it ended; none on a closed plan."""
    if not target.is_open and target.ended_on:
        return Mark(target.ended_on, Sign.NOW, target.get_status_display())
    return None if target.plan.is_closed else Mark(today, Sign.NOW, "Today")


def changes(target: Target, versions: Sequence[Any]) -> list[Event]:
    """What changed since the approval, a line for each person and day."""
    since = target.plan.approved_at
    if since is None:
        return []
    ends: list[Event] = []
    fields: dict[tuple[dt.date, str], dict[str, None]] = {}
    for before, after in pairwise(versions):
        if after.pgh_created_at < since:
            continue
        day, who = timezone.localdate(after.pgh_created_at), str(after.changed_by)
        if before.status != after.status:
            on = after.ended_on or day
            said = after.ended_reason if after.ended_on else ""
            ends.append(Event(on, Kind.ENDED, ENDED[after.status], said, who))
        for name in changed(before, after):
            fields.setdefault((day, who), {})[name] = None
    made = [
        Event(day, Kind.CHANGE, f"Changed: {', '.join(names)}", who=who)
        for (day, who), names in fields.items()
    ]
    return ends + made


def changed(before: Any, after: Any) -> list[str]:
    """What the pages call the fields that differ between two versions of a target."""
    fields = [*wording.FIELDS, "heard", "owner_id", "extra"]
    return [
        wording.LABELS[name.removesuffix("_id")]
        for name in fields
        if getattr(before, name) != getattr(after, name)
    ]


def summary(
    target: Target,
    today: dt.date,
    first: dt.date,
    last: dt.date,
    notes: Sequence[ProgressNote],
    steps: Sequence[Milestone],
) -> str:
    """The drawing in a sentence or two, for who does not see it."""
    said = [f"From {date_format(first, 'F Y')} to {date_format(last, 'F Y')}."]
    if not target.is_open and target.ended_on:
        said.append(f"{target.get_status_display()} on {in_words(target.ended_on)}.")
    else:
        said.append(f"Today is {in_words(today)}.")
    if steps:
        done = sum(one.done_on is not None for one in steps)
        said.append(f"{done} of {len(steps)} milestones done.")
    said.append(f"{len(notes)} note{'' if len(notes) == 1 else 's'}.")
    if target.due_on:
        said.append(f"Due on {in_words(target.due_on)}.")
    return " ".join([*said, "All of it stands in words below."])


def in_words(day: dt.date) -> str:
    return date_format(day, "j F Y")
