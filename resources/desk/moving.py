"""The way of a resource to its readers: draft, a second pair of eyes, published, archived."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from resources.desk import states
from resources.desk.states import Deed, ResourceStateError
from resources.desk.writing import held, name_of
from resources.models import Resource, ResourceState


class NothingToReadError(ResourceStateError):
    """A reader would find a title and nothing behind it."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to read yet. Write a text, or add a link, a film or a file."
        )


class ReadBeforeError(ResourceStateError):
    """Somebody changed the resource after this person read it."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(
            f"{resource.written_by or 'Somebody'} changed it after you opened it. "
            "Read it once more, then publish."
        )


def is_empty(resource: Resource) -> bool:
    """Whether a reader would find nothing behind the title and summary."""
    said = resource.body.strip() or resource.link or resource.video
    return not said and not resource.files.exists()


@transaction.atomic
def submit(*, resource: Resource, note: str, by: User) -> None:
    """Hand a draft to a second pair of eyes, with a word on what to look at."""
    resource = held(resource.pk)
    states.check(resource, Deed.SUBMIT)
    if is_empty(resource):
        raise NothingToReadError
    move(resource, ResourceState.REVIEW, note, by)
    record(by=by, verb=Verb.PROPOSED, subject=name_of(resource))


@transaction.atomic
def publish(*, resource: Resource, on: dt.date, version: int, by: User) -> Resource:
    """Let readers see it from a day on: by somebody else than who wrote last, as they read it."""
    resource = held(resource.pk)
    states.check(resource, Deed.PUBLISH)
    states.check_second_pair(by, resource)
    if resource.version != version:
        raise ReadBeforeError(resource)
    if is_empty(resource):
        raise NothingToReadError
    check_day(resource, on)
    resource.published_on = on
    resource.approved_at, resource.approved_by = timezone.now(), by
    move(resource, ResourceState.PUBLISHED, "", by, "published_on", "approved_at", "approved_by")
    record(by=by, verb=Verb.PUBLISHED, subject=name_of(resource))
    return resource


@transaction.atomic
def move_day(*, resource: Resource, on: dt.date, by: User) -> Resource:
    """Another first day for what is published or will be."""
    resource = held(resource.pk)
    states.check(resource, Deed.MOVE_DAY)
    check_day(resource, on)
    if resource.published_on != on:
        resource.published_on = on
        move(resource, ResourceState.PUBLISHED, resource.note, by, "published_on")
        record(by=by, verb=Verb.CHANGED, subject=name_of(resource))
    return resource


def check_day(resource: Resource, on: dt.date) -> None:
    if resource.expires_on and resource.expires_on < on:
        raise ResourceStateError("It ends before that day. Choose an earlier day, or a later end.")


@transaction.atomic
def take_back(*, resource: Resource, reason: str, by: User) -> None:
    """Make it a draft again; readers do not see it until it is published anew."""
    resource = held(resource.pk)
    states.check(resource, Deed.TAKE_BACK)
    move(resource, ResourceState.DRAFT, reason, by)
    record(by=by, verb=Verb.TOOK_BACK, subject=name_of(resource))


@transaction.atomic
def archive(*, resource: Resource, reason: str, by: User) -> None:
    """Take it off the shelves for good, and keep it."""
    resource = held(resource.pk)
    states.check(resource, Deed.ARCHIVE)
    move(resource, ResourceState.ARCHIVED, reason, by)
    record(by=by, verb=Verb.ARCHIVED, subject=name_of(resource))


@transaction.atomic
def bring_back(*, resource: Resource, by: User) -> None:
    """Out of the archive, as a draft: somebody reads it again before readers do."""
    resource = held(resource.pk)
    states.check(resource, Deed.BRING_BACK)
    move(resource, ResourceState.DRAFT, "", by)
    record(by=by, verb=Verb.REOPENED, subject=name_of(resource))


def move(resource: Resource, state: ResourceState, note: str, by: User, *also: str) -> None:
    resource.state, resource.note = state, note
    resource.moved_at, resource.moved_by = timezone.now(), by
    resource.save(update_fields=["state", "note", "moved_at", "moved_by", *also])
