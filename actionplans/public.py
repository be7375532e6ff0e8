"""The public summary of a plan: off until a lead turns it on, and then just what was previewed.

What is kept is what was read: the page shows the kept data and looks nothing up. A target that
changes later changes nothing outside until a lead has seen the new preview.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from actionplans.models import ActionPlan, PublicSummary, Target
from actionplans.planning import plans
from actionplans.progress import progress
from actionplans.states import Deed
from portal.actions import record
from portal.models import User, Verb


class NotAsPreviewedError(Exception):
    """What would be published is not what was read; the text is fit to show."""


@dataclass(frozen=True)
class Choice:
    """What a lead lets out: which targets, whether with roles, and what they say before it."""

    targets: frozenset[int]
    with_roles: bool = False
    foreword: str = ""


@dataclass(frozen=True)
class PublicTarget:
    """One target as the public reads it."""

    reference: str
    area: str
    title: str
    measure: str
    due: str  # “30 June 2026”, or “No date set”
    standing: str
    role: str  # accountable; nothing unless the lead asked for it


@dataclass(frozen=True)
class PublicData:
    """Everything the public reads: no person is looked up for it, no note, level, cost or barrier.

    `approver` and the words of targets are as the service typed them.
    """

    service: str
    is_fictional: bool
    period: str
    approver: str
    approved_on: str
    as_of: str
    foreword: str
    targets: list[PublicTarget]


def offered(plan: ActionPlan) -> list[Target]:
    """Every target of the plan, in its order, with its notes."""
    targets = list(plan.targets.select_related("plan").prefetch_related("notes").in_order())
    for target in targets:
        target.plan = plan
    return targets


def out(plan: ActionPlan) -> PublicSummary | None:
    """What the public can read of it now, or None."""
    published = ActionPlan.objects.published().filter(pk=plan.pk).first()
    return published.public_summary if published else None


def first_choice(plan: ActionPlan, targets: Collection[Target]) -> Choice:
    """What was chosen last; before that, all that is still worked on."""
    summary = PublicSummary.objects.filter(plan=plan).first()
    if summary is None:
        return Choice(frozenset(one.pk for one in targets if one.is_open and one.acts))
    shown = {one["reference"] for one in summary.data["targets"]}
    return Choice(
        targets=frozenset(one.pk for one in targets if one.reference in shown),
        with_roles=any(one["role"] for one in summary.data["targets"]),
        foreword=summary.data["foreword"],
    )


def collect(plan: ActionPlan, choice: Choice, targets: Collection[Target]) -> dict[str, Any]:
    """What the public would read of this choice today, in what JSON can hold."""
    assert plan.approved_on is not None  # noqa: S101 (a plan that may be published is approved)
    today = timezone.localdate()
    return asdict(
        PublicData(
            service=plan.service.name,
            is_fictional=plan.service.is_fictional,
            period=plan.period,
            approver=plan.approver,
            approved_on=date_format(plan.approved_on, "j F Y"),
            as_of=date_format(today, "j F Y"),
            foreword=choice.foreword,
            targets=[
                PublicTarget(
                    reference=one.reference,
                    area=one.get_area_display(),
                    title=one.title,
                    measure=one.measure,
                    due=date_format(one.due_on, "j F Y") if one.due_on else "No date set",
                    standing=str(progress(one, today, list(one.notes.all())).standing),
                    role=one.role if choice.with_roles else "",
                )
                for one in targets
                if one.pk in choice.targets
            ],
        )
    )


def key(data: dict[str, Any]) -> str:
    """A short name for what was previewed, to notice when it is no longer so."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]


@transaction.atomic
def publish(*, plan: ActionPlan, choice: Choice, previewed: str, by: User) -> None:
    """Let the public read this, if it is what was previewed: `previewed` is from `key`."""
    now = plans.held(plan, Deed.PUBLISH)
    data = collect(now, choice, offered(now))
    if key(data) != previewed:
        raise NotAsPreviewedError(
            "Nothing was published: what the public would see is not what you saw before. "
            "Read it once more below."
        )
    PublicSummary.objects.update_or_create(
        plan=now,
        defaults={"data": data, "published_at": timezone.now(), "published_by": by},
    )
    record(by=by, verb=Verb.PUBLISHED, subject=f"a summary of {now}", service=now.service)


@transaction.atomic
def withdraw(*, plan: ActionPlan, by: User) -> None:
    """Take the summary off the public pages, whatever the plan's state. Twice is no harm."""
    removed, _ = PublicSummary.objects.filter(plan=plan).delete()
    if removed:
        record(by=by, verb=Verb.WITHDREW, subject=f"the summary of {plan}", service=plan.service)
