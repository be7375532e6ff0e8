"""Workbooks that people filled in, on their way into a self-assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.constraints import one_of
from selfassessment.models.audit import Audit
from selfassessment.models.response import Response
from selfassessment.models.role_group import RoleGroup

if TYPE_CHECKING:
    from portal.models import User


class UploadState(models.TextChoices):
    """How far a workbook is on its way in."""

    WAITING = "waiting", "Waiting to be read"
    READING = "reading", "Being read"
    READY = "ready", "Read, not taken in yet"
    REFUSED = "refused", "Could not be read"
    TAKEN_IN = "taken_in", "Taken in"
    DISCARDED = "discarded", "Discarded"


UNREAD = (UploadState.WAITING, UploadState.READING)


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> Self:
        """One's own only: a workbook says what somebody thinks."""
        return self.filter(uploaded_by=user, audit__in=Audit.objects.visible_to(user))

    def light(self) -> Self:
        return self.defer("content")

    def with_audit(self) -> Self:
        return self.select_related(
            "audit__service", "audit__questionnaire", "response__audit", "response__respondent"
        )

    def unread(self) -> Self:
        return self.filter(state__in=UNREAD)

    def ready(self) -> Self:
        return self.filter(state=UploadState.READY)

    def standing(self) -> Self:
        """Those that somebody may still want to see."""
        return self.exclude(state=UploadState.DISCARDED)


class Upload(models.Model):
    """A workbook that somebody brought in: read by the worker, looked at, then taken in or not.

    The file itself goes as soon as it is read, and what was read of it once that is taken in.
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="uploads")
    response = models.ForeignKey(
        Response,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="uploads",
        help_text="The ratings it goes into, or went into. None yet: it becomes a new respondent.",
    )
    role_group = models.CharField(
        "role group",
        max_length=16,
        choices=RoleGroup,
        blank=True,
        help_text="Blank: it goes into the ratings of whoever brought it in.",
    )
    name = models.CharField("name", max_length=120, blank=True)
    file_name = models.CharField("file", max_length=200)
    content = models.BinaryField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.WAITING)
    trouble = models.TextField("what is wrong with it", blank=True)
    found = models.JSONField(default=dict, blank=True, help_text="What it says: see found.py.")
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("role_group", RoleGroup, blank=True),
            one_of("state", UploadState),
            models.CheckConstraint(
                name="upload_keeps_its_file_only_until_it_is_read",
                condition=Q(state__in=UNREAD, content__isnull=False)
                | ~Q(state__in=UNREAD) & Q(content__isnull=True),
                violation_error_message="A file is kept until it is read, and no longer.",
            ),
            models.CheckConstraint(
                name="upload_keeps_what_it_says_only_until_it_is_taken_in",
                condition=Q(state=UploadState.READY) | Q(found={}),
                violation_error_message="What a file says is kept until it is taken in.",
            ),
            models.CheckConstraint(
                name="upload_is_for_somebody",
                condition=~Q(role_group="") | Q(response__isnull=False),
                violation_error_message="Choose a role group.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.audit_id, self.pk])

    @property
    def is_own(self) -> bool:
        """Whether it goes into the ratings of whoever brought it in."""
        return not self.role_group

    @property
    def is_unread(self) -> bool:
        return self.state in UNREAD

    @property
    def is_ready(self) -> bool:
        return self.state == UploadState.READY
