"""Targets to begin from, kept by the programme team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from portal.constraints import one_of
from selfassessment.models import PlanArea

if TYPE_CHECKING:
    from selfassessment.models import Statement


class ExampleTargetQuerySet(models.QuerySet["ExampleTarget"]):
    def for_statement(self, statement: Statement) -> Self:
        """Those for a statement or its section, in any edition of its questionnaire."""
        codes = [statement.code, statement.section.code]
        return self.filter(questionnaire=statement.questionnaire.name, codes__overlap=codes)

    def in_order(self) -> Self:
        return self.order_by("questionnaire", "order", "pk")


class ExampleTarget(models.Model):
    """A fictional SMART target, offered where a statement or section is chosen to act on."""

    questionnaire = models.CharField("questionnaire", max_length=120, help_text="By its name.")
    codes = ArrayField(
        models.CharField(max_length=12), verbose_name="codes of statements or sections"
    )
    area = models.CharField("plan area", max_length=40, choices=PlanArea)
    title = models.CharField("what will change", max_length=200)
    measure = models.TextField("how anybody will know", max_length=1000)
    role = models.CharField("accountable role", max_length=160, blank=True)
    due = models.CharField("due, in words", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody: it came with the portal.",
    )

    objects = ExampleTargetQuerySet.as_manager()

    class Meta:
        ordering = ["questionnaire", "order", "pk"]
        constraints = [one_of("area", PlanArea)]

    def __str__(self) -> str:
        return self.title
