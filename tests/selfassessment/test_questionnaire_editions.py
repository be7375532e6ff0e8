"""The life of an edition: published, started anew, withdrawn, brought back, deleted. And frozen."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.models import Activity, Topic
from selfassessment.models import Area, Level, Questionnaire, Section, Statement
from selfassessment.questionnaires import drafts, editions
from tests import factories


def step(browser, name, questionnaire):
    return browser.post(reverse(f"questionnaire_{name}", args=[questionnaire.pk]))


def status(questionnaire):
    return Questionnaire.objects.get(pk=questionnaire.pk).status


def log():
    return [(a.verb, a.subject, str(a.by)) for a in Activity.objects.order_by("pk")]


def contents(questionnaire):
    """Everything in an edition, to compare one with another."""
    return editions.scale_of(questionnaire), editions.rows_of(questionnaire)


# Publishing


def test_publishing_puts_a_draft_into_use(sign_in, person):
    draft = factories.draft()

    answer = step(sign_in("team"), "publish", draft)

    draft.refresh_from_db()
    assert answer.url == draft.get_absolute_url()
    assert (draft.status, draft.published_by) == ("published", person("team"))
    assert [q.pk for q in Questionnaire.objects.in_use()] == [draft.pk]
    assert log() == [("published", "Test set, edition 1", "The team")]


def test_a_draft_with_gaps_is_refused_with_every_reason(sign_in, db):
    draft = factories.draft(levels=[(0, "Only", "")], parts=[("A", "A1", "Empty", [])])
    Area.objects.create(questionnaire=draft, code="Z", name="Bare", order=9)

    answer = step(sign_in("team"), "publish", draft)

    assert answer.status_code == 422
    assert answer.context["reasons"] == [
        "The scale needs at least 2 levels.",
        "There are no statements yet.",
        "Area Z Bare has no sections. Add one, or remove the area.",
        "Section A1 Empty has no statements. Add one, or remove the section.",
    ]
    assert status(draft) == "draft"
    assert log() == []


def test_a_draft_without_a_quick_check_is_published_after_a_warning(sign_in, db):
    draft = factories.draft(parts=[("A", "A1", "One", ["one"])])
    browser = sign_in("team")

    page = browser.get(reverse("questionnaire_publish", args=[draft.pk])).text
    step(browser, "publish", draft)

    assert "No statement is marked for the quick check" in page
    assert status(draft) == "published"


@pytest.mark.parametrize("name", ["publish", "delete"])
def test_what_is_published_is_not_published_or_deleted(name, sign_in, questionnaire):
    browser = sign_in("team")

    shown = browser.get(reverse(f"questionnaire_{name}", args=[questionnaire.pk]), follow=True)
    answer = browser.post(reverse(f"questionnaire_{name}", args=[questionnaire.pk]), follow=True)

    sentence = "“Test set, edition 1” is published, so it no longer changes."
    assert [sentence in one.text for one in (shown, answer)] == [True, True]
    assert status(questionnaire) == "published"


# A new edition


def test_a_new_edition_begins_as_a_copy_of_everything(sign_in, person):
    origin = editions.load_shipped(by=person("team"))
    Area.objects.filter(questionnaire=origin, code="A").update(code="EMB")
    editions.publish(questionnaire=origin, by=person("team"))

    step(sign_in("team"), "new_edition", origin)

    copy = Questionnaire.objects.get(edition=2)
    assert contents(copy) == contents(origin)
    assert (copy.name, copy.source, copy.based_on, copy.status) == (
        origin.name,
        origin.source,
        origin,
        "draft",
    )
    assert [a.code for a in copy.areas.all()] == ["EMB", "B", "C"]
    assert not Statement.objects.filter(questionnaire=copy, section__questionnaire=origin).exists()
    assert log()[-1] == ("started", "Changing Tracks maturity set, edition 2", "The team")


def test_a_second_draft_of_the_same_set_is_refused(sign_in, questionnaire):
    browser = sign_in("team")
    step(browser, "new_edition", questionnaire)

    answer = browser.post(
        reverse("questionnaire_new_edition", args=[questionnaire.pk]), follow=True
    )

    assert "There is a draft already: edition 2." in answer.text
    assert Questionnaire.objects.count() == 2


def test_no_edition_starts_from_a_draft(sign_in, db):
    step(sign_in("team"), "new_edition", draft := factories.draft())

    assert [q.pk for q in Questionnaire.objects.all()] == [draft.pk]


def test_an_edition_number_that_is_taken_is_refused(person):
    factories.draft(name="Test set")

    with pytest.raises(drafts.EditionRefusedError, match="Edition 1 of “TEST set” exists already"):
        editions.import_questionnaire(
            name="TEST set", edition=1, source="", scale=[], rows=[], by=person("team")
        )

    assert Questionnaire.objects.count() == 1


# Withdrawing, bringing back, deleting


def test_withdrawn_from_new_use_and_brought_back(sign_in, questionnaire):
    browser = sign_in("team")

    step(browser, "withdraw", questionnaire)
    withdrawn = status(questionnaire), Questionnaire.objects.in_use().count()
    step(browser, "bring_back", questionnaire)
    back = status(questionnaire), Questionnaire.objects.in_use().count()

    assert (withdrawn, back) == (("withdrawn", 0), ("published", 1))
    assert [verb for verb, _, _ in log()] == ["withdrew", "reopened"]


@pytest.mark.parametrize("name", ["withdraw", "bring_back"])
def test_a_draft_is_neither_withdrawn_nor_brought_back(name, sign_in, db):
    draft = factories.draft()

    step(sign_in("team"), name, draft)

    assert (status(draft), log()) == ("draft", [])


def test_deleting_a_draft_takes_all_of_it(sign_in, questionnaire):
    browser = sign_in("team")
    step(browser, "new_edition", questionnaire)
    copy = Questionnaire.objects.get(edition=2)

    step(browser, "delete", copy)

    left = [m.objects.count() for m in (Questionnaire, Level, Area, Section, Statement)]
    assert left == [1, 5, 2, 3, 7]
    assert log()[-1] == ("discarded", "the draft of Test set, edition 2", "The team")


@pytest.mark.parametrize("who", ["lead", "inclusion_lead", "board_viewer", "facilitator", "funder"])
@pytest.mark.parametrize("name", ["publish", "withdraw", "bring_back", "new_edition", "delete"])
def test_only_the_team_takes_a_step(who, name, sign_in, questionnaire):
    draft = factories.draft(name="Another")
    browser = sign_in(who)

    answers = [step(browser, name, one).status_code for one in (questionnaire, draft)]

    assert answers == [403, 404]
    assert (status(questionnaire), status(draft)) == ("published", "draft")
    assert log() == []


# Frozen in the database


def part_of(questionnaire, model):
    return model.objects.filter(questionnaire=questionnaire)


CHANGES = [
    lambda q: Questionnaire.objects.filter(pk=q.pk).update(name="Other"),
    lambda q: Questionnaire.objects.filter(pk=q.pk).update(edition=7),
    lambda q: Questionnaire.objects.filter(pk=q.pk).update(source="Other"),
    lambda q: Questionnaire.objects.filter(pk=q.pk).update(
        status="draft", published_at=None, published_by=None
    ),
    lambda q: q.delete(),
    lambda q: part_of(q, Level).update(name="Other"),
    lambda q: part_of(q, Level).delete(),
    lambda q: Level.objects.create(questionnaire=q, value=9, name="New"),
    lambda q: part_of(q, Area).update(name="Other"),
    lambda q: part_of(q, Area).delete(),
    lambda q: Area.objects.create(questionnaire=q, code="N", name="New"),
    lambda q: part_of(q, Section).update(order=9),
    lambda q: part_of(q, Section).delete(),
    lambda q: Section.objects.create(
        questionnaire=q, area=part_of(q, Area).first(), code="N", name="New"
    ),
    lambda q: part_of(q, Statement).update(text="Other"),
    lambda q: part_of(q, Statement).update(quick_check=True),
    lambda q: part_of(q, Statement).delete(),
    lambda q: Statement.objects.bulk_create(
        [
            Statement(
                questionnaire=q,
                section=part_of(q, Section).first(),
                code="N",
                text="New",
                plan_area="Workforce development",
            )
        ]
    ),
    lambda q: part_of(q, Statement).first().topics.add(Topic.objects.last()),
    lambda q: part_of(q, Statement).first().topics.clear(),
    lambda q: Topic.objects.filter(statements__questionnaire=q).delete(),
]


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_published_is_frozen_whoever_writes(change, withdrawn, person):
    edition = factories.draft()
    topic = Topic.objects.first()
    edition.statements.first().topics.add(topic)
    factories.publish(edition, person("team"))
    if withdrawn:
        editions.withdraw(questionnaire=edition, by=person("team"))
    before = contents(edition)

    with pytest.raises(IntegrityError, match="it is frozen"), transaction.atomic():
        change(edition)

    again = Questionnaire.objects.get(pk=edition.pk)
    assert contents(again) == before
    assert (again.name, again.edition, again.source) == ("Test set", 1, "")


TABLES = ["level", "area", "section", "statement"]


@pytest.mark.parametrize("table", TABLES)
def test_raw_sql_moves_no_part_in_or_out_of_a_published_edition(table, questionnaire):
    draft = factories.draft(name="Another")
    moves = [(draft.pk, questionnaire.pk), (questionnaire.pk, draft.pk)]

    for to, come_from in moves:
        with (
            pytest.raises(IntegrityError, match="it is frozen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"UPDATE selfassessment_{table} SET questionnaire_id = %s"
                " WHERE questionnaire_id = %s",
                [to, come_from],
            )

    assert contents(draft) == contents(questionnaire)


def test_raw_sql_moves_no_topic_off_a_published_statement(person):
    edition = factories.draft()
    edition.statements.first().topics.add(Topic.objects.first())
    factories.publish(edition, person("team"))
    elsewhere = factories.draft(name="Another").statements.first()

    with (
        pytest.raises(IntegrityError, match="it is frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE selfassessment_statement_topics SET statement_id = %s", [elsewhere.pk]
        )

    assert edition.statements.first().topics.count() == 1


@pytest.mark.parametrize(
    ("model", "parent", "constraint"),
    [
        (Statement, "section", "statement_is_in_a_section_of_its_questionnaire"),
        (Section, "area", "section_is_in_an_area_of_its_questionnaire"),
    ],
)
def test_a_draft_reaches_into_no_other_questionnaire(model, parent, constraint, questionnaire):
    draft = factories.draft(name="Another")
    foreign = getattr(part_of(questionnaire, model).first(), parent)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        part_of(draft, model).update(**{parent: foreign})

    assert contents(draft) == contents(questionnaire)
