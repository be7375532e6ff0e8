"""A plan as tables, to take away: under headings that an import recognises by themselves."""

from __future__ import annotations

from collections.abc import Iterable

from actionplans import wording
from actionplans.models import ActionPlan, Heard, ProgressNote, Target
from actionplans.tables.columns import LABELS, Field
from actionplans.tables.drafts import Step, step_words
from portal.exports import Cell, Sheet

F = Field
# In the order of a target's page; other notes last, where a long cell is least in the way.
ORDER = [*(one for one in LABELS if one != F.EXTRA), F.EXTRA]
NOTES = ["reference", "target", "date", "by", "how it goes", "per cent", "number now"]
NOTES += ["note", "what changed for young people", "evidence", "link"]
CHANGES = ["reference", "target", "field", "approved wording", "wording now"]


def read(plan: ActionPlan) -> list[Target]:
    """The targets with all that is exported, in a fixed number of queries."""
    return list(plan.targets.with_parts().in_order())


def targets_sheet(targets: Iterable[Target]) -> Sheet:
    """One row for each target."""
    return Sheet("Targets", [LABELS[one] for one in ORDER], [row(one) for one in targets])


def row(target: Target) -> list[Cell]:
    note = target.last_note
    said = {
        F.REFERENCE: target.reference,
        F.AREA: target.get_area_display(),
        F.MILESTONES: "\n".join(
            step_words(Step(one.text, one.due_on, one.done_on)) for one in target.milestones.all()
        ),
        F.STATEMENTS: ", ".join(one.code for one in target.statements.all()),
        F.TOPICS: ", ".join(one.name for one in target.topics.all()),
        F.HEARD: ", ".join(Heard(one).label for one in target.heard),
        F.OWNER: str(target.owner) if target.owner else "",
        F.STATUS: target.get_status_display(),
        **(of_note(note) if note else {}),
    }
    return [said.get(one, getattr(target, one.value, None)) for one in ORDER]


def of_note(note: ProgressNote) -> dict[Field, Cell]:
    return {
        F.NOTED_ON: note.noted_on,
        F.NOTE: note.text,
        F.RAG: note.get_rag_display(),
        F.PERCENT: note.percent,
        F.VALUE: note.value,
        F.NOTE_YOUNG_PEOPLE: note.young_people,
        F.EVIDENCE: "\n".join(filter(None, [note.evidence, note.evidence_url])),
    }


def milestones_sheet(targets: Iterable[Target]) -> Sheet:
    rows: list[list[Cell]] = [
        [target.reference, target.title, one.text, one.due_on, one.done_on]
        for target in targets
        for one in target.milestones.all()
    ]
    return Sheet("Milestones", ["reference", "target", "step", "by", "done on"], rows)


def notes_sheet(targets: Iterable[Target]) -> Sheet:
    rows: list[list[Cell]] = [
        [
            target.reference,
            target.title,
            note.noted_on,
            str(note.written_by),
            note.get_rag_display(),
            note.percent,
            note.value,
            note.text,
            note.young_people,
            note.evidence,
            note.evidence_url,
        ]
        for target in targets
        for note in target.notes.all()
    ]
    return Sheet("Progress notes", NOTES, rows)


def changes_sheet(plan: ActionPlan, targets: Iterable[Target]) -> Sheet:
    """What the wording of targets is now, beside what was approved."""
    rows: list[list[Cell]] = []
    for target in targets if plan.is_approved else ():
        if target.approved_wording is None:
            rows.append([target.reference, target.title, "", "", "Added after approval"])
        rows += [
            [target.reference, target.title, change.label, change.was, change.now]
            for change in wording.changes(target)
        ]
    return Sheet("Changes", CHANGES, rows)


def sheets(plan: ActionPlan) -> list[Sheet]:
    targets = read(plan)
    return [
        targets_sheet(targets),
        milestones_sheet(targets),
        notes_sheet(targets),
        changes_sheet(plan, targets),
    ]


def file_name(plan: ActionPlan) -> str:
    return f"{plan.service.slug} action plan {plan.period.replace('/', '-')}"
