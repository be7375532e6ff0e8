"""Where a service is in its year, and why somebody might call: each rule by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from actionplans.models import PlanState
from changingtracks.years import stages
from changingtracks.years.stages import AuditFacts, Facts, PlanFacts, Reason, Stage

TODAY = dt.date(2026, 11, 21)
DAY = dt.timedelta(days=1)
RATING = AuditFacts(started_on=dt.date(2026, 9, 20), finish_on=TODAY + 10 * DAY, statements=7)
TALKING = replace(RATING, talk_opened_on=TODAY - 10 * DAY)
AGREED = replace(TALKING, agreed=7)
CHOSEN = replace(AGREED, priorities=3, chosen_on=TODAY - 5 * DAY)
CLOSED = replace(CHOSEN, closed_on=TODAY - 3 * DAY)
DRAFT = PlanFacts(PlanState.DRAFT, started_on=TODAY - 20 * DAY, targets=4, open_targets=4)
APPROVED = replace(DRAFT, state=PlanState.APPROVED, approved_on=TODAY - 9 * DAY)
UNDER_WAY = replace(APPROVED, state=PlanState.UNDER_WAY, begun_on=TODAY - 9 * DAY)
ENDED = replace(UNDER_WAY, state=PlanState.CLOSED, closed_on=TODAY - DAY)
REPORTED = replace(ENDED, reported_on=TODAY - DAY)


def facts(audit: AuditFacts | None = None, plan: PlanFacts | None = None, **more) -> Facts:
    return Facts(2026, audit, plan, **more)


def reasons(*given, on: dt.date = TODAY, **more) -> list[Reason]:
    return stages.reasons(facts(*given, **more), on)


@pytest.mark.parametrize(
    ("audit", "plan", "stage"),
    [
        (None, None, Stage.NOT_BEGUN),
        (RATING, None, Stage.RATE),
        (RATING, UNDER_WAY, Stage.RATE),
        (TALKING, None, Stage.TALK),
        (AGREED, None, Stage.CHOOSE),
        (CHOSEN, None, Stage.CHOOSE),
        (CLOSED, None, Stage.PLAN),
        (CLOSED, DRAFT, Stage.PLAN),
        (CLOSED, APPROVED, Stage.ACT),
        (CLOSED, UNDER_WAY, Stage.ACT),
        (CLOSED, ENDED, Stage.REPORT),
        (CLOSED, REPORTED, Stage.REPORT),
        (None, DRAFT, Stage.PLAN),
        (None, UNDER_WAY, Stage.ACT),
        (None, ENDED, Stage.NOT_BEGUN),
    ],
)
def test_a_service_is_at_the_first_stop_that_is_not_behind_it(audit, plan, stage):
    assert stages.stage(facts(audit, plan)) == stage


def test_nothing_asked_is_not_all_agreed():
    assert stages.stage(facts(replace(TALKING, statements=0))) == Stage.TALK


@pytest.mark.parametrize(
    ("audit", "plan", "states"),
    [
        (None, None, "here later later later later later"),
        (TALKING, None, "done here later later later later"),
        (RATING, UNDER_WAY, "here later later done later later"),
        (CLOSED, UNDER_WAY, "done done done done here later"),
        (CLOSED, REPORTED, "done done done done done here"),
    ],
)
def test_the_track_has_one_cap(audit, plan, states):
    track = stages.track(facts(audit, plan))

    assert [stop.state for stop in track] == states.split()
    assert [stop.label for stop in track] == [
        *("Self-assess", "Talk and agree", "Choose", "Plan", "Act", "Report")
    ]


@pytest.mark.parametrize(
    ("audit", "plan", "words"),
    [
        (
            None,
            None,
            (
                "Each alone|Where views differ|Three to five priorities|Targets, with a date|"
                "A few notes each term|By August 2027"
            ),
        ),
        (
            replace(RATING, people=18, in_already=8),
            DRAFT,
            (
                "8 of 18 handed in|Once ratings are in|Three to five priorities|Draft, 4 targets|"
                "4 of 4 targets open|By August 2027"
            ),
        ),
        (
            replace(CLOSED, people=1, in_already=1),
            replace(REPORTED, targets=1, open_targets=0),
            (
                "Handed in|7 of 7 agreed|3 chosen|Approved 12 November|Closed 20 November|"
                "Made 20 November"
            ),
        ),
        (
            replace(RATING, people=1),
            replace(UNDER_WAY, targets=1, open_targets=1),
            (
                "By 1 December|Once ratings are in|Three to five priorities|Approved 12 November|"
                "1 of 1 target open|By August 2027"
            ),
        ),
    ],
)
def test_each_stop_says_a_few_words(audit, plan, words):
    assert [stop.note for stop in stages.track(facts(audit, plan))] == words.split("|")


@pytest.mark.parametrize(
    ("audit", "plan"),
    [(None, None), (RATING, None), (TALKING, None), (CLOSED, DRAFT), (CLOSED, UNDER_WAY)],
)
def test_in_the_ordinary_course_nobody_calls(audit, plan):
    assert reasons(audit, plan) == []


def test_without_a_lead():
    assert reasons(has_lead=False) == [Reason.NO_LEAD]


def test_not_begun_by_december():
    assert reasons(on=dt.date(2026, 11, 30)) == []
    assert reasons(on=dt.date(2026, 12, 1)) == [Reason.NOT_BEGUN]
    assert reasons(on=dt.date(2027, 3, 1)) == [Reason.NOT_BEGUN]
    assert reasons(RATING, on=dt.date(2026, 12, 1)) == []


def test_rating_long_past_its_date():
    late = replace(RATING, finish_on=TODAY - dt.timedelta(weeks=4))

    assert reasons(late) == [Reason.RATING_LONG]
    assert reasons(late, on=TODAY - DAY) == []
    assert reasons(replace(late, talk_opened_on=TODAY)) == []


def test_a_talk_that_stays_open():
    long = replace(TALKING, talk_opened_on=TODAY - dt.timedelta(weeks=6))

    assert reasons(long) == [Reason.TALK_LONG]
    assert reasons(long, on=TODAY - DAY) == []
    assert reasons(replace(long, priorities=1, chosen_on=TODAY)) == []
    assert reasons(replace(long, closed_on=TODAY)) == []


def test_priorities_that_became_no_plan():
    long = replace(CLOSED, chosen_on=TODAY - dt.timedelta(weeks=4))

    assert reasons(long) == [Reason.NO_PLAN]
    assert reasons(long, on=TODAY - DAY) == []
    assert reasons(long, DRAFT) == []


def test_a_plan_that_stays_a_draft():
    long = replace(DRAFT, started_on=TODAY - dt.timedelta(weeks=8))

    assert reasons(CLOSED, long) == [Reason.DRAFT_LONG]
    assert reasons(CLOSED, long, on=TODAY - DAY) == []
    assert reasons(CLOSED, replace(long, state=PlanState.APPROVED)) == []


def test_no_note_for_a_term():
    term = dt.timedelta(weeks=13)
    quiet = replace(UNDER_WAY, begun_on=TODAY - term)

    assert reasons(CLOSED, quiet) == [Reason.NO_NOTE]
    assert reasons(CLOSED, quiet, on=TODAY - DAY) == []
    assert reasons(CLOSED, replace(quiet, last_noted_on=TODAY - term)) == [Reason.NO_NOTE]
    assert reasons(CLOSED, replace(quiet, last_noted_on=TODAY)) == []
    assert reasons(CLOSED, replace(quiet, open_targets=0)) == []
    assert reasons(CLOSED, replace(quiet, begun_on=None)) == []


def test_reasons_come_in_the_order_of_the_year():
    long = replace(DRAFT, started_on=TODAY - dt.timedelta(weeks=9))

    assert reasons(None, long, on=dt.date(2026, 12, 1), has_lead=False) == [
        Reason.NO_LEAD,
        Reason.NOT_BEGUN,
        Reason.DRAFT_LONG,
    ]
