"""What lies on the desk: every resource that waits for somebody, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.formats import date_format

from portal.models import User
from resources.desk import states
from resources.models import LinkCheck, Resource, ResourceState
from resources.models.library import ResourceQuerySet

SOON = dt.timedelta(days=30)  # before its end a resource is shown as ending
FAILURES = 2  # in a row, before a link counts as broken

NAMES = {
    "waits": "What waits",
    "mine": "My drafts",
    "review": "For a second pair of eyes",
    "drafts": "All drafts",
    "scheduled": "Scheduled",
    "due": "Due to be looked at again",
    "ending": "Ending within a month, or ended",
    "broken": "Broken links",
    "published": "Published",
    "archived": "Archived",
}
EMPTY = {
    "waits": "Nothing waits for anybody. Drafts, dates and broken links come here by themselves.",
    "mine": "You have no draft. Add a resource, and it waits here until it is published.",
    "review": "Nobody has handed anything over. A draft comes here once its writer sends it on.",
    "drafts": "Nobody is writing anything just now.",
    "scheduled": "Nothing is due to come out. Publish something from a later day: it waits here.",
    "due": "Nothing is due. Give a resource a day to be looked at again, and it comes back here.",
    "ending": "Nothing ends soon.",
    "broken": "Every link that was tried has answered.",
    "published": "Nothing is published yet.",
    "archived": "Nothing is archived. What is out of date goes here, and can be brought back.",
}


@dataclass(frozen=True)
class Shelf:
    """One pile of the desk."""

    key: str
    name: str
    count: int

    @property
    def empty(self) -> str:
        return EMPTY[self.key]


@dataclass(frozen=True)
class Row:
    """A resource on the desk: where it stands, and why somebody should look at it."""

    resource: Resource
    state: str
    reasons: tuple[str, ...]


def piles(user: User, today: dt.date) -> dict[str, Q]:
    """Which resources lie on which pile."""
    published = Q(state=ResourceState.PUBLISHED)
    draft = Q(state=ResourceState.DRAFT)
    mine = draft & Q(written_by=user)
    review = Q(state=ResourceState.REVIEW)
    due = published & Q(review_on__lte=today)
    ending = published & Q(expires_on__lte=today + SOON)
    failing = LinkCheck.objects.filter(failures__gte=FAILURES)
    broken = published & Q(pk__in=failing.values("resource"))
    return {
        "waits": mine | review | due | ending | broken,
        "mine": mine,
        "review": review,
        "drafts": draft,
        "scheduled": published & Q(published_on__gt=today),
        "due": due,
        "ending": ending,
        "broken": broken,
        "published": published & Q(published_on__lte=today),
        "archived": Q(state=ResourceState.ARCHIVED),
    }


def counted(user: User, today: dt.date) -> list[Shelf]:
    """Every pile with how much lies on it, in one query."""
    wanted = {key: Count("pk", filter=where) for key, where in piles(user, today).items()}
    found = Resource.objects.visible_to(user).aggregate(**wanted)
    return [Shelf(key, name, found[key]) for key, name in NAMES.items()]


def on(key: str, user: User, today: dt.date) -> Q:
    return piles(user, today)[key]


def row(resource: Resource, today: dt.date) -> Row:
    return Row(resource, states.in_words(resource, today), tuple(reasons(resource, today)))


def reasons(resource: Resource, today: dt.date) -> list[str]:
    """Why it should be looked at, in words; `resource` with its link checks at hand."""
    if resource.state != ResourceState.PUBLISHED:
        return []
    found = []
    if resource.review_on and resource.review_on <= today:
        found.append(f"Look at it again: due {date_format(resource.review_on, 'j F Y')}")
    if resource.expires_on and today <= resource.expires_on <= today + SOON:
        found.append(f"Ends after {date_format(resource.expires_on, 'j F Y')}")
    checks = resource.link_checks.all()
    return found + [broken(one, resource) for one in checks if one.failures >= FAILURES]


def broken(check: LinkCheck, resource: Resource) -> str:
    answer = f"answers {check.status}" if check.status else "does not answer"
    if check.url == resource.video:
        return f"Its film {answer}"
    if check.url == resource.link:
        return f"Its link {answer}"
    return f"A link in its text {answer}: {check.url}"


def laid_out(resources: ResourceQuerySet) -> ResourceQuerySet:
    """With what a row shows, in the order they were last touched."""
    return (
        resources.select_related("written_by", "moved_by")
        .prefetch_related("link_checks")
        .defer("body", "search", "front")
        .annotate(file_count=Count("files", distinct=True))
        .order_by("-written_at", "-pk")
    )
