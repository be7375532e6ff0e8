"""The moves of a plan: from its start to its close, each refused where its state does not allow it.

Every move locks the plan first, so that of two people who move it at once the second is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from actionplans import states, wording
from actionplans.models import ActionPlan, PlanState, Target
from actionplans.states import Deed
from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.models import Audit


class PlanExistsError(Exception):
    """The service has a plan for this period: `plan`."""

    def __init__(self, plan: ActionPlan) -> None:
        super().__init__(
            f"Your service has a plan for {plan.period} already. Carry on with that one, or choose "
            "another period."
        )
        self.plan = plan


class EmptyPlanError(Exception):
    """A board approves targets, and there are none."""


class PlanChangedError(Exception):
    """It is not as the page showed it any more; the text is fit to show."""

    def __init__(self, message: str, changed: Iterable[Target] = ()) -> None:
        super().__init__(message)
        self.changed = frozenset(changed)


@transaction.atomic
def start(
    *,
    service: MusicService,
    starts_on: dt.date,
    ends_on: dt.date,
    by: User,
    audit: Audit | None = None,
    carried_from: ActionPlan | None = None,
) -> ActionPlan:
    """Begin the plan of a period as a draft; of two people who do so at once, one does."""
    MusicService.objects.select_for_update(no_key=True).get(pk=service.pk)
    same = ActionPlan.objects.for_service(service).filter(starts_on=starts_on, ends_on=ends_on)
    if there_is := same.first():
        raise PlanExistsError(there_is)
    plan = ActionPlan.objects.create(
        service=service,
        starts_on=starts_on,
        ends_on=ends_on,
        audit=audit,
        carried_from=carried_from,
        started_by=by,
    )
    record(by=by, verb=Verb.STARTED, subject=plan, service=service)
    return plan


def held(plan: ActionPlan, deed: Deed) -> ActionPlan:
    """The plan as it is now, held still for the transaction, if its state allows the deed."""
    try:
        now = ActionPlan.objects.locked().get(pk=plan.pk)
    except ActionPlan.DoesNotExist:
        raise states.PlanStateError("This plan was discarded meanwhile.") from None
    states.check(now, deed)
    return now


def as_read(targets: Iterable[Target]) -> str:
    """Which wording of which targets a page shows, to notice when it is no longer so."""
    return " ".join(sorted(f"{one.pk}-{one.version}" for one in targets))


def refuse_unread(targets: Iterable[Target], read: str, so: str) -> None:
    """Refuse where targets were added, changed or removed since `read`."""
    now = {as_read([one]): one for one in targets}
    then = set(read.split())
    if now.keys() != then:
        changed = [one for key, one in now.items() if key not in then]
        raise PlanChangedError(f"Targets changed since you opened this page, so {so}.", changed)


@transaction.atomic
def share(*, plan: ActionPlan, by: User) -> None:
    """Let the ED&I group write in it."""
    now = held(plan, Deed.SHARE)
    now.state = PlanState.WITH_GROUP
    now.shared_at, now.shared_by = timezone.now(), by
    now.save(update_fields=["state", "shared_at", "shared_by"])
    record(by=by, verb=Verb.SENT_TO_GROUP, subject=now, service=now.service)


@transaction.atomic
def take_back(*, plan: ActionPlan, seen: str, by: User) -> None:
    """Make it a draft again. An approval is undone with it: the next one freezes wording anew.

    `seen` is the state that the page showed: nobody undoes an approval they did not know of.
    """
    now = held(plan, Deed.TAKE_BACK)
    if now.state != seen:
        raise PlanChangedError(f"This plan is {states.in_words(now)} by now. Look at it again.")
    if now.is_approved:
        now.targets.exclude(approved_wording=None).update(approved_wording=None)
    now.state = PlanState.DRAFT
    now.shared_at = now.shared_by = now.approved_on = now.approved_at = now.approved_by = None
    now.approver = ""
    now.save()
    record(by=by, verb=Verb.TOOK_BACK, subject=now, service=now.service)


@transaction.atomic
def approve(
    *, plan: ActionPlan, approver: str, approved_on: dt.date, said: str, read: str, by: User
) -> None:
    """Record that the plan was approved, and keep the wording that was.

    `read` is from `as_read`: nobody approves a wording that changed under their eyes.
    """
    now = held(plan, Deed.APPROVE)
    targets = list(now.targets.with_parts())
    if not targets:
        raise EmptyPlanError("Add at least one target before the plan is approved.")
    refuse_unread(targets, read, "nothing is recorded yet")
    for target in targets:
        target.approved_wording = wording.of(target)
    Target.objects.bulk_update(targets, ["approved_wording"])
    now.state = PlanState.APPROVED
    now.approver, now.approved_on, now.approval_said = approver, approved_on, said
    now.approved_at, now.approved_by = timezone.now(), by
    now.save()
    record(by=by, verb=Verb.APPROVED, subject=now, service=now.service)


@transaction.atomic
def begin(*, plan: ActionPlan, by: User) -> None:
    """Set an approved plan under way."""
    now = held(plan, Deed.BEGIN)
    now.state = PlanState.UNDER_WAY
    now.begun_at, now.begun_by = timezone.now(), by
    now.save(update_fields=["state", "begun_at", "begun_by"])
    record(by=by, verb=Verb.BEGAN, subject=now, service=now.service)


@transaction.atomic
def close(*, plan: ActionPlan, said: str, by: User) -> None:
    """End the plan, with what is left to say. Unfinished targets stay as they are."""
    now = held(plan, Deed.CLOSE)
    now.state = PlanState.CLOSED
    now.closed_at, now.closed_by, now.closing_said = timezone.now(), by, said
    now.save(update_fields=["state", "closed_at", "closed_by", "closing_said"])
    record(by=by, verb=Verb.CLOSED, subject=now, service=now.service)


@transaction.atomic
def reopen(*, plan: ActionPlan, by: User) -> None:
    """Set a closed plan under way again; what was said at its close is kept for the next."""
    now = held(plan, Deed.REOPEN)
    now.state = PlanState.UNDER_WAY
    now.closed_at = now.closed_by = None
    now.save(update_fields=["state", "closed_at", "closed_by"])
    record(by=by, verb=Verb.REOPENED, subject=now, service=now.service)


def acted_on(plan: ActionPlan, target: Target | None = None) -> bool:
    """Whether people noted anything while a plan was approved, where that was taken back since.

    Notes that came with a table into a draft are no such thing.
    """
    targets = plan.targets.filter(pk=target.pk) if target else plan.targets.all()
    return targets.filter(notes__isnull=False, events__approved_wording__isnull=False).exists()


def check_discardable(plan: ActionPlan) -> None:
    """Refuse to throw away what people did, even where the approval was taken back since."""
    if acted_on(plan):
        raise states.PlanStateError(
            "This plan has notes from when it was approved, so it stays. Record the next approval, "
            "or drop its targets and say why."
        )


@transaction.atomic
def discard(*, plan: ActionPlan, read: str, by: User) -> None:
    """Throw away a plan that nobody approved, with the targets the page said go with it."""
    now = held(plan, Deed.DISCARD)
    check_discardable(now)
    refuse_unread(now.targets.all(), read, "nothing was discarded. Look again before you do")
    record(by=by, verb=Verb.DISCARDED, subject=now, service=now.service)
    now.delete()
