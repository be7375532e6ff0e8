"""What the page of a resource shows beside its own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils.safestring import SafeString

from actionplans.models import Heard, PlanState, Target
from portal import access
from portal.access import Permission
from portal.models import Topic
from resources import text
from resources.finding import Line, plain_lines
from resources.models import Audience, Kept, Resource, ResourceFile, ResourcePicture, Usefulness
from resources.models.library import ResourceQuerySet
from selfassessment.models import Questionnaire, Statement

if TYPE_CHECKING:
    from portal.models import User

MOST_RELATED = 5
FEWEST_SAID = 5  # before it is told how many found something useful
FEWEST_SERVICES = 5  # before it is told how many plans work on the same: nobody is found by it
IN_FORCE = [PlanState.APPROVED, PlanState.UNDER_WAY, PlanState.CLOSED]


@dataclass(frozen=True)
class Said:
    """What people say of a resource."""

    useful: int
    total: int
    changed: list[str]  # for its editors

    @property
    def is_told(self) -> bool:
        return self.total >= FEWEST_SAID


@dataclass(frozen=True)
class Used:
    """The targets of approved plans that are to move the same statements."""

    targets: int
    services: int

    @property
    def is_told(self) -> bool:
        return self.services >= FEWEST_SERVICES


@dataclass(frozen=True)
class Core:
    """What a resource itself is made of, saved or only typed so far."""

    files: list[ResourceFile]
    topics: list[Topic]
    text: SafeString
    readers: list[str]
    heard: list[str]
    link_host: str
    video_host: str


@dataclass(frozen=True)
class Reading:
    """A resource as one person reads it."""

    core: Core
    statements: list[Statement]
    related: list[Line]
    said: Said
    used: Used
    may_edit: bool


def read(resource: Resource, user: User | AnonymousUser) -> Reading:
    may_edit = access.can(user, Permission.LIBRARY_EDIT)
    files = list(resource.files.visible_to(user).light())
    return Reading(
        core=core(resource, files, list(resource.topics.all())),
        statements=statements(resource, user),
        related=plain_lines(related(resource, user)[:MOST_RELATED]),
        said=said(resource, with_words=may_edit),
        used=used(resource),
        may_edit=may_edit,
    )


def core(
    resource: Resource, files: list[ResourceFile], topics: list[Topic], *, below: int = 1
) -> Core:
    """`resource` may be one that was never saved; its headings come below that level."""
    return Core(
        files=files,
        topics=topics,
        text=text.html(resource.body, below=below, pictures=pictures(resource)),
        readers=[Audience(one).label for one in resource.audience],
        heard=[Heard(one).label for one in resource.heard],
        link_host=host(resource.link),
        video_host=host(resource.video),
    )


def pictures(resource: Resource) -> text.Pictures:
    """What its text may show. Most texts show nothing: they cost no query."""
    if not resource.pk or text.PICTURE not in resource.body:
        return {}
    return on_a_page(resource.pictures.light())


def on_a_page(rows: Iterable[ResourcePicture], site: str = "") -> text.Pictures:
    return {
        one.name: text.Picture(f"{site}{one.get_absolute_url()}", one.width, one.height, one.alt)
        for one in rows
    }


def host(url: str) -> str:
    """Where a link leads, as people say it: “changingtracks.org.uk”."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def statements(resource: Resource, user: User | AnonymousUser) -> list[Statement]:
    """The statements it helps with: their wording is for those who may read the questionnaire."""
    if isinstance(user, AnonymousUser):
        return []
    readable = Questionnaire.objects.visible_to(user)
    return list(resource.statements.filter(questionnaire__in=readable))


def related(resource: Resource, user: User | AnonymousUser) -> ResourceQuerySet:
    others = Resource.objects.visible_to(user).published().exclude(pk=resource.pk)
    return others.on_topics(resource.topics.all()).newest_first().with_parts().light()


def said(resource: Resource, *, with_words: bool) -> Said:
    figures = Usefulness.objects.filter(resource=resource).aggregate(
        total=Count("pk"), useful=Count("pk", filter=Q(useful=True))
    )
    words = resource.said.exclude(changed="").order_by("-said_at") if with_words else None
    return Said(
        useful=figures["useful"],
        total=figures["total"],
        changed=list(words.values_list("changed", flat=True)[:50]) if words is not None else [],
    )


def used(resource: Resource) -> Used:
    targets = Target.objects.filter(
        statements__resources=resource,
        plan__state__in=IN_FORCE,
        plan__service__is_fictional=False,
    )
    return Used(
        **targets.aggregate(
            targets=Count("pk", distinct=True), services=Count("plan__service", distinct=True)
        )
    )


def place_of(resource: Resource, user: User) -> Kept | None:
    """Its place on this person's list."""
    return Kept.objects.filter(resource=resource, user=user).first()


def word_of(resource: Resource, user: User) -> Usefulness | None:
    """What this person said of it."""
    return Usefulness.objects.filter(resource=resource, user=user).first()
