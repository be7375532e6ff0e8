"""What a plan allows in each of its states, and to whom: one table, asked two ways.

`may(...)` is for a button, `require(...)` for the deed behind it, so that the two always agree.
Who may do it at all is `portal/access.py`; this says what the state of the plan adds.
"""

from __future__ import annotations

from enum import StrEnum

from actionplans.models import ActionPlan, PlanState
from portal import access
from portal.access import Permission
from portal.models import User


class Deed(StrEnum):
    """What somebody does to a plan, in words that finish “This plan is …: nobody can …”."""

    WRITE = "write targets in it"
    NOTE = "write notes on it"
    SHARE = "take it to the ED&I group"
    TAKE_BACK = "take it back"
    APPROVE = "approve it"
    BEGIN = "begin it"
    REVIEW = "review it"
    CLOSE = "close it"
    REOPEN = "reopen it"
    DISCARD = "discard it"
    PUBLISH = "let the public read of it"


D = Deed
ALLOWED: dict[str, frozenset[Deed]] = {
    PlanState.DRAFT: frozenset({D.WRITE, D.SHARE, D.APPROVE, D.DISCARD}),
    PlanState.WITH_GROUP: frozenset({D.WRITE, D.TAKE_BACK, D.APPROVE, D.DISCARD}),
    PlanState.APPROVED: frozenset({D.WRITE, D.NOTE, D.TAKE_BACK, D.BEGIN, D.PUBLISH}),
    PlanState.UNDER_WAY: frozenset({D.WRITE, D.NOTE, D.REVIEW, D.CLOSE, D.PUBLISH}),
    PlanState.CLOSED: frozenset({D.REOPEN, D.PUBLISH}),
}
NEEDS = {
    D.WRITE: Permission.PLAN_EDIT,
    D.NOTE: Permission.PLAN_NOTE,
    D.PUBLISH: Permission.PLAN_PUBLISH,
}


class PlanStateError(Exception):
    """The plan's state does not allow this; the text is fit to show."""


def permission_for(deed: Deed) -> Permission:
    return NEEDS.get(deed, Permission.PLAN_LEAD)


def allows(plan: ActionPlan, deed: Deed) -> bool:
    """Whether the state of the plan allows this, whoever does it."""
    return deed in ALLOWED[plan.state]


def may(user: User, plan: ActionPlan, deed: Deed) -> bool:
    """Whether this person may do this now. No query."""
    if not access.can(user, permission_for(deed), plan.service) or not allows(plan, deed):
        return False
    return deed != Deed.WRITE or may_write(user, plan)


def may_write(user: User, plan: ActionPlan) -> bool:
    """Leads write targets whenever the state allows it; the ED&I group while it has the plan."""
    leads = access.can(user, Permission.PLAN_LEAD, plan.service)
    return leads or plan.state == PlanState.WITH_GROUP


def require(user: User, plan: ActionPlan, deed: Deed) -> None:
    """Raise PermissionDenied (403) for who, PlanStateError (a sentence) for when."""
    access.require(user, permission_for(deed), plan.service)
    check(plan, deed)
    if deed == Deed.WRITE:
        check_writer(user, plan)


def check_writer(user: User, plan: ActionPlan) -> None:
    """Raise PlanStateError where the plan, as locked, is not with somebody who is no lead."""
    if not may_write(user, plan):
        raise PlanStateError(
            f"This plan is {in_words(plan)}: its leads write its targets. "
            "The ED&I group writes while the plan is with it."
        )


def check(plan: ActionPlan, deed: Deed) -> None:
    """Raise PlanStateError where the state of the plan, as locked, does not allow this."""
    if not allows(plan, deed):
        raise PlanStateError(f"This plan is {in_words(plan)}: nobody can {deed} now.")


def in_words(plan: ActionPlan) -> str:
    """The state within a sentence: “under way”, “with the ED&I group”."""
    if plan.state == PlanState.DRAFT:
        return "a draft"
    name = plan.get_state_display()
    return name[0].lower() + name[1:]
