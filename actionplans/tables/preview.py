"""A table before it is taken in: as it was read, and each target with all that it will say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actionplans.models import ActionPlan, Heard, Rag, TargetStatus
from actionplans.tables.cells import Grid, one_line
from actionplans.tables.columns import LABELS, Field
from actionplans.tables.drafts import Draft, Known, plain_number, step_words, words_of
from actionplans.tables.matching import Match
from actionplans.tables.plan_rows import headings
from portal.exports import Cell, Sheet
from selfassessment.models import PlanArea
from selfassessment.sheets.tables import shortened

ROWS_SHOWN = 8
SAID_ELSEWHERE = {"title", "area"}
NOTE_FIELDS = {
    "text": Field.NOTE,
    "young_people": Field.NOTE_YOUNG_PEOPLE,
    "evidence_url": Field.EVIDENCE,
}


@dataclass(frozen=True)
class AsRead:
    """The first rows of a sheet, and how many more there are."""

    sheet: str
    headings: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]  # number as in the file, and its cells
    more: int


@dataclass(frozen=True)
class Line:
    """A target to be: its name, and every other field that says anything."""

    row: int  # from 0
    reference: str
    title: str
    area: str
    fields: Sequence[tuple[str, str]]

    @property
    def row_number(self) -> int:
        return self.row + 1


def as_read(grid: Grid, match: Match) -> AsRead:
    names = headings(grid.cells, match)
    below = [
        (at + 1, [shortened(one_line(cell.text)) for cell in row])
        for at, row in enumerate(grid.cells)
        if at > match.header and any(cell.text for cell in row)
    ]
    return AsRead(grid.name, list(names.values()), below[:ROWS_SHOWN], len(below[ROWS_SHOWN:]))


def lines(drafts: Iterable[Draft], known: Known) -> list[Line]:
    return [
        Line(
            draft.row,
            draft.reference if draft.number else "",
            str(draft.values.get("title", "")),
            str(PlanArea(draft.area).label) if draft.area else "",
            [(label, said) for label, said in fields(draft, known.names) if said],
        )
        for draft in drafts
    ]


def fields(draft: Draft, people: Mapping[int, str]) -> Iterable[tuple[str, str]]:
    """Label and words of each, in the order of the target's page."""
    names = {**{one.value: one for one in Field}, "owner_id": Field.OWNER}
    order = [*list(LABELS)[1:], Field.EXTRA]
    said = {
        names[name]: in_words(name, value, people)
        for name, value in draft.values.items()
        if name not in SAID_ELSEWHERE
    }
    said[Field.STATEMENTS] = ", ".join(draft.statements)
    said[Field.TOPICS] = ", ".join(draft.topics)
    said[Field.MILESTONES] = "\n".join(step_words(step) for step in draft.milestones)
    for name, value in draft.note.items():
        what = NOTE_FIELDS.get(name) or Field(name)
        said[what] = "\n".join(filter(None, [said.get(what), in_words(name, value, people)]))
    return ((LABELS[one], said.get(one, "")) for one in order)


def in_words(name: str, value: object, people: Mapping[int, str]) -> str:
    match name, value:
        case "owner_id", int():
            return people.get(value, "")
        case "status", str():
            return TargetStatus(value).label
        case "rag", str():
            return Rag(value).label
        case "heard", list():
            return ", ".join(Heard(one).label for one in value)
        case "percent", int():
            return f"{value}%"
        case _, dt.date():
            return words_of(value)
        case _, Decimal():
            return plain_number(value)
        case _:
            return str(value)


def example(plan: ActionPlan) -> Sheet:
    """A small table to begin from: invented targets, with the columns that matter most."""
    shown = [
        *(Field.AREA, Field.TITLE, Field.MEASURE, Field.STEPS, Field.ROLE, Field.STARTS_ON),
        *(Field.DUE_ON, Field.COST, Field.YOUNG_PEOPLE, Field.EXTRA),
    ]
    first, last = plan.starts_on, plan.ends_on
    third = first + (last - first) / 3
    rows: list[list[Cell]] = [
        [
            *(PlanArea.WORKFORCE.label, "Start half-termly paid reflection groups"),
            *("Two groups meet six times a year; 70% of tutors come", "Agree dates. Pay the time."),
            *("Curriculum manager", first, last, 1200, "All who learn with us", ""),
        ],
        [
            *(PlanArea.YOUNG_VOICE.label, "Set up a paid young advisers’ group"),
            *("8 members from 4 settings; one decision changed", "Agree terms. Find members."),
            *("Youth voice coordinator", first, third, 2400, "Young people who left us", ""),
        ],
    ]
    return Sheet("Targets", [LABELS[one] for one in shown], rows)
