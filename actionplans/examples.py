"""Example targets: those that come with the portal, and how far they cover what is asked."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from actionplans.models import ExampleTarget
from portal.actions import record
from portal.models import User, Verb
from selfassessment.models import Questionnaire, Section, Status
from selfassessment.questionnaires.editions import SHIPPED_NAME

SHIPPED = Path(__file__).resolve().parent / "data" / "example-targets.csv"


class ExampleChangedError(Exception):
    """Somebody changed or removed the example since the page was opened. Nothing was written."""


@dataclass(frozen=True)
class SectionExamples:
    """A section of a questionnaire, with the examples that suit it or a statement of it."""

    section: Section
    examples: list[ExampleTarget]


@dataclass(frozen=True)
class Shelf:
    """The examples of one questionnaire, by the sections of its newest edition in use."""

    name: str
    sections: list[SectionExamples]
    others: list[ExampleTarget]  # of codes that this edition does not have, or of none in use

    @property
    def gaps(self) -> list[Section]:
        return [one.section for one in self.sections if not one.examples]


@transaction.atomic
def load() -> int:
    """Add the shipped examples that are not here yet; those that are stay. How many came."""
    known = set(
        ExampleTarget.objects.filter(questionnaire=SHIPPED_NAME).values_list("title", flat=True)
    )
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made = ExampleTarget.objects.bulk_create(
        ExampleTarget(
            questionnaire=SHIPPED_NAME,
            order=order,
            **{**row, "codes": row["codes"].split()},
        )
        for order, row in enumerate(rows, start=1)
        if row["title"] not in known
    )
    return len(made)


def shelves() -> list[Shelf]:
    """Every example, under the questionnaire and section it suits: four queries."""
    in_use = (
        Questionnaire.objects.in_use()
        .order_by("name", "-edition")
        .prefetch_related("sections__area", "sections__statements")
    )
    newest = {edition.name: edition for edition in reversed(in_use)}
    by_name: dict[str, list[ExampleTarget]] = {name: [] for name in sorted(newest)}
    for example in ExampleTarget.objects.in_order():
        by_name.setdefault(example.questionnaire, []).append(example)
    return [shelf(name, newest.get(name), examples) for name, examples in by_name.items()]


def shelf(name: str, edition: Questionnaire | None, examples: list[ExampleTarget]) -> Shelf:
    sections = sorted(
        edition.sections.all() if edition else [], key=lambda one: (one.area.order, one.order)
    )
    held = []
    placed: set[int] = set()
    for section in sections:
        codes = {section.code, *(statement.code for statement in section.statements.all())}
        suits = [example for example in examples if codes.intersection(example.codes)]
        placed.update(example.pk for example in suits)
        held.append(SectionExamples(section, suits))
    return Shelf(name, held, [example for example in examples if example.pk not in placed])


def published_names() -> list[str]:
    """Questionnaires that music services use or have used, by name."""
    editions = Questionnaire.objects.exclude(status=Status.DRAFT)
    return sorted(set(editions.values_list("name", flat=True)))


def unknown_codes(name: str, codes: Sequence[str]) -> list[str]:
    """Those that no published edition of the questionnaire has, as a section or a statement."""
    editions = Questionnaire.objects.exclude(status=Status.DRAFT).filter(name=name)
    known = {
        *editions.values_list("sections__code", flat=True),
        *editions.values_list("statements__code", flat=True),
    }
    return [code for code in codes if code not in known]


@transaction.atomic
def add(*, example: ExampleTarget, by: User) -> None:
    """Put an example after those of its questionnaire."""
    beside = ExampleTarget.objects.filter(questionnaire=example.questionnaire)
    example.order = 1 + max(beside.values_list("order", flat=True), default=0)
    example.changed_at, example.changed_by = timezone.now(), by
    example.save()
    record(by=by, verb=Verb.ADDED, subject=f"the example target “{example}”")


@transaction.atomic
def change(*, example: ExampleTarget, as_read: str, by: User) -> None:
    """Save an example as worded now, unless it changed since it was read."""
    held(example, as_read)
    example.changed_at, example.changed_by = timezone.now(), by
    example.save()
    record(by=by, verb=Verb.CHANGED, subject=f"the example target “{example}”")


@transaction.atomic
def remove(*, example: ExampleTarget, as_read: str, by: User) -> None:
    """Take an example away. Targets that were made from it stay as they are."""
    held(example, as_read).delete()
    record(by=by, verb=Verb.REMOVED, subject=f"the example target “{example}”")


def held(example: ExampleTarget, as_read: str) -> ExampleTarget:
    """The row as it is now, locked, if it is still the one that was read."""
    row = ExampleTarget.objects.select_for_update().filter(pk=example.pk).first()
    if row is None or read_at(row) != as_read:
        raise ExampleChangedError(
            "Somebody changed this example after you opened it, so nothing was saved."
        )
    return row


def read_at(example: ExampleTarget) -> str:
    """Names the state of an example, to notice that a page shows an older one."""
    return example.changed_at.isoformat()
