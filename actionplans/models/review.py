"""The termly review: a short walk through the targets, minuted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from actionplans.models.plan import ActionPlan
from actionplans.models.target import Target
from portal.constraints import one_of, together

if TYPE_CHECKING:
    from portal.models import User


class Decision(models.TextChoices):
    """What a review decides of a target."""

    KEEP = "keep", "Keep as it is"
    CHANGE = "change", "Change it"
    CLOSE = "close", "Close it: done"
    DROP = "drop", "Drop it"


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__in=ActionPlan.objects.visible_to(user))

    def with_plan(self) -> Self:
        return self.select_related("plan__service")

    def open(self) -> Self:
        return self.filter(finished_at=None)

    def finished(self) -> Self:
        return self.exclude(finished_at=None)


class Review(models.Model):
    """A meeting at which the ED&I group goes through its plan; planned, then minuted."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="reviews")
    name = models.CharField("which review", max_length=120)
    held_on = models.DateField("date")
    starts_time = models.TimeField("time", null=True, blank=True)
    place = models.CharField("place", max_length=200, blank=True)
    present = models.TextField("who is there, by role", max_length=1000, blank=True)
    said = models.TextField("what else was said", max_length=5000, blank=True)
    planned_at = models.DateTimeField(default=timezone.now)
    planned_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [together("finished_at", "finished_by")]

    def __str__(self) -> str:
        return f"{self.name}, {self.held_on:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class ReviewLine(models.Model):
    """What a review decided of one target, and why."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="lines")
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="review_lines")
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    said = models.TextField("what was said", max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("decision", Decision, blank=True),
            models.UniqueConstraint(
                fields=["review", "target"],
                name="one_line_per_review_and_target",
                violation_error_message="The review has a line on this target already.",
            ),
            models.CheckConstraint(
                name="review_drop_says_why",
                condition=~models.Q(decision=Decision.DROP) | ~models.Q(said=""),
                violation_error_message="Say why the target is dropped.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.get_decision_display()}"
