"""The page of a plan: how it stands in words, each target, and the ways to look at it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from actionplans.models import Milestone, Target
from actionplans.planning import plan_page, plan_ways
from portal.years import academic_year
from selfassessment.models import PlanArea
from tests import factories

TODAY = dt.date(2027, 1, 20)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2027-01-20T12:00:00+00:00", tick=False):
        yield


def approved_on(plan, day):
    plan.approved_on = day
    plan.save()


def read(plan, by="area"):
    return plan_page.read(plan, by, TODAY)


def titles(page) -> dict[str, list[str]]:
    return {group.name: [row.target.title for row in group.rows] for group in page.groups}


def row_of(page, target):
    return next(row for group in page.groups for row in group.rows if row.target == target)


# How it stands, in words


def test_the_page_begins_with_how_the_plan_stands(plan, person):
    lead = person("lead")
    approved_on(plan, dt.date(2026, 9, 18))
    course, late, *_ = [
        factories.target(plan, lead, title="On course"),
        factories.target(plan, lead, title="Late", due_on=dt.date(2027, 1, 8)),
        factories.target(plan, lead, title="Quiet", starts_on=dt.date(2026, 9, 1)),
        factories.target(plan, lead, title="New", starts_on=dt.date(2027, 1, 4)),
        factories.target(plan, lead, title="Done", status="done"),
        factories.target(plan, lead, title="Never", no_action_reason="The lease ends."),
    ]
    factories.note(course, lead, rag="green", noted_on=dt.date(2027, 1, 10))

    page = read(plan)

    assert page.lead == (
        "Five targets, approved by the board on 18 September. One done, one on course, one late, "
        "one without a note for a term, one not begun. One decision not to act."
    )
    assert row_of(page, late).due == "Due 8 January, 12 days late"


@pytest.mark.parametrize(
    ("state", "fields", "sentence"),
    [
        ("draft", {}, "One target, a draft since 20 January."),
        (
            "with_group",
            {"shared_at": dt.datetime(2027, 1, 18, 9, tzinfo=dt.UTC)},
            "One target, with the ED&I group since 18 January.",
        ),
        ("closed", {}, "One target, closed on 20 January. One not begun."),
    ],
)
def test_each_state_is_told_in_words(avon, person, state, fields, sentence):
    lead = person("lead")
    by = {"shared_by": lead} if fields else {}
    plan = factories.plan(avon, lead, state, **fields, **by)
    factories.target(plan, lead, starts_on=dt.date(2027, 1, 4))

    page = read(plan)

    assert page.lead == sentence


def test_a_plan_without_targets_says_so_and_how_one_begins(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"))

    page = sign_in("lead").get(plan.get_absolute_url())

    assert page.context["page"].lead == "No targets yet. A draft since 20 January."
    assert "Three to five are enough for a year." in page.text


def test_a_closed_plan_stands_as_it_stood_when_it_was_closed(avon, person):
    lead = person("lead")
    plan = factories.plan(
        avon, lead, "closed", closed_at=dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC)
    )
    target = factories.target(plan, lead, due_on=dt.date(2026, 12, 1))
    factories.note(target, lead, rag="green", noted_on=dt.date(2026, 10, 1))

    page = read(plan)

    assert row_of(page, target).progress.standing == "On course"


# The ways to look at it


@pytest.fixture
def several(plan, person):
    """Six targets of the plan, one for each way of looking."""
    lead = person("lead")
    approved_on(plan, dt.date(2026, 9, 18))
    voice, work = PlanArea.YOUNG_VOICE, PlanArea.WORKFORCE
    factories.target(plan, lead, "Advisers", voice, role="Youth voice coordinator")
    factories.target(plan, lead, "Advert", work, role="Head of service", due_on=dt.date(2027, 7, 1))
    factories.target(plan, lead, "Training", work, due_on=dt.date(2027, 1, 5))
    factories.target(plan, lead, "Survey", work, due_on=dt.date(2026, 12, 1))
    factories.target(plan, lead, "Terms", work, status="done", role="Head of service")
    factories.target(plan, lead, "Posters", voice, status="dropped")
    for target in plan.targets.exclude(title="Advisers"):
        factories.note(target, lead, noted_on=dt.date(2027, 1, 2))
    return plan


@pytest.mark.parametrize(
    ("by", "shown"),
    [
        (
            "area",
            {
                "Workforce development": ["Advert", "Training", "Survey", "Terms"],
                PlanArea.YOUNG_VOICE.label: ["Advisers"],
            },
        ),
        (
            "owner",
            {
                "Head of service": ["Advert", "Terms"],
                "Youth voice coordinator": ["Advisers"],
                "Nobody yet": ["Training", "Survey"],
            },
        ),
        (
            "due",
            {
                "Month by month": ["Survey", "Training", "Advert"],
                "Without a date": ["Terms", "Advisers"],
            },
        ),
        ("overdue", {"Overdue": ["Survey", "Training"]}),
        ("stalled", {"No note for a term": ["Advisers"]}),
        ("done", {"Done": ["Terms"], "Dropped": ["Posters"]}),
    ],
)
def test_the_plan_is_looked_at_in_these_ways(several, by, shown):
    page = read(several, by)

    assert titles(page) == shown
    assert [(tab.label, tab.count) for tab in page.tabs] == [
        ("By area", None),
        ("By owner", None),
        ("By due date", None),
        ("Overdue", 2),
        ("No note for a term", 1),
        ("Done and dropped", 2),
    ]


def test_an_unknown_way_is_by_area(sign_in, several):
    page = sign_in("lead").get(several.get_absolute_url(), {"by": "nonsense"})

    assert page.context["page"].by == "area"


@pytest.mark.parametrize(
    ("by", "word"),
    [
        ("overdue", "Nothing is overdue"),
        ("stalled", "Notes are up to date"),
        ("done", "Nothing is done yet"),
        ("due", "Nothing to see this way"),
    ],
)
def test_a_way_that_shows_nothing_says_what_would_stand_there(sign_in, plan, person, by, word):
    factories.target(plan, person("lead"), no_action_reason="The lease ends.")

    page = sign_in("lead").get(plan.get_absolute_url(), {"by": by})

    assert word in page.text


def test_the_timeline_has_each_target_with_its_steps_in_words(sign_in, plan, target):
    Milestone.objects.create(target=target, text="Dates asked", done_on=dt.date(2026, 10, 2))
    Milestone.objects.create(target=target, text="Half there", due_on=dt.date(2027, 3, 1))
    Milestone.objects.create(target=target, text="Some day")

    page = sign_in("lead").get(plan.get_absolute_url(), {"by": "due"})

    row = row_of(page.context["page"], target)
    assert row.line.words == (
        "From 1 September to 2 July. Milestones: Dates asked, done 2 October; Half there, 1 March."
    )
    assert row.line.words in page.text


# What the line of a target says


def test_a_target_says_who_by_when_and_which_statements(plan, target):
    row = row_of(read(plan), target)

    assert (row.who, row.due, row.codes) == ("Inclusion lead", "Due 2 July", "A1.1")


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, "No date yet"),
        ({"no_date_reason": "The hall is being built."}, "No date: The hall is being built."),
        ({"due_on": dt.date(2028, 1, 1)}, "Due 1 January 2028"),
        ({"status": "done", "ended_on": dt.date(2027, 1, 3)}, "Done on 3 January"),
    ],
)
def test_when_a_target_is_due_is_told_in_words(plan, person, fields, due):
    target = factories.target(plan, person("lead"), **fields)

    assert row_of(read(plan), target).due == due


def test_what_changed_since_approval_says_so(plan, target, person):
    added = factories.target(plan, person("lead"), title="Added")
    same = factories.target(plan, person("lead"), title="Same")
    Target.objects.filter(pk=target.pk).update(title="Reworded")
    Target.objects.filter(pk=added.pk).update(approved_wording=None)

    page = read(plan)

    assert [row_of(page, one).since for one in (target, added, same)] == [
        "Changed since approval",
        "Added after approval",
        "",
    ]
    assert page.changed == 2


def test_the_changes_stand_beside_what_was_approved(sign_in, plan, target, person):
    Target.objects.filter(pk=target.pk).update(title="Reworded")
    dropped = factories.target(plan, person("lead"), title="Gone", status="dropped")
    added = factories.target(plan, person("lead"), title="Added")
    Target.objects.filter(pk=added.pk).update(approved_wording=None)

    page = sign_in("board_viewer").get(reverse("plan_changes", args=[plan.pk]))

    changes = page.context["changes"]
    assert [
        (one.target, [(c.label, c.was, c.now) for c in one.changes]) for one in changes.reworded
    ] == [(target, [("What will change", "Start paid reflection groups", "Reworded")])]
    assert (changes.added, changes.dropped) == ((added,), (dropped,))


@pytest.mark.parametrize(
    ("state", "word"),
    [("draft", "The plan is not approved yet"), ("approved", "Nothing has changed")],
)
def test_without_changes_the_page_of_changes_says_why(sign_in, avon, person, state, word):
    plan = factories.plan(avon, person("lead"), state)
    factories.target(plan, person("lead"))

    page = sign_in("lead").get(reverse("plan_changes", args=[plan.pk]))

    assert word in page.text


@pytest.mark.parametrize("many", [1, 3])
def test_the_changes_are_read_the_same_whatever_their_number(
    sign_in, plan, person, many, django_assert_num_queries
):
    for number in range(many):
        target = factories.target(plan, person("lead"), statements="A1.1")
        Target.objects.filter(pk=target.pk).update(title=f"Reworded {number}")
    lead = sign_in("lead")

    with django_assert_num_queries(7):
        page = lead.get(reverse("plan_changes", args=[plan.pk]))

    assert len(page.context["changes"].reworded) == many


# Levels


def test_the_level_of_a_statement_is_where_a_target_began(plan, person):
    target = factories.target(plan, person("lead"), statements="A1.1 A1.2", aim_level=3)

    track = row_of(read(plan), target).track

    assert track.words == "From 1, First steps. Aim 3, In place."


def test_a_later_self_assessment_on_the_same_edition_is_where_it_is(
    plan, agreed, avon, person, questionnaire
):
    lead = person("lead")
    target = factories.target(plan, lead, statements="A1.1", aim_level=3)
    year = academic_year(TODAY)
    later = factories.audit(avon, questionnaire, by=lead, year=year + 1)
    factories.agree(later, lead, A1_1=2)

    track = row_of(read(plan), target).track

    assert track.words == "From 1, First steps. Now 2, Developing. Aim 3, In place."


def test_levels_wait_until_totals_are_shown(plan, agreed, person):
    target = factories.target(plan, person("lead"), statements="A1.1", aim_level=3)
    agreed.totals_shown_at = agreed.totals_shown_by = None
    agreed.save()

    track = row_of(read(plan), target).track

    assert "First steps" not in track.words


# Priorities and advice


def codes(page) -> list[str]:
    return [(one.statement or one.section).code for one in page.priorities]


def test_priorities_wait_for_a_target_of_their_own(plan, person):
    before = codes(read(plan))

    factories.target(plan, person("lead"), statements="A1.1")
    half_way = codes(read(plan))
    factories.target(plan, person("lead"), statements="A2.2")

    assert (before, half_way, codes(read(plan))) == (["A1.1", "A2"], ["A2"], [])


def test_a_target_that_names_the_priority_serves_it(plan, person):
    section = plan.audit.priorities.chosen().get(section__isnull=False)

    factories.target(plan, person("lead"), priority=section)

    assert codes(read(plan)) == ["A1.1"]


def test_an_open_priority_leads_to_its_target(sign_in, plan):
    page = sign_in("lead").get(plan.get_absolute_url()).text

    for code in ("A1.1", "A2"):
        assert reverse("target_from", args=[plan.audit_id, code]) in page


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        ([], ""),
        (["good"], "The target is SMART"),
        (["good", "good"], "All targets are SMART"),
        (["good", "Review the policy"], "One of two targets is SMART"),
        (["Review the policy"], "The target is not SMART yet"),
        (["Review the policy", "Explore it"], "None of two targets is SMART"),
    ],
)
def test_the_plan_says_how_many_targets_are_smart(plan, person, titles, said):
    for title in titles:
        fields = (
            {"measure": "80 tutors", "baseline": "20", "due_on": dt.date(2027, 6, 1), "role": "HR"}
            if title == "good"
            else {}
        )
        factories.target(plan, person("lead"), title, statements="A1.1", **fields)

    assert read(plan).smart == said


def test_advice_leads_those_who_write_to_the_form(sign_in, plan, person):
    target = factories.target(plan, person("lead"), "Review the policy")
    form = reverse("target_edit", args=[target.pk])

    pages = {
        who: form in sign_in(who).get(plan.get_absolute_url()).text
        for who in ("lead", "group_member", "board_viewer")
    }

    assert pages == {"lead": True, "group_member": False, "board_viewer": False}


# Who sees what


def test_a_board_viewer_reads_approved_plans_without_a_button(sign_in, avon, plan, target, person):
    draft = factories.plan(avon, person("lead"), year=2027)
    board = sign_in("board_viewer")

    page = board.get(plan.get_absolute_url())

    assert page.status_code == 200
    assert "btn" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert board.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("draft", ["target_add", "plan_share", "plan_approve", "plan_discard"]),
        ("with_group", ["target_add", "plan_approve", "plan_take_back", "plan_discard"]),
        ("approved", ["plan_begin", "target_add", "plan_take_back"]),
        ("under_way", ["target_add", "plan_close"]),
        ("closed", ["plan_reopen"]),
    ],
)
def test_leads_find_the_moves_that_are_due(sign_in, avon, person, state, buttons):
    plan = factories.plan(avon, person("lead"), state)
    factories.target(plan, person("lead"))
    moves = [
        *("plan_begin", "target_add", "plan_share", "plan_approve", "plan_take_back"),
        *("plan_close", "plan_reopen", "plan_discard"),
    ]

    page = sign_in("lead").get(plan.get_absolute_url()).text

    found = [name for name in moves if f'href="{reverse(name, args=[plan.pk])}"' in page]
    assert found == buttons


def test_a_closed_plan_leads_to_the_next_until_there_is_one(sign_in, avon, person):
    closed = factories.plan(avon, person("lead"), "closed")
    lead, start = sign_in("lead"), reverse("plan_start", args=[avon.slug])

    before = start in lead.get(closed.get_absolute_url()).text
    factories.plan(avon, person("lead"), year=2027)

    assert (before, start in lead.get(closed.get_absolute_url()).text) == (True, False)


@pytest.mark.parametrize("by", list(plan_ways.VIEWS))
@pytest.mark.parametrize("many", [1, 60])
def test_the_page_reads_the_same_whatever_the_number_of_targets(
    sign_in, plan, person, by, many, django_assert_num_queries
):
    lead = person("lead")
    for number in range(many):
        target = factories.target(
            plan,
            lead,
            title=f"Target {number}",
            area=PlanArea.values[number % 4],
            statements="A1.1 A1.2",
            aim_level=3,
            owner=lead,
            due_on=dt.date(2026, 12, 1) + dt.timedelta(days=number),
        )
        Milestone.objects.create(target=target, text="Half", due_on=dt.date(2026, 11, 1))
        factories.note(target, lead, noted_on=dt.date(2026, 9, 10), rag="amber")
    browser = sign_in("lead")

    with django_assert_num_queries(10):
        page = browser.get(plan.get_absolute_url(), {"by": by})

    assert page.context["page"].targets == many


def test_carrying_is_offered_where_there_is_a_plan_to_carry_from(sign_in, avon, person):
    lead = person("lead")
    plan = factories.plan(avon, lead)
    browser = sign_in("lead")
    alone = browser.get(plan.get_absolute_url()).text
    factories.plan(avon, lead, "closed", year=academic_year(TODAY) - 1)

    after = browser.get(plan.get_absolute_url()).text

    assert ["Carry from the last plan" in page for page in (alone, after)] == [False, True]


def test_nothing_to_carry_is_told_in_the_title_too(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"))

    page = sign_in("lead").get(reverse("plan_carry", args=[plan.pk])).text

    assert "<title>Nothing to carry forward – Changing Tracks</title>" in page


def test_a_draft_is_called_one_where_it_cannot_be_reviewed(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"))

    page = sign_in("lead").get(reverse("reviews", args=[plan.pk])).text

    assert "This plan is a draft. A plan is reviewed while it is under way." in page
