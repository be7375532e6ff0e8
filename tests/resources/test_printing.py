"""Printings of a review: asked for, made by the worker, published, and which of them stay."""

from __future__ import annotations

import hashlib

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import papers, pdf
from portal.models import Activity, Verb
from portal.papers import PaperState
from resources.models import Printing
from resources.reviews import printing, tasks, writing
from tests import factories


@pytest.fixture
def review(person):
    made = factories.annual_review(person("team"), title="What we learned")
    factories.chapter(made, person("team"), body="It is **made up**.")
    return made


def jobs() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=printing.MAKE)]


def publish(review, by, correction: str = "") -> Printing:
    with transaction.atomic():
        return printing.publish(review=writing.held(review.pk), correction=correction, by=by)


def ready(made: Printing, content: bytes = b"%PDF-1.7") -> None:
    Printing.objects.filter(pk=made.pk).update(
        state=PaperState.READY, step=papers.DONE, finished_at=timezone.now(), content=content
    )


def test_a_preview_is_asked_for_made_and_taken(sign_in, person, review, worker):
    browser = sign_in("team")

    asked = browser.post(f"/reviews/desk/{review.pk}/printings/")
    made = Printing.objects.get()
    waiting = browser.get(asked.url).text
    worker()
    done = browser.get(asked.url).text
    file = browser.get(f"{asked.url}file/")

    made.refresh_from_db()
    assert asked.url == f"/reviews/desk/{review.pk}/printings/{made.pk}/"
    assert "<h1>Preview: being made</h1>" in waiting
    assert 'Contents collected</b><span class="vh">, done</span>' in waiting
    assert "<h1>Preview: ready</h1>" in done
    assert "this is the file that readers get" in done
    assert (made.number, made.pages, made.size) == (None, 5, len(file.content))
    assert made.sha256 == hashlib.sha256(file.content).hexdigest()
    assert pdf.faults(file.content) == []
    assert file.headers["Cache-Control"] == "private, no-store"
    assert file.headers["Content-Disposition"] == (
        'attachment; filename="changing-tracks-annual-review-'
        f'{review.year_name.replace("/", "")}-preview.pdf"'
    )
    assert list(Activity.objects.values_list("verb", "by", "subject")) == [
        (Verb.TOOK_REPORT, person("team").pk, f"a preview of {writing.name_of(review)}")
    ]


def test_asking_again_hands_over_what_is_there(person, review):
    first = printing.request(review=review, by=person("team"))
    again = printing.request(review=review, by=person("team"))

    assert again == first
    assert jobs() == [{"printing_id": first.pk}]


def test_a_change_makes_another_preview_and_the_page_says_so(sign_in, person, review):
    first = printing.request(review=review, by=person("team"))
    ready(first)
    review.chapters.update(body="Otherwise.")

    page = sign_in("team").get(f"/reviews/desk/{review.pk}/printings/{first.pk}/").text
    other = printing.request(review=review, by=person("team"))

    assert "The review has been changed since." in page
    assert other != first


def test_the_version_is_the_preview_that_somebody_looked_at(person, review):
    preview = printing.request(review=review, by=person("team"))
    ready(preview, b"%PDF looked at")

    version = publish(review, person("team"))

    version.refresh_from_db()
    assert version == preview
    assert (version.number, version.published_by, version.correction) == (1, person("team"), "")
    assert bytes(version.content) == b"%PDF looked at"
    assert jobs() == [{"printing_id": preview.pk}]


def test_a_version_without_a_preview_is_made(person, review, worker):
    version = publish(review, person("team"))
    worker()

    version.refresh_from_db()
    assert (version.number, version.state, version.pages) == (1, PaperState.READY, 5)


def test_a_page_says_that_a_correction_will_be_named(sign_in, person, review):
    publish(review, person("team"))
    review.state, review.published_at = "published", timezone.now()
    review.published_by = person("team")
    review.save()
    review.chapters.update(body="Mended.")
    preview = printing.request(review=review, by=person("team"))
    ready(preview)

    page = sign_in("team").get(f"/reviews/desk/{review.pk}/printings/{preview.pk}/").text

    assert "Published as a correction, it also names what was corrected." in page


def test_a_correction_is_another_version_and_keeps_the_old(person, review):
    first = publish(review, person("team"))
    ready(first, b"%PDF one")
    review.chapters.update(body="Mended.")

    second = publish(review, person("team"), "A wrong year.")

    assert [(one.number, one.correction) for one in review.printings.versions()] == [
        (2, "A wrong year."),
        (1, ""),
    ]
    first.refresh_from_db()
    assert bytes(first.content) == b"%PDF one"
    assert second.data["corrections"] == [{"number": 2, "said": "A wrong year."}]


def test_the_newest_previews_stay_and_every_version(person, review):
    kept = publish(review, person("team"))
    ready(kept)
    made = []
    for number in range(papers.KEPT + 2):
        review.chapters.update(body=f"Text {number}")
        made.append(printing.request(review=review, by=person("team")))
        ready(made[-1])

    printing.make_room(made[-1])

    assert set(review.printings.all()) == {kept, *made[2:]}


def test_one_that_failed_is_tried_again(sign_in, person, review):
    made = printing.request(review=review, by=person("team"))
    Printing.objects.update(state=PaperState.FAILED)
    browser = sign_in("team")

    page = browser.get(f"/reviews/desk/{review.pk}/printings/{made.pk}/").text
    answer = browser.post(f"/reviews/desk/{review.pk}/printings/{made.pk}/again/")

    made.refresh_from_db()
    assert "<h1>Preview: could not be made</h1>" in page
    assert answer.url == f"/reviews/desk/{review.pk}/printings/{made.pk}/"
    assert made.state == PaperState.WAITING
    assert len(jobs()) == 2


def test_a_page_that_waits_is_only_answered_when_there_is_news(sign_in, person, review):
    made = printing.request(review=review, by=person("team"))
    browser, url = sign_in("team"), f"/reviews/desk/{review.pk}/printings/{made.pk}/"

    known = browser.get(f"{url}?step=1", headers={"HX-Request": "true"})
    news = browser.get(f"{url}?step=0", headers={"HX-Request": "true"})

    assert known.status_code == 204
    assert "<html" not in news.text
    assert "Preview: being made" in news.text


def test_a_file_that_is_not_made_leads_to_how_far_it_is(sign_in, person, review):
    made = printing.request(review=review, by=person("team"))

    answer = sign_in("team").get(f"/reviews/desk/{review.pk}/printings/{made.pk}/file/")

    assert answer.url == f"/reviews/desk/{review.pk}/printings/{made.pk}/"


def test_a_printing_of_another_review_is_not_one_of_this(sign_in, person, review):
    other = factories.annual_review(person("team"), year=2001)
    made = printing.request(review=review, by=person("team"))

    answer = sign_in("team").get(f"/reviews/desk/{other.pk}/printings/{made.pk}/file/")

    assert answer.status_code == 404


def test_an_earlier_review_as_it_is_has_no_preview(sign_in, person):
    uploaded = factories.annual_review(person("team"), state="published", is_uploaded=True)

    answer = sign_in("team").post(f"/reviews/desk/{uploaded.pk}/printings/")

    assert answer.status_code == 404
    assert Printing.objects.count() == 0


def test_pictures_are_printed_where_they_are_the_same_still(person, review):
    picture = factories.picture(review.chapters.get(), person("team"))
    made = printing.request(review=review, by=person("team"))

    there = tasks.paper.pictures_of(made)
    picture.sha256 = "0" * 64
    picture.save()

    assert set(there) == {made.data["chapters"][0]["pictures"][0]["sha256"]}
    assert tasks.paper.pictures_of(made) == {}


def test_it_comes_as_a_word_file_too(sign_in, person, review, worker):
    made = printing.request(review=review, by=person("team"))
    browser, url = sign_in("team"), f"/reviews/desk/{review.pk}/printings/{made.pk}/"

    before = browser.get(f"{url}word/")
    worker()
    file = browser.get(f"{url}word/")

    assert before.url == url
    assert file.headers["Content-Disposition"] == (
        'attachment; filename="changing-tracks-annual-review-'
        f'{review.year_name.replace("/", "")}-preview.docx"'
    )
    assert file.content.startswith(b"PK")


def test_making_it_twice_gives_the_same_bytes(person, review):
    made = printing.request(review=review, by=person("team"))

    assert tasks.lay_out(made) == tasks.lay_out(made)
