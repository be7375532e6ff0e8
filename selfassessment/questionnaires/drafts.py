"""Writes on the draft of a questionnaire.

Whatever changes a draft holds its row first (`lock_draft`), so that it cannot be published, or
changed by somebody else, half way through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import Activity, User, Verb
from selfassessment.models import Area, Level, Questionnaire, Section, Statement
from selfassessment.models.questionnaire import StatementQuerySet
from selfassessment.questionnaires.imports import LevelRow

Part = Area | Section | Statement
P = TypeVar("P", Area, Section, Statement)


class EditionRefusedError(Exception):
    """The step is not possible now; the text says why."""


class EditionFrozenError(EditionRefusedError):
    """Published is frozen: only a new edition may say something else."""


def frozen(questionnaire: Questionnaire) -> str:
    """Why nothing about it changes any more."""
    return (
        f"“{questionnaire}” is {questionnaire.get_status_display().lower()}, so it no longer "
        "changes. To word something differently, start a new edition from it."
    )


def lock_draft(questionnaire: Questionnaire) -> Questionnaire:
    """The draft as it is now, held until the transaction ends. Refused once it is published."""
    held = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if not held.is_draft:
        raise EditionFrozenError(frozen(held))
    return held


@transaction.atomic
def note_change(*, subject: object, by: User) -> None:
    """One line a day for each person who works on something, not one for every comma."""
    today = Activity.objects.filter(
        by=by, verb=Verb.CHANGED, subject=str(subject), at__date=timezone.localdate()
    )
    if not today.exists():
        record(by=by, verb=Verb.CHANGED, subject=subject)


@transaction.atomic
def set_scale(*, questionnaire: Questionnaire, scale: Iterable[LevelRow], by: User) -> None:
    """Replace the levels of a draft: nothing hangs on them yet, so they may swap numbers."""
    draft = lock_draft(questionnaire)
    draft.levels.all().delete()
    write_scale(draft, scale)
    note_change(subject=draft, by=by)


@transaction.atomic
def move(*, part: Part, up: bool, by: User) -> None:
    """Change places with the neighbour above or below; at the end nothing happens."""
    draft = lock_draft(part.questionnaire)
    match part:
        case Area():
            Area.objects.bulk_update(_moved(siblings(part), part, up=up), ["order"])
        case Section():
            Section.objects.bulk_update(_moved(siblings(part), part, up=up), ["order"])
        case Statement():
            Statement.objects.bulk_update(_moved(siblings(part), part, up=up), ["order"])
    note_change(subject=draft, by=by)


@transaction.atomic
def remove(*, part: Part, by: User) -> None:
    """Take out an area, section or statement with all that is in it."""
    draft = lock_draft(part.questionnaire)
    part.delete()
    note_change(subject=draft, by=by)


def siblings(part: P) -> list[P]:
    """The parts that stand beside this one, itself among them, in order."""
    beside = type(part).objects.filter(questionnaire=part.questionnaire_id)
    match part:
        case Section():
            beside = beside.filter(area=part.area_id)
        case Statement():
            beside = beside.filter(section=part.section_id)
    return list(beside)


def _moved(parts: list[P], part: P, *, up: bool) -> list[P]:
    """The same parts, numbered anew from 1, with `part` one place on."""
    at = parts.index(part)
    to = min(max(at - 1 if up else at + 1, 0), len(parts) - 1)
    parts.insert(to, parts.pop(at))
    for order, sibling in enumerate(parts, start=1):
        sibling.order = order
    return parts


def statements_in(part: Part) -> StatementQuerySet:
    """What goes when `part` is removed."""
    match part:
        case Area():
            inside = Statement.objects.filter(section__area=part)
        case Section():
            inside = Statement.objects.filter(section=part)
        case Statement():
            inside = Statement.objects.filter(pk=part.pk)
    return inside.in_order()


def write_scale(draft: Questionnaire, scale: Iterable[LevelRow]) -> None:
    Level.objects.bulk_create(
        Level(questionnaire=draft, value=level.value, name=level.name, anchor=level.anchor)
        for level in scale
    )
