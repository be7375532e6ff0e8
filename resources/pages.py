"""Pages of words: those that come with the portal, and what the team makes of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from resources.models.pages import HOME, Page

SHIPPED = Path(__file__).resolve().parent / "data" / "pages"
# Each at the root: /about/. The footer names most of them (components/footer.html).
SLUGS = (
    *("about", "how-it-works", "nwg", "help"),
    *("accessibility", "privacy", "cookies", "contact"),
)
SENTENCE_ENDS = re.compile(r"(?<=[.!?]) +")


class PageChangedError(Exception):
    """Somebody changed the page since it was opened. Nothing was written."""


@dataclass(frozen=True)
class Version:
    """A page as it was from some day on; nobody wrote the one that came with the portal."""

    number: int
    title: str
    summary: str
    body: str
    since: datetime
    by: User | None


@transaction.atomic
def load() -> int:
    """Bring the pages as they come with the portal; what the team wrote stays. How many changed."""
    here = {page.slug: page for page in Page.objects.all()}
    changed = 0
    for order, slug in enumerate([HOME, *SLUGS]):
        page, new = here.get(slug), shipped(order, slug)
        if page is None:
            # Two that start at once bring the same
            Page.objects.bulk_create([new], ignore_conflicts=True)
        elif page.changed_by_id or words(page) == words(new):
            continue
        else:
            page.title, page.summary, page.body = words(new)
            page.version += 1
            page.save(update_fields=["title", "summary", "body", "version"])
        changed += 1
    return changed


def words(page: Page) -> tuple[str, str, str]:
    return page.title, page.summary, page.body


def shipped(order: int, slug: str) -> Page:
    """A page as it comes with the portal: its title, a sentence, and the text."""
    title, summary, body = (SHIPPED / f"{slug}.md").read_text(encoding="utf-8").split("\n\n", 2)
    return Page(
        slug=slug, title=title.removeprefix("# "), summary=summary, body=body.strip(), order=order
    )


@dataclass(frozen=True)
class Section:
    """A part of the front page: what stands under its heading, then parts side by side."""

    title: str
    body: str
    parts: list[tuple[str, str]]  # heading and text; Markdown


@dataclass(frozen=True)
class Front:
    """The words of the front page. Its last section says how to begin."""

    sentences: list[str]
    lead: str
    first: Section | None  # before what is new
    others: list[Section]
    last: Section | None


def front() -> Front:
    """The front page as the team has it, or as it comes with the portal: one query."""
    page = Page.objects.filter(slug=HOME).first() or shipped(0, HOME)
    before, rest = divided(page.body, "##")
    sections = [Section(title, *divided(text, "###")) for title, text in rest]
    if before:
        sections.insert(0, Section("", before, []))
    return Front(
        sentences=SENTENCE_ENDS.split(page.title),
        lead=page.summary,
        first=sections[0] if len(sections) > 1 else None,
        others=sections[1:-1],
        last=sections[-1] if sections else None,
    )


def divided(text: str, marks: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first heading of a level, and each with what stands under it."""
    before, *rest = re.split(rf"(?m)^{marks} +(.+)$", text)
    texts = (text.strip() for text in rest[1::2])
    return before.strip(), list(zip(rest[::2], texts, strict=True))


@transaction.atomic
def change(*, page: Page, title: str, summary: str, body: str, as_read: str, by: User) -> None:
    """Make this the page, if it still is the version that was read."""
    held = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    if str(held.version) != as_read:
        raise PageChangedError("Somebody changed this page while you were writing.")
    if words(held) == (title, summary, body):
        return
    held.title, held.summary, held.body = title, summary, body
    held.version += 1
    held.changed_at, held.changed_by = timezone.now(), by
    held.save()
    record(by=by, verb=Verb.CHANGED, subject=held)


def versions(page: Page) -> list[Version]:
    """All that the page has been, the newest first: one query."""
    events = page.events.select_related("changed_by").order_by("-version", "-pgh_id")  # type: ignore[attr-defined]
    return [
        Version(
            number=event.version,
            title=event.title,
            summary=event.summary,
            body=event.body,
            since=event.changed_at or event.pgh_created_at,
            by=event.changed_by,
        )
        for event in events
    ]
