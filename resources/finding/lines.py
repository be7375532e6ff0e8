"""The rows of a list of resources, with the words that were looked for marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Left

from resources.finding import marks
from resources.finding.marks import START, STOP, Part
from resources.finding.queries import CONFIG, Query
from resources.models import Resource
from resources.models.library import ResourceQuerySet

READ = 5000  # letters of a text in which there is looked for something to show


@dataclass(frozen=True)
class Line:
    resource: Resource
    title: list[Part]
    summary: list[Part]
    inside: list[Part] = field(default_factory=list)  # of its text, where only that has the words


def lines(keys: Sequence[int], among: ResourceQuerySet, sought: Query | None) -> list[Line]:
    """The resources of these keys, in this order. Only they are looked through for the words."""
    rows = among.filter(pk__in=keys).with_parts().light().order_by()
    if sought is None:
        by_key = {one.pk: plain(one) for one in rows}
    else:
        by_key = {one.pk: marked(one) for one in with_marks(rows, sought)}
    return [by_key[key] for key in keys if key in by_key]


def plain(resource: Resource) -> Line:
    return Line(resource, [Part(resource.title)], [Part(resource.summary)])


def of(resources: Iterable[Resource]) -> list[Line]:
    return [plain(one) for one in resources]


def with_marks(rows: ResourceQuerySet, sought: Query) -> ResourceQuerySet:
    look: dict[str, Any] = {"config": CONFIG, "start_sel": START, "stop_sel": STOP}
    return rows.annotate(
        marked_title=SearchHeadline("title", sought, highlight_all=True, **look),
        marked_summary=SearchHeadline("summary", sought, highlight_all=True, **look),
        marked_inside=Case(
            When(front=sought, then=Value("")),
            default=SearchHeadline(
                Left("body", READ), sought, max_words=30, min_words=15, max_fragments=1, **look
            ),
            output_field=TextField(),
        ),
    )


def marked(row: Resource) -> Line:
    title, summary, inside = (
        getattr(row, f"marked_{name}") for name in ("title", "summary", "inside")
    )
    return Line(row, marks.parts(title), marks.parts(summary), marks.snippet(inside))
