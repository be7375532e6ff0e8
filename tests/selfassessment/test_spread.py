"""What the gate lets through, read from the database."""

from __future__ import annotations

import pytest
from django.db import connection

from selfassessment.models import Audit, Privacy, RoleGroup
from selfassessment.talk import spread
from selfassessment.talk.groups import joined, name_of
from selfassessment.talk.spread import Closed, Talk
from tests import factories

R = RoleGroup


@pytest.fixture
def named(audit: Audit) -> Audit:
    """Avon's self-assessment, named, without its lead's own empty response."""
    audit.responses.all().delete()
    audit.respondents.all().delete()
    audit.privacy = Privacy.NAMED
    audit.save()
    return audit


@pytest.fixture
def anonymous(named: Audit) -> Audit:
    named.privacy = Privacy.ANONYMOUS
    named.save()
    return named


def heard(audit: Audit, group: str, *levels: int | str, code: str = "A1.1") -> list:
    return factories.heard(audit, group, *[{code: level} for level in levels])


def say(response, code: str = "A1.1", **words: object) -> None:
    response.ratings.filter(statement__code=code).update(**words)


def talk_of(audit: Audit, person) -> Talk:
    factories.open_talk(audit, person("lead"))
    read = spread.read(audit)
    assert isinstance(read, Talk)
    return read


def one(talk: Talk, code: str = "A1.1") -> spread.Spread:
    return next(each for each in talk.spreads if each.statement.code == code)


def lanes(lanes) -> list[tuple[str, int]]:
    return [(lane.name, lane.people) for lane in lanes]


@pytest.mark.parametrize(
    ("people", "least", "expected"),
    [
        ({}, 3, []),
        ({R.TUTOR: 2}, 3, []),
        ({R.TUTOR: -1, R.SENIOR: 9}, 3, []),
        ({R.TUTOR: 3}, 3, [(R.TUTOR,)]),
        ({R.TUTOR: 0, R.SENIOR: 3}, 3, [(R.SENIOR,)]),
        ({R.TUTOR: 4, R.SENIOR: 1, R.MANAGER: 2}, 3, [(R.SENIOR, R.MANAGER), (R.TUTOR,)]),
        ({R.TUTOR: 4, R.SENIOR: 1, R.MANAGER: 3}, 3, [(R.SENIOR, R.MANAGER), (R.TUTOR,)]),
        ({R.TUTOR: 4, R.SENIOR: 1}, 5, [(R.SENIOR, R.TUTOR)]),
        ({R.SENIOR: 3, R.TUTOR: 3, R.OFFICE: 1}, 3, [(R.SENIOR, R.OFFICE), (R.TUTOR,)]),
        ({R.OFFICE: 1, R.TUTOR: 3, R.SENIOR: 3}, 3, [(R.SENIOR, R.OFFICE), (R.TUTOR,)]),
    ],
)
def test_groups_too_small_are_joined_the_same_way_each_time(people, least, expected):
    assert joined(people, least) == expected


@pytest.mark.parametrize(
    ("lane", "only", "name"),
    [
        ([R.TUTOR], False, "Tutors"),
        ([R.MANAGER, R.COUNCIL], False, "Managers and council officers"),
        ([R.OFFICE, R.TRUSTEE, R.PARTNER], False, "Admin, trustees and partners"),
        ([R.YOUNG, R.PARENT], True, "Young people and parents"),
        ([R.TUTOR, R.OTHERS], False, "Tutors and others"),
        ([R.OTHERS], False, "Roles not told apart"),
        ([R.SENIOR, R.MANAGER, R.TUTOR, R.OFFICE, R.TRUSTEE], True, "All roles together"),
        ([R.SENIOR, R.MANAGER, R.TUTOR, R.OFFICE, R.TRUSTEE], False, "Other roles together"),
    ],
)
def test_a_lane_says_who_is_in_it(lane, only, name):
    assert name_of(lane, only=only) == name


def test_while_people_rate_nothing_is_read(named, django_assert_num_queries):
    heard(named, "tutor", 0, 1, 2)

    with django_assert_num_queries(0):
        read = spread.read(named)

    assert read == Closed("People are still rating. What they said shows once the talk is open.")


def test_a_role_that_nobody_knows_shows_nothing(named, person):
    heard(named, "tutor", 0, 1, 2)
    factories.open_talk(named, person("lead"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE selfassessment_response "
            "DROP CONSTRAINT selfassessment_response_role_group_is_known"
        )
    named.responses.update(role_group="caretaker")

    assert spread.read(named) == Closed(
        "Somebody rated in a role that is not known here, so nothing is shown."
    )


def test_lanes_spread_and_middle(named, person):
    heard(named, "tutor", 0, 0, 1, "dk")
    heard(named, "manager", 3, 4, "na")

    said = one(talk_of(named, person))

    assert lanes(said.lanes) == [("Managers", 3), ("Tutors", 4)]
    assert said.lanes[0].counts == {0: 0, 1: 0, 2: 0, 3: 1, 4: 1}
    assert (said.lanes[0].not_applicable, said.lanes[1].dont_know) == (1, 1)
    assert said.counts == {0: 2, 1: 1, 2: 0, 3: 1, 4: 1}
    assert (said.low, said.middle, said.high, said.apart) == (0, 1, 4, 4)


def test_the_middle_of_two_is_the_lower(named, person):
    heard(named, "tutor", 1, 1, 3, 4)

    assert one(talk_of(named, person)).middle == 1


def test_the_widest_disagreement_comes_first_then_who_does_not_know(named, person):
    factories.heard(
        named,
        "tutor",
        {"A1.1": 2, "A1.2": 0, "A2.1": "dk"},
        {"A1.1": 2, "A1.2": 4, "A2.1": "dk"},
        {"A1.1": 2, "A1.2": 1, "A2.1": 3},
    )

    codes = [each.statement.code for each in talk_of(named, person).spreads]

    assert codes == ["A1.2", "A2.1", "A1.1", "A1.3", "A2.2", "B1.1", "B1.2"]


@pytest.mark.parametrize("tutors", [1, 2])
def test_one_or_two_of_the_staff_show_nothing(named, person, tutors):
    for response in heard(named, "tutor", *[4] * tutors):
        say(response, comment="Mine", discuss=True)

    talk = talk_of(named, person)

    said = one(talk)
    assert (talk.people, talk.is_shown) == (tutors, False)
    assert (said.lanes, said.low, said.flagged, said.comments) == ((), None, 0, ())
    assert set(said.counts.values()) == {0}


def test_anonymous_groups_wait_for_five(anonymous, person):
    heard(anonymous, "tutor", 0, 1, 2, 3, 4)
    heard(anonymous, "manager", 2, 2, 2, 2)

    assert lanes(one(talk_of(anonymous, person)).lanes) == [("Managers and tutors", 9)]


def test_where_nobody_chose_the_stricter_rule_holds(named, person):
    named.privacy = ""
    named.save()
    heard(named, "tutor", 0, 1, 2, 3, 4)
    heard(named, "manager", 2, 2, 2)

    assert lanes(one(talk_of(named, person)).lanes) == [("Managers and tutors", 8)]


def test_families_are_a_voice_of_their_own(named, person):
    heard(named, "tutor", 2, 2, 2)
    heard(named, "young", 0, 0)
    heard(named, "parent", 4)

    talk = talk_of(named, person)

    said = one(talk)
    assert lanes(said.lanes) == [("Tutors", 3)]
    assert lanes(said.families) == [("Young people and parents", 3)]
    assert (said.low, said.high, talk.people, talk.family_people) == (2, 2, 3, 3)


def test_a_voice_too_small_to_be_heard_leaves_no_word(named, person):
    heard(named, "tutor", 2, 2, 2, 2, 2)
    for response in heard(named, "young", 0, 0):
        say(response, comment="Nobody asks us", discuss=True)

    said = one(talk_of(named, person))

    assert (said.families, said.comments, said.flagged) == ((), (), 0)


def words(said: spread.Spread) -> set[tuple[str, str]]:
    return {(comment.text, comment.role) for comment in said.comments}


def test_a_role_stands_beside_a_comment_from_five(named, person):
    say(heard(named, "tutor", 0, 0, 0, 0, 0)[0], comment="From a tutor")
    say(heard(named, "manager", 0, 0, 0)[0], comment="From a manager")
    say(heard(named, "senior", 0, 0)[0], comment="From a leader")

    assert words(one(talk_of(named, person))) == {
        ("From a tutor", "Tutors"),
        ("From a manager", ""),
        ("From a leader", ""),
    }


def test_what_is_left_unsigned_could_be_from_five_others(named, person):
    say(heard(named, "tutor", 0, 0, 0, 0, 0)[0], comment="From a tutor")
    say(heard(named, "manager", 0, 0, 0)[0], comment="From a manager")

    assert words(one(talk_of(named, person))) == {("From a tutor", ""), ("From a manager", "")}


def test_words_that_the_counts_would_trace_to_three_are_left_out(named, person):
    heard(named, "tutor", 0, 0, 0)
    say(heard(named, "manager", 0, 0, 0, code="A1.2")[0], "A1.2", comment="Only we rated this")

    talk = talk_of(named, person)

    assert one(talk, "A1.2").lanes[0].rated == 3
    assert one(talk, "A1.2").comments == ()


def test_why_it_does_not_apply_is_a_comment_where_the_counts_do_not_tell_whose(named, person):
    say(heard(named, "tutor", "na", 1, 1, 1, 1)[0], reason="We have none")
    say(heard(named, "manager", 1, 1, 1)[0], reason="Written before the level was chosen")
    say(heard(named, "office", "na", 1, 1, code="A1.2")[0], "A1.2", reason="Ours alone")

    talk = talk_of(named, person)

    assert [(c.text, c.role, c.is_reason) for c in one(talk).comments] == [
        ("We have none", "Tutors", True)
    ]
    assert one(talk, "A1.2").comments == ()


def test_comments_of_staff_and_families_mix_unsigned_where_both_are_few(named, person):
    say(heard(named, "tutor", 0, 0, 0)[0], comment="From a tutor")
    say(heard(named, "young", 0, 0, 0)[0], comment="From a young person")

    assert words(one(talk_of(named, person))) == {
        ("From a tutor", ""),
        ("From a young person", ""),
    }


def test_comments_of_few_families_alone_are_not_shown(named, person):
    heard(named, "tutor", 0, 0)
    say(heard(named, "young", 0, 0, 0)[0], comment="From a young person")

    said = one(talk_of(named, person))

    assert (lanes(said.families), said.comments) == ([("Young people", 3)], ())


def test_comments_stand_in_another_order_on_each_statement(named, person):
    texts = ["one", "two", "three", "four", "five", "six"]
    for text, response in zip(
        texts, factories.heard(named, "tutor", *[{"A1.1": 1, "A1.2": 1}] * 6), strict=True
    ):
        response.ratings.update(comment=text)

    talk = talk_of(named, person)

    orders = [[c.text for c in one(talk, code).comments] for code in ("A1.1", "A1.2")]
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(texts)
    assert orders[0] != orders[1]
    assert texts not in orders


def test_those_who_came_later_and_are_few_wait(named, person):
    heard(named, "tutor", 0, 0, 0)
    talk_of(named, person)
    heard(named, "tutor", 4)

    talk = spread.read(named)

    assert (talk.people, talk.late, one(talk).high) == (3, 1, 0)


def test_an_opening_that_took_in_too_few_is_left_out(named, person):
    heard(named, "tutor", 0, 0, 0)
    talk_of(named, person)
    heard(named, "tutor", 4)[0]
    named.responses.filter(counted=False).update(counted=True, opening=1)

    talk = spread.read(named)

    assert (talk.people, talk.late, one(talk).high) == (3, 1, 0)


def test_words_of_one_who_rates_alone_are_the_services(named, person):
    response = heard(named, "senior", 3)[0]
    say(response, comment="In the plan", evidence="Page 4", discuss=True)
    named.alone = True
    named.save()

    said = one(talk_of(named, person))

    assert words(said) == {("In the plan", "")}
    assert (said.lanes, said.low, said.flagged) == ((), None, 1)


def test_alone_is_not_believed_of_two(named, person):
    for response in heard(named, "senior", 3, 4):
        say(response, comment="Mine")
    named.alone = True
    named.save()

    assert one(talk_of(named, person)).comments == ()


@pytest.mark.parametrize("people", [3, 12])
def test_it_takes_six_queries_whatever_the_size(named, person, django_assert_num_queries, people):
    for response in heard(named, "tutor", *[1] * people):
        say(response, comment="Mine")
    factories.open_talk(named, person("lead"))

    with django_assert_num_queries(6):
        talk = spread.read(named)

    assert talk.people == people
