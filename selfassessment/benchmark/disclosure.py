"""What may be shown of services taken together, so that no few of them can be told apart.

Pure functions; the reasons are in docs/adr/0008. Anybody may see every group that is shown, at
every time it was shown, and add and take away: “all” less the regions shown leaves the others;
today less yesterday leaves who came. `groups_to_show` gives up groups until every such sum that
says anything stands on `LEAST` services or more.

How it is seen. A sum of groups gives each service a number: one for its region, less one for its
kind. Take regions and kinds as points and each service as a line from its region to its kind; a
group that is not shown has no point of its own, all such of a split share one. The services that
a sum leaves over are the lines between points of different numbers, so the fewest that any sum
can leave is the smallest cut of that graph. Figures made at several times split the services into
crowds, by the times at which each was in them (another score is another service); where the graph
of every crowd holds by itself, so does every sum across the times.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from statistics import quantiles

from selfassessment.models import Split

LEAST = 6  # services: five, and whoever reads, who knows their own
STEP = 5  # percentage points that figures are rounded to

Group = tuple[Split, str]  # a region or a kind; the empty one stands for all that are not shown
EVERYBODY: Group = (Split.EVERYBODY, "")


@dataclass(frozen=True)
class Member:
    """A service as it was when figures were made: `scores` differs when anything about it does."""

    scores: str
    region: str
    kind: str

    @property
    def groups(self) -> tuple[Group, Group]:
        return (Split.REGION, self.region), (Split.KIND, self.kind)


@dataclass(frozen=True)
class Shown:
    """What was shown at one time: of whom, and for which regions and kinds besides everybody."""

    members: frozenset[Member]
    groups: frozenset[Group]


def groups_to_show(before: Sequence[Shown], members: Iterable[Member]) -> frozenset[Group] | None:
    """The regions and kinds that may be shown of `members`, besides everybody.

    `before` is what was shown of them at earlier times. None: not even everybody may be shown.
    """
    now = frozenset(members)
    sizes = Counter(group for member in now for group in member.groups)
    groups = {group for group, size in sizes.items() if group[1] and size >= LEAST}
    crowds = crowds_of([*(shown.members for shown in before), now])
    earlier = [shown.groups for shown in before]
    while cut := weakest(crowds, [*earlier, groups]):
        if not groups:
            return None
        groups.remove(min(cut & groups or groups, key=lambda group: (sizes[group], group)))
    return frozenset(groups) if now else None


Crowd = tuple[bool, ...]  # at which times its services were in
Lines = Counter[tuple[Group, Group]]


def crowds_of(times: Sequence[frozenset[Member]]) -> Mapping[Crowd, Lines]:
    crowds: dict[Crowd, Lines] = defaultdict(Counter)
    for member in frozenset().union(*times):
        crowds[tuple(member in time for time in times)][member.groups] += 1
    return crowds


def weakest(
    crowds: Mapping[Crowd, Lines], times: Sequence[Collection[Group]]
) -> frozenset[Group] | None:
    """One side of a cut that fewer than `LEAST` services hold; None where every crowd holds."""
    for crowd, lines in crowds.items():
        shown = {
            group for there, groups in zip(crowd, times, strict=True) if there for group in groups
        }
        seen: Lines = Counter()
        for (region, kind), services in lines.items():
            seen[visible(region, shown), visible(kind, shown)] += services
        for part in connected(seen):
            size, side = smallest_cut(part)
            if size < LEAST:
                return side
    return None


def visible(group: Group, shown: Collection[Group]) -> Group:
    return group if group in shown else (group[0], "")


Graph = dict[Group, Counter[Group]]  # from each point to its neighbours: how many lines


def connected(lines: Lines) -> list[Graph]:
    """The graph of these lines, in its connected parts."""
    graph: Graph = defaultdict(Counter)
    for (one, other), services in lines.items():
        graph[one][other] += services
        graph[other][one] += services
    parts = []
    while graph:
        found, waiting = set(), [next(iter(graph))]
        while waiting:
            point = waiting.pop()
            if point not in found:
                found.add(point)
                waiting += graph[point]
        parts.append({point: graph.pop(point) for point in found})
    return parts


def smallest_cut(graph: Graph) -> tuple[int, frozenset[Group]]:
    """The fewest lines that part a connected graph in two, and one side (Stoer and Wagner 1997)."""
    merged = {point: frozenset({point}) for point in graph}
    left = {point: Counter(lines) for point, lines in graph.items()}
    best: tuple[int, frozenset[Group]] | None = None
    while len(left) > 1:
        order: list[Group] = []
        pull: Counter[Group] = Counter(dict.fromkeys(left, 0))
        while pull:
            order.append(max(sorted(pull), key=lambda point: pull[point]))
            weight = pull.pop(order[-1])
            for other, lines in left[order[-1]].items():
                if other in pull:
                    pull[other] += lines
        *_, into, last = order
        if best is None or weight < best[0]:
            best = weight, merged[last]
        merged[into] |= merged.pop(last)
        for other, lines in left.pop(last).items():
            del left[other][last]
            if other != into:
                left[into][other] += lines
                left[other][into] += lines
    assert best is not None  # noqa: S101 (two points or more: a line has two ends)
    return best


def quartiles(values: Sequence[float]) -> tuple[int, int, int]:
    """The lower quartile, the median and the upper quartile, each to the next 5.

    Between two neighbours they are interpolated, so that with the rounding no service's own value
    is told. Raises ValueError where there are fewer than `LEAST`.
    """
    if len(values) < LEAST:
        raise ValueError(f"Figures of {len(values)} services are not shown")
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return to_step(low), to_step(middle), to_step(high)


def to_step(percent: float) -> int:
    return STEP * floor(percent / STEP + 0.5)
