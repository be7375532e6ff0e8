"""What a group said, and no more than may be shown: the one place that decides.

Pages, downloads, reports and templates get group results from here and from nowhere else. What is
not surely allowed is not in what is returned, so nobody can show it by mistake.

- Nothing from fewer than 3 people. In an anonymous self-assessment what is split by role waits
  for 5 in the group; in a named one for 3. Comments split by role wait for 5 in both.
- Groups that are too small are joined; where the rest is still too small the smallest group that
  was large enough joins it, so that no difference between what is shown leaves fewer.
- Young people, parents and carers are a voice of their own, never mixed into the staff's spread;
  they are joined with each other alone.
- Only responses counted when the talk was opened enter, so nothing moves while one looks; those
  of a later opening are told apart among themselves, so that nothing can be found by comparing.

Ratings are added up by the database: who gave which never gets as far as this module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Case, Count, F, Q, TextField, Value, When

from selfassessment.models import (
    FAMILY_GROUPS,
    Answer,
    Audit,
    Level,
    Privacy,
    Rating,
    RoleGroup,
    Stage,
    Statement,
)
from selfassessment.talk.groups import LEAST, LEAST_BY_ROLE, Place, Voice, joined, voice
from selfassessment.talk.hearing import Comment, Heard, Lane, Spread, Tally, Words, figures

__all__ = [
    "LEAST",
    "LEAST_BY_ROLE",
    "Closed",
    "Comment",
    "Lane",
    "Spread",
    "Talk",
    "figures",
    "joined",
    "own_words",
    "read",
]


@dataclass(frozen=True)
class Talk:
    """A whole self-assessment as a group sees it, the widest disagreement first.

    Ordered by how far apart, then by how many do not know, then as asked.
    """

    audit: Audit
    levels: tuple[Level, ...]
    people: int  # staff whose ratings count
    family_people: int
    late: int  # handed in since, and waiting until there are enough to be taken in together
    spreads: tuple[Spread, ...]
    least: int = LEAST_BY_ROLE  # people in a lane, and in the families' voice as a whole

    @property
    def is_shown(self) -> bool:
        """Whether there are enough of the staff for their spread to be in it."""
        return self.people >= LEAST

    @property
    def families_are_shown(self) -> bool:
        return self.family_people >= self.least


@dataclass(frozen=True)
class Closed:
    """Why there is nothing to show, in words fit to show."""

    why: str


def least_of(audit: Audit) -> int:
    """How many people a role group needs to be told apart; named must have been chosen."""
    return LEAST if audit.privacy == Privacy.NAMED else LEAST_BY_ROLE


def read(audit: Audit) -> Talk | Closed:
    """What may be shown of a self-assessment: six queries, whatever its size."""
    if audit.stage == Stage.RATING:
        return Closed("People are still rating. What they said shows once the talk is open.")
    responses = audit.responses.handed_in()
    counted = responses.counted().values_list("opening", "role_group").annotate(Count("pk"))
    people = {(opening, group): count for opening, group, count in counted.order_by()}
    if any(group not in RoleGroup.values for _, group in people):
        return Closed("Somebody rated in a role that is not known here, so nothing is shown.")
    ratings = Rating.objects.filter(
        response__audit=audit, response__counted=True, response__handed_in_at__isnull=False
    ).order_by()
    place = ("statement", "response__opening", "response__role_group")
    said = ratings.values_list(*place, "answer", "value").annotate(
        people=Count("pk"), flagged=Count("pk", filter=Q(discuss=True))
    )
    reason = Case(
        When(answer=Answer.NOT_APPLICABLE, then=F("reason")), default=Value("", TextField())
    )
    texts = {"comment": "", "evidence": "", "evidence_url": "", "why": ""}
    wrote = ratings.annotate(why=reason).exclude(**texts).values_list(*place, *texts)
    return talk(
        audit,
        levels=tuple(audit.levels()),
        statements=list(audit.statements()),
        people={(opening, RoleGroup(group)): count for (opening, group), count in people.items()},
        tallies=[
            Tally(statement, (opening, RoleGroup(group)), *rest)
            for statement, opening, group, *rest in said
        ],
        words=[
            Words(statement, (opening, RoleGroup(group)), *rest)
            for statement, opening, group, *rest in wrote
        ],
        late=responses.filter(counted=False).count(),
    )


def own_words(audit: Audit) -> dict[int, tuple[Comment, ...]]:
    """What the one person who rated and agreed wrote: their words are the service's.

    One query, where the talk takes six. Of more people than one nothing is read here.
    """
    ratings = list(Rating.objects.filter(response__audit=audit, response__counted=True))
    if not audit.alone or len({one.response_id for one in ratings}) != 1:
        return {}
    return {
        one.statement_id: (
            Comment(one.comment, one.evidence, one.evidence_url, role="", is_reason=False),
        )
        for one in ratings
        if one.comment or one.evidence or one.evidence_url
    }


def talk(
    audit: Audit,
    *,
    levels: tuple[Level, ...],
    statements: Iterable[Statement],
    people: Mapping[Place, int],
    tallies: Iterable[Tally],
    words: Iterable[Words],
    late: int,
) -> Talk:
    """The same without a query. `statements` come as asked; the order of the rest says nothing."""
    least = least_of(audit)
    of_staff = {place: n for place, n in people.items() if place[1] not in FAMILY_GROUPS}
    of_families = {place: n for place, n in people.items() if place[1] in FAMILY_GROUPS}
    heard = Heard(
        scale=tuple(level.value for level in levels),
        staff=voice(of_staff, first=LEAST, least=least),
        families=voice(of_families, first=least, least=least),
        own_words=audit.alone and sum(people.values()) == 1,
    )
    said, wrote = by_statement(tallies), by_statement(words)
    spreads = [heard.on(one, said[one.pk], wrote[one.pk]) for one in statements]
    return Talk(
        audit=audit,
        levels=levels,
        people=heard.staff.size or sum(of_staff.values()),
        family_people=heard.families.size or sum(of_families.values()),
        late=late + left_out(of_staff, heard.staff) + left_out(of_families, heard.families),
        spreads=tuple(sorted(spreads, key=lambda one: (-one.apart, -one.dont_know))),
        least=least,
    )


def left_out(people: Mapping[Place, int], of: Voice) -> int:
    """Those of a voice that is heard who are too few to be taken in."""
    return sum(people.values()) - of.size if of.size else 0


R = TypeVar("R", Tally, Words)


def by_statement(rows: Iterable[R]) -> Mapping[int, list[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for row in rows:
        found[row.statement].append(row)
    return found
