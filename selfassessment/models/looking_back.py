"""Looking back: how one edition became the next, and totals from before the portal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.constraints import one_of, together
from portal.models import MusicService
from portal.years import academic_year, year_name
from selfassessment.models.questionnaire import Questionnaire, Statement

if TYPE_CHECKING:
    from portal.models import User


class Became(models.TextChoices):
    """What became of a statement from one edition to a later one."""

    UNCHANGED = "unchanged", "Unchanged"
    REWORDED = "reworded", "Reworded"
    SPLIT = "split", "Split"
    MERGED = "merged", "Merged"
    NEW = "new", "New"
    DROPPED = "dropped", "Dropped"


# One statement to one: the only ones that carry a series of years on.
CONTINUES = (Became.UNCHANGED, Became.REWORDED)


class EditionMappingQuerySet(models.QuerySet["EditionMapping"]):
    def reviewed(self) -> Self:
        return self.filter(reviewed_at__isnull=False)

    def between(self, older: Questionnaire, newer: Questionnaire) -> Self:
        return self.filter(older=older, newer=newer)

    def of_names(self, names: set[str]) -> Self:
        return self.filter(newer__name__in=names)

    def with_lines(self) -> Self:
        return self.prefetch_related("lines")


class EditionMapping(models.Model):
    """What the programme team says of a pair of editions: which statement became which.

    Only a reviewed one continues a series of years, and only between published editions.
    """

    older = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="mappings_onward"
    )
    newer = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="mappings_back")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EditionMappingQuerySet.as_manager()

    class Meta:
        constraints = [
            together("reviewed_at", "reviewed_by"),
            models.UniqueConstraint(
                fields=["older", "newer"],
                name="one_mapping_per_pair_of_editions",
                violation_error_message="These two editions are compared already.",
            ),
            models.CheckConstraint(
                name="mapping_is_between_two_editions",
                condition=~Q(older=F("newer")),
                violation_error_message="Choose two different editions.",
            ),
        ]

    def __str__(self) -> str:
        return f"From edition {self.older.edition} to {self.newer.edition} of {self.newer.name}"


class MappingLine(models.Model):
    """One tie between a statement and what it became; a split or merged one has several."""

    mapping = models.ForeignKey(EditionMapping, on_delete=models.CASCADE, related_name="lines")
    became = models.CharField("what became of it", max_length=12, choices=Became)
    old = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    new = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("became", Became),
            models.CheckConstraint(
                name="mapping_line_has_the_sides_of_its_kind",
                condition=Q(became=Became.NEW, old__isnull=True, new__isnull=False)
                | Q(became=Became.DROPPED, old__isnull=False, new__isnull=True)
                | ~Q(became__in=[Became.NEW, Became.DROPPED])
                & Q(old__isnull=False, new__isnull=False),
                violation_error_message="A new one has none before it, a dropped one none after.",
            ),
            models.UniqueConstraint(
                fields=["mapping", "old"],
                condition=~Q(became=Became.SPLIT),
                name="an_old_statement_becomes_one_unless_split",
                violation_error_message="This statement is accounted for already.",
            ),
            models.UniqueConstraint(
                fields=["mapping", "new"],
                condition=~Q(became=Became.MERGED),
                name="a_new_statement_comes_from_one_unless_merged",
                violation_error_message="This statement is accounted for already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id or '–'} {self.became} {self.new_id or '–'}"


class Exactness(models.TextChoices):
    """How closely the date of something past is known."""

    DAY = "day", "The day"
    MONTH = "month", "The month"
    SCHOOL_YEAR = "school_year", "The academic year"
    YEAR = "year", "The calendar year"


class BaselineQuerySet(models.QuerySet["Baseline"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(service__in=[m.service_id for m in user.live_memberships])

    def for_service(self, service: MusicService) -> Self:
        return self.filter(service=service)

    def with_totals(self) -> Self:
        return self.prefetch_related("totals")


class Baseline(models.Model):
    """What a service scored before the portal: totals only, on whatever scale it was.

    Shown beside the years on the portal and never joined to them.
    """

    service = models.ForeignKey(
        "portal.MusicService", on_delete=models.PROTECT, related_name="baselines"
    )
    name = models.CharField("what it was", max_length=120)
    taken_on = models.DateField("when", help_text="The first day of what is known.")
    exactness = models.CharField(max_length=12, choices=Exactness, default=Exactness.DAY)
    lowest = models.PositiveSmallIntegerField("lowest level", null=True, blank=True)
    highest = models.PositiveSmallIntegerField("highest level", null=True, blank=True)
    brought_in_at = models.DateTimeField(default=timezone.now)
    brought_in_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = BaselineQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_on", "name", "pk"]
        constraints = [
            one_of("exactness", Exactness),
            models.UniqueConstraint(
                fields=["service", "name", "taken_on", "exactness"],
                name="one_baseline_per_name_and_date",
                violation_error_message="There are totals of this name and date already.",
            ),
            models.CheckConstraint(
                name="baseline_scale_rises_or_is_not_known",
                condition=Q(lowest__isnull=True, highest__isnull=True)
                | Q(lowest__isnull=False, highest__gt=F("lowest")),
                violation_error_message="Give both ends of the scale, the lower one first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.when}"

    def get_absolute_url(self) -> str:
        return reverse("baseline", args=[self.pk])

    @property
    def when(self) -> str:
        return in_words(self.taken_on, self.exactness)

    @property
    def scale(self) -> str:
        """“1 to 3”, or nothing where it is not known."""
        return "" if self.lowest is None else f"{self.lowest} to {self.highest}"


class BaselineTotal(models.Model):
    """One total of a baseline: of an area by its name then, or of the whole (blank)."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="totals")
    area = models.CharField("area", max_length=120, blank=True)
    total = models.DecimalField("total", max_digits=8, decimal_places=2)
    most = models.DecimalField("out of", max_digits=8, decimal_places=2)
    statements = models.PositiveSmallIntegerField("statements", null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["baseline", "area"],
                name="one_total_per_area_of_a_baseline",
                violation_error_message="This area has a total already.",
            ),
            models.CheckConstraint(
                name="baseline_total_lies_within_what_there_could_be",
                condition=Q(total__gte=0, most__gt=0, total__lte=F("most")),
                violation_error_message="A total is not more than it could be.",
            ),
            models.CheckConstraint(
                name="baseline_total_has_statements_or_does_not_say",
                condition=Q(statements__isnull=True) | Q(statements__gte=1),
                violation_error_message="Give the number of statements, or leave it out.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area or 'Overall'}: {self.as_written}"

    @property
    def as_written(self) -> str:
        """“112 of 183”."""
        return f"{plain(self.total)} of {plain(self.most)}"

    @property
    def is_level(self) -> bool:
        """Whether enough is known to place the total between the two ends of its scale."""
        return self.baseline.lowest is not None and self.statements is not None

    @property
    def share(self) -> Fraction:
        """From 0 to 1: of the way up its scale where that is known, else of the most possible.

        (total − n × lowest) ÷ (n × (highest − lowest)) needs n, the number of statements.
        """
        total, most = Fraction(self.total), Fraction(self.most)
        lowest, n = self.baseline.lowest, self.statements
        if lowest is None or n is None:
            return total / most
        return min(max((total - n * lowest) / (most - n * lowest), Fraction(0)), Fraction(1))

    @property
    def percent(self) -> int:
        return floor(self.share * 100 + Fraction(1, 2))

    @property
    def says(self) -> str:
        """What the percentage is of, in words that never pass one kind for the other."""
        return f"{self.percent}% of the way" if self.is_level else f"{self.percent}% of the maximum"


def plain(number: Decimal) -> str:
    """A total as people write it: 112, or 56.5."""
    return f"{number.normalize():f}"


def in_words(day: dt.date, exactness: str) -> str:
    """A date as closely as it is known: “4 March 2019”, “March 2019”, “2018/19”, “2019”."""
    match exactness:
        case Exactness.MONTH:
            return date_format(day, "F Y")
        case Exactness.SCHOOL_YEAR:
            return year_name(academic_year(day))
        case Exactness.YEAR:
            return str(day.year)
        case _:
            return date_format(day, "j F Y")
