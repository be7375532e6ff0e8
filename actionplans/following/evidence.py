"""Files behind a note: which are taken, how they are kept, and who may let go of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from actionplans import states
from actionplans.following import file_kinds
from actionplans.following.file_kinds import NotTakenError
from actionplans.models import ActionPlan, Evidence, ProgressNote, Scan
from actionplans.states import Deed
from portal import access
from portal.access import Permission
from portal.actions import record
from portal.models import User, Verb

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5  # behind one note
SCAN = "actionplans.scan_evidence"  # the worker's task, by name: see scanning.py


class TooManyFilesError(Exception):
    """A note has no room for so many; the text is fit to show."""


@dataclass(frozen=True)
class Taken:
    """A file that may be kept: its name made safe, and what it is by its content."""

    file_name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise NotTakenError(f"It is larger than {MOST_BYTES // 2**20} MB.")


def take(name: str, content: bytes) -> Taken:
    """What would be kept of a file, or NotTakenError with the reason."""
    check_size(len(content))
    kind = file_kinds.kind_of(name, content)
    return Taken(file_kinds.safe_name(name, kind), kind.media_type, content)


def put(note: ProgressNote, files: Iterable[Taken], by: User) -> None:
    """Keep files behind a note whose plan is locked. The same file twice is kept once."""
    there = set(note.files.values_list("sha256", flat=True))
    new: dict[str, Taken] = {}
    for one in files:
        if one.sha256 not in there:
            new.setdefault(one.sha256, one)
    if len(there) + len(new) > MOST_FILES:
        raise TooManyFilesError(
            f"A note keeps {MOST_FILES} files at most; with these it would have "
            f"{len(there) + len(new)}. Nothing is saved yet."
        )
    scan = Scan.WAITING if settings.SCAN_COMMAND else Scan.NOT_SCANNED
    for sha256, one in new.items():
        row = Evidence.objects.create(
            note=note,
            file_name=one.file_name,
            media_type=one.media_type,
            size=len(one.content),
            sha256=sha256,
            content=one.content,
            scan=scan,
            added_by=by,
        )
        if scan == Scan.WAITING:
            app.configure_task(SCAN).defer(evidence_id=row.pk)


def may_remove(user: User, file: Evidence) -> bool:
    """One's own, or any for who leads; what the state of the plan says comes on top."""
    leads = access.can(user, Permission.PLAN_LEAD, file.note.target.plan.service)
    return leads or file.added_by_id == user.pk


@transaction.atomic
def remove(*, file: Evidence, by: User) -> None:
    """Let go of a file for good, if its plan takes notes by now."""
    target = file.note.target
    plan = ActionPlan.objects.locked().get(pk=target.plan_id)
    states.check(plan, Deed.NOTE)
    deleted, _ = Evidence.objects.filter(pk=file.pk).delete()
    if deleted:
        subject = f"the file {file.file_name} of {target}"
        record(by=by, verb=Verb.REMOVED, subject=subject, service=plan.service)
