"""What the track of a target shows, and the plan in time: pure figures, and how they are drawn."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from actionplans.following.target_tracks import Levels, Stop, Track, track
from actionplans.models import ActionPlan, ProgressNote, Target
from actionplans.planning import plan_timeline
from actionplans.templatetags.targets import target_track, timeline_axis

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2027, 8, 31)
NAMES = {0: "Not started", 1: "First steps", 2: "Developing"}
NO_LEVELS = Levels({}, None, None)


def note(**fields) -> ProgressNote:
    return ProgressNote(noted_on=FIRST, **fields)


def drawn(target, notes=(), levels=NO_LEVELS) -> Track:
    return track(target, list(notes), levels, FIRST)


@pytest.mark.parametrize(
    ("target", "notes", "marks", "words"),
    [
        (  # the newest note with a number says where it is
            {"start_value": Decimal(20), "aim_value": Decimal(80), "unit": "tutors"},
            [note(), note(value=Decimal(50)), note(value=Decimal(30))],
            (0, 50, 100),
            "From 20. Now 50. Aim 80 tutors.",
        ),
        (  # downwards
            {"start_value": Decimal(40), "aim_value": Decimal(10), "unit": "on the list"},
            [note(value=Decimal(25))],
            (0, 50, 100),
            "From 40. Now 25. Aim 10 on the list.",
        ),
        ({"aim_value": Decimal(5)}, [], (0, None, 100), "From 0. Aim 5. No number yet."),
        (
            {"aim_value": Decimal(3), "unit": "papers", "status": "done"},
            [],
            (0, None, 100),
            "From 0. Aim 3 papers. No number was noted.",
        ),
        (
            {"due_on": dt.date(2027, 3, 31), "status": "dropped"},
            [],
            (None, None, 100),
            "From 1 September to 31 March. Nothing measured it.",
        ),
        (  # a number goes before a per cent
            {"aim_value": Decimal("2.50")},
            [note(percent=90)],
            (0, None, 100),
            "From 0. Aim 2.5. No number yet.",
        ),
        ({}, [note(), note(percent=40), note(percent=20)], (None, 40, 100), "40% of the way."),
        ({"status": "done"}, [note(percent=40)], (None, 100, 100), "100% of the way."),
        (
            {"due_on": dt.date(2027, 5, 31)},
            [note()],
            (None, None, 100),
            "From 1 September to 31 May. Nothing measures it yet.",
        ),
        (
            {"starts_on": dt.date(2026, 10, 1)},
            [],
            (None, None, None),
            "From 1 October. No date yet.",
        ),
    ],
)
def test_a_track_is_drawn_by_what_measures_the_target(target, notes, marks, words):
    found = drawn(Target(**target), notes)

    assert ((found.was, found.now, found.aim), found.words) == (marks, words)


@pytest.mark.parametrize(
    ("before", "after", "marks", "words"),
    [
        (0, None, (0, None, 100), "From 0, Not started. Aim 2, Developing."),
        (0, 1, (0, 50, 100), "From 0, Not started. Now 1, First steps. Aim 2, Developing."),
        (0, 7, (0, None, 100), "From 0, Not started. Aim 2, Developing."),
        (None, 1, (None, None, 100), "From 1 September to 1 June. Nothing measures it yet."),
    ],
)
def test_without_a_number_the_levels_of_its_statements_are_drawn(before, after, marks, words):
    target = Target(aim_level=2, due_on=dt.date(2027, 6, 1))

    found = drawn(target, levels=Levels(NAMES, before, after))

    assert ((found.was, found.now, found.aim), found.words) == (marks, words)


def test_a_level_that_the_scale_does_not_have_is_not_drawn():
    found = drawn(Target(aim_level=9), levels=Levels(NAMES, 0, None))

    assert found.words == "From 1 September. No date yet."


def test_the_drawing_has_a_mark_for_each_figure_and_is_hidden_beside_its_words():
    stops = (Stop(0, "20"), Stop(100, "1,200 tutors"))

    svg = target_track(Track(stops, was=0, now=50, aim=100, words="From 20."))

    assert re.findall(r'class="(was|cap|aim|fl)"', svg) == ["fl", "aim", "was", "cap"]
    assert re.findall(r'text-anchor="(\w+)">([^<]+)', svg) == [
        ("middle", "20"),
        ("end", "1,200 tutors"),
    ]
    assert 'aria-hidden="true"' in svg


def test_where_nothing_has_moved_the_cap_stands_alone():
    svg = target_track(Track((), was=0, now=0, aim=100, words=""))

    assert re.findall(r'class="(was|cap|aim|fl)"', svg) == ["aim", "cap"]


def test_hostile_words_are_text():
    svg = target_track(Track((Stop(0, "<b>"),), None, None, None, ""))

    assert "&lt;b&gt;" in svg


# In time


def plan(first=FIRST, last=LAST) -> ActionPlan:
    return ActionPlan(starts_on=first, ends_on=last)


def test_the_timeline_has_the_months_of_the_plan_and_today():
    found = plan_timeline.timeline(plan(), [], dt.date(2027, 3, 1))

    assert [month.word for month in found.months][:3] == ["Sep", "Oct", "Nov"]
    assert (len(found.months), round(found.today)) == (12, 50)


def test_a_plan_of_several_years_names_some_of_its_months():
    found = plan_timeline.timeline(plan(last=dt.date(2029, 8, 31)), [], dt.date(2030, 1, 1))

    assert [month.word for month in found.months if month.word][:3] == [
        "Sep 26",
        "Dec 26",
        "Mar 27",
    ]
    assert (len(found.months), found.today) == (36, None)


def test_the_timeline_goes_on_to_what_is_due_after_the_plan():
    late = Target(due_on=dt.date(2027, 11, 15))

    found = plan_timeline.timeline(plan(), [late], FIRST)

    assert (found.last, len(found.months)) == (dt.date(2027, 11, 15), 15)


def test_a_period_from_the_middle_of_a_month_begins_there():
    found = plan_timeline.timeline(
        plan(dt.date(2026, 4, 15), dt.date(2026, 6, 10)), [], dt.date(2026, 5, 1)
    )

    assert [(round(month.at), month.word) for month in found.months] == [
        (0, "Apr"),
        (28, "May"),
        (82, "Jun"),
    ]


def test_the_months_are_drawn_with_today_under_its_cap():
    svg = timeline_axis(plan_timeline.timeline(plan(), [], dt.date(2027, 3, 1)))

    assert re.findall(r">(\w{3})<", svg) == [
        *("Sep", "Oct", "Nov", "Dec", "Jan", "Feb"),
        *("Mar", "Apr", "May", "Jun", "Jul", "Aug"),
    ]
    assert svg.count('class="cap"') == 1
