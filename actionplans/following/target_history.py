"""Who changed what of a target, when: for its leads, from what the triggers wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from actionplans import wording
from actionplans.following.notes import SAID
from actionplans.models import Evidence, Heard, Rag, Target, TargetStatus
from portal.models import User
from selfassessment.changes import words
from selfassessment.differences import Piece
from selfassessment.models import PlanArea

# Made by pghistory from our models, with their fields; so there is no class to import.
TARGETS: Any = apps.get_model("actionplans", "TargetEvent")
STEPS: Any = apps.get_model("actionplans", "MilestoneEvent")
NOTES: Any = apps.get_model("actionplans", "ProgressNoteEvent")

PAGE = 40  # lines
OF_TARGET = (*wording.FIELDS, "heard", "owner", "extra", "status", "ended_on", "ended_reason")
OF_STEP = ("text", "due_on", "done_on")
LABELS = {
    **wording.LABELS,
    "noted_on": "date",
    "text": "what it says",
    "rag": "how it goes",
    "percent": "how far, in per cent",
    "value": "the number now",
    "evidence": "evidence",
    "evidence_url": "link to evidence",
    "done_on": "done on",
}
LABELS_OF_NOTE = {**LABELS, "young_people": "what changed for young people"}
CHOICES = {
    "area": dict(PlanArea.choices),
    "status": dict(TargetStatus.choices),
    "rag": dict(Rag.choices),
}


@dataclass(frozen=True)
class Change:
    """What became of one field."""

    label: str
    words: tuple[Piece, ...]


@dataclass(frozen=True)
class Line:
    """What somebody did at one moment."""

    at: dt.datetime
    who: str
    what: str
    changes: tuple[Change, ...] = ()


def read(target: Target) -> list[Line]:
    """Everything there is of `target`, the newest first, in five queries."""
    versions = list(whole(TARGETS.objects.filter(pgh_obj=target.pk), "changed_by", "owner"))
    steps = whole(STEPS.objects.filter(target=target.pk), "ticked_by")
    said = whole(NOTES.objects.filter(target=target.pk), "written_by", "changed_by")
    files = Evidence.objects.light().filter(note__target=target).select_related("added_by")
    # A trigger tells the moment its transaction began, so what was saved together shares it.
    editors = {one.pgh_created_at: one.changed_by for one in versions}
    lines = [
        *told(versions, target_line),
        *told(steps, lambda now, before: step_line(now, before, editors)),
        *told(said, note_line),
        *(Line(one.added_at, str(one.added_by), f"added the file “{one}”") for one in files),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def whole(events: QuerySet[Any], *people: str) -> QuerySet[Any]:
    return events.select_related(*people).order_by("pgh_id")


def told(events: Iterable[Any], line: Callable[[Any, Any], Line | None]) -> list[Line]:
    """A line for each event that says something, beside the one before it of the same row."""
    made = []
    before: dict[int, Any] = {}
    for event in events:
        one = line(event, before.get(event.pgh_obj_id))
        before[event.pgh_obj_id] = event
        if one:
            made.append(one)
    return made


def target_line(now: Any, before: Any) -> Line | None:
    who = str(now.changed_by)
    if before is None:
        return Line(now.pgh_created_at, who, "wrote the target", changes(OF_TARGET, now, None))
    changed = changes(OF_TARGET, now, before)
    if changed:
        return Line(now.pgh_created_at, who, "changed the target", changed)
    if now.version == before.version:
        return None  # its wording was set down at the approval of the plan, or taken back
    return Line(
        now.pgh_created_at, who, "changed the milestones, statements or topics of the target"
    )


def step_line(now: Any, before: Any, editors: dict[dt.datetime, User]) -> Line | None:
    ticked = before is not None and now.done_on != before.done_on
    who = now.ticked_by if ticked and now.ticked_by else editors.get(now.pgh_created_at)
    name = str(who or "")
    if before is None:
        return Line(now.pgh_created_at, name, f"added the milestone “{now.text}”")
    if ticked:
        state = "is done" if now.done_on else "is not done"
        return Line(now.pgh_created_at, name, f"said that the milestone “{now.text}” {state}")
    changed = changes(OF_STEP, now, before)
    return (
        Line(now.pgh_created_at, name, f"changed the milestone “{now.text}”", changed)
        if changed
        else None
    )


def note_line(now: Any, before: Any) -> Line | None:
    if before is None:
        said = changes(SAID, now, None, LABELS_OF_NOTE)
        return Line(now.pgh_created_at, str(now.written_by), "wrote a note", said)
    who = str(now.changed_by or now.written_by)
    day = wording.in_words(now.noted_on)
    changed = changes(SAID, now, before, LABELS_OF_NOTE)
    return Line(now.pgh_created_at, who, f"changed the note of {day}", changed) if changed else None


def changes(
    fields: Iterable[str], now: Any, before: Any, labels: Mapping[str, str] = LABELS
) -> tuple[Change, ...]:
    """The fields that differ, or that say something where there was nothing before."""
    found = []
    for name in fields:
        said = in_words(name, getattr(now, name))
        was = None if before is None else in_words(name, getattr(before, name))
        if said != (was or ""):
            is_text = isinstance(getattr(now, name), str) and name not in CHOICES
            found.append(
                Change(
                    capital(labels[name]), words(was, said) if is_text else whole_words(was, said)
                )
            )
    return tuple(found)


def whole_words(was: str | None, now: str) -> tuple[Piece, ...]:
    """A day, a number, a person or a choice: as a whole it went, as a whole it came."""
    if not was:
        return (Piece(now, "" if was is None else "ins"),)
    return (Piece(was, "del"), Piece(" "), Piece(now, "ins")) if now else (Piece(was, "del"),)


def capital(name: str) -> str:
    return name[0].upper() + name[1:]


def in_words(name: str, value: Any) -> str:
    if name == "heard":
        return ", ".join(str(Heard(one).label) for one in sorted(value))
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    return wording.in_words(value)
