"""What became of a target in time: its lines in words, and its marks on one track."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans.following import story
from actionplans.following.story import Kind, Mark, Sign, Story
from actionplans.models import Milestone, TargetStatus
from actionplans.templatetags import story as drawing
from tests.actionplans.test_progress import aim, noted

TODAY = dt.date(2026, 11, 21)
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2027, 8, 31)


def tell(target, notes=(), steps=(), decisions=(), versions=()) -> Story:
    return story.tell(
        target, TODAY, notes=notes, steps=steps, decisions=decisions, versions=versions
    )


def step(text: str, due: dt.date | None = None, done: dt.date | None = None) -> Milestone:
    return Milestone(text=text, due_on=due, done_on=done)


def marks(told: Story) -> list[tuple[dt.date, str, str]]:
    return [(mark.on, mark.sign.value, mark.label) for mark in told.marks]


# In marks


def test_the_track_has_the_start_the_steps_and_the_due_day():
    target = aim(starts_on=dt.date(2026, 9, 14), due_on=dt.date(2027, 6, 30))
    steps = [
        step("Agreed", dt.date(2026, 10, 1), dt.date(2026, 10, 5)),
        step("Met", dt.date(2027, 3, 1)),
        step("Some time"),
    ]

    told = tell(target, steps=steps)

    assert marks(told) == [
        (dt.date(2026, 9, 14), "start", "Start"),
        (dt.date(2026, 10, 5), "step_done", "Agreed"),
        (dt.date(2027, 3, 1), "step_to_come", "Met"),
        (dt.date(2027, 6, 30), "due", "Due"),
    ]
    assert (told.first, told.last, told.now) == (FIRST, LAST, Mark(TODAY, Sign.NOW, "Today"))
    assert told.summary == (
        "From September 2026 to August 2027. Today is 21 November 2026. 1 of 3 milestones done. "
        "0 notes. Due on 30 June 2027. All of it stands in words below."
    )


def test_the_track_reaches_as_far_as_the_target_does():
    told = tell(aim(starts_on=dt.date(2026, 6, 1), due_on=dt.date(2028, 1, 1)))

    assert (told.first, told.last) == (dt.date(2026, 6, 1), dt.date(2028, 1, 1))


def test_the_cap_stays_on_the_day_it_ended():
    ended = aim(status=TargetStatus.DONE, ended_on=dt.date(2026, 10, 1))
    closed = aim(plan_fields={"state": "closed"})

    assert tell(ended).now == Mark(dt.date(2026, 10, 1), Sign.NOW, "Done")
    assert "Done on 1 October 2026." in tell(ended).summary
    assert tell(closed).now is None


# In words


def test_lines_come_newest_first(person):
    author = person("lead")
    notes = [
        noted(dt.date(2026, 11, 2), written_by=author),
        noted(dt.date(2026, 10, 1), written_by=author),
    ]

    told = tell(aim(), notes=notes, steps=[step("Agreed", done=dt.date(2026, 10, 5))])

    assert [(one.on, one.kind, one.what) for one in told.events] == [
        (dt.date(2026, 11, 2), Kind.NOTE, "Note"),
        (dt.date(2026, 10, 5), Kind.STEP, "Agreed"),
        (dt.date(2026, 10, 1), Kind.NOTE, "Note"),
        (FIRST, Kind.START, "Start"),
    ]
    assert "2 notes." in told.summary


def test_two_notes_of_a_day_stand_as_they_were_read(person):
    late, early = (noted(TODAY, written_by=person("lead")) for _ in range(2))

    told = tell(aim(), notes=[late, early])

    assert [one.note is late for one in told.events[:2]] == [True, False]
    assert told.events[1].note is early


def test_a_start_to_come_is_marked_and_not_told():
    told = tell(aim(starts_on=dt.date(2027, 1, 4)))

    assert told.events == ()
    assert marks(told) == [(dt.date(2027, 1, 4), "start", "Start")]


# The drawing


def drawn(told: Story) -> str:
    return str(drawing.story_track(told))


def test_the_drawing_is_an_image_named_by_its_summary():
    told = tell(aim(due_on=dt.date(2027, 6, 30)))

    assert f'role="img" aria-label="{told.summary}"' in drawn(told)
    assert "style=" not in drawn(told)


def test_every_mark_is_drawn_and_months_are_named():
    told = Story(
        FIRST,
        LAST,
        Mark(TODAY, Sign.NOW, "Today"),
        tuple(Mark(TODAY, sign, sign.value) for sign in Sign if sign != Sign.NOW),
        (),
        "A year.",
    )

    html = drawn(told)

    assert [html.count(f'class="{one}"') for one in ("dot", "on", "md", "cap", "aim")] == [
        *(2, 1, 1, 1, 3)
    ]
    assert re.findall(r">([A-Z][a-z]{2})</text>", html) == [
        *("Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug")
    ]


def test_over_many_years_fewer_months_are_named():
    told = Story(FIRST, dt.date(2032, 8, 31), None, (), (), "Six years.")

    assert len(re.findall(r"<text", drawn(told))) <= drawing.MOST_MONTHS


days = st.dates(FIRST, LAST)
labels = st.text(alphabet="abc WŵÅ<&", min_size=1, max_size=60)


@given(st.lists(st.tuples(days, labels), max_size=25))
def test_labels_never_touch_and_stay_inside(wanted):
    steps = tuple(Mark(on, Sign.STEP_TO_COME, label) for on, label in wanted)
    told = Story(FIRST, LAST, None, (Mark(FIRST, Sign.START, "Start"), *steps), (), "A year.")

    found = drawing.placed(told)

    lanes: dict[int, list[tuple[float, float]]] = {}
    for one in found:
        start, end = drawing.reach(drawing.across(told, one.mark.on), one.text, one.anchor)
        assert start >= 0
        assert end <= drawing.WIDTH
        assert len(one.text) <= drawing.LONGEST
        assert all(end < other or ended < start for other, ended in lanes.get(one.lane, []))
        lanes.setdefault(one.lane, []).append((start, end))
    assert found[0].text == "Start"


def test_of_a_crowd_the_start_and_the_due_day_keep_their_labels():
    crowd = [Mark(TODAY, Sign.STEP_TO_COME, "A step with a name") for _ in range(9)]
    ends = [Mark(TODAY, Sign.DUE, "Due"), Mark(FIRST, Sign.START, "Start")]
    told = Story(FIRST, LAST, None, (*crowd, *ends), (), "A year.")

    texts = [one.text for one in drawing.placed(told)]

    assert texts == ["Start", "Due", *["A step with a name"] * 3]


@pytest.mark.parametrize("sign", ["now", "step_done", "step_to_come", "note", "change", "review"])
def test_the_key_has_each_mark_hidden_from_a_screen_reader(sign):
    assert 'aria-hidden="true"' in drawing.story_key(sign)


def test_a_label_is_text_and_no_markup():
    told = tell(aim(), steps=[step("<b onload=x>", dt.date(2027, 3, 1))])

    assert "<b onload" not in drawn(told)
    assert "&lt;b onload=x&gt;" in drawn(told)
