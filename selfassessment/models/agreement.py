"""What a music service says of itself after talking, and what it acts on this year."""

from __future__ import annotations

from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.constraints import one_of
from selfassessment.models.audit import Audit
from selfassessment.models.questionnaire import Section, Statement
from selfassessment.models.response import Via


class Agreed(models.TextChoices):
    """What is agreed of a statement. Not agreed yet (blank) is none of these."""

    LEVEL = "level", "A level of the scale"
    NOT_APPLICABLE = "na", "Not applicable"
    PARKED = "parked", "Parked"


class AgreedRatingQuerySet(models.QuerySet["AgreedRating"]):
    def agreed(self) -> Self:
        return self.exclude(answer="")


# No context table: the row itself says who and how.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class AgreedRating(models.Model):
    """The service's own word on one statement. Only these feed totals, trends and benchmarks."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="agreed_ratings")
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="agreed_ratings"
    )
    answer = models.CharField(max_length=8, choices=Agreed, blank=True)
    value = models.SmallIntegerField(null=True, blank=True)
    reason = models.TextField("why, in short", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    page = models.CharField(max_length=32, help_text="Which load of which page wrote this last.")
    agreed_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8, choices=Via, default=Via.BROWSER)

    objects = AgreedRatingQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("answer", Agreed, blank=True),
            one_of("via", Via),
            models.UniqueConstraint(
                fields=["audit", "statement"],
                name="one_agreed_rating_per_audit_and_statement",
                violation_error_message="This statement has an agreed rating already.",
            ),
            models.CheckConstraint(
                name="agreed_rating_has_a_value_exactly_when_it_is_a_level",
                condition=Q(answer=Agreed.LEVEL, value__isnull=False)
                | ~Q(answer=Agreed.LEVEL) & Q(value__isnull=True),
                violation_error_message="A level has a number; any other answer has none.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.choice or 'not agreed'}"

    @property
    def choice(self) -> str:
        """What the page's radio buttons call it: “3”, “na”, “parked” or nothing."""
        return str(self.value) if self.answer == Agreed.LEVEL else self.answer


class Standing(models.TextChoices):
    """What is decided about acting on a statement or section this year."""

    CHOSEN = "chosen", "A priority this year"
    PARKED = "parked", "Parked until next year"


class PriorityQuerySet(models.QuerySet["Priority"]):
    def decided(self) -> Self:
        return self.exclude(standing="")

    def chosen(self) -> Self:
        return self.filter(standing=Standing.CHOSEN)

    def parked(self) -> Self:
        return self.filter(standing=Standing.PARKED)


# No context table: the row itself says who and how.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Priority(models.Model):
    """A statement or section that the service acts on this year, or leaves for next year."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="priorities")
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="priorities"
    )
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.PROTECT, related_name="priorities"
    )
    standing = models.CharField(
        max_length=8,
        choices=Standing,
        blank=True,
        default=Standing.CHOSEN,
        help_text="Blank: decided once, and taken back.",
    )
    reason = models.TextField("why", max_length=1000, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = PriorityQuerySet.as_manager()

    class Meta:
        ordering = ["standing", "order", "pk"]
        verbose_name_plural = "priorities"
        constraints = [
            one_of("standing", Standing, blank=True),
            models.CheckConstraint(
                name="priority_is_a_statement_or_a_section",
                condition=Q(statement__isnull=False, section__isnull=True)
                | Q(statement__isnull=True, section__isnull=False),
                violation_error_message="Choose a statement or a section.",
            ),
            models.UniqueConstraint(
                fields=["audit", "statement"],
                name="one_standing_per_statement_and_audit",
                violation_error_message="This statement is decided on already.",
            ),
            models.UniqueConstraint(
                fields=["audit", "section"],
                name="one_standing_per_section_and_audit",
                violation_error_message="This section is decided on already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.statement or self.section)
