"""Composing an annual review: the desk, a review's own page, its details, how it begins."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access import ProgrammeRole
from portal.models import Activity, User
from portal.years import academic_year
from resources.forms import merging
from resources.forms.reviews import AnnualReviewForm
from resources.models import AnnualReview, Chapter, ReviewState
from resources.reviews import chapters, details, standing
from tests import factories

YEAR = academic_year(timezone.localdate()) - 1
WORDS = {"year": YEAR, "title": "Changing together", "strapline": "", "visibility": "public"}
USUAL = ["about", "programme", "involved", "summary", "figures", "ahead"]


@pytest.fixture
def other(db) -> User:
    """Somebody else of the team."""
    return factories.user("colleague", programme_role=ProgrammeRole.TEAM)


@pytest.fixture
def review(person) -> AnnualReview:
    return factories.annual_review(person("team"))


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def of(name: str, review: AnnualReview) -> str:
    return reverse(f"review_{name}", args=[review.pk])


def filled(review: AnnualReview, **changed: object) -> dict[str, object]:
    """What a browser sends of the form as it is now, with what a person changed in it."""
    form = AnnualReviewForm(instance=AnnualReview.objects.get(pk=review.pk))
    sent = {name: (merging.posted(form[name]) or [""])[0] for name in form.fields}
    return {**sent, "as_read": merging.as_read(form), **changed}


# The desk


def test_the_desk_says_of_every_review_who_does_what_next(sign_in, person, other):
    team = person("team")
    factories.annual_review(other, state="announced", year=2026, title="To come")
    factories.annual_review(other, state="in_review", year=2025, title="Being read")
    factories.annual_review(team, state="in_review", year=2024, title="Mine")
    factories.annual_review(other, state="superseded", year=2020, title="Old")

    page = sign_in("team").get(reverse("review_desk"))

    assert [(row["review"].title, row["next"]) for row in page.context["rows"]] == [
        ("To come", "Nobody has begun it. Begin, and the usual chapters are laid out."),
        (
            "Being read",
            "The colleague changed it last: read it, then publish it or give it back.",
        ),
        ("Mine", "You changed it last, so somebody else of the team reads and publishes it."),
        ("Old", "Readers are told that a newer one is out."),
    ]


def test_the_desk_tells_what_was_changed_since_readers_got_it(sign_in, person, other):
    review = factories.annual_review(person("team"), state="published")
    factories.version(review, person("team"))
    before = standing.listed(AnnualReview.objects.all()).get()
    AnnualReview.objects.update(
        written_at=timezone.now() + dt.timedelta(seconds=5), written_by=other
    )

    page = sign_in("team").get(reverse("review_desk")).text

    changed = standing.listed(AnnualReview.objects.all()).get()
    said = standing.next_step(before, other, alone=False)
    assert said == "Readers have version 1. Nothing is waiting."
    assert standing.next_step(changed, other, alone=False).endswith(
        "You changed it since: somebody else of the team publishes the correction."
    )
    assert "The colleague changed it since: read it, and publish the correction." in page
    assert "Changed since" in page


def test_an_empty_desk_says_what_to_do(sign_in):
    assert "No annual review yet" in sign_in("team").get(reverse("review_desk")).text


@pytest.mark.parametrize("many", [1, 3])
def test_the_desk_asks_as_often_for_one_as_for_many(
    sign_in, person, many, django_assert_num_queries
):
    for number in range(many):
        made = factories.annual_review(person("team"), year=2020 + number, title=f"Y{number}")
        factories.chapter(made, person("team"))
    browser = sign_in("team")

    with django_assert_num_queries(5):
        browser.get(reverse("review_desk"))


def test_whoever_is_alone_is_told_that_they_may_publish(sign_in, person):
    factories.annual_review(person("team"), state="in_review")

    page = sign_in("team").get(reverse("review_desk")).text

    assert "Nobody else of the team is here to read it, so you may publish it yourself." in page


# Adding and beginning


def test_announced_it_waits_with_no_chapter(sign_in, person):
    day = timezone.localdate() + dt.timedelta(days=60)

    answer = sign_in("team").post(
        reverse("review_add"), {**WORDS, "expected_on": day.isoformat(), "go": "announce"}
    )

    made = AnnualReview.objects.get()
    assert answer.url == of("compose", made)
    assert (made.state, made.year, made.expected_on, made.written_by) == (
        *(ReviewState.ANNOUNCED, YEAR, day),
        person("team"),
    )
    assert made.chapters.count() == 0
    assert "Changing together" in Client().get(reverse("annual_reviews")).text


def test_started_it_has_the_usual_chapters_and_the_figures(sign_in):
    sign_in("team").post(reverse("review_add"), {**WORDS, "go": "begin"})

    made = AnnualReview.objects.get()
    assert (made.state, made.figures_at is None) == (ReviewState.DRAFT, False)
    assert [one.kind for one in made.chapters.all()] == USUAL
    assert Client().get(made.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("field", "said", "refusal"),
    [
        ("title", "", "Give it a title."),
        ("title", "What we learned", "Another review of this year has this title."),
        ("title", "T" * 161, "at most 160 characters"),
        ("visibility", "members", "Select a valid choice"),
        ("year", "1999", "Select a valid choice"),
        ("expected_on", "soon", "Enter a whole date"),
    ],
)
def test_what_is_wrong_is_told_and_kept_as_typed(sign_in, review, field, said, refusal):
    answer = sign_in("team").post(
        reverse("review_add"), {**WORDS, "strapline": "As typed", field: said, "go": "begin"}
    )

    assert (answer.status_code, AnnualReview.objects.count()) == (422, 1)
    assert refusal in answer.text
    assert 'value="As typed"' in answer.text


def test_what_was_announced_is_begun_with_the_usual_chapters(sign_in, person, other):
    review = factories.annual_review(other, state="announced")
    browser = sign_in("team")

    asked = browser.get(of("begin", review)).text
    browser.post(of("begin", review))

    now = AnnualReview.objects.get()
    assert "Begin to write?" in asked
    assert (now.state, now.moved_by, now.written_by) == (
        *(ReviewState.DRAFT, person("team")),
        person("team"),
    )
    assert [one.kind for one in now.chapters.all()] == USUAL
    assert now.figures_at is not None


@pytest.mark.parametrize("state", ["draft", "in_review", "published", "superseded"])
def test_only_what_is_announced_is_begun(sign_in, person, state):
    review = factories.annual_review(person("team"), state=state)

    page = sign_in("team").post(of("begin", review), follow=True).text

    assert "nobody can begin to write it now." in page
    assert (AnnualReview.objects.get().state, Chapter.objects.count()) == (state, 0)


# Its own page


def test_its_page_says_where_it_stands_and_what_is_missing(sign_in, person, other, review):
    told = factories.chapter(review, other, title="Told", lead="Two words", benefits="- One more")
    factories.chapter(review, person("team"), title="Bare")
    told.quotations.create(text="Heard.", saved_by=other)
    told.remarks.create(text="Is 40 right?", by=other)

    page = sign_in("team").get(of("compose", review))

    now = page.context["standing"]
    assert [
        (row.chapter.title, row.words, row.open_remarks, row.without_consent) for row in now.rows
    ] == [
        ("Told", 4, 1, 1),
        ("Bare", 0, 0, 0),
    ]
    assert (now.words, now.begun, [length for _, length in now.lanes]) == (4, 1, [100, None])
    assert [(stop.label, stop.state) for stop in page.context["stops"]] == [
        ("Draft", "here"),
        ("A second pair of eyes", "later"),
        ("Published", "later"),
    ]
    assert "Is 40 right?" in page.text
    assert "It has no words yet: readers find a heading alone." in page.text
    assert "The colleague, " in page.text


@pytest.mark.parametrize(
    ("state", "there"),
    [("announced", 0), ("draft", 1), ("in_review", 1), ("published", 1), ("superseded", 0)],
)
def test_chapters_are_offered_to_be_written_exactly_where_they_may_be(
    sign_in, person, state, there
):
    review = factories.annual_review(person("team"), state=state)
    chapter = factories.chapter(review, person("team"))

    page = sign_in("team").get(of("compose", review)).text

    links = [
        reverse("chapter_add", args=[review.pk]),
        f'href="{reverse("chapter_edit", args=[chapter.pk])}"',
        reverse("chapter_move", args=[chapter.pk]),
        reverse("chapter_remove", args=[chapter.pk]),
    ]
    assert [min(page.count(link), 1) for link in links] == [there] * 4


def test_an_uploaded_review_shows_no_chapters(sign_in, person):
    review = factories.annual_review(person("team"), state="published", is_uploaded=True)

    page = sign_in("team").get(of("compose", review))

    assert page.context["stops"] == []
    assert "An earlier review, as its PDF" in page.text
    assert reverse("chapter_add", args=[review.pk]) not in page.text


@pytest.mark.parametrize(
    ("fields", "labels"),
    [
        ({"state": "announced"}, ["Announced"]),
        ({"state": "superseded"}, ["Draft", "A second pair of eyes", "Published", "Replaced"]),
        (
            {"state": "in_review", "expected_on": dt.date(2027, 1, 9)},
            ["Announced", "Draft", "A second pair of eyes"],
        ),
    ],
)
def test_the_way_begins_where_it_began(person, fields, labels):
    review = factories.annual_review(person("team"), **fields)

    passed = [stop.label for stop in standing.stops(review) if stop.state != "later"]

    assert passed == labels


@pytest.mark.parametrize("many", [1, 3])
def test_its_page_asks_as_often_for_one_chapter_as_for_many(
    sign_in, person, review, many, django_assert_num_queries
):
    for number in range(many):
        chapter = factories.chapter(review, person("team"), title=f"C{number}", body="Words")
        chapter.quotations.create(text="Heard.", saved_by=person("team"))
        chapter.remarks.create(text="Look.", by=person("team"))
    browser = sign_in("team")

    with django_assert_num_queries(14):
        browser.get(of("compose", review))


# Details


def test_details_are_changed_with_who_and_when(sign_in, person, other):
    review = factories.annual_review(other)

    sign_in("team").post(of("details", review), filled(review, strapline="A year\r\n told."))

    now = AnnualReview.objects.get()
    assert (now.strapline, now.version, now.written_by) == ("A year told.", 2, person("team"))
    assert [str(one) for one in Activity.objects.all()] == [
        f"The team changed the annual review “{now}”"
    ]


def test_nothing_different_is_no_change(sign_in, review):
    page = sign_in("team").post(of("details", review), filled(review), follow=True).text

    assert "Nothing was different, so nothing changed." in page
    assert AnnualReview.objects.get().version == 1


def test_two_who_change_different_details_are_both_saved(sign_in, review, other):
    mine = filled(review, title="My title")
    browser_of(other).post(of("details", review), filled(review, strapline="Their line."))

    sign_in("team").post(of("details", review), mine)

    now = AnnualReview.objects.get()
    assert (now.title, now.strapline) == ("My title", "Their line.")


def test_two_who_change_one_detail_see_both_and_choose(sign_in, review, other):
    mine = filled(review, title="My title")
    browser_of(other).post(of("details", review), filled(review, title="Their title"))
    browser = sign_in("team")

    clash = browser.post(of("details", review), mine)
    unchanged = AnnualReview.objects.get().title
    again = filled(review, title="My title")
    browser.post(of("details", review), {**again, "pick-title": "mine"})

    assert (clash.status_code, unchanged) == (409, "Their title")
    assert ("My title" in clash.text, "Their title" in clash.text) == (True, True)
    assert AnnualReview.objects.get().title == "My title"


@pytest.mark.parametrize("state", ["published", "superseded"])
def test_what_is_out_keeps_its_details_and_no_text_is_lost(sign_in, person, state):
    review = factories.annual_review(person("team"), state=state)
    browser = sign_in("team")

    asked = browser.get(of("details", review))
    answer = browser.post(of("details", review), filled(review, title="New title"))

    assert (asked.status_code, answer.status_code) == (302, 409)
    assert 'value="New title"' in answer.text
    assert AnnualReview.objects.get().title == "What we learned"


# The same once more


@pytest.mark.django_db(transaction=True)
def test_a_review_that_is_added_by_two_clicks_is_one(person, at_once):
    content = {**WORDS, "expected_on": None}
    add = partial(details.add, content=content, begin=True, by=person("team"))

    made = at_once(add, add)

    assert len({one.pk for one in made}) == AnnualReview.objects.count() == 1
    assert AnnualReview.objects.get().chapters.count() == len(chapters.USUAL)


def test_what_is_added_to_a_review_by_two_clicks_is_there_once(sign_in, person):
    review = factories.annual_review(person("team"))
    chapter = factories.chapter(review, person("team"))
    browser = sign_in("team")
    here = [review.pk, chapter.pk]
    deeds = [
        (f"{reverse('chapter_add', args=[review.pk])}?kind=theme", {"title": "Time", "body": "A"}),
        (reverse("quotation_add", args=here), {"text": "I was heard.", "consent": "False"}),
        (
            reverse("own_figure_add", args=[review.pk]),
            {"name": "A", "value": "1", "definition": "B"},
        ),
        (reverse("remark_add", args=[chapter.pk]), {"text": "Shorter?"}),
    ]

    answers = [browser.post(page, sent).status_code for page, sent in deeds for _ in range(2)]

    there = (review.chapters, chapter.quotations, review.own_figures, chapter.remarks)
    assert answers == [302] * 8
    assert [one.count() for one in there] == [2, 1, 1, 1]
    assert AnnualReview.objects.get().version == 4
