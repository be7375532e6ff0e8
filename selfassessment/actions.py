"""Saving ratings, and handing them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from selfassessment.models import (
    AgreedRating,
    Answer,
    Audit,
    Rating,
    Respondent,
    Response,
    Statement,
    Via,
)
from selfassessment.rating import unnamed
from selfassessment.rating.ways import how_far


class RatingsClosedError(Exception):
    """The ratings were handed in, or the self-assessment is closed."""


class NotReadyError(Exception):
    """Something is missing before the ratings can be handed in."""


@dataclass(frozen=True)
class Entry:
    """What a person says of one statement. `choice` is “3”, “dk”, “na”, or nothing."""

    choice: str = ""
    reason: str = ""
    comment: str = ""
    evidence: str = ""
    evidence_url: str = ""
    discuss: bool = False

    @classmethod
    def of(cls, rating: Rating | None) -> Entry:
        if rating is None:
            return cls()
        return cls(**{field.name: getattr(rating, field.name) for field in fields(cls)})

    def onto(self, rating: Rating) -> Rating:
        """Write this onto a rating, without saving it."""
        is_level = bool(self.choice) and self.choice not in Answer.values
        rating.answer = Answer.LEVEL if is_level else self.choice
        rating.value = int(self.choice) if is_level else None
        for name in ("reason", "comment", "evidence", "evidence_url", "discuss"):
            setattr(rating, name, getattr(self, name))
        return rating


@dataclass(frozen=True)
class Clash:
    """Somebody, or another tab, changed the rating since this page read it. Nothing was written."""

    mine: Entry
    theirs: Rating


def wrote_last(page: str, rating: Rating | AgreedRating) -> bool:
    """Whether this very load of a page saved the rating last. Without scripts it has no name."""
    return bool(page) and page.partition(".")[0] == rating.page.partition(".")[0]


def lock_open(response: Response) -> Response:
    """Hold a response still for the rest of the transaction; refuse it once it is closed.

    Everything written in one response passes through this lock, so two saves never race.
    """
    locked = Response.objects.select_for_update(of=("self",), no_key=True)
    held = next(iter(locked.being_rated().filter(pk=response.pk)), None)
    if held is None:
        raise RatingsClosedError(why_closed(response))
    return held


def why_closed(response: Response) -> str:
    now = Response.objects.filter(pk=response.pk).first()
    if now is None:
        return "These ratings were handed in or discarded meanwhile, so nothing was changed."
    if now.handed_in_at:
        return "These ratings were handed in, so nothing was changed."
    return "The talk has begun, so nothing was changed."


@transaction.atomic
def save_rating(
    *,
    response: Response,
    statement: Statement,
    entry: Entry,
    version: int,
    page: str,
    by: User | None,
    via: Via = Via.BROWSER,
) -> Rating | Clash | None:
    """Save what a person says of one statement, if nobody changed it since they read it.

    `version` is what the page was shown (0: nothing yet). `page` names that very load of the page
    and counts its saves, as in “k3f9.000012”: whatever a page wrote last it may write over, so
    one's own quick clicks never clash, and a save that a later one overtook changes nothing.
    `by` is nobody where the rating comes by a personal link.
    Returns the rating as it now stands, None where there was and is nothing, or the clash.
    """
    rating = lock_open(response).ratings_of([statement]).get(statement.pk)
    if Entry.of(rating) == entry:
        return rating
    if rating is None:
        rating = Rating(response=response, statement=statement, version=0)
    elif wrote_last(page, rating):
        if page < rating.page:
            return rating
    elif rating.version != version:
        return Clash(mine=entry, theirs=rating)
    entry.onto(rating)
    rating.version += 1
    rating.page, rating.via = page, via
    rating.saved_at, rating.saved_by = timezone.now(), by
    rating.save()
    if response.respondent:
        response.respondent.begin()
    return rating


@transaction.atomic
def hand_in(*, response: Response, by: User | None) -> None:
    """Close one's own ratings. In an anonymous self-assessment they are nobody's from here on."""
    hand_in_all(responses=[response], by=by)


@transaction.atomic
def hand_in_all(*, responses: Sequence[Response], by: User | None) -> None:
    """The same for several of one self-assessment, all or none."""
    # Before the response, as whoever opens the talk locks them: neither waits for the other.
    audit = Audit.objects.locked().filter(pk=responses[0].audit_id).first()
    if audit is None:
        raise RatingsClosedError("This self-assessment was discarded meanwhile.")
    all_held = [lock_open(response) for response in responses]
    for held in all_held:
        held.audit = audit
        require_ready(held)
    if audit.is_anonymous:
        unnamed.cut_all(all_held)
        return
    for held in all_held:
        held.handed_in_at = timezone.now()
        held.save(update_fields=["handed_in_at"])
        Respondent.objects.filter(response=held).update(handed_in=True)
        if by:
            record(by=by, verb=Verb.HANDED_IN, subject=audit, service=audit.service)


def require_ready(response: Response) -> None:
    """Raise NotReadyError unless nothing is missing to hand this in."""
    so_far = how_far(response)
    if so_far.without_reason:
        codes = ", ".join(item.statement.code for item in so_far.without_reason)
        raise NotReadyError(f"Say why “not applicable” fits, then hand in: {codes}.")
    if not so_far.done:
        raise NotReadyError("Rate at least one statement before you hand in.")
