"""What the team may do to a resource in each of its states: one table, asked two ways.

`may(...)` is for a button, `check(...)` for the deed behind it, so that the two always agree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import date_format

from portal.access import ProgrammeRole
from portal.models import User
from resources.models import Resource, ResourceState


class Deed(StrEnum):
    """What somebody does to a resource, in words that finish “It is …: nobody can …”."""

    EDIT = "change it"
    SUBMIT = "hand it to a second pair of eyes"
    PUBLISH = "publish it"
    MOVE_DAY = "change its day"
    TAKE_BACK = "take it back"
    ARCHIVE = "archive it"
    BRING_BACK = "bring it back"


D, S = Deed, ResourceState
ALLOWED: dict[str, frozenset[Deed]] = {
    S.DRAFT: frozenset({D.EDIT, D.SUBMIT, D.ARCHIVE}),
    S.REVIEW: frozenset({D.EDIT, D.PUBLISH, D.TAKE_BACK, D.ARCHIVE}),
    S.PUBLISHED: frozenset({D.EDIT, D.MOVE_DAY, D.TAKE_BACK, D.ARCHIVE}),
    S.ARCHIVED: frozenset({D.BRING_BACK}),
}
IN_A_SENTENCE = {
    S.DRAFT: "a draft",
    S.REVIEW: "with a second pair of eyes",
    S.PUBLISHED: "published",
    S.ARCHIVED: "archived",
}


class ResourceStateError(Exception):
    """The resource's state does not allow this now; the text is fit to show."""


class SecondPairError(ResourceStateError):
    """Whoever wrote last is not the one who publishes."""

    def __init__(self) -> None:
        super().__init__(
            "You were the last to change it, so somebody else of the team reads and publishes it."
        )


def allows(resource: Resource, deed: Deed) -> bool:
    return deed in ALLOWED[resource.state]


def check(resource: Resource, deed: Deed) -> None:
    """Raise ResourceStateError where the state of the resource does not allow this."""
    if not allows(resource, deed):
        state = IN_A_SENTENCE[ResourceState(resource.state)]
        raise ResourceStateError(f"It is {state}: nobody can {deed} now.")


def wrote_last(user: User, resource: Resource) -> bool:
    return resource.written_by_id == user.pk


def is_alone(user: User) -> bool:
    """Whether nobody else of the programme team could be the second pair of eyes."""
    team = User.objects.filter(programme_role=ProgrammeRole.TEAM, is_active=True)
    return not team.exclude(pk=user.pk).exists()


def check_second_pair(user: User, resource: Resource) -> None:
    if wrote_last(user, resource) and not is_alone(user):
        raise SecondPairError


def may(user: User, resource: Resource, deed: Deed) -> bool:
    """Whether this member of the team may do this now."""
    if not allows(resource, deed):
        return False
    return deed != Deed.PUBLISH or not wrote_last(user, resource) or is_alone(user)


def was_published(resource: Resource) -> bool:
    """Whether readers may know its address, and keep it."""
    return resource.approved_at is not None or resource.state == ResourceState.PUBLISHED


def is_scheduled(resource: Resource, today: dt.date) -> bool:
    published = resource.state == ResourceState.PUBLISHED
    return published and resource.published_on is not None and resource.published_on > today


def has_ended(resource: Resource, today: dt.date) -> bool:
    published = resource.state == ResourceState.PUBLISHED
    return published and resource.expires_on is not None and resource.expires_on < today


def in_words(resource: Resource, today: dt.date) -> str:
    """Where it stands, as a label: “Draft”, “From 3 March”, “Ended”."""
    if resource.published_on and is_scheduled(resource, today):
        return f"From {date_format(resource.published_on, 'j F Y')}"
    if has_ended(resource, today):
        return "Ended"
    return str(resource.get_state_display())


@dataclass(frozen=True)
class Stop:
    """One stop on the way to its readers: “done”, “here” or “later”."""

    label: str
    state: str
    note: str = ""


def stops(resource: Resource, today: dt.date) -> list[Stop]:
    """The way of a resource; none once it is archived."""
    way = [ResourceState.DRAFT, ResourceState.REVIEW, ResourceState.PUBLISHED]
    if resource.state not in way:
        return []
    here = way.index(ResourceState(resource.state))
    out = resource.state == ResourceState.PUBLISHED and not is_scheduled(resource, today)
    names = [
        "Draft",
        "A second pair of eyes",
        "Ended" if has_ended(resource, today) else "Published",
    ]
    notes = ["", "", "" if out else in_words(resource, today)] if here == len(way) - 1 else [""] * 3
    return [
        Stop(name, "done" if number < here else "here" if number == here else "later", note)
        for number, (name, note) in enumerate(zip(names, notes, strict=True))
    ]
