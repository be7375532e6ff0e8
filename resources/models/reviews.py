"""The annual review: the programme's yearly publication, composed of chapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal import access
from portal.access import Permission
from portal.constraints import one_of, together
from portal.models import MusicService, Topic
from portal.papers import PaperState
from portal.years import year_name
from resources.models.library import Resource, Visibility, open_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.models import User


class ReviewState(models.TextChoices):
    """Where an annual review is on its way to its readers."""

    ANNOUNCED = "announced", "Announced"
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"


class ChapterKind(models.TextChoices):
    """What a chapter is about, and so what it may hold."""

    ABOUT = "about", "About this review"
    PROGRAMME = "programme", "What Changing Tracks is"
    INVOLVED = "involved", "Who is involved"
    SUMMARY = "summary", "Executive summary"
    THEME = "theme", "Theme"
    FIGURES = "figures", "The year in figures"
    AHEAD = "ahead", "Looking ahead"


class AnnualReviewQuerySet(models.QuerySet["AnnualReview"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Published and open to this person, and what is announced; its authors see all."""
        if access.can(user, Permission.REVIEWS_EDIT):
            return self
        out = Q(state__in=[ReviewState.PUBLISHED, ReviewState.SUPERSEDED])
        return self.filter(out & Q(visibility__in=open_to(user)) | Q(state=ReviewState.ANNOUNCED))

    def newest_first(self) -> Self:
        return self.order_by("-year", "-pk")

    def locked(self) -> Self:
        return self.select_for_update(of=("self",), no_key=True)


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class AnnualReview(models.Model):
    """The programme's review of one academic year."""

    year = models.PositiveSmallIntegerField("academic year")
    title = models.CharField("title", max_length=160)
    strapline = models.CharField("in a sentence", max_length=240, blank=True)
    state = models.CharField(
        max_length=12, choices=ReviewState, default=ReviewState.DRAFT, editable=False
    )
    visibility = models.CharField(
        "who may read it", max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    expected_on = models.DateField("expected", null=True, blank=True)
    figures = models.JSONField(
        default=dict, blank=True, editable=False, help_text="The snapshot: figures.py."
    )
    figures_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    started_by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AnnualReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            one_of("state", ReviewState),
            one_of("visibility", Visibility),
            together("published_at", "published_by"),
            models.CheckConstraint(
                name="review_is_out_exactly_when_it_says_since_when",
                condition=Q(
                    state__in=[ReviewState.PUBLISHED, ReviewState.SUPERSEDED],
                    published_at__isnull=False,
                )
                | ~Q(state__in=[ReviewState.PUBLISHED, ReviewState.SUPERSEDED]),
                violation_error_message="Say when the review was published.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {year_name(self.year)}"

    def get_absolute_url(self) -> str:
        return reverse("annual_review", args=[self.pk])

    @property
    def year_name(self) -> str:
        return year_name(self.year)


class ChapterQuerySet(models.QuerySet["Chapter"]):
    def for_readers(self) -> Self:
        """In order, with what may be printed: no quotation without consent on record."""
        consented = Quotation.objects.filter(consent=True).select_related("service")
        everybody = Resource.objects.for_everybody().light()
        return self.prefetch_related(
            models.Prefetch("quotations", consented, to_attr="quoted"),
            models.Prefetch("resources", everybody, to_attr="to_read"),
        )


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Chapter(models.Model):
    """A chapter of an annual review; a theme also says what helped, what was hard, what to do."""

    review = models.ForeignKey(AnnualReview, on_delete=models.CASCADE, related_name="chapters")
    kind = models.CharField("kind", max_length=12, choices=ChapterKind)
    title = models.CharField("title", max_length=160)
    body = models.TextField("text", max_length=60_000, blank=True, help_text="Markdown.")
    benefits = models.TextField("benefits", max_length=6000, blank=True)
    challenges = models.TextField("challenges", max_length=6000, blank=True)
    addressed = models.TextField("how services addressed them", max_length=6000, blank=True)
    forward = models.TextField("what others can take forward", max_length=6000, blank=True)
    resources = models.ManyToManyField(Resource, blank=True, related_name="chapters")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    remarks = models.TextField("remarks for editors", max_length=4000, blank=True)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = ChapterQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [one_of("kind", ChapterKind)]

    def __str__(self) -> str:
        return self.title


class Quotation(models.Model):
    """What somebody said, in a chapter. Without consent on record it is never printed."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="quotations")
    text = models.TextField("what was said", max_length=1200)
    name = models.CharField("name", max_length=120, blank=True)
    role = models.CharField("role", max_length=120, blank=True)
    service = models.ForeignKey(
        MusicService, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    consent = models.BooleanField("consent is on record", default=False)
    consent_note = models.CharField("where and when it was given", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consent_says_where_it_is_on_record",
                condition=Q(consent=False) | ~Q(consent_note=""),
                violation_error_message="Say where and when consent was given.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Picture(models.Model):
    """A picture in a chapter, with what it shows in words."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="pictures")
    image = models.BinaryField(help_text="PNG or JPEG, written anew.")
    media_type = models.CharField(max_length=40)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    alt = models.CharField("what it shows", max_length=300)
    credit = models.CharField("credit", max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="picture_says_what_it_shows",
                condition=~Q(alt=""),
                violation_error_message="Say what the picture shows.",
            )
        ]

    def __str__(self) -> str:
        return self.alt


class Printing(models.Model):
    """One PDF of an annual review: made by the worker, or an earlier one uploaded as it is."""

    review = models.ForeignKey(AnnualReview, on_delete=models.CASCADE, related_name="printings")
    number = models.PositiveSmallIntegerField("version", default=1)
    is_preview = models.BooleanField(default=False)
    key = models.CharField(max_length=64, help_text="SHA-256 of what it was made from.")
    data = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=PaperState, default=PaperState.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    taken = models.PositiveIntegerField(default=0, help_text="How often; never by whom.")
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number", "-pk"]
        constraints = [
            one_of("state", PaperState),
            models.CheckConstraint(
                name="printing_is_ready_exactly_when_it_has_a_file",
                condition=Q(
                    state=PaperState.READY, content__isnull=False, finished_at__isnull=False
                )
                | ~Q(state=PaperState.READY) & Q(content__isnull=True),
                violation_error_message="A printing is ready when its file is there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}, version {self.number}"
