"""A music service made again from its package: what shows that the package is complete."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Model

from changingtracks.everything.rows import lists_of
from changingtracks.everything.tables import TABLES, Table
from portal.models import LocalAuthority, MusicService, Topic
from selfassessment.models import Questionnaire, Statement

CLOCKS = ("pgh_created_at", "changed_at")  # set when a row is made, whatever it says
NAMED = {"topics": Topic, "local_authorities": LocalAuthority}


def rebuild(data: dict[str, Any], files: dict[str, bytes]) -> MusicService:
    """Every row, under new numbers. The people of the rows, and the programme, are there."""
    ours: dict[tuple[str, int], int] = {}
    for table in TABLES:
        for row in data[table.name]:
            if table.label.endswith("Event"):
                continue
            ours[table.label, row["id"]] = make(table, row, ours, files).pk
    for table in TABLES:
        if table.label.endswith("Event"):
            # History is written by triggers as rows are made: put what was there in its place.
            parents = {ours[key] for key in ours if key[0] == table.label.removesuffix("Event")}
            table.model.objects.filter(pgh_obj__in=parents).delete()
            for row in data[table.name]:
                make(table, row, ours, files)
    return MusicService.objects.get(pk=ours["portal.MusicService", data["music services"][0]["id"]])


def make(
    table: Table, row: dict[str, Any], ours: dict[tuple[str, int], int], files: dict[str, bytes]
) -> Model:
    model = table.model
    fields: dict[str, Any] = {}
    for field in model._meta.fields:
        value = row[field.name]
        if field.primary_key:
            continue
        if isinstance(field, BinaryField):
            value = files[value]
        elif field.is_relation and value is not None:
            fields[field.attname] = found(field.related_model, value, ours)
            continue
        elif value is not None:
            value = field.to_python(value)
        fields[field.attname] = value
    if table.label == "portal.MusicService":
        fields |= {"name": f"{fields['name']} again", "slug": f"{fields['slug']}-again"}
    made = model(**fields)
    model.objects.bulk_create([made])
    clocks = {name: fields[name] for name in CLOCKS if name in fields}
    if clocks:
        model.objects.filter(pk=made.pk).update(**clocks)
    for name in lists_of(model):
        getattr(made, name).set([one(name, value) for value in row[name]])
    return made


def found(model: type[Model], value: Any, ours: dict[tuple[str, int], int]) -> Any:
    label = model._meta.label
    if label == "portal.User":
        return value
    if isinstance(value, int):
        return ours[label, value]
    edition, _, code = value.partition(": ")
    questionnaire = next(q for q in Questionnaire.objects.all() if str(q) == edition)
    if model is Questionnaire:
        return questionnaire.pk
    return apps.get_model(label).objects.get(questionnaire=questionnaire, code=code).pk


def one(name: str, value: str) -> Model:
    if name in NAMED:
        return NAMED[name].objects.get(name=value)
    return Statement.objects.get(pk=found(Statement, value, {}))


def comparable(data: dict[str, Any]) -> dict[str, Any]:
    """What a package says, with its rows numbered anew: so that two can be compared."""
    numbers = {
        (table.label, row["id"]): place
        for table in TABLES
        for place, row in enumerate(data[table.name], start=1)
    }
    return {
        table.name: [
            {name: renumbered(table, name, value, numbers) for name, value in row.items()}
            for row in data[table.name]
        ]
        for table in TABLES
    } | {"people": data["people"]}


def renumbered(table: Table, name: str, value: Any, numbers: dict[tuple[str, int], int]) -> Any:
    if table.label == "portal.MusicService" and name in {"name", "slug"}:
        return value.removesuffix(" again").removesuffix("-again")
    if name == "content":
        return value.partition("-")[2]
    field = None if name in lists_of(table.model) else table.model._meta.get_field(name)
    if name in {"id", "pgh_id"}:
        return numbers[table.label, value] if name == "id" else None
    if field is None or not field.is_relation or not isinstance(value, int):
        return value
    label = field.related_model._meta.label
    return value if label == "portal.User" else numbers.get((label, value))
