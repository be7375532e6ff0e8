"""What happened to a target: dated notes, and the evidence behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from actionplans.models.plan import ActionPlan
from actionplans.models.target import Target
from portal.constraints import one_of, together

if TYPE_CHECKING:
    from portal.models import User


class Rag(models.TextChoices):
    """How it goes, in a word; a colour never stands alone."""

    ON_COURSE = "green", "On course"
    AT_RISK = "amber", "At risk"
    OFF_COURSE = "red", "Off course"


class NoteQuerySet(models.QuerySet["ProgressNote"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(target__plan__in=ActionPlan.objects.visible_to(user))

    def with_target(self) -> Self:
        return self.select_related("target__plan__service", "written_by")

    def newest_first(self) -> Self:
        return self.order_by("-noted_on", "-pk")


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class ProgressNote(models.Model):
    """A dated word on a target: how it goes, how far it is, what changed for young people."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="notes")
    noted_on = models.DateField("date", default=timezone.localdate)
    text = models.TextField("what happened", max_length=3000)
    rag = models.CharField("how it goes", max_length=8, choices=Rag, blank=True)
    percent = models.PositiveSmallIntegerField(
        "how far, in per cent", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    value = models.DecimalField(
        "the number now", max_digits=12, decimal_places=2, null=True, blank=True
    )
    young_people = models.TextField("what changed for young people", max_length=2000, blank=True)
    evidence = models.CharField("evidence", max_length=300, blank=True)
    evidence_url = models.URLField("link to evidence", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_on", "-pk"]
        constraints = [
            one_of("rag", Rag, blank=True),
            together("changed_at", "changed_by"),
            models.CheckConstraint(
                name="note_percent_is_at_most_100",
                condition=Q(percent__lte=100) | Q(percent__isnull=True),
                violation_error_message="From 0 to 100 per cent.",
            ),
        ]

    def __str__(self) -> str:
        return f"Note of {self.noted_on:%-d %B %Y} on {self.target_id}"


class Scan(models.TextChoices):
    """What a virus scanner said of a file, where the site runs one."""

    NOT_SCANNED = "not_scanned", "Not scanned"
    WAITING = "waiting", "Being scanned"
    CLEAN = "clean", "Clean"
    REFUSED = "refused", "Refused by the scanner"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(note__target__plan__in=ActionPlan.objects.visible_to(user))

    def with_target(self) -> Self:
        return self.select_related("note__target__plan__service")

    def light(self) -> Self:
        return self.defer("content")


class Evidence(models.Model):
    """A file that shows what a note says. In the database: never in a folder the web can see."""

    note = models.ForeignKey(ProgressNote, on_delete=models.CASCADE, related_name="files")
    file_name = models.CharField("file", max_length=200)
    media_type = models.CharField(max_length=100, help_text="By its content, not by its name.")
    size = models.PositiveIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.NOT_SCANNED)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [one_of("scan", Scan)]

    def __str__(self) -> str:
        return self.file_name
