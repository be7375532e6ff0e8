"""Progress notes and milestones: what happened to a target, written down as it happens."""

from __future__ import annotations

from django.db import transaction

from actionplans import states
from actionplans.models import ActionPlan, ProgressNote, Target
from actionplans.states import Deed
from portal.actions import record
from portal.models import User, Verb


@transaction.atomic
def add(*, note: ProgressNote, target: Target, by: User) -> ProgressNote:
    """Save a new note, if the plan of its target takes notes by now."""
    plan = ActionPlan.objects.locked().get(pk=target.plan_id)
    states.check(plan, Deed.NOTE)
    note.target, note.written_by = target, by
    note.save()
    record(by=by, verb=Verb.NOTED, subject=target, service=plan.service)
    return note
