"""How a target stands on a day: pure figures from its dates and notes. No query, no request.

Read targets with `Target.objects.with_parts()` first: notes come newest first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone

from actionplans.models import STALLED_AFTER, ProgressNote, Rag, Target, TargetStatus


class Standing(StrEnum):
    """How a target stands, in the word that is shown."""

    DONE = "Done"
    DROPPED = "Dropped"
    NOT_ACTING = "Not acting"
    LATE = "Late"
    STALLED = "No note for a term"
    OFF_COURSE = "Off course"
    AT_RISK = "At risk"
    ON_COURSE = "On course"
    NOT_BEGUN = "Not begun"


RAGS = {
    Rag.ON_COURSE: Standing.ON_COURSE,
    Rag.AT_RISK: Standing.AT_RISK,
    Rag.OFF_COURSE: Standing.OFF_COURSE,
}
# The look of the tag: full ink, red, outlined, or dashed.
LOOKS = {
    Standing.DONE: "full",
    Standing.ON_COURSE: "full",
    Standing.LATE: "bad",
    Standing.OFF_COURSE: "bad",
    Standing.NOT_BEGUN: "plain",
    Standing.NOT_ACTING: "plain",
    Standing.DROPPED: "plain",
}


@dataclass(frozen=True)
class Progress:
    """Where a target is on its way, in per cent of it, and in words."""

    standing: Standing
    share: int | None  # of the way from start to aim; None: nothing measures it
    words: str  # “60 of 80 tutors”, “40%”, or nothing
    days_late: int = 0

    @property
    def look(self) -> str:
        return LOOKS.get(self.standing, "")


def progress(target: Target, today: dt.date, notes: list[ProgressNote]) -> Progress:
    """How `target` stands on `today`. `notes` are its own, newest first.

    In a closed plan it stands as it did on the day the plan was closed.
    """
    today = last_day(target, today)
    share, words = how_far(target, notes)
    late = max((today - target.due_on).days, 0) if target.due_on and target.is_open else 0
    return Progress(standing(target, today, notes), share, words, late)


def standing(target: Target, today: dt.date, notes: list[ProgressNote]) -> Standing:
    """The one word for it: ended before late, late before stalled, stalled before the RAG."""
    if not target.acts:
        return Standing.NOT_ACTING
    if target.status != TargetStatus.OPEN:
        return Standing.DONE if target.status == TargetStatus.DONE else Standing.DROPPED
    if target.due_on and target.due_on < last_day(target, today):
        return Standing.LATE
    if is_quiet(target, today, notes):
        return Standing.STALLED
    rag = next((note.rag for note in notes if note.rag), "")
    if rag:
        return RAGS[Rag(rag)]
    return Standing.ON_COURSE if notes else Standing.NOT_BEGUN


def is_quiet(target: Target, today: dt.date, notes: list[ProgressNote]) -> bool:
    """Whether it has begun, and no note was written on it for about a term.

    Before the plan is approved nobody can write one, so that time does not count.
    """
    approved_on = target.plan.approved_on
    if approved_on is None:
        return False
    since = max(target.starts_on or target.plan.starts_on, approved_on)
    if notes:
        since = notes[0].noted_on
    return last_day(target, today) - since >= STALLED_AFTER


def last_day(target: Target, today: dt.date) -> dt.date:
    """The day that counts: today, or the day its plan was closed."""
    closed_at = target.plan.closed_at
    return min(today, timezone.localdate(closed_at)) if closed_at else today


def how_far(target: Target, notes: list[ProgressNote]) -> tuple[int | None, str]:
    """Per cent of the way, by the measure's own number where there is one, and in words."""
    if target.status == TargetStatus.DONE:
        return 100, "done"
    value = next((note.value for note in notes if note.value is not None), None)
    if value is not None and target.aim_value is not None:
        unit = f" {target.unit}" if target.unit else ""
        words = f"{number(value)} of {number(target.aim_value)}{unit}"
        return way(target.start_value or Decimal(0), value, target.aim_value), words
    percent = next((note.percent for note in notes if note.percent is not None), None)
    return percent, "" if percent is None else f"{percent}% of the way"


def way(start: Decimal, now: Decimal, aim: Decimal) -> int:
    """Per cent of the way from `start` to `aim`, whichever is larger; 0 to 100."""
    if start == aim:
        return 100 if now == aim else 0
    return min(max(int(100 * (now - start) / (aim - start)), 0), 100)


def number(value: Decimal) -> str:
    """Without zeros that say nothing: 12, 12.5."""
    return f"{value.normalize():f}"
