"""Writes on questionnaires: bringing one in, and the steps in an edition's life.

What happens to a draft in between is in `drafts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from portal.actions import record
from portal.models import Topic, User, Verb
from selfassessment.models import (
    Area,
    Questionnaire,
    Section,
    Statement,
    Status,
)
from selfassessment.questionnaires import imports
from selfassessment.questionnaires.drafts import EditionRefusedError, lock_draft, write_scale
from selfassessment.questionnaires.imports import LevelRow, StatementRow
from selfassessment.sheets.tables import key

SHIPPED_NAME = "Changing Tracks maturity set"
SHIPPED_SOURCE = "Written for this portal, as a first set that every music service may use."
LETTERS = re.compile(r"^([A-Z]*).*$")


class EditionNotReadyError(EditionRefusedError):
    """A draft with gaps is not published; `reasons` lists them all."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


# Bringing one in


@transaction.atomic
def import_questionnaire(
    *,
    name: str,
    source: str,
    scale: Iterable[LevelRow],
    rows: Sequence[StatementRow],
    by: User,
    edition: int | None = None,
) -> Questionnaire:
    """Make a draft of what a file said. `edition` is the next one of that name unless given."""
    draft = _new_draft(name=name, edition=edition or next_edition(name), source=source)
    write_scale(draft, scale)
    _write_statements(draft, rows)
    record(by=by, verb=Verb.IMPORTED, subject=draft)
    return draft


@transaction.atomic
def load_shipped(*, by: User) -> Questionnaire:
    """The 60 statements and five levels that ship with the portal: as they are, or a new draft."""
    there = Questionnaire.objects.filter(name=SHIPPED_NAME).order_by("edition").first()
    if there:
        return there
    topics = Topic.objects.values_list("name", flat=True)
    shipped = imports.parse_questionnaire(imports.SHIPPED_STATEMENTS.read_bytes(), topics=topics)
    return import_questionnaire(
        name=SHIPPED_NAME,
        source=SHIPPED_SOURCE,
        scale=imports.shipped_scale("maturity"),
        rows=shipped.statements,
        by=by,
    )


def next_edition(name: str) -> int:
    last = Questionnaire.objects.filter(name__iexact=name).aggregate(last=Max("edition"))["last"]
    return (last or 0) + 1


# The life of an edition


def reasons_not_to_publish(draft: Questionnaire) -> list[str]:
    """Everything that a draft still lacks, in words."""
    reasons = []
    if draft.levels.count() < imports.FEWEST_LEVELS:
        reasons.append(f"The scale needs at least {imports.FEWEST_LEVELS} levels.")
    if not draft.statements.exists():
        reasons.append("There are no statements yet.")
    reasons += [
        f"Area {area} has no sections. Add one, or remove the area."
        for area in draft.areas.filter(sections=None)
    ]
    reasons += [
        f"Section {section} has no statements. Add one, or remove the section."
        for section in draft.sections.filter(statements=None)
    ]
    return reasons


@transaction.atomic
def publish(*, questionnaire: Questionnaire, by: User) -> None:
    """Put a draft into use. From here on it never changes."""
    draft = lock_draft(questionnaire)
    reasons = reasons_not_to_publish(draft)
    if reasons:
        raise EditionNotReadyError(reasons)
    draft.status = Status.PUBLISHED
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save(update_fields=["status", "published_at", "published_by"])
    record(by=by, verb=Verb.PUBLISHED, subject=draft)


@transaction.atomic
def withdraw(*, questionnaire: Questionnaire, by: User) -> None:
    """Let no new self-assessment start on this edition. Those under way carry on."""
    edition = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if edition.status != Status.PUBLISHED:
        raise EditionRefusedError(f"“{edition}” is not in use, so there is nothing to withdraw.")
    edition.status = Status.WITHDRAWN
    edition.withdrawn_at, edition.withdrawn_by = timezone.now(), by
    edition.save(update_fields=["status", "withdrawn_at", "withdrawn_by"])
    record(by=by, verb=Verb.WITHDREW, subject=edition)


@transaction.atomic
def bring_back(*, questionnaire: Questionnaire, by: User) -> None:
    """Let self-assessments start on a withdrawn edition again."""
    edition = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if edition.status != Status.WITHDRAWN:
        raise EditionRefusedError(
            f"“{edition}” is not withdrawn, so there is nothing to bring back."
        )
    edition.status = Status.PUBLISHED
    edition.withdrawn_at = edition.withdrawn_by = None
    edition.save(update_fields=["status", "withdrawn_at", "withdrawn_by"])
    record(by=by, verb=Verb.REOPENED, subject=edition)


@transaction.atomic
def start_new_edition(*, questionnaire: Questionnaire, by: User) -> Questionnaire:
    """A draft that begins as a copy of everything in a published edition."""
    origin = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if origin.is_draft:
        raise EditionRefusedError("This is a draft: change it, rather than starting from it.")
    waiting = Questionnaire.objects.drafts().filter(name=origin.name).first()
    if waiting:
        raise EditionRefusedError(
            f"There is a draft already: edition {waiting.edition}. Work on that one, or delete it."
        )
    draft = _new_draft(
        name=origin.name,
        edition=next_edition(origin.name),
        source=origin.source,
        based_on=origin,
    )
    write_scale(draft, scale_of(origin))
    _write_statements(draft, rows_of(origin))
    record(by=by, verb=Verb.STARTED, subject=draft)
    return draft


@transaction.atomic
def delete_draft(*, questionnaire: Questionnaire, by: User) -> None:
    draft = lock_draft(questionnaire)
    record(by=by, verb=Verb.DISCARDED, subject=f"the draft of {draft}")
    draft.delete()


# Rows


def _new_draft(
    *, name: str, edition: int, source: str, based_on: Questionnaire | None = None
) -> Questionnaire:
    taken = EditionRefusedError(f"Edition {edition} of “{name}” exists already.")
    if Questionnaire.objects.filter(name__iexact=name, edition=edition).exists():
        raise taken
    try:
        with transaction.atomic():
            return Questionnaire.objects.create(
                name=name, edition=edition, source=source, based_on=based_on
            )
    except IntegrityError as same_moment:
        raise taken from same_moment


def scale_of(questionnaire: Questionnaire) -> list[LevelRow]:
    return [LevelRow(lv.value, lv.name, lv.anchor) for lv in questionnaire.levels.all()]


def rows_of(questionnaire: Questionnaire) -> list[StatementRow]:
    """Everything in a questionnaire, in order, as an import would bring it."""
    statements = questionnaire.statements.all().in_order().prefetch_related("topics")
    return [
        StatementRow(
            code=statement.code,
            area=statement.section.area.name,
            area_code=statement.section.area.code,
            section_code=statement.section.code,
            section=statement.section.name,
            text=statement.text,
            guidance=statement.guidance,
            plain_text=statement.plain_text,
            plan_area=statement.plan_area,
            quick_check=statement.quick_check,
            topics=tuple(topic.name for topic in statement.topics.all()),
            idea_pillar=statement.idea_pillar,
        )
        for statement in statements
    ]


def _write_statements(draft: Questionnaire, rows: Sequence[StatementRow]) -> None:
    """Areas, sections and statements, each in the order of the rows."""
    by_area: dict[tuple[str, str], list[StatementRow]] = {}
    by_section: dict[str, list[StatementRow]] = {}
    for row in rows:
        by_area.setdefault((row.area_code, key(row.area)), []).append(row)
        by_section.setdefault(key(row.section_code), []).append(row)
    made = area_codes([[row.section_code for row in members] for members in by_area.values()])
    areas = {}
    for order, ((code, name), made_code) in enumerate(zip(by_area, made, strict=True), start=1):
        areas[code, name] = Area(
            questionnaire=draft,
            code=code or made_code,
            name=by_area[code, name][0].area,
            order=order,
        )
    Area.objects.bulk_create(areas.values())
    sections = {
        code: Section(
            questionnaire=draft,
            area=areas[members[0].area_code, key(members[0].area)],
            code=members[0].section_code,
            name=members[0].section,
            order=order,
        )
        for order, (code, members) in enumerate(by_section.items(), start=1)
    }
    Section.objects.bulk_create(sections.values())
    statements = Statement.objects.bulk_create(
        Statement(
            questionnaire=draft,
            section=sections[key(row.section_code)],
            code=row.code,
            text=row.text,
            guidance=row.guidance,
            plain_text=row.plain_text,
            plan_area=row.plan_area,
            idea_pillar=row.idea_pillar,
            quick_check=row.quick_check,
            order=order,
        )
        for order, row in enumerate(rows, start=1)
    )
    topics = {topic.name: topic.pk for topic in Topic.objects.all()}
    carried = Statement.topics.through
    carried.objects.bulk_create(
        carried(statement_id=statement.pk, topic_id=topics[name])
        for statement, row in zip(statements, rows, strict=True)
        for name in row.topics
    )


def area_codes(sections: Sequence[Sequence[str]]) -> list[str]:
    """A short code for each area: the letters its sections begin with, or else A, B, C …

    `sections` holds the section codes of each area: A1 and A2 make area A.
    """
    starts = [{LETTERS.sub(r"\1", code.upper()) for code in codes} for codes in sections]
    codes = [start.pop() if len(start) == 1 else "" for start in starts]
    if all(codes) and len(set(codes)) == len(codes):
        return codes
    return [_alphabetic(number) for number in range(len(sections))]


def _alphabetic(number: int) -> str:
    """A to Z, then AA, AB …"""
    more, letter = divmod(number, 26)
    return (_alphabetic(more - 1) if more else "") + chr(ord("A") + letter)
