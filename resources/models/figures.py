"""Figures of an annual review: those told of several services, and those that the team counted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from resources.models.reviews import AnnualReview


class ToldFigure(models.Model):
    """A figure that was told of some services. Kept: it decides what may be told next.

    It never leaves the database, and outlives the review that told it.
    """

    year = models.PositiveSmallIntegerField("academic year")
    family = models.CharField(max_length=40, help_text="What is told together.")
    number = models.PositiveSmallIntegerField(help_text="Which telling of its family this is.")
    row = models.CharField(max_length=40, blank=True)
    of = models.JSONField(help_text="The services, each with its part: reviews/figures/telling.py.")
    services = models.PositiveIntegerField()
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["year", "family", "number", "row"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "family", "number", "row"],
                name="a_figure_is_told_once_at_a_time",
                violation_error_message="This figure is told already.",
            ),
            # The threshold stands here too: a mistake in the code is refused, not told.
            models.CheckConstraint(
                name="told_figure_has_six_services",
                condition=Q(services__gte=6),
                violation_error_message="Nothing is told of fewer than six services.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.row}, {self.year}"


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
