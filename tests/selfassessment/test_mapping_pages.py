"""The programme team says how editions follow each other; services see what that means."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from selfassessment.models import Became, EditionMapping, MappingLine, Statement
from selfassessment.questionnaires import mapping_edits
from selfassessment.questionnaires.mapping import Change
from selfassessment.questionnaires.mapping_edits import (
    MappingChangedError,
    MappingRefusedError,
    read_pair,
    said,
)
from tests import factories

REWORDED = [
    ("A", "A1", "Vision and leadership", ["A VISION that lives", "leaders", "words"]),
    ("A", "A2", "Governance", ["A BOARD"]),
    ("B", "B1", "Policy", ["A POLICY", "checks", "dates"]),
]


@pytest.fixture
def newer(questionnaire):
    """A draft of edition 2: A1.1 reworded, A2.2 dropped, B1.3 new, the rest as it was."""
    return factories.draft(edition=2, parts=REWORDED, based_on=questionnaire)


@pytest.fixture
def mapping(questionnaire, newer, person):
    return factories.mapping(questionnaire, newer, by=person("team"))


def kinds(older, newer) -> dict[str, list[str]]:
    return {
        str(kind): [change.codes for change in changes]
        for kind, changes in read_pair(older, newer).by_kind
    }


def statement(edition, code: str) -> Statement:
    return Statement.objects.get(questionnaire=edition, code=code)


def change_of(older, newer, code: str) -> Change:
    return next(
        one
        for one in read_pair(older, newer).changes
        if code in {s.code for s in (*one.olds, *one.news)}
    )


def test_the_page_shows_a_proposal_before_anything_is_stored(sign_in, questionnaire, newer):
    page = sign_in("team").get(reverse("mapping", args=[newer.pk])).text

    assert "A proposal" in page
    assert "We have A VISION<ins> that lives</ins>." in page
    assert not EditionMapping.objects.exists()


def test_preparing_stores_the_proposal(sign_in, questionnaire, newer):
    sign_in("team").post(reverse("mapping_prepare", args=[newer.pk]) + "?from=1")

    assert kinds(questionnaire, newer) == {
        "reworded": ["A1.1"],
        "split": [],
        "merged": [],
        "new": ["B1.3"],
        "dropped": ["A2.2"],
        "unchanged": ["A1.2", "A1.3", "A2.1", "B1.1", "B1.2"],
    }


def test_the_first_edition_says_that_there_is_nothing_before_it(sign_in, questionnaire):
    page = sign_in("team").get(reverse("mapping", args=[questionnaire.pk])).text

    assert "This is the first edition" in page


def test_an_edition_that_is_not_there_is_not_found(sign_in, newer):
    answer = sign_in("team").get(reverse("mapping", args=[newer.pk]) + "?from=7")

    assert answer.status_code == 404


def test_a_line_can_be_changed_by_codes(sign_in, questionnaire, newer, mapping):
    line = mapping.lines.get(became=Became.DROPPED)
    address = reverse("mapping_line", args=[newer.pk, line.pk])
    browser = sign_in("team")
    as_read = browser.get(address).context["form"]["as_read"].value()

    answer = browser.post(
        address, {"olds": "a2.2", "became": "reworded", "news": "B1.3", "as_read": as_read}
    )

    assert answer.status_code == 302
    assert kinds(questionnaire, newer)["reworded"] == ["A1.1", "A2.2 → B1.3"]
    assert kinds(questionnaire, newer)["new"] == kinds(questionnaire, newer)["dropped"] == []


def test_statements_taken_out_of_a_change_stay_accounted_for(
    sign_in, questionnaire, newer, mapping, person
):
    was = change_of(questionnaire, newer, "A1.2")
    parts = (statement(newer, "A1.2"), statement(newer, "B1.3"))

    mapping_edits.change_line(
        mapping=mapping,
        change=Change(Became.SPLIT, (statement(questionnaire, "A1.3"),), parts),
        was=was,
        as_read=said(was),
        by=person("team"),
    )

    assert kinds(questionnaire, newer) == {
        "reworded": ["A1.1"],
        "split": ["A1.3 → A1.2, B1.3"],
        "merged": [],
        "new": ["A1.3"],
        "dropped": ["A1.2", "A2.2"],
        "unchanged": ["A2.1", "B1.1", "B1.2"],
    }
    assert read_pair(questionnaire, newer).problems == []


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"olds": "A9.9", "became": "dropped"}, "Edition 1 has no A9.9."),
        ({"olds": "A1.2", "news": "A1.2", "became": "split"}, "split means one statement became"),
        ({"olds": "", "news": "", "became": "new"}, "Name at least one statement."),
        ({"olds": "A1.2", "news": "A1.2"}, "Choose what became of them."),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_what_was_typed_stays(
    sign_in, questionnaire, newer, mapping, typed, complaint
):
    before = kinds(questionnaire, newer)
    line = mapping.lines.get(old__code="A1.2")

    answer = sign_in("team").post(reverse("mapping_line", args=[newer.pk, line.pk]), typed)

    assert answer.status_code == 422
    assert complaint in answer.text
    assert answer.context["form"]["olds"].value() == typed["olds"]
    assert kinds(questionnaire, newer) == before


def test_what_somebody_else_changed_meanwhile_is_shown_and_the_next_save_is_meant(
    sign_in, questionnaire, newer, mapping
):
    line = mapping.lines.get(old__code="A2.2")
    address = reverse("mapping_line", args=[newer.pk, line.pk])
    typed = {"olds": "A2.2", "became": "reworded", "news": "B1.3", "as_read": "something older"}
    browser = sign_in("team")

    refused = browser.post(address, typed)
    again = refused.context["form"]["as_read"].value()
    saved = browser.post(address, {**typed, "as_read": again})

    assert refused.status_code == 422
    assert "It is now: A2.2, dropped." in refused.text
    assert saved.status_code == 302
    assert kinds(questionnaire, newer)["reworded"] == ["A1.1", "A2.2 → B1.3"]


def test_a_stale_line_changes_nothing(questionnaire, newer, mapping, person):
    before = kinds(questionnaire, newer)
    was = change_of(questionnaire, newer, "A2.2")

    with pytest.raises(MappingChangedError):
        mapping_edits.change_line(
            mapping=mapping,
            change=Change(Became.REWORDED, was.olds, (statement(newer, "B1.3"),)),
            was=was,
            as_read="something older",
            by=person("team"),
        )

    assert kinds(questionnaire, newer) == before


def test_a_draft_is_not_reviewed(sign_in, newer, mapping):
    address = reverse("mapping_review", args=[newer.pk])

    answer = sign_in("team").post(address)

    assert answer.status_code == 422
    assert "Publish edition 2 first" in answer.text
    assert EditionMapping.objects.reviewed().count() == 0


def test_a_mapping_with_gaps_is_not_reviewed(newer, mapping, person):
    factories.publish(newer, person("team"))
    mapping.lines.filter(new__code="B1.3").delete()

    with pytest.raises(MappingRefusedError) as refused:
        mapping_edits.review(mapping=mapping, by=person("team"))

    assert refused.value.reasons == ("B1.3 of the newer edition is not accounted for.",)
    assert EditionMapping.objects.reviewed().count() == 0


def test_what_a_later_change_of_the_draft_left_out_is_accounted_for_again(
    sign_in, questionnaire, newer, mapping
):
    section = newer.sections.get(code="B1")
    Statement.objects.create(
        questionnaire=newer,
        section=section,
        code="B1.4",
        text="We have a late one.",
        plan_area=statement(newer, "B1.1").plan_area,
        order=9,
    )
    statement(newer, "B1.2").delete()
    browser, page = sign_in("team"), reverse("mapping", args=[newer.pk])

    gaps = browser.get(page).text
    browser.post(reverse("mapping_prepare", args=[newer.pk]))

    assert "B1.4 of the newer edition is not accounted for." in gaps
    assert "B1.2 of the older edition is not accounted for." in gaps
    assert read_pair(questionnaire, newer).problems == []


def test_a_review_is_given_and_taken_back(sign_in, newer, mapping, person):
    factories.publish(newer, person("team"))
    browser, address = sign_in("team"), reverse("mapping_review", args=[newer.pk])

    browser.post(address)
    given = EditionMapping.objects.get()
    browser.post(address)

    assert given.reviewed_by == person("team")
    assert EditionMapping.objects.get().reviewed_at is None


def test_a_change_takes_the_review_back(sign_in, questionnaire, newer, mapping, person):
    factories.publish(newer, person("team"))
    mapping_edits.review(mapping=mapping, by=person("team"))
    was = change_of(questionnaire, newer, "A2.2")

    mapping_edits.change_line(
        mapping=mapping,
        change=Change(Became.REWORDED, was.olds, (statement(newer, "B1.3"),)),
        was=was,
        as_read=said(was),
        by=person("team"),
    )

    assert EditionMapping.objects.get().reviewed_at is None


def test_reviewing_what_is_not_prepared_leads_back(sign_in, newer):
    answer = sign_in("team").post(reverse("mapping_review", args=[newer.pk]), follow=True)

    assert "nothing is said of these two editions yet" in answer.text
    assert not EditionMapping.objects.exists()


def test_preparing_where_there_is_no_earlier_edition_is_refused(sign_in, questionnaire):
    answer = sign_in("team").post(reverse("mapping_prepare", args=[questionnaire.pk]), follow=True)

    assert "There is no earlier edition to compare with." in answer.text
    assert not EditionMapping.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"became": "dropped"}, {"became": "new"}, {"became": "unchanged", "new": None}]
)
def test_the_database_refuses_a_line_without_the_sides_of_its_kind(mapping, fields):
    line = mapping.lines.get(old__code="A1.2")

    with pytest.raises(IntegrityError), transaction.atomic():
        MappingLine.objects.filter(pk=line.pk).update(**fields)

    assert MappingLine.objects.get(pk=line.pk).became == Became.UNCHANGED


def test_the_database_refuses_a_statement_that_became_two_things(mapping):
    line = mapping.lines.get(old__code="A1.2")

    with pytest.raises(IntegrityError), transaction.atomic():
        MappingLine.objects.create(mapping=mapping, became=Became.DROPPED, old=line.old)

    assert mapping.lines.filter(old=line.old).count() == 1


def test_the_teams_simulation_is_counts_and_no_score(sign_in, audit, person, newer, mapping):
    factories.agree(audit, person("lead"), A1_1=3, A1_2=4, A2_1=3, B1_1=3)

    page = sign_in("team").get(reverse("mapping_simulation", args=[newer.pk])).text

    assert "6 of 7 statements go on." in page
    assert "1 music service has a year with agreed ratings on edition 1." in page
    assert "%" not in page.split("<main")[1].split("</main")[0].replace("0% to 100%", "")


def moving_page(sign_in, avon, who: str = "lead") -> str:
    return sign_in(who).get(reverse("audit_moving", args=[avon.slug])).text


def test_a_service_sees_what_a_move_would_make_of_its_own_year(
    sign_in, audit, avon, person, questionnaire, newer, mapping
):
    factories.agree(audit, person("lead"), A1_1=4, A1_2=2, A2_1=2, A2_2=0)
    factories.publish(newer, person("team"))
    mapping_edits.review(mapping=mapping, by=person("team"))

    page = moving_page(sign_in, avon)

    # All: 8 of 16. Without A2.2, which was dropped: 8 of 12.
    assert "6 of 7 statements go on." in page
    assert "come to 67%" in page
    assert "it was 50%" in page


def test_without_a_review_a_service_is_told_that_nothing_is_joined(
    sign_in, audit, avon, person, newer, mapping
):
    factories.agree(audit, person("lead"), A1_1=4)
    factories.publish(newer, person("team"))

    page = moving_page(sign_in, avon)

    assert "has not compared these two editions yet" in page
    assert "VISION that lives" not in page


def test_without_a_newer_edition_nothing_changes(sign_in, audit, avon, person):
    factories.agree(audit, person("lead"), A1_1=4)

    assert "You are on the newest edition" in moving_page(sign_in, avon)


def test_without_a_year_there_is_nothing_to_carry_over(sign_in, audit, avon):
    assert "There is no year to carry over yet" in moving_page(sign_in, avon, "board_viewer")


def test_another_scale_carries_nothing_on(sign_in, audit, avon, person, questionnaire):
    factories.agree(audit, person("lead"), A1_1=4)
    newer = factories.questionnaire(by=person("team"), edition=2, levels=factories.THREE_POINT)
    factories.mapping(questionnaire, newer, by=person("team"), reviewed=True)

    page = moving_page(sign_in, avon)

    assert "Edition 2 has another scale" in page
    assert "come to" not in page


def test_a_move_over_two_editions_carries_on_what_both_steps_do(
    sign_in, audit, avon, person, questionnaire, newer, mapping
):
    factories.agree(audit, person("lead"), A1_1=4, A2_2=0)
    factories.publish(newer, person("team"))
    mapping_edits.review(mapping=mapping, by=person("team"))
    third = factories.questionnaire(by=person("team"), edition=3, parts=REWORDED[:2])
    factories.mapping(newer, third, by=person("team"), reviewed=True)

    page = moving_page(sign_in, avon)

    assert "From edition 1 to edition 3" in page
    assert "4 of 4 statements go on." in page
    assert "come to 100%" in page


@pytest.mark.parametrize("name", ["mapping", "mapping_simulation"])
def test_a_longer_edition_takes_no_more_queries(sign_in, person, name):
    short = [("A", "A1", "Vision", ["one"])]
    long = [("A", "A1", "Vision", [str(number) for number in range(40)])]
    browser, counts = sign_in("team"), []
    for label, parts in (("Short", short), ("Long", long)):
        older = factories.questionnaire(by=person("team"), name=label, parts=parts)
        newer = factories.draft(name=label, edition=2, parts=parts, text="We now have {}.")
        factories.mapping(older, newer, by=person("team"))
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse(name, args=[newer.pk]))
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_who_starts_a_year_is_led_to_what_a_newer_edition_changes(
    sign_in, audit, avon, person, newer
):
    factories.agree(audit, person("lead"), A1_1=4)
    browser, address = sign_in("lead"), reverse("audit_start", args=[avon.slug])

    before = browser.get(address).text
    factories.publish(newer, person("team"))
    after = browser.get(address).text

    assert "You were on edition 1" not in before
    assert "You were on edition 1" in after
    assert reverse("audit_moving", args=[avon.slug]) in after
