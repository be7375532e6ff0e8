"""Writing resources: adding one, and saving what was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from portal.actions import record
from portal.models import Topic, User, Verb
from resources import text
from resources.desk import states
from resources.desk.states import Deed
from resources.models import LinkCheck, Resource
from selfassessment.models import Statement

# Addresses under /library/ that are pages of their own
TAKEN_SLUGS = {
    *("desk", "add", "topic", "topics", "list", "lists", "my-list", "mine", "feed", "file"),
    *("files", "search", "kept", "statement", "statements"),
}
MOST_LINKS = 40  # of a text, that are looked after
LONGEST_BESIDE = 1000
LONGEST_SLUG = 80  # when it is made of a title


@dataclass(frozen=True)
class Content:
    """What was written: the fields of the row, and what stands beside it."""

    row: dict[str, Any]
    topics: list[Topic]
    statements: list[Statement]


def name_of(resource: Resource) -> str:
    """What the activity calls it."""
    return f"the resource “{resource}”"


def free_slug(title: str, *, but: int = 0) -> str:
    """An address made of a title, that no other resource has."""
    start = slugify(title)[:LONGEST_SLUG].strip("-") or "resource"
    known = Resource.objects.filter(slug__startswith=start).exclude(pk=but)
    taken = TAKEN_SLUGS | set(known.values_list("slug", flat=True))
    number, slug = 1, start
    while slug in taken:
        number += 1
        slug = f"{start}-{number}"
    return slug


@transaction.atomic
def add(*, content: Content, by: User) -> Resource:
    """A new draft."""
    resource = Resource.objects.create(**content.row, written_at=timezone.now(), written_by=by)
    resource.topics.set(content.topics)
    resource.statements.set(content.statements)
    record(by=by, verb=Verb.ADDED, subject=name_of(resource))
    return resource


def held(pk: int) -> Resource:
    """The resource as it is now, locked until the transaction ends."""
    rows = Resource.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("written_by", "service").get(pk=pk)


@transaction.atomic
def save(*, resource: Resource, content: Content, by: User) -> bool:
    """Save what was changed of a resource that is held; False where nothing was."""
    states.check(resource, Deed.EDIT)
    changed = [name for name, value in content.row.items() if getattr(resource, name) != value]
    beside = {
        name: rows
        for name, rows in (("topics", content.topics), ("statements", content.statements))
        if keys(rows) != set(getattr(resource, name).values_list("pk", flat=True))
    }
    if not changed and not beside:
        return False
    for name in changed:
        setattr(resource, name, content.row[name])
    said = [exchanged(name, getattr(resource, name), rows) for name, rows in beside.items()]
    for name, rows in beside.items():
        getattr(resource, name).set(rows)
    wrote(resource, by, changed, beside=" ".join(said))
    if {"link", "video", "body"} & set(changed):
        forget_old_links(resource)
    record(by=by, verb=Verb.CHANGED, subject=name_of(resource))
    return True


def addresses(resource: Resource) -> list[str]:
    """The pages on the web that a resource leads to: its link, its film, those in its text."""
    longest = LinkCheck.url.field.max_length or 0
    inside = [url for url in text.links_in(resource.body) if len(url) <= longest]
    led_to = [resource.link, resource.video, *inside[:MOST_LINKS]]
    return list(dict.fromkeys(url for url in led_to if url))


def forget_old_links(resource: Resource) -> None:
    """What was known of addresses that it does not lead to any more."""
    resource.link_checks.exclude(url__in=addresses(resource)).delete()


def keys(rows: Iterable[Topic | Statement]) -> set[int]:
    return {row.pk for row in rows}


def exchanged(name: str, were: Any, now: list[Topic] | list[Statement]) -> str:
    """What came and what went, as its history tells: “Topics: Youth Voice added.”"""
    before = {row.pk: label(row) for row in were.all()}
    after = {row.pk: label(row) for row in now}
    came = [said for key, said in after.items() if key not in before]
    went = [said for key, said in before.items() if key not in after]
    told = [(came, "added"), (went, "taken out")]
    parts = [f"{', '.join(those)} {what}" for those, what in told if those]
    return f"{name.capitalize()}: {'; '.join(parts)}."


def label(row: Topic | Statement) -> str:
    return row.code if isinstance(row, Statement) else row.name


def wrote(resource: Resource, by: User, changed: Iterable[str] = (), *, beside: str = "") -> None:
    """Say who changed a resource that is held: somebody else publishes it."""
    resource.version += 1
    resource.written_at, resource.written_by = timezone.now(), by
    resource.beside = shortened(beside)
    resource.save(update_fields=[*changed, "version", "written_at", "written_by", "beside"])


def shortened(words: str) -> str:
    return words if len(words) <= LONGEST_BESIDE else f"{words[: LONGEST_BESIDE - 1]}…"
