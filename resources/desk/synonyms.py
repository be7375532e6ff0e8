"""Words that mean the same when somebody searches: kept by the team."""

from __future__ import annotations

from django.db import transaction

from portal.actions import record
from portal.models import User, Verb
from resources.models import Synonyms


class SynonymsChangedError(Exception):
    """Somebody else changed the line meanwhile; the text is fit to show."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this line meanwhile. Saving puts yours in the place of theirs."
        )


@transaction.atomic
def add(*, line: Synonyms, by: User) -> None:
    line.save()
    record(by=by, verb=Verb.ADDED, subject=f"the synonyms {line}")


@transaction.atomic
def change(*, line: Synonyms, as_read: str, by: User) -> None:
    """Save a line, unless it is not what this person read any more."""
    now = Synonyms.objects.select_for_update().get(pk=line.pk)
    if as_read not in {now.words, line.words}:
        raise SynonymsChangedError
    line.save()
    record(by=by, verb=Verb.CHANGED, subject=f"the synonyms {line}")


@transaction.atomic
def remove(*, line: Synonyms, by: User) -> None:
    deleted, _ = Synonyms.objects.filter(pk=line.pk).delete()
    if deleted:
        record(by=by, verb=Verb.REMOVED, subject=f"the synonyms {line}")
