"""One service's self-assessment, the responses in it, and their ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.constraints import one_of, together
from portal.models import Membership
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


class Answer(models.TextChoices):
    """What a rating says. Unanswered (blank) is none of these, and none is a zero."""

    LEVEL = "level", "A level of the scale"
    DONT_KNOW = "dk", "Don’t know"
    NOT_APPLICABLE = "na", "Not applicable"


class Via(models.TextChoices):
    """How a rating came in."""

    BROWSER = "browser", "In the browser"
    DEMO = "demo", "Invented for the demo"


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> Self:
        """Those of the services this person belongs to; the programme sees aggregates instead."""
        return self.filter(service__in=[m.service_id for m in user.live_memberships])

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def for_service(self, service: MusicService) -> Self:
        return self.filter(service=service)

    def with_questionnaire(self) -> Self:
        return self.select_related("service", "questionnaire")

    def with_handed_in(self) -> Self:
        """When ratings were last handed in, if they are."""
        return self.annotate(handed_in_at=models.Max("responses__handed_in_at"))

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
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-started_at"]
        constraints = [
            one_of("scope", Scope),
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


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: User) -> Self:
        """One's own, while one belongs to the service: nobody rates with another's hand."""
        return self.filter(
            respondent=user,
            audit__service__memberships__user=user,
            audit__service__memberships__ended_at=None,
        )

    def handed_in(self) -> Self:
        return self.filter(handed_in_at__isnull=False)

    def with_audit(self) -> Self:
        return self.select_related("audit")

    def leading(self) -> Self:
        """The first copy of each audit: until ratings are agreed, it is the service's."""
        first = Response.objects.filter(audit=models.OuterRef("audit")).order_by("pk")
        return self.filter(pk=models.Subquery(first.values("pk")[:1]))

    def before(self, audit: Audit) -> Self:
        """The service's own of earlier years that may stand beside this audit, newest first.

        Handed in, on the same edition, and asking at least as much: a quick check of last year
        says nothing about the whole of this one.
        """
        same = (
            self.leading()
            .handed_in()
            .filter(
                audit__service=audit.service_id,
                audit__questionnaire=audit.questionnaire_id,
                audit__year__lt=audit.year,
            )
        )
        if audit.scope == Scope.WHOLE:
            same = same.filter(audit__scope=Scope.WHOLE)
        return same.order_by("-audit__year", "-handed_in_at")

    def with_respondent(self) -> Self:
        """Whose each is, and whether they have left the music service since."""
        there = Membership.objects.live().filter(
            user=models.OuterRef("respondent"), service=models.OuterRef("audit__service")
        )
        return self.select_related("respondent").annotate(orphaned=~models.Exists(there))

    def with_counts(self) -> Self:
        """How many statements are rated so far: a number that tells nothing of what was said."""
        return self.annotate(rated=models.Count("ratings", filter=~Q(ratings__answer="")))


# No context table: the row itself says who and how.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Response(models.Model):
    """One person's copy of an audit."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="responses")
    respondent = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="responses"
    )
    handed_in_at = models.DateTimeField(null=True, blank=True)
    rated: int  # by with_counts()
    orphaned: bool  # by with_respondent()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "respondent"],
                name="one_response_per_person_and_audit",
                violation_error_message="This person has a response in this self-assessment.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.respondent} on {self.audit}"

    @property
    def is_open(self) -> bool:
        """Whether ratings may still change."""
        return self.handed_in_at is None and self.audit.closed_at is None


class RatingQuerySet(models.QuerySet["Rating"]):
    def answered(self) -> Self:
        return self.exclude(answer="")


# No context table: the row itself says who and how.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Rating(models.Model):
    """One person's word on one statement. Saved by itself, with the version it was read at."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="ratings")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="ratings")
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    value = models.SmallIntegerField(null=True, blank=True)
    reason = models.TextField("why it does not apply", max_length=1000, blank=True)
    comment = models.TextField("comment", max_length=4000, blank=True)
    evidence = models.TextField("example or evidence", max_length=2000, blank=True)
    evidence_url = models.URLField("web address of the evidence", max_length=500, blank=True)
    discuss = models.BooleanField("discuss this", default=False)
    version = models.PositiveIntegerField(default=1)
    page = models.CharField(max_length=32, help_text="Which load of which page wrote this last.")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    via = models.CharField(max_length=8, choices=Via, default=Via.BROWSER)

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("answer", Answer, blank=True),
            one_of("via", Via),
            models.UniqueConstraint(
                fields=["response", "statement"],
                name="one_rating_per_response_and_statement",
                violation_error_message="This statement is rated already in this response.",
            ),
            models.CheckConstraint(
                name="rating_has_a_value_exactly_when_it_is_a_level",
                condition=Q(answer=Answer.LEVEL, value__isnull=False)
                | ~Q(answer=Answer.LEVEL) & Q(value__isnull=True),
                violation_error_message="A level has a number; any other answer has none.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.choice or 'unanswered'}"

    @property
    def choice(self) -> str:
        """What the page's radio buttons call this answer: “3”, “dk”, “na” or nothing."""
        return str(self.value) if self.answer == Answer.LEVEL else self.answer
