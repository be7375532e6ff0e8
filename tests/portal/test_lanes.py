"""Drawings of the talk: a dot for each person, none over another, none out of its level."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.templatetags.lanes import (
    NARROWEST,
    TALLEST,
    dot_size,
    lane_key,
    lane_track,
    places,
    spread_track,
    stack,
)


def dots(svg: str) -> list[tuple[str, float, float]]:
    found = re.findall(
        r'cx="([^"]+)" cy="([^"]+)" r="[^"]+" transform="translate\(([^ ]+) 0\)"', svg
    )
    return [(x, float(along), float(y)) for x, y, along in found]


def test_levels_share_the_width():
    assert places([1, 2, 3, 5]) == {1: "12.50%", 2: "37.50%", 3: "62.50%", 5: "87.50%"}


def test_a_dot_for_each_person_at_their_level():
    svg = lane_track({0: 2, 1: 0, 2: 1, 3: 0, 4: 3}, label="Tutors: <b>")

    assert Counter(x for x, _, _ in dots(svg)) == {"10.00%": 2, "50.00%": 1, "90.00%": 3}
    assert 'role="img" aria-label="Tutors: &lt;b&gt;"' in svg
    assert "style=" not in svg


@given(st.lists(st.integers(0, 100), min_size=2, max_size=11))
def test_everybody_is_drawn_once_and_keeps_within_the_level(counts):
    svg = lane_track(dict(enumerate(counts)))

    found = dots(svg)
    height = float(re.search(r'height="([\d.]+)"', svg)[1])
    radius, pitch, _ = dot_size(max(counts), len(counts))
    assert len(found) == len(set(found)) == sum(counts)
    assert all(radius <= y <= height - radius for _, _, y in found)
    room = max(NARROWEST / len(counts), pitch)
    assert all(abs(along) + radius <= room / 2 + pitch / 2 for _, along, _ in found)


@pytest.mark.parametrize(
    ("most", "radius"), [(3, 6.5), (18, 6.5), (19, 4.0), (50, 4.0), (100, 2.5)]
)
def test_a_crowd_is_drawn_smaller(most, radius):
    assert dot_size(most, 5)[0] == radius


def test_lanes_read_together_have_dots_of_one_size():
    crowd, few = {0: 40, 1: 0, 2: 1}, {0: 2, 1: 0, 2: 1}

    together = [set(re.findall(r' r="([^"]+)"', lane_track(c, most=40))) for c in (crowd, few)]

    assert together == [{"4.0"}, {"4.0"}]
    assert set(re.findall(r' r="([^"]+)"', lane_track(few))) == {"6.5"}


def test_a_hundred_at_one_level_are_no_tower():
    _, pitch, in_a_row = dot_size(100, 5)

    assert max(y for _, y in stack(100, pitch, in_a_row)) <= TALLEST / 2


def test_the_spread_runs_from_lowest_to_highest():
    svg = spread_track({0: 1, 1: 0, 2: 1, 3: 1, 4: 0}, 0, 3, 2, label="Lowest 0")

    assert re.findall(r'class="(sp|md)" x1="([^"]+)" x2="([^"]+)"', svg) == [
        ("sp", "10.00%", "70.00%"),
        ("md", "50.00%", "50.00%"),
    ]


@pytest.mark.parametrize("kind", ["spread", "middle"])
def test_the_key_is_hidden_from_screen_readers(kind):
    assert 'aria-hidden="true"' in lane_key(kind)
