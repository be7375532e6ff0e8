"""The chapters of an annual review, and what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONArray, JSONObject
from django.utils import timezone

from portal import access
from portal.access import Permission
from portal.constraints import one_of, together
from portal.models import MusicService, Topic
from resources.models.library import Resource
from resources.models.reviews import AnnualReview, Printing, PrintingQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.models import User


class ChapterKind(models.TextChoices):
    """What a chapter is about, and so what it may hold."""

    ABOUT = "about", "About this review"
    PROGRAMME = "programme", "What Changing Tracks is"
    INVOLVED = "involved", "Who is involved"
    SUMMARY = "summary", "Executive summary"
    THEME = "theme", "Theme"
    FIGURES = "figures", "The year in figures"
    AHEAD = "ahead", "Looking ahead"


class ChapterQuerySet(models.QuerySet["Chapter"]):
    def with_parts(self) -> Self:
        """With what stands in them: one query for each sort, however many chapters."""
        return self.prefetch_related(
            models.Prefetch("quotations", Quotation.objects.select_related("service")),
            models.Prefetch("pictures", Picture.objects.in_use().light()),
            models.Prefetch("resources", Resource.objects.light().order_by("title", "pk")),
            "topics",
            "saved_by",
        )


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Chapter(models.Model):
    """A chapter of an annual review; a theme also says what helped, what was hard, what to do."""

    review = models.ForeignKey(AnnualReview, on_delete=models.CASCADE, related_name="chapters")
    kind = models.CharField("kind", max_length=12, choices=ChapterKind)
    title = models.CharField("title", max_length=160)
    lead = models.TextField("in a few sentences", max_length=600, blank=True)
    body = models.TextField("text", max_length=60_000, blank=True, help_text="Markdown.")
    benefits = models.TextField("benefits", max_length=6000, blank=True)
    challenges = models.TextField("challenges", max_length=6000, blank=True)
    addressed = models.TextField("how services addressed them", max_length=6000, blank=True)
    forward = models.TextField("what others can take forward", max_length=6000, blank=True)
    factors = models.TextField(
        "factors for success", max_length=6000, blank=True, help_text="A heading for each."
    )
    resources = models.ManyToManyField(Resource, blank=True, related_name="chapters")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
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


class Remark(models.Model):
    """What one author tells the others about a chapter. Readers never see it."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField("remark", max_length=2000)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [together("settled_at", "settled_by")]

    def __str__(self) -> str:
        return self.text[:60]


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
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
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )

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


class PictureQuerySet(models.QuerySet["Picture"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that the newest version of a review open to this person shows; authors see all."""
        if access.can(user, Permission.REVIEWS_EDIT):
            return self
        return self.filter(shown_in(Printing.objects.visible_to(user)))

    def forgettable(self) -> Self:
        """Removed ones that neither readers nor the worker need any more."""
        return self.exclude(removed_at=None).exclude(shown_in(Printing.objects.needing_pictures()))

    def in_use(self) -> Self:
        return self.filter(removed_at=None)

    def light(self) -> Self:
        """Without the picture itself, for lists."""
        return self.defer("image")


def shown_in(printings: PrintingQuerySet) -> models.Exists:
    """Whether one of these, of its own review, shows a picture."""
    picture = JSONArray(JSONObject(id=models.OuterRef("pk")))
    held = JSONObject(chapters=JSONArray(JSONObject(pictures=picture)))
    of_its_review = printings.filter(review=models.OuterRef("chapter__review"))
    return models.Exists(of_its_review.filter(data__contains=held))


class Picture(models.Model):
    """A picture in a chapter, with what it shows in words.

    One that was removed stays until the version that shows it has been replaced.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="pictures")
    image = models.BinaryField(help_text="PNG or JPEG, written anew.")
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    alt = models.CharField("what it shows", max_length=300)
    credit = models.CharField("credit", max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PictureQuerySet.as_manager()

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
