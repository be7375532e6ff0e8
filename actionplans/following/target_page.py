"""All that the page of one target says, read before its template starts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from actionplans import states, wording
from actionplans.following import evidence, moved, notes, story
from actionplans.following.moved import Levels, StatementLine
from actionplans.following.story import Event, Story
from actionplans.keeping import snoozes
from actionplans.models import (
    Evidence,
    Heard,
    Milestone,
    ProgressNote,
    ReviewLine,
    Snooze,
    Target,
)
from actionplans.planning import targets
from actionplans.progress import Progress, number, progress
from actionplans.states import Deed
from actionplans.wording import Change
from portal import access
from portal.access import Permission
from portal.models import User

# Made by pghistory from our model, with its fields; so there is no class to import.
VERSIONS: Any = apps.get_model("actionplans", "TargetEvent")


@dataclass(frozen=True)
class File:
    """A file behind a note, and whether whoever looks may remove it."""

    row: Evidence
    may_remove: bool


@dataclass(frozen=True)
class Line:
    """A line of the story; a note with its figure and its files."""

    event: Event
    figure: str = ""
    files: tuple[File, ...] = ()
    may_change: bool = False


@dataclass(frozen=True)
class May:
    """What whoever looks may do to it now."""

    note: bool
    write: bool
    remove: bool
    history: bool
    level: bool
    quiet: bool


@dataclass(frozen=True)
class TargetPage:
    target: Target
    progress: Progress
    story: Story
    lines: tuple[Line, ...]
    steps: tuple[Milestone, ...]
    statements: tuple[StatementLine, ...]
    changes: tuple[Change, ...]
    heard: tuple[str, ...]
    levels: Levels
    may: May
    quiet: Snooze | None

    @property
    def added_later(self) -> bool:
        """Whether the board approved the plan without it."""
        return self.target.plan.is_approved and self.target.approved_wording is None

    @property
    def starts_at(self) -> str:
        return figure(self.target, self.target.start_value)

    @property
    def aims_at(self) -> str:
        return figure(self.target, self.target.aim_value)

    @property
    def aim_level(self) -> str:
        return self.levels.names.get(self.target.aim_level, "")


def figure(target: Target, value: Any) -> str:
    """A number of the measure with what is counted: “60 tutors”."""
    return "" if value is None else f"{number(value)} {target.unit}".strip()


def read(target: Target, user: User, today: dt.date) -> TargetPage:
    """The page of `target` for `user`: the same number of queries whatever happened to it."""
    prefetch_related_objects([target], "statements__section", "topics")
    notes_there = notes_of(target)
    steps = tuple(target.milestones.select_related("ticked_by"))
    told = story.tell(
        target,
        today,
        notes=notes_there,
        steps=steps,
        decisions=decisions_on(target),
        versions=versions_of(target),
    )
    levels = moved.read_levels(target.plan)
    allowed = may(target, user)
    return TargetPage(
        target=target,
        progress=progress(target, today, notes_there),
        story=told,
        lines=tuple(line(event, target, user) for event in told.events),
        steps=steps,
        statements=tuple(
            levels.line(levels.of(one), target.aim_level) for one in target.statements.all()
        ),
        changes=tuple(wording.changes(target)),
        heard=tuple(str(Heard(one).label) for one in target.heard),
        levels=levels,
        may=allowed,
        quiet=snoozes.current(target, user, today) if allowed.quiet else None,
    )


def may(target: Target, user: User) -> May:
    plan = target.plan
    writes = states.may(user, plan, Deed.WRITE)
    return May(
        note=states.may(user, plan, Deed.NOTE),
        write=writes,
        remove=writes and targets.is_removable(target),
        history=access.can(user, Permission.HISTORY_VIEW, plan.service),
        level=access.can(user, Permission.RESULTS_VIEW, plan.service),
        quiet=snoozes.is_offered(user, target),
    )


def notes_of(target: Target) -> list[ProgressNote]:
    """Newest first, each with who wrote it and its files, but not what is in them."""
    files = Prefetch("files", Evidence.objects.light())
    found = target.notes.select_related("written_by", "changed_by").prefetch_related(files)
    return list(found.order_by("-noted_on", "-pk"))


def decisions_on(target: Target) -> QuerySet[ReviewLine]:
    """What finished reviews decided of it."""
    lines = target.review_lines.filter(review__finished_at__isnull=False)
    return lines.exclude(decision="", said="").select_related("review")


def versions_of(target: Target) -> list[Any]:
    """Every version of its row, oldest first, as the triggers wrote them."""
    rows = VERSIONS.objects.filter(pgh_obj=target.pk).select_related("changed_by")
    return list(rows.order_by("pgh_id"))


def line(event: Event, target: Target, user: User) -> Line:
    note = event.note
    if note is None:
        return Line(event)
    note.target = target  # the same row, read already
    may_note = states.may(user, target.plan, Deed.NOTE)
    files = []
    for row in note.files.all():
        row.note = note
        files.append(File(row, may_note and evidence.may_remove(user, row)))
    said = figure(target, note.value)
    if not said and note.percent is not None:
        said = f"{note.percent}% of the way"
    return Line(event, said, tuple(files), may_note and notes.may_change(user, note))
