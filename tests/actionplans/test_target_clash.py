"""Two people write in one target: nothing is overwritten in silence, nothing typed is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actionplans.models import Milestone
from selfassessment.models import Statement
from tests.actionplans.sent import as_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(target):
    return reverse("target_edit", args=[target.pk])


@pytest.fixture
def mine(sign_in):
    return sign_in("lead")


@pytest.fixture
def theirs(sign_in):
    return sign_in("inclusion_lead")


def opened(browser, address) -> str:
    return browser.get(address).text


def test_where_both_changed_a_field_both_texts_are_shown(mine, theirs, address, target):
    page = opened(mine, address)
    theirs.post(address, as_sent(opened(theirs, address), measure="Theirs", unit="people"))

    answer = mine.post(address, as_sent(page, measure="Mine <b>", helpers="Tutors"))

    found = answer.context["page"]
    target.refresh_from_db()
    assert answer.status_code == 409
    assert [(one.label, one.mine, one.theirs) for one in found.differences] == [
        ("How we will know", "Mine <b>", "Theirs")
    ]
    assert found.taken == ["What is counted"]
    assert "The inclusion lead saved this target meanwhile" in answer.text
    assert "<blockquote>Mine &lt;b&gt;</blockquote>" in answer.text
    assert "<blockquote>Theirs</blockquote>" in answer.text
    shown = as_sent(answer.text)
    assert (shown["measure"], shown["helpers"], shown["unit"]) == (
        *(["Mine <b>"], ["Tutors"]),
        ["people"],
    )
    assert (target.measure, target.helpers, target.version) == ("Theirs", "", 2)


@pytest.mark.parametrize(("pick", "kept"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_a_choice_is_saved_with_all_else_of_both(mine, theirs, address, target, pick, kept):
    page = opened(mine, address)
    theirs.post(address, as_sent(opened(theirs, address), measure="Theirs", unit="people"))
    clash = mine.post(address, as_sent(page, measure="Mine", helpers="Tutors")).text

    answer = mine.post(address, as_sent(clash, **{"pick-measure": pick}))

    target.refresh_from_db()
    assert answer.status_code == 302
    assert (target.measure, target.helpers, target.unit) == (kept, "Tutors", "people")


def test_changes_of_different_fields_are_merged_and_it_is_said(mine, theirs, address, target):
    page = opened(mine, address)
    theirs.post(address, as_sent(opened(theirs, address), unit="people"))

    answer = mine.post(address, as_sent(page, helpers="Tutors"), follow=True)

    target.refresh_from_db()
    assert "What was saved meanwhile is kept in: What is counted." in answer.text
    assert (target.helpers, target.unit, target.version) == ("Tutors", "people", 3)


def test_a_third_save_is_shown_as_well(mine, theirs, address, target):
    page = opened(mine, address)
    theirs.post(address, as_sent(opened(theirs, address), measure="Second"))
    clash = mine.post(address, as_sent(page, measure="Mine")).text
    theirs.post(address, as_sent(opened(theirs, address), measure="Third"))

    answer = mine.post(address, as_sent(clash))

    target.refresh_from_db()
    assert answer.status_code == 409
    assert [one.theirs for one in answer.context["page"].differences] == ["Third"]
    assert target.measure == "Third"


def test_the_same_words_are_no_clash(mine, theirs, address, target):
    page = opened(mine, address)
    theirs.post(address, as_sent(opened(theirs, address), measure="The same"))

    answer = mine.post(address, as_sent(page, measure="The same"))

    assert answer.status_code == 302


def test_chosen_statements_dates_people_and_milestones_are_told_in_words(
    mine, theirs, address, target, person
):
    Milestone.objects.create(target=target, text="First")
    by_code = {one.code: one.pk for one in Statement.objects.all()}
    page = opened(mine, address)
    first = target.milestones.get().pk
    theirs.post(
        address,
        as_sent(
            opened(theirs, address),
            statements=[by_code["A1.1"], by_code["A1.2"]],
            due_on="2027-03-01",
            owner="",
            **{"milestone-0-text": "Theirs", "milestone-0-due_on": "2027-02-01"},
        ),
    )

    answer = mine.post(
        address,
        as_sent(
            page,
            statements=[by_code["B1.1"]],
            due_on="2027-04-01",
            owner=person("lead").pk,
            **{"milestone-0-text": "Mine", "milestone-1-text": "More | of it"},
        ),
    )

    found = {one.name: (one.mine, one.theirs) for one in answer.context["page"].differences}
    assert found == {
        "due_on": ("1 April 2027", "1 March 2027"),
        "owner": ("The lead", ""),
        "statements": ("B1.1 We have A POLICY.", "A1.1 We have A VISION., A1.2 We have leaders."),
        "milestone": ("Mine\nMore | of it", "Theirs, by 1 February 2027"),
    }
    picks = {f"pick-{name}": "theirs" for name in found}
    assert mine.post(address, as_sent(answer.text, **picks)).status_code == 302
    target.refresh_from_db()
    assert (str(target.due_on), target.owner) == ("2027-03-01", None)
    assert [(one.pk, one.text, str(one.due_on)) for one in target.milestones.all()] == [
        (first, "Theirs", "2027-02-01")
    ]
    assert {one.code for one in target.statements.all()} == {"A1.1", "A1.2"}


def test_new_milestones_of_both_are_kept_by_choice_only(mine, theirs, address, target):
    page = opened(mine, address)
    theirs.post(address, as_sent(opened(theirs, address), **{"milestone-0-text": "Theirs"}))

    clash = mine.post(address, as_sent(page, **{"milestone-0-text": "Mine"}))
    mine.post(address, as_sent(clash.text))

    assert clash.status_code == 409
    assert [one.text for one in target.milestones.all()] == ["Mine"]


def test_more_rows_on_a_page_that_clashes_show_the_clash(mine, theirs, address, target):
    page = opened(mine, address)
    theirs.post(address, as_sent(opened(theirs, address), measure="Theirs"))

    answer = mine.post(address, as_sent(page, measure="Mine", go="rows"))

    assert answer.status_code == 409
    assert as_sent(answer.text)["measure"] == ["Mine"]


@pytest.mark.parametrize("read", ["", "[]", "nonsense", '{"measure": "x"}'])
def test_a_page_that_does_not_say_what_it_was_shown_overwrites_nothing(mine, address, target, read):
    answer = mine.post(address, as_sent(opened(mine, address), measure="Mine", as_read=read))

    target.refresh_from_db()
    assert (answer.status_code, target.measure) == (409, "80 tutors take part, of 100")


def test_a_tick_on_a_milestone_is_no_clash(mine, address, target):
    step = Milestone.objects.create(target=target, text="First")
    page = opened(mine, address)
    Milestone.objects.update(done_on="2026-10-01")

    answer = mine.post(address, as_sent(page, measure="80 of 100 tutors"))

    step.refresh_from_db()
    assert (answer.status_code, str(step.done_on)) == (302, "2026-10-01")
