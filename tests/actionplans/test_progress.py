"""How a target stands on a day, in one word, and how far it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans.models import ActionPlan, PlanState, ProgressNote, Target, TargetStatus
from actionplans.progress import Progress, Standing, how_far, number, progress, standing, way
from tests import factories

SEPTEMBER, NOVEMBER = dt.date(2026, 9, 1), dt.date(2026, 11, 21)
numbers = st.decimals(
    min_value=-1_000_000, max_value=1_000_000, places=2, allow_nan=False, allow_infinity=False
)


def aim(**fields: object) -> Target:
    """A target nobody saved, in a plan that was approved when it began."""
    plan_fields = fields.pop("plan_fields", {})
    plan = ActionPlan(
        **{
            "state": PlanState.UNDER_WAY,
            "starts_on": SEPTEMBER,
            "ends_on": dt.date(2027, 8, 31),
            "approved_on": SEPTEMBER,
            **plan_fields,
        }
    )
    return Target(plan=plan, title="Something", **fields)


def noted(on: dt.date = NOVEMBER, **fields: object) -> ProgressNote:
    return ProgressNote(noted_on=on, text="It went on.", **fields)


# In one word


@pytest.mark.parametrize(
    ("fields", "notes", "word"),
    [
        ({"no_action_reason": "No money"}, [], Standing.NOT_ACTING),
        ({"status": TargetStatus.DONE, "due_on": SEPTEMBER}, [], Standing.DONE),
        ({"status": TargetStatus.DROPPED}, [noted()], Standing.DROPPED),
        ({"due_on": dt.date(2026, 11, 20)}, [noted(rag="green")], Standing.LATE),
        ({"due_on": NOVEMBER}, [noted(rag="green")], Standing.ON_COURSE),
        ({}, [noted(dt.date(2026, 8, 22), rag="green")], Standing.STALLED),
        ({}, [noted(dt.date(2026, 8, 23), rag="green")], Standing.ON_COURSE),
        ({}, [noted(rag="amber")], Standing.AT_RISK),
        ({}, [noted(rag="red")], Standing.OFF_COURSE),
        ({}, [noted(), noted(rag="red")], Standing.OFF_COURSE),
        ({}, [noted()], Standing.ON_COURSE),
        ({}, [], Standing.NOT_BEGUN),
    ],
)
def test_a_target_stands_in_one_word(fields, notes, word):
    assert standing(aim(**fields), NOVEMBER, notes) == word


@pytest.mark.parametrize(
    ("begun", "approved", "word"),
    [
        (dt.date(2026, 8, 1), dt.date(2026, 8, 1), Standing.STALLED),
        (dt.date(2026, 8, 1), dt.date(2026, 10, 1), Standing.NOT_BEGUN),
        (dt.date(2026, 10, 1), dt.date(2026, 8, 1), Standing.NOT_BEGUN),
        (dt.date(2026, 8, 1), None, Standing.NOT_BEGUN),
    ],
)
def test_silence_counts_from_when_there_was_something_to_tell(begun, approved, word):
    target = aim(starts_on=begun, plan_fields={"approved_on": approved})

    assert standing(target, NOVEMBER, []) == word


def test_in_a_closed_plan_it_stands_as_on_the_day_of_closing():
    closed = {"closed_at": dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC), "state": PlanState.CLOSED}
    late = aim(due_on=dt.date(2026, 10, 30), plan_fields=closed)
    quiet = aim(plan_fields=closed)

    years_later = dt.date(2030, 1, 1)

    assert progress(late, years_later, []).days_late == 2
    assert progress(quiet, years_later, [noted(SEPTEMBER)]).standing == Standing.ON_COURSE


def test_the_rows_that_are_stalled_are_those_that_say_so(plan, person):
    lead, today = person("lead"), dt.date(2026, 12, 15)
    plan.approved_on = SEPTEMBER
    plan.save()
    begun = {"starts_on": SEPTEMBER}
    quiet = factories.target(plan, lead, **begun)
    factories.target(plan, lead, starts_on=dt.date(2026, 12, 1))
    noted_since = factories.target(plan, lead, **begun)
    factories.note(noted_since, lead, noted_on=NOVEMBER)
    noted_before = factories.target(plan, lead, starts_on=dt.date(2026, 12, 1))
    factories.note(noted_before, lead, noted_on=SEPTEMBER)
    factories.target(plan, lead, status="done", **begun)
    late_draft = factories.plan(plan.service, lead, year=2024)
    factories.target(late_draft, lead, **begun)

    rows = set(Target.objects.stalled(today))

    said = {
        one
        for one in Target.objects.select_related("plan").with_parts()
        if standing(one, today, list(one.notes.all())) == Standing.STALLED
    }
    assert rows == said == {quiet, noted_before}


# How far


@pytest.mark.parametrize(
    ("fields", "notes", "far"),
    [
        ({}, [], (None, "")),
        ({}, [noted(), noted(percent=40)], (40, "40% of the way")),
        (
            {"aim_value": Decimal(80), "start_value": Decimal(20), "unit": "tutors"},
            [noted(value=Decimal("50.00"), percent=99)],
            (50, "50 of 80 tutors"),
        ),
        ({"aim_value": Decimal(80)}, [noted(value=Decimal(20))], (25, "20 of 80")),
        ({"aim_value": Decimal(80)}, [noted(percent=10)], (10, "10% of the way")),
        ({"status": TargetStatus.DONE}, [noted(percent=10)], (100, "done")),
    ],
)
def test_how_far_goes_by_the_number_and_else_by_per_cent(fields, notes, far):
    assert how_far(aim(**fields), notes) == far


def test_days_late_are_counted_while_it_is_open():
    assert progress(aim(due_on=dt.date(2026, 11, 18)), NOVEMBER, []) == Progress(
        Standing.LATE, None, "", 3
    )


@given(start=numbers, now=numbers, aim_value=numbers)
def test_the_way_is_a_percentage_and_whole_only_at_the_aim(start, now, aim_value):
    far = way(start, now, aim_value)

    reached = now >= aim_value if aim_value >= start else now <= aim_value
    assert 0 <= far <= 100
    assert (far == 100) == (reached if start != aim_value else now == aim_value)


@given(start=numbers, step=numbers, aim_value=numbers)
def test_a_step_towards_the_aim_never_looks_like_one_back(start, step, aim_value):
    middle = start + (aim_value - start) / 2
    further = middle + abs(step) * (1 if aim_value >= start else -1)

    assert start == aim_value or way(start, middle, aim_value) <= way(start, further, aim_value)


@given(numbers)
def test_a_number_is_written_short_and_means_the_same(value):
    written = number(value)

    assert Decimal(written) == value
    assert "E" not in written
    assert not (("." in written) and written.endswith("0"))
