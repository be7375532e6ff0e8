"""The front page, and Today: the one thing to do next, for each person."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal import actions
from portal.access import ProgrammeRole, Role
from portal.models import Invitation, User
from selfassessment.actions import hand_in
from selfassessment.models import Statement
from tests import factories


def today(browser):
    return browser.get("/").context["today"]


def states(shown):
    return [stop.state for stop in shown.stops]


def rate_all(response, value=2):
    for statement in response.audit.statements():
        factories.rate(response, statement.code, value)


def last_year(avon, questionnaire, by, year=2025):
    """Closed, with its totals shown."""
    audit = factories.audit(avon, questionnaire, by, year=year)
    factories.agree(audit, by, A1_1=1, B1_1=2)
    audit.closed_at, audit.closed_by = timezone.now(), by
    audit.save()
    return audit


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)):
        yield


@pytest.mark.parametrize("resources", [0, 1, 3])
def test_visitor_gets_the_front_page(client, db, resources, django_assert_num_queries):
    for n in range(resources):
        factories.resource(f"Guide {n}")

    with django_assert_num_queries(3):
        answer = client.get("/")

    assert "<h1>Hear where you" in answer.text
    assert 'href="/account/login/"' in answer.text
    assert answer.text.count("<h3><a href=") == resources
    assert answer.text.count("<h2>New here</h2>") == bool(resources)
    assert "session" not in answer.cookies


def test_the_front_page_has_the_newest_that_everybody_may_read(client, db):
    for day in range(1, 6):
        factories.resource(f"Day {day}", published_on=dt.date(2026, 10, day))
    factories.resource("For members", visibility="members")
    factories.resource("A draft", state="draft")
    factories.resource("Tomorrow", published_on=dt.date(2026, 11, 22))

    shown = client.get("/").context["news"].resources

    assert [one.title for one in shown] == ["Day 5", "Day 4", "Day 3", "Day 2"]


def test_a_review_that_is_announced_is_told_of(client, person):
    factories.annual_review(
        person("team"),
        title="Changing Tracks in 2025/26",
        state="announced",
        expected_on=dt.date(2027, 6, 1),
    )
    factories.annual_review(person("team"), title="Unfinished", state="draft", year=2024)

    page = client.get("/").text

    assert "<h3>Changing Tracks in 2025/26</h3>" in page
    assert "Expected June 2027" in page
    assert "Unfinished" not in page


def test_lead_starts_the_year(sign_in, avon, questionnaire):
    shown = today(sign_in("lead"))

    assert shown.next.title == "Start this year’s self-assessment"
    assert shown.next.url == f"/self-assessments/of/{avon.slug}/start/"
    assert shown.year == "2026/27"
    assert states(shown) == ["here", *["later"] * 5]


@pytest.mark.parametrize("name", ["group_member", "board_viewer"])
def test_others_learn_who_starts(sign_in, avon, name):
    shown = today(sign_in(name))

    assert shown.next.title == "This year’s self-assessment has not begun"
    assert shown.next.url == f"/services/{avon.slug}/people/"


def test_lead_begins(sign_in, audit):
    shown = today(sign_in("lead"))
    first = Statement.objects.get(code="A1.1")

    assert shown.title == "Begin where you like"
    assert shown.next.action == "Begin with A1.1"
    assert shown.next.url == f"/self-assessments/{audit.pk}/rate/A1/#s{first.pk}"
    assert states(shown) == ["here", *["later"] * 5]


def test_lead_carries_on(sign_in, response):
    factories.rate(response, "A1.1", 3)
    factories.rate(response, "A1.2", "dk")

    shown = today(sign_in("lead"))

    assert shown.title == "Keep going"
    assert (shown.next.title, shown.next.number) == ("5 statements to go", "5")
    assert shown.next.action == "Carry on at A1.3"
    assert "You have until 21 December." in shown.next.text
    assert shown.stops[0].note == "2 of 7 rated"


def test_one_statement_is_one(sign_in, response):
    rate_all(response)
    response.ratings.filter(statement__code="B1.2").delete()

    assert today(sign_in("lead")).next.title == "1 statement to go"


def test_late_is_said_kindly(sign_in, response):
    response.audit.finish_on = dt.date(2026, 11, 20)
    response.audit.save()

    assert "The date was 20 November." in today(sign_in("lead")).next.text


def test_lead_hands_in(sign_in, response):
    rate_all(response)

    shown = today(sign_in("lead"))

    assert shown.title == "Ready to hand in"
    assert shown.next.url == f"/self-assessments/{response.audit_id}/check/"
    assert states(shown) == ["here", *["later"] * 5]


def test_one_person_alone_is_offered_their_own_ratings(sign_in, response, person):
    rate_all(response)
    hand_in(response=response, by=person("lead"))

    shown = today(sign_in("lead"))

    assert shown.next.title == "Take your ratings as the agreed ones"
    assert shown.next.url == reverse("agree_alone", args=[response.audit_id])


@pytest.mark.parametrize("name", ["inclusion_lead", "group_member", "board_viewer"])
def test_others_see_how_far_it_is(sign_in, response, name):
    factories.rate(response, "A1.1", 3, comment="For my eyes only")

    browser = sign_in(name)
    shown = today(browser)

    assert shown.title == "Under way"
    assert "handed in" in shown.next.title + shown.next.text
    assert shown.last is None
    assert "For my eyes only" not in browser.get("/").text


def test_leads_see_who_is_in_and_open_the_talk_once_all_are(sign_in, audit, response, person):
    factories.heard(audit, "tutor", {"A1.1": 1}, {"A1.1": 2})
    before = today(sign_in("inclusion_lead"))
    rate_all(response)
    hand_in(response=response, by=person("lead"))

    after = today(sign_in("inclusion_lead"))

    assert (before.next.number, before.next.title) == ("2", "2 of 3 have handed in")
    assert before.next.url == reverse("respondents", args=[audit.pk])
    assert (after.next.title, after.next.url) == (
        "Open the talk",
        reverse("talk_open", args=[audit.pk]),
    )


def test_past_its_date_the_talk_may_open_with_those_who_are_in(sign_in, audit):
    factories.heard(audit, "tutor", {"A1.1": 1})
    audit.finish_on = dt.date(2026, 11, 20)
    audit.save()

    assert today(sign_in("inclusion_lead")).next.title == "Open the talk"


def test_the_talk_then_priorities_then_closing(sign_in, audit, response, person):
    lead = person("lead")
    factories.open_talk(audit, lead)
    browser = sign_in("lead")
    talk = today(browser)
    codes = [statement.code.replace(".", "_") for statement in audit.statements()]
    factories.agree(audit, lead, **dict.fromkeys(codes, 2))
    choose = today(browser)
    statement = audit.statements().first()
    audit.priorities.create(statement=statement, decided_by=lead)

    close = today(browser)

    assert (talk.title, talk.next.title) == ("Talk and agree", "7 statements to agree")
    assert talk.next.url == reverse("talk", args=[audit.pk])
    assert states(talk) == ["done", "here", *["later"] * 4]
    assert choose.next.url == reverse("priorities", args=[audit.pk])
    assert states(choose) == ["done", "done", "here", *["later"] * 3]
    assert close.next.url == reverse("audit_close", args=[audit.pk])


@pytest.mark.parametrize(
    ("name", "shown", "route"),
    [
        ("group_member", False, "talk"),
        ("board_viewer", False, "audit"),
        ("board_viewer", True, "results"),
    ],
)
def test_others_during_the_talk(sign_in, audit, person, name, shown, route):
    factories.agree(audit, person("lead"), shown=shown, A1_1=2)

    assert today(sign_in(name)).next.url == reverse(route, args=[audit.pk])


@pytest.mark.parametrize("name", ["lead", "board_viewer"])
def test_a_closed_year_leads_to_its_results(sign_in, avon, questionnaire, person, name):
    audit = last_year(avon, questionnaire, person("lead"), year=2026)

    shown = today(sign_in(name))

    assert shown.title == "See where you stand"
    assert shown.next.url == f"/self-assessments/{audit.pk}/results/"
    assert shown.last.audit == audit
    assert states(shown) == [*["done"] * 3, "here", "later", "later"]


def test_last_year_stands_by_until_this_year_is_in(sign_in, avon, questionnaire, person, response):
    earlier = last_year(avon, questionnaire, person("lead"))

    browser = sign_in("lead")
    shown = today(browser)

    assert shown.last.audit == earlier
    assert shown.next.action == "Begin with A1.1"
    assert "This year’s appear here once they are agreed." in browser.get("/").text


def test_a_new_year_begins_in_september(sign_in, avon, questionnaire, person):
    last_year(avon, questionnaire, person("lead"))

    shown = today(sign_in("lead"))

    assert shown.title == "A new year"
    assert shown.next.action == "Start"


def test_last_year_left_open_is_carried_on(sign_in, avon, questionnaire, person):
    factories.audit(avon, questionnaire, person("lead"), year=2025)

    shown = today(sign_in("lead"))

    assert shown.year == "2025/26"
    assert shown.next.action == "Begin with A1.1"


@pytest.mark.parametrize(
    ("days", "titles"),
    [
        (1, []),
        (12, ["new@example.org has not accepted yet"]),
        (15, ["Send the invitation of new@example.org again"]),
    ],
)
def test_lead_looks_after_invitations(sign_in, avon, person, days, titles):
    actions.invite(email="new@example.org", service=avon, role=Role.LEAD, by=person("lead"))
    Invitation.objects.update(sent_at=timezone.now() - dt.timedelta(days=days))

    assert [row.title for row in today(sign_in("lead")).waiting] == titles
    assert today(sign_in("inclusion_lead")).waiting == []


def test_other_services_stay_out_of_sight(sign_in, response):
    shown = today(sign_in("outsider"))

    assert shown.next.title == "Start this year’s self-assessment"
    assert shown.last is None


def test_team_first_needs_a_questionnaire(sign_in, db):
    assert today(sign_in("team")).next.title == "Publish a questionnaire"


def test_team_sees_services_without_a_lead(sign_in, questionnaire, person, avon, bute):
    person("lead")

    shown = today(sign_in("team"))

    assert (shown.next.number, shown.next.title) == ("1", "1 music service has no lead yet")
    assert shown.next.url == "/services/?lead=none"
    assert [row.note for row in shown.programme] == [
        "Stages and dates only, and who may be glad of a call",
        "1 in use, 0 in draft",
        "How agreed ratings spread, where enough services share",
        "2 are linked",
        "0 to begin from",
        "0 invitations wait, services included",
    ]


def test_team_has_a_quiet_day(sign_in, questionnaire, person, avon, bute):
    person("lead"), person("outsider")

    assert today(sign_in("team")).next.title == "Every music service has a lead"


@pytest.mark.parametrize("name", ["facilitator", "funder"])
def test_readers_see_what_they_may_read(sign_in, questionnaire, name):
    browser = sign_in(name)
    shown = today(browser)

    assert shown.next.url == "/questionnaires/"
    assert [row.title for row in shown.programme] == [
        "Questionnaires",
        "Benchmark",
        "Music services",
        "Example targets",
    ]
    assert browser.get(shown.next.url).status_code == 200


def test_somebody_of_both_sees_both(sign_in, avon, person, questionnaire):
    User.objects.filter(pk=person("lead").pk).update(programme_role=ProgrammeRole.FACILITATOR)

    shown = today(sign_in("lead"))

    assert shown.next.title == "Start this year’s self-assessment"
    assert [row.title for row in shown.programme] == [
        "Questionnaires",
        "Benchmark",
        "Music services",
        "Example targets",
    ]


def test_somebody_without_a_place_is_told_what_to_do(client, db):
    client.force_login(factories.user("alone"))

    shown = today(client)

    assert shown.title == "Nothing is open to you yet"
    assert "alone@example.org" in shown.next.text


@pytest.mark.parametrize("rows", [1, 3])
def test_today_costs_the_same_for_any_number(
    sign_in, avon, questionnaire, person, response, rows, django_assert_num_queries
):
    for year in (2025, 2024):
        last_year(avon, questionnaire, person("lead"), year=year)
    for number in range(rows):
        actions.invite(
            email=f"n{number}@example.org", service=avon, role=Role.LEAD, by=person("lead")
        )
    Invitation.objects.update(sent_at=timezone.now() - dt.timedelta(days=13))
    browser = sign_in("lead")
    browser.get("/")

    with django_assert_num_queries(11):
        browser.get("/")


def test_the_programme_team_can_be_reached_where_it_has_an_address(sign_in, db, settings):
    settings.CONTACT_EMAIL = "team@example.org"

    page = sign_in("visitor").get("/").text

    assert page.count('href="mailto:team@example.org"') == 1
