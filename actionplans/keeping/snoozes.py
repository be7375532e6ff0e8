"""Being left alone about a target until a day, for a reason; nobody else’s reminders change."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from actionplans import states
from actionplans.keeping import terms
from actionplans.models import Snooze, Target
from actionplans.planning import plans
from actionplans.states import Deed
from portal import access
from portal.access import Permission
from portal.models import User

LONGEST = dt.timedelta(days=90)  # about a term


def may(user: User, target: Target) -> bool:
    """Whoever is reminded of a target may ask for quiet: its owner, and those who lead the plan."""
    leads = access.can(user, Permission.PLAN_LEAD, target.plan.service)
    return leads or target.owner_id == user.pk


def is_offered(user: User, target: Target) -> bool:
    """Whether the target's page offers it: to whom it may concern, while anybody is reminded."""
    reminds = target.is_open and target.acts and states.allows(target.plan, Deed.NOTE)
    return reminds and may(user, target)


def current(target: Target, user: User, today: dt.date | None = None) -> Snooze | None:
    """The quiet this person has about a target now."""
    return target.snoozes.filter(user=user, until_on__gt=today or timezone.localdate()).first()


def suggested(target: Target, quiet: Snooze | None) -> dict[str, object]:
    """What the form is filled with: what holds now, or the end of the term where it is near."""
    if quiet:
        return {"until_on": quiet.until_on, "reason": quiet.reason}
    today, service = timezone.localdate(), target.plan.service_id
    term = terms.term_of(terms.read([service])[service], today)
    near = term is not None and today < term.ends_on <= today + LONGEST
    return {"until_on": term.ends_on if near and term else None}


@transaction.atomic
def snooze(*, target: Target, until_on: dt.date, reason: str, by: User) -> Snooze:
    """Remind this person of this target no more until a day; the plan must be one to act on."""
    plans.held(target.plan, Deed.NOTE)
    quiet, _ = Snooze.objects.update_or_create(
        target=target,
        user=by,
        defaults={"until_on": until_on, "reason": reason, "set_at": timezone.now()},
    )
    return quiet


@transaction.atomic
def lift(*, target: Target, by: User) -> None:
    """Remind this person again."""
    target.snoozes.filter(user=by).delete()
