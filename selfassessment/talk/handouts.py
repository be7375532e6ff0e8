"""The handout for the meeting: the talk on paper, in its order, with room to write.

Like the report it is made by the worker from its data alone; what is in that comes from `spread`,
so a paper never shows more than the page does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from portal.actions import record
from portal.legible import all_legible
from portal.models import User, Verb
from selfassessment import reports
from selfassessment.models import Audit, Report, ReportKind, Scope
from selfassessment.talk.agenda import Agenda, Item
from selfassessment.talk.spread import Comment, Lane, figures


@dataclass(frozen=True)
class LaneData:
    """One role group on one statement: how many gave each level, from the lowest, and in words."""

    name: str
    people: int
    counts: list[int]
    words: str


@dataclass(frozen=True)
class CommentData:
    text: str
    evidence: str
    link: str
    by: str


@dataclass(frozen=True)
class StatementData:
    code: str
    text: str
    apart: str
    was: str  # what was agreed the year before
    agreed: str  # nothing: there is room to write it
    reason: str
    lanes: list[LaneData]
    families: list[LaneData]
    comments: list[CommentData]


@dataclass(frozen=True)
class HandoutData:
    """Everything a handout says. The same talk and the same agreed ratings, the same file."""

    with_comments: bool
    service: str
    year: str
    earlier: str
    questionnaire: str
    is_quick: bool
    people: int
    family_people: int
    is_shown: bool
    agreed: int
    levels: list[str]
    values: list[int]
    statements: list[StatementData]


def collect(found: Agenda) -> HandoutData:
    """Put together what a handout says of an agenda whose talk is open."""
    audit, talk = found.audit, found.talk
    return HandoutData(
        with_comments=True,
        service=audit.service.name,
        year=audit.year_name,
        earlier=found.earlier.year_name if found.earlier else "",
        questionnaire=str(audit.questionnaire),
        is_quick=audit.scope == Scope.QUICK,
        people=talk.people if talk else 0,
        family_people=talk.family_people if talk and talk.families_are_shown else 0,
        is_shown=bool(talk and talk.is_shown),
        agreed=found.agreed,
        levels=[str(level) for level in found.levels],
        values=[level.value for level in found.levels],
        statements=[statement(item, found) for item in found.items],
    )


def statement(item: Item, found: Agenda) -> StatementData:
    said = item.said
    return StatementData(
        code=item.statement.code,
        text=item.statement.text,
        apart=apart(item),
        was=found.in_words(item.was) if item.was else "",
        agreed=found.in_words(item.agreed) if item.done else "",
        reason=item.agreed.reason if item.agreed else "",
        lanes=[lane(one) for one in said.lanes] if said else [],
        families=[lane(one) for one in said.families] if said else [],
        comments=[comment(one) for one in said.comments] if said else [],
    )


def apart(item: Item) -> str:
    if item.said is None or item.said.middle is None:
        return ""
    if not item.said.apart:
        return "All at one level"
    return f"{item.said.apart} level{'' if item.said.apart == 1 else 's'} apart"


def lane(one: Lane) -> LaneData:
    words = figures(one) or "Nobody rated this"
    return LaneData(one.name, one.people, list(one.counts.values()), words)


def comment(one: Comment) -> CommentData:
    why = "Why it does not apply" if one.is_reason else ""
    return CommentData(
        one.text,
        one.evidence,
        one.evidence_url,
        ". ".join(part for part in (why, one.role) if part),
    )


@transaction.atomic
def request_handout(*, audit: Audit, found: Agenda, by: User) -> Report:
    """Hand over the handout that says just this, or have it made."""
    handout = reports.paper(audit, ReportKind.HANDOUT, asdict(collect(found)), by)
    record(by=by, verb=Verb.TOOK_REPORT, subject=f"the talk in {audit}", service=audit.service)
    return handout


def page_of(data: dict[str, Any]) -> str:
    """The handout as HTML for print, made from its data and nothing else."""
    handout = all_legible(data)
    return render_to_string(
        "pdf/handout.html", {"handout": handout, "was_changed": handout != data}
    )
