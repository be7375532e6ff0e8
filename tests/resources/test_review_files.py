"""The file of an annual review: whole, in parts, known already, and counted once."""

from __future__ import annotations

import hashlib

import pytest
import time_machine

from resources.models import AnnualReview, Printing
from resources.reviews import taking
from tests import factories

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40
SIZE = len(CONTENT)
ETAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
MADE = "Sat, 21 Nov 2026 10:00:00 GMT"


@pytest.fixture
def review(person):
    """Published for everybody, with the file of its version, on 21 November at ten."""
    with time_machine.travel("2026-11-21 10:00:00.500+00:00", tick=False):
        made = factories.annual_review(person("team"), state="published", year=2025)
        factories.version(made, person("team"), content=CONTENT)
    return made


@pytest.fixture
def take(client, review):
    def taken(method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.generic(method, f"/reviews/{review.pk}/pdf/", headers=named)

    return taken


def counted():
    return list(Printing.objects.order_by("pk").values_list("taken", flat=True))


def test_the_whole_file_is_taken_and_counted(take):
    answer = take()

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert dict(answer.headers) == {
        **answer.headers,
        "Content-Type": "application/pdf",
        "Content-Length": str(SIZE),
        "Content-Disposition": 'attachment; filename="changing-tracks-what-we-learned-2025-26.pdf"',
        "ETag": ETAG,
        "Last-Modified": MADE,
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=60",
        "X-Content-Type-Options": "nosniff",
    }
    assert dict(answer.cookies) == {}
    assert counted() == [1]


def test_a_visitor_takes_it_with_three_queries(take, django_assert_num_queries):
    with django_assert_num_queries(2):  # the third is asked in binary, past Django
        take()


def test_what_is_packed_already_is_not_packed_again(take):
    answer = take(Accept_Encoding="gzip, br")

    assert "Content-Encoding" not in answer.headers
    assert (answer.content, answer.headers["ETag"]) == (CONTENT, ETAG)


@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": ETAG},
        {"If_None_Match": f'"other", W/{ETAG}'},
        {"If_Modified_Since": MADE},
        {"If_None_Match": ETAG, "Range": "bytes=0-9"},
    ],
)
def test_a_file_that_is_known_is_not_sent_again(take, headers):
    answer = take(**headers)

    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["ETag"], answer.headers["Last-Modified"]) == (ETAG, MADE)
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert counted() == [0]


@pytest.mark.parametrize(
    "headers",
    [{"If_None_Match": '"other"'}, {"If_Modified_Since": "Sat, 21 Nov 2026 09:59:59 GMT"}],
)
def test_one_that_is_not_known_is_sent(take, headers):
    answer = take(**headers)

    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_who_holds_on_to_another_version_is_told(take):
    answer = take(If_Match='"other"', Range="bytes=0-9")

    assert (answer.status_code, answer.content) == (412, b"")
    assert counted() == [0]


@pytest.mark.parametrize(
    ("asked", "first", "last", "times"),
    [
        ("bytes=0-99", 0, 99, 1),
        ("bytes=0-", 0, SIZE - 1, 1),
        ("bytes=100-199", 100, 199, 0),
        ("bytes=5000-", 5000, SIZE - 1, 0),
        ("bytes=-64", SIZE - 64, SIZE - 1, 0),
    ],
)
def test_a_part_is_what_was_asked_for_and_the_first_is_counted(take, asked, first, last, times):
    answer = take(Range=asked)

    assert (answer.status_code, answer.content) == (206, CONTENT[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.headers["ETag"] == ETAG
    assert counted() == [times]


@pytest.mark.parametrize("if_range", [ETAG, MADE])
def test_a_download_goes_on_where_it_stopped(take, if_range):
    answer = take(Range="bytes=9000-", If_Range=if_range)

    assert (answer.status_code, answer.content) == (206, CONTENT[9000:])


@pytest.mark.parametrize("if_range", ['"other"', f"W/{ETAG}", "Sat, 21 Nov 2026 09:00:00 GMT"])
def test_a_download_begins_again_where_the_file_is_another(take, if_range):
    answer = take(Range="bytes=9000-", If_Range=if_range)

    assert (answer.status_code, answer.content) == (200, CONTENT)


@pytest.mark.parametrize("asked", ["bytes=0-9,20-29", "pages=1-2", "bytes=9-1"])
def test_several_parts_at_once_are_answered_with_the_whole(take, asked):
    answer = take(Range=asked)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("asked", ["", "bytes=0-99", "bytes=5000-", "bytes=-64"])
def test_a_file_too_large_to_keep_at_hand_says_the_same(take, monkeypatch, asked):
    at_hand = take(Range=asked)
    monkeypatch.setattr(taking, "LARGEST", SIZE - 1)

    read_again = take(Range=asked)

    assert (read_again.status_code, read_again.content) == (at_hand.status_code, at_hand.content)


def test_what_is_at_hand_is_no_way_past_the_gate(take):
    before = take()
    AnnualReview.objects.update(visibility="nwg")

    assert (before.status_code, take().status_code) == (200, 404)


def test_a_part_after_the_end_is_none(take):
    answer = take(Range=f"bytes={SIZE}-")

    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert counted() == [0]


def test_asking_how_big_it_is_is_not_taking_it(take):
    answer = take("HEAD", Range="bytes=0-9")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["Content-Length"], answer.headers["ETag"]) == (str(SIZE), ETAG)
    assert counted() == [0]


def test_everybody_is_given_the_newest_version(sign_in, review, person):
    factories.version(review, person("team"), content=b"%PDF corrected")

    answers = [sign_in(name).get(f"/reviews/{review.pk}/pdf/") for name in ("visitor", "team")]

    assert [one.content for one in answers] == [b"%PDF corrected"] * 2
    assert "-2025-26-version-2.pdf" in answers[0].headers["Content-Disposition"]
    assert counted() == [0, 2]


def test_what_is_for_the_nwg_is_kept_by_nobody_in_between(sign_in, review):
    AnnualReview.objects.update(visibility="nwg")

    answers = {
        name: sign_in(name).get(f"/reviews/{review.pk}/pdf/")
        for name in ("visitor", "lead", "facilitator")
    }

    assert {name: one.status_code for name, one in answers.items()} == {
        "visitor": 404,
        "lead": 404,
        "facilitator": 200,
    }
    assert answers["facilitator"].headers["Cache-Control"] == "private, no-cache"
    assert counted() == [1]


@pytest.mark.parametrize("state", ["announced", "draft", "in_review"])
def test_what_is_not_out_has_no_file(sign_in, review, state):
    AnnualReview.objects.update(state=state)

    answers = [sign_in(name).get(f"/reviews/{review.pk}/pdf/") for name in ("visitor", "team")]

    assert [one.status_code for one in answers] == [404, 404]
    assert counted() == [0]


def test_a_file_that_is_still_being_made_is_not_there_yet(client, person):
    review = factories.annual_review(person("team"), state="published")
    factories.version(review, person("team"))

    answer = client.get(f"/reviews/{review.pk}/pdf/")

    assert answer.status_code == 404
    assert "Its PDF is being made." in client.get(review.get_absolute_url()).text
