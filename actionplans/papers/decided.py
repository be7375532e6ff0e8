"""What a self-assessment chose to act on and what waits, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from actionplans.papers.parts import Reading
from selfassessment.models import Priority
from selfassessment.models.agreement import PriorityQuerySet
from selfassessment.results import Results


@dataclass(frozen=True)
class DecidedData:
    """A statement or section that is a priority, or parked, with the reason."""

    code: str
    text: str
    level: str  # what was agreed, or the section's score
    reason: str
    targets: list[str]  # references of those that follow from it


def priorities(reading: Reading) -> list[DecidedData]:
    """What was chosen, in the order of its rank, and which targets follow from it.

    Nothing before the totals are shown.
    """
    if reading.results is None:
        return []
    following: dict[int, list[str]] = {}
    for target in reading.targets:
        if target.priority_id:
            following.setdefault(target.priority_id, []).append(target.reference)
    return [
        decided(one, reading.results, following.get(one.pk, []))
        for one in decisions(reading).chosen().order_by("order", "pk")
    ]


def decisions(reading: Reading) -> PriorityQuerySet:
    audit = reading.plan.audit
    of_audit = Priority.objects.filter(audit=audit) if audit else Priority.objects.none()
    return of_audit.select_related("statement__section", "section")


def decided(one: Priority, found: Results | None, targets: list[str]) -> DecidedData:
    part = one.statement or one.section
    if part is None:
        raise ValueError("A priority is a statement or a section.")
    text = one.statement.text if one.statement else str(one.section)
    return DecidedData(
        part.code, text.removeprefix(f"{part.code} "), level(one, found), one.reason, targets
    )


def level(one: Priority, found: Results | None) -> str:
    """What was agreed of a statement, or what a section comes to."""
    if found is None:
        return ""
    if one.statement_id:
        return found.in_words(found.ratings.get(one.statement_id))
    score = next((s.score for s in found.scores.sections if s.section.pk == one.section_id), None)
    return "" if score is None or score.percent is None else f"{score.percent}%"
