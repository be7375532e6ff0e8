"""Today of the programme team says what waits at its desks; NWG members find what is theirs."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from portal.models import NwgSeat, User
from resources.models import AnnualReview, LinkCheck, Resource
from tests import factories

TODAY = dt.date(2026, 11, 21)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def set_up(questionnaire, person, avon, bute):
    """A questionnaire is in use, every service has a lead, and the team is two people."""
    person("lead"), person("outsider")
    factories.user("second", programme_role="team")


def today(browser):
    return browser.get("/").context["today"]


def second():
    return User.objects.get(name="The second")


def waits(shown):
    return [shown.next.title, *(row.title for row in shown.waiting)]


def handed_over(title, by):
    return factories.resource(title, state="review", written_by=by)


def broken(title):
    found = factories.resource(title, link="https://gone.example.org/")
    LinkCheck.objects.create(resource=found, url=found.link, failures=2)


# The team


def test_nothing_at_a_desk_is_a_quiet_day(sign_in, set_up):
    assert waits(today(sign_in("team"))) == ["Every music service has a lead"]


def test_a_draft_that_was_handed_over_is_the_next_thing(sign_in, set_up):
    handed_over("A guide", second())

    shown = today(sign_in("team"))

    assert waits(shown) == ["A resource is for a second pair of eyes"]
    assert (shown.next.url, shown.next.number) == ("/library/desk/?show=review", "1")
    assert "nobody waits for you" not in shown.next.text


def test_what_one_wrote_oneself_waits_for_somebody_else(sign_in, set_up, person):
    handed_over("Mine", person("team"))
    factories.annual_review(person("team"), state="in_review")

    assert waits(today(sign_in("team"))) == ["Every music service has a lead"]


def test_what_was_changed_after_it_came_out_waits_for_its_correction(sign_in, set_up, person):
    for year, by in [(2024, second()), (2023, person("team"))]:
        review = factories.annual_review(by, state="published", year=year)
        factories.version(review, by)
    unchanged = waits(today(sign_in("team")))

    AnnualReview.objects.update(written_at=timezone.now() + DAY)

    assert unchanged == ["Every music service has a lead"]
    assert waits(today(sign_in("team"))) == [
        "A correction of an annual review is for a second pair of eyes"
    ]


def test_but_whoever_is_alone_is_told_of_it(sign_in, set_up, person):
    User.objects.filter(pk=second().pk).update(is_active=False)
    handed_over("Mine", person("team"))

    assert waits(today(sign_in("team"))) == ["A resource is for a second pair of eyes"]


def test_every_desk_has_its_line(sign_in, set_up, person, avon):
    for title in ("One", "Two"):
        handed_over(title, second())
    factories.annual_review(second(), state="in_review")
    NwgSeat.objects.create(service=avon, user=person("lead"), proposed_by=person("lead"))
    broken("Broken")
    factories.resource("Due", review_on=TODAY)
    factories.resource("Not yet due", review_on=TODAY + DAY)

    browser = sign_in("team")
    shown = today(browser)

    assert waits(shown) == [
        "2 resources are for a second pair of eyes",
        "An annual review is for a second pair of eyes",
        "An NWG seat is proposed",
        "A resource has a broken link",
        "A resource is due to be looked at again",
    ]
    urls = [shown.next.url, *(row.url for row in shown.waiting)]
    assert [browser.get(url).status_code for url in urls] == [200] * 5


def test_somebody_who_waits_comes_before_what_lies_there_for_long(sign_in, set_up):
    factories.service("Coda")
    broken("Broken")
    handed_over("A guide", second())

    assert waits(today(sign_in("team"))) == [
        "A resource is for a second pair of eyes",
        "1 music service has no lead yet",
        "A resource has a broken link",
    ]


def test_who_may_not_work_at_a_desk_hears_nothing_of_it(sign_in, set_up):
    handed_over("A guide", second())

    assert [waits(today(sign_in(name))) for name in ("facilitator", "funder")] == [
        ["Read what music services are asked"]
    ] * 2


@pytest.mark.parametrize("many", [1, 3])
def test_the_desks_cost_the_same_for_any_number(
    sign_in, set_up, person, many, django_assert_num_queries
):
    for number in range(many):
        handed_over(f"Guide {number}", second())
        broken(f"Broken {number}")
        factories.annual_review(second(), state="in_review", year=2020 + number)
        factories.annual_review(second(), state="published", visibility="nwg", year=2020 + number)
    browser = sign_in("team")
    browser.get("/")

    with django_assert_num_queries(5):
        browser.get("/")


def test_the_programme_page_leads_to_every_desk(sign_in, db):
    browser = sign_in("team")

    page = browser.get("/programme/").text

    assert 'href="/reviews/desk/"' in page
    assert 'href="/library/desk/"' in page


# NWG members


@pytest.fixture
def for_nwg(person):
    """A review and a resource for the NWG, and others that are no news for it."""
    factories.annual_review(
        person("team"), state="published", visibility="nwg", title="The year inside"
    )
    factories.annual_review(person("team"), state="published", title="For all", year=2024)
    factories.annual_review(person("team"), visibility="nwg", title="Unfinished", year=2023)
    factories.resource("NWG paper", visibility="nwg", published_on=TODAY - 10 * DAY)
    factories.resource("Old paper", visibility="nwg", published_on=TODAY - 100 * DAY)
    factories.resource("Draft paper", visibility="nwg", state="draft")
    factories.resource("For members", visibility="members", published_on=TODAY)


def test_a_seat_brings_what_is_for_the_nwg_home(sign_in, avon, person, for_nwg):
    factories.seat(avon, person("board_viewer"), by=person("team"))
    browser = sign_in("board_viewer")

    rows = today(browser).reading

    assert [(row.title, row.note) for row in rows] == [
        ("The year inside", "Annual review, for NWG members"),
        ("NWG paper", "New in the library, for NWG members"),
    ]
    assert [row.more for row in rows] == ["Published 21 November 2026", "11 November 2026"]
    assert browser.get(rows[1].url).status_code == 200


def test_without_a_seat_none_of_it_shows(sign_in, avon, person, for_nwg):
    factories.seat(avon, person("lead"), by=person("team"))
    NwgSeat.objects.end(by=person("team"))

    pages = [sign_in(name).get("/") for name in ("lead", "inclusion_lead", "outsider")]

    assert [page.context["today"].reading for page in pages] == [[], [], []]
    assert not any("The year inside" in page.text for page in pages)


@pytest.mark.parametrize("name", ["team", "facilitator", "funder"])
def test_the_programme_reads_it_too(sign_in, questionnaire, for_nwg, name):
    rows = today(sign_in(name)).reading

    assert [row.title for row in rows] == ["The year inside", "NWG paper"]


def test_a_few_of_many_are_enough(sign_in, person, avon):
    factories.seat(avon, person("lead"), by=person("team"))
    for number in range(4):
        factories.annual_review(
            person("team"),
            state="published",
            visibility="nwg",
            title=f"Year {number}",
            published_at=timezone.now() - number * DAY,
        )
        factories.resource(f"Paper {number}", visibility="nwg", published_on=TODAY - number * DAY)

    titles = [row.title for row in today(sign_in("lead")).reading]

    assert AnnualReview.objects.count() == Resource.objects.count() == 4
    assert titles == ["Year 0", "Year 1", "Paper 0", "Paper 1", "Paper 2"]
