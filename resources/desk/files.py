"""Files of a resource: taken by their content, replaced at their address, let go of."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from actionplans.following import file_kinds
from actionplans.following.evidence import Taken
from actionplans.following.file_kinds import PDF, NotTakenError
from actionplans.models import Scan
from portal.actions import record
from portal.models import User, Verb
from resources.desk import states
from resources.desk.states import Deed, ResourceStateError
from resources.desk.writing import held, name_of, wrote
from resources.models import Resource, ResourceFile

MOST_BYTES = 25 * 1024 * 1024
MOST_FILES = 12  # of one resource
# The worker's tasks, by name: see tasks.py
SCAN = "resources.scan_file"
COUNT_PAGES = "resources.count_pages"


class TooManyFilesError(ResourceStateError):
    """A resource has no room for so many; the text is fit to show."""


class SameFileError(ResourceStateError):
    """The very same file is there already."""


def take(name: str, content: bytes) -> Taken:
    """What would be kept of a file, or NotTakenError with the reason."""
    check_size(len(content))
    kind = file_kinds.kind_of(name, content)
    return Taken(file_kinds.safe_name(name, kind), kind.media_type, content)


def check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise NotTakenError(f"It is larger than {MOST_BYTES // 2**20} MB.")


@transaction.atomic
def add(*, resource: Resource, files: Iterable[Taken], by: User) -> int:
    """Keep files; how many were new. The same file twice is kept once."""
    resource = held(resource.pk)
    states.check(resource, Deed.EDIT)
    there = set(resource.files.values_list("sha256", flat=True))
    new: dict[str, Taken] = {}
    for one in files:
        if one.sha256 not in there:
            new.setdefault(one.sha256, one)
    if len(there) + len(new) > MOST_FILES:
        raise TooManyFilesError(
            f"A resource has {MOST_FILES} files at most; with these it would have "
            f"{len(there) + len(new)}. Nothing is saved yet."
        )
    for one in new.values():
        keep(ResourceFile(resource=resource), one, by)
    if new:
        names = ", ".join(one.file_name for one in new.values())
        wrote(resource, by, beside=f"Files: {names} added.")
        record(by=by, verb=Verb.ADDED, subject=f"{names} to {name_of(resource)}")
    return len(new)


@transaction.atomic
def replace(*, file: ResourceFile, new: Taken, by: User) -> None:
    """Another file in the place of one: its address stays, so that links to it go on."""
    resource = held(file.resource_id)
    states.check(resource, Deed.EDIT)
    if resource.files.filter(sha256=new.sha256).exists():
        raise SameFileError("This very file is there already. Nothing is changed.")
    was = file.file_name
    keep(file, new, by)
    wrote(resource, by, beside=f"Files: {file.file_name} in the place of {was}.")
    record(by=by, verb=Verb.CHANGED, subject=f"the file {was} of {name_of(resource)}")


@transaction.atomic
def remove(*, file: ResourceFile, by: User) -> None:
    """Let go of a file for good."""
    resource = held(file.resource_id)
    states.check(resource, Deed.EDIT)
    deleted, _ = resource.files.filter(pk=file.pk).delete()
    if deleted:
        wrote(resource, by, beside=f"Files: {file} removed.")
        record(by=by, verb=Verb.REMOVED, subject=f"the file {file} of {name_of(resource)}")


def keep(row: ResourceFile, one: Taken, by: User) -> None:
    row.file_name, row.media_type = one.file_name, one.media_type
    row.size, row.sha256, row.content = len(one.content), one.sha256, one.content
    row.pages, row.added_at, row.added_by = None, timezone.now(), by
    row.scan = Scan.WAITING if settings.SCAN_COMMAND else Scan.NOT_SCANNED
    row.save()
    if row.scan == Scan.WAITING:
        app.configure_task(SCAN).defer(file_id=row.pk)
    if row.media_type == PDF.media_type:
        app.configure_task(COUNT_PAGES).defer(file_id=row.pk)
