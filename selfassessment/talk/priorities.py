"""Choosing what to act on this year, and parking the rest with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from selfassessment.models import Audit, Priority, Section, Standing, Statement
from selfassessment.talk.closing import held_in_talk


class NoReasonError(Exception):
    """What is parked says why."""


@dataclass(frozen=True)
class Decision:
    """What is decided of one part; a blank standing is not decided."""

    standing: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Clash:
    """Somebody decided since the page was read. Nothing was written."""

    theirs: tuple[Priority, ...]


def as_read(priorities: Iterable[Priority]) -> str:
    """A short name for what a page was shown, to notice when it is no longer so."""
    rows = sorted(
        f"{one.statement_id} {one.section_id} {one.standing} {one.order} {one.reason}"
        for one in priorities
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]


@transaction.atomic
def decide(
    *,
    audit: Audit,
    decisions: Mapping[Statement | Section, Decision],
    read: str,
    by: User,
) -> Clash | None:
    """Save what is decided of each part, if nobody decided since: `read` is from `as_read`.

    Those chosen are ranked in the order given. A part that is not named stays as it is.
    """
    held = held_in_talk(audit)
    there = list(held.priorities.select_related("statement", "section"))
    decided = [one for one in there if one.standing]
    if as_read(decided) != read:
        return Clash(tuple(decided))
    rows = {one.statement or one.section: one for one in there}
    rank, changed = 0, False
    for part, decision in decisions.items():
        rank += decision.standing == Standing.CHOSEN
        order = rank if decision.standing == Standing.CHOSEN else 0
        changed |= write(held, part, rows.get(part), decision, order=order, by=by)
    if changed:
        record(by=by, verb=Verb.PRIORITISED, subject=held, service=held.service)
    return None


def write(
    audit: Audit,
    part: Statement | Section,
    row: Priority | None,
    decision: Decision,
    *,
    order: int,
    by: User,
) -> bool:
    """Bring one row to what is decided. Says whether anything changed."""
    if not decision.standing:
        decision = Decision()
        if row is None:
            return False
    if decision.standing == Standing.PARKED and not decision.reason:
        raise NoReasonError(f"Say why {part.code} waits until next year.")
    wanted = (decision.standing, decision.reason, order)
    if row and (row.standing, row.reason, row.order) == wanted:
        return False
    if row is None:
        kind = "statement" if isinstance(part, Statement) else "section"
        row = Priority(audit=audit, **{kind: part})
    row.standing, row.reason, row.order = wanted
    row.decided_at, row.decided_by = timezone.now(), by
    row.save()
    return True
