"""The page of one target: its wording, what happened to it, and what may be done to it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from actionplans.following import target_page
from actionplans.keeping import snoozes
from actionplans.models import Heard, PlanState, ReviewLine, Scan, Target, TargetStatus
from portal.models import Topic
from selfassessment.models import PlanArea
from tests import factories
from tests.actionplans.test_progress import SEPTEMBER


def page(browser, target):
    return browser.get(target.get_absolute_url())


def read(target, user, today=None):
    row = Target.objects.with_plan().get(pk=target.pk)
    return target_page.read(row, user, today or timezone.localdate())


def told(found) -> list[tuple[str, str, str]]:
    return [(one.event.what, one.event.said, one.event.who) for one in found.lines]


# What it says


def test_all_its_wording_stands_on_the_page(sign_in, person, plan):
    said = {
        "title": "Start paid reflection groups",
        "detail": "Two of them.",
        "measure": "12 people come",
        "baseline": "Nobody does",
        "steps": "Ask around.",
        "resources": "Six afternoons",
        "funding": "The training budget",
        "why": "They asked for it.",
        "young_people": "All who learn in groups",
        "role": "Curriculum manager",
        "helpers": "Two tutors",
        "barriers": "Timetables",
        "extra": "Sept to March, it said.",
    }
    target = factories.target(
        *(plan, person("lead")),
        **said,
        unit="people",
        start_value=2,
        aim_value=12,
        aim_level=3,
        cost=1650,
        starts_on=dt.date(2026, 9, 14),
        due_on=dt.date(2027, 3, 1),
        heard=[Heard.AUTHENTIC],
        owner=person("inclusion_lead"),
        statements="A1.1",
    )
    topic = Topic.objects.first()
    target.topics.add(topic)

    html = page(sign_in("board_viewer"), target).text

    wanted = [*said.values(), "2 people", "12 people", "Level 3, In place", "£1,650", "Authentic"]
    wanted += ["From 14 September 2026. Due 1 March 2027.", str(person("inclusion_lead"))]
    wanted += ["Agreed at 1, First steps. Aim 3, In place.", topic.name, "WD-1"]
    assert [one for one in wanted if one not in html] == []


def test_what_is_not_said_is_said_to_be_missing(sign_in, person, plan):
    html = page(sign_in("lead"), factories.target(plan, person("lead"))).text

    missing = [
        "No measure yet.",
        "No owner yet.",
        "No due date yet.",
        "no milestones",
        "no statement",
    ]
    assert [one for one in missing if one not in html] == []


def test_reasons_stand_where_there_is_no_day_and_nobody(sign_in, person, plan):
    target = factories.target(
        plan, person("lead"), no_date_reason="It never ends.", no_owner_reason="A post is open."
    )

    html = page(sign_in("lead"), target).text

    assert "No date, because: It never ends." in html
    assert "No owner yet, because: A post is open." in html


def test_a_decision_not_to_act_has_its_reason_and_no_track(sign_in, person, plan):
    target = factories.target(plan, person("lead"), no_action_reason="The lease ends.")

    html = page(sign_in("board_viewer"), target).text

    assert "The service will not act on this.</strong> The lease ends." in html
    assert "In time" not in html


@pytest.mark.parametrize("status", [TargetStatus.DONE, TargetStatus.DROPPED])
def test_one_that_ended_says_when_and_why(sign_in, person, plan, status):
    target = factories.target(
        *(plan, person("lead")), status=status, ended_on=SEPTEMBER, ended_reason="It was time."
    )

    html = page(sign_in("lead"), target).text

    assert f"{status.label} on 1 September 2026.</strong> It was time." in html


def test_lateness_is_counted_in_days(sign_in, person, plan):
    due = timezone.localdate() - dt.timedelta(days=3)
    target = factories.target(plan, person("lead"), due_on=due, starts_on=due)

    html = page(sign_in("lead"), target).text

    assert "3 days late" in html
    assert '<span class="tag bad">Late</span>' in html


def test_a_carried_target_leads_back_to_where_it_came_from(sign_in, person, plan, avon):
    lead = person("lead")
    before = factories.target(factories.plan(avon, lead, "closed", year=2019), lead)
    target = factories.target(plan, lead, carried_from=before)

    assert f'href="{before.get_absolute_url()}"' in page(sign_in("lead"), target).text


# What changed since the approval


def test_a_change_after_approval_shows_both_wordings(sign_in, person, target):
    Target.objects.filter(pk=target.pk).update(role="Head of service", changed_by=person("lead"))

    html = page(sign_in("board_viewer"), target).text

    assert 'href="#changed">Changed since approval</a>' in html
    assert "<del>Inclusion lead</del> <ins>Head of service</ins>" in html


def test_a_change_of_plan_area_is_told_by_its_name(person, target):
    Target.objects.filter(pk=target.pk).update(area=PlanArea.YOUNG_VOICE)

    found = read(target, person("lead"))

    assert [(one.label, one.was, one.now) for one in found.changes] == [
        ("Plan area", "Workforce development", "Young people’s voice")
    ]


def test_one_added_after_approval_says_so(sign_in, person, plan):
    target = factories.target(plan, person("lead"))
    Target.objects.filter(pk=target.pk).update(approved_wording=None)

    assert "Added after approval" in page(sign_in("board_viewer"), target).text


def test_an_unchanged_target_says_nothing_of_changes(sign_in, target):
    html = page(sign_in("lead"), target).text

    assert "Changed since approval" not in html
    assert "Added after approval" not in html


@pytest.mark.django_db(transaction=True)
def test_changes_and_endings_after_approval_are_in_the_story(person, plan, target):
    lead, member = person("lead"), person("group_member")

    def update(**fields: object) -> None:
        Target.objects.filter(pk=target.pk).update(**fields)

    plan.approved_at = timezone.now()
    plan.save()
    update(role="Head", measure="90 of 100", changed_by=lead, version=2)
    update(role="Deputy", changed_by=lead, version=3)
    update(heard=[Heard.DIVERSE], changed_by=member, version=4)
    update(status="done", ended_on=SEPTEMBER, ended_reason="All came.", changed_by=lead)
    update(status="open", ended_on=None, ended_reason="", changed_by=member)

    lines = [one for one in told(read(target, lead)) if one[0] != "Start"]

    assert lines == [
        ("Changed: HEARD principles", "", str(member)),
        ("Changed: how we will know, accountable role", "", str(lead)),
        ("Opened again", "", str(member)),
        ("Done", "All came.", str(lead)),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_was_written_before_the_approval_is_no_change(person, plan, target):
    Target.objects.filter(pk=target.pk).update(role="Head", changed_by=person("lead"))
    plan.approved_at = timezone.now()
    plan.save()

    assert [one[0] for one in told(read(target, person("lead")))] in (["Start"], [])


# What happened


def test_notes_stand_with_figure_files_and_links(sign_in, person, target):
    note = factories.note(
        *(target, person("group_member")),
        rag="amber",
        value=35,
        young_people="They stay.",
        evidence="Minutes",
        evidence_url="https://example.org/minutes",
    )
    file = factories.evidence(note, person("group_member"))
    factories.note(target, person("lead"), evidence="A poster in the hall", percent=40)

    html = page(sign_in("board_viewer"), target).text

    wanted = ["35 tutors", "They stay.", '<span class="tag">At risk</span>', "40% of the way"]
    wanted += ['href="https://example.org/minutes" rel="noreferrer">Minutes</a>', "A poster in"]
    wanted += [f'href="{reverse("evidence_file", args=[file.pk])}">Who came.txt</a>', "not scanned"]
    assert [one for one in wanted if one not in html] == []


def test_decisions_of_finished_reviews_are_in_the_story(person, plan, target):
    lead = person("lead")
    held, planned = (factories.review(plan, lead, held_on=SEPTEMBER) for _ in range(2))
    for review in (held, planned):
        ReviewLine.objects.create(
            review=review, target=target, decision="change", said="More time.", saved_by=lead
        )
    held.finished_at, held.finished_by = timezone.now(), lead
    held.save()

    lines = told(read(target, lead))

    assert ("Autumn term review: Change it", "More time.", "") in lines
    assert len([one for one in lines if one[1] == "More time."]) == 1


def test_before_anything_happened_the_page_says_how_to_begin(sign_in, person, plan):
    later = timezone.localdate() + dt.timedelta(days=9)
    target = factories.target(plan, person("lead"), starts_on=later)

    assert "The first note can be one sentence" in page(sign_in("lead"), target).text
    assert "Notes begin when the plan is approved" in page(sign_in("board_viewer"), target).text


def test_the_track_is_an_image_in_a_region_that_scrolls(sign_in, target):
    html = page(sign_in("lead"), target).text

    region = re.search(r'<div class="scroll"([^>]*)>', html).group(1)
    assert 'tabindex="0"' in region
    assert 'role="region"' in region
    assert 'aria-label="The target in time"' in region


# What may be done


def buttons(browser, target) -> set[str]:
    html = page(browser, target).text
    known = ["Write a note", "Change the target", "Who changed what", "Done today", ">Change<"]
    return {one for one in known if one in html} | ({"Remove"} if ">Remove<span" in html else set())


@pytest.mark.parametrize(
    ("who", "state", "shown"),
    [
        ("lead", "draft", {"Change the target", "Who changed what"}),
        ("group_member", "draft", set()),
        ("group_member", "with_group", {"Change the target"}),
        (
            "lead",
            "under_way",
            {
                *("Write a note", "Change the target", "Who changed what", "Done today"),
                *(">Change<", "Remove"),
            },
        ),
        ("group_member", "under_way", {"Write a note", "Done today"}),
        ("board_viewer", "under_way", set()),
        ("lead", "closed", {"Who changed what"}),
    ],
)
def test_buttons_are_those_that_would_work(sign_in, person, avon, who, state, shown):
    lead = person("lead")
    target = factories.target(factories.plan(avon, lead, state), lead)
    factories.step(target)
    factories.evidence(factories.note(target, lead), lead)

    assert buttons(sign_in(who), target) == shown


def test_a_note_is_one_click_from_the_page_for_whoever_wrote_it(sign_in, person, target):
    note = factories.note(target, person("group_member"))

    html = page(sign_in("group_member"), target).text

    assert f'href="{reverse("note_edit", args=[note.pk])}"' in html


QUIET = "Stop reminding me of this for a while"


@pytest.mark.parametrize(
    ("who", "offered"),
    [("lead", True), ("inclusion_lead", True), ("group_member", False), ("board_viewer", False)],
)
def test_quiet_is_offered_to_whoever_is_reminded(sign_in, target, who, offered):
    html = page(sign_in(who), target).text

    assert (QUIET in html) is offered


def test_quiet_says_until_when_and_why_to_whoever_asked_alone(sign_in, person, target):
    until = timezone.localdate() + dt.timedelta(days=9)
    snoozes.snooze(target=target, until_on=until, reason="On leave.", by=person("lead"))

    own = page(sign_in("lead"), target).text
    other = page(sign_in("inclusion_lead"), target).text

    assert f"no reminder of this target until {until:%-d %B %Y}: On leave." in own
    assert QUIET not in own
    assert QUIET in other
    assert "On leave." not in other


def test_no_quiet_is_offered_about_what_nobody_is_reminded_of(sign_in, person, avon, target):
    lead = person("lead")
    draft = factories.target(factories.plan(avon, lead, year=2027), lead)
    Target.objects.filter(pk=target.pk).update(
        status=TargetStatus.DONE, ended_on=timezone.localdate()
    )
    browser = sign_in("lead")

    assert QUIET not in page(browser, draft).text
    assert QUIET not in page(browser, target).text


def test_a_draft_is_not_there_for_a_board_viewer(sign_in, person, avon):
    target = factories.target(factories.plan(avon, person("lead"), PlanState.DRAFT), person("lead"))

    assert page(sign_in("board_viewer"), target).status_code == 404


def test_a_file_that_waits_for_the_scanner_has_no_link(sign_in, person, target):
    lead = person("lead")
    file = factories.evidence(factories.note(target, lead), lead, scan=Scan.WAITING)

    html = page(sign_in("lead"), target).text

    assert "being scanned" in html
    assert f'"{reverse("evidence_file", args=[file.pk])}"' not in html


# Cost


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_asks_as_much_for_one_note_as_for_thirty(
    sign_in, person, plan, target, count, django_assert_num_queries
):
    lead = person("lead")
    for number in range(count):
        factories.evidence(factories.note(target, lead, f"Note {number}"), lead)
        factories.step(target, done_on=SEPTEMBER, ticked_by=lead)
    browser = sign_in("lead")
    page(browser, target)

    with django_assert_num_queries(16):
        page(browser, target)


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words(sign_in, person, plan, text):
    lead = person("lead")
    target = factories.target(plan, lead, text[:200], measure=text, why=text, extra=text)
    note = factories.note(target, lead, text, young_people=text, evidence=text[:300])
    factories.evidence(note, lead, file_name=text[:200])
    factories.step(target, text[:200], due_on=SEPTEMBER)
    browser = sign_in("lead")

    for name in ("target", "target_history"):
        html = browser.get(reverse(name, args=[target.pk])).text
        assert "<b onmouseover" not in html
        assert "pbkdf2" not in html
        assert "argon2" not in html
