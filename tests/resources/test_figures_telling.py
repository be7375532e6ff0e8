"""Nobody can make out few services from a year's figures: an attacker of its own tries to.

The attacker (tests/selfassessment/attacks.py) keeps every figure that was ever told, of every day,
and looks for a sum of them that leaves over fewer than six services.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.reviews.figures.telling import (
    Parts,
    Telling,
    each,
    first_to_tell,
    holds,
    split,
)
from tests.selfassessment.attacks import SIX, fewest_made_out

AREAS = ("0", "1", "2", "3")
ALL = "all"


def first(count: int, start: int = 0) -> Parts:
    return each(range(start, start + count))


@pytest.mark.parametrize(
    ("figures", "held"),
    [
        ([first(SIX - 1)], False),
        ([first(SIX)], True),
        ([first(2 * SIX), first(SIX)], True),  # six in both, six in one
        ([first(2 * SIX - 1), first(SIX)], False),  # five in one alone
        ([first(20), first(20)], True),  # the same twice
        ([first(20), first(21)], False),  # one came
        ([first(20), first(20, start=SIX)], True),  # six came, six went
        ([first(20), first(20, start=SIX - 1)], False),
    ],
)
def test_figures_hold_where_every_crowd_they_cut_is_of_six(figures, held):
    assert holds(figures) is held


def test_services_that_tell_it_themselves_hide_nobody():
    assert holds([first(SIX + 3)], known={0, 1, 2})
    assert not holds([first(SIX + 3)], known={0, 1, 2, 3})


def test_another_amount_is_another_part():
    before = frozenset({(service, 1) for service in range(10)})
    after = frozenset({*before - {(0, 1)}, (0, 2)})

    assert not holds([before, after])


def rows(*services: int) -> dict[str, Parts]:
    """So many services have one target in each of the areas, each service in one area only."""
    found, start = {}, 0
    for place, count in enumerate(services):
        found[str(place)] = frozenset((start + n, 1, place) for n in range(count))
        start += count
    return found


def told(table: dict[str, Parts], before: list[Telling] | None = None) -> list[str]:
    return [one.row for one in first_to_tell(split(table, ALL), before or [])]


@pytest.mark.parametrize(
    ("services", "shown"),
    [
        ((6, 7, 8, 9), ["3", "2", "1", "0", ALL]),
        ((5, 7, 8, 9), ["3", "2", ALL]),  # five alone would be the total less the others
        ((0, 7, 8, 9), ["3", "2", ALL]),  # and so would nobody
        ((5, 5, 8, 9), ["3", "2", ALL]),  # ten together
        ((2, 3, 8, 9), ["3", ALL]),  # five together, so a third goes too
        ((2, 3, 0, 9), [ALL]),  # five beside the nine: fourteen stand together
        ((0, 0, 0, 9), [ALL]),  # with the nine, the total would tell of nobody elsewhere
        ((5, 0, 0, 0), []),
        ((2, 2, 2, 0), [ALL]),
        ((0, 0, 0, 0), []),
    ],
)
def test_a_table_gives_up_rows_until_what_is_left_of_the_total_is_of_six(services, shown):
    assert told(rows(*services)) == shown


def test_a_table_changes_only_when_six_have():
    before = list(first_to_tell(split(rows(10, 10, 10, 10), ALL), []))
    one_more = rows(10, 10, 10, 10)
    one_more["0"] |= {(100, 1, 0)}
    six_more = rows(10, 10, 10, 10)
    six_more["0"] |= {(100 + n, 1, 0) for n in range(SIX)}

    assert told(one_more, before) == []
    assert told(six_more, before) == ["0", "1", "2", "3", ALL]


def test_only_rounded_sums_are_told():
    telling = Telling("", frozenset((service, 3) for service in range(11)))

    assert (telling.services, telling.rounded) == (11, 35)


# How many targets each service has in each area, at each of several times.
amounts = st.lists(st.tuples(*[st.integers(0, 2) for _ in AREAS]), min_size=SIX, max_size=30)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Parts]]:
    services = [list(row) for row in draw(amounts)]
    found = []
    for _ in range(draw(st.integers(1, 4))):
        found.append(
            {
                area: frozenset(
                    (number, row[place], place) for number, row in enumerate(services) if row[place]
                )
                for place, area in enumerate(AREAS)
            }
        )
        for changed in draw(st.lists(st.integers(0, len(services) - 1), max_size=12)):
            services[changed][draw(st.integers(0, 3))] = draw(st.integers(0, 2))
    return found


@settings(max_examples=150, deadline=None)
@given(tables())
def test_no_sum_of_tables_that_were_ever_told_stands_on_fewer_than_six(tables):
    history: list[Telling] = []
    for table in tables:
        history += first_to_tell(split(table, ALL), history)

    assert fewest_made_out([one.of for one in history]) is None


@st.composite
def choices(draw: st.DrawFn) -> tuple[Parts, list[tuple[Parts, Parts]]]:
    """All services; and at several times, who finished, and who of them chose something."""
    count = draw(st.integers(SIX, 40))
    everybody = first(count)
    fates = st.lists(st.sampled_from(["", "done", "chose"]), min_size=count, max_size=count)
    found, fate = [], draw(fates)
    for _ in range(draw(st.integers(1, 4))):
        chose = each(n for n, one in enumerate(fate) if one == "chose")
        found.append((chose | each(n for n, one in enumerate(fate) if one == "done"), chose))
        for changed in draw(st.lists(st.integers(0, count - 1), max_size=15)):
            fate[changed] = draw(st.sampled_from(["done", "chose"]))
    return everybody, found


@settings(max_examples=150, deadline=None)
@given(choices())
def test_nobody_is_made_out_by_those_who_finished_those_who_chose_and_the_directory(choices):
    everybody, times = choices
    finished: list[Telling] = []
    chosen: list[Telling] = []
    for done, chose in times:
        beside = [[everybody], [everybody, *(one.of for one in chosen)]]
        candidates = [] if done >= everybody else [[Telling("", done)]]
        finished += first_to_tell(candidates, finished, beside=beside)
        beside = [[everybody, *(one.of for one in finished)]]
        chosen += first_to_tell([[Telling("", chose)]], chosen, beside=beside)

    known = [everybody, *(one.of for one in finished), *(one.of for one in chosen)]
    assert fewest_made_out(known) is None
