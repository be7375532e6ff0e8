"""Papers and packages that the worker makes of a plan, a year, or a whole service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from actionplans.models.plan import AGREED_STATES, ActionPlan
from portal.access import Role
from portal.constraints import one_of
from selfassessment.models import ReportState

if TYPE_CHECKING:
    from portal.models import User


class PaperKind(models.TextChoices):
    """What a paper is, and so who may open it."""

    PLAN = "plan", "Action plan"
    BOARD_PAPER = "board_paper", "Board paper"
    YEAR_REPORT = "year_report", "Year report"
    REVIEW = "review", "Minutes of a review"
    EVERYTHING = "everything", "Everything of the service"


class PaperFormat(models.TextChoices):
    """What sort of file it is."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    ZIP = "zip", "Zip"


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: User) -> Self:
        """Those of plans this person may see. A package of everything: whoever asked for it.

        A board viewer sees none that was made while the plan was not approved, even when it is now.
        """
        plans = ActionPlan.objects.visible_to(user)
        reads = [m.service_id for m in user.live_memberships if m.role == Role.BOARD_VIEWER]
        told = ~Q(service__in=reads) | Q(data__head__state__in=AGREED_STATES)
        everything = Q(kind=PaperKind.EVERYTHING)
        own = Q(requested_by=user, service__in=[m.service_id for m in user.live_memberships])
        return self.filter(Q(plan__in=plans) & told & ~everything | everything & own)

    def light(self) -> Self:
        """As `with_file`, without the file."""
        return self.with_file().defer("data", "content")

    def with_file(self) -> Self:
        """The file, and what it rests on; without the data, which is as large."""
        return self.defer("data").annotate(
            rests_on=models.F("data__head__rests_on"), review_id=models.F("data__review_id")
        )

    def of(self, plan: ActionPlan) -> Self:
        return self.filter(plan=plan)

    def with_plan(self) -> Self:
        return self.select_related("plan__service", "service")

    def with_people(self) -> Self:
        return self.select_related("requested_by")

    def ready(self) -> Self:
        return self.filter(state=ReportState.READY)


class Paper(models.Model):
    """A finished file, kept with the data it was made from; made anew only when that changed."""

    service = models.ForeignKey(
        "portal.MusicService", on_delete=models.PROTECT, related_name="papers"
    )
    plan = models.ForeignKey(
        ActionPlan, null=True, blank=True, on_delete=models.CASCADE, related_name="papers"
    )
    kind = models.CharField(max_length=12, choices=PaperKind)
    format = models.CharField(max_length=4, choices=PaperFormat)
    key = models.CharField(max_length=64, help_text="SHA-256 of the data and of our templates.")
    data = models.JSONField()
    state = models.CharField(max_length=8, choices=ReportState, default=ReportState.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    content = models.BinaryField(null=True, blank=True)

    rests_on: list[str] | None  # from the data, by PaperQuerySet.light
    review_id: int | None

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            one_of("kind", PaperKind),
            one_of("format", PaperFormat),
            one_of("state", ReportState),
            models.UniqueConstraint(
                fields=["service", "kind", "format", "key"],
                name="one_paper_per_service_and_content",
                violation_error_message="This paper exists already.",
            ),
            models.CheckConstraint(
                name="everything_is_of_a_service_and_any_other_paper_of_a_plan",
                condition=Q(kind=PaperKind.EVERYTHING, plan__isnull=True)
                | ~Q(kind=PaperKind.EVERYTHING) & Q(plan__isnull=False),
                violation_error_message="A paper is of a plan; everything is of a service.",
            ),
            models.CheckConstraint(
                name="paper_is_ready_exactly_when_it_has_a_file",
                condition=Q(
                    state=ReportState.READY, content__isnull=False, finished_at__isnull=False
                )
                | ~Q(state=ReportState.READY) & Q(content__isnull=True),
                violation_error_message="A paper is ready when its file is there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.plan or self.service}"


class PublicSummary(models.Model):
    """What the public reads of a plan: just what the preview showed when a lead let it out."""

    plan = models.OneToOneField(ActionPlan, on_delete=models.CASCADE, related_name="public_summary")
    data = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "public summaries"

    def __str__(self) -> str:
        return f"Public summary, {self.plan_id}"
