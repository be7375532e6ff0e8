"""How one edition of a questionnaire became a later one: pure functions over statements.

A change says which statements became which. Between two editions every statement is in exactly
one change, and only a statement that became one other, unchanged or reworded, carries a series of
years on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

from selfassessment.differences import Piece, differences
from selfassessment.models import CONTINUES, Became, Level, MappingLine, Statement
from selfassessment.sheets.tables import key


@dataclass(frozen=True)
class Change:
    """Statements of the older edition, and what they became in the newer one."""

    became: Became
    olds: tuple[Statement, ...]
    news: tuple[Statement, ...]
    pk: int = 0  # of the first line that says so, where it is stored

    @property
    def ties(self) -> list[tuple[Statement | None, Statement | None]]:
        """The pairs that say so, one for each line to store."""
        return [(old, new) for old in self.olds or (None,) for new in self.news or (None,)]

    @property
    def continues(self) -> bool:
        return self.became in CONTINUES

    @property
    def codes(self) -> str:
        """“A1.2”, “A1.2 → A1.3, A1.4”; one side where the other is empty or the same."""
        olds, news = in_codes(self.olds), in_codes(self.news)
        return f"{olds} → {news}" if olds and news and olds != news else olds or news

    @property
    def before(self) -> list[Piece]:
        """The older words, with those that went marked."""
        return [piece for piece in self._pieces if piece.mark != "ins"]

    @property
    def after(self) -> list[Piece]:
        """The newer words, with those that came marked."""
        return [piece for piece in self._pieces if piece.mark != "del"]

    @cached_property
    def _pieces(self) -> tuple[Piece, ...]:
        return differences(self.olds[0].text, self.news[0].text)


def in_codes(statements: Iterable[Statement]) -> str:
    return ", ".join(statement.code for statement in statements)


def reads_the_same(old: Statement, new: Statement) -> bool:
    """Whether the words are the same, spaces and kinds of apostrophe apart."""
    return key(old.text) == key(new.text)


def same_scale(one: Iterable[Level], other: Iterable[Level]) -> bool:
    """Whether two scales have the same levels by number and name. Only then is anything joined."""
    return levels_of(one) == levels_of(other)


def levels_of(levels: Iterable[Level]) -> list[tuple[int, str]]:
    return sorted((level.value, key(level.name)) for level in levels)


# Proposing, and reading what is stored


def propose(olds: Iterable[Statement], news: Iterable[Statement]) -> list[Change]:
    """What the codes and words suggest: the same code is the same statement, reworded or not.

    A statement that moved to another code with its words unchanged is found as well. The rest was
    dropped, or is new.
    """
    left, came = list(olds), list(news)
    pairs = pair_off(left, came, lambda one: one.code.casefold())
    found = [
        Change(Became.UNCHANGED if reads_the_same(old, new) else Became.REWORDED, (old,), (new,))
        for old, new in pairs
    ]
    moved = pair_off(left, came, lambda one: key(one.text))
    found += [Change(Became.UNCHANGED, (old,), (new,)) for old, new in moved]
    found += [Change(Became.DROPPED, (old,), ()) for old in left]
    return found + [Change(Became.NEW, (), (new,)) for new in came]


def pair_off(
    left: list[Statement], came: list[Statement], by: Callable[[Statement], str]
) -> list[tuple[Statement, Statement]]:
    """Take out of both lists the statements that match one to one."""
    there = {by(new): new for new in came}
    pairs = []
    for old in list(left):
        new = there.pop(by(old), None)
        if new is not None:
            pairs.append((old, new))
            left.remove(old)
            came.remove(new)
    return pairs


def changes(
    lines: Iterable[MappingLine], olds: Iterable[Statement], news: Iterable[Statement]
) -> list[Change]:
    """The stored lines as changes, in the order of the newer edition; what was dropped is last.

    A line that names a statement of neither edition is left out: `problems` then misses it.
    """
    before = {one.pk: one for one in olds}
    after = {one.pk: one for one in news}
    groups: dict[tuple[str, int | None, int | None], list[MappingLine]] = {}
    for line in lines:
        by_old = line.became == Became.SPLIT or line.new_id is None
        group = (line.became, line.old_id, None) if by_old else (line.became, None, line.new_id)
        groups.setdefault(group, []).append(line)
    found = [
        Change(
            Became(became),
            tuple(before[pk] for pk in unique(line.old_id for line in group) if pk in before),
            tuple(after[pk] for pk in unique(line.new_id for line in group) if pk in after),
            pk=group[0].pk,
        )
        for (became, _, _), group in groups.items()
    ]
    found = [one for one in found if one.olds or one.news]
    place = {pk: at for at, pk in enumerate(chain(after, before))}
    return sorted(found, key=lambda one: min(place[s.pk] for s in (one.news or one.olds)))


def unique(ids: Iterable[int | None]) -> list[int]:
    return list(dict.fromkeys(pk for pk in ids if pk is not None))


# What must hold


def trouble_with(change: Change) -> str:
    """What is wrong with one change by itself, naming it; nothing where it is sound."""
    olds, news = len(change.olds), len(change.news)
    match change.became:
        case Became.UNCHANGED | Became.REWORDED if (olds, news) != (1, 1):
            return (
                f"{change.codes}: {change.became.label.lower()} means one statement of each "
                "edition. For more, choose split or merged."
            )
        case Became.UNCHANGED if not reads_the_same(change.olds[0], change.news[0]):
            return f"{change.codes}: the words differ, so this is reworded."
        case Became.REWORDED if reads_the_same(change.olds[0], change.news[0]):
            return f"{change.codes}: the words are the same, so this is unchanged."
        case Became.SPLIT if olds != 1 or news < 2:
            return f"{change.codes}: split means one statement became two or more."
        case Became.MERGED if olds < 2 or news != 1:
            return f"{change.codes}: merged means two or more statements became one."
        case Became.NEW if olds or not news:
            return f"{change.codes}: new means that no earlier statement stands behind it."
        case Became.DROPPED if news or not olds:
            return f"{change.codes}: dropped means that no later statement stands for it."
        case _:
            return ""


def problems(
    found: Sequence[Change], olds: Iterable[Statement], news: Iterable[Statement]
) -> list[str]:
    """Everything that keeps a mapping from being reviewed, each naming its statement."""
    wrong = [trouble for change in found if (trouble := trouble_with(change))]
    for statements, which, side in ((olds, "older", "olds"), (news, "newer", "news")):
        named = [statement.pk for change in found for statement in getattr(change, side)]
        for statement in statements:
            times = named.count(statement.pk)
            if not times:
                wrong.append(f"{statement.code} of the {which} edition is not accounted for.")
            elif times > 1:
                wrong.append(f"{statement.code} of the {which} edition is accounted for twice.")
    return wrong


# What continues

Ties = Mapping[int, int]  # a statement of one edition to the one that continues it in another


def continuing(lines: Iterable[MappingLine]) -> dict[int, int]:
    """The statements that carry a series on: from the older edition's to the newer's."""
    return {
        line.old_id: line.new_id
        for line in lines
        if line.became in CONTINUES and line.old_id and line.new_id
    }


def inverted(ties: Ties) -> dict[int, int]:
    return {new: old for old, new in ties.items()}


class Continuity:
    """Which statements of one edition go on in another, over any number of reviewed mappings.

    `reviewed` holds the ties of each pair of editions, older and newer. It works both ways: a
    service may go back to an earlier edition.
    """

    def __init__(self, reviewed: Mapping[tuple[int, int], Ties]) -> None:
        self.steps: dict[int, dict[int, Ties]] = {}
        for (older, newer), ties in reviewed.items():
            self.steps.setdefault(older, {})[newer] = ties
            self.steps.setdefault(newer, {})[older] = inverted(ties)

    def between(self, start: int, end: int) -> dict[int, int] | None:
        """From statement to statement by the fewest steps; None where nobody has compared them."""
        paths: dict[int, tuple[int, ...]] = {start: (start,)}
        ahead = [start]
        while ahead and end not in paths:
            here = ahead.pop(0)
            for there in sorted(self.steps.get(here, {})):
                if there not in paths:
                    paths[there] = (*paths[here], there)
                    ahead.append(there)
        if end not in paths or start == end:
            return None
        ties: dict[int, int] | None = None
        for here, there in pairwise(paths[end]):
            step = self.steps[here][there]
            so_far = {old: old for old in step} if ties is None else ties
            ties = {old: step[new] for old, new in so_far.items() if new in step}
        return ties
