"""Earlier reviews: kept as the PDFs that they are, told by content, looked at by the worker."""

from __future__ import annotations

import datetime as dt
import sys
from functools import partial
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actionplans.following.evidence import Taken
from portal.models import Activity
from resources.forms.review_moving import LONGEST
from resources.models import AnnualReview, Printing
from resources.reviews import moving, uploads
from resources.reviews.uploads import Earlier, SamePdfError
from tests import factories
from tests.actionplans import documents

TO = "/reviews/desk/upload/"
ASK = "import sys; sys.exit(1 if b'virus' in sys.stdin.buffer.read() else 0)"
EARLIER = Earlier(2018, "Annual review", "Three years on.", dt.date(2019, 11, 4), "public")


def pdf(pages: int = 2, text: bytes = b"") -> bytes:
    made, out = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out)
    return out.getvalue() + text


def sent(content: bytes | None = None, name: str = "review.pdf", **more: object) -> dict:
    said = {
        "year": "2018",
        "title": "Annual review",
        "strapline": "Three years on.",
        "published_on": "2019-11-04",
        "visibility": "public",
    }
    file = SimpleUploadedFile(name, pdf() if content is None else content)
    return {**said, "chosen": file, **more}


def taken(content: bytes) -> Taken:
    return Taken("review.pdf", "application/pdf", content)


def test_an_earlier_review_is_out_as_it_is(client, sign_in, person, worker):
    file = pdf(3)

    answer = sign_in("team").post(TO, sent(file))
    worker()

    review, made = AnnualReview.objects.get(), Printing.objects.get()
    assert answer.url == reverse("review_compose", args=[review.pk])
    assert (review.state, review.is_uploaded, review.year) == ("published", True, 2018)
    assert (made.number, made.pages, made.size, bytes(made.content)) == (1, 3, len(file), file)
    assert [str(one) for one in Activity.objects.all()] == [
        "The team published the annual review “Annual review, 2018/19”"
    ]
    page, listing = client.get(review.get_absolute_url()).text, client.get("/reviews/").text
    assert "Annual review" in page
    assert ("Three years on." in listing, "4 November 2019" in listing) == (True, True)
    assert client.get(reverse("annual_review_pdf", args=[review.pk])).content == file


def test_its_day_is_a_day_in_london(sign_in):
    sign_in("team").post(TO, sent(published_on="2020-07-01"))

    assert AnnualReview.objects.get().published_at == dt.datetime(2020, 7, 1, 11, tzinfo=dt.UTC)


def test_for_the_nwg_it_is_for_it_alone(sign_in):
    sign_in("team").post(TO, sent(visibility="nwg"))

    review = AnnualReview.objects.get()
    codes = {
        who: [
            sign_in(who).get(url).status_code
            for url in (review.get_absolute_url(), reverse("annual_review_pdf", args=[review.pk]))
        ]
        for who in ("visitor", "lead", "facilitator", "team")
    }
    assert codes == {
        "visitor": [404, 404],
        "lead": [404, 404],
        "facilitator": [200, 200],
        "team": [200, 200],
    }


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("review.pdf", b"MZ\x90\x00" + b"\x00" * 60, "“review.pdf” is not taken."),
        ("review.pdf", b"%PDF-1.7 and no end", "It is a PDF whose end is missing."),
        ("review.pdf", b"<html><script>alert(1)</script>", "“review.pdf” is not taken."),
        ("review.pdf", b"", "empty"),
        ("review.pdf", documents.picture(), "It is not a PDF."),
        ("review.docx", documents.office(), "It is not a PDF."),
        ("review.pdf", documents.office() + pdf(), "“review.pdf” is not taken."),
    ],
)
def test_what_is_no_pdf_is_not_taken(sign_in, name, content, refusal):
    answer = sign_in("team").post(TO, sent(content, name))

    assert answer.status_code == 422
    assert refusal in answer.text
    assert "Choose the PDF again" in answer.text
    assert 'value="Three years on."' in answer.text
    assert (AnnualReview.objects.count(), Printing.objects.count()) == (0, 0)


def test_a_pdf_that_is_too_large_is_not_taken(sign_in, monkeypatch):
    monkeypatch.setattr("resources.desk.files.MOST_BYTES", 100)

    answer = sign_in("team").post(TO, sent())

    assert (answer.status_code, AnnualReview.objects.count()) == (422, 0)
    assert "It is larger than" in answer.text


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("year", "", "Choose the year that it is about."),
        ("year", "1066", "Select a valid choice."),
        ("title", " ", "Say what it is called."),
        ("title", "T" * 161, "at most 160 characters"),
        ("published_on", "", "Say when it came out."),
        ("published_on", "4.11.19x", "Enter a whole date"),
        ("published_on", "2999-01-01", "That day is still to come."),
        ("published_on", "1019-11-04", "That is before 2012."),
        ("visibility", "members", "Select a valid choice."),
        ("visibility", "", "Choose who may read it."),
        ("chosen", "", "Choose the PDF."),
    ],
)
def test_what_is_said_wrong_is_said_back(sign_in, name, value, refusal):
    answer = sign_in("team").post(TO, sent() | {name: value})

    assert (answer.status_code, AnnualReview.objects.count()) == (422, 0)
    assert refusal in answer.text


def test_the_form_takes_no_more_than_there_is_room_for(db):
    fields = {
        **{name: AnnualReview._meta.get_field(name) for name in ("title", "strapline", "note")},
        "correction": Printing._meta.get_field("correction"),
    }

    assert {name: field.max_length for name, field in fields.items()} == LONGEST


def test_the_same_pdf_comes_in_once(sign_in):
    file = pdf()
    sign_in("team").post(TO, sent(file))

    answer = sign_in("team").post(TO, sent(file, title="Another name"))

    assert (answer.status_code, AnnualReview.objects.count()) == (409, 1)
    assert "This very PDF is there already, as “Annual review, 2018/19”." in answer.text
    assert 'value="Another name"' in answer.text


@pytest.mark.django_db(transaction=True)
def test_a_second_click_uploads_nothing(person, at_once):
    deed = partial(uploads.upload, earlier=EARLIER, file=taken(pdf()), by=person("team"))

    answers = at_once(deed, deed)

    assert sorted(type(one).__name__ for one in answers) == ["AnnualReview", "SamePdfError"]
    assert AnnualReview.objects.count() == 1


def test_discarded_it_can_be_uploaded_again(person):
    team = person("team")
    review = uploads.upload(earlier=EARLIER, file=taken(pdf()), by=team)
    moving.take_back(review=review, reason="Wrong file.", seen=moving.seen(review), by=team)
    review.refresh_from_db()

    moving.discard(review=review, version=1, seen=moving.seen(review), by=team)
    again = uploads.upload(earlier=EARLIER, file=taken(pdf()), by=team)

    assert [str(one) for one in AnnualReview.objects.all()] == [str(again)]


def test_taken_back_it_comes_out_again_as_it_was(client, sign_in, person):
    file = pdf()
    review = uploads.upload(earlier=EARLIER, file=taken(file), by=person("team"))
    moving.take_back(review=review, reason="Hm.", seen=moving.seen(review), by=person("team"))
    hidden = client.get(review.get_absolute_url()).status_code
    review.refresh_from_db()
    read = {"seen": moving.seen(review), "version": "1", "visibility": "public"}

    page = sign_in("team").get(reverse("review_publish", args=[review.pk])).text
    sign_in("team").post(reverse("review_publish", args=[review.pk]), read)

    review.refresh_from_db()
    assert (hidden, review.state, review.published_at.year) == (404, "published", 2019)
    assert "Readers find the PDF again, as it was uploaded." in page
    assert [one.number for one in review.printings.all()] == [1]
    assert client.get(reverse("annual_review_pdf", args=[review.pk])).content == file


@pytest.mark.parametrize("who", ["lead", "inclusion_lead", "board_viewer", "facilitator", "funder"])
def test_nobody_else_uploads(sign_in, who):
    browser = sign_in(who)

    codes = (browser.get(TO).status_code, browser.post(TO, sent()).status_code)

    assert (codes, AnnualReview.objects.count()) == ((403, 403), 0)


# The worker


def test_a_pdf_that_does_not_open_is_kept_without_a_count(person, worker):
    uploads.upload(earlier=EARLIER, file=taken(b"%PDF-1.7\nnothing\n%%EOF"), by=person("team"))

    worker()

    made = Printing.objects.get()
    assert (made.state, made.pages) == ("ready", None)


def test_what_the_scanner_refuses_is_not_kept_and_nobody_reads_it(
    client, sign_in, person, worker, settings
):
    settings.SCAN_COMMAND = [sys.executable, "-c", ASK]
    bad = uploads.upload(earlier=EARLIER, file=taken(pdf(1, b"virus")), by=person("team"))
    good = uploads.upload(earlier=EARLIER, file=taken(pdf(1)), by=person("team"))

    worker()

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == ("draft", "published")
    assert [one.content for one in bad.printings.all()] == [None]
    assert client.get(bad.get_absolute_url()).status_code == 404
    assert moving.moves(bad, person("team")).may["publish"] is False
    page = sign_in("team").get(reverse("review_compose", args=[bad.pk])).text
    assert "The virus scanner refused the PDF" in page


def test_the_same_pdf_under_another_name_is_told_of(person):
    uploads.upload(earlier=EARLIER, file=taken(pdf()), by=person("team"))

    with pytest.raises(SamePdfError, match=r"already, as “Annual review, 2018/19”\.$"):
        uploads.upload(earlier=EARLIER, file=taken(pdf()), by=person("team"))

    assert AnnualReview.objects.count() == 1


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words(client, sign_in, text):
    sign_in("team").post(TO, sent(title=text[:160], strapline=text[:240]))
    review = AnnualReview.objects.get()

    pages = [
        client.get("/reviews/").text,
        client.get(review.get_absolute_url()).text,
        sign_in("team").get(reverse("review_open", args=[review.pk])).text,
        sign_in("team").post(TO, sent(title=text[:160], strapline=text[:240])).text,
    ]

    assert [page for page in pages if "<b onmouseover" in page] == []
    assert [page for page in pages if factories.PASSWORD in page] == []
