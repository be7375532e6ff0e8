"""The history: who changed what, when and how, to whom it shows, and what it never shows.

What counts is the order of transactions, so most tests here have transactions of their own.
"""

from __future__ import annotations

import re

import pytest

from portal.actions import record
from portal.models import Verb
from selfassessment import actions
from selfassessment.models import (
    AgreedRating,
    Priority,
    Privacy,
    Rating,
    RoleGroup,
    Standing,
    Statement,
    Via,
)
from selfassessment.talk import agreeing
from selfassessment.talk.agreeing import Agreement
from tests import factories

TAGS = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


def words(html: str) -> str:
    return " ".join(TAGS.sub(" ", html).split())


def changes(page) -> list[str]:
    """The changes on a page without their moments, as a reader hears them."""
    items = re.findall(
        r"<li>(.*?)</li>", page.text.split("<main")[1].split("</main>")[0], re.DOTALL
    )
    moment = re.compile(r"\w+day \d+ \w+ \d{4}, \d\d:\d\d")
    return [words(moment.sub("", item)) for item in items]


def address(audit, rest: str = "") -> str:
    return f"/self-assessments/{audit.pk}/history/{rest}"


def statement(audit, code: str) -> Statement:
    return Statement.objects.get(questionnaire=audit.questionnaire_id, code=code)


@pytest.fixture
def named(audit):
    audit.privacy = Privacy.NAMED
    audit.save(update_fields=["privacy"])
    return audit


@pytest.fixture
def talking(named, person):
    factories.open_talk(named, person("lead"))
    return named


def agree(audit, code: str, choice: str, reason: str, by, version: int = 0, via=Via.BROWSER):
    return agreeing.agree(
        audit=audit,
        statement=statement(audit, code),
        entry=Agreement(choice, reason),
        version=version,
        page="",
        by=by,
        via=via,
    )


def test_each_version_of_an_agreed_rating_is_told_with_who_and_how(sign_in, talking, person):
    agree(talking, "A1.1", "3", "In most places", person("lead"))
    agree(talking, "A1.1", "2", "In some places", person("inclusion_lead"), version=1, via=Via.BULK)

    page = sign_in("lead").get(address(talking, "A1.1/"))

    assert changes(page) == [
        "The inclusion lead agreed 3 In place became 2 Developing In most some places In bulk",
        "The lead agreed 3 In place In most places In the browser",
    ]


def test_bulk_writes_of_the_database_are_in_it(sign_in, talking, person):
    agree(talking, "A1.1", "3", "", person("lead"))
    AgreedRating.objects.filter(audit=talking).update(value=1)

    page = sign_in("lead").get(address(talking, "A1.1/"))

    assert changes(page) == [
        "The lead agreed 3 In place became 1 First steps In the browser",
        "The lead agreed 3 In place In the browser",
    ]


def test_stages_and_priorities_are_in_it(sign_in, talking, person):
    lead = person("lead")
    record(by=lead, verb=Verb.OPENED_TALK, subject=talking, service=talking.service)
    record(by=lead, verb=Verb.HANDED_IN, subject=talking, service=talking.service)
    chosen = Priority.objects.create(
        audit=talking, statement=statement(talking, "B1.1"), reason="First", decided_by=lead
    )
    chosen.standing, chosen.reason = Standing.PARKED, "Next year"
    chosen.save()

    decided = "The lead decided B1.1 We have A POLICY."
    page = sign_in("inclusion_lead").get(address(talking))
    only = sign_in("inclusion_lead").get(address(talking, "?kind=stage"))

    assert sorted(changes(page)) == sorted(
        [
            f"{decided} A priority this year became Parked until next year First Next year",
            f"{decided} A priority this year First",
            f"The lead opened the talk of Self-assessment {talking.year_name}",
        ]
    )
    assert changes(only) == [f"The lead opened the talk of Self-assessment {talking.year_name}"]


@pytest.mark.parametrize("name", ["group_member", "board_viewer"])
def test_only_those_who_lead_read_it(sign_in, talking, name):
    assert sign_in(name).get(address(talking)).status_code == 403
    assert sign_in(name).get(address(talking, "A1.1/")).status_code == 403


@pytest.mark.parametrize("rest", ["", "A1.1/"])
def test_nothing_shows_before_the_talk(sign_in, named, person, rest):
    factories.heard(named, RoleGroup.TUTOR, {"A1.1": 4}, name="Kim")
    AgreedRating.objects.create(
        audit=named, statement=statement(named, "A1.1"), page="", agreed_by=person("lead")
    )

    page = sign_in("lead").get(address(named, rest))

    assert "The history opens with the talk" in page.text
    assert changes(page) == []
    assert "Kim" not in page.text


@pytest.mark.django_db(transaction=True)
def test_a_named_rating_shows_as_it_was_handed_in(sign_in, named, person):
    who = factories.respondent(named, RoleGroup.TUTOR, name="Kim")
    rating = factories.rate(who.response, "A1.1", 0, comment="Angry words")
    rating.value, rating.comment = 4, "Calm words"
    rating.save()
    factories.hand_in(who.response)
    factories.open_talk(named, person("lead"))
    Rating.objects.filter(pk=rating.pk).update(value=2)

    page = sign_in("lead").get(address(named, "A1.1/"))
    everything = sign_in("lead").get(address(named, f"?kind=rating&who=respondent-{who.pk}"))
    others = sign_in("lead").get(address(named, f"?kind=rating&who=user-{person('lead').pk}"))

    assert changes(page) == [
        "Kim (Tutors) rated 4 Embedded Calm words In the browser",
        "Kim (Tutors) rated 4 Embedded became 2 Developing Calm words In the browser",
    ]
    assert len(changes(everything)) == 2
    assert "Angry" not in page.text + everything.text
    assert changes(others) == []


@pytest.mark.django_db(transaction=True)
def test_who_comes_late_does_not_show_until_they_count(sign_in, named, person):
    factories.open_talk(named, person("lead"))
    factories.heard(named, RoleGroup.TUTOR, {"A1.1": 4}, name="Kim")

    page = sign_in("lead").get(address(named, "A1.1/"))
    everything = sign_in("lead").get(address(named))

    assert changes(page) == changes(everything) == []
    assert "Kim" not in page.text + everything.text


@pytest.mark.django_db(transaction=True)
def test_what_is_rated_again_is_not_told_while_it_is_in_the_making(sign_in, named, person):
    who = factories.respondent(named, RoleGroup.TUTOR, name="Kim")
    rating = factories.rate(who.response, "A1.1", 1)
    factories.hand_in(who.response)
    response = who.response
    response.handed_in_at = None
    response.save()
    for value in (2, 3):
        rating.value = value
        rating.save()
    factories.hand_in(response)
    factories.open_talk(named, person("lead"))

    page = sign_in("lead").get(address(named, "A1.1/"))

    assert changes(page) == [
        "Kim (Tutors) rated 1 First steps In the browser",
        "Kim (Tutors) rated 1 First steps became 3 In place In the browser",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("privacy", [Privacy.ANONYMOUS, ""])
def test_single_ratings_never_show_unless_it_is_named(sign_in, audit, person, privacy):
    audit.privacy = privacy
    audit.save(update_fields=["privacy"])
    for name in ("Kim", "Sam", "Ash", "Lee", "Max"):
        who = factories.respondent(audit, RoleGroup.TUTOR, name=name)
        factories.rate(who.response, "A1.1", 4, comment=f"Said by {name}")
        actions.hand_in(response=who.response, by=None)
    factories.open_talk(audit, person("lead"))

    pages = [
        sign_in("lead").get(address(audit, rest))
        for rest in ("", "?kind=rating", "A1.1/", "?who=respondent-1")
    ]

    assert [changes(page) for page in pages] == [[], [], [], []]
    assert not any("Said by" in page.text or "Kim" in page.text for page in pages)
    says = "Ratings were parted from people" if privacy else "only in a named self-assessment"
    assert says in pages[0].text


def test_a_statement_that_is_not_asked_is_not_there(sign_in, talking):
    assert sign_in("lead").get(address(talking, "Z9.9/")).status_code == 404


@pytest.mark.parametrize("who", ["nobody", "user-", "user-x", "user-99999999999999999999", "x-1"])
def test_nonsense_in_the_filter_finds_nothing(sign_in, talking, person, who):
    agree(talking, "A1.1", "3", "", person("lead"))

    page = sign_in("lead").get(address(talking, f"?who={who}"))

    assert "Nothing of that kind" in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_few_queries(
    sign_in, talking, person, django_assert_num_queries, rows
):
    for code in ["A1.1", "A1.2", "A2.1"][:rows]:
        agree(talking, code, "3", "", person("lead"))
        Priority.objects.create(
            audit=talking, statement=statement(talking, code), decided_by=person("lead")
        )
        record(by=person("lead"), verb=Verb.CHANGED, subject=talking, service=talking.service)
    browser = sign_in("lead")
    browser.get(address(talking))

    with django_assert_num_queries(12):
        browser.get(address(talking))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_statements_page_asks_the_same_few_queries(
    sign_in, talking, person, django_assert_num_queries, rows
):
    for version in range(rows):
        agree(talking, "A1.1", str(version), "", person("lead"), version=version)
    browser = sign_in("lead")
    browser.get(address(talking, "A1.1/"))

    with django_assert_num_queries(9):
        browser.get(address(talking, "A1.1/"))


def test_a_long_history_comes_in_pages(sign_in, talking, person):
    for version in range(45):
        agree(talking, "A1.1", str(version % 5), "", person("lead"), version=version)
    browser = sign_in("lead")

    first = browser.get(address(talking, f"?kind=agreed&who=user-{person('lead').pk}"))
    second = browser.get(address(talking, f"?kind=agreed&who=user-{person('lead').pk}&page=2"))

    assert (len(changes(first)), len(changes(second))) == (40, 5)
    assert "kind=agreed&amp;who=user-" in first.text
