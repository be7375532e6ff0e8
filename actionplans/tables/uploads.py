"""Bringing a table into a plan: kept until it is read, matched, then taken in whole or not at all.

Whoever takes one in holds the plan, then the upload.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from actionplans.keeping import terms
from actionplans.models import ActionPlan, Milestone, PlanUpload, ProgressNote, Target, TermDates
from actionplans.models.upload import PlanUploadQuerySet
from actionplans.planning import plans
from actionplans.states import Deed
from actionplans.tables import matching, plan_rows
from actionplans.tables.cells import Grid
from actionplans.tables.dates import Period
from actionplans.tables.drafts import Draft, Known
from actionplans.tables.matching import Match
from actionplans.tables.plan_rows import Reading
from portal.access import SERVICE_ROLES, Permission
from portal.actions import record
from portal.models import Membership, Topic, User, Verb
from portal.years import academic_year
from selfassessment.models import Level, Statement, UploadState
from selfassessment.sheets.tables import key

READ = "actionplans.read_plan_upload"  # the worker's task, by name: see upload_tasks.py
MOST_BYTES = 2_000_000
KEPT = dt.timedelta(days=30)  # what was read and never taken in
PASTED = "Pasted table"
LONGEST_NAME = 200


class UploadGoneError(Exception):
    """The table is not waiting to be taken in any more."""

    def __init__(self) -> None:
        super().__init__("This table was taken in or discarded already. Nothing was changed.")


class TakenInAlreadyError(UploadGoneError):
    """Somebody, or a second click, took it in before."""


class ChangedMeanwhileError(Exception):
    """What would be taken in is not what was shown."""

    def __init__(self) -> None:
        super().__init__(
            "The table would become something else than you were shown: the plan or the matching "
            "changed meanwhile. Nothing was taken in. Have another look below."
        )


class NotReadyError(Exception):
    """Something stops the table; the text says what."""


# Bringing in


@transaction.atomic
def add(*, plan: ActionPlan, content: bytes, file_name: str, by: User) -> PlanUpload:
    """Keep a file until the worker has read it."""
    held(plan)
    upload = PlanUpload.objects.create(
        plan=plan, content=content, file_name=file_name[-LONGEST_NAME:], uploaded_by=by
    )
    app.configure_task(READ).defer(upload_id=upload.pk)
    return upload


def held(plan: ActionPlan) -> ActionPlan:
    """The plan, locked, if targets can still be written in it."""
    return plans.held(plan, Deed.WRITE)


def held_upload(upload: PlanUpload) -> PlanUpload:
    """The upload as it is now, locked, if it can still be taken in."""
    locked = PlanUpload.objects.light().select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state == UploadState.TAKEN_IN:
        raise TakenInAlreadyError
    if not locked.is_ready:
        raise UploadGoneError
    return locked


# Reading what is kept


def grids(upload: PlanUpload) -> list[Grid]:
    return [Grid.of_json(one) for one in upload.table["sheets"]]


def period_of(plan: ActionPlan) -> Period:
    """When a plan is for, with the terms around it, so that “end of autumn term” is a day."""
    years = range(academic_year(plan.starts_on) - 2, academic_year(plan.ends_on) + 3)
    own = TermDates.objects.filter(service=plan.service_id, year__in=years)
    return Period(plan.starts_on, plan.ends_on, terms.in_force(own, years))


def known(plan: ActionPlan) -> Known:
    """What the plan and its service say already: a few queries, however long the table is."""
    edition = plan.audit.questionnaire_id if plan.audit else None
    roles = [role for role, may in SERVICE_ROLES.items() if Permission.PLAN_NOTE in may]
    members: dict[str, list[int]] = {}
    people = Membership.objects.live().filter(service=plan.service_id, role__in=roles)
    names = dict(people.values_list("user_id", "user__name"))
    for pk, name in names.items():
        members.setdefault(key(name), []).append(pk)
    return Known(
        period=period_of(plan),
        today=timezone.localdate(),
        statements=dict(
            Statement.objects.filter(questionnaire=edition).values_list("code", "pk")
            if edition
            else ()
        ),
        levels=frozenset(
            Level.objects.filter(questionnaire=edition).values_list("value", flat=True)
            if edition
            else ()
        ),
        topics={key(name): pk for name, pk in Topic.objects.values_list("name", "pk")},
        members=members,
        names=names,
        taken=frozenset(plan.targets.values_list("area", "number")),
    )


def read(upload: PlanUpload, plan: ActionPlan) -> Reading:
    """What a table would become now."""
    match = Match.of_json(upload.matched)
    return plan_rows.read(grids(upload)[match.sheet], match, known(plan))


# Matching


@transaction.atomic
def match(*, upload: PlanUpload, wanted: Match, by: User) -> None:  # noqa: ARG001
    """Keep how a table is to be read. Another sheet or row of headings is looked at anew."""
    plan = held(upload.plan)
    upload = held_upload(upload)
    now = Match.of_json(upload.matched)
    if wanted.sheet != now.sheet:
        wanted = matching.at_sheet(grids(upload), wanted, period_of(plan))
    elif wanted.header != now.header:
        wanted = matching.at_header(grids(upload), wanted, period_of(plan))
    upload.matched = wanted.as_json()
    upload.save(update_fields=["matched"])


# Taking in


@transaction.atomic
def take_in(*, upload: PlanUpload, shown: str, by: User) -> int:
    """Write all targets of a table; how many. `shown` names what the preview showed."""
    plan = held(upload.plan)
    upload = held_upload(upload)
    facts = known(plan)
    reading = plan_rows.read(
        grids(upload)[Match.of_json(upload.matched).sheet], Match.of_json(upload.matched), facts
    )
    if reading.stops:
        raise NotReadyError(reading.stops[0].became)
    if reading.name != shown:
        raise ChangedMeanwhileError
    write(plan, reading.drafts, facts, by)
    count = len(reading.drafts)
    targets = "1 target" if count == 1 else f"{count} targets"
    record(by=by, verb=Verb.IMPORTED, subject=f"{targets} into {plan}", service=plan.service)
    upload.state, upload.table, upload.matched = UploadState.TAKEN_IN, {}, {}
    upload.save(update_fields=["state", "table", "matched"])
    return count


def write(plan: ActionPlan, drafts: Iterable[Draft], facts: Known, by: User) -> None:
    drafts = list(drafts)
    targets = Target.objects.bulk_create(
        Target(plan=plan, number=draft.number or 0, changed_by=by, **draft.values)
        for draft in drafts
    )
    pairs = list(zip(targets, drafts, strict=True))
    Target.statements.through.objects.bulk_create(
        Target.statements.through(target=target, statement_id=facts.statements[code])
        for target, draft in pairs
        for code in draft.statements
    )
    Target.topics.through.objects.bulk_create(
        Target.topics.through(target=target, topic_id=facts.topics[name])
        for target, draft in pairs
        for name in draft.topics
    )
    Milestone.objects.bulk_create(
        Milestone(
            target=target, text=step.text, due_on=step.due_on, done_on=step.done_on, order=order
        )
        for target, draft in pairs
        for order, step in enumerate(draft.milestones, start=1)
    )
    ProgressNote.objects.bulk_create(
        ProgressNote(target=target, written_by=by, **draft.note)
        for target, draft in pairs
        if draft.note
    )


@transaction.atomic
def discard(*, upload: PlanUpload, by: User) -> None:  # noqa: ARG001 (an action is told who acts)
    """Forget a file and all that was read of it."""
    locked = PlanUpload.objects.light().select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state == UploadState.TAKEN_IN:
        raise UploadGoneError
    empty(PlanUpload.objects.filter(pk=upload.pk))


def empty(uploads: PlanUploadQuerySet) -> None:
    """Keep of these no more than that they were there."""
    uploads.update(
        state=UploadState.DISCARDED, table={}, matched={}, content=None, file_name="–", trouble=""
    )
