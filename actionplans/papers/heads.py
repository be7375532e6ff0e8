"""Whose paper it is, of which plan, how far that plan was, and the time it has."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format

from actionplans.models import ActionPlan, PlanState, Target, TargetStatus
from portal.models import MusicService, ServiceLogo
from selfassessment.models import Audit


@dataclass(frozen=True)
class Logo:
    """The service's own logo, as it can stand in a page: no address is ever fetched."""

    source: str  # data:image/png;base64,…
    width: int  # in pixels
    height: int
    alt: str


@dataclass(frozen=True)
class Course:
    """The time of a plan as a track, for its drawing: places in per cent of the way through it."""

    first: str  # “September 2026”
    last: str
    ticks: list[int]  # where a month begins
    now: int | None  # the newest note
    done: list[int]  # targets done, by the day they were
    due: list[int]  # targets still open, by the day they are due
    words: str  # all that is drawn


@dataclass(frozen=True)
class Head:
    """Whose paper it is, of which plan, and how far that plan was."""

    service: str
    period: str  # “2025/26”
    state: str  # of PlanState: a paper made from a draft is never for a board viewer
    standing: str  # a sentence: “Approved by the board on 18 September 2025, and under way.”
    said: str  # what was said when it was approved
    as_of: str  # the day of the newest note: how fresh the progress is; or nothing
    course: Course
    is_fictional: bool
    logo: Logo | None
    rests_on: list[str]  # self-assessments whose totals it tells, with when they were shown


def head(
    plan: ActionPlan,
    told: Iterable[Audit],
    targets: Iterable[Target],
    noted_on: dt.date | None,
) -> Head:
    return Head(
        service=plan.service.name,
        period=plan.period,
        state=plan.state,
        standing=standing(plan),
        said=plan.approval_said,
        as_of=day(noted_on),
        course=course(plan, list(targets), noted_on),
        is_fictional=plan.service.is_fictional,
        logo=logo(plan.service),
        rests_on=[mark(audit) for audit in told],
    )


def course(plan: ActionPlan, targets: list[Target], noted_on: dt.date | None) -> Course:
    """Where in the time of the plan its notes have got to, and when its targets fall due."""
    length = (plan.ends_on - plan.starts_on).days

    def place(on: dt.date) -> int:
        return min(max(round(100 * (on - plan.starts_on).days / length), 0), 100)

    acting = [one for one in targets if one.acts]
    done = [one.ended_on for one in acting if one.status == TargetStatus.DONE and one.ended_on]
    due = [one.due_on for one in acting if one.is_open and one.due_on]
    told = [
        f"The plan runs from {day(plan.starts_on)} to {day(plan.ends_on)}.",
        f"The newest note is of {day(noted_on)}." if noted_on else "",
        f"Done on {listed(done)}." if done else "",
        f"Still due on {listed(due)}." if due else "",
    ]
    return Course(
        first=date_format(plan.starts_on, "F Y"),
        last=date_format(plan.ends_on, "F Y"),
        ticks=[place(first) for first in months(plan.starts_on, plan.ends_on)],
        now=place(noted_on) if noted_on else None,
        done=sorted({place(on) for on in done}),
        due=sorted({place(on) for on in due}),
        words=" ".join(filter(None, told)),
    )


def months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first day of each month from one day to another."""
    found, on = [], first.replace(day=1)
    while on <= last:
        if on >= first:
            found.append(on)
        on = (on + dt.timedelta(days=31)).replace(day=1)
    return found


def listed(days: list[dt.date]) -> str:
    """Days in order, each once: “1 May 2026, 31 July 2026”."""
    return ", ".join(day(on) for on in sorted(set(days)))


def mark(audit: Audit) -> str:
    """What a paper keeps of a self-assessment whose totals it tells, to notice when it reopens."""
    shown = audit.totals_shown_at
    return f"{audit.pk} {shown.isoformat() if shown else ''}"


def logo(service: MusicService) -> Logo | None:
    one = ServiceLogo.objects.filter(service=service).first()
    if one is None:
        return None
    image = base64.b64encode(bytes(one.image)).decode()
    return Logo(f"data:image/png;base64,{image}", one.width, one.height, one.alt)


def standing(plan: ActionPlan) -> str:
    """How far the plan is, as a sentence."""
    match plan.state:
        case PlanState.DRAFT:
            return "A draft. It is not approved yet."
        case PlanState.WITH_GROUP:
            return "With the ED&I group. It is not approved yet."
    approved = f"Approved by {inside(plan.approver)} on {day(plan.approved_on)}"
    match plan.state:
        case PlanState.UNDER_WAY:
            return f"{approved}, and under way."
        case PlanState.CLOSED:
            closed = timezone.localdate(plan.closed_at) if plan.closed_at else None
            return f"{approved}, and closed on {day(closed)}."
    return f"{approved}."


def inside(name: str) -> str:
    """A name within a sentence: “The board” is “the board”."""
    return f"the {name[4:]}" if name.startswith("The ") else name


def day(date: dt.date | None) -> str:
    return date_format(date, "j F Y") if date else ""


def money(sum_: Decimal) -> str:
    """Pounds, and pence only where there are any: “£1,200”, “£12.50”."""
    return f"£{sum_:,.2f}".removesuffix(".00")
