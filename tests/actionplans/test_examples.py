"""Example targets: what ships, what is missing, and how the programme team words them."""

from __future__ import annotations

import csv
import re

import pytest
from django.urls import reverse

from actionplans import examples
from actionplans.examples import SHIPPED
from actionplans.models import ExampleTarget
from portal.models import Activity
from selfassessment.models import PlanArea
from selfassessment.questionnaires.editions import SHIPPED_NAME
from tests import factories

WORDS = {
    "questionnaire": "Test set",
    "codes": "a1.1, A1 a1.1",
    "area": PlanArea.LEADERSHIP,
    "title": "Give the inclusion lead paid time",
    "measure": "Half a day a week; 30 of 36 kept",
    "role": "Head of service",
    "due": "October",
}

NUMBER = re.compile(r"\d")


def shipped() -> list[dict[str, str]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def example(title="Pay for the time", codes=("A1.1",), **fields) -> ExampleTarget:
    fields = {"questionnaire": "Test set", "area": PlanArea.WORKFORCE, "measure": "20", **fields}
    return ExampleTarget.objects.create(title=title, codes=list(codes), **fields)


def titles() -> list[str]:
    return [one.title for one in ExampleTarget.objects.in_order()]


def test_every_statement_and_section_that_ships_has_examples():
    with factories.data_file("maturity-questionnaire-v1.csv").open(encoding="utf-8") as file:
        asked = list(csv.DictReader(file))
    given = [code for row in shipped() for code in row["codes"].split()]
    sections = {row["section_code"] for row in asked}

    assert [row["code"] for row in asked if row["code"] not in given] == []
    assert {section for section in sections if given.count(section) < 2} == set()
    assert set(given) - sections - {row["code"] for row in asked} == set()


def test_what_ships_is_told_apart_and_fits_its_fields():
    rows = shipped()

    assert len({row["title"] for row in rows}) == len(rows)
    assert {row["area"] for row in rows} == set(PlanArea.values)
    assert [row for row in rows if not all(row.values())] == []
    wordless = [row["measure"] for row in rows if not NUMBER.search(row["measure"])]
    assert wordless == []


def test_loading_twice_adds_nothing_and_keeps_what_was_changed(db):
    first = examples.load()
    ExampleTarget.objects.filter(title=titles()[0]).update(measure="Ours")
    second = examples.load()

    assert (first, second) == (len(shipped()), 0)
    assert ExampleTarget.objects.in_order()[0].measure == "Ours"
    assert ExampleTarget.objects.count() == len(shipped())


def test_a_shelf_shows_sections_gaps_and_what_fits_none(questionnaire):
    one, two = example(codes=["A1.2"]), example("Meet the board", codes=["A2", "A1.1"])
    gone = example("Of an older edition", codes=["Z9"])
    elsewhere = example("Of another", questionnaire="Withdrawn set")

    test_set, other = examples.shelves()

    assert [(s.section.code, s.examples) for s in test_set.sections] == [
        ("A1", [one, two]),
        ("A2", [two]),
        ("B1", []),
    ]
    assert [section.code for section in test_set.gaps] == ["B1"]
    assert test_set.others == [gone]
    assert (other.name, other.sections, other.others) == ("Withdrawn set", [], [elsewhere])


def test_the_newest_edition_in_use_makes_the_shelf(questionnaire, person):
    newer = factories.draft(edition=2, parts=[("A", "A7", "New", ["thing"])])
    factories.publish(newer, person("team"))

    (shelf,) = examples.shelves()

    assert [one.section.code for one in shelf.sections] == ["A7"]


@pytest.mark.parametrize("name", ["board_viewer", "outsider", "funder"])
def test_anybody_signed_in_reads_them_and_edits_none(sign_in, questionnaire, name):
    one = example()

    page = sign_in(name).get(reverse("examples")).text

    assert one.title in page
    assert reverse("example_edit", args=[one.pk]) not in page
    assert reverse("example_add") not in page
    assert "Sections without an example" not in page


def test_the_team_sees_what_is_missing(sign_in, questionnaire):
    one = example()

    page = sign_in("team").get(reverse("examples")).text

    assert reverse("example_edit", args=[one.pk]) in page
    assert f"{reverse('example_add')}?questionnaire=Test%20set&amp;codes=B1" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [("team", "Publish a questionnaire first."), ("lead", "The programme team writes them")],
)
def test_no_example_yet_is_said_usefully(sign_in, avon, name, words):
    assert words in sign_in(name).get(reverse("examples")).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    sign_in, questionnaire, rows, django_assert_num_queries
):
    for number in range(rows):
        example(f"Number {number}")
    browser = sign_in("team")
    browser.get(reverse("examples"))

    with django_assert_num_queries(8):
        browser.get(reverse("examples"))


def test_the_team_adds_one(sign_in, questionnaire, person):
    browser = sign_in("team")
    example()

    answer = browser.post(reverse("example_add"), WORDS)

    added = ExampleTarget.objects.latest("pk")
    assert answer.url == reverse("examples")
    assert (added.codes, added.title, added.order) == (["A1.1", "A1"], WORDS["title"], 1)
    assert added.changed_by == person("team")
    assert str(Activity.objects.latest("pk").subject) == f"the example target “{added.title}”"


def test_a_gap_leads_to_a_form_that_knows_it(sign_in, questionnaire):
    form = (
        sign_in("team")
        .get(reverse("example_add"), {"questionnaire": "Test set", "codes": "B1"})
        .context["form"]
    )

    assert (form["questionnaire"].value(), form["codes"].value()) == ("Test set", "B1")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("codes", "A1.1, Q7", "“Test set” has no Q7."),
        ("codes", " , ", "Say which statements or sections it suits."),
        ("codes", " ".join(f"A{n}" for n in range(30)), "At most 20 codes."),
        ("questionnaire", "Nowhere", "Select a valid choice."),
        ("area", "", "Choose a plan area."),
        ("title", "", "Say what will change."),
        ("measure", "", "Say how anybody will know."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(sign_in, questionnaire, field, typed, said):
    answer = sign_in("team").post(reverse("example_add"), {**WORDS, field: typed, "due": "Kept"})

    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert 'value="Kept"' in answer.text
    assert not ExampleTarget.objects.exists()


def test_codes_are_those_of_published_editions_only(sign_in, questionnaire, person):
    factories.draft(edition=2, parts=[("A", "A7", "New", ["thing"])])

    answer = sign_in("team").post(reverse("example_add"), {**WORDS, "codes": "A7"})

    assert answer.status_code == 422
    assert not ExampleTarget.objects.exists()


def test_the_team_changes_one(sign_in, questionnaire):
    one = example()
    browser, address = sign_in("team"), reverse("example_edit", args=[one.pk])
    page = browser.get(address)

    answer = browser.post(address, {**WORDS, "as_read": page.context["as_read"]})

    one.refresh_from_db()
    assert answer.url == reverse("examples")
    assert page.context["form"]["codes"].value() == "A1.1"
    assert (one.title, one.measure) == (WORDS["title"], WORDS["measure"])


def test_an_example_of_a_questionnaire_not_published_keeps_its_name(sign_in, questionnaire):
    one = example(questionnaire="An older set")

    form = sign_in("team").get(reverse("example_edit", args=[one.pk])).context["form"]

    assert [name for name, _ in form.fields["questionnaire"].choices] == [
        "Test set",
        "An older set",
    ]


def test_two_who_change_one_see_both_and_then_choose(sign_in, questionnaire, person):
    one = example()
    browser, address = sign_in("team"), reverse("example_edit", args=[one.pk])
    as_read = browser.get(address).context["as_read"]
    one.title = "Theirs"
    examples.change(example=one, as_read=as_read, by=person("team"))

    clash = browser.post(address, {**WORDS, "as_read": as_read})
    kept = titles()
    again = browser.post(address, {**WORDS, "as_read": clash.context["as_read"]})

    assert clash.status_code == 409
    assert "Theirs" in clash.text
    assert WORDS["title"] in clash.text
    assert kept == ["Theirs"]
    assert (again.status_code, titles()) == (302, [WORDS["title"]])


def test_wording_of_one_that_was_removed_meanwhile_can_be_added_again(sign_in, questionnaire):
    one = example()
    address = reverse("example_edit", args=[one.pk])
    one.delete()

    answer = sign_in("team").post(address, {**WORDS, "as_read": "x"})

    assert answer.status_code == 409
    assert f'action="{reverse("example_add")}"' in answer.text
    assert WORDS["title"] in answer.text
    assert sign_in("team").get(address).status_code == 404


def test_the_team_removes_one(sign_in, questionnaire):
    one, other = example(), example("Stays")
    browser, address = sign_in("team"), reverse("example_remove", args=[one.pk])
    page = browser.get(address)

    browser.post(address, {"as_read": page.context["as_read"]})

    assert one.title in page.text
    assert titles() == [other.title]


def test_one_that_changed_meanwhile_is_not_removed(sign_in, questionnaire):
    one = example()

    answer = sign_in("team").post(reverse("example_remove", args=[one.pk]), {"as_read": "older"})

    assert answer.status_code == 409
    assert "nothing was removed" in answer.text
    assert titles() == [one.title]


@pytest.mark.parametrize("name", ["lead", "facilitator", "funder"])
@pytest.mark.parametrize("route", ["example_add", "example_edit", "example_remove"])
def test_others_are_told_no(sign_in, questionnaire, name, route):
    one = example()
    address = reverse(route, args=[] if route == "example_add" else [one.pk])

    answer = sign_in(name).post(address, {**WORDS, "as_read": examples.read_at(one)})

    assert answer.status_code == 403
    assert titles() == [one.title]


def test_shipped_examples_are_offered_for_their_statement_and_its_section(db, person):
    examples.load()
    section = factories.publish(
        factories.draft(name=SHIPPED_NAME, parts=[("A", "A1", "Vision", ["a", "b"])]),
        person("team"),
    ).sections.get()

    offered = ExampleTarget.objects.for_statement(section.statements.get(code="A1.1"))

    assert "Write one page that says what music is for here" in [one.title for one in offered]
    assert {code.split(".")[0] for one in offered for code in one.codes} == {"A1"}
