"""The meeting: what is left and what is agreed, one statement at a time, and never a total."""

from __future__ import annotations

import re

import pytest

from selfassessment.models import AgreedRating, Audit, Privacy, RoleGroup, Statement
from selfassessment.talk import agenda, agreeing, closing
from selfassessment.talk.agreeing import Agreement
from tests import factories


@pytest.fixture
def talking(audit, person) -> Audit:
    audit.privacy = Privacy.NAMED
    audit.save(update_fields=["privacy"])
    factories.heard(
        audit, RoleGroup.TUTOR, *[{"A1.1": 3, "B1.1": level} for level in (0, 0, 2, 2, 4)]
    )
    audit.responses.handed_in().first().ratings.filter(statement__code="B1.1").update(
        comment="Not where I teach."
    )
    factories.open_talk(audit, person("lead"))
    return audit


def address(audit, code="") -> str:
    tail = f"{code}/" if code else ""
    return f"/self-assessments/{audit.pk}/meeting/{tail}"


def agree(audit, by, choice, reason="", code="B1.1") -> None:
    agreeing.agree(
        audit=audit,
        statement=Statement.objects.get(code=code),
        entry=Agreement(choice, reason),
        version=0,
        page="page",
        by=by,
    )


def fields(code, **typed) -> dict[str, str]:
    pk = Statement.objects.get(code=code).pk
    return {f"s{pk}-{name}": value for name, value in {"version": "0", **typed}.items()}


def test_the_list_says_what_is_left_and_what_is_agreed(sign_in, talking, person):
    agree(talking, person("lead"), "2", "Half of us do.")

    page = sign_in("lead").get(address(talking)).text

    left, done = page.split("What is agreed")
    assert "1 of 7 agreed" in left
    assert "A1.1</span>" in left
    assert "B1.1</span>" not in left
    assert '<span class="tag full">2 Developing</span>' in done
    assert "Half of us do." in done


def test_it_starts_where_views_differ_most(sign_in, talking):
    page = sign_in("lead").get(address(talking)).text

    assert "Start with B1.1" in page
    assert address(talking, "B1.1") in page


def test_once_all_is_agreed_priorities_come_next(sign_in, talking, person):
    for item in agenda.read(talking).items:
        agree(talking, person("lead"), "2", code=item.statement.code)

    page = sign_in("lead").get(address(talking)).text

    assert "7 of 7 agreed" in page
    assert "every statement is agreed" in page
    assert "Choose priorities" in page


def test_no_total_is_in_the_meeting(sign_in, talking, person):
    for item in agenda.read(talking).items:
        agree(talking, person("lead"), "2", code=item.statement.code)
    browser = sign_in("lead")

    pages = browser.get(address(talking)).text + browser.get(address(talking, "B1.1")).text

    assert re.findall(r"\d+\s?%(?!\")", re.sub(r"<svg.*?</svg>", "", pages, flags=re.DOTALL)) == []


def test_one_statement_has_lanes_comments_and_ways_on(sign_in, talking):
    order = [item.statement.code for item in agenda.read(talking).items]

    page = sign_in("lead").get(address(talking, order[1])).text
    first = sign_in("lead").get(address(talking, order[0])).text

    assert f'rel="prev" href="{address(talking, order[0])}"' in page
    assert f'rel="next" href="{address(talking, order[2])}"' in page
    assert 'rel="prev"' not in first
    assert "Not where I teach." in first
    assert "Tutors: 2 gave 0, 2 gave 2, 1 gave 4" in first


def test_without_scripts_the_button_saves_and_goes_on(sign_in, talking):
    order = [item.statement.code for item in agenda.read(talking).items]
    browser = sign_in("lead")

    on = browser.post(
        address(talking, order[0]), fields(order[0], rating="2", reason="So.") | {"go": "after"}
    )
    last = browser.post(address(talking, order[-1]), fields(order[-1], rating="1") | {"go": "list"})

    assert (on.url, last.url) == (address(talking, order[1]), address(talking))
    assert {row.choice for row in AgreedRating.objects.all()} == {"2", "1"}


def test_without_scripts_a_refused_one_stays_with_what_was_typed(sign_in, talking):
    answer = sign_in("lead").post(
        address(talking, "B1.1"), fields("B1.1", rating="na") | {"go": "after"}
    )

    assert answer.status_code == 422
    assert "This is not saved" in answer.text
    assert 'value="na" aria-describedby' in answer.text
    assert not AgreedRating.objects.exists()


def test_a_group_member_looks_and_cannot_write(sign_in, talking, person):
    agree(talking, person("lead"), "2", "Half of us do.")
    browser = sign_in("group_member")

    page = browser.get(address(talking, "B1.1")).text
    answer = browser.post(address(talking, "B1.1"), fields("B1.1", rating="4"))

    assert "2 Developing" in page
    assert "Half of us do." in page
    assert 'id="rate"' not in page
    assert "meeting.js" in page
    assert answer.status_code == 403
    assert AgreedRating.objects.get().choice == "2"


def test_after_closing_it_is_read_only(sign_in, talking, person):
    agree(talking, person("lead"), "2")
    closing.close_year(audit=talking, by=person("lead"))

    page = sign_in("lead").get(address(talking, "B1.1")).text

    assert "This year is closed." in page
    assert 'id="rate"' not in page


@pytest.mark.parametrize("code", ["", "B1.1"])
def test_while_people_rate_nothing_is_shown(sign_in, audit, response, code):
    factories.rate(response, "B1.1", 3, comment="Between us.")

    page = sign_in("lead").get(address(audit, code)).text

    assert "The talk is not open yet" in page
    assert "Between us." not in page
    assert "agreed</strong>" not in page


def test_too_few_people_agree_without_a_spread(sign_in, audit, person):
    factories.heard(audit, RoleGroup.TUTOR, {"B1.1": 0}, {"B1.1": 4})
    factories.open_talk(audit, person("lead"))

    page = sign_in("lead").get(address(audit, "B1.1")).text

    assert "gave" not in page
    assert 'id="rate"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    sign_in, talking, person, count, django_assert_num_queries
):
    for item in agenda.read(talking).items[:count]:
        agree(talking, person("lead"), "2", code=item.statement.code)
    browser = sign_in("lead")

    with django_assert_num_queries(12):
        browser.get(address(talking))
