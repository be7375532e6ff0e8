"""One music service's plan for a period: what it will change, and how it will know."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.access import Role
from portal.constraints import one_of, together
from portal.years import FIRST_MONTH, academic_year, year_name
from selfassessment.models import Audit

if TYPE_CHECKING:
    from portal.models import MusicService, User


class PlanState(models.TextChoices):
    """Where a plan is in its life; actionplans/states.py says what each allows."""

    DRAFT = "draft", "Draft"
    WITH_GROUP = "with_group", "With the ED&I group"
    APPROVED = "approved", "Approved"
    UNDER_WAY = "under_way", "Under way"
    CLOSED = "closed", "Closed"


AGREED_STATES = (PlanState.APPROVED, PlanState.UNDER_WAY, PlanState.CLOSED)


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    def visible_to(self, user: User) -> Self:
        """Those of the services this person belongs to; a board viewer's once approved."""
        readers = [m.service_id for m in user.live_memberships if m.role == Role.BOARD_VIEWER]
        others = [m.service_id for m in user.live_memberships if m.role != Role.BOARD_VIEWER]
        return self.filter(Q(service__in=others) | Q(service__in=readers, state__in=AGREED_STATES))

    def for_service(self, service: MusicService) -> Self:
        return self.filter(service=service)

    def with_service(self) -> Self:
        return self.select_related("service", "audit")

    def with_counts(self) -> Self:
        """How many targets each has, and how many of them are done."""
        done = models.Q(targets__status="done")
        return self.annotate(
            target_count=models.Count("targets"),
            done_count=models.Count("targets", filter=done),
        )

    def with_neighbours(self) -> Self:
        """Whether its service has a plan for a later time, and an agreed one for an earlier."""
        others = ActionPlan.objects.filter(service=models.OuterRef("service"))
        begins = models.OuterRef("starts_on")
        return self.annotate(
            has_next=models.Exists(others.filter(starts_on__gt=begins)),
            has_last=models.Exists(others.agreed().filter(starts_on__lt=begins)),
        )

    def newest_first(self) -> Self:
        return self.order_by("-starts_on", "-ends_on", "-pk")

    def live(self) -> Self:
        """Not closed yet."""
        return self.exclude(state=PlanState.CLOSED)

    def agreed(self) -> Self:
        """Approved, whatever became of it since."""
        return self.filter(state__in=AGREED_STATES)

    def published(self) -> Self:
        """What the public can read of: each with its summary, let out since it was approved."""
        out = self.filter(public_summary__published_at__gte=F("approved_at"))
        return out.select_related("public_summary", "service").newest_first()

    def before(self, plan: ActionPlan) -> Self:
        """Those a board approved for an earlier time of the same service, the newest first."""
        earlier = self.agreed().filter(service=plan.service_id, starts_on__lt=plan.starts_on)
        return earlier.newest_first()

    def in_force(self) -> Self:
        """Approved and not closed: what people act on."""
        return self.filter(state__in=[PlanState.APPROVED, PlanState.UNDER_WAY])

    def locked(self) -> Self:
        """Each with its service, held still until the transaction ends."""
        return self.select_for_update(of=("self",), no_key=True).select_related("service")


# No context table: the row itself says who and how.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class ActionPlan(models.Model):
    """A music service's action plan for a period, usually an academic year."""

    service = models.ForeignKey(
        "portal.MusicService", on_delete=models.PROTECT, related_name="action_plans"
    )
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    audit = models.ForeignKey(
        Audit,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="action_plans",
        help_text="The self-assessment it follows from.",
    )
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_into"
    )
    state = models.CharField(max_length=12, choices=PlanState, default=PlanState.DRAFT)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField("with the ED&I group since", null=True, blank=True)
    shared_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approver = models.CharField("who approved it", max_length=160, blank=True)
    approved_on = models.DateField("approved on", null=True, blank=True)
    approval_said = models.TextField("what was said", max_length=2000, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField(null=True, blank=True)
    begun_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closing_said = models.TextField("what is left to say", max_length=2000, blank=True)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            one_of("state", PlanState),
            together("shared_at", "shared_by"),
            together("approved_at", "approved_by"),
            together("begun_at", "begun_by"),
            together("closed_at", "closed_by"),
            models.UniqueConstraint(
                fields=["service", "starts_on", "ends_on"],
                name="one_plan_per_service_and_period",
                violation_error_message="Your service has a plan for this period already.",
            ),
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="The last day comes after the first.",
            ),
            models.CheckConstraint(
                name="plan_is_approved_exactly_when_it_says_by_whom",
                condition=Q(
                    state__in=AGREED_STATES, approved_on__isnull=False, approved_at__isnull=False
                )
                & ~Q(approver="")
                | Q(
                    state__in=[PlanState.DRAFT, PlanState.WITH_GROUP],
                    approved_on__isnull=True,
                    approved_at__isnull=True,
                    approver="",
                ),
                violation_error_message="Say who approved the plan, and when.",
            ),
            models.CheckConstraint(
                name="plan_is_closed_exactly_when_it_says_when",
                condition=Q(state=PlanState.CLOSED, closed_at__isnull=False)
                | ~Q(state=PlanState.CLOSED) & Q(closed_at__isnull=True),
                violation_error_message="Say when the plan was closed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Action plan {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])

    @property
    def period(self) -> str:
        """In words: “2025/26”, “2025/26 to 2027/28”, or “April 2026 to March 2027”."""
        first, last = academic_year(self.starts_on), academic_year(self.ends_on)
        if (self.starts_on, self.ends_on) == (first_day(first), last_day(last)):
            return year_name(first) if first == last else f"{year_name(first)} to {year_name(last)}"
        return f"{date_format(self.starts_on, 'F Y')} to {date_format(self.ends_on, 'F Y')}"

    @property
    def is_approved(self) -> bool:
        return self.state in AGREED_STATES

    @property
    def is_closed(self) -> bool:
        return self.state == PlanState.CLOSED


def first_day(year: int) -> dt.date:
    """The first day of an academic year, given as its first calendar year."""
    return dt.date(year, FIRST_MONTH, 1)


def last_day(year: int) -> dt.date:
    """The last day of an academic year: 31 August."""
    return first_day(year + 1) - dt.timedelta(days=1)
