"""The finished PDFs of a self-assessment, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.constraints import one_of
from portal.papers import PaperState
from selfassessment.models.audit import Audit

if TYPE_CHECKING:
    from portal.models import User

ReportState = PaperState


class ReportKind(models.TextChoices):
    """What sort of paper it is, and so who may open it."""

    REPORT = "report", "Report for the board"
    HANDOUT = "handout", "Handout for the meeting"


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """Those of audits this person may see; what is in one is asked of its data."""
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def light(self) -> Self:
        """As `with_file`, without the file."""
        return self.with_file().defer("data", "pdf")

    def with_file(self) -> Self:
        """The file, and whether comments are in it; without the data, which is as large."""
        return self.defer("data").annotate(with_comments=models.F("data__with_comments"))

    def ready(self) -> Self:
        return self.filter(state=ReportState.READY)

    def reports(self) -> Self:
        return self.filter(kind=ReportKind.REPORT)

    def handouts(self) -> Self:
        return self.filter(kind=ReportKind.HANDOUT)

    def without_comments(self) -> Self:
        return self.filter(data__with_comments=False)


class Report(models.Model):
    """A finished PDF, kept with the data it was made from; made anew only when that changed."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=8, choices=ReportKind, default=ReportKind.REPORT)
    key = models.CharField(max_length=64, help_text="SHA-256 of the data and of our templates.")
    data = models.JSONField()
    state = models.CharField(max_length=8, choices=ReportState, default=ReportState.WAITING)
    step = models.PositiveSmallIntegerField(default=0, help_text="Of the steps in reports.STEPS.")
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    pdf = models.BinaryField(null=True, blank=True)

    with_comments: bool  # from the data, by ReportQuerySet.light

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            one_of("kind", ReportKind),
            one_of("state", ReportState),
            models.UniqueConstraint(
                fields=["audit", "key"],
                name="one_report_per_audit_and_content",
                violation_error_message="This report exists already.",
            ),
            models.CheckConstraint(
                name="report_is_ready_exactly_when_it_has_a_file",
                condition=Q(state=ReportState.READY, pdf__isnull=False, finished_at__isnull=False)
                | ~Q(state=ReportState.READY) & Q(pdf__isnull=True),
                violation_error_message="A report is ready when its file is there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.audit}"
