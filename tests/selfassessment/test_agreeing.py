"""Agreed ratings: who gives them, when, that two never overwrite each other, in bulk, and alone."""

from __future__ import annotations

import pytest

from portal.models import Activity, Verb
from selfassessment.models import AgreedRating, Audit, Privacy, RoleGroup, Statement
from selfassessment.talk import agenda, agreeing, closing, spread
from selfassessment.talk.agreeing import Agreement, Clash
from tests import factories

CODES = ["A1.1", "A1.2", "A1.3", "A2.1", "A2.2", "B1.1", "B1.2"]


@pytest.fixture
def talking(audit, person) -> Audit:
    """Six tutors rated. Wide apart: A1.1. Close: A1.2 and A2.1 (flagged). Few: A1.3."""
    audit.privacy = Privacy.NAMED
    audit.save(update_fields=["privacy"])
    made = factories.heard(
        audit,
        RoleGroup.TUTOR,
        *(
            {"A1.1": wide, "A1.2": close, "A1.3": few, "A2.1": 3}
            for wide, close, few in [
                (0, 1, 1),
                (0, 1, 1),
                (1, 2, "dk"),
                (2, 2, "dk"),
                (4, 2, "dk"),
                (4, 2, "dk"),
            ]
        ),
    )
    made[0].ratings.filter(statement__code="A2.1").update(discuss=True)
    factories.open_talk(audit, person("lead"))
    return audit


@pytest.fixture
def lead(person):
    return person("lead")


def agree(audit, by, choice="", reason="", *, version=0, page="page", code="A1.1"):
    return agreeing.agree(
        audit=audit,
        statement=Statement.objects.get(code=code),
        entry=Agreement(choice, reason),
        version=version,
        page=page,
        by=by,
    )


def agreed() -> dict[str, tuple[str, str]]:
    rows = AgreedRating.objects.select_related("statement")
    return {row.statement.code: (row.choice, row.reason) for row in rows}


def address(audit, code="A1.1") -> str:
    return f"/self-assessments/{audit.pk}/agree/{code}/"


def fields(code="A1.1", **typed) -> dict[str, str]:
    pk = Statement.objects.get(code=code).pk
    return {f"s{pk}-{name}": value for name, value in {"version": "0", **typed}.items()}


# The action


def test_a_level_is_agreed_with_who_and_how(talking, lead):
    row = agree(talking, lead, "3", "In the handbook since May.")

    assert Agreement.of(row) == Agreement("3", "In the handbook since May.")
    assert (row.version, row.agreed_by, row.via) == (1, lead, "browser")


def test_nothing_on_nothing_and_the_same_again_write_nothing(talking, lead):
    assert agree(talking, lead) is None
    first = agree(talking, lead, "3")

    second = agree(talking, lead, "3", page="another")

    assert (second.version, second.agreed_at) == (first.version, first.agreed_at)


@pytest.mark.parametrize("choice", ["na", "parked"])
def test_without_a_level_there_is_a_reason(talking, lead, choice):
    with pytest.raises(agreeing.NoReasonError):
        agree(talking, lead, choice, "  ")
    assert agreed() == {}

    agree(talking, lead, choice, "The council does this.")

    assert agreed() == {"A1.1": (choice, "The council does this.")}


def test_a_level_off_the_scale_is_refused(talking, lead):
    with pytest.raises(agreeing.NoSuchLevelError):
        agree(talking, lead, "5")

    assert agreed() == {}


def test_what_was_agreed_can_be_cleared_and_stays_in_the_history(talking, lead):
    agree(talking, lead, "3", page="mine")

    agree(talking, lead, "", page="mine")

    row = AgreedRating.objects.get()
    assert row.choice == ""
    assert [event.value for event in row.events.order_by("pgh_id")] == [3, None]


def test_another_page_with_an_old_version_clashes_and_writes_nothing(talking, lead, person):
    agree(talking, lead, "3", "Ours.", page="theirs")

    result = agree(talking, person("inclusion_lead"), "1", "Mine.", page="mine")

    assert isinstance(result, Clash)
    assert (result.mine.reason, result.theirs.reason) == ("Mine.", "Ours.")
    assert agreed() == {"A1.1": ("3", "Ours.")}


def test_a_page_never_clashes_with_itself_and_a_late_save_changes_nothing(talking, lead):
    agree(talking, lead, "3", "Typed to the end.", page="load.000010")

    late = agree(talking, lead, "3", "Typed to", page="load.000009")
    later = agree(talking, lead, "2", page="load.000011")

    assert (late.reason, later.choice) == ("Typed to the end.", "2")


def test_before_the_talk_nothing_is_agreed(audit, lead):
    with pytest.raises(closing.NotTalkingError, match="not open"):
        agree(audit, lead, "3")

    assert agreed() == {}


def test_once_the_year_is_closed_nothing_changes(talking, lead):
    agree(talking, lead, "3")
    closing.close_year(audit=talking, by=lead)

    with pytest.raises(closing.NotTalkingError, match="closed"):
        agree(talking, lead, "1", version=1)

    assert agreed() == {"A1.1": ("3", "")}


@pytest.mark.django_db(transaction=True)
def test_two_people_agreeing_at_once_end_as_one_rating_and_one_clash(talking, person, at_once):
    lead, other = person("lead"), person("inclusion_lead")

    results = at_once(
        lambda: agree(talking, lead, "1", page="a"), lambda: agree(talking, other, "4", page="b")
    )

    assert sorted(type(result).__name__ for result in results) == ["AgreedRating", "Clash"]
    assert AgreedRating.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_agreed_while_closing_is_in_the_year_or_refused(talking, person, at_once):
    lead, other = person("lead"), person("inclusion_lead")
    agree(talking, lead, "2", code="A1.2")

    closed, result = at_once(
        lambda: closing.close_year(audit=talking, by=lead),
        lambda: agree(talking, other, "4"),
    )

    assert closed is None
    was_in_time = isinstance(result, AgreedRating)
    assert was_in_time or isinstance(result, closing.NotTalkingError)
    assert ("A1.1" in agreed()) == was_in_time


# In bulk


def offered(audit) -> dict[str, int]:
    done = {item.statement.pk for item in agenda.read(audit).done}
    return {
        one.statement.code: one.middle for one in agreeing.close_together(spread.read(audit), done)
    }


def ids(**levels: int) -> dict[int, int]:
    return {
        Statement.objects.get(code=name.replace("_", ".")).pk: level
        for name, level in levels.items()
    }


def test_bulk_offers_what_is_close_rated_by_many_and_not_agreed_yet(talking, lead):
    assert offered(talking) == {"A1.2": 2, "A2.1": 3}

    agree(talking, lead, "4", code="A1.2")

    assert offered(talking) == {"A2.1": 3}


def test_bulk_does_not_pass_over_the_voice_of_families(audit, person):
    factories.heard(audit, RoleGroup.TUTOR, *[{"A1.1": 3, "A1.2": 3}] * 5)
    factories.heard(audit, RoleGroup.YOUNG, *[{"A1.1": 1, "A1.2": 2}] * 5)
    factories.open_talk(audit, person("lead"))

    assert offered(audit) == {"A1.2": 3}


def test_bulk_takes_the_middle_rating_and_says_how_many(talking, lead):
    done = agreeing.agree_in_bulk(audit=talking, shown=ids(A1_2=2, A2_1=3), by=lead)

    assert sorted(one.code for one in done.agreed) == ["A1.2", "A2.1"]
    assert {row.via for row in AgreedRating.objects.all()} == {"bulk"}
    assert agreed() == {"A1.2": ("2", ""), "A2.1": ("3", "")}
    assert list(Activity.objects.values_list("verb", "subject")) == [
        (Verb.AGREED, f"2 statements of {talking}")
    ]


def test_bulk_leaves_alone_what_somebody_agreed_meanwhile(talking, lead):
    agree(talking, lead, "4", "As said in June.", code="A1.2")

    done = agreeing.agree_in_bulk(audit=talking, shown=ids(A1_2=2, A2_1=3), by=lead)

    assert [(one.statement.code, one.why) for one in done.left_alone] == [
        ("A1.2", "was agreed meanwhile")
    ]
    assert agreed() == {"A1.2": ("4", "As said in June."), "A2.1": ("3", "")}


def test_bulk_takes_nothing_that_it_would_not_have_shown(talking, lead):
    done = agreeing.agree_in_bulk(audit=talking, shown=ids(A1_1=1, A1_2=4, A1_3=1), by=lead)

    assert {one.statement.code for one in done.left_alone} == {"A1.1", "A1.2", "A1.3"}
    assert agreed() == {}
    assert not Activity.objects.exists()


def test_bulk_agrees_again_what_was_cleared(talking, lead):
    agree(talking, lead, "4", code="A1.2", page="mine")
    agree(talking, lead, "", code="A1.2", page="mine")

    agreeing.agree_in_bulk(audit=talking, shown=ids(A1_2=2), by=lead)

    assert agreed() == {"A1.2": ("2", "")}


@pytest.mark.django_db(transaction=True)
def test_bulk_and_one_at_once_never_overwrite_each_other(talking, person, at_once):
    lead, other = person("lead"), person("inclusion_lead")

    done, one = at_once(
        lambda: agreeing.agree_in_bulk(audit=talking, shown=ids(A1_2=2), by=lead),
        lambda: agree(talking, other, "4", code="A1.2", page="b"),
    )

    if isinstance(one, Clash):
        assert agreed() == {"A1.2": ("2", "")}
        assert len(done.agreed) == 1
    else:
        assert agreed() == {"A1.2": ("4", "")}
        assert [left.why for left in done.left_alone] == ["was agreed meanwhile"]


def test_the_bulk_page_shows_first_and_agrees_what_is_ticked(sign_in, talking):
    browser, url = sign_in("lead"), f"/self-assessments/{talking.pk}/agree/bulk/"
    (close, level), *_ = ids(A1_2=2).items()

    page = browser.get(url).text
    answer = browser.post(url, {"take": [f"{close}:{level}"]}, follow=True)

    assert f'value="{close}:2" checked' in page
    assert '<p class="sm">2 gave 1, 4 gave 2</p>' in page
    assert "1 wants to discuss" in page
    assert "Agreed 1 statement." in answer.text
    assert agreed() == {"A1.2": ("2", "")}


def test_what_somebody_wants_to_discuss_has_no_tick_yet(sign_in, talking):
    page = sign_in("lead").get(f"/self-assessments/{talking.pk}/agree/bulk/").text
    flagged = Statement.objects.get(code="A2.1").pk

    assert f'value="{flagged}:3">' in page


def test_the_bulk_page_asks_for_a_tick_and_takes_no_nonsense(sign_in, talking):
    browser, url = sign_in("lead"), f"/self-assessments/{talking.pk}/agree/bulk/"

    answers = [browser.post(url, {"take": take}) for take in ([], ["1:x", "all", "²:2"])]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Tick at least one statement" in answers[0].text
    assert agreed() == {}


def test_the_bulk_page_says_what_was_left_alone(sign_in, talking, lead):
    agree(talking, lead, "4", code="A1.2")
    (pk, _), *_ = ids(A1_2=2).items()

    answer = sign_in("lead").post(
        f"/self-assessments/{talking.pk}/agree/bulk/", {"take": [f"{pk}:2"]}, follow=True
    )

    assert "Left as they are: A1.2 was agreed meanwhile." in answer.text
    assert agreed() == {"A1.2": ("4", "")}


@pytest.mark.parametrize("who", ["group_member", "board_viewer"])
def test_bulk_is_for_leads(sign_in, talking, who):
    (pk, _), *_ = ids(A1_2=2).items()

    answer = sign_in(who).post(f"/self-assessments/{talking.pk}/agree/bulk/", {"take": [f"{pk}:2"]})

    assert answer.status_code == 403
    assert agreed() == {}


# Alone


@pytest.fixture
def lone(response):
    """The lead rated, nobody else was asked, and it is handed in."""
    factories.rate(response, "A1.1", 3, reason="Left over.", comment="Since May.")
    factories.rate(response, "A1.2", "na", reason="We have none.")
    factories.rate(response, "A1.3", "dk")
    factories.hand_in(response)
    return response


def test_alone_ones_ratings_become_the_agreed_ones(audit, lone, lead):
    count = agreeing.agree_alone(audit=audit, by=lead)

    audit.refresh_from_db()
    lone.refresh_from_db()
    assert count == 2
    assert agreed() == {"A1.1": ("3", ""), "A1.2": ("na", "We have none.")}
    assert (audit.alone, audit.stage, lone.counted) == (True, "talk", True)
    assert audit.totals_shown_by == audit.talk_opened_by == lead
    assert list(Activity.objects.values_list("verb", "subject")) == [
        (Verb.AGREED, f"their own ratings as {audit}")
    ]


def test_alone_shows_first_what_is_taken_and_what_stays_open(sign_in, audit, lone):
    browser, url = sign_in("lead"), f"/self-assessments/{audit.pk}/agree/alone/"

    page = browser.get(url).text
    answer = browser.post(url)

    assert "The 2 ratings below become" in page
    assert '<span class="tag full">3 In place</span>' in page
    assert page.index("What is taken") < page.index("A1.2") < page.index("What stays open")
    assert page.index("What stays open") < page.index("A1.3")
    assert answer.url == f"/self-assessments/{audit.pk}/results/"


def refused_alone(audit, by) -> None:
    with pytest.raises(agreeing.NotAloneError):
        agreeing.agree_alone(audit=audit, by=by)

    audit.refresh_from_db()
    assert (audit.alone, audit.stage) == (False, "rating")
    assert agreed() == {}


def test_nobody_takes_their_own_ratings_while_others_are_asked(audit, lone, lead):
    factories.respondent(audit)

    refused_alone(audit, lead)


def test_withdrawing_the_others_leaves_one_alone(audit, lone, lead):
    other = factories.respondent(audit)
    other.withdrawn_at, other.withdrawn_by = other.asked_at, lead
    other.save()

    assert agreeing.agree_alone(audit=audit, by=lead) == 2


def test_what_somebody_else_handed_in_is_never_passed_over(audit, lone, lead):
    (other,) = factories.heard(audit, RoleGroup.TUTOR, {"A1.1": 0})
    other.respondent.withdrawn_at, other.respondent.withdrawn_by = audit.started_at, lead
    other.respondent.save()

    refused_alone(audit, lead)


def test_nobody_takes_the_ratings_of_somebody_else(audit, lone, person):
    refused_alone(audit, person("inclusion_lead"))


def test_alone_comes_after_handing_in(audit, response, lead):
    factories.rate(response, "A1.1", 3)

    refused_alone(audit, lead)


def test_alone_is_once(audit, lone, lead):
    agreeing.agree_alone(audit=audit, by=lead)

    with pytest.raises(agreeing.NotAloneError, match="open already"):
        agreeing.agree_alone(audit=audit, by=lead)

    assert AgreedRating.objects.count() == 2


@pytest.mark.parametrize("who", ["inclusion_lead", "lead"])
def test_a_page_that_cannot_be_used_says_why(sign_in, audit, response, who):
    answer = sign_in(who).get(f"/self-assessments/{audit.pk}/agree/alone/")

    assert "This is for somebody who rates alone" in answer.text
    assert '<form method="post" novalidate>' not in answer.text


# The page of one statement


def test_agreeing_by_the_button_goes_on_along_the_talk(sign_in, talking):
    answer = sign_in("lead").post(
        address(talking), fields(rating="2", reason="Half of us do.") | {"go": "after"}
    )

    following = agenda.read(talking).items[1].statement.code
    assert answer.url == address(talking, following)
    assert agreed() == {"A1.1": ("2", "Half of us do.")}


def test_the_widest_disagreement_comes_first(talking):
    assert agenda.read(talking).items[0].statement.code == "A1.1"


def test_a_save_by_script_answers_with_the_line_and_the_count(sign_in, talking):
    browser = sign_in("lead")

    answer = browser.post(address(talking), fields(rating="2"), headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "Saved at" in answer.text
    assert "by The lead" in answer.text
    assert '<strong id="agreed-count" hx-swap-oob="true">1 of 7 agreed</strong>' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_parked_without_a_reason_comes_back_with_what_was_typed(sign_in, talking, headers):
    answer = sign_in("lead").post(address(talking), fields(rating="parked"), headers=headers)

    assert answer.status_code == 422
    assert "Say why it is parked." in answer.text
    assert agreed() == {}


def test_a_clash_shows_both_versions_and_one_is_chosen(sign_in, talking, lead):
    browser, other = sign_in("lead"), sign_in("inclusion_lead")
    other.post(address(talking), fields(rating="1", reason="Theirs."))

    clash = browser.post(address(talking), fields(rating="4", reason="Mine."))
    before = agreed()
    browser.post(address(talking), fields(rating="4", reason="Mine.", beside="1", wish="mine"))

    assert clash.status_code == 409
    assert "Theirs." in clash.text
    assert "Mine." in clash.text
    assert "by The inclusion lead" in clash.text
    assert before == {"A1.1": ("1", "Theirs.")}
    assert agreed() == {"A1.1": ("4", "Mine.")}


def test_the_other_version_can_be_taken(sign_in, talking, person):
    agree(talking, person("inclusion_lead"), "1", "Theirs.")

    answer = sign_in("lead").post(
        address(talking),
        fields(rating="4", beside="1", wish="theirs"),
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert "Theirs.</textarea>" in answer.text
    assert agreed() == {"A1.1": ("1", "Theirs.")}


def test_clearing_by_its_button(sign_in, talking, lead):
    agree(talking, lead, "3", "For now.")

    sign_in("lead").post(
        address(talking), fields(version="1", rating="3", reason="For now.", wish="clear")
    )

    assert agreed() == {"A1.1": ("", "")}


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_typed_after_closing_is_refused(sign_in, talking, lead, headers):
    agree(talking, lead, "3")
    closing.close_year(audit=talking, by=lead)

    answer = sign_in("lead").post(
        address(talking), fields(version="1", rating="1", reason="Too late."), headers=headers
    )

    assert answer.status_code == 409
    assert "closed" in answer.text
    assert headers or "Too late." in answer.text
    assert agreed() == {"A1.1": ("3", "")}


def test_a_level_off_the_scale_is_refused_by_the_page(sign_in, talking):
    answer = sign_in("lead").post(address(talking), fields(rating="9"))

    assert answer.status_code == 422
    assert "Choose one of the levels shown." in answer.text
    assert agreed() == {}


def test_a_group_member_looks_and_does_not_write(sign_in, talking, lead):
    agree(talking, lead, "parked", "Next year, with the council.")
    browser = sign_in("group_member")

    page = browser.get(address(talking)).text
    answer = browser.post(address(talking), fields(rating="1"))

    assert "Next year, with the council." in page
    assert 'id="rate"' not in page
    assert answer.status_code == 403
    assert agreed() == {"A1.1": ("parked", "Next year, with the council.")}


def test_before_the_talk_the_page_shows_nothing_that_was_said_or_agreed(
    sign_in, audit, response, lead
):
    factories.rate(response, "A1.1", 3, comment="Between us.")
    AgreedRating.objects.create(
        audit=audit, statement=Statement.objects.get(code="A1.1"), reason="Of before.",
        answer="parked", agreed_by=lead, page="",
    )  # fmt: skip

    page = sign_in("lead").get(address(audit)).text

    assert "The talk is not open yet" in page
    assert "Between us." not in page
    assert "Of before." not in page


def test_last_years_agreed_rating_is_the_ghost(sign_in, talking, avon, questionnaire, lead):
    before = factories.audit(avon, questionnaire, by=lead, year=talking.year - 1)
    factories.agree(before, lead, A1_1=1, A1_2="parked")

    page = sign_in("lead").get(address(talking)).text
    beside = sign_in("lead").get(address(talking, "A1.2")).text

    assert page.count('class="form-check level p1 was"') == 1
    assert f'<span class="last">{before.year_name}</span>' in page
    assert f"In {before.year_name}: Parked." in beside


def test_a_statement_that_is_not_asked_is_not_there(sign_in, talking):
    assert sign_in("lead").get(address(talking, "Z9")).status_code == 404


def test_a_page_costs_the_same_however_much_is_agreed(
    sign_in, talking, lead, django_assert_num_queries
):
    browser = sign_in("lead")
    agree(talking, lead, "3")
    with django_assert_num_queries(COST):
        browser.get(address(talking))
    for code in CODES[1:]:
        agree(talking, lead, "3", code=code)

    with django_assert_num_queries(COST):
        browser.get(address(talking))


COST = 16
