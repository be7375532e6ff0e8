"""Who may be told apart: pure functions over how many people there are of each role group.

The smallest crowd that anything shown can be traced to, whatever is compared with whatever, is a
*crowd* here: people of one voice, taken in at one opening of the talk, whose role groups are told
apart from others or joined. What a lane shows is a sum of whole crowds, now and at every later
opening, so no difference between two of them leaves fewer people than a crowd.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from selfassessment.models import FAMILY_GROUPS, RoleGroup

LEAST = 3  # people behind any group result
LEAST_BY_ROLE = 5  # people in a group whose comments, or anonymous ratings, are told apart

Place = tuple[int, RoleGroup]  # the opening that took somebody in, and their role group
Crowd = tuple[int, tuple[RoleGroup, ...]]
K = TypeVar("K")

# For the middle of a name that lists several
SHORT = {
    RoleGroup.OFFICE: "admin",
    RoleGroup.TRUSTEE: "trustees",
    RoleGroup.PARTNER: "partners",
    RoleGroup.PARENT: "parents",
    RoleGroup.OTHERS: "others",
}
MOST_NAMED = 4  # role groups in the name of a lane


def parts(sizes: Mapping[K, int], least: int) -> list[tuple[K, ...]]:
    """Put together what is too small to stand alone; none if that cannot be.

    What is large enough stands alone, the rest is joined, and takes in the smallest of those while
    together it is too small. The order is that of `sizes`.
    """
    if any(size < 0 for size in sizes.values()):
        return []
    order = [key for key, size in sizes.items() if size]
    alone = sorted((key for key in order if sizes[key] >= least), key=lambda key: sizes[key])
    rest = [key for key in order if sizes[key] < least]
    while rest and sum(sizes[key] for key in rest) < least and alone:
        rest.append(alone.pop(0))
    if rest and sum(sizes[key] for key in rest) < least:
        return []
    found: list[tuple[K, ...]] = [(key,) for key in alone]
    if rest:
        found.append(tuple(sorted(rest, key=order.index)))
    return sorted(found, key=lambda part: order.index(part[0]))


def joined(people: Mapping[RoleGroup, int], least: int) -> list[tuple[RoleGroup, ...]]:
    """Role groups put together so that each has `least` people or more; none if that cannot be.

    `people` says how many there are of each group.
    """
    return parts({group: people[group] for group in RoleGroup if group in people}, least)


@dataclass(frozen=True)
class Voice:
    """The staff, or the families: who of them is heard, and as which lanes."""

    people: Mapping[Place, int]  # only those who may be shown
    crowds: Mapping[Place, Crowd]
    lanes: tuple[tuple[RoleGroup, ...], ...]

    @property
    def size(self) -> int:
        return sum(self.people.values())

    def crowds_of(self, opening: int) -> dict[Crowd, int]:
        """How many people are in each crowd that an opening took in."""
        found = Counter[Crowd]()
        for place, crowd in self.crowds.items():
            if crowd[0] == opening:
                found[crowd] += self.people[place]
        return dict(found)

    def size_of(self, lane: Collection[RoleGroup]) -> int:
        return sum(count for (_, group), count in self.people.items() if group in lane)

    @cached_property
    def named_lanes(self) -> list[tuple[str, int]]:
        """The name of each lane, and how many people are in it."""
        only = len(self.lanes) == 1
        return [(name_of(lane, only=only), self.size_of(lane)) for lane in self.lanes]

    @cached_property
    def lane_of(self) -> dict[RoleGroup, int]:
        """Which of the lanes a role group is in."""
        return {group: number for number, lane in enumerate(self.lanes) for group in lane}


def voice(people: Mapping[Place, int], *, first: int, least: int) -> Voice:
    """The lanes of one voice, where `first` people open it and `least` may be told apart.

    An opening that took in fewer than that is left out: the difference to the one before would be
    these few.
    """
    heard: dict[Place, int] = {}
    crowds: dict[Place, Crowd] = {}
    for opening in sorted({at for at, _ in people}):
        # In an order of its own: which of two equals is joined must not change between two looks
        new = {g: people[opening, g] for g in RoleGroup if people.get((opening, g))}
        if sum(new.values()) < (least if heard else first) or min(new.values(), default=0) < 0:
            continue
        for crowd in joined(new, least) or [tuple(new)]:
            crowds.update({(opening, group): (opening, crowd) for group in crowd})
        heard.update({(opening, group): count for group, count in new.items()})
    return Voice(heard, crowds, lanes_of(heard, {crowd for _, crowd in crowds.values()}, least))


def lanes_of(
    people: Mapping[Place, int], crowds: Iterable[tuple[RoleGroup, ...]], least: int
) -> tuple[tuple[RoleGroup, ...], ...]:
    """Crowds of all openings that share a role group make one lane; small ones are joined."""
    apart: list[frozenset[RoleGroup]] = []
    for crowd in crowds:
        touching = [one for one in apart if one & set(crowd)]
        apart = [one for one in apart if one not in touching]
        apart.append(frozenset(crowd).union(*touching))
    order = list(RoleGroup)
    apart.sort(key=lambda one: min(order.index(group) for group in one))
    sizes = {one: sum(n for (_, group), n in people.items() if group in one) for one in apart}
    merged = parts(sizes, least) or ([tuple(apart)] if apart else [])
    return tuple(tuple(sorted(frozenset().union(*lane), key=order.index)) for lane in merged)


def name_of(lane: Collection[RoleGroup], *, only: bool) -> str:
    """“Tutors”, “Managers and council officers”; `only` where there is no lane beside it."""
    groups = [group for group in RoleGroup if group in lane]
    if len(groups) == 1:
        return str(groups[0].label)
    if len(groups) > MOST_NAMED:
        return "All roles together" if only else "Other roles together"
    rest = [SHORT.get(group, str(group.label).lower()) for group in groups[1:]]
    first = SHORT.get(groups[0], str(groups[0].label))
    return f"{', '.join([first[0].upper() + first[1:], *rest[:-1]])} and {rest[-1]}"


def signatures(
    people: Mapping[Crowd, int], active: Collection[Crowd], writers: Collection[Crowd]
) -> dict[Crowd, str] | None:
    """How to sign what people of each crowd wrote on one statement; None if it is not shown.

    `people` are the crowds of one opening; `active` those that the counts show to have said
    something of the kind, for only they come into question as its writers; `writers` those that
    did write. A role is named where at least five share it, and only while what is left unsigned
    could be from five others.
    """
    seen = {crowd: count for crowd, count in people.items() if crowd in active}
    split = parts(seen, LEAST_BY_ROLE)
    roles = {part[0]: part[0][1] for part in split if len(part) == 1}
    named = {
        crowd: str(groups[0].label)
        for crowd, groups in roles.items()
        if len(groups) == 1 and groups[0] != RoleGroup.OTHERS
    }
    if split and (set(writers) <= set(seen) or set(seen) > set(named)):
        return {crowd: named.get(crowd, "") for crowd in people}
    staff = {crowd for crowd in people if not FAMILY_GROUPS.intersection(crowd[1])}
    if staff:
        allowed = bool(split) or not seen or staff <= set(active)
    else:
        allowed = bool(split) or (not seen and sum(people.values()) >= LEAST_BY_ROLE)
    return dict.fromkeys(people, "") if allowed else None
