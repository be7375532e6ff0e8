"""Reading questionnaires: who sees which, what a page holds, and that text stays text."""

from __future__ import annotations

import pytest
from django.urls import reverse

from selfassessment.models import Rating
from tests import factories

EVERYBODY = ["lead", "inclusion_lead", "group_member", "board_viewer", "outsider"]
PROGRAMME = ["facilitator", "funder"]


def withdrawn(by, name="Old set"):
    edition = factories.questionnaire(by=by, name=name)
    edition.status, edition.withdrawn_by, edition.withdrawn_at = (
        "withdrawn",
        by,
        edition.published_at,
    )
    edition.save()
    return edition


def names(answer, part):
    return [str(one) for one in answer.context[part]]


def test_team_sees_drafts_those_in_use_and_those_withdrawn(sign_in, person):
    factories.draft(name="New set")
    factories.questionnaire(by=person("team"), name="Good set")
    withdrawn(person("team"))

    answer = sign_in("team").get("/questionnaires/")

    assert names(answer, "drafts") == ["New set, edition 1"]
    assert names(answer, "in_use") == ["Good set, edition 1"]
    assert names(answer, "withdrawn") == ["Old set, edition 1"]
    assert "7 statements" in answer.text
    assert "3 in the quick check" in answer.text


@pytest.mark.parametrize("who", [*EVERYBODY, *PROGRAMME])
def test_others_read_what_is_published_and_no_draft(who, sign_in, person):
    draft = factories.draft(name="New set")
    edition = factories.questionnaire(by=person("team"), name="Good set")
    browser = sign_in(who)

    listed = browser.get("/questionnaires/")
    read = browser.get(edition.get_absolute_url())
    refused = [
        browser.get(draft.get_absolute_url()).status_code,
        browser.get(reverse("questionnaire_preview", args=[draft.pk, "A1"])).status_code,
    ]

    assert (names(listed, "drafts"), names(listed, "in_use")) == ([], ["Good set, edition 1"])
    assert "We have A VISION." in read.text
    assert refused == [404, 404]


def test_somebody_without_a_place_reads_none(client, questionnaire):
    client.force_login(factories.user("nobody"))

    answer = client.get(questionnaire.get_absolute_url())

    assert answer.status_code == 404


@pytest.mark.parametrize("who", [*EVERYBODY, *PROGRAMME])
def test_a_reader_is_offered_no_change(who, sign_in, questionnaire):
    page = sign_in(who).get(questionnaire.get_absolute_url()).text

    assert page.count("/edit") + page.count("new-edition") + page.count("withdraw/") == 0


def test_an_empty_list_says_what_to_do(sign_in, db):
    team = sign_in("team").get("/questionnaires/").text
    lead = sign_in("lead").get("/questionnaires/").text

    assert "Start from the maturity set" in team
    assert "As soon as one is out, it is here." in lead


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    count, sign_in, person, django_assert_num_queries
):
    for number in range(count):
        factories.questionnaire(by=person("team"), name=f"Set {number}")
    browser = sign_in("team")

    with django_assert_num_queries(4):
        browser.get("/questionnaires/")


@pytest.mark.parametrize("times", [1, 3])
def test_a_long_questionnaire_takes_as_many_queries_as_a_short_one(
    times, sign_in, person, django_assert_num_queries
):
    parts = [
        (f"A{n}", f"A{n}-{m}", "Section", ["one", "two"])
        for n in range(times)
        for m in range(times)
    ]
    edition = factories.questionnaire(by=person("team"), parts=parts)
    browser = sign_in("team")

    with django_assert_num_queries(9):
        browser.get(edition.get_absolute_url())


def test_plan_areas_and_pillars_are_named_in_full(sign_in, db):
    draft = factories.draft()
    statement = draft.statements.first()
    draft.statements.update(idea_pillar="Key Policies and Procedures")
    browser = sign_in("team")

    read = browser.get(draft.get_absolute_url()).text
    form = browser.get(reverse("statement_edit", args=[draft.pk, statement.pk])).context["form"]

    assert "<span>Leadership and strategy</span>" in read
    assert "<span>IDEA: Key Policies and Procedures</span>" in read
    assert [label for _, label in form.fields["plan_area"].choices] == [
        "Choose one",
        "Workforce development",
        "Young people’s voice",
        "Programming and resources",
        "Leadership and strategy",
    ]


def test_preview_shows_the_page_of_a_respondent_and_saves_nothing(sign_in, questionnaire):
    page = sign_in("lead").get(reverse("questionnaire_preview", args=[questionnaire.pk, "A1"]))

    html = page.text
    assert [block.code for block in page.context["blocks"]] == ["A1.1", "A1.2", "A1.3"]
    assert html.count('type="radio"') == 3 * 7
    assert "Preview: nothing is saved." in html
    assert html.count("hx-post") == 0
    assert 'id="rate"' not in html
    assert Rating.objects.count() == 0


def test_preview_leads_from_section_to_section(sign_in, questionnaire):
    browser = sign_in("team")

    places = [
        browser.get(reverse("questionnaire_preview", args=[questionnaire.pk, code])).context[
            "place"
        ]
        for code in ["A1", "A2", "B1"]
    ]

    assert [(p.before and p.before.code, p.after and p.after.code) for p in places] == [
        (None, "A2"),
        ("A1", "B1"),
        ("A2", None),
    ]


def test_preview_of_a_section_that_is_not_there_is_missing(sign_in, questionnaire):
    answer = sign_in("team").get(reverse("questionnaire_preview", args=[questionnaire.pk, "Z9"]))

    assert answer.status_code == 404


def test_preview_works_on_three_levels(sign_in, person):
    edition = factories.questionnaire(by=person("team"), levels=factories.THREE_POINT)

    page = sign_in("lead").get(reverse("questionnaire_preview", args=[edition.pk, "B1"]))

    assert page.text.count('type="radio"') == 2 * 5


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_text_is_shown_as_text_on_every_page(text, sign_in, db):
    draft = factories.draft(
        name=text[:120],
        levels=[(0, text[:40], text[:300]), (1, "Yes", text[:300])],
        parts=[("A", "A1", text[:120], [text])],
        text="{}",
        guidance="{}",
        source=text,
    )
    statement = draft.statements.get()
    browser = sign_in("team")
    addresses = [
        draft.get_absolute_url(),
        reverse("questionnaires"),
        reverse("questionnaire_preview", args=[draft.pk, "A1"]),
        reverse("questionnaire_publish", args=[draft.pk]),
        reverse("questionnaire_delete", args=[draft.pk]),
        reverse("questionnaire_details", args=[draft.pk]),
        reverse("questionnaire_scale", args=[draft.pk]),
        reverse("section_edit", args=[draft.pk, statement.section_id]),
        reverse("statement_edit", args=[draft.pk, statement.pk]),
        reverse("part_remove", args=[draft.pk, "area", statement.section.area_id]),
    ]

    pages = [browser.get(address).text for address in addresses]

    assert [page.count("<b onmouseover") for page in pages] == [0] * len(addresses)
    assert [address for address, page in zip(addresses, pages, strict=True) if "{{" in page] == (
        addresses if "{{" in text else []
    )
