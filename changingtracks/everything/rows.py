"""The rows of a music service as plain data: numbers, texts and lists, for JSON.

A row names what it refers to: another row here by its `id`, a person by their `id` under
“people”, a questionnaire by name and edition, a statement or section by questionnaire and code,
a topic or council area by its name. A file is named by its place in the package.
"""

# ruff: noqa: SLF001 (a model's _meta is documented by Django)
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import BinaryField, Field, Model

from changingtracks.everything.tables import TABLES, Table
from portal.models import Membership, MusicService, User
from selfassessment.models import Questionnaire, Section, Statement

FORMAT = 1  # of the JSON; see docs/everything.md
OURS = {table.label for table in TABLES}
Row = dict[str, Any]


@dataclass
class Reader:
    """Reads one service. Remembers whom and what its rows refer to."""

    service: MusicService
    people: set[int] = field(default_factory=set)

    def read(self) -> dict[str, Any]:
        """All rows by table: one query a table, whatever their number, and a few for names."""
        tables = {table.name: [self.row(one) for one in self.rows(table)] for table in TABLES}
        return {"format": FORMAT, **tables, "people": list(self.people_known())}

    def rows(self, table: Table) -> Iterable[Model]:
        found = table.rows(self.service.pk)
        files = [f.name for f in table.model._meta.fields if isinstance(f, BinaryField)]
        return list(found.defer(*files).prefetch_related(*lists_of(table.model)))

    def row(self, one: Model) -> Row:
        row = {f.name: self.value(f, one) for f in one._meta.fields}
        row |= {name: sorted(self.names(one, name)) for name in lists_of(type(one))}
        return row

    def value(self, what: Field[Any, Any], one: Model) -> Any:
        if isinstance(what, BinaryField):
            return place_of(one)
        raw = getattr(one, what.attname)
        if raw is None or not what.is_relation:
            return plain(raw)
        return self.referred(what, raw)

    def referred(self, what: Field[Any, Any], pk: int) -> Any:
        label = what.related_model._meta.label  # type: ignore[union-attr]
        match label:
            case "portal.User":
                self.people.add(pk)
                return pk
            case "selfassessment.Questionnaire":
                return self.questionnaires[pk]
            case "selfassessment.Statement":
                return self.statements[pk]
            case "selfassessment.Section":
                return self.sections[pk]
        if label not in OURS:
            raise ValueError(f"{what} refers to {label}, which the package does not hold")
        return pk

    def names(self, one: Model, name: str) -> Iterator[str]:
        for related in getattr(one, name).all():
            yield self.statements[related.pk] if isinstance(related, Statement) else str(related)

    @cached_property
    def questionnaires(self) -> dict[int, str]:
        return {one.pk: str(one) for one in Questionnaire.objects.all()}

    @cached_property
    def statements(self) -> dict[int, str]:
        return self.coded(Statement)

    @cached_property
    def sections(self) -> dict[int, str]:
        return self.coded(Section)

    def coded(self, model: type[Statement | Section]) -> dict[int, str]:
        rows = model._default_manager.values_list("pk", "questionnaire", "code")
        return {pk: f"{self.questionnaires[edition]}: {code}" for pk, edition, code in rows}

    def people_known(self) -> Iterator[Row]:
        """Members, now or once, with their address; anybody else by name only."""
        members = set(
            Membership.objects.filter(service=self.service).values_list("user", flat=True)
        )
        for user in User.objects.filter(pk__in=self.people).order_by("pk"):
            email = user.email if user.pk in members else ""
            yield {"id": user.pk, "name": user.name, "email": email}


def lists_of(model: type[Model]) -> list[str]:
    return [one.name for one in model._meta.many_to_many]


def plain(value: Any) -> Any:
    """A value as JSON has it; sums and measures as text, so that no digit is lost."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def place_of(one: Any) -> str:
    """Where the file of a row lies in the package."""
    if one._meta.label == "portal.ServiceLogo":
        return "logo.png"
    return f"evidence/{one.pk}-{safe_name(one.file_name)}"


def safe_name(name: str) -> str:
    """The end of a file's name, at most 80 characters, that no file system takes for a path."""
    return re.sub(r"[^\w.-]+", "-", name)[-80:].lstrip(".-") or "file"
