"""The year of a service in full, and where all services are, for the programme."""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import replace
from io import StringIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from actionplans.models import Paper, PaperFormat, PaperKind, PlanState, Target
from changingtracks.years import everywhere, own
from changingtracks.years.stages import Reason, Stage
from portal.access import Role
from portal.models import LocalAuthority, MusicService
from selfassessment.models import ReportState, Scope
from tests import factories

YEARS = "/programme/years/"
DRAWN = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)):
        yield


def overview(avon) -> str:
    return reverse("overview", args=[avon.slug])


def listed(answer) -> list[str]:
    return [row.name for row, _, _ in answer.context["rows"]]


def year_report(plan, by, state: str = "approved", key: str = "0") -> Paper:
    """Made while the plan was in this state."""
    return Paper.objects.create(
        service=plan.service,
        plan=plan,
        kind=PaperKind.YEAR_REPORT,
        format=PaperFormat.PDF,
        key=key * 64,
        data={"head": {"state": state, "rests_on": []}},
        state=ReportState.READY,
        content=b"%PDF",
        requested_by=by,
        finished_at=timezone.now(),
    )


# What the programme's facts are


def of(service) -> everywhere.ServiceRow:
    services = MusicService.objects.filter(pk=service.pk)
    (row,) = everywhere.read(services, timezone.localdate())
    return row


def rating(avon, questionnaire, lead):
    factories.heard(factories.audit(avon, questionnaire, lead), "tutor", {"A1.1": 1}, {})


def quick(avon, questionnaire, lead):
    audit = factories.audit(avon, questionnaire, lead, scope=Scope.QUICK)
    factories.agree(audit, lead, A1_1=1, A2_1=2, B1_1=3)


def left_open(avon, questionnaire, lead):
    factories.audit(avon, questionnaire, lead, year=2025)
    factories.plan(avon, lead, "under_way", year=2026)


def talking(avon, questionnaire, lead):
    audit = factories.audit(avon, questionnaire, lead)
    factories.agree(audit, lead, A1_1=1)
    factories.prioritise(audit, lead, A1_1="chosen", A1_2="parked")


def acting(avon, questionnaire, lead):
    plan = factories.plan(avon, lead, "under_way")
    factories.note(factories.target(plan, lead), lead, noted_on=dt.date(2026, 10, 3))
    factories.target(plan, lead, status="done")
    factories.target(plan, lead, no_action_reason="The hall has no lift.")
    factories.plan(avon, lead, "closed", year=2025)
    factories.plan(avon, lead, "draft", year=2027)


def reported(avon, questionnaire, lead):
    year_report(factories.plan(avon, lead, "closed"), lead)


def nothing(avon, questionnaire, lead):
    pass


@pytest.mark.parametrize(
    "make", [nothing, rating, quick, left_open, talking, acting, reported], ids=lambda f: f.__name__
)
def test_the_programme_reads_of_a_service_what_the_service_reads_of_itself(
    avon, questionnaire, person, make
):
    make(avon, questionnaire, person("lead"))
    year = own.read(person("lead"), avon)

    seen = of(avon).facts

    if seen.audit:
        assert seen.audit.priorities == 0 or seen.audit.chosen_on == timezone.localdate()
        seen = replace(seen, audit=replace(seen.audit, chosen_on=None))
    assert (seen.audit, seen.plan) == (year.facts.audit, year.facts.plan)


def test_a_service_without_a_lead_is_named(avon, bute, person):
    person("lead")

    assert (of(avon).reasons, of(bute).reasons) == ((), (Reason.NO_LEAD,))


def test_a_plan_of_an_earlier_year_is_not_this_years(avon, person):
    factories.plan(avon, person("lead"), "closed", year=2025)

    assert of(avon).facts.plan is None


# The list


def test_the_team_sees_where_each_service_is(sign_in, avon, bute, audit, person):
    page = sign_in("team").get(YEARS)

    assert [(row.name, row.stage, note) for row, note, _ in page.context["rows"]] == [
        ("Avon Music Service", Stage.RATE, "By 21 December"),
        ("Bute Music Service", Stage.NOT_BEGUN, ""),
    ]
    assert page.context["rows"][1][0].reasons == (Reason.NO_LEAD,)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Avon Music Service", "Bute Music Service"]),
        ({"stage": "rate"}, ["Avon Music Service"]),
        ({"stage": "act"}, []),
        ({"stage": "nowhere"}, ["Avon Music Service", "Bute Music Service"]),
        ({"call": "yes"}, ["Bute Music Service"]),
        ({"q": "AVON"}, ["Avon Music Service"]),
        ({"q": "Rothesay"}, ["Bute Music Service"]),
        ({"q": "south west", "stage": "not_begun"}, ["Bute Music Service"]),
        ({"q": "nobody"}, []),
    ],
)
def test_the_list_can_be_narrowed(sign_in, avon, bute, audit, asked, names):
    bute.local_authorities.add(LocalAuthority.objects.create(name="Rothesay"))

    page = sign_in("team").get(YEARS, asked)

    assert listed(page) == names
    assert "No music service matches." in page.text or names


def test_counts_are_of_all_that_match_the_words(sign_in, avon, bute, audit):
    page = sign_in("team").get(YEARS, {"stage": "rate"})

    assert [(stage, n) for stage, n in page.context["stages"] if n] == [
        (Stage.NOT_BEGUN, 1),
        (Stage.RATE, 1),
    ]
    assert page.context["calls"] == 1


def test_long_lists_come_in_pages_that_keep_what_was_asked(sign_in, db):
    for number in range(49):  # with Avon and Bute one more than a page
        factories.service(f"Service {number:02}")
    browser = sign_in("team")

    first = browser.get(YEARS, {"call": "yes"})
    second = browser.get(YEARS, {"call": "yes", "page": "2"})

    assert (len(listed(first)), listed(second)) == (50, ["Service 48"])
    assert 'href="?call=yes&amp;page=2"' in first.text


def test_an_empty_portal_says_what_to_do(sign_in, person):
    person("team")
    MusicService.objects.all().delete()

    assert "Add the first one, then invite its lead." in sign_in("team").get(YEARS).text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(YEARS, 15), (f"{YEARS}table.csv", 14)])
def test_the_list_costs_the_same_for_any_number(
    sign_in, questionnaire, person, rows, address, queries, django_assert_num_queries
):
    lead = person("lead")
    for number in range(rows):
        service = factories.service(f"Service {number}")
        factories.membership(factories.user(f"lead{number}"), service, Role.LEAD)
        talking(service, questionnaire, lead)
        acting(service, questionnaire, lead)
    browser = sign_in("team")
    browser.get(address)

    with django_assert_num_queries(queries):
        browser.get(address)


def test_the_list_tells_nothing_of_what_a_service_says_of_itself(
    sign_in, avon, agreed, plan, target, person
):
    factories.heard(agreed, "tutor", {"A1.1": 4}, name="Jo Bloggs")
    factories.note(target, person("lead"), "A private note")
    agreed.priorities.update(reason="A private reason")
    browser = sign_in("team")

    for address in (YEARS, f"{YEARS}table.csv"):
        text = DRAWN.sub("", browser.get(address).content.decode())
        for private in [
            target.title,
            target.measure,
            "A private",
            "Jo Bloggs",
            "We have",
            "First steps",
            "%",
        ]:
            assert private not in text, private


@pytest.mark.parametrize("name", ["lead", "board_viewer", "facilitator", "funder", "outsider"])
@pytest.mark.parametrize("address", [YEARS, f"{YEARS}table.csv"])
def test_nobody_else_sees_the_list(sign_in, avon, name, address):
    assert sign_in(name).get(address).status_code == 403


def test_the_table_has_what_the_list_has(sign_in, avon, bute, questionnaire, person):
    talking(avon, questionnaire, person("lead"))
    acting(avon, questionnaire, person("lead"))

    answer = sign_in("team").get(f"{YEARS}table.csv", {"q": "Music"})

    one, other = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    assert answer["Content-Disposition"].startswith('attachment; filename="years-of-music')
    assert (one["music service"], one["stage"], one["priorities"], one["plan state"]) == (
        *("Avon Music Service", "Talk and agree", "1"),
        "Under way",
    )
    assert (one["last note"], one["talk opened"]) == ("2026-10-03", "2026-11-21")
    assert (other["stage"], other["people asked"], other["why to call"]) == (
        *("Not begun", ""),
        "No lead yet",
    )


def test_the_table_is_narrowed_like_the_list(sign_in, avon, bute, audit):
    answer = sign_in("team").get(f"{YEARS}table.csv", {"stage": "rate"})

    assert answer.content.decode().count("\n") == 2


# The overview


@pytest.mark.parametrize("name", ["lead", "inclusion_lead", "group_member", "board_viewer"])
def test_members_see_the_year_in_full(sign_in, avon, plan, target, person, name):
    factories.note(target, person("lead"), noted_on=dt.date(2026, 11, 1))
    factories.note(target, person("lead"), noted_on=dt.date(2026, 8, 1))
    review = factories.review(plan, person("lead"), held_on=dt.date(2026, 12, 7))
    year_report(plan, person("lead"))

    page = sign_in(name).get(overview(avon))

    assert [(one.label, one.says) for one in page.context["overview"].figures] == [
        ("Ratings handed in", "0 of 1 people"),
        ("Statements agreed", "7 of 7"),
        ("Priorities chosen", "2, 1 without a target"),
        ("Targets", "1 open of 1"),
        ("Notes since 1 September", "1"),
        ("Next review", f"{review.name}, 7 December"),
        ("Papers made", "1"),
    ]
    assert page.context["overview"].standings == [("On course", 1)]
    assert "What the programme sees" in page.text


def test_every_link_of_the_overview_opens(sign_in, avon, plan, target):
    browser = sign_in("board_viewer")
    figures = browser.get(overview(avon)).context["overview"].figures

    opened = [browser.get(one.url).status_code for one in figures if one.url]

    assert opened == [200] * 6


def test_a_board_viewer_sees_no_plan_before_its_approval(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"), "draft")
    factories.target(plan, person("lead"), title="Not for the board yet")

    page = sign_in("board_viewer").get(overview(avon))

    assert page.context["overview"].figures == []
    assert "Nothing has begun this year." in page.text
    assert "Draft" not in page.text
    assert "Not for the board yet" not in page.text
    assert "Draft, 1 target" in sign_in("group_member").get(overview(avon)).text


def test_a_board_viewer_counts_only_papers_there_are_for_it(sign_in, avon, plan, person):
    year_report(plan, person("lead"))
    year_report(plan, person("lead"), "draft", key="1")

    papers = {
        name: sign_in(name).get(overview(avon)).context["overview"].figures[-1].says
        for name in ("lead", "board_viewer")
    }

    assert papers == {"lead": "2", "board_viewer": "1"}


def test_the_overview_costs_the_same_for_any_number(
    sign_in, avon, plan, person, django_assert_num_queries
):
    browser = sign_in("lead")
    counts = []
    for many in (1, 60):
        for _ in range(many):
            target = factories.target(plan, person("lead"))
            factories.note(target, person("lead"))
        browser.get(overview(avon))
        with django_assert_num_queries(24):
            page = browser.get(overview(avon))
        counts.append(sum(n for _, n in page.context["overview"].standings))

    assert counts == [1, Target.objects.count()]


def test_the_inside_is_for_members(sign_in, avon, audit):
    answers = {
        name: sign_in(name).get(overview(avon)).status_code
        for name in ("team", "facilitator", "funder", "outsider")
    }

    assert answers == {"team": 403, "facilitator": 404, "funder": 404, "outsider": 404}


def test_in_holidays_notes_count_from_the_last_term(sign_in, avon, plan):
    with time_machine.travel(dt.datetime(2026, 12, 29, 10, tzinfo=dt.UTC)):
        figures = sign_in("lead").get(overview(avon)).context["overview"].figures

    assert "Notes since 1 September" in [one.label for one in figures]


def test_a_plan_with_the_group_is_being_planned(avon, person):
    factories.plan(avon, person("lead"), PlanState.WITH_GROUP)

    assert of(avon).stage == Stage.PLAN
