"""Who changed what of a resource, when: from what the triggers wrote."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.formats import date_format

from actionplans.models import Heard
from resources.models import Audience, Resource, ResourceKind, ResourceState, Visibility
from selfassessment.changes import words
from selfassessment.differences import Piece

# Made by pghistory from our model, with its fields; so there is no class to import.
VERSIONS: Any = apps.get_model("resources", "ResourceEvent")

LABELS = {
    "title": "Title",
    "slug": "Address",
    "summary": "Summary",
    "kind": "Kind",
    "body": "Text",
    "link": "Link",
    "video": "Film",
    "service": "Music service",
    "credit": "Credit",
    "licence": "Licence",
    "audience": "For whom",
    "heard": "HEARD principles",
    "visibility": "Who may read it",
    "first_year": "Year it first came out",
    "review_on": "Look at it again by",
    "expires_on": "Ends after",
}
CHOICES: dict[str, dict[str, str]] = {
    "kind": {str(key): str(label) for key, label in ResourceKind.choices},
    "visibility": {str(key): str(label) for key, label in Visibility.choices},
}
LISTS: dict[str, dict[str, str]] = {
    "audience": {str(key): str(label) for key, label in Audience.choices},
    "heard": {str(key): str(label) for key, label in Heard.choices},
}


@dataclass(frozen=True)
class Change:
    """What became of one field."""

    label: str
    words: tuple[Piece, ...]


@dataclass(frozen=True)
class Line:
    """What somebody did at one moment; `version` names the text as it was after it."""

    version: int
    at: dt.datetime
    who: str
    what: str
    note: str = ""
    beside: str = ""  # of topics, statements, files and pictures, in words
    changes: tuple[Change, ...] = ()
    differs: bool = False  # from the text as it is now, so that it can be taken up again


def read(resource: Resource) -> list[Line]:
    """Everything there is of it, the newest first, in one query."""
    people = ("written_by", "moved_by", "service")
    events = list(of(resource).select_related(*people).order_by("pgh_id"))
    befores = [None, *events]
    lines = [line(now, before) for now, before in zip(events, befores, strict=False)]
    now = text_of(events[-1]) if events else {}
    return [
        Line(
            version=event.pgh_id,
            at=event.pgh_created_at,
            who=who,
            what=what,
            note=note,
            beside=beside(event, before),
            changes=changed,
            differs=text_of(event) != now,
        )
        for event, before, (who, what, note, changed) in reversed(
            list(zip(events, befores, lines, strict=False))
        )
    ]


def of(resource: Resource) -> Any:
    return VERSIONS.objects.filter(pgh_obj=resource.pk)


def at(resource: Resource, version: int) -> dict[str, Any] | None:
    """The text as it was once, for a form to begin with."""
    event = of(resource).filter(pgh_id=version).first()
    return text_of(event) if event else None


def text_of(event: Any) -> dict[str, Any]:
    return {
        name: event.service_id if name == "service" else getattr(event, name) for name in LABELS
    }


def line(now: Any, before: Any) -> tuple[str, str, str, tuple[Change, ...]]:
    """Who did what, with which note, and what changed of the text."""
    if before is None:
        who = str(now.written_by or "It came with the portal")
        return who, "added it" if now.written_by else "", "", ()
    changed = changes(now, before)
    if now.moved_at != before.moved_at:
        return str(now.moved_by), moved(now, before), now.note, changed
    who = str(now.written_by or "The portal")
    told = changed or beside(now, before)
    return who, "changed" if told else "changed its files, topics or statements", "", changed


def beside(now: Any, before: Any) -> str:
    """What changed beside the row at this moment; it stays on the row until the next."""
    written = before is not None and now.version != before.version
    return str(now.beside) if written else ""


def moved(now: Any, before: Any) -> str:
    if now.state == ResourceState.REVIEW:
        return "handed it to a second pair of eyes"
    if now.state == ResourceState.PUBLISHED:
        day = date_format(now.published_on, "j F Y")
        if before.state == ResourceState.PUBLISHED:
            return f"changed its first day to {day}"
        alone = now.approved_by_id == now.written_by_id
        return f"published it from {day}{', with nobody else to read it' if alone else ''}"
    if now.state == ResourceState.ARCHIVED:
        return "archived it"
    archived = before.state == ResourceState.ARCHIVED
    return "brought it back as a draft" if archived else "made it a draft again"


def changes(now: Any, before: Any) -> tuple[Change, ...]:
    found = []
    for name, label in LABELS.items():
        said, was = in_words(name, now), in_words(name, before)
        if said != was:
            found.append(Change(label, words(was, said)))
    return tuple(found)


def in_words(name: str, event: Any) -> str:
    value = getattr(event, name)
    if name in LISTS:
        return ", ".join(label for key, label in LISTS[name].items() if key in value)
    if name in CHOICES:
        return CHOICES[name].get(value, str(value))
    if isinstance(value, dt.date):
        return date_format(value, "j F Y")
    return str(value or "")
