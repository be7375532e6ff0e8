"""Where a music service is in its year, and why somebody might call: pure rules over dates.

Nothing here knows a rating, a level, a comment or the wording of a target. What the programme sees
of a service's year is what these rules say, and no more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices

from actionplans.models import AGREED_STATES, STALLED_AFTER, PlanState
from selfassessment.steps import Stop, day

DECEMBER = 12
TALK_FOR = dt.timedelta(weeks=6)
RATE_PAST_DATE = dt.timedelta(weeks=4)
PLAN_AFTER_CHOOSING = dt.timedelta(weeks=4)
DRAFT_FOR = dt.timedelta(weeks=8)


class Stage(TextChoices):
    """The six stops of a year, and the place before the first."""

    NOT_BEGUN = "not_begun", "Not begun"
    RATE = "rate", "Self-assess"
    TALK = "talk", "Talk and agree"
    CHOOSE = "choose", "Choose"
    PLAN = "plan", "Plan"
    ACT = "act", "Act"
    REPORT = "report", "Report"


class Reason(TextChoices):
    """Why somebody of the programme might call."""

    NO_LEAD = "no_lead", "No lead yet"
    NOT_BEGUN = "not_begun", "Not begun by December"
    RATING_LONG = "rating_long", "Still rating four weeks past their date"
    TALK_LONG = "talk_long", "Talk open for six weeks"
    NO_PLAN = "no_plan", "No plan since priorities were chosen"
    DRAFT_LONG = "draft_long", "Plan in draft for eight weeks"
    NO_NOTE = "no_note", "No note for a term"


@dataclass(frozen=True)
class AuditFacts:
    """A self-assessment in dates and counts."""

    started_on: dt.date
    finish_on: dt.date
    people: int = 0  # asked to rate
    in_already: int = 0
    talk_opened_on: dt.date | None = None
    statements: int = 0
    agreed: int = 0
    priorities: int = 0  # chosen
    chosen_on: dt.date | None = None
    closed_on: dt.date | None = None

    @property
    def is_rated(self) -> bool:
        return bool(self.talk_opened_on or self.closed_on)

    @property
    def is_agreed(self) -> bool:
        settled = self.talk_opened_on and self.statements and self.agreed >= self.statements
        return bool(self.closed_on or settled)


@dataclass(frozen=True)
class PlanFacts:
    """An action plan in dates and counts."""

    state: str
    started_on: dt.date
    approved_on: dt.date | None = None
    begun_on: dt.date | None = None
    closed_on: dt.date | None = None
    targets: int = 0
    open_targets: int = 0
    last_noted_on: dt.date | None = None
    reported_on: dt.date | None = None  # when a year report of it was made

    @property
    def is_approved(self) -> bool:
        return self.state in AGREED_STATES

    @property
    def is_in_force(self) -> bool:
        return self.state in {PlanState.APPROVED, PlanState.UNDER_WAY}


@dataclass(frozen=True)
class Facts:
    """A music service in one academic year: its self-assessment, and the plan for it or from it."""

    year: int
    audit: AuditFacts | None = None
    plan: PlanFacts | None = None
    has_lead: bool = True

    @property
    def done(self) -> dict[Stage, bool]:
        """Which stops are behind them."""
        audit, plan = self.audit, self.plan
        chosen = audit and (audit.closed_on or (audit.is_agreed and audit.priorities and plan))
        return {
            Stage.RATE: bool(audit and audit.is_rated),
            Stage.TALK: bool(audit and audit.is_agreed),
            Stage.CHOOSE: bool(chosen),
            Stage.PLAN: bool(plan and plan.is_approved),
            Stage.ACT: bool(plan and plan.closed_on),
            Stage.REPORT: bool(plan and plan.closed_on and plan.reported_on),
        }


def stage(facts: Facts) -> Stage:
    """The stop where a service is: the first that is not behind it.

    With a plan and no self-assessment this year, it is where the plan is. When all is done it
    stays at the last stop until the year is over.
    """
    if facts.audit is None:
        if facts.plan is None or facts.plan.closed_on:
            return Stage.NOT_BEGUN
        return Stage.ACT if facts.plan.is_in_force else Stage.PLAN
    return next((stop for stop, done in facts.done.items() if not done), Stage.REPORT)


def reasons(facts: Facts, today: dt.date) -> list[Reason]:
    """Why somebody might call, in the order of the year; none is a good sign."""
    audit, plan = facts.audit, facts.plan
    found = {
        Reason.NO_LEAD: not facts.has_lead,
        Reason.NOT_BEGUN: audit is None and today >= dt.date(facts.year, DECEMBER, 1),
        Reason.RATING_LONG: bool(
            audit and not audit.is_rated and today >= audit.finish_on + RATE_PAST_DATE
        ),
        Reason.TALK_LONG: bool(
            audit
            and audit.talk_opened_on
            and not audit.closed_on
            and not audit.priorities
            and today >= audit.talk_opened_on + TALK_FOR
        ),
        Reason.NO_PLAN: bool(
            audit
            and audit.chosen_on
            and audit.priorities
            and plan is None
            and today >= audit.chosen_on + PLAN_AFTER_CHOOSING
        ),
        Reason.DRAFT_LONG: bool(
            plan and not plan.is_approved and today >= plan.started_on + DRAFT_FOR
        ),
        Reason.NO_NOTE: bool(plan and is_quiet(plan, today)),
    }
    return [reason for reason, holds in found.items() if holds]


def is_quiet(plan: PlanFacts, today: dt.date) -> bool:
    """Whether a plan is under way with targets open, and nobody wrote a note for about a term."""
    since = max(filter(None, [plan.begun_on, plan.last_noted_on]), default=None)
    under_way = plan.state == PlanState.UNDER_WAY and plan.open_targets
    return bool(under_way and since and today >= since + STALLED_AFTER)


def track(facts: Facts) -> list[Stop]:
    """The year as a track: where each stop stands, and a few words on it."""
    at = stage(facts)
    here = Stage.RATE if at == Stage.NOT_BEGUN else at
    words = notes(facts)
    return [
        Stop(stop.label, "here" if stop == here else "done" if done else "later", words[stop])
        for stop, done in facts.done.items()
    ]


def notes(facts: Facts) -> dict[Stage, str]:
    """A few words on each stop: what there is of it, or when it comes."""
    return {
        Stage.NOT_BEGUN: "",
        **audit_notes(facts.audit),
        **plan_notes(facts.plan, facts.year),
    }


def audit_notes(audit: AuditFacts | None) -> dict[Stage, str]:
    if audit is None:
        return {
            Stage.RATE: "Each alone",
            Stage.TALK: "Where views differ",
            Stage.CHOOSE: "Three to five priorities",
        }
    talking = audit.talk_opened_on or audit.closed_on
    return {
        Stage.RATE: f"{audit.in_already} of {audit.people} handed in"
        if audit.people > 1
        else "Handed in"
        if audit.in_already
        else f"By {day(audit.finish_on)}",
        Stage.TALK: f"{audit.agreed} of {audit.statements} agreed"
        if talking
        else "Once ratings are in",
        Stage.CHOOSE: f"{audit.priorities} chosen"
        if audit.priorities
        else "Three to five priorities",
    }


def plan_notes(plan: PlanFacts | None, year: int) -> dict[Stage, str]:
    report = f"By August {year + 1}"
    if plan is None:
        return {
            Stage.PLAN: "Targets, with a date",
            Stage.ACT: "A few notes each term",
            Stage.REPORT: report,
        }
    targets = f"{plan.targets} target{'' if plan.targets == 1 else 's'}"
    approved = f"Approved {day(plan.approved_on)}" if plan.approved_on else f"Draft, {targets}"
    acting = f"{plan.open_targets} of {targets} open"
    return {
        Stage.PLAN: approved,
        Stage.ACT: f"Closed {day(plan.closed_on)}" if plan.closed_on else acting,
        Stage.REPORT: f"Made {day(plan.reported_on)}" if plan.reported_on else report,
    }


def plan_state(plan: PlanFacts) -> str:
    """The state in the word that the plan's own pages use."""
    return str(PlanState(plan.state).label)
