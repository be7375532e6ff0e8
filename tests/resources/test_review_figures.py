"""The desk page of a review's figures, and those that the team counted itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import MusicService
from resources.forms import merging
from resources.forms.review_figures import OwnFigureForm
from resources.models import AnnualReview, OwnFigure
from resources.reviews.figures import snapshot
from tests import factories
from tests.resources.test_figures import chart, number

TYPED = {"name": "People at NWG meetings", "value": "about 90", "definition": "Signed in."}


@pytest.fixture
def review(person):
    return factories.annual_review(person("team"), year=2025)


def page(review: AnnualReview, more: str = "") -> str:
    return f"/reviews/desk/{review.pk}/figures/{more}"


def rows() -> list[tuple[str, str, str]]:
    return list(OwnFigure.objects.values_list("name", "value", "definition"))


def test_figures_are_taken_with_a_button_and_seen_as_readers_see_them(sign_in, review):
    browser = sign_in("team")

    before = browser.get(page(review)).content.decode()
    answer = browser.post(page(review, "take/"), follow=True)

    said = answer.content.decode()
    assert "Not taken yet" in before
    assert answer.redirect_chain == [(page(review), 302)]
    assert "The figures are as they are today." in said
    assert "Music services linked with Changing Tracks" in said
    assert "It could tell of fewer than six music services." in said
    assert "Avon Music Service" in said


def test_taking_them_again_says_that_nothing_is_different(sign_in, review):
    browser = sign_in("team")
    browser.post(page(review, "take/"))

    said = browser.post(page(review, "take/"), follow=True).content.decode()

    assert "Nothing is different since last time." in said


def test_figures_of_another_year_are_noticed(sign_in, review, person):
    snapshot.take(review=review, by=person("team"))
    AnnualReview.objects.update(year=2024)

    said = sign_in("team").get(page(review)).content.decode()

    assert "These figures are of another year." in said


def test_nobody_takes_figures_into_a_review_that_is_replaced(sign_in, person):
    replaced = factories.annual_review(person("team"), state="superseded")
    browser = sign_in("team")

    shown = browser.get(page(replaced)).content.decode()
    said = browser.post(page(replaced, "take/"), follow=True).content.decode()

    assert ("Take the figures" in shown, "Add a figure" in shown) == (False, False)
    assert "It is replaced by a newer one" in said
    assert AnnualReview.objects.get(pk=replaced.pk).figures == {}


def test_every_number_has_its_definition_and_every_table_its_column_heads(person, review):
    snapshot.take(review=review, by=person("team"))
    figures = AnnualReview.objects.get(pk=review.pk).figures

    assert [one["key"] for one in figures["numbers"] if not one["definition"]] == []
    assert [
        one["key"]
        for one in figures["charts"]
        for row in one["rows"]
        if len(one["columns"]) != len(row["values"]) + 1 or not one["definition"]
    ] == []
    assert [one["key"] for one in figures["charts"] if not one["rows"] and not one["note"]] == []
    assert number(figures, "services") == "2"
    assert chart(figures, "regions")["rows"][0]["share"] == 1


def test_the_page_asks_as_often_for_three_as_for_one(sign_in, review, person):
    def ask() -> int:
        browser = sign_in("team")
        with CaptureQueriesContext(connection) as asked:
            browser.get(page(review))
        return len(asked)

    MusicService.objects.exclude(name__startswith="Avon").update(is_fictional=True)
    factories.own_figure(review)
    snapshot.take(review=review, by=person("team"))
    one = ask()
    MusicService.objects.update(is_fictional=False)
    for name in ("Projects", "People"):
        factories.own_figure(review, name)
    snapshot.take(review=review, by=person("team"))

    assert (one, ask()) == (5, 5)


# Counted by the team


def test_a_figure_of_ones_own_says_how_it_was_counted(sign_in, review):
    refused = sign_in("team").post(page(review, "add/"), {**TYPED, "definition": " "})

    assert refused.status_code == 422
    assert "Say how it was counted" in refused.content.decode()
    assert "about 90" in refused.content.decode()
    assert rows() == []


def test_a_figure_of_ones_own_stands_apart(sign_in, review):
    browser = sign_in("team")

    said = browser.post(page(review, "add/"), TYPED, follow=True).content.decode()

    assert "“People at NWG meetings” is in the review." in said
    assert "Counted by the programme team" in said
    assert AnnualReview.objects.get(pk=review.pk).figures["own"] == [TYPED]


def test_a_figure_of_ones_own_is_changed_and_removed(sign_in, review):
    figure = factories.own_figure(review)
    browser = sign_in("team")
    read = merging.as_read(OwnFigureForm(instance=figure))

    browser.post(page(review, f"{figure.pk}/"), {**TYPED, "as_read": read})
    changed = rows()
    browser.post(page(review, f"{figure.pk}/remove/"))

    assert changed == [tuple(TYPED.values())]
    assert rows() == []
    assert AnnualReview.objects.get(pk=review.pk).figures["own"] == []


def test_two_people_who_change_one_figure_see_both(sign_in, review):
    figure = factories.own_figure(review)
    read = merging.as_read(OwnFigureForm(instance=figure))
    OwnFigure.objects.update(value="5", definition="Minutes, and the diary.")
    sent = {"name": figure.name, "value": "6", "definition": figure.definition, "as_read": read}

    answer = sign_in("team").post(page(review, f"{figure.pk}/"), sent)

    said = answer.content.decode()
    assert answer.status_code == 409
    assert ("<blockquote>6</blockquote>" in said, "<blockquote>5</blockquote>" in said) == (
        True,
        True,
    )
    assert rows() == [(figure.name, "5", "Minutes, and the diary.")]


def test_what_only_the_other_changed_is_taken_over(sign_in, review):
    figure = factories.own_figure(review)
    read = merging.as_read(OwnFigureForm(instance=figure))
    OwnFigure.objects.update(definition="Minutes, and the diary.")
    sent = {"name": figure.name, "value": "6", "definition": figure.definition, "as_read": read}

    answer = sign_in("team").post(page(review, f"{figure.pk}/"), sent, follow=True)

    assert "Also taken over from somebody else: How it was counted." in answer.content.decode()
    assert rows() == [(figure.name, "6", "Minutes, and the diary.")]


def test_a_figure_that_somebody_removed_loses_nothing_typed(sign_in, review):
    figure = factories.own_figure(review)
    browser = sign_in("team")
    OwnFigure.objects.all().delete()

    answer = browser.post(page(review, f"{figure.pk}/"), TYPED)

    assert answer.status_code == 409
    assert "about 90" in answer.content.decode()
    assert rows() == []


def test_a_figure_is_reached_through_its_own_review_only(sign_in, review, person):
    other = factories.annual_review(person("team"), year=2024)
    figure = factories.own_figure(review)

    answer = sign_in("team").post(page(other, f"{figure.pk}/remove/"))

    assert answer.status_code == 404
    assert OwnFigure.objects.count() == 1


def test_hostile_words_are_words(sign_in, review):
    browser = sign_in("team")
    for hostile in factories.HOSTILE:
        name = hostile[:120]
        browser.post(page(review, "add/"), {**TYPED, "name": name, "value": hostile[:40]})

    said = browser.get(page(review)).content.decode()

    assert OwnFigure.objects.count() == len(factories.HOSTILE)
    assert "<b onmouseover" not in said
