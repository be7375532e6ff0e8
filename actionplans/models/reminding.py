"""When people are reminded, when they are left alone, and by which link calendars read."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from actionplans.models.target import Target
from portal.constraints import one_of

if TYPE_CHECKING:
    from portal.models import User


class Term(models.TextChoices):
    """The three terms of an academic year."""

    AUTUMN = "autumn", "Autumn term"
    SPRING = "spring", "Spring term"
    SUMMER = "summer", "Summer term"


class TermDates(models.Model):
    """A term of one music service; where there is none, England's usual dates hold (terms.py)."""

    service = models.ForeignKey(
        "portal.MusicService", on_delete=models.CASCADE, related_name="term_dates"
    )
    year = models.PositiveSmallIntegerField("academic year")
    term = models.CharField(max_length=8, choices=Term)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    half_starts_on = models.DateField("half term from", null=True, blank=True)
    half_ends_on = models.DateField("half term to", null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        verbose_name_plural = "term dates"
        constraints = [
            one_of("term", Term),
            models.UniqueConstraint(
                fields=["service", "year", "term"],
                name="one_set_of_dates_per_service_and_term",
                violation_error_message="This term has its dates already.",
            ),
            models.CheckConstraint(
                name="term_ends_after_it_starts",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="The last day comes after the first.",
            ),
            models.CheckConstraint(
                name="half_term_lies_within_its_term",
                condition=Q(half_starts_on__isnull=True, half_ends_on__isnull=True)
                | Q(
                    half_starts_on__gt=F("starts_on"),
                    half_ends_on__gte=F("half_starts_on"),
                    half_ends_on__lt=F("ends_on"),
                ),
                violation_error_message="Half term lies within the term.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_term_display()} {self.year}"


class SnoozeQuerySet(models.QuerySet["Snooze"]):
    def of(self, user: User, today: dt.date) -> Self:
        """What this person has quiet about now, in plans they may see, soonest over first."""
        return (
            self.filter(user=user, until_on__gt=today, target__in=Target.objects.visible_to(user))
            .select_related("target__plan__service")
            .order_by("until_on", "pk")
        )


class Snooze(models.Model):
    """Somebody asked to be left alone about a target until a day, and said why."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="snoozes")
    user = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="snoozes")
    until_on = models.DateField("until")
    reason = models.CharField("why", max_length=300)
    set_at = models.DateTimeField(default=timezone.now)

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target", "user"],
                name="one_snooze_per_person_and_target",
                violation_error_message="You asked for quiet about this target already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.target_id} until {self.until_on}"


def new_key() -> str:
    return secrets.token_urlsafe(24)


class ReminderChoice(models.Model):
    """How somebody wants to be reminded: the weekly digest, and the link of their calendar."""

    user = models.OneToOneField(
        "portal.User", on_delete=models.CASCADE, related_name="reminder_choice"
    )
    weekly = models.BooleanField("send me one e-mail a week when something is due", default=True)
    calendar_key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    calendar_made_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Reminders of {self.user_id}"


class Digest(models.Model):
    """That somebody got their digest in a week: at most one."""

    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="digests")
    monday_on = models.DateField(help_text="The week it was for.")
    sent_at = models.DateTimeField(default=timezone.now)
    lines = models.PositiveSmallIntegerField(default=0, help_text="How many targets it named.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "monday_on"],
                name="one_digest_per_person_and_week",
                violation_error_message="This week's digest is out already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, week of {self.monday_on}"
