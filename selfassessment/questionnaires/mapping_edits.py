"""Writes on how editions follow each other: the programme team's, one pair at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from selfassessment.models import Became, EditionMapping, MappingLine, Questionnaire, Statement
from selfassessment.questionnaires.drafts import note_change
from selfassessment.questionnaires.mapping import (
    Change,
    changes,
    problems,
    propose,
    same_scale,
    trouble_with,
)


class MappingRefusedError(Exception):
    """The step is not possible now; `reasons` are all of why, fit to show."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class MappingChangedError(Exception):
    """Somebody changed this line since it was read: it is now `change`, or gone (None)."""

    def __init__(self, change: Change | None) -> None:
        super().__init__("Somebody else changed this meanwhile.")
        self.change = change


@dataclass(frozen=True)
class Pair:
    """Two editions, what is said of them, and what is wrong with it."""

    older: Questionnaire
    newer: Questionnaire
    olds: tuple[Statement, ...]
    news: tuple[Statement, ...]
    mapping: EditionMapping | None
    changes: tuple[Change, ...]  # what is stored, or proposed where nothing is
    same_scale: bool

    @property
    def problems(self) -> list[str]:
        return problems(self.changes, self.olds, self.news)

    @property
    def is_reviewed(self) -> bool:
        return self.mapping is not None and self.mapping.reviewed_at is not None

    @property
    def why_not_reviewed(self) -> list[str]:
        """Everything that stands before a review."""
        first = [f"Publish edition {self.newer.edition} first: a draft may still change."]
        return (first if self.newer.is_draft else []) + self.problems

    def those(self, *kinds: Became) -> list[Change]:
        return [change for change in self.changes if change.became in kinds]

    @property
    def by_kind(self) -> list[tuple[Became, list[Change]]]:
        """What needs a look first, and what is unchanged last."""
        order = [Became.REWORDED, Became.SPLIT, Became.MERGED, Became.NEW, Became.DROPPED]
        return [(kind, self.those(kind)) for kind in (*order, Became.UNCHANGED)]

    @property
    def continuing(self) -> list[Change]:
        return [change for change in self.changes if change.continues]


def read_pair(older: Questionnaire, newer: Questionnaire) -> Pair:
    """Everything about two editions: five queries, however long they are."""
    olds = tuple(Statement.objects.filter(questionnaire=older).in_order())
    news = tuple(Statement.objects.filter(questionnaire=newer).in_order())
    mapping = EditionMapping.objects.between(older, newer).with_lines().first()
    found = changes(mapping.lines.all(), olds, news) if mapping else propose(olds, news)
    return Pair(
        older,
        newer,
        olds,
        news,
        mapping,
        tuple(found),
        same_scale=same_scale(older.levels.all(), newer.levels.all()),
    )


def held(mapping: EditionMapping) -> EditionMapping:
    """The mapping, held still for the rest of the transaction."""
    locked = EditionMapping.objects.select_for_update(of=("self",)).select_related("older", "newer")
    return locked.get(pk=mapping.pk)


def write(mapping: EditionMapping, found: Iterable[Change]) -> None:
    MappingLine.objects.bulk_create(
        MappingLine(mapping=mapping, became=change.became, old=old, new=new)
        for change in found
        for old, new in change.ties
    )


def take_review_back(mapping: EditionMapping) -> None:
    """What changes needs another look before it counts again."""
    mapping.reviewed_at = mapping.reviewed_by = None
    mapping.save(update_fields=["reviewed_at", "reviewed_by"])


def subject(mapping: EditionMapping) -> str:
    """What the activity calls it."""
    return f"how editions follow each other. {mapping}"


@transaction.atomic
def prepare(*, older: Questionnaire, newer: Questionnaire, by: User) -> EditionMapping:
    """Store what the codes and words suggest; where something is stored, only what it misses."""
    Questionnaire.objects.select_for_update().get(pk=newer.pk)
    mapping, made = EditionMapping.objects.get_or_create(
        older=older, newer=newer, defaults={"made_by": by}
    )
    pair = read_pair(older, newer)
    if made:
        write(mapping, propose(pair.olds, pair.news))
    else:
        there = {one.pk for change in pair.changes for one in (*change.olds, *change.news)}
        missing = propose(
            [one for one in pair.olds if one.pk not in there],
            [one for one in pair.news if one.pk not in there],
        )
        if missing:
            write(mapping, missing)
            take_review_back(mapping)
    note_change(subject=subject(mapping), by=by)
    return mapping


@transaction.atomic
def change_line(
    *, mapping: EditionMapping, change: Change, was: Change, as_read: str, by: User
) -> None:
    """Say anew what some statements became.

    Whatever was said of them before goes; statements that were tied to them and are not named any
    more become dropped or new, so that every statement stays accounted for. `was` is the change
    that was opened, `as_read` how it looked then.
    """
    if trouble := trouble_with(change):
        raise MappingRefusedError(trouble)
    mapping = held(mapping)
    pair = read_pair(mapping.older, mapping.newer)
    now = next((one for one in pair.changes if touches(one, was)), None)
    if as_read != said(now):
        raise MappingChangedError(now)
    gone = [one for one in pair.changes if touches(one, change) or touches(one, was)]
    delete(mapping, gone)
    write(mapping, [change, *left_over(gone, change)])
    take_review_back(mapping)
    note_change(subject=subject(mapping), by=by)


def said(change: Change | None) -> str:
    """A change in one line, to see whether it is still what somebody read."""
    if change is None:
        return ""
    return (
        f"{change.became}: {sorted(o.pk for o in change.olds)} {sorted(n.pk for n in change.news)}"
    )


def touches(one: Change, other: Change) -> bool:
    return bool(ids(one.olds) & ids(other.olds) or ids(one.news) & ids(other.news))


def ids(statements: Iterable[Statement]) -> set[int]:
    return {statement.pk for statement in statements}


def left_over(gone: Sequence[Change], change: Change) -> list[Change]:
    """What becomes of the statements that shared a change with those now said anew."""
    olds = [one for was in gone for one in was.olds if one.pk not in ids(change.olds)]
    news = [one for was in gone for one in was.news if one.pk not in ids(change.news)]
    return propose(olds, news)


def delete(mapping: EditionMapping, gone: Sequence[Change]) -> None:
    olds = {pk for change in gone for pk in ids(change.olds)}
    news = {pk for change in gone for pk in ids(change.news)}
    mapping.lines.filter(old__in=olds).delete()
    mapping.lines.filter(new__in=news).delete()


@transaction.atomic
def review(*, mapping: EditionMapping, by: User) -> None:
    """From here on the mapping carries series of years on."""
    mapping = held(mapping)
    reasons = read_pair(mapping.older, mapping.newer).why_not_reviewed
    if reasons:
        raise MappingRefusedError(*reasons)
    mapping.reviewed_at, mapping.reviewed_by = timezone.now(), by
    mapping.save(update_fields=["reviewed_at", "reviewed_by"])
    record(by=by, verb=Verb.PUBLISHED, subject=subject(mapping))


@transaction.atomic
def reopen_mapping(*, mapping: EditionMapping, by: User) -> None:
    """Take the review back: years on the two editions are not joined until it is given again."""
    mapping = held(mapping)
    if mapping.reviewed_at is None:
        raise MappingRefusedError("This is not reviewed, so there is no review to take back.")
    take_review_back(mapping)
    record(by=by, verb=Verb.REOPENED, subject=subject(mapping))
