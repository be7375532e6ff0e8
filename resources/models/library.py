"""The library: what the programme publishes for anybody to use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse
from django.utils import timezone

from actionplans.models import Heard, Scan
from portal import access
from portal.access import Permission
from portal.constraints import one_of, together
from portal.models import MusicService, Topic
from selfassessment.models import Statement

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.models import User


class ResourceKind(models.TextChoices):
    """What sort of thing a resource is, in the programme's own words."""

    BLOG = "blog", "Blog"
    TOOL = "tool", "Tool or template"
    GUIDE = "guide", "Guide"
    BRIEFING = "briefing", "Briefing note"
    CASE_STUDY = "case_study", "Case study"
    CHECKLIST = "checklist", "Checklist"
    VIDEO = "video", "Video"
    PODCAST = "podcast", "Podcast"
    INFOGRAPHIC = "infographic", "Infographic"
    PRESENTATION = "presentation", "Presentation"
    REPORT = "report", "Report"
    NEWS = "news", "News"
    FUNDING = "funding", "Funding call"


class Audience(models.TextChoices):
    """Whom a resource is for."""

    LEADERS = "leaders", "Leaders of music services"
    TUTORS = "tutors", "Tutors and practitioners"
    SCHOOLS = "schools", "Schools"
    COUNCILS = "councils", "Councils and partners"
    FAMILIES = "families", "Young people and families"


class Visibility(models.TextChoices):
    """Who may read something that is published."""

    PUBLIC = "public", "Everybody"
    MEMBERS = "members", "Signed-in members"
    NWG = "nwg", "NWG members"


class ResourceState(models.TextChoices):
    """Where a resource is on its way to its readers."""

    DRAFT = "draft", "Draft"
    REVIEW = "review", "For a second pair of eyes"
    PUBLISHED = "published", "Published"
    ARCHIVED = "archived", "Archived"


# What came to the library last; of what came on one day, what came out last.
NEWEST = (F("published_on").desc(), F("first_year").desc(nulls_last=True), F("pk").desc())


def open_to(user: User | AnonymousUser) -> list[str]:
    """Which visibilities this person may read."""
    allowed = [Visibility.PUBLIC.value]
    if not user.is_authenticated:
        return allowed
    reads_all = access.can(user, Permission.LIBRARY_MEMBERS)
    if user.live_memberships or reads_all:
        allowed.append(Visibility.MEMBERS.value)
    if reads_all or user.nwg_seats.live().exists():
        allowed.append(Visibility.NWG.value)
    return allowed


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Published and open to this person; those who write the library see all of it."""
        if access.can(user, Permission.LIBRARY_EDIT):
            return self
        return self.published().filter(visibility__in=open_to(user))

    def published(self) -> Self:
        """Out now: its day has come, and its end has not."""
        today = timezone.localdate()
        return self.filter(state=ResourceState.PUBLISHED, published_on__lte=today).exclude(
            expires_on__lt=today
        )

    def for_everybody(self) -> Self:
        """What pages show that are the same for whoever looks."""
        return self.published().filter(visibility=Visibility.PUBLIC)

    def with_parts(self) -> Self:
        return self.select_related("service").prefetch_related("topics")

    def on_topics(self, topics: Iterable[Topic]) -> Self:
        """Those on any of these. Asked row by row: the newest of many are found without a sort."""
        links = Resource.topics.through.objects.filter(resource=models.OuterRef("pk"))
        return self.filter(models.Exists(links.filter(topic__in=topics)))

    def light(self) -> Self:
        """Without the text, for lists."""
        return self.defer("body", "search", "front")

    def newest_first(self) -> Self:
        return self.order_by(*NEWEST)


# No context table: the row itself says who and when.
@pghistory.track(context_field=None, exclude=["search", "front", "year", "taken"])  # type: ignore[arg-type]
class Resource(models.Model):
    """Something in the library: a guide, a film, a tool, a story."""

    title = models.CharField("title", max_length=200)
    slug = models.SlugField("address", max_length=200, unique=True)
    summary = models.CharField("summary", max_length=400)
    kind = models.CharField("kind", max_length=16, choices=ResourceKind)
    topics = models.ManyToManyField(Topic, blank=True, related_name="resources")
    heard = ArrayField(
        models.CharField(max_length=16, choices=Heard),
        verbose_name="HEARD principles",
        default=list,
        blank=True,
    )
    audience = ArrayField(
        models.CharField(max_length=12, choices=Audience),
        verbose_name="for whom",
        default=list,
        blank=True,
    )
    service = models.ForeignKey(
        MusicService, null=True, blank=True, on_delete=models.PROTECT, related_name="resources"
    )
    credit = models.CharField("credit", max_length=200, blank=True)
    licence = models.CharField("licence", max_length=120, blank=True)
    body = models.TextField("text", blank=True, max_length=60_000, help_text="Markdown.")
    link = models.URLField("link", max_length=500, blank=True)
    video = models.URLField("film", max_length=500, blank=True)
    statements = models.ManyToManyField(Statement, blank=True, related_name="resources")
    visibility = models.CharField(
        "who may read it", max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    state = models.CharField(
        max_length=12, choices=ResourceState, default=ResourceState.DRAFT, editable=False
    )
    published_on = models.DateField("published from", null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(
        "year it first came out",
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        help_text="Where it is older than its place in the library.",
    )
    review_on = models.DateField("look at it again by", null=True, blank=True)
    expires_on = models.DateField("ends after", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.CharField(
        "a note to the team", max_length=1000, blank=True, help_text="Said when it last moved on."
    )
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    moved_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who last sent it on, published it, took it back or archived it.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody: it came with the portal.",
    )
    beside = models.CharField(
        max_length=1000,
        blank=True,
        editable=False,
        help_text="What changed beside the row when it was last written: topics, files and such.",
    )
    taken = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often its files were; never by whom."
    )
    # What came with the portal and tells no year of its own has none: nobody knows.
    year = models.GeneratedField(
        expression=Coalesce(
            "first_year", Case(When(approved_at__isnull=False, then=ExtractYear("published_on")))
        ),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", weight="B", config="english")
        + SearchVector("body", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    front = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = NEWEST
        indexes = [
            GinIndex(fields=["search"], name="resource_search"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="resource_title_trgm"),
            models.Index(fields=["year"], name="resource_year"),
            models.Index(
                F("published_on").desc(),
                F("first_year").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(state=ResourceState.PUBLISHED),
                name="resource_newest",
            ),
            models.Index(
                F("taken").desc(),
                F("published_on").desc(),
                F("first_year").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(state=ResourceState.PUBLISHED),
                name="resource_most_taken",
            ),
        ]
        # Whoever writes a resource, by whatever way, adds its words to what spelling help knows.
        triggers = [
            pgtrigger.Trigger(
                name="learn_words",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("title", "summary"),  # type: ignore[no-untyped-call]
                func="""
                    INSERT INTO resources_word (word)
                    SELECT word FROM unnest(
                        tsvector_to_array(to_tsvector('simple', NEW.title || ' ' || NEW.summary))
                    ) AS word
                    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '[^[:alpha:]]'
                    ORDER BY word
                    ON CONFLICT DO NOTHING;
                    RETURN NULL;
                """,
            )
        ]
        constraints = [
            one_of("kind", ResourceKind),
            one_of("visibility", Visibility),
            one_of("state", ResourceState),
            together("approved_at", "approved_by"),
            together("moved_at", "moved_by"),
            models.CheckConstraint(
                name="resource_heard_is_known",
                condition=Q(heard__contained_by=Heard.values),
                violation_error_message="Choose among the five HEARD principles.",
            ),
            models.CheckConstraint(
                name="resource_audience_is_known",
                condition=Q(audience__contained_by=Audience.values),
                violation_error_message="Choose among the readers offered.",
            ),
            models.CheckConstraint(
                name="resource_is_published_with_a_day",
                condition=~Q(state=ResourceState.PUBLISHED) | Q(published_on__isnull=False),
                violation_error_message="Say from which day it is published.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resource", args=[self.slug])


class ResourceFileQuerySet(models.QuerySet["ResourceFile"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of what this person may read, once no scanner has to look at them."""
        read = self.filter(resource__in=Resource.objects.visible_to(user))
        return read.exclude(scan__in=[Scan.WAITING, Scan.REFUSED])

    def light(self) -> Self:
        return self.defer("content")


class ResourceFile(models.Model):
    """A file of a resource, to take away. In the database, like evidence (ADR 11)."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="files")
    file_name = models.CharField("file", max_length=200)
    media_type = models.CharField(max_length=100, help_text="By its content, not by its name.")
    size = models.PositiveIntegerField(help_text="In bytes.")
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="Of a PDF.")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.NOT_SCANNED)
    taken = models.PositiveIntegerField(default=0, help_text="How often; never by whom.")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = ResourceFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [one_of("scan", Scan)]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("resource_file", args=[self.resource.slug, self.pk])

    @property
    def kind(self) -> str:
        """As people call it: “PDF”."""
        return self.file_name.rpartition(".")[2].upper()

    def count(self) -> None:
        """Once more taken. Nothing is kept of whoever took it."""
        with transaction.atomic():
            ResourceFile.objects.filter(pk=self.pk).update(taken=F("taken") + 1)
            Resource.objects.filter(pk=self.resource_id).update(taken=F("taken") + 1)


class Usefulness(models.Model):
    """What somebody said of a resource: was it useful, what did they change?"""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="said")
    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="+")
    useful = models.BooleanField("useful")
    changed = models.TextField("what did you change?", max_length=1000, blank=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "user"],
                name="one_word_per_person_and_resource",
                violation_error_message="You have said this already; change it instead.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_id}: {self.useful}"


class KeptQuerySet(models.QuerySet["Kept"]):
    def visible_to(self, user: User) -> Self:
        """One’s own list, and what others share with one’s services, as far as it may be read."""
        services = [one.service_id for one in user.live_memberships]
        return self.filter(
            Q(user=user) | Q(service__in=services),
            resource__in=Resource.objects.visible_to(user).published(),
        )

    def with_resources(self) -> Self:
        return self.select_related("resource", "service", "user")


class Kept(models.Model):
    """A resource that somebody keeps on their list; shared, the whole service sees it."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="kept")
    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="kept")
    service = models.ForeignKey(
        MusicService,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="kept",
        help_text="With whom it is shared.",
    )
    why = models.CharField("why", max_length=300, blank=True)
    kept_at = models.DateTimeField(default=timezone.now)

    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_at"]
        verbose_name_plural = "kept resources"
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "user"],
                name="one_place_per_person_and_resource",
                violation_error_message="It is on your list already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} of {self.user_id}"


class LinkCheck(models.Model):
    """Whether a link of a resource, or in its text, still answered when the worker tried it."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="link_checks")
    url = models.URLField(max_length=500)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="None: no answer.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "url"],
                name="one_check_for_each_link_of_a_resource",
                violation_error_message="This link is looked after already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.status or 'no answer'}"
