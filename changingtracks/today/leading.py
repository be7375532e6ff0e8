"""What Today says of the action plan to those who lead it, and to those who read it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from actionplans.models import ActionPlan, PlanState
from actionplans.progress import Standing
from changingtracks.today.shown import Rank, Row, Thing
from changingtracks.years.own import Year, review_of
from portal import access
from portal.access import Permission
from portal.models import User
from selfassessment.models import Stage
from selfassessment.steps import Next, day

REVIEW_EVERY = dt.timedelta(weeks=10)  # a term has about twelve


def things(user: User, year: Year) -> list[Thing]:
    """What waits for this reader in the plans of the service, beside their own targets."""
    service = year.service
    if access.can(user, Permission.PLAN_LEAD, service):
        return [
            *(thing for plan in year.plans for thing in of_plan(year, plan)),
            *to_begin(year),
            *of_others(user, year),
        ]
    if access.can(user, Permission.PLAN_EDIT, service):
        return [
            thing(
                Rank.TALK,
                "The plan is with you",
                f"{plan} is with your ED&I group",
                "Read its targets and mend the wording, until the leads take it to the board.",
                plan.get_absolute_url(),
                "Open the plan",
            )
            for plan in year.plans
            if plan.state == PlanState.WITH_GROUP
        ]
    return []


def of_plan(year: Year, plan: ActionPlan) -> list[Thing]:
    """The next move of one plan, for its leads: at most one."""
    if plan.state in {PlanState.DRAFT, PlanState.WITH_GROUP}:
        return [to_agree(year, plan)]
    if plan.state == PlanState.APPROVED:
        return [
            thing(
                Rank.LEAD_PLAN,
                "The plan can begin",
                f"Begin the action plan of {plan.period}",
                "The board approved it. From now on notes and reviews keep it moving.",
                reverse("plan_begin", args=[plan.pk]),
                "Begin the plan",
            )
        ]
    if plan.state == PlanState.UNDER_WAY:
        return to_keep_going(year, plan)
    return []


def to_agree(year: Year, plan: ActionPlan) -> Thing:
    """A plan that is not approved: fill it, take it to the group, then to the board."""
    many = sum(one.target.plan_id == plan.pk for one in year.aims)
    url = plan.get_absolute_url()
    left = unfinished(year, plan)
    if left:
        return thing(
            Rank.LEAD_PLAN,
            "A new plan",
            f"{left} target{'' if left == 1 else 's'} of the last plan to carry forward, or not",
            "Go through what is unfinished, one by one. What you leave needs a reason.",
            reverse("plan_carry", args=[plan.pk]),
            "Go through them",
        )
    if not many:
        return thing(
            Rank.LEAD_PLAN,
            "Time to plan",
            f"Write the first target of {plan.period}",
            "Begin from a priority, from an example, or from an empty page.",
            reverse("target_add", args=[plan.pk]),
            "Add a target",
        )
    if plan.state == PlanState.WITH_GROUP:
        return thing(
            Rank.LEAD_PLAN,
            "Time to plan",
            f"Take the plan of {plan.period} to your board",
            f"Your ED&I group has had it since {since(plan.shared_at)}. Record the approval when "
            "the board has given it.",
            reverse("plan_approve", args=[plan.pk]),
            "Record the approval",
        )
    return thing(
        Rank.LEAD_PLAN,
        "Time to plan",
        f"The plan of {plan.period} is a draft with {many} target{'' if many == 1 else 's'}",
        "Read it through, then take it to your ED&I group, or straight to your board.",
        url,
        "Open the draft",
    )


def unfinished(year: Year, plan: ActionPlan) -> int:
    """Targets that the plan before left open, and of which nothing is decided."""
    earlier = [one for one in year.plans if one.starts_on < plan.starts_on and one.is_approved]
    last = max(earlier, key=lambda one: (one.starts_on, one.pk), default=None)
    return sum(
        one.is_open and not settled(one.target)
        for one in year.aims
        if last and one.target.plan_id == last.pk
    )


def settled(target: Any) -> bool:
    return bool(target.is_settled)


def since(moment: dt.datetime | None) -> str:
    return day(timezone.localtime(moment)) if moment else "a while"


def to_keep_going(year: Year, plan: Any) -> list[Thing]:
    """A plan under way: its last day, its reviews."""
    if plan.ends_on < year.today:
        return [
            thing(
                Rank.LEAD_PLAN,
                "A plan has ended",
                f"Close the action plan of {plan.period}",
                f"Its last day was {day(plan.ends_on)}. What is unfinished can be carried into the "
                "next plan.",
                reverse("plan_close", args=[plan.pk]),
                "Close the plan",
            )
        ]
    review = review_of(plan)
    if review and review.held_on < year.today:
        return [
            thing(
                Rank.LEAD_PLAN,
                "Finish the minutes",
                f"Finish the {lower(review.name)} of {day(review.held_on)}",
                "Say of each target what was decided. It takes a few minutes.",
                reverse("review", args=[review.pk]),
                "Open the review",
            )
        ]
    began = timezone.localdate(plan.begun_at) if plan.begun_at else plan.starts_on
    if review is None and year.today - (plan.reviewed_on or began) >= REVIEW_EVERY:
        return [
            thing(
                Rank.LEAD_PLAN,
                "Time for a review",
                "Plan the next review of your targets",
                f"The last was on {day(plan.reviewed_on)}."
                if plan.reviewed_on
                else f"There was none since the plan began on {day(began)}.",
                reverse("review_plan", args=[plan.pk]),
                "Plan a review",
            )
        ]
    return []


def lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def to_begin(year: Year) -> list[Thing]:
    """Priorities that no target was made of, once they are there to be acted on."""
    audit, many = year.audit, year.untargeted
    if not many or audit is None or audit.stage == Stage.RATING:
        return []
    title = f"{many} priorit{'y has' if many == 1 else 'ies have'} no target yet"
    # While the talk goes on, the talk comes first.
    rank = Rank.LEAD_PLAN if audit.stage == Stage.CLOSED else Rank.LEAD_RATING
    return [
        thing(
            rank,
            "Time to plan",
            title,
            "Each takes two clicks: the statement, its level now and a measure are filled in.",
            reverse("priorities", args=[audit.pk]),
            "Make targets",
            str(many),
        )
    ]


def of_others(user: User, year: Year) -> list[Thing]:
    """Targets of others that are late: a line for leads, never the one thing to do."""
    late = [
        one
        for one in year.of_plan
        if one.standing == Standing.LATE and one.target.owner_id != user.pk
    ]
    if not late or year.plan is None or year.plan not in [one.target.plan for one in year.in_force]:
        return []
    many = len(late)
    what = (
        "A target of somebody else is late" if many == 1 else f"{many} targets of others are late"
    )
    url = f"{year.plan.get_absolute_url()}?by=overdue"
    return [thing(Rank.LEAD_RATING, "Late targets", what, "Ask how it goes.", url, "See which")]


def thing(
    rank: Rank, head: str, title: str, text: str, url: str, action: str, number: str = ""
) -> Thing:
    return Thing(rank, head, Next(title, text, url, action, number), Row(title, url, text))
