"""The report of a self-assessment: what it says, when it is made anew, and by whom it was asked.

The worker makes the file from a report's data alone (selfassessment/tasks.py), so a file and what
it was made from never part. This module is read by web processes: it knows no WeasyPrint.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from procrastinate.contrib.django import app

from portal import papers
from portal.actions import record
from portal.models import User, Verb
from portal.papers import key
from selfassessment.models import Audit, Report, ReportKind, Scope
from selfassessment.results import Answered, Results
from selfassessment.scoring import Ends, Part

# What is done, in this order; Report.step counts how many of these are.
STEPS = ("Ratings collected", "Pages laid out", "File checked", "Ready to take away")
MAKE = "selfassessment.make_report"  # the worker's task, by name: see tasks.py


@dataclass(frozen=True)
class Figures:
    """A name with its score, and the counts that stand beside it."""

    name: str
    percent: int | None
    was: int | None
    change: str
    rated: int
    of: int
    parked: int
    not_applicable: int


@dataclass(frozen=True)
class CommentData:
    """What somebody wrote beside a rating; the role only where it may be told."""

    text: str
    evidence: str
    link: str
    role: str
    is_reason: bool


@dataclass(frozen=True)
class StatementData:
    code: str
    text: str
    answer: str
    was: str
    place: int | None  # of the level among those of the scale, from 0
    reason: str  # why this is what is agreed
    comments: list[CommentData]


@dataclass(frozen=True)
class SectionData:
    code: str
    figures: Figures
    statements: list[StatementData]


@dataclass(frozen=True)
class AreaData:
    code: str
    figures: Figures
    sections: list[SectionData]


@dataclass(frozen=True)
class EndData:
    """What stands out at one end: sections as “name, 88%”, and how many statements are there."""

    sections: list[str]
    statements: int
    levels: str


@dataclass(frozen=True)
class LevelData:
    name: str
    anchor: str


@dataclass(frozen=True)
class ExampleData:
    """A made-up score on this scale, to show the arithmetic."""

    low: int
    high: int
    lowest: int
    low_steps: int
    high_steps: int
    steps: int
    most: int
    percent: int | None


@dataclass(frozen=True)
class ReportData:
    """Everything a report says. No instant of its making is in it: the same data, the same file."""

    with_comments: bool
    service: str
    year: str
    earlier: str
    questionnaire: str
    source: str
    is_quick: bool
    closed_on: str
    headline: str
    counts: str
    whole: Figures
    strengths: EndData
    gaps: EndData
    levels: list[LevelData]
    areas: list[AreaData]
    example: ExampleData


def collect(results: Results, *, with_comments: bool) -> ReportData:
    """Put together what a report says: without comments, only what the service agreed."""
    audit, example = results.audit, results.example
    closed = audit.closed_at
    return ReportData(
        with_comments=with_comments,
        service=audit.service.name,
        year=audit.year_name,
        earlier=results.earlier.year_name if results.earlier else "",
        questionnaire=str(audit.questionnaire),
        source=audit.questionnaire.source,
        is_quick=audit.scope == Scope.QUICK,
        closed_on=date_format(timezone.localtime(closed), "j F Y") if closed else "",
        headline=results.headline,
        counts=results.counts,
        whole=figures("All areas", results.scores),
        strengths=end(results.scores.strengths, results.top_levels),
        gaps=end(results.scores.gaps, results.bottom_levels),
        levels=[LevelData(str(level), level.anchor) for level in results.levels],
        areas=[
            AreaData(
                area.area.code,
                figures(area.area.name, area),
                [
                    SectionData(
                        section.section.code,
                        figures(section.section.name, section),
                        [
                            statement(one, results, with_comments=with_comments)
                            for one in results.answers(section)
                        ],
                    )
                    for section in area.sections
                ],
            )
            for area in results.scores.areas
        ],
        example=ExampleData(
            low=example.low,
            high=example.high,
            lowest=example.scale.lowest,
            low_steps=example.low_steps,
            high_steps=example.scale.span,
            steps=example.steps,
            most=example.most,
            percent=example.score.percent,
        ),
    )


def figures(name: str, part: Part) -> Figures:
    return Figures(
        name=name,
        percent=part.score.percent,
        was=part.was.percent if part.was else None,
        change=part.signed_change,
        rated=part.score.rated,
        of=part.score.statements,
        parked=part.score.parked,
        not_applicable=part.score.not_applicable,
    )


def end(ends: Ends, levels: str) -> EndData:
    return EndData(
        sections=[f"{s.section}, {s.score.percent}%" for s in ends.sections],
        statements=len(ends.lines),
        levels=levels,
    )


def statement(answered: Answered, results: Results, *, with_comments: bool) -> StatementData:
    rating = answered.rating
    values = results.scores.score.scale.values
    return StatementData(
        code=answered.statement.code,
        text=answered.statement.text,
        answer=answered.now,
        was=answered.was if results.earlier else "",
        place=values.index(rating.value) if rating and rating.value is not None else None,
        reason=rating.reason if rating else "",
        comments=[
            CommentData(said.text, said.evidence, said.evidence_url, said.role, said.is_reason)
            for said in (answered.comments if with_comments else ())
        ],
    )


@transaction.atomic
def request_report(*, results: Results, with_comments: bool, by: User) -> Report:
    """Hand over the report that says just this, or have it made."""
    audit: Audit = results.audit
    data = asdict(collect(results, with_comments=with_comments))
    report = paper(audit, ReportKind.REPORT, data, by)
    record(by=by, verb=Verb.TOOK_REPORT, subject=audit, service=audit.service)
    return report


def paper(audit: Audit, kind: ReportKind, data: dict[str, Any], by: User) -> Report:
    """The paper made from this data, or one that the worker makes; within a transaction."""
    return papers.hand_over(
        Report.objects.all(),
        known_by={"audit": audit, "key": key(data)},
        made_with={"kind": kind, "data": data},
        by=by,
        defer=lambda pk: app.configure_task(MAKE).defer(report_id=pk),
    )


def make_room(audit_id: int, kind: str) -> None:
    """Keep the newest finished papers of a kind, with and without comments."""
    papers.make_room(Report.objects.filter(audit=audit_id, kind=kind))
