"""Wording a draft in the browser: what is saved, what is refused, and what two people see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.models import Activity, Topic
from selfassessment.models import Area, Questionnaire, Section, Statement
from tests import factories


@pytest.fixture
def draft(db):
    return factories.draft(name="Draft set")


@pytest.fixture
def first(draft):
    return draft.statements.in_order().first()


def edit_url(statement):
    return reverse("statement_edit", args=[statement.questionnaire_id, statement.pk])


def filled_in(browser, address):
    """What the form at an address would send as it stands."""
    form = browser.get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    values["topics"] = [topic.pk for topic in values.get("topics") or []]
    return {name: value for name, value in values.items() if value not in (None, False)}


def codes(parts):
    return [part.code for part in parts]


# Wording


def test_a_statement_is_reworded(sign_in, draft, first):
    browser = sign_in("team")
    topics = list(Topic.objects.all()[:2])
    wishes = {
        **filled_in(browser, edit_url(first)),
        "text": "We have a vision that others can read.",
        "plan_area": "Workforce development",
        "topics": [topic.pk for topic in topics],
    }

    answer = browser.post(edit_url(first), wishes)

    first.refresh_from_db()
    assert answer.url == f"{draft.get_absolute_url()}#statement-{first.pk}"
    assert (first.text, first.plan_area) == (
        "We have a vision that others can read.",
        "Workforce development",
    )
    assert list(first.topics.all()) == topics
    assert (first.code, first.order, first.quick_check) == ("A1.1", 1, True)


def test_a_statement_moves_to_the_end_of_another_section(sign_in, draft, first):
    browser = sign_in("team")
    policy = draft.sections.get(code="B1")

    browser.post(edit_url(first), {**filled_in(browser, edit_url(first)), "section": policy.pk})

    assert codes(policy.statements.all()) == ["B1.1", "B1.2", "A1.1"]


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("code", "a1.2", "The questionnaire has this code already."),
        ("code", "A 1", "Use letters, digits, full stops and hyphens"),
        ("text", "", "Write the statement."),
        ("text", "x" * 601, "Ensure this value has at most 600 characters"),
        ("guidance", "x" * 1001, "Ensure this value has at most 1000 characters"),
        ("plan_area", "Elsewhere", "Select a valid choice."),
        ("section", "0", "Select a valid choice."),
    ],
)
def test_a_bad_statement_is_refused_and_kept_on_the_page(field, typed, says, sign_in, first):
    browser = sign_in("team")
    wishes = {**filled_in(browser, edit_url(first)), "guidance": "Typed just now.", field: typed}

    answer = browser.post(edit_url(first), wishes)

    assert answer.status_code == 422
    assert says in answer.context["form"].errors[field][0]
    assert str(wishes["guidance"]) in answer.text
    assert Statement.objects.get(pk=first.pk).guidance == "Look for A VISION."


def test_a_section_of_another_questionnaire_is_no_choice(sign_in, first, questionnaire):
    browser = sign_in("team")
    foreign = questionnaire.sections.first()

    answer = browser.post(
        edit_url(first), {**filled_in(browser, edit_url(first)), "section": foreign.pk}
    )

    assert answer.status_code == 422
    assert Statement.objects.get(pk=first.pk).section_id == first.section_id


def test_parts_are_added_at_the_end_with_a_code_to_start_from(sign_in, draft):
    browser = sign_in("team")
    area, section = draft.areas.get(code="A"), draft.sections.get(code="A1")
    add_area = reverse("area_add", args=[draft.pk])
    add_section = reverse("section_add", args=[draft.pk, area.pk])
    add_statement = reverse("statement_add", args=[draft.pk, section.pk])
    suggested = [
        browser.get(address).context["form"]["code"].value()
        for address in (add_area, add_section, add_statement)
    ]

    browser.post(add_area, {"code": "C", "name": "Programming"})
    browser.post(add_section, {"area": area.pk, "code": "A3", "name": "Planning"})
    browser.post(
        add_statement,
        {
            "section": section.pk,
            "code": "A1.4",
            "text": "We plan.",
            "plan_area": "Leadership and strategy",
        },
    )

    assert suggested == ["", "A3", "A1.4"]
    assert codes(draft.areas.all()) == ["A", "B", "C"]
    assert codes(area.sections.all()) == ["A1", "A2", "A3"]
    assert codes(section.statements.all()) == ["A1.1", "A1.2", "A1.3", "A1.4"]


def test_areas_and_sections_are_renamed(sign_in, draft):
    browser = sign_in("team")
    area, section = draft.areas.get(code="A"), draft.sections.get(code="A1")
    for address in (
        reverse("area_edit", args=[draft.pk, area.pk]),
        reverse("section_edit", args=[draft.pk, section.pk]),
    ):
        browser.post(address, {**filled_in(browser, address), "name": "Renamed"})

    area.refresh_from_db()
    section.refresh_from_db()
    assert (area.name, section.name) == ("Renamed", "Renamed")


def test_details_are_changed_but_no_edition_is_taken_twice(sign_in, draft):
    factories.draft(name="Taken")
    browser = sign_in("team")
    address = reverse("questionnaire_details", args=[draft.pk])

    refused = browser.post(address, {**filled_in(browser, address), "name": "taken"})
    browser.post(address, {**filled_in(browser, address), "name": "Free", "source": "Ours"})

    draft.refresh_from_db()
    assert refused.status_code == 422
    assert (str(draft), draft.source) == ("Free, edition 1", "Ours")


def test_a_day_of_changes_is_one_line_in_the_log(sign_in, first):
    browser = sign_in("team")
    for text in ("One.", "Two."):
        browser.post(edit_url(first), {**filled_in(browser, edit_url(first)), "text": text})

    assert [(a.verb, a.subject) for a in Activity.objects.all()] == [
        ("changed", "Draft set, edition 1")
    ]


# The scale


def scale_sent(browser, address, rows):
    formset = browser.get(address).context["formset"]
    sent = {"level-TOTAL_FORMS": len(rows), "level-INITIAL_FORMS": min(len(rows), 5)}
    for number, row in enumerate(rows):
        sent |= {f"level-{number}-{name}": value for name, value in row.items()}
    return {**sent, "as_read": formset.now}


def level(value, name, **more):
    return {"value": value, "name": name, "anchor": "", **more}


FIVE = [level(n, f"Step {n}") for n in (4, 3, 2, 1, 0)]


def test_levels_change_places_come_and_go(sign_in, draft):
    browser = sign_in("team")
    address = reverse("questionnaire_scale", args=[draft.pk])
    rows = [*FIVE[:4], level(0, "Gone", DELETE="on"), level(5, "New"), level("", "")]

    answer = browser.post(address, scale_sent(browser, address, rows))

    assert answer.url == draft.get_absolute_url()
    assert [str(one) for one in draft.levels.all()] == [
        "1 Step 1",
        "2 Step 2",
        "3 Step 3",
        "4 Step 4",
        "5 New",
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([*FIVE[:4], level(1, "Again")], "Each number once"),
        ([*FIVE[:4], level(11, "High")], "less than or equal to 10"),
        ([*FIVE[:4], level(0, "")], "Give the level a name."),
    ],
)
def test_a_bad_scale_is_refused(rows, says, sign_in, draft):
    browser = sign_in("team")
    address = reverse("questionnaire_scale", args=[draft.pk])

    answer = browser.post(address, scale_sent(browser, address, rows))

    assert answer.status_code == 422
    assert says in answer.text
    assert draft.levels.get(value=0).name == "Not started"


def test_two_people_at_the_scale_see_each_others_version(sign_in, draft):
    browser = sign_in("team")
    address = reverse("questionnaire_scale", args=[draft.pk])
    mine = scale_sent(browser, address, FIVE)
    draft.levels.filter(value=0).update(name="Theirs")

    clash = browser.post(address, mine)
    kept = draft.levels.get(value=0).name
    browser.post(address, {**mine, "as_read": clash.context["formset"].now})

    assert clash.status_code == 409
    assert "0 Theirs" in clash.text
    assert 'value="Step 0"' in clash.text
    assert kept == "Theirs"
    assert draft.levels.get(value=0).name == "Step 0"


# Order


@pytest.mark.parametrize(
    ("code", "way", "order"),
    [
        ("A1.2", "up", ["A1.2", "A1.1", "A1.3"]),
        ("A1.2", "down", ["A1.1", "A1.3", "A1.2"]),
        ("A1.1", "up", ["A1.1", "A1.2", "A1.3"]),
        ("A1.3", "down", ["A1.1", "A1.2", "A1.3"]),
    ],
)
def test_a_statement_moves_within_its_section(code, way, order, sign_in, draft):
    statement = draft.statements.get(code=code)

    answer = sign_in("team").post(
        reverse("part_move", args=[draft.pk, "statement", statement.pk]), {"way": way}
    )

    section = draft.sections.get(code="A1")
    assert answer.url == f"{draft.get_absolute_url()}#statement-{statement.pk}"
    assert codes(section.statements.all()) == order
    assert [statement.order for statement in section.statements.all()] == [1, 2, 3]
    assert codes(draft.sections.get(code="A2").statements.all()) == ["A2.1", "A2.2"]


def test_areas_and_sections_move(sign_in, draft):
    browser = sign_in("team")
    area, section = draft.areas.get(code="B"), draft.sections.get(code="A2")

    browser.post(reverse("part_move", args=[draft.pk, "area", area.pk]), {"way": "up"})
    browser.post(reverse("part_move", args=[draft.pk, "section", section.pk]), {"way": "up"})

    assert codes(draft.areas.all()) == ["B", "A"]
    assert codes(draft.statements.in_order()) == [
        "B1.1",
        "B1.2",
        "A2.1",
        "A2.2",
        "A1.1",
        "A1.2",
        "A1.3",
    ]


# Removing


@pytest.mark.parametrize(
    ("kind", "code", "goes", "left"),
    [
        ("statement", "A1.2", ["A1.2"], ["A1.1", "A1.3", "A2.1", "A2.2", "B1.1", "B1.2"]),
        ("section", "A1", ["A1.1", "A1.2", "A1.3"], ["A2.1", "A2.2", "B1.1", "B1.2"]),
        ("area", "A", ["A1.1", "A1.2", "A1.3", "A2.1", "A2.2"], ["B1.1", "B1.2"]),
    ],
)
def test_removing_says_what_goes_and_takes_just_that(kind, code, goes, left, sign_in, draft):
    browser = sign_in("team")
    part = getattr(draft, f"{kind}s").get(code=code)
    address = reverse("part_remove", args=[draft.pk, kind, part.pk])

    page = browser.get(address)
    browser.post(address, {"as_read": page.context["as_read"]})

    assert codes(page.context["inside"]) == goes
    assert codes(draft.statements.in_order()) == left


def test_what_changed_since_the_question_is_not_removed(sign_in, draft, first):
    browser = sign_in("team")
    address = reverse("part_remove", args=[draft.pk, "section", first.section_id])
    seen = browser.get(address).context["as_read"]
    Statement.objects.filter(pk=first.pk).update(text="Reworded meanwhile.")

    answer = browser.post(address, {"as_read": seen})

    assert answer.status_code == 409
    assert "Reworded meanwhile." in answer.text
    assert draft.statements.count() == 7


# Two people at once


def test_two_people_at_one_statement_see_both_versions_and_nothing_is_lost(sign_in, first):
    browser = sign_in("team")
    mine = {**filled_in(browser, edit_url(first)), "text": "Mine.", "quick_check": ""}
    Statement.objects.filter(pk=first.pk).update(text="Theirs.")

    clash = browser.post(edit_url(first), mine)
    kept = Statement.objects.get(pk=first.pk).text
    again = {**mine, "as_read": clash.context["form"]["as_read"].value()}
    browser.post(edit_url(first), again)

    assert clash.status_code == 409
    assert [(line.label, line.text) for line in clash.context["form"].theirs] == [
        ("Statement", "Theirs."),
        ("Part of the quick check", "Yes"),
    ]
    assert "Mine." in clash.text
    assert kept == "Theirs."
    assert Statement.objects.get(pk=first.pk).text == "Mine."


def test_topics_changed_meanwhile_are_noticed(sign_in, first):
    browser = sign_in("team")
    mine = {**filled_in(browser, edit_url(first)), "text": "Mine."}
    first.topics.add(topic := Topic.objects.first())

    clash = browser.post(edit_url(first), mine)

    assert clash.status_code == 409
    assert ("Topics", topic.name) in [(ln.label, ln.text) for ln in clash.context["form"].theirs]


def test_the_same_change_twice_is_no_clash(sign_in, first):
    browser = sign_in("team")
    mine = {**filled_in(browser, edit_url(first)), "text": "The same."}
    Statement.objects.filter(pk=first.pk).update(text="The same.")

    answer = browser.post(edit_url(first), mine)

    assert answer.status_code == 302


# Not a draft, not the team


def addresses(questionnaire):
    statement = questionnaire.statements.in_order().first()
    section, area = statement.section, statement.section.area
    pk = questionnaire.pk
    return [
        reverse("questionnaire_details", args=[pk]),
        reverse("questionnaire_scale", args=[pk]),
        reverse("area_add", args=[pk]),
        reverse("area_edit", args=[pk, area.pk]),
        reverse("section_add", args=[pk, area.pk]),
        reverse("section_edit", args=[pk, section.pk]),
        reverse("statement_add", args=[pk, section.pk]),
        reverse("statement_edit", args=[pk, statement.pk]),
        reverse("part_remove", args=[pk, "area", area.pk]),
        reverse("part_move", args=[pk, "area", area.pk]),
    ]


def rows(model):
    return list(model.objects.order_by("pk").values())


def test_a_published_edition_refuses_every_change_and_gives_back_what_was_typed(
    sign_in, questionnaire
):
    browser = sign_in("team")
    before = [rows(model) for model in (Questionnaire, Area, Section, Statement)]
    typed = {"text": "A new <i>wording</i>", "way": "up"}

    answers = [browser.post(address, typed) for address in addresses(questionnaire)]

    assert {answer.status_code for answer in answers} == {409}
    pages = [answer.text for answer in answers]
    assert ["is published, so it no longer changes." in page for page in pages] == [True] * 10
    assert ["A new &lt;i&gt;wording&lt;/i&gt;" in page for page in pages] == [True] * 10
    assert [rows(model) for model in (Questionnaire, Area, Section, Statement)] == before


def test_a_published_edition_opens_no_form(sign_in, questionnaire):
    browser = sign_in("team")
    pages = addresses(questionnaire)[:-1]

    answers = [browser.get(address) for address in pages]
    read = browser.get(questionnaire.get_absolute_url()).text

    assert [answer.url for answer in answers] == [questionnaire.get_absolute_url()] * 9
    assert [address for address in addresses(questionnaire) if address in read] == []


@pytest.mark.parametrize("who", ["lead", "group_member", "outsider", "facilitator", "funder"])
def test_only_the_team_words_a_questionnaire(who, sign_in, draft, questionnaire):
    browser = sign_in(who)
    before = [rows(model) for model in (Questionnaire, Area, Section, Statement)]

    drafted = {browser.post(address).status_code for address in addresses(draft)}
    published = {browser.post(address).status_code for address in addresses(questionnaire)}

    assert (drafted, published) == ({404}, {403})
    assert [rows(model) for model in (Questionnaire, Area, Section, Statement)] == before


def test_parts_of_another_draft_are_missing(sign_in, draft):
    other = factories.draft(name="Another")
    browser = sign_in("team")
    mixed = [
        address.replace(f"/questionnaires/{other.pk}/", f"/questionnaires/{draft.pk}/")
        for address in addresses(other)[3:]
    ]

    answers = {browser.post(address).status_code for address in mixed}

    assert answers == {404}
    assert (draft.statements.count(), other.statements.count()) == (7, 7)


def test_an_unknown_kind_of_part_is_missing(sign_in, draft, first):
    answer = sign_in("team").post(f"/questionnaires/{draft.pk}/level/{first.pk}/move/")

    assert answer.status_code == 404
