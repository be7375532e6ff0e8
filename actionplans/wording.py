"""The wording of a target: what a board approves, and what differs from it since.

Kept as plain text by field, so that it can be read when the code has moved on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from actionplans.models import Heard, Target
from selfassessment.models import PlanArea

# In the order of the page. Changing a name here changes nothing that was kept.
FIELDS = (
    "area",
    "title",
    "detail",
    "measure",
    "baseline",
    "start_value",
    "aim_value",
    "unit",
    "aim_level",
    "steps",
    "resources",
    "cost",
    "funding",
    "why",
    "young_people",
    "starts_on",
    "due_on",
    "no_date_reason",
    "role",
    "helpers",
    "no_owner_reason",
    "barriers",
    "no_action_reason",
)
LISTS = ("statements", "topics", "heard")
AREAS = {str(value): str(name) for value, name in PlanArea.choices}


@dataclass(frozen=True)
class Change:
    """One field whose wording differs from what was approved."""

    label: str
    was: str
    now: str


def of(target: Target) -> dict[str, str]:
    """The wording by field, in words; with no query where statements and topics are prefetched."""
    return {
        **{field: in_words(getattr(target, field)) for field in FIELDS},
        "statements": ", ".join(sorted(one.code for one in target.statements.all())),
        "topics": ", ".join(sorted(one.name for one in target.topics.all())),
        "heard": ", ".join(Heard(one).label for one in sorted(target.heard)),
    }


def in_words(value: object) -> str:
    match value:
        case str():
            return str(value)  # the plain text of a choice
        case None:
            return ""
        case dt.date():
            return f"{value:%-d %B %Y}"
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)


def changes(target: Target) -> list[Change]:
    """What differs from the approved wording; nothing where nothing was approved."""
    before = target.approved_wording
    if before is None:
        return []
    now = of(target)
    return [
        Change(label(field), shown(field, str(before.get(field, ""))), shown(field, now[field]))
        for field in (*FIELDS, *LISTS)
        if str(before.get(field, "")) != now[field]
    ]


def shown(field: str, said: str) -> str:
    """A plan area by the name that pages give it; the rest as it was kept."""
    return AREAS.get(said, said) if field == "area" else said


def label(field: str) -> str:
    """What the pages call a field of a target."""
    name = LABELS[field]
    return name[0].upper() + name[1:]


LABELS = {
    field.name: str(field.verbose_name)
    for field in Target._meta.get_fields()  # noqa: SLF001 (Django's own, documented API)
    if isinstance(field, models.Field)
}
