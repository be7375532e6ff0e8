"""Today, once there is a plan: the most pressing thing of all, and what else waits for whom."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from actionplans.models import Decision, Review, ReviewLine
from portal.models import Invitation
from tests import factories

TODAY = dt.date(2026, 11, 21)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)):
        yield


def today(browser):
    return browser.get("/").context["today"]


def waiting(browser) -> list[str]:
    return [row.title for row in today(browser).waiting]


def mine(plan, person, who="inclusion_lead", **fields):
    fields = {"owner": person(who), "starts_on": plan.starts_on, "role": "Quality lead", **fields}
    return factories.target(plan, person("lead"), **fields)


def asked(target, by, **fields) -> Review:
    """A finished review that asks for a change of the target."""
    review = factories.review(target.plan, by, held_on=TODAY - 3 * DAY)
    review.finished_at, review.finished_by = timezone.now(), by
    review.save()
    fields = {"decision": Decision.CHANGE, "said": "Make it smaller.", **fields}
    ReviewLine.objects.create(review=review, target=target, saved_by=by, **fields)
    return review


# One's own targets


def test_a_late_target_of_ones_own_comes_first(sign_in, audit, plan, target, person):
    target.due_on = TODAY - 9 * DAY
    target.save()

    shown = today(sign_in("inclusion_lead"))

    assert shown.title == "Something is late"
    assert (shown.next.title, shown.next.number) == (target.title, "WD-1")
    assert shown.next.text.startswith("Late by 9 days.")
    assert shown.next.url == reverse("note_add", args=[target.pk])


def test_the_latest_is_first_and_the_others_wait(sign_in, plan, person):
    late = [mine(plan, person, title=f"Late {n}", due_on=TODAY - n * DAY) for n in (1, 5)]
    mine(plan, person, "lead", title="Of the lead", due_on=TODAY - 30 * DAY)

    shown = today(sign_in("inclusion_lead"))
    row = shown.waiting[0]

    assert shown.next.title == "Late 5"
    assert (row.title, row.tag, row.look) == (
        "Write a note on “Late 1”",
        "Late by 1 day",
        "bad",
    )
    assert (row.note, row.more) == (late[0].reference, "Quality lead")
    assert row.url == reverse("note_add", args=[late[0].pk])


@pytest.mark.parametrize(
    ("fields", "tag"),
    [
        ({"due_on": TODAY}, "Due today"),
        ({"due_on": TODAY + 21 * DAY}, "Due 12 December"),
        ({"due_on": TODAY + 22 * DAY}, None),
        ({"starts_on": TODAY - 91 * DAY}, "No note for a term"),
        ({"starts_on": TODAY - 90 * DAY}, None),
        ({"status": "done", "due_on": TODAY}, None),
        ({"no_action_reason": "The hall has no lift.", "due_on": TODAY}, None),
    ],
)
def test_what_is_due_soon_or_quiet_waits_for_its_owner(sign_in, plan, person, fields, tag):
    plan.approved_on = TODAY - 100 * DAY
    plan.save()
    target = mine(plan, person, "group_member", **fields)

    shown = today(sign_in("group_member"))

    if tag:
        assert shown.next.title == target.title
        assert shown.next.text.startswith(f"{tag}.")
    else:
        assert shown.next.url == reverse("results", args=[plan.audit_id])
    assert waiting(sign_in("group_member")) == []


def test_a_note_ends_the_quiet(sign_in, plan, person):
    target = mine(plan, person, "group_member", starts_on=TODAY - 100 * DAY)
    factories.note(target, person("group_member"), noted_on=TODAY)

    assert today(sign_in("group_member")).next.title != target.title


@pytest.mark.parametrize("state", ["draft", "with_group", "closed"])
def test_targets_that_nobody_acts_on_do_not_wait(sign_in, avon, person, state):
    plan = factories.plan(avon, person("lead"), state)
    target = mine(plan, person, "group_member", due_on=TODAY - DAY)

    shown = today(sign_in("group_member"))

    assert target.title not in [shown.next.title, *waiting(sign_in("group_member"))]


def test_many_are_few_lines_and_one_that_leads_to_all(sign_in, plan, person):
    for number in range(9):
        mine(plan, person, "group_member", title=f"Late {number}", due_on=TODAY - DAY)

    shown = today(sign_in("group_member"))

    assert len(shown.waiting) == 6
    assert shown.waiting[-1].title == "3 more of your targets wait"
    assert shown.waiting[-1].url == f"{plan.get_absolute_url()}?by=owner"


@pytest.mark.parametrize(
    ("name", "route"), [("inclusion_lead", "target_edit"), ("group_member", "note_add")]
)
def test_what_a_review_asked_waits_for_the_owner(sign_in, plan, person, name, route):
    plan.audit.priorities.all().delete()
    target = mine(plan, person, name)
    asked(target, person("lead"))

    shown = today(sign_in(name))

    assert shown.title == "You were asked"
    assert shown.next.title == f"Your review asks for a change: {target.title}"
    assert "“Make it smaller.”" in shown.next.text
    assert shown.next.url == reverse(route, args=[target.pk])


def test_what_was_asked_is_answered_by_a_change_or_a_later_note(sign_in, plan, person):
    changed, noted = (mine(plan, person, "group_member", title=t) for t in ("One", "Two"))
    kept = mine(plan, person, "group_member", title="Kept")
    for target in (changed, noted, kept):
        asked(target, person("lead"), decision="keep" if target == kept else "change")
    Review.objects.update(finished_at=timezone.now() - 2 * DAY)
    changed.changed_at = timezone.now()
    changed.save()
    factories.note(noted, person("group_member"), noted_on=TODAY)
    kept.refresh_from_db()
    type(kept).objects.exclude(pk=changed.pk).update(changed_at=timezone.now() - 9 * DAY)

    shown = today(sign_in("group_member"))

    assert shown.title != "You were asked"
    assert shown.waiting == []


def test_ones_ratings_come_before_what_is_only_due(sign_in, agreed, plan, person, questionnaire):
    audit = factories.audit(plan.service, questionnaire, person("lead"), year=2027)
    target = mine(plan, person, "lead", due_on=TODAY + DAY)

    shown = today(sign_in("lead"))

    assert shown.next.action == "Begin with A1.1"
    assert f"Write a note on “{target.title}”" in [row.title for row in shown.waiting]
    assert audit.year == 2027


# What waits for leads


def test_priorities_without_a_target_come_once_the_year_is_closed(sign_in, agreed, plan, target):
    shown = today(sign_in("lead"))

    assert (shown.next.title, shown.next.number) == ("1 priority has no target yet", "1")
    assert shown.next.url == reverse("priorities", args=[agreed.pk])


def test_while_the_talk_goes_on_the_talk_comes_first(sign_in, agreed):
    agreed.closed_at = agreed.closed_by = None
    agreed.save()

    shown = today(sign_in("lead"))

    assert shown.next.url == reverse("audit_close", args=[agreed.pk])
    assert "2 priorities have no target yet" in [row.title for row in shown.waiting]


@pytest.mark.parametrize(
    ("state", "targets", "title", "route"),
    [
        ("draft", 0, "Write the first target of 2026/27", "target_add"),
        ("draft", 1, "The plan of 2026/27 is a draft with 1 target", "plan"),
        ("with_group", 2, "Take the plan of 2026/27 to your board", "plan_approve"),
        ("approved", 1, "Begin the action plan of 2026/27", "plan_begin"),
    ],
)
def test_the_next_move_of_a_plan_waits_for_its_leads(
    sign_in, avon, person, state, targets, title, route
):
    plan = factories.plan(avon, person("lead"), state)
    for _ in range(targets):
        factories.target(plan, person("lead"))

    shown = today(sign_in("lead"))

    assert (shown.next.title, shown.next.url) == (title, reverse(route, args=[plan.pk]))
    assert shown.waiting[-1].title == "Start this year’s self-assessment"
    assert title not in waiting(sign_in("group_member"))


def test_what_the_last_plan_left_open_is_gone_through_first(sign_in, avon, person):
    last = factories.plan(avon, person("lead"), "closed", year=2025)
    open_one = factories.target(last, person("lead"))
    factories.target(last, person("lead"), status="done")
    plan = factories.plan(avon, person("lead"), "draft")
    before = today(sign_in("lead")).next
    factories.target(plan, person("lead"), carried_from=open_one)

    after = today(sign_in("lead")).next

    assert before.title == "1 target of the last plan to carry forward, or not"
    assert before.url == reverse("plan_carry", args=[plan.pk])
    assert after.title == "The plan of 2026/27 is a draft with 1 target"


def test_a_plan_past_its_last_day_is_closed(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"), "under_way", year=2025)

    shown = today(sign_in("lead"))

    assert shown.next.title == "Close the action plan of 2025/26"
    assert shown.next.url == reverse("plan_close", args=[plan.pk])


@pytest.mark.parametrize(
    ("weeks", "planned", "title"),
    [
        (10, None, "Plan the next review of your targets"),
        (9, None, None),
        (10, TODAY + DAY, None),
        (1, TODAY - DAY, "Finish the autumn term review of 20 November"),
    ],
)
def test_reviews_are_planned_and_finished(sign_in, avon, person, weeks, planned, title):
    began = timezone.now() - dt.timedelta(weeks=weeks)
    plan = factories.plan(avon, person("lead"), "under_way", begun_at=began)
    review = factories.review(plan, person("lead"), held_on=planned) if planned else None

    shown = today(sign_in("lead"))

    if title is None:
        assert shown.next.title == "Start this year’s self-assessment"
    else:
        route, pk = ("review", review.pk) if review else ("review_plan", plan.pk)
        assert (shown.next.title, shown.next.url) == (title, reverse(route, args=[pk]))


def test_a_review_counts_from_the_last_one_that_was_finished(sign_in, avon, person):
    began = timezone.now() - dt.timedelta(weeks=20)
    plan = factories.plan(avon, person("lead"), "under_way", begun_at=began)
    asked(factories.target(plan, person("lead"), starts_on=TODAY), person("lead"))

    assert today(sign_in("lead")).next.title == "Start this year’s self-assessment"


def test_leads_see_that_targets_of_others_are_late(sign_in, plan, person):
    plan.audit.priorities.all().delete()
    mine(plan, person, "group_member", due_on=TODAY - DAY)
    mine(plan, person, "lead", due_on=TODAY - DAY)

    shown = today(sign_in("inclusion_lead"))

    assert shown.next.title == "2 targets of others are late"
    assert shown.next.url == f"{plan.get_absolute_url()}?by=overdue"
    assert "A target of somebody else is late" in waiting(sign_in("lead"))


def test_the_group_has_the_plan_while_it_is_with_it(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"), "with_group")

    shown = today(sign_in("group_member"))

    assert shown.next.title == "Action plan 2026/27 is with your ED&I group"
    assert shown.next.url == plan.get_absolute_url()


# Those who read


def test_a_board_viewer_reads_the_approved_plan_and_its_papers(sign_in, plan, target):
    browser = sign_in("board_viewer")
    shown = today(browser)
    rows = [(row.title, row.url) for row in shown.reading]

    assert shown.next.url == reverse("results", args=[plan.audit_id])
    assert rows == [
        ("Read the action plan of 2026/27", plan.get_absolute_url()),
        ("Papers for the board", reverse("papers", args=[plan.pk])),
    ]
    assert [browser.get(url).status_code for _, url in rows] == [200, 200]
    assert shown.waiting == []


def test_before_results_a_board_viewer_reads_the_plan(sign_in, audit, avon, person):
    plan = factories.plan(avon, person("lead"), "approved")

    shown = today(sign_in("board_viewer"))

    assert shown.title == "The plan, and how it goes"
    assert shown.next.url == plan.get_absolute_url()


@pytest.mark.parametrize("state", ["draft", "with_group"])
def test_a_board_viewer_hears_nothing_of_a_plan_before_its_approval(sign_in, avon, person, state):
    plan = factories.plan(avon, person("lead"), state)
    factories.target(plan, person("lead"), title="Not for the board yet")
    factories.review(plan, person("lead"))

    page = sign_in("board_viewer").get("/")

    assert page.context["today"].stops[3].note == "Targets, with a date"
    assert plan.get_absolute_url() not in page.text
    assert "Autumn term review" not in page.text


# Coming up


def test_what_is_coming_up_comes_in_the_order_of_its_days(sign_in, audit, avon, person):
    plan = factories.plan(avon, person("lead"), "under_way")
    factories.review(plan, person("lead"), held_on=dt.date(2026, 12, 7), starts_time=dt.time(16))
    mine(plan, person, "lead", title="Later", due_on=dt.date(2027, 1, 15))
    mine(plan, person, "inclusion_lead", title="Of somebody else", due_on=dt.date(2027, 1, 15))

    shown = today(sign_in("lead"))

    assert [(row.title, row.note) for row in shown.coming] == [
        ("Autumn term review", "Monday 7 December, 16:00"),
        ("Ratings are to be in", "Monday 21 December"),
        ("Later", "Due Friday 15 January"),
    ]


def test_what_is_far_off_is_not_coming_up_yet(sign_in, plan, target):
    assert today(sign_in("inclusion_lead")).coming == []


def test_the_last_day_of_a_plan_comes_up(sign_in, plan):
    with time_machine.travel(dt.datetime(2027, 7, 1, 10, tzinfo=dt.UTC)):
        coming = today(sign_in("group_member")).coming

    assert [(row.title, row.note) for row in coming] == [
        ("Action plan 2026/27 ends", "Tuesday 31 August")
    ]


# The whole


def test_the_year_is_one_track(sign_in, avon, plan, target):
    shown = today(sign_in("group_member"))

    assert [(stop.label, stop.state) for stop in shown.stops] == [
        ("Self-assess", "done"),
        ("Talk and agree", "done"),
        ("Choose", "done"),
        ("Plan", "done"),
        ("Act", "here"),
        ("Report", "later"),
    ]
    assert shown.overview == reverse("overview", args=[avon.slug])


@pytest.mark.parametrize("many", [1, 60])
def test_today_is_twelve_queries_whatever_there_is(
    sign_in, avon, agreed, questionnaire, person, many, django_assert_num_queries
):
    lead = person("lead")
    for year in (2025, 2024):
        plan = factories.plan(avon, lead, "closed", year=year)
        factories.target(plan, lead)
    plan = factories.plan(avon, lead, "under_way", audit=agreed)
    for number in range(many):
        target = mine(plan, person, "lead", due_on=TODAY - DAY, title=f"Target {number}")
        factories.note(target, lead)
    factories.review(plan, lead, held_on=TODAY + DAY)
    asked(target, lead)
    factories.audit(avon, questionnaire, lead, year=2027)
    Invitation.objects.create(
        email="n@example.org",
        service=avon,
        role="lead",
        invited_by=lead,
        sent_at=timezone.now() - 13 * DAY,
    )
    factories.seat(avon, lead, by=person("team"))
    for number in range(many):
        factories.annual_review(lead, state="published", visibility="nwg", title=f"Year {number}")
        factories.resource(f"Paper {number}", visibility="nwg", published_on=TODAY)
    browser = sign_in("lead")
    browser.get("/")

    with django_assert_num_queries(12):
        page = browser.get("/")

    assert page.context["today"].last
    assert page.context["today"].coming
    assert page.context["today"].reading


def test_other_services_stay_out_of_sight(sign_in, plan, target, person):
    target.owner, target.due_on = person("outsider"), TODAY - DAY
    target.save()

    page = sign_in("outsider").get("/")

    assert target.title not in page.text
    assert page.context["today"].next.title == "Start this year’s self-assessment"


@pytest.mark.parametrize(
    "name", ["lead", "inclusion_lead", "group_member", "board_viewer", "team", "funder"]
)
def test_whatever_today_links_to_opens(sign_in, plan, target, person, name):
    target.due_on = TODAY - DAY
    target.save()
    mine(plan, person, "group_member", due_on=TODAY)
    factories.review(plan, person("lead"), held_on=TODAY + DAY)
    browser = sign_in(name)
    shown = today(browser)
    rows = [*shown.waiting, *shown.coming, *shown.reading, *shown.programme]

    links = [shown.next.url, *(row.url for row in rows), shown.overview or "/"]

    assert [url for url in links if browser.get(url).status_code != 200] == []
