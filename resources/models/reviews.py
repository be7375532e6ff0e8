"""The annual review: the programme's yearly publication, composed of chapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONArray, JSONObject
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


READERS = [Visibility.PUBLIC, Visibility.NWG]
OUT = (ReviewState.PUBLISHED, ReviewState.SUPERSEDED)


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


class OwnFigure(models.Model):
    """A figure that the portal does not know, typed by the team: meetings, who came, projects."""

    review = models.ForeignKey(AnnualReview, on_delete=models.CASCADE, related_name="own_figures")
    name = models.CharField("what is counted", max_length=120)
    value = models.CharField("figure", max_length=40)
    definition = models.CharField(
        "how it was counted", max_length=300, help_text="By whom, from what, up to which day."
    )
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


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
