"""Annual reviews for their readers."""

from __future__ import annotations

import re

import pytest

from tests import factories


@pytest.fixture
def review(person):
    """Published for everybody, with a chapter that quotes two people, one of them with consent."""
    made = factories.annual_review(person("team"), state="published", strapline="A year told.")
    chapter = factories.chapter(made, person("team"), body="# What we did\n\nWe **met**.")
    by = person("team")
    chapter.quotations.create(
        text="I was heard.", consent=True, consent_note="By mail, 3 May", saved_by=by
    )
    chapter.quotations.create(text="Not for print.", saved_by=by)
    factories.version(made, by)
    return made


def test_a_visitor_reads_what_is_published_for_everybody(client, review):
    listing = client.get("/reviews/").text
    page = client.get(review.get_absolute_url()).text

    assert review.title in listing
    assert "<h3>What we did</h3>" in page
    assert "I was heard." in page


def test_nobody_is_quoted_without_consent(client, review):
    assert "Not for print." not in client.get(review.get_absolute_url()).text


@pytest.mark.parametrize("state", ["draft", "in_review", "announced"])
def test_what_is_not_published_is_not_there(client, person, state):
    review = factories.annual_review(person("team"), state=state)

    answer = client.get(review.get_absolute_url())

    assert answer.status_code == 404


def test_an_announced_review_is_listed_without_a_way_in(client, person):
    factories.annual_review(
        person("team"), state="announced", title="Coming soon", expected_on="2027-01-10"
    )

    page = client.get("/reviews/").text

    assert "Coming soon" in page
    assert re.findall(r'href="/reviews/([^"]+)"', page) == ["feed/", "feed/"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("visitor", 404), ("lead", 404), ("facilitator", 200), ("team", 200)],
)
def test_a_review_for_the_nwg_is_for_it_alone(sign_in, person, review, who, status):
    review.visibility = "nwg"
    review.save()

    assert sign_in(who).get(review.get_absolute_url()).status_code == status


def test_a_seat_opens_what_is_for_the_nwg(sign_in, person, avon, review):
    review.visibility = "nwg"
    review.save()
    factories.seat(avon, person("lead"), by=person("team"))

    assert sign_in("lead").get(review.get_absolute_url()).status_code == 200


def test_an_ended_seat_opens_it_no_more(sign_in, person, avon, review):
    review.visibility = "nwg"
    review.save()
    seat = factories.seat(avon, person("lead"), by=person("team"))
    seat.state, seat.place = "ended", None
    seat.save()

    assert sign_in("lead").get(review.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_lists_and_reviews_ask_as_often_for_one_as_for_many(
    client, person, many, django_assert_num_queries
):
    for number in range(many):
        review = factories.annual_review(
            person("team"), state="published", year=2020 + number, title=f"Year {number}"
        )
    for number in range(many):
        chapter = factories.chapter(review, person("team"), title=f"Chapter {number}")
        chapter.quotations.create(
            text="Yes.", consent=True, consent_note="By mail", saved_by=person("team")
        )
        chapter.resources.add(factories.resource(f"Guide {number}"))
    factories.version(review, person("team"))

    with django_assert_num_queries(2):
        client.get("/reviews/")
    with django_assert_num_queries(2):
        client.get(review.get_absolute_url())
