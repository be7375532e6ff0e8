"""One music service's year, for its own people: its self-assessment, its plan, and the targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from actionplans.models import (
    ActionPlan,
    Decision,
    Leaving,
    Paper,
    PaperKind,
    PlanState,
    ProgressNote,
    Review,
    ReviewLine,
    Target,
    TargetStatus,
    first_day,
)
from actionplans.progress import Progress, Standing, progress
from changingtracks.years.stages import AuditFacts, Facts, PlanFacts
from portal.models import MusicService, User
from portal.years import academic_year
from selfassessment import steps
from selfassessment.models import Audit
from selfassessment.models import Standing as Chosen

AUDITS_BACK = 6  # as far as a page of this year looks for the year before
PLANS_BACK = 3


@dataclass(frozen=True)
class Aim:
    """A target as home shows it: how it stands, and what a review asked of it."""

    target: Target
    progress: Progress
    asked: str | None  # what was said when a review asked for a change; None: nothing is asked

    @property
    def standing(self) -> Standing:
        return self.progress.standing

    @property
    def is_open(self) -> bool:
        return self.target.status == TargetStatus.OPEN and self.target.acts


@dataclass(frozen=True)
class Meeting:
    """A review of a plan that is not finished."""

    pk: int
    name: str
    held_on: dt.date
    starts_time: dt.time | None


@dataclass(frozen=True)
class Year:
    """Where a music service is, as one of its people may see it."""

    service: MusicService
    today: dt.date
    year: int
    audit: Audit | None  # under way, or closed this year
    at: steps.Standing | None
    audits: list[Audit] = field(default_factory=list)  # the newest first
    plans: list[ActionPlan] = field(default_factory=list)  # those this reader may see, newest first
    aims: list[Aim] = field(default_factory=list)  # of those plans

    @cached_property
    def plan(self) -> ActionPlan | None:
        """The plan of this year: made from its self-assessment, or for these months, or to come."""
        now = first_day(academic_year(self.today))
        current = [one for one in self.plans if one.ends_on >= now]
        return min(current, key=self.distance, default=None)

    def distance(self, plan: ActionPlan) -> tuple[bool, bool, dt.date]:
        """The smaller, the more a plan is the one of now: live, and for today rather than later."""
        covers = plan.starts_on <= self.today <= plan.ends_on
        return plan.is_closed, not covers, plan.starts_on

    @property
    def of_plan(self) -> list[Aim]:
        return [one for one in self.aims if self.plan and one.target.plan_id == self.plan.pk]

    @property
    def in_force(self) -> list[Aim]:
        """Targets that people act on now."""
        return [
            one
            for one in self.aims
            if one.is_open and one.target.plan.state in {PlanState.APPROVED, PlanState.UNDER_WAY}
        ]

    @property
    def untargeted(self) -> int:
        """Priorities of this self-assessment that no target was made of."""
        if self.audit is None or self.at is None:
            return 0
        made = {
            one.target.priority_id
            for one in self.aims
            if one.target.priority
            and one.target.priority.audit_id == self.audit.pk
            and one.target.priority.standing == Chosen.CHOSEN
        }
        return max(self.at.priorities - len(made), 0)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.year, self.audit_facts, self.plan_facts)

    @property
    def audit_facts(self) -> AuditFacts | None:
        audit, at = self.audit, self.at
        if audit is None or at is None:
            return None
        return AuditFacts(
            started_on=timezone.localdate(audit.started_at),
            finish_on=audit.finish_on,
            people=at.people,
            in_already=at.in_already,
            talk_opened_on=day_of(audit.talk_opened_at),
            statements=at.statements,
            agreed=at.agreed,
            priorities=at.priorities,
            closed_on=day_of(audit.closed_at),
        )

    @property
    def plan_facts(self) -> PlanFacts | None:
        plan: Any = self.plan
        if plan is None:
            return None
        return PlanFacts(
            state=plan.state,
            started_on=timezone.localdate(plan.started_at),
            approved_on=plan.approved_on,
            begun_on=day_of(plan.begun_at),
            closed_on=day_of(plan.closed_at),
            targets=len(self.of_plan),
            open_targets=sum(one.is_open for one in self.of_plan),
            last_noted_on=max(
                (noted for one in self.of_plan if (noted := last_noted(one.target))), default=None
            ),
            reported_on=day_of(plan.year_report_at),
        )


def day_of(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None


def last_noted(target: Any) -> dt.date | None:
    noted: dt.date | None = target.last_noted_on
    return noted


def read(user: User, service: MusicService) -> Year:
    """The year of a service for one of its people: seven queries, whatever there is in it."""
    today = timezone.localdate()
    now = academic_year(today)
    # The newest first: what is under way, or was closed this year. A year has one or two.
    audits = list(
        Audit.objects.for_service(service).with_questionnaire().newest_first()[:AUDITS_BACK]
    )
    audit = next((one for one in audits if not one.closed_at or one.year >= now), None)
    plans = plans_of(user, service)
    return Year(
        service=service,
        today=today,
        year=audit.year if audit else now,
        audit=audit,
        at=steps.standing(user, audit) if audit else None,
        audits=audits,
        plans=plans,
        aims=aims_of(plans, today) if plans else [],
    )


def plans_of(user: User, service: MusicService) -> list[ActionPlan]:
    """The newest plans a reader may see, each with its next review and its year report's day."""
    reports = Paper.objects.ready().filter(plan=OuterRef("pk"), kind=PaperKind.YEAR_REPORT)
    reviews = Review.objects.filter(plan=OuterRef("pk"))
    to_come = JSONObject(pk="pk", name="name", held_on="held_on", starts_time="starts_time")
    plans = (
        ActionPlan.objects.visible_to(user)
        .for_service(service)
        .annotate(
            year_report_at=Subquery(reports.order_by("finished_at").values("finished_at")[:1]),
            has_papers=Exists(Paper.objects.ready().filter(plan=OuterRef("pk"))),
            reviewed_on=Subquery(reviews.finished().order_by("-held_on").values("held_on")[:1]),
            open_review=Subquery(reviews.open().order_by("held_on").values(found=to_come)[:1]),
        )
        .newest_first()[:PLANS_BACK]
    )
    for plan in (found := list(plans)):
        plan.service = service
    return found


def review_of(plan: Any) -> Meeting | None:
    """The review of a plan that is planned, or held and not finished: the earliest."""
    found = plan.open_review
    if found is None:
        return None
    time = found["starts_time"]
    return Meeting(
        found["pk"],
        found["name"],
        dt.date.fromisoformat(found["held_on"]),
        dt.time.fromisoformat(time) if time else None,
    )


def aims_of(plans: Iterable[ActionPlan], today: dt.date) -> list[Aim]:
    """Every target of some plans, with how it stands: one query, and no wording but its title."""
    known = {plan.pk: plan for plan in plans}
    notes = ProgressNote.objects.filter(target=OuterRef("pk")).newest_first()
    lines = ReviewLine.objects.filter(
        target=OuterRef("pk"), review__finished_at__isnull=False
    ).order_by("-review__held_on", "-review__pk")
    targets = (
        Target.objects.filter(plan__in=known)
        .select_related("priority")
        .only(
            *("plan", "area", "number", "title", "role", "owner", "status", "no_action_reason"),
            *("starts_on", "due_on", "changed_at", "start_value", "aim_value", "unit"),
            *("priority__audit", "priority__standing"),
        )
        .annotate(
            last_noted_on=Subquery(notes.values("noted_on")[:1]),
            last_rag=Subquery(notes.exclude(rag="").values("rag")[:1]),
            decided=Subquery(lines.values("decision")[:1]),
            decided_said=Subquery(lines.values("said")[:1]),
            decided_at=Subquery(lines.values("review__finished_at")[:1]),
            is_settled=Exists(Target.objects.filter(carried_from=OuterRef("pk")))
            | Exists(Leaving.objects.filter(target=OuterRef("pk"))),
        )
        .in_order()
    )
    return [aim(target, known[target.plan_id], today) for target in targets]


def aim(row: Target, plan: ActionPlan, today: dt.date) -> Aim:
    target: Any = row
    target.plan = plan
    noted = target.last_noted_on
    notes = [ProgressNote(noted_on=noted, rag=target.last_rag or "")] if noted else []
    asks = target.decided == Decision.CHANGE and target.changed_at <= target.decided_at
    answered = noted and target.decided_at and noted > timezone.localdate(target.decided_at)
    return Aim(
        target,
        progress(target, today, notes),
        (target.decided_said or "") if asks and not answered else None,
    )
