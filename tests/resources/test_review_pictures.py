"""Pictures in a review: said in words, written anew, and shown to whom the review is open."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal import pictures as pixels
from resources.models import AnnualReview, Picture, Printing, ReviewState
from resources.reviews import manuscript, pictures
from tests import factories

KEPT_FOR_A_DAY = "public, max-age=86400, immutable"
ASKED_EACH_TIME = "private, no-cache"


@pytest.fixture
def review(person):
    return factories.annual_review(person("team"))


@pytest.fixture
def chapter(review, person):
    return factories.chapter(review, person("team"))


@pytest.fixture
def picture(chapter, person):
    return factories.picture(chapter, person("team"))


def publish(review: AnnualReview, by, **fields: object) -> None:
    """What it says now, for readers."""
    out = {"state": ReviewState.PUBLISHED, "published_at": timezone.now(), "published_by": by}
    AnnualReview.objects.filter(pk=review.pk).update(**{**out, **fields})
    factories.version(AnnualReview.objects.get(pk=review.pk), by, content=b"%PDF")


def to(name: str, part) -> str:
    if isinstance(part, Picture):
        return reverse(f"picture_{name}", args=[part.chapter.review_id, part.chapter_id, part.pk])
    return reverse(f"picture_{name}", args=[part.review_id, part.pk])


def at(picture: Picture) -> str:
    return reverse("annual_review_picture", args=[picture.chapter.review_id, picture.pk])


def drawn(colour: str = "teal", size: tuple[int, int] = (90, 60), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def sent(content: bytes | None = None, **said: str) -> dict[str, object]:
    file = SimpleUploadedFile("a.png", drawn() if content is None else content, "image/png")
    return {"image": file, "alt": "Two drummers laugh", "credit": "Jo Lee", **said}


def alts() -> list[str]:
    return [one.alt for one in Picture.objects.in_use()]


def test_a_picture_is_kept_with_what_it_shows(sign_in, person, chapter):
    answer = sign_in("team").post(to("add", chapter), sent(drawn(size=(3200, 800), kind="JPEG")))

    kept = Picture.objects.get()
    assert answer.url == reverse("chapter_edit", args=[chapter.pk]) + "#pictures"
    assert (kept.alt, kept.credit, kept.order) == ("Two drummers laugh", "Jo Lee", 1)
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 1600, 400)
    assert (kept.added_by, len(kept.sha256)) == (person("team"), 64)
    review = AnnualReview.objects.get()
    assert (review.version, review.written_by) == (2, person("team"))


def test_the_same_picture_sent_by_two_clicks_is_there_once(sign_in, chapter):
    browser = sign_in("team")

    answers = [browser.post(to("add", chapter), sent(drawn())).status_code for _ in range(2)]

    assert (answers, len(alts()), AnnualReview.objects.get().version) == ([302, 302], 1, 2)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"image": ""}, "Choose a picture."),
        ({"alt": " "}, "Say what the picture shows."),
        ({"alt": "W" * 301}, "at most 300 characters"),
        ({"credit": "W" * 161}, "at most 160 characters"),
    ],
)
def test_no_picture_without_words(sign_in, chapter, fields, why):
    answer = sign_in("team").post(to("add", chapter), sent(**fields))

    assert (answer.status_code, alts()) == (422, [])
    assert why in answer.text
    assert AnnualReview.objects.get().version == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00" + bytes(60),
        drawn(kind="GIF"),
        drawn()[:90],
        drawn(size=(5100, 5100)),
    ],
)
def test_what_is_no_picture_is_refused_and_the_words_stay(sign_in, chapter, content):
    answer = sign_in("team").post(to("add", chapter), sent(content))

    assert (answer.status_code, alts()) == (422, [])
    assert "Two drummers laugh" in answer.text
    assert 'value="Jo Lee"' in answer.text


def test_a_heavy_file_is_refused_before_it_is_decoded(sign_in, chapter):
    heavy = drawn() + bytes(pixels.MOST_BYTES)

    answer = sign_in("team").post(to("add", chapter), sent(heavy))

    assert (answer.status_code, alts()) == (422, [])
    assert "This file has 12.0 MB. Choose one of at most 12 MB." in answer.text


def test_the_database_itself_holds_that_a_picture_has_words(picture):
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.update(alt="")

    assert alts() == ["A choir, seen from behind"]


def test_words_are_changed_without_the_picture(sign_in, picture):
    browser = sign_in("team")
    read = browser.get(to("edit", picture)).context["as_read"]

    browser.post(to("edit", picture), {"as_read": read, "alt": "A choir sings", "credit": "Jo"})

    now = Picture.objects.get()
    assert (now.pk, now.alt, now.credit, now.sha256) == (
        *(picture.pk, "A choir sings", "Jo"),
        picture.sha256,
    )


def test_another_file_is_another_picture_in_the_same_place(sign_in, person, chapter, picture):
    factories.picture(chapter, person("team"), alt="The last")
    browser = sign_in("team")
    read = browser.get(to("edit", picture)).context["as_read"]

    browser.post(to("edit", picture), sent(as_read=read))

    assert alts() == ["Two drummers laugh", "The last"]
    assert Picture.objects.in_use().first().pk != picture.pk
    assert not Picture.objects.filter(pk=picture.pk).exists()


def test_what_two_people_changed_apart_is_merged(sign_in, picture):
    browser = sign_in("team")
    read = browser.get(to("edit", picture)).context["as_read"]
    Picture.objects.update(credit="Jo Lee")

    browser.post(to("edit", picture), {"as_read": read, "alt": "A choir sings", "credit": ""})

    now = Picture.objects.get()
    assert (now.alt, now.credit) == ("A choir sings", "Jo Lee")


def test_what_both_changed_is_shown_twice_and_chosen(sign_in, picture):
    browser = sign_in("team")
    read = browser.get(to("edit", picture)).context["as_read"]
    Picture.objects.update(alt="A choir in a hall")
    mine = {"alt": "A choir sings", "credit": ""}

    clash = browser.post(to("edit", picture), {"as_read": read, **mine})
    between = alts()
    again = {"as_read": clash.context["as_read"], **mine, "pick-alt": "mine"}
    browser.post(to("edit", picture), again)

    assert (clash.status_code, between) == (409, ["A choir in a hall"])
    assert "A choir in a hall" in clash.text
    assert "Somebody else saved this picture meanwhile" in clash.text
    assert alts() == ["A choir sings"]


def test_what_was_typed_of_a_picture_that_was_replaced_can_be_added(sign_in, chapter, picture):
    browser, address = sign_in("team"), to("edit", picture)
    pictures.remove(picture=picture, by=picture.added_by)

    answer = browser.post(address, {"alt": "Words that took an hour", "credit": ""})

    assert (answer.status_code, alts()) == (409, [])
    assert "Words that took an hour" in answer.text
    assert f'action="{to("add", chapter)}"' in answer.text


def test_they_stand_in_the_order_that_is_chosen(sign_in, person, chapter):
    first, second = [factories.picture(chapter, person("team"), alt) for alt in "AB"]
    browser = sign_in("team")

    browser.post(to("move", first), {"way": "down"})
    browser.post(to("move", second), {"way": "up"})  # it is the first by now

    assert alts() == ["B", "A"]
    assert AnnualReview.objects.get().version == 2


def test_there_is_room_for_twelve(sign_in, chapter, picture, monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 1)

    answer = sign_in("team").post(to("add", chapter), sent())

    assert (answer.status_code, len(alts())) == (409, 1)
    assert "Two drummers laugh" in answer.text


# What was removed


def test_what_no_reader_saw_is_gone_for_good(sign_in, picture):
    browser = sign_in("team")

    asked = browser.get(to("remove", picture)).text
    before = alts()
    browser.post(to("remove", picture))

    assert ("It is gone for good" in asked, len(before)) == (True, 1)
    assert Picture.objects.count() == 0


def test_what_readers_see_stays_until_a_newer_version_is_out(
    sign_in, client, person, review, picture
):
    publish(review, person("team"))
    sign_in("team").post(to("remove", picture))

    seen = client.get(at(picture)).status_code
    kept = Picture.objects.count()
    publish(review, person("team"))
    pictures.forget_unused(review)

    assert (alts(), seen, kept) == ([], 200, 1)
    assert (client.get(at(picture)).status_code, Picture.objects.count()) == (404, 0)


def test_what_the_worker_has_still_to_print_stays(person, review, picture):
    review.printings.create(
        key="preview", data=manuscript.compose(review), requested_by=person("team")
    )
    pictures.remove(picture=picture, by=person("team"))
    waiting = Picture.objects.count()
    Printing.objects.update(content=b"%PDF", state="ready", finished_at=timezone.now())

    pictures.forget_unused(review)

    assert (waiting, Picture.objects.count()) == (1, 0)


def test_pictures_of_other_reviews_and_those_in_use_stay(person, review, picture):
    other = factories.annual_review(person("team"), year=2019)
    theirs = factories.picture(factories.chapter(other, person("team")), person("team"))
    Picture.objects.filter(pk=theirs.pk).update(removed_at=timezone.now())

    pictures.forget_unused(review)

    assert Picture.objects.count() == 2


# As readers get them


def test_a_published_picture_is_for_all_and_kept_by_browsers(client, person, review, picture):
    publish(review, person("team"))

    answer = client.get(at(picture))
    again = client.get(at(picture), headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.content == bytes(picture.image)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Vary" not in answer.headers
    for one in (answer, again):
        assert one.headers["Cache-Control"] == KEPT_FOR_A_DAY
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("who", ["visitor", "lead", "facilitator"])
@pytest.mark.parametrize("state", ["announced", "draft", "in_review"])
def test_before_it_is_published_its_authors_alone_see_it(sign_in, review, picture, who, state):
    AnnualReview.objects.update(state=state, expected_on="2027-01-01")

    mine = sign_in("team").get(at(picture))

    assert sign_in(who).get(at(picture)).status_code == 404
    assert (mine.status_code, mine.headers["Cache-Control"]) == (200, ASKED_EACH_TIME)


def test_what_is_taken_back_is_gone(client, person, review, picture):
    publish(review, person("team"))
    before = client.get(at(picture)).status_code

    AnnualReview.objects.update(state="draft")

    assert (before, client.get(at(picture)).status_code) == (200, 404)


@pytest.mark.parametrize(("who", "status"), [("visitor", 404), ("lead", 404), ("funder", 200)])
def test_pictures_for_the_nwg_are_for_it_alone(sign_in, person, review, picture, who, status):
    publish(review, person("team"), visibility="nwg")

    answer = sign_in(who).get(at(picture))

    assert answer.status_code == status
    if status == 200:
        assert answer.headers["Cache-Control"] == ASKED_EACH_TIME


def test_a_seat_opens_them(sign_in, person, avon, review, picture):
    publish(review, person("team"), visibility="nwg")
    factories.seat(avon, person("lead"), by=person("team"))

    assert sign_in("lead").get(at(picture)).content == bytes(picture.image)


def test_what_was_added_since_is_not_there_for_readers(client, person, review, chapter, picture):
    publish(review, person("team"))
    later = factories.picture(chapter, person("team"), alt="Later", colour="red")

    assert [client.get(at(one)).status_code for one in (picture, later)] == [200, 404]


def test_an_earlier_version_shows_nothing_more(client, person, review, chapter, picture):
    publish(review, person("team"))
    Picture.objects.update(removed_at=timezone.now())
    publish(review, person("team"))

    assert client.get(at(picture)).status_code == 404


def test_a_picture_is_found_in_its_own_review_alone(client, person, review, picture):
    publish(review, person("team"))
    other = factories.annual_review(person("team"), state="published", year=2019)

    address = reverse("annual_review_picture", args=[other.pk, picture.pk])

    assert client.get(address).status_code == 404


def test_a_visitor_costs_one_question_beside_the_picture_itself(
    client, person, review, chapter, picture, django_assert_num_queries
):
    for _ in range(3):
        factories.picture(chapter, person("team"))
    publish(review, person("team"))

    with django_assert_num_queries(1):  # the picture itself is asked for in binary, beside them
        answer = client.get(at(picture))
    with django_assert_num_queries(1):
        client.get(at(picture), headers={"If-None-Match": answer.headers["ETag"]})


# Who else


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 403), ("facilitator", 403), ("funder", 403), ("visitor", 302)]
)
def test_nobody_else_touches_pictures(sign_in, person, review, chapter, picture, who, status):
    publish(review, person("team"))
    browser = sign_in(who)

    answers = [
        browser.post(to("add", chapter), sent()).status_code,
        browser.post(to("edit", picture), {"alt": "Mine"}).status_code,
        browser.post(to("move", picture), {"way": "up"}).status_code,
        browser.post(to("remove", picture)).status_code,
    ]

    assert (answers, alts()) == ([status] * 4, ["A choir, seen from behind"])


def test_where_nobody_writes_nothing_changes(sign_in, person, review, chapter, picture):
    publish(review, person("team"), state=ReviewState.SUPERSEDED)
    browser = sign_in("team")

    answers = [
        browser.post(to("add", chapter), sent()).status_code,
        browser.post(to("edit", picture), {"alt": "Mine"}).status_code,
        browser.post(to("remove", picture)).status_code,
        browser.post(to("move", picture), {"way": "up"}).status_code,
    ]

    assert (answers, alts()) == ([409, 409, 302, 302], ["A choir, seen from behind"])
    for name, part in (("add", chapter), ("edit", picture), ("remove", picture)):
        assert browser.get(to(name, part)).status_code == 302


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_stay_words_for_authors_and_readers(
    sign_in, client, person, review, chapter, text
):
    browser = sign_in("team")
    browser.post(to("add", chapter), sent(alt=text[:300], credit=text[:160]))
    publish(review, person("team"))
    picture = Picture.objects.get()

    pages = [
        browser.get(to("edit", picture)).text,
        browser.get(to("remove", picture)).text,
        browser.get(reverse("chapter_edit", args=[chapter.pk])).text,
        client.get(review.get_absolute_url()).text,
    ]

    assert ["<b onmouseover" in page for page in pages] == [False] * 4
