"""What may be told of music services taken together, so that no few of them can be told apart.

Pure functions; the reasons are in docs/adr/0016, and those behind them in docs/adr/0008. Anybody
may have every figure that was ever told, of every day, and add and take away. A figure is a sum
over parts: a service with its amount of something. Figures that overlap, told at one time or at
several, cut those parts into crowds, by the figures that each part is in; whatever is added and
taken away is a sum of whole crowds. So where every crowd is of `LEAST` services or more, no sum
tells of fewer.

For example, thirteen services finished, and that is told. The next week a fourteenth finishes. Told
too, the two figures cut the fourteen into a crowd of thirteen and a crowd of one, who is the
difference: so thirteen stays what is told, until six more have come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from selfassessment.benchmark.disclosure import LEAST, to_step

Part = tuple[int, ...]  # a service, its amount, and what tells this amount from its others
Parts = frozenset[Part]


@dataclass(frozen=True)
class Telling:
    """One figure: its row in its family, and the parts that it sums up."""

    row: str
    of: Parts

    @property
    def services(self) -> int:
        return len({service for service, *_ in self.of})

    @property
    def rounded(self) -> int:
        """What is told: the sum, to the nearest 5. Nothing finer ever leaves this module."""
        return to_step(sum(amount for _, amount, *_ in self.of))


def each(services: Iterable[int]) -> Parts:
    """The parts of a figure that counts services."""
    return frozenset((service, 1) for service in services)


def holds(figures: Collection[Parts], known: Collection[int] = ()) -> bool:
    """Whether every crowd that these figures cut is of enough services.

    `known` are services that say the same in public themselves: nobody is hidden among them.
    """
    crowds: dict[tuple[bool, ...], set[int]] = defaultdict(set)
    for part in frozenset[Part]().union(*figures):
        crowds[tuple(part in figure for figure in figures)].add(part[0])
    return all(len(services.difference(known)) >= LEAST for services in crowds.values())


def first_to_tell(
    candidates: Iterable[Sequence[Telling]],
    before: Sequence[Telling],
    *,
    beside: Sequence[Sequence[Parts]] = ((),),
    known: Collection[int] = (),
) -> Sequence[Telling]:
    """The first of these that may be told after all that was told before; nothing where none may.

    `beside` are sets of other figures that readers have, each to be held against by itself.
    """
    earlier = [telling.of for telling in before]
    for candidate in candidates:
        now = [telling.of for telling in candidate]
        if now and all(now) and all(holds([*others, *earlier, *now], known) for others in beside):
            return candidate
    return ()


def split(rows: dict[str, Parts], whole: str) -> list[list[Telling]]:
    """Ways to tell a table with its total: with all of its rows, then with fewer and fewer.

    The row of the fewest services goes first. Rows that are left out are not all empty: the total
    would tell that. What is in them is a crowd of the total, which `holds` looks at.
    """
    total = Telling(whole, frozenset[Part]().union(*rows.values()))
    by_size = sorted(
        (Telling(row, parts) for row, parts in rows.items()),
        key=lambda telling: (-telling.services, telling.row),
    )
    most = sum(telling.services >= LEAST for telling in by_size)
    counts = [
        count
        for count in range(most, -1, -1)
        if count == len(rows) or any(telling.of for telling in by_size[count:])
    ]
    return [[*by_size[:count], total] for count in counts]
