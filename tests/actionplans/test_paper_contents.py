"""What papers say: exactly this for a small plan, and nothing that privacy keeps back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from decimal import Decimal

import pytest
from django.utils import timezone

from actionplans.models import Decision, Milestone, Paper, PlanState, ReviewLine, TargetStatus
from actionplans.papers import board_paper, heads, minutes, parts, plan_paper, year_report
from actionplans.papers.board_paper import CostData, Row, Since
from actionplans.papers.decided import DecidedData
from actionplans.papers.heads import Course
from actionplans.papers.parts import (
    MilestoneData,
    NoteData,
    StatementRef,
    StopData,
    TargetData,
    TrackData,
)
from actionplans.papers.year_report import ForYoungPeople, MovedData, Movement, SpreadData
from portal.papers import DONE, PaperState
from selfassessment.models import PlanArea, Privacy, RoleGroup
from selfassessment.talk import spread
from tests import factories

TODAY = dt.date(2026, 3, 1)


@pytest.fixture
def agreed(questionnaire, avon, person):
    """Avon's self-assessment of 2025/26, agreed and closed, with a priority and what waits."""
    lead = person("lead")
    audit = factories.audit(avon, questionnaire, by=lead, year=2025)
    factories.agree(audit, lead, A1_1=1, A1_2=3, A1_3=2, A2_1=0, A2_2="parked", B1_1=1, B1_2=4)
    audit.agreed_ratings.filter(answer="parked").update(reason="The council decides in May.")
    factories.prioritise(audit, lead, reason="It matters most.", A1_1="chosen", B1_1="parked")
    audit.closed_at, audit.closed_by = timezone.now(), lead
    audit.save()
    return audit


@pytest.fixture
def plan(agreed, avon, person):
    """Its plan, approved on 18 September 2025 and under way."""
    approved = {"approved_on": dt.date(2025, 9, 18), "approval_said": "Come back in spring."}
    return factories.plan(avon, person("lead"), "under_way", 2025, audit=agreed, **approved)


@pytest.fixture
def target(plan, person):
    """A SMART one, with a milestone and two notes."""
    made = factories.target(
        plan,
        person("inclusion_lead"),
        statements="A1.1",
        priority=plan.audit.priorities.chosen().get(),
        measure="80 tutors take part, of 100",
        baseline="20 take part",
        start_value=20,
        aim_value=80,
        unit="tutors",
        cost=Decimal("1200.00"),
        funding="Training budget",
        owner=person("inclusion_lead"),
        starts_on=dt.date(2025, 9, 1),
        due_on=dt.date(2026, 7, 2),
        heard=["equitable"],
        young_people="All who learn with us",
        barriers="No time",
    )
    Milestone.objects.create(target=made, text="First group meets", due_on=dt.date(2026, 4, 1))
    noted = {"noted_on": dt.date(2025, 11, 12), "value": 50, "rag": "green"}
    factories.note(made, person("lead"), young_people="They chose the songs.", **noted)
    factories.note(made, person("lead"), "Two more groups.", noted_on=dt.date(2026, 2, 1))
    return made


def reading(plan) -> parts.Reading:
    return parts.read(plan, TODAY)


TRACK = TrackData(
    stops=[StopData(0, "20"), StopData(100, "80")],
    was=0,
    now=50,
    aim=100,
    words="From 20. Now 50. Aim 80 tutors.",
)


def test_the_plan_says_each_target_whole(target, plan):
    data = plan_paper.collect(reading(plan))

    assert (data.lead, data.closing) == ("1 target in 1 area.", "")
    assert [(one.standing, one.targets) for one in data.counts] == [("On course", 1)]
    assert [area.name for area in data.areas] == ["Workforce development"]
    assert data.areas[0].targets == [
        TargetData(
            reference="WD-1",
            area="Workforce development",
            title="Start paid reflection groups",
            acts=True,
            standing="On course",
            look="full",
            share=50,
            track=TRACK,
            since_approval="",
            changes=[],
            detail="",
            measure="80 tutors take part, of 100",
            baseline="20 take part",
            aim="From 20 to 80 tutors",
            steps="",
            resources="",
            cost="£1,200",
            funding="Training budget",
            why="",
            priority="A1.1",
            statements=[StatementRef("A1.1", "We have A VISION.", "1 First steps")],
            topics=[],
            heard=["Equitable"],
            young_people="All who learn with us",
            starts_on="1 September 2025",
            due_on="2 July 2026",
            by="2 July 2026",
            who="Inclusion lead",
            helpers="",
            barriers="No time",
            no_action_reason="",
            ended_on="",
            ended_reason="",
            milestones=[MilestoneData("First group meets", "1 April 2026", "")],
            notes=[
                NoteData("1 February 2026", "", "Two more groups.", "", ""),
                NoteData(
                    "12 November 2025",
                    "On course",
                    "Two groups have met.",
                    "They chose the songs.",
                    "",
                ),
            ],
        )
    ]


def test_the_head_says_whose_plan_it_is_and_how_far(target, plan):
    head = reading(plan).head

    assert (head.service, head.period, head.state) == (
        "Avon Music Service",
        "2025/26",
        PlanState.UNDER_WAY,
    )
    assert head.standing == "Approved by the board on 18 September 2025, and under way."
    assert (head.said, head.as_of, head.logo) == ("Come back in spring.", "1 February 2026", None)
    assert head.course == Course(
        first="September 2025",
        last="August 2026",
        ticks=[0, 8, 17, 25, 34, 42, 50, 58, 66, 75, 83, 92],
        now=42,
        done=[],
        due=[84],
        words=(
            "The plan runs from 1 September 2025 to 31 August 2026. The newest note is of "
            "1 February 2026. Still due on 2 July 2026."
        ),
    )


def test_the_logo_is_in_the_data_with_its_text(plan, avon, person):
    factories.logo(avon, by=person("lead"), alt="Three bells")

    logo = reading(plan).head.logo

    assert logo.source.startswith("data:image/png;base64,iVBOR")
    assert (logo.width, logo.height, logo.alt) == (300, 100, "Three bells")


@pytest.mark.parametrize(
    ("state", "fields", "standing"),
    [
        ("draft", {}, "A draft. It is not approved yet."),
        ("with_group", {}, "With the ED&I group. It is not approved yet."),
        (
            "approved",
            {"approved_on": dt.date(2025, 9, 18), "approver": "Cabinet"},
            "Approved by Cabinet on 18 September 2025.",
        ),
        (
            "closed",
            {
                "approved_on": dt.date(2025, 9, 18),
                "closed_at": dt.datetime(2026, 8, 20, 9, tzinfo=dt.UTC),
            },
            "Approved by the board on 18 September 2025, and closed on 20 August 2026.",
        ),
    ],
)
def test_how_far_a_plan_is_as_a_sentence(avon, person, state, fields, standing):
    plan = factories.plan(avon, person("lead"), state, 2025, **fields)

    assert heads.standing(plan) == standing


def test_the_board_paper_of_a_small_plan(target, plan):
    data = board_paper.collect(reading(plan))

    assert data.asked == [
        "note where 1 target in 1 area stands",
        "ask for the next paper in a term",
    ]
    assert (data.levels.headline, data.levels.counts) == (
        "46% of the way",
        "6 of 7 statements have a level. 1 is parked.",
    )
    assert [(one.name, one.percent, one.was) for one in data.levels.areas] == [
        ("Embedding inclusion", 38, None),
        ("Your policies", 63, None),
    ]
    assert data.priorities == [
        DecidedData("A1.1", "We have A VISION.", "1 First steps", "It matters most.", ["WD-1"])
    ]
    assert data.parked == 1
    assert data.targets == [
        Row(
            reference="WD-1",
            title="Start paid reflection groups",
            priority="A1.1",
            measure="80 tutors take part, of 100",
            who="Inclusion lead",
            by="2 July 2026",
            standing="On course",
            look="full",
            track=TRACK,
            since_approval="",
        )
    ]
    assert data.since == Since("Since the plan was approved on 18 September 2025", [])
    assert data.cost == CostData(
        "£1,200", "£1,200 in all, for 1 target.", ["Training budget (WD-1)"]
    )
    assert [(one.reference, one.text) for one in data.risks] == [("WD-1", "No time")]
    assert data.next_steps == [
        "1 April 2026: WD-1: First group meets.",
        "2 July 2026: WD-1 is due.",
        "31 August 2026: The plan ends, and the next self-assessment shows what moved.",
    ]


def test_a_draft_asks_the_board_to_approve_it(agreed, avon, person):
    draft = factories.plan(avon, person("lead"), "draft", 2025, audit=agreed)
    factories.target(draft, person("lead"), cost=500)
    factories.target(draft, person("lead"), area=PlanArea.YOUNG_VOICE)

    data = board_paper.collect(reading(draft))

    assert data.asked == [
        "note the levels the service has agreed",
        "approve the plan, 2 targets in 2 areas",
        "agree what it costs, £500",
        "ask for a paper like this one each term",
    ]
    assert data.cost.words == "£500 in all, for 1 target. 1 target has no cost written down."


def test_what_is_late_comes_first_and_the_board_can_help(target, plan, person):
    factories.target(plan, person("lead"), "Late one", due_on=dt.date(2026, 2, 1))
    factories.target(plan, person("lead"), "Not us", no_action_reason="The council does it.")

    data = board_paper.collect(reading(plan))

    assert [(one.reference, one.standing) for one in data.targets] == [
        ("WD-2", "Late"),
        ("WD-1", "On course"),
    ]
    assert data.asked[1] == "say how it can help with WD-2"
    assert data.not_acting == 1


def test_what_changed_since_approval_is_told(target, plan, person):
    target.due_on = dt.date(2026, 7, 20)
    target.save()
    added = factories.target(plan, person("lead"), "Another")
    added.approved_wording = None
    added.save()

    data = board_paper.collect(reading(plan))

    assert data.since.lines == [
        "WD-1: due is now “20 July 2026”, was “2 July 2026”.",
        "WD-2 was added.",
    ]
    assert "agree what changed since it approved the plan: WD-1 and WD-2" in data.asked


def keep(plan, data, by, finished_at) -> None:
    """As if the worker had made this paper then."""
    Paper.objects.create(
        service=plan.service,
        plan=plan,
        kind="board_paper",
        format="pdf",
        key=f"{Paper.objects.count():064}",
        data=json.loads(json.dumps(asdict(data))),
        state=PaperState.READY,
        step=DONE,
        requested_by=by,
        finished_at=finished_at,
        content=b"%PDF",
    )


def test_a_later_paper_tells_what_moved_since_the_one_before(target, plan, person):
    lead = person("lead")
    then = dt.datetime(2025, 11, 20, 12, tzinfo=dt.UTC)
    keep(plan, board_paper.collect(reading(plan)), lead, then)
    target.status, target.ended_on = TargetStatus.DONE, dt.date(2026, 2, 20)
    target.save()

    second = board_paper.collect(reading(plan))
    keep(plan, second, lead, dt.datetime(2026, 2, 25, 12, tzinfo=dt.UTC))
    again = board_paper.collect(reading(plan))

    assert second.since == Since(
        "Since the paper of 20 November 2025", ["WD-1: on course then, done now."]
    )
    assert again == second


def test_a_paper_of_the_same_day_is_not_the_one_before(target, plan, person):
    now = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    keep(plan, board_paper.collect(reading(plan)), person("lead"), now)
    target.title = "Another"
    target.save()

    data = board_paper.collect(reading(plan))

    assert data.since.title == "Since the plan was approved on 18 September 2025"


def test_no_levels_are_told_while_totals_are_hidden(target, plan, agreed):
    agreed.totals_shown_at = agreed.totals_shown_by = None
    agreed.save()
    found = reading(plan)

    board, year = board_paper.collect(found), year_report.collect(found)

    assert (board.levels, board.priorities, board.head.rests_on) == (None, [], [])
    assert board.no_levels == "The totals of the self-assessment 2025/26 are not shown yet."
    assert (year.assessment, year.spreads, year.voices, year.parked) == (None, [], [], [])
    assert "First steps" not in json.dumps([asdict(board), asdict(year)])


def test_the_year_report_tells_what_was_chosen_parked_and_done(target, plan):
    data = year_report.collect(reading(plan))

    assert data.assessment.headline == "46% of the way"
    assert data.assessment.with_comments is False
    assert data.priorities == [
        DecidedData("A1.1", "We have A VISION.", "1 First steps", "It matters most.", ["WD-1"])
    ]
    assert data.parked == [
        DecidedData("B1.1", "We have A POLICY.", "1 First steps", "It matters most.", []),
        DecidedData("A2.2", "We have funders.", "Parked", "The council decides in May.", []),
    ]
    assert data.for_young_people == [
        ForYoungPeople(
            "WD-1",
            "Start paid reflection groups",
            "12 November 2025",
            "They chose the songs.",
        )
    ]
    assert data.movement is None
    assert data.no_movement.startswith("The next self-assessment on the same questionnaire")


def test_it_tells_what_moved_on_the_same_questionnaire(target, plan, questionnaire, avon, person):
    later = factories.audit(avon, questionnaire, by=person("lead"), year=2026)
    factories.agree(later, person("lead"), A1_1=3, A1_2=2, A2_1=2)

    data = year_report.collect(reading(plan))

    assert data.movement == Movement(
        before="2025/26",
        after="2026/27",
        words="Of 1 statement with a target, 1 went up.",
        steps=4,
        rows=[
            MovedData(
                reference="WD-1",
                title="Start paid reflection groups",
                standing="On course",
                code="A1.1",
                text="We have A VISION.",
                was="1 First steps",
                now="3 In place",
                was_place=1,
                now_place=3,
                change="+2",
            )
        ],
        without_target=["A1.2, down 1", "A2.1, up 2"],
    )
    assert len(data.head.rests_on) == 2


@pytest.fixture
def asked(questionnaire, avon, person):
    """An anonymous self-assessment that people can still answer, and its plan."""
    lead = person("lead")
    audit = factories.audit(avon, questionnaire, by=lead, year=2025, privacy=Privacy.ANONYMOUS)
    factories.plan(avon, lead, "under_way", 2025, audit=audit)
    return audit


def said(audit, by) -> tuple[year_report.YearReportData, str]:
    """The year report once the talk was held, and all that any paper says as one text."""
    audit.responses.handed_in().update(counted=True)
    for response in audit.responses.handed_in():
        response.ratings.update(comment="Between us.", evidence="Behind it.")
    factories.agree(audit, by, A1_1=2)
    found = reading(audit.action_plans.get())
    year = year_report.collect(found)
    every = [year, board_paper.collect(found), plan_paper.collect(found)]
    return year, json.dumps([asdict(one) for one in every])


def test_from_three_of_the_staff_their_spread_is_told_and_never_a_comment(asked, person):
    factories.heard(asked, RoleGroup.TUTOR, {"A1.1": 0}, {"A1.1": 1}, {"A1.1": 4})

    year, text = said(asked, person("lead"))

    assert year.people == "3 of the staff rated."
    assert year.spreads == [SpreadData("A1.1", 0, 4, "0 to 4")]
    assert "Between us" not in text
    assert "Behind it" not in text
    assert "Tutors" not in text


def test_of_two_people_nothing_is_told(asked, person):
    factories.heard(asked, RoleGroup.TUTOR, {"A1.1": 0}, {"A1.1": 4})

    year, text = said(asked, person("lead"))

    assert (year.people, year.spreads, year.voices) == ("", [], [])
    assert "rated" not in json.dumps([year.people, year.no_assessment])
    assert "Between us" not in text


@pytest.mark.parametrize(("young", "told"), [(4, False), (5, True)])
def test_young_people_are_heard_from_five_where_nobody_has_a_name(asked, person, young, told):
    factories.heard(asked, RoleGroup.TUTOR, *[{"A1.1": 3}] * 3)
    factories.heard(asked, RoleGroup.YOUNG, *[{"A1.1": 0}] * young)

    year, text = said(asked, person("lead"))

    assert ("Young people" in text.replace("Young people’s voice", "")) is told
    assert bool(year.voices) is told
    assert year.spreads == [SpreadData("A1.1", 3, 3, "all 3")]
    if told:
        assert year.people == "3 of the staff rated and 5 young people, parents and carers rated."
        assert (year.voices[0].lanes, year.voices[0].middle, year.voices[0].agreed) == (
            ["Young people: 5 gave 0"],
            "0 Not started",
            "2 Developing",
        )


def test_nothing_is_told_that_the_talk_does_not_show(asked, person):
    """Many sizes of groups: every figure of the report is one of the page of the talk."""
    factories.heard(asked, RoleGroup.TUTOR, *[{"A1.1": n % 5, "A1.2": 2} for n in range(6)])
    factories.heard(asked, RoleGroup.MANAGER, {"A1.1": 0}, {"A2.1": 4})
    factories.heard(asked, RoleGroup.YOUNG, *[{"A1.1": 1}] * 3)
    factories.heard(asked, RoleGroup.PARENT, *[{"A1.2": 4}] * 2)

    year, _ = said(asked, person("lead"))

    talk = {one.statement.code: one for one in spread.read(asked).spreads}
    for one in year.spreads:
        assert (one.low, one.high) == (talk[one.code].low, talk[one.code].high)
    for one in year.voices:
        assert len(one.lanes) == len(talk[one.code].families)
    assert {one.code for one in year.voices} == {
        code for code, one in talk.items() if any(lane.rated for lane in one.families)
    }


def test_the_same_plan_is_the_same_paper(target, plan):
    for collect in (plan_paper.collect, board_paper.collect, year_report.collect):
        assert asdict(collect(reading(plan))) == asdict(collect(reading(plan)))


def test_minutes_tell_what_was_decided_and_what_was_not_reached(target, plan, person):
    lead = person("lead")
    kept = factories.target(plan, lead, "Kept")
    factories.target(plan, lead, "Not reached")
    review = factories.review(plan, lead, held_on=TODAY, present="Two tutors", said="All is well.")
    line = {"review": review, "saved_by": lead}
    ReviewLine.objects.create(target=target, decision=Decision.CHANGE, said="A new date.", **line)
    ReviewLine.objects.create(target=kept, decision=Decision.KEEP, **line)

    data = minutes.collect(reading(plan), review)

    assert (data.name, data.held_on, data.when) == ("Autumn term review", "1 March 2026", "")
    assert data.lines == [
        minutes.LineData(
            reference="WD-1",
            title="Start paid reflection groups",
            who="Inclusion lead",
            by="2 July 2026",
            decision="Change it",
            said="A new date.",
        )
    ]
    assert (data.kept, data.not_reached) == (["WD-2"], ["WD-3"])
    assert (data.is_finished, data.present, data.said) == (False, "Two tutors", "All is well.")


@pytest.mark.parametrize("count", [1, 5])
def test_a_paper_costs_the_same_for_any_number_of_targets(
    plan, person, count, django_assert_num_queries
):
    for number in range(count):
        made = factories.target(plan, person("lead"), f"Number {number}", statements="A1.1")
        factories.note(made, person("lead"))

    with django_assert_num_queries(16):
        found = reading(plan)
    with django_assert_num_queries(9):
        year_report.collect(found)

    assert len(found.targets) == count
