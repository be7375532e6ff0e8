"""Opening the talk: rating ends, and what was handed in is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from selfassessment.models import FAMILY_GROUPS, Audit, Respondent, Response, RoleGroup, Stage
from selfassessment.rating import unnamed
from selfassessment.talk.groups import LEAST, LEAST_BY_ROLE, Place, Voice, joined, voice
from selfassessment.talk.spread import least_of


class TalkNotOpenedError(Exception):
    """The talk is open already, or there is nothing to talk about."""


@dataclass(frozen=True)
class Prospect:
    """What people will see if the talk is opened now. Nothing in it says what anybody said."""

    staff: int
    lanes: list[tuple[str, int]]  # the name of each, and how many people are in it
    family_people: int
    family_lanes: list[tuple[str, int]]
    waiting: int  # handed in, and too few to be taken in yet
    to_come: tuple[Respondent, ...]  # asked, and not done: their rating ends
    least: int

    @property
    def handed_in(self) -> int:
        return self.staff + self.family_people + self.waiting

    @property
    def is_shown(self) -> bool:
        return self.staff >= LEAST


def prospect(audit: Audit) -> Prospect:
    """Two queries."""
    responses = list(audit.responses.handed_in())
    least = least_of(audit)
    taken = taken_in(responses, least)
    number = next_opening(responses)
    small = untold(taken).items() if audit.is_anonymous else ()
    becomes = {response.pk: joins for joins, few in small for response in few}
    counted = Counter(
        [(number, becomes.get(one.pk, RoleGroup(one.role_group))) for one in taken]
        + [
            (one.opening, RoleGroup(one.role_group))
            for one in responses
            if one.counted and one not in taken
        ]
    )
    staff, families = voices(counted, least)
    return Prospect(
        staff=sum(count for (_, group), count in counted.items() if group not in FAMILY_GROUPS),
        lanes=staff.named_lanes,
        family_people=sum(count for (_, group), count in counted.items() if group in FAMILY_GROUPS),
        family_lanes=families.named_lanes,
        waiting=len(responses) - counted.total(),
        to_come=tuple(audit.respondents.to_come().select_related("user")),
        least=least,
    )


def voices(people: Mapping[Place, int], least: int) -> tuple[Voice, Voice]:
    """The staff's and the families'."""
    families = {place: count for place, count in people.items() if place[1] in FAMILY_GROUPS}
    staff = {place: count for place, count in people.items() if place not in families}
    return voice(staff, first=LEAST, least=least), voice(families, first=least, least=least)


def next_opening(responses: Iterable[Response]) -> int:
    return 1 + max((one.opening for one in responses if one.counted), default=0)


def taken_in(responses: Sequence[Response], least: int) -> list[Response]:
    """Those of the handed in that this opening counts in: new ones, if they are enough.

    Where a voice was heard before, the difference to then must be as many people as may be told
    apart. Where it was not, because they were too few, all of them come in together now.
    """
    heard = voices(
        Counter((one.opening, RoleGroup(one.role_group)) for one in responses if one.counted), least
    )
    taken: list[Response] = []
    for of, is_families in zip(heard, (False, True), strict=True):
        theirs = [one for one in responses if (one.role_group in FAMILY_GROUPS) == is_families]
        new = [one for one in theirs if not one.counted] if of.size else theirs
        if not of.size or len(new) >= least:
            taken += new
    return taken


def untold(responses: Iterable[Response]) -> dict[RoleGroup, list[Response]]:
    """Those whose role group is too small to be kept beside their ratings, by what they become."""
    found: dict[RoleGroup, list[Response]] = {RoleGroup.OTHERS: [], RoleGroup.FAMILIES: []}
    for joins, is_families in ((RoleGroup.OTHERS, False), (RoleGroup.FAMILIES, True)):
        theirs = [one for one in responses if (one.role_group in FAMILY_GROUPS) == is_families]
        people = Counter(RoleGroup(one.role_group) for one in theirs)
        alone = {part[0] for part in joined(people, LEAST_BY_ROLE) if len(part) == 1}
        found[joins] = [one for one in theirs if one.role_group not in alone]
    return found


@transaction.atomic
def open_talk(*, audit: Audit, by: User) -> None:
    """End rating, and count what was handed in. Ratings that count are final.

    In an anonymous self-assessment role groups that are too small to be told apart are forgotten
    for good, and the order of rows with them.
    """
    # The audit before its responses, as handing in locks them: neither waits for the other.
    held = Audit.objects.locked().get(pk=audit.pk)
    if held.stage != Stage.RATING:
        raise TalkNotOpenedError("The talk is open already, or the year is closed.")
    locked = held.responses.select_for_update(of=("self",), no_key=True).order_by("pk")
    handed_in = [response for response in locked if response.handed_in_at]
    if not handed_in:
        raise TalkNotOpenedError("Nobody has handed in ratings yet, so there is nothing to open.")
    taken = taken_in(handed_in, least_of(held))
    of_these = Response.objects.filter(pk__in=[response.pk for response in taken])
    of_these.update(counted=True, opening=next_opening(handed_in))
    if held.is_anonymous:
        for joins, responses in untold(taken).items():
            small = held.responses.filter(pk__in=[response.pk for response in responses])
            small.update(role_group=joins)
        unnamed.shuffle(held)
    held.talk_opened_at, held.talk_opened_by = timezone.now(), by
    held.save(update_fields=["talk_opened_at", "talk_opened_by"])
    record(by=by, verb=Verb.OPENED_TALK, subject=held, service=held.service)
