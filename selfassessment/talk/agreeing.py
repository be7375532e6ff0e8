"""Agreed ratings: the service's own word on each statement, given by its leads after talking."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from selfassessment.actions import wrote_last
from selfassessment.models import (
    Agreed,
    AgreedRating,
    Answer,
    Audit,
    Respondent,
    Response,
    Stage,
    Statement,
    Via,
)
from selfassessment.talk import spread
from selfassessment.talk.closing import NotTalkingError, held_in_talk
from selfassessment.talk.spread import Spread, Talk

CLOSE = 1  # levels apart: up to this many, the middle rating is offered as the agreed one


class NoReasonError(Exception):
    """“Not applicable” and “parked” say why."""


class NoSuchLevelError(Exception):
    """The scale of the questionnaire has no such level."""


class NotAloneError(Exception):
    """One person's ratings are the service's only where nobody else was asked."""


@dataclass(frozen=True)
class Agreement:
    """What a service says of one statement. `choice` is “3”, “na”, “parked”, or nothing."""

    choice: str = ""
    reason: str = ""

    @classmethod
    def of(cls, agreed: AgreedRating | None) -> Agreement:
        return cls(agreed.choice, agreed.reason) if agreed else cls()

    @property
    def is_level(self) -> bool:
        return bool(self.choice) and self.choice not in Agreed.values

    @property
    def lacks_reason(self) -> bool:
        return self.choice in Agreed.values and not self.reason.strip()

    def onto(self, agreed: AgreedRating) -> AgreedRating:
        """Write this onto an agreed rating, without saving it."""
        agreed.answer = Agreed.LEVEL if self.is_level else self.choice
        agreed.value = int(self.choice) if self.is_level else None
        agreed.reason = self.reason
        return agreed


@dataclass(frozen=True)
class Clash:
    """Somebody else, or another tab, agreed this since the page read it. Nothing was written."""

    mine: Agreement
    theirs: AgreedRating


@dataclass(frozen=True)
class LeftAlone:
    """A statement that was not agreed in bulk, and why."""

    statement: Statement
    why: str


@dataclass(frozen=True)
class Bulk:
    """What became of agreeing many statements in one go."""

    agreed: tuple[Statement, ...]
    left_alone: tuple[LeftAlone, ...]


@transaction.atomic
def agree(
    *,
    audit: Audit,
    statement: Statement,
    entry: Agreement,
    version: int,
    page: str,
    by: User,
    via: Via = Via.BROWSER,
) -> AgreedRating | Clash | None:
    """Save what is agreed of one statement, if nobody changed it since the page read it.

    `version` and `page` are as for `actions.save_rating`. An empty choice clears what was agreed.
    Returns the agreed rating as it now stands, None where there was and is nothing, or the clash.
    """
    held_in_talk(audit)
    if entry.lacks_reason:
        raise NoReasonError("Say why, in a few words.")
    if entry.is_level and not audit.levels().filter(value=entry.choice).exists():
        raise NoSuchLevelError("Choose one of the levels shown.")
    agreed = AgreedRating.objects.filter(audit=audit, statement=statement).first()
    if Agreement.of(agreed) == entry:
        return agreed
    if agreed is None:
        agreed = AgreedRating(audit=audit, statement=statement, version=0)
    elif wrote_last(page, agreed):
        if page < agreed.page:
            return agreed
    elif agreed.version != version:
        return Clash(mine=entry, theirs=agreed)
    return write(agreed, entry, page=page, by=by, via=via)


def write(agreed: AgreedRating, entry: Agreement, *, page: str, by: User, via: Via) -> AgreedRating:
    """Save it with who and how. Each change is in the history, so the activity stays readable."""
    entry.onto(agreed)
    agreed.version += 1
    agreed.page, agreed.via = page, via
    agreed.agreed_at, agreed.agreed_by = timezone.now(), by
    agreed.save()
    return agreed


def close_together(talk: Talk, agreed: Collection[int]) -> list[Spread]:
    """Statements whose middle rating may be taken in one go, in the order of the talk.

    Not agreed yet (`agreed` has the ids of those that are), a level from at least half of the
    staff, at most CLOSE levels apart, and no family voice further than that from the middle.
    """
    return [
        one
        for one in talk.spreads
        if one.statement.pk not in agreed
        and one.middle is not None
        and one.apart <= CLOSE
        and sum(one.counts.values()) >= max(spread.LEAST, talk.people / 2)
        and all(
            abs(level - one.middle) <= CLOSE
            for lane in one.families
            for level, count in lane.counts.items()
            if count
        )
    ]


@transaction.atomic
def agree_in_bulk(*, audit: Audit, shown: Mapping[int, int], by: User) -> Bulk:
    """Take the middle rating of each statement in `shown`, if it is still as it was shown.

    `shown` holds the level shown by statement id. What somebody agreed meanwhile, or what the
    talk no longer says, is left alone and told.
    """
    held = held_in_talk(audit)
    talk = spread.read(held)
    if not isinstance(talk, Talk):
        raise NotTalkingError(held.stage)
    there = {one.statement_id: one for one in held.agreed_ratings.all()}
    offered = {one.statement.pk: one.middle for one in close_together(talk, ())}
    agreed: list[Statement] = []
    left_alone: list[LeftAlone] = []
    for one in talk.spreads:
        statement, level = one.statement, shown.get(one.statement.pk)
        if level is None:
            continue
        row = there.get(statement.pk) or AgreedRating(audit=held, statement=statement, version=0)
        if row.answer:
            left_alone.append(LeftAlone(statement, "was agreed meanwhile"))
        elif offered.get(statement.pk) != level:
            left_alone.append(LeftAlone(statement, "has other ratings by now"))
        else:
            write(row, Agreement(str(level), row.reason), page="", by=by, via=Via.BULK)
            agreed.append(statement)
    if agreed:
        count = f"{len(agreed)} statement{'' if len(agreed) == 1 else 's'}"
        record(by=by, verb=Verb.AGREED, subject=f"{count} of {held}", service=held.service)
    return Bulk(tuple(agreed), tuple(left_alone))


def own_alone(user: User, audit: Audit) -> Response | None:
    """The one response of an audit in which only this person rates, once it is handed in."""
    asked = list(audit.respondents.asked()[:2])
    if [one.user_id for one in asked] != [user.pk] or not asked[0].handed_in:
        return None
    responses = list(audit.responses.handed_in()[:2])
    return responses[0] if len(responses) == 1 and is_of(responses[0], asked[0]) else None


def is_of(response: Response, respondent: Respondent) -> bool:
    """An anonymous response says nobody's name: the only one there is that person's."""
    return response.respondent_id in {None, respondent.pk}


@transaction.atomic
def agree_alone(*, audit: Audit, by: User) -> int:
    """Take one's own ratings as the service's, where one rates alone. Returns how many.

    Levels, and “not applicable” with its reason; what one does not know stays open.
    """
    # The whole row, keys too: nobody is asked to rate while this decides that nobody was.
    locked = Audit.objects.select_related("service").select_for_update(of=("self",))
    held = locked.get(pk=audit.pk)
    if held.stage != Stage.RATING:
        raise NotAloneError("The talk is open already: agree ratings there.")
    response = own_alone(by, held)
    if response is None:
        raise NotAloneError(
            "Only somebody who rates alone, and has handed in, can take their ratings as the "
            "agreed ones. Open the talk instead, or withdraw the invitations of others first."
        )
    now = timezone.now()
    held.alone = True
    held.talk_opened_at, held.talk_opened_by = now, by
    held.totals_shown_at, held.totals_shown_by = now, by
    held.save(
        update_fields=[
            "alone",
            *("talk_opened_at", "talk_opened_by"),
            *("totals_shown_at", "totals_shown_by"),
        ]
    )
    response.counted = True
    response.save(update_fields=["counted"])
    there = {one.statement_id: one for one in held.agreed_ratings.all()}
    taken = words_of(response)
    for statement, entry in taken.items():
        row = there.get(statement)
        if Agreement.of(row) != entry:
            row = row or AgreedRating(audit=held, statement_id=statement, version=0)
            write(row, entry, page="", by=by, via=Via.BULK)
    record(by=by, verb=Verb.AGREED, subject=f"their own ratings as {held}", service=held.service)
    return len(taken)


def words_of(response: Response) -> dict[int, Agreement]:
    """What of a lone response becomes the service's word, by statement id."""
    said = {
        rating.statement_id: Agreement(
            rating.choice, rating.reason if rating.answer == Answer.NOT_APPLICABLE else ""
        )
        for rating in response.ratings.exclude(answer__in=["", Answer.DONT_KNOW])
    }
    return {statement: entry for statement, entry in said.items() if not entry.lacks_reason}
