"""Nobody can make out few services from what is shown: an attacker of its own tries to.

The attacker (attacks.py) knows who is in which region and of which kind, keeps every group that was
ever shown, and looks for a sum of them that leaves over fewer than six services.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfassessment.benchmark.disclosure import Member, Shown, groups_to_show, quartiles
from selfassessment.models import Split
from tests.selfassessment.attacks import fewest_made_out

REGIONS = ["London", "North East", "South West", "North West"]
KINDS = ["council", "trust", ""]


def sets_shown(history: list[Shown]) -> list[frozenset[Member]]:
    """Every group that was ever on a page, as who was in it."""
    found = []
    for shown in history:
        found.append(shown.members)
        for split, value in shown.groups:
            name = "region" if split == Split.REGION else "kind"
            found.append(frozenset(m for m in shown.members if getattr(m, name) == value))
    return found


services = st.lists(
    st.tuples(st.sampled_from(REGIONS), st.sampled_from(KINDS)), min_size=6, max_size=40
)
# What happens to each service between two times: it is not in, is in, or is in with other scores.
fates = st.sampled_from(["out", "in", "in", "in", "changed"])


@st.composite
def times(draw: st.DrawFn) -> list[frozenset[Member]]:
    places = draw(services)
    found = []
    for time in range(draw(st.integers(1, 4))):
        fate = draw(st.lists(fates, min_size=len(places), max_size=len(places)))
        if draw(st.booleans()):  # often whole regions come together, so that more is shown
            late = draw(st.sampled_from(REGIONS))
            fate = ["out" if place[0] == late and time == 0 else "in" for place in places]
        found.append(
            frozenset(
                Member(f"{number}{time if now == 'changed' else ''}", *place)
                for number, (place, now) in enumerate(zip(places, fate, strict=True))
                if now != "out"
            )
        )
    return found


def shown_over(times: list[frozenset[Member]]) -> list[Shown]:
    history: list[Shown] = []
    for members in times:
        groups = groups_to_show(history, members)
        if groups is not None:
            history.append(Shown(members, groups))
    return history


@settings(max_examples=200, deadline=None)
@given(times())
def test_no_sum_of_what_was_ever_shown_stands_on_fewer_than_six(times):
    history = shown_over(times)

    assert fewest_made_out(sets_shown(history)) is None


def members(*places: tuple[str, str, int]) -> frozenset[Member]:
    return frozenset(
        Member(f"{region}{kind}{n}", region, kind)
        for region, kind, count in places
        for n in range(count)
    )


def names(groups: frozenset[tuple[Split, str]] | None) -> set[str] | None:
    return None if groups is None else {value for _, value in groups}


@pytest.mark.parametrize(("count", "expected"), [(0, None), (1, None), (5, None), (6, {"London"})])
def test_five_are_too_few_because_whoever_reads_may_be_one_of_six(count, expected):
    assert names(groups_to_show([], members(("London", "", count)))) == expected


def test_a_hidden_region_takes_the_next_smallest_with_it():
    there = members(("London", "", 9), ("North East", "", 7), ("South West", "", 4))

    assert names(groups_to_show([], there)) == {"London"}


def test_hidden_regions_that_are_enough_together_take_nobody_with_them():
    there = members(("London", "", 9), ("North East", "", 3), ("South West", "", 4))

    assert names(groups_to_show([], there)) == {"London"}


def test_a_kind_is_not_shown_where_it_would_tell_of_few_in_a_region():
    # London less the trusts would leave two.
    there = members(("London", "trust", 7), ("London", "council", 2), ("South West", "council", 9))

    assert names(groups_to_show([], there)) == {"London"}


def test_one_who_joins_waits_for_five_more():
    then = members(("London", "", 8))
    before = [Shown(then, frozenset())]

    assert groups_to_show(before, then | members(("South West", "", 5))) is None
    assert groups_to_show(before, then | members(("South West", "", 6))) is not None


def test_one_who_leaves_waits_for_five_more():
    then = members(("London", "", 14))
    before = [Shown(then, frozenset())]

    assert groups_to_show(before, members(("London", "", 13))) is None
    assert groups_to_show(before, members(("London", "", 8))) is not None


def test_a_region_that_few_joined_stays_as_it_was():
    then = members(("London", "", 8), ("South West", "", 8))
    regions = frozenset({(Split.REGION, "London"), (Split.REGION, "South West")})
    now = members(("London", "", 16), ("South West", "", 10))

    assert names(groups_to_show([Shown(then, regions)], now)) == set()


def test_quartiles_are_told_to_the_nearest_five():
    assert quartiles([10, 20, 33, 47, 60, 90]) == (25, 40, 55)


def test_quartiles_of_five_are_refused():
    with pytest.raises(ValueError, match="Figures of 5 services are not shown"):
        quartiles([10, 20, 30, 40, 50])


@given(st.lists(st.floats(0, 100), min_size=6, max_size=60))
def test_quartiles_rise_and_stay_within_0_and_100(values):
    low, middle, high = quartiles(values)

    assert 0 <= low <= middle <= high <= 100
    assert {low % 5, middle % 5, high % 5} == {0}
