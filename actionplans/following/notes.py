"""Progress notes and milestones: what happened to a target, written down as it happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from actionplans import states
from actionplans.following import evidence
from actionplans.following.evidence import Taken
from actionplans.models import ActionPlan, Milestone, ProgressNote, Target
from actionplans.states import Deed
from portal import access
from portal.access import Permission
from portal.actions import record
from portal.models import User, Verb

SAID = (
    *("noted_on", "text", "rag", "percent", "value", "young_people"),
    *("evidence", "evidence_url"),
)
AGAIN = dt.timedelta(minutes=2)  # the same words within this are one button pressed twice


class GoneError(Exception):
    """What this was about is not there any more; the text is fit to show."""


@dataclass(frozen=True)
class Clash:
    """Somebody changed the note since the page was read. Nothing was written."""

    theirs: ProgressNote


def may_change(user: User, note: ProgressNote) -> bool:
    """One's own, or any for who leads; what the state of the plan says comes on top."""
    service = note.target.plan.service
    leads = access.can(user, Permission.PLAN_LEAD, service)
    return leads or (
        note.written_by_id == user.pk and access.can(user, Permission.PLAN_NOTE, service)
    )


def last_of(target: Target) -> ProgressNote | None:
    """The newest note, with who wrote it."""
    return target.notes.select_related("written_by").order_by("-noted_on", "-pk").first()


def lock(target: Target) -> ActionPlan:
    """The plan of a target, held still, if it takes notes by now."""
    plan = ActionPlan.objects.locked().get(pk=target.plan_id)
    states.check(plan, Deed.NOTE)
    if not Target.objects.filter(pk=target.pk).exists():
        raise GoneError("This target was removed meanwhile.")
    return plan


@transaction.atomic
def add(
    *, note: ProgressNote, target: Target, by: User, files: Iterable[Taken] = ()
) -> ProgressNote:
    """Save a new note with its files. The same words twice in a row are one note."""
    plan = lock(target)
    same = {field: getattr(note, field) for field in SAID}
    just_now = {"written_by": by, "written_at__gt": timezone.now() - AGAIN}
    twin = ProgressNote.objects.filter(target=target, **just_now, **same).first()
    if twin is None:
        note.target, note.written_by = target, by
        note.save()
        record(by=by, verb=Verb.NOTED, subject=target, service=plan.service)
    evidence.put(twin or note, files, by)
    return twin or note


@transaction.atomic
def change(
    *, note: ProgressNote, version: int, by: User, files: Iterable[Taken] = ()
) -> Clash | None:
    """Save what `note` says by now, if nobody changed it since `version`; and its new files."""
    plan = lock(note.target)
    there = ProgressNote.objects.filter(pk=note.pk).first()
    if there is None:
        raise GoneError("This note was removed meanwhile.")
    changed = [one for one in SAID if getattr(there, one) != getattr(note, one)]
    if changed and there.version != version:
        return Clash(there)
    if changed:
        note.version = there.version + 1
        note.changed_at, note.changed_by = timezone.now(), by
        note.save(update_fields=[*SAID, "version", "changed_at", "changed_by"])
        subject = f"a note on {note.target}"
        record(by=by, verb=Verb.CHANGED, subject=subject, service=plan.service)
    evidence.put(note, files, by)
    return None


@transaction.atomic
def tick(*, milestone: Milestone, done: bool, by: User) -> bool:
    """Say that a step is done today, or that it is not done. Whether that changed anything."""
    target = milestone.target
    plan = lock(target)
    row = Milestone.objects.filter(pk=milestone.pk).first()
    if row is None:
        raise GoneError("This step was removed meanwhile.")
    if (row.done_on is not None) == done:
        return False
    row.done_on, row.ticked_by = (timezone.localdate() if done else None), by
    row.save(update_fields=["done_on", "ticked_by"])
    verb = Verb.DONE if done else Verb.REOPENED
    record(by=by, verb=verb, subject=f"the milestone “{row}” of {target}", service=plan.service)
    return True
