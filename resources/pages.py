"""Pages of words: those that come with the portal, and what the team makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from resources.models import Page

SHIPPED = Path(__file__).resolve().parent / "data" / "pages"
# Each at the root: /about/. The footer names most of them (components/footer.html).
SLUGS = (
    *("about", "how-it-works", "nwg", "help"),
    *("accessibility", "privacy", "cookies", "contact"),
)


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


def load() -> int:
    """Add the pages that are not here yet; those that are stay as they are. How many came."""
    known = set(Page.objects.values_list("slug", flat=True))
    missing = [(order, slug) for order, slug in enumerate(SLUGS, start=1) if slug not in known]
    # Two that start at once bring the same
    Page.objects.bulk_create([shipped(*one) for one in missing], ignore_conflicts=True)
    return len(missing)


def shipped(order: int, slug: str) -> Page:
    """A page as it comes with the portal: its title, a sentence, and the text."""
    title, summary, body = (SHIPPED / f"{slug}.md").read_text(encoding="utf-8").split("\n\n", 2)
    return Page(
        slug=slug, title=title.removeprefix("# "), summary=summary, body=body.strip(), order=order
    )


@transaction.atomic
def change(*, page: Page, title: str, summary: str, body: str, as_read: str, by: User) -> None:
    """Make this the page, if it still is the version that was read."""
    held = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    if str(held.version) != as_read:
        raise PageChangedError("Somebody changed this page while you were writing.")
    if (held.title, held.summary, held.body) == (title, summary, body):
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
