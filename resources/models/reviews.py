"""The annual review: the programme's yearly publication, and what readers have of it."""

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
from portal.papers import PaperState
from portal.years import year_name
from resources.models.library import Visibility, open_to

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


READERS = [Visibility.PUBLIC, Visibility.NWG]
OUT = (ReviewState.PUBLISHED, ReviewState.SUPERSEDED)


class AnnualReviewQuerySet(models.QuerySet["AnnualReview"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Out and open to this person, or expected on a day; its authors see all."""
        if access.can(user, Permission.REVIEWS_EDIT):
            return self
        out = Q(state__in=OUT) & Q(visibility__in=open_to(user))
        return self.filter(out | Q(expected_on__isnull=False) & ~Q(state__in=OUT))

    def out(self) -> Self:
        """Those that have readers."""
        return self.filter(state__in=OUT)

    def changed_since(self) -> Self:
        """Those that authors wrote in after readers got their newest version."""
        newest = Printing.objects.filter(review=models.OuterRef("pk"), number__isnull=False)
        newest_at = models.Subquery(newest.order_by("-number").values("published_at")[:1])
        published = self.filter(state=ReviewState.PUBLISHED, is_uploaded=False)
        return published.alias(newest_at=newest_at).filter(written_at__gt=models.F("newest_at"))

    def light(self) -> Self:
        return self.defer("figures")

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
        "who may read it",
        max_length=8,
        choices=[(one.value, one.label) for one in READERS],
        default=Visibility.PUBLIC,
    )
    expected_on = models.DateField("expected", null=True, blank=True)
    note = models.CharField(
        "a word to whoever reads it next, or why it was taken back",
        max_length=500,
        blank=True,
        editable=False,
    )
    figures = models.JSONField(
        default=dict, blank=True, editable=False, help_text="The snapshot: reviews/figures."
    )
    figures_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Counts every change of what it says."
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_uploaded = models.BooleanField(
        default=False, editable=False, help_text="An earlier one, kept as the PDF that it is."
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    started_by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    moved_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    published_at = models.DateTimeField("first published", null=True, blank=True, editable=False)
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
            models.CheckConstraint(
                name="review_visibility_is_known",
                condition=Q(visibility__in=READERS),
                violation_error_message="A review is for everybody, or for NWG members.",
            ),
            together("published_at", "published_by"),
            together("moved_at", "moved_by"),
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

    @property
    def is_out(self) -> bool:
        return self.state in OUT


class PrintingQuerySet(models.QuerySet["Printing"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The newest version of a review that is open to this person; its authors see all."""
        reviews = AnnualReview.objects.visible_to(user)
        if access.can(user, Permission.REVIEWS_EDIT):
            return self
        return self.newest().filter(review__in=reviews.out())

    def newest(self) -> Self:
        """Of each review what was published last."""
        newer = Printing.objects.filter(
            review=models.OuterRef("review"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer), number__isnull=False)

    def needing_pictures(self) -> Self:
        """The newest version, whose page shows them, and what the worker has not made yet."""
        newest = Printing.objects.newest().values("pk")
        return self.filter(Q(pk__in=newest) | Q(content=None))

    def with_data(self) -> Self:
        """What it says, without the file."""
        return self.defer("content", "word")

    def light(self) -> Self:
        """Without the file and what it was made from."""
        return self.defer("content", "word", "data")

    def versions(self) -> Self:
        """What was published, the newest first."""
        return self.filter(number__isnull=False).order_by("-number")


class Printing(models.Model):
    """What a review said at one time, and its PDF: a preview until it is published as a version.

    `data` is all that the page and the PDF show (`resources/reviews/manuscript.py`), so neither
    changes while authors write on. It is empty for an earlier PDF that was uploaded as it is.
    """

    review = models.ForeignKey(AnnualReview, on_delete=models.CASCADE, related_name="printings")
    number = models.PositiveSmallIntegerField("version", null=True, blank=True)
    correction = models.CharField("what was corrected", max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(max_length=64, help_text="SHA-256 of what it is made from.")
    data = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=PaperState, default=PaperState.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField(null=True, blank=True, help_text="PDF.")
    word = models.BinaryField(null=True, blank=True, help_text="The same to edit, as DOCX.")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="In bytes.")
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0, help_text="How often; never by whom.")
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PrintingQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            one_of("state", PaperState),
            together("published_at", "published_by"),
            together("number", "published_at"),
            models.UniqueConstraint(fields=["review", "key"], name="a_review_is_printed_once"),
            models.UniqueConstraint(fields=["review", "number"], name="a_version_is_one_printing"),
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
        return f"{self.review}, version {self.number}" if self.number else f"{self.review}, preview"
