"""One music service's self-assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.constraints import one_of, together
from portal.years import year_name
from selfassessment.models.questionnaire import (
    Level,
    Questionnaire,
    Section,
    Statement,
    StatementQuerySet,
)

if TYPE_CHECKING:
    from portal.models import MusicService, User


class Scope(models.TextChoices):
    """How much of the questionnaire is asked."""

    WHOLE = "whole", "The whole questionnaire"
    QUICK = "quick", "The quick check"


class Privacy(models.TextChoices):
    """What joins a person to their ratings, inside the service."""

    NAMED = "named", "Named"
    ANONYMOUS = "anonymous", "Anonymous"


class Stage(models.TextChoices):
    """Where in its year a self-assessment is."""

    RATING = "rating", "Rating"
    TALK = "talk", "Talking and agreeing"
    CLOSED = "closed", "Closed"


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> Self:
        """Those of the services this person belongs to; the programme sees aggregates instead."""
        return self.filter(service__in=[m.service_id for m in user.live_memberships])

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def for_service(self, service: MusicService) -> Self:
        return self.filter(service=service)

    def before(self, audit: Audit) -> Self:
        """Earlier years of the service that may stand beside this one, the newest first.

        Their totals are shown, and they asked at least as much of the same edition: a quick check
        of last year says nothing about the whole of this one.
        """
        same = self.filter(
            service=audit.service_id,
            questionnaire=audit.questionnaire_id,
            year__lt=audit.year,
            totals_shown_at__isnull=False,
        )
        if audit.scope == Scope.WHOLE:
            same = same.filter(scope=Scope.WHOLE)
        return same.order_by("-year", "-totals_shown_at")

    def locked(self) -> Self:
        """Each with its service, held still until the transaction ends.

        What hangs on them may still come: only their own rows are locked, and not their keys.
        """
        return self.select_for_update(of=("self",), no_key=True).select_related("service")

    def with_questionnaire(self) -> Self:
        return self.select_related("service", "questionnaire")

    def newest_first(self) -> Self:
        return self.order_by("-year", "-started_at")


class Audit(models.Model):
    """One music service's self-assessment on one questionnaire for one academic year."""

    service = models.ForeignKey(
        "portal.MusicService", on_delete=models.PROTECT, related_name="audits"
    )
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="audits"
    )
    year = models.PositiveSmallIntegerField("academic year")
    scope = models.CharField("how much of it", max_length=8, choices=Scope, default=Scope.WHOLE)
    finish_on = models.DateField("finish by")
    privacy = models.CharField(
        "named or anonymous",
        max_length=12,
        choices=Privacy,
        blank=True,
        help_text="Chosen before the first invitation; never loosened (migration 0005).",
    )
    alone = models.BooleanField(
        default=False, help_text="One person rated and agreed: their words are the service’s."
    )
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    talk_opened_at = models.DateTimeField(null=True, blank=True)
    talk_opened_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    totals_shown_at = models.DateTimeField(null=True, blank=True)
    totals_shown_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shared_at = models.DateTimeField("in the benchmark since", null=True, blank=True)
    shared_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-started_at"]
        constraints = [
            one_of("scope", Scope),
            one_of("privacy", Privacy, blank=True),
            together("talk_opened_at", "talk_opened_by"),
            together("totals_shown_at", "totals_shown_by"),
            together("shared_at", "shared_by"),
            together("closed_at", "closed_by"),
            models.UniqueConstraint(
                fields=["service", "questionnaire", "year"],
                condition=Q(closed_at=None),
                name="one_open_audit_per_service_questionnaire_and_year",
                violation_error_message=(
                    "Your service has a self-assessment open on this questionnaire for this year."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Self-assessment {self.year_name}"

    def get_absolute_url(self) -> str:
        return reverse("audit", args=[self.pk])

    @property
    def year_name(self) -> str:
        return year_name(self.year)

    @property
    def stage(self) -> Stage:
        if self.closed_at:
            return Stage.CLOSED
        return Stage.TALK if self.talk_opened_at else Stage.RATING

    @property
    def is_anonymous(self) -> bool:
        return self.privacy == Privacy.ANONYMOUS

    @property
    def is_late(self) -> bool:
        return self.finish_on < timezone.localdate()

    def sections(self) -> models.QuerySet[Section]:
        """The sections asked, in order, each with its area."""
        asked = self.asked(Statement.objects.filter(section=models.OuterRef("pk")))
        return (
            Section.objects.filter(models.Exists(asked), questionnaire=self.questionnaire_id)
            .select_related("area")
            .order_by("area__order", "order", "pk")
        )

    def statements(self) -> StatementQuerySet:
        """The statements asked, in order, each with its section and area."""
        return self.asked(Statement.objects.filter(questionnaire=self.questionnaire_id)).in_order()

    def levels(self) -> models.QuerySet[Level]:
        return Level.objects.filter(questionnaire=self.questionnaire_id)

    def asked(self, statements: StatementQuerySet) -> StatementQuerySet:
        """Those of them that this audit asks."""
        return statements.quick_check() if self.scope == Scope.QUICK else statements
