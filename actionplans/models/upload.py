"""Somebody's table on its way into a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from actionplans.models.plan import ActionPlan
from portal.constraints import one_of
from selfassessment.models import UploadState
from selfassessment.models.upload import UNREAD

if TYPE_CHECKING:
    from portal.models import User


class PlanUploadQuerySet(models.QuerySet["PlanUpload"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=ActionPlan.objects.visible_to(user))

    def light(self) -> Self:
        return self.defer("content")

    def with_plan(self) -> Self:
        return self.select_related("plan__service")

    def standing(self) -> Self:
        """Those that somebody may still want to see."""
        return self.exclude(state__in=[UploadState.DISCARDED, UploadState.TAKEN_IN])


class PlanUpload(models.Model):
    """A plan as CSV or XLSX: read by the worker, its columns matched, then taken in or not."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField("file", max_length=200)
    content = models.BinaryField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.WAITING)
    trouble = models.TextField("what is wrong with it", blank=True)
    table = models.JSONField(default=dict, blank=True, help_text="Its sheets, row by row.")
    matched = models.JSONField(default=dict, blank=True, help_text="Which column is what.")
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = PlanUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("state", UploadState),
            models.CheckConstraint(
                name="plan_upload_keeps_its_file_only_until_it_is_read",
                condition=Q(state__in=UNREAD, content__isnull=False)
                | ~Q(state__in=UNREAD) & Q(content__isnull=True),
                violation_error_message="A file is kept until it is read, and no longer.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("plan_upload", args=[self.pk])

    @property
    def is_unread(self) -> bool:
        return self.state in UNREAD

    @property
    def is_ready(self) -> bool:
        return self.state == UploadState.READY
