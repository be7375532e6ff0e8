"""How many resources each way to narrow a search would leave.

Within a group of boxes ticking more finds more, so a box is counted among what the other groups
leave: with “Blog” ticked, “Guide” still says how many guides there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from resources.finding.wanted import Wanted


class Group(TextChoices):
    """What a search may be narrowed by; the value is the term of the address."""

    TOPIC = "topic", "Topic"
    KIND = "kind", "Kind"
    READER = "for", "For whom"
    YEAR = "year", "Year"


# What a resource is, group by group: {"kind": ["guide"], "topic": ["first-access"], …}
Row = Mapping[Group, Iterable[str]]


@dataclass(frozen=True)
class Box:
    """A box to tick, with how many resources it would leave; None: too many to count."""

    value: str
    label: str
    count: int | None
    is_ticked: bool


@dataclass(frozen=True)
class Facet:
    """A group of boxes."""

    group: Group
    boxes: list[Box]


@dataclass(frozen=True)
class Counted:
    total: int
    each: Mapping[Group, Counter[str]]


def ticked(wanted: Wanted) -> dict[Group, frozenset[str]]:
    return {
        Group.TOPIC: frozenset(wanted.topics),
        Group.KIND: frozenset(wanted.kinds),
        Group.READER: frozenset(wanted.readers),
        Group.YEAR: frozenset(map(str, wanted.years)),
    }


def count(rows: Iterable[Row], wanted: Wanted) -> Counted:
    """Count each box once over; `rows` are all that the words find, whatever is ticked."""
    chosen = {group: boxes for group, boxes in ticked(wanted).items() if boxes}
    each: dict[Group, Counter[str]] = {group: Counter() for group in Group}
    total = 0
    for row in rows:
        fails = [group for group, boxes in chosen.items() if boxes.isdisjoint(row[group])]
        if not fails:
            total += 1
            for group in Group:
                each[group].update(row[group])
        elif len(fails) == 1:
            each[fails[0]].update(row[fails[0]])
    return Counted(total, each)


def facet(
    group: Group,
    labels: Mapping[str, str],
    chosen: frozenset[str],
    counts: Counter[str] | None,
) -> Facet:
    """Its boxes: those with something in them, and those that are ticked; the fullest first."""
    boxes = [
        Box(value, label, counts[value] if counts is not None else None, value in chosen)
        for value, label in labels.items()
        if counts is None or counts[value] or value in chosen
    ]
    if counts is not None and group != Group.YEAR:
        boxes.sort(key=lambda box: -(box.count or 0))
    return Facet(group, boxes)
