"""What services that share come to together: made by the worker, read as it is by pages.

What may be worked out from it is decided in `benchmark/disclosure.py` (docs/adr/0008).
"""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.constraints import one_of
from portal.models import Region, ServiceKind
from portal.years import year_name
from selfassessment.models.audit import Audit, Scope
from selfassessment.models.questionnaire import Area, Questionnaire, Section


class Split(models.TextChoices):
    """How the services of a benchmark are told apart: never by two of these at once."""

    EVERYBODY = "all", "All services"
    REGION = "region", "By region"
    KIND = "kind", "By kind of service"


class SharedScore(models.Model):
    """What the agreed ratings of a shared self-assessment come to in one section."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="shared_scores")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    total = models.PositiveIntegerField(help_text="The sum of the levels agreed.")
    rated = models.PositiveSmallIntegerField(help_text="How many statements have one.")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "section"],
                name="one_shared_score_per_audit_and_section",
                violation_error_message="This section has a score already.",
            ),
            models.CheckConstraint(
                name="shared_score_stands_on_a_level",
                condition=Q(rated__gt=0),
                violation_error_message="A section without a level has no score.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total} in {self.rated}"


class BenchmarkQuerySet(models.QuerySet["Benchmark"]):
    def of(self, questionnaire: int, scope: str, year: int) -> Self:
        return self.filter(questionnaire=questionnaire, scope=scope, year=year)


class Benchmark(models.Model):
    """Figures made at one time, of all who share on one edition, scope and year."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="benchmarks"
    )
    scope = models.CharField(max_length=8, choices=Scope)
    year = models.PositiveSmallIntegerField("academic year")
    made_at = models.DateTimeField(default=timezone.now)

    objects = BenchmarkQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "questionnaire", "scope", "-pk"]
        constraints = [one_of("scope", Scope)]
        indexes = [
            models.Index(fields=["questionnaire", "scope", "year", "-id"], name="benchmark_of")
        ]

    def __str__(self) -> str:
        return f"Benchmark {year_name(self.year)}, {self.questionnaire}"


class BenchmarkMember(models.Model):
    """A service behind figures that were shown, as it was then. Kept: it decides what may follow.

    It never leaves the database. `scores` is a digest: it tells whether they changed since.
    """

    benchmark = models.ForeignKey(Benchmark, on_delete=models.CASCADE, related_name="members")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=40, choices=Region)
    kind = models.CharField(max_length=12, choices=ServiceKind, blank=True)
    scores = models.CharField(max_length=64)
    sections = ArrayField(models.IntegerField(), help_text="The ids of those with a score.")

    class Meta:
        constraints = [
            one_of("region", Region),
            one_of("kind", ServiceKind, blank=True),
            models.UniqueConstraint(
                fields=["benchmark", "audit"],
                name="one_place_per_audit_and_benchmark",
                violation_error_message="This self-assessment is in these figures already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id} in {self.benchmark_id}"


class BenchmarkGroup(models.Model):
    """All services of a benchmark, or those of one region or kind; only where it may be shown."""

    benchmark = models.ForeignKey(Benchmark, on_delete=models.CASCADE, related_name="groups")
    split = models.CharField(max_length=8, choices=Split)
    value = models.CharField(max_length=40, blank=True)
    services = models.PositiveIntegerField()
    live = models.BooleanField(
        default=True, help_text="Not once too few of its services still share."
    )

    class Meta:
        constraints = [
            one_of("split", Split),
            models.UniqueConstraint(
                fields=["benchmark", "split", "value"],
                name="one_group_per_benchmark_and_value",
                violation_error_message="This group is there already.",
            ),
            models.CheckConstraint(
                name="benchmark_group_has_a_value_unless_it_is_everybody",
                condition=Q(split=Split.EVERYBODY, value="")
                | ~Q(split=Split.EVERYBODY) & ~Q(value=""),
                violation_error_message="Say which region or kind.",
            ),
            # The threshold stands here too: a mistake in the code is refused, not shown.
            models.CheckConstraint(
                name="benchmark_group_has_six_services",
                condition=Q(services__gte=6),
                violation_error_message="Fewer than six services are never shown.",
            ),
        ]

    def __str__(self) -> str:
        return self.value or "All services"


class BenchmarkFigure(models.Model):
    """Where the middle half of a group lies in one area or section, in per cent, to the next 5."""

    group = models.ForeignKey(BenchmarkGroup, on_delete=models.CASCADE, related_name="figures")
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    low = models.PositiveSmallIntegerField("lower quartile")
    middle = models.PositiveSmallIntegerField("median")
    high = models.PositiveSmallIntegerField("upper quartile")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="figure_is_of_an_area_or_a_section",
                condition=Q(area__isnull=False, section__isnull=True)
                | Q(area__isnull=True, section__isnull=False),
                violation_error_message="A figure is of an area or of a section.",
            ),
            models.UniqueConstraint(
                fields=["group", "area"],
                name="one_figure_per_group_and_area",
                violation_error_message="This area has its figure already.",
            ),
            models.UniqueConstraint(
                fields=["group", "section"],
                name="one_figure_per_group_and_section",
                violation_error_message="This section has its figure already.",
            ),
            models.CheckConstraint(
                name="figure_rises_from_0_to_100",
                condition=Q(low__lte=models.F("middle"))
                & Q(middle__lte=models.F("high"))
                & Q(high__lte=100),
                violation_error_message="The quartiles rise from 0 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"
