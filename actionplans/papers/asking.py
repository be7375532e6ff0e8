"""Papers of a plan asked for, kept and handed over: the part that web processes know.

A new sort of paper is added to OFFERED here and to MAKERS in `making`, which only the worker reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from actionplans.models import ActionPlan, Paper, PaperFormat, PaperKind, Review
from actionplans.papers import board_paper, heads, minutes, parts, plan_paper, year_report
from actionplans.papers.parts import Reading
from portal import papers
from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.models import Audit

MAKE = "actionplans.make_paper"  # the worker's task, by name: see tasks.py
# What is done, in this order; Paper.step counts how many of these are.
STEPS = ("Contents collected", "File made", "File checked", "Ready to take away")

OFFERED: frozenset[tuple[str, str]] = frozenset(
    {
        (PaperKind.PLAN, PaperFormat.PDF),
        (PaperKind.BOARD_PAPER, PaperFormat.PDF),
        (PaperKind.YEAR_REPORT, PaperFormat.PDF),
        (PaperKind.REVIEW, PaperFormat.PDF),
        (PaperKind.PLAN, PaperFormat.DOCX),
        (PaperKind.BOARD_PAPER, PaperFormat.DOCX),
        (PaperKind.YEAR_REPORT, PaperFormat.DOCX),
    }
)
# What each is for, in one sentence, in the order of a year.
PURPOSES = (
    (
        PaperKind.BOARD_PAPER,
        "Two pages for a meeting: what the board is asked, where you are, what you will do.",
    ),
    (
        PaperKind.PLAN,
        "The whole plan for those who work with it: each target with all of its parts.",
    ),
    (
        PaperKind.YEAR_REPORT,
        "The year told whole: what you found, chose and did, and what came of it.",
    ),
)
OF_A_PLAN: dict[str, Callable[[Reading], Any]] = {
    PaperKind.PLAN: plan_paper.collect,
    PaperKind.BOARD_PAPER: board_paper.collect,
    PaperKind.YEAR_REPORT: year_report.collect,
}


@dataclass(frozen=True)
class Offer:
    """A paper that can be asked for, and as which files."""

    kind: str
    name: str
    purpose: str
    formats: list[tuple[str, str]]


def offers() -> list[Offer]:
    return [Offer(kind, str(kind.label), purpose, formats(kind)) for kind, purpose in PURPOSES]


def formats(kind: str) -> list[tuple[str, str]]:
    """The files a paper can be, with their names; those nobody makes yet are left out."""
    return [(form.value, str(form.label)) for form in PaperFormat if (kind, form) in OFFERED]


def offers_minutes() -> list[tuple[str, str]]:
    return formats(PaperKind.REVIEW)


def period(paper: Paper) -> str:
    return paper.plan.period if paper.plan else ""


def says(plan: ActionPlan, kind: str, review: Review | None = None) -> dict[str, Any]:
    """What a paper of `plan` says today, as the worker gets it."""
    reading = parts.read(plan, timezone.localdate())
    if review is not None:
        return asdict(minutes.collect(reading, review))
    return asdict(OF_A_PLAN[kind](reading))


@transaction.atomic
def request_paper(
    *, plan: ActionPlan, kind: str, form: str, by: User, review: Review | None = None
) -> Paper:
    """Hand over the paper that says just this, or have it made. `form` is of PaperFormat."""
    data = says(plan, kind, review)
    made = hand_over(plan.service, kind, form, data, by, plan=plan)
    what = f"{made.get_kind_display().lower()}, {made.get_format_display()}"
    record(by=by, verb=Verb.TOOK_REPORT, subject=f"{plan}: {what}", service=plan.service)
    return made


def hand_over(
    service: MusicService,
    kind: str,
    form: str,
    data: dict[str, Any],
    by: User,
    *,
    plan: ActionPlan | None = None,
) -> Paper:
    """The paper made from this data, or one that the worker makes; within a transaction."""
    key = papers.key(data, looks())
    return papers.hand_over(
        Paper.objects.all(),
        known_by={"service": service, "plan": plan, "kind": kind, "format": form, "key": key},
        made_with={"data": data},
        by=by,
        defer=lambda pk: app.configure_task(MAKE).defer(paper_id=pk),
    )


def looks() -> tuple[Path, ...]:
    """What these papers are made with beside templates and styles."""
    here = Path(__file__).parent
    return (*sorted(here.glob("*.py")), *sorted(here.glob("*.docx")))


def make_room(paper: Paper) -> None:
    """Keep the newest few of a plan, or of a service, of this kind and format."""
    papers.make_room(
        Paper.objects.filter(
            service=paper.service_id, plan=paper.plan_id, kind=paper.kind, format=paper.format
        )
    )


def standing(service: MusicService, found: Iterable[Paper]) -> list[Paper]:
    """Those of a service that rest on totals still shown, as they were shown then.

    A self-assessment that goes back to rating hides its totals: what told them is not handed out.
    """
    shown = Audit.objects.for_service(service).exclude(totals_shown_at=None)
    marks = {heads.mark(audit) for audit in shown}
    return [paper for paper in found if marks.issuperset(paper.rests_on or [])]
