"""Opening the talk: what it ends, what it counts, and what it forgets."""

from __future__ import annotations

import pytest

from portal.models import Activity, Verb
from selfassessment.models import (
    Audit,
    Privacy,
    Rating,
    Response,
    RoleGroup,
    Stage,
)
from selfassessment.talk import spread, talking
from tests import factories


@pytest.fixture
def named(audit: Audit) -> Audit:
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


def hand_in(audit: Audit, group: str, people: int, level: int = 2) -> list[Response]:
    return factories.heard(audit, group, *[{"A1.1": level}] * people)


def rate_again(audit: Audit) -> None:
    audit.talk_opened_at = audit.talk_opened_by = None
    audit.save()


def counted(audit: Audit) -> list[tuple[str, int]]:
    rows = audit.responses.counted().order_by("opening", "role_group")
    return list(rows.values_list("role_group", "opening"))


def test_opening_ends_rating_and_counts_what_is_in(named, person):
    hand_in(named, "tutor", 3)
    factories.respondent(named, "manager")

    talking.open_talk(audit=named, by=person("lead"))

    named.refresh_from_db()
    assert (named.stage, named.talk_opened_by) == (Stage.TALK, person("lead"))
    assert counted(named) == [("tutor", 1)] * 3
    line = Activity.objects.get(verb=Verb.OPENED_TALK)
    assert str(line) == f"The lead opened the talk of {named}"
    assert line.service == named.service


def test_nothing_to_open_while_nobody_handed_in(named, person):
    factories.respondent(named, "tutor")

    with pytest.raises(talking.TalkNotOpenedError, match="Nobody has handed in"):
        talking.open_talk(audit=named, by=person("lead"))

    named.refresh_from_db()
    assert (named.stage, Activity.objects.filter(verb=Verb.OPENED_TALK).count()) == ("rating", 0)


def test_it_is_opened_once(named, person):
    hand_in(named, "tutor", 3)
    talking.open_talk(audit=named, by=person("lead"))
    hand_in(named, "tutor", 3)

    with pytest.raises(talking.TalkNotOpenedError, match="open already"):
        talking.open_talk(audit=named, by=person("inclusion_lead"))

    assert counted(named) == [("tutor", 1)] * 3


@pytest.mark.parametrize(("late", "then"), [(1, 3), (2, 3), (3, 6)])
def test_late_ones_wait_until_there_are_three(named, person, late, then):
    hand_in(named, "tutor", 3)
    talking.open_talk(audit=named, by=person("lead"))
    rate_again(named)
    hand_in(named, "manager", late)

    talking.open_talk(audit=named, by=person("lead"))

    named.refresh_from_db()
    talk = spread.read(named)
    assert (talk.people, talk.late) == (then, 3 + late - then)


def test_late_ones_of_an_anonymous_talk_wait_until_there_are_five(anonymous, person):
    hand_in(anonymous, "tutor", 5)
    talking.open_talk(audit=anonymous, by=person("lead"))
    rate_again(anonymous)
    hand_in(anonymous, "tutor", 4)
    talking.open_talk(audit=anonymous, by=person("lead"))
    rate_again(anonymous)
    hand_in(anonymous, "tutor", 1)

    talking.open_talk(audit=anonymous, by=person("lead"))

    assert counted(anonymous) == [("tutor", 1)] * 5 + [("tutor", 2)] * 5


def test_the_families_wait_for_each_other_and_not_for_the_staff(named, person):
    hand_in(named, "tutor", 3)
    hand_in(named, "young", 3)
    talking.open_talk(audit=named, by=person("lead"))
    rate_again(named)
    hand_in(named, "tutor", 3)
    hand_in(named, "parent", 1)

    talking.open_talk(audit=named, by=person("lead"))

    named.refresh_from_db()
    talk = spread.read(named)
    assert (talk.people, talk.family_people, talk.late) == (6, 3, 1)


def test_those_who_were_too_few_to_be_heard_come_in_with_the_next(named, person):
    hand_in(named, "tutor", 2)
    talking.open_talk(audit=named, by=person("lead"))
    rate_again(named)
    hand_in(named, "manager", 1)

    talking.open_talk(audit=named, by=person("lead"))

    assert counted(named) == [("manager", 2), ("tutor", 2), ("tutor", 2)]


def test_late_ones_in_a_small_group_do_not_make_a_lane_of_their_own(named, person):
    hand_in(named, "tutor", 3)
    hand_in(named, "manager", 3)
    talking.open_talk(audit=named, by=person("lead"))
    rate_again(named)
    hand_in(named, "tutor", 2, level=4)
    hand_in(named, "manager", 1, level=0)

    talking.open_talk(audit=named, by=person("lead"))

    named.refresh_from_db()
    lanes = spread.read(named).spreads[0].lanes
    assert [(lane.name, lane.people) for lane in lanes] == [("Managers and tutors", 9)]


def test_an_anonymous_talk_forgets_small_roles_for_good(anonymous, person):
    hand_in(anonymous, "tutor", 6)
    hand_in(anonymous, "manager", 3)
    hand_in(anonymous, "senior", 2)
    hand_in(anonymous, "young", 2)

    talking.open_talk(audit=anonymous, by=person("lead"))

    groups = sorted(anonymous.responses.values_list("role_group", flat=True))
    assert groups == ["families"] * 2 + ["others"] * 5 + ["tutor"] * 6


def test_a_large_role_is_forgotten_where_a_small_one_would_be_left_alone(anonymous, person):
    hand_in(anonymous, "tutor", 6)
    hand_in(anonymous, "senior", 1)

    talking.open_talk(audit=anonymous, by=person("lead"))

    assert set(anonymous.responses.values_list("role_group", flat=True)) == {RoleGroup.OTHERS}


def test_a_named_talk_keeps_the_roles(named, person):
    hand_in(named, "tutor", 6)
    hand_in(named, "senior", 1)

    talking.open_talk(audit=named, by=person("lead"))

    assert sorted(named.responses.values_list("role_group", flat=True)) == [
        "senior",
        *["tutor"] * 6,
    ]


def test_an_anonymous_talk_leaves_no_history_of_what_it_forgot(anonymous, person):
    hand_in(anonymous, "tutor", 3)
    hand_in(anonymous, "senior", 3)
    events = Response.pgh_event_model.objects.filter(pgh_obj__in=anonymous.responses.all())
    of_ratings = Rating.pgh_event_model.objects.filter(response__audit=anonymous)

    talking.open_talk(audit=anonymous, by=person("lead"))

    assert (events.count(), of_ratings.count()) == (0, 0)
    assert Rating.objects.filter(response__audit=anonymous).count() == 6


def test_an_anonymous_talk_puts_the_rows_in_another_order(anonymous, person):
    responses = [row.pk for row in hand_in(anonymous, "tutor", 12)]

    talking.open_talk(audit=anonymous, by=person("lead"))

    rows = Response.objects.raw("SELECT id FROM selfassessment_response ORDER BY ctid")
    assert [row.pk for row in rows] != responses
    assert {row.pk for row in rows} == set(responses)


def test_what_counts_stays_handed_in(named, person):
    response = hand_in(named, "tutor", 3)[0]
    talking.open_talk(audit=named, by=person("lead"))
    response.refresh_from_db()
    response.handed_in_at = None

    with pytest.raises(Exception, match="response_that_counts_is_handed_in"):
        response.save()


def test_what_will_be_shown_is_what_is_shown(anonymous, person):
    hand_in(anonymous, "tutor", 6)
    hand_in(anonymous, "manager", 3)
    hand_in(anonymous, "senior", 2)
    hand_in(anonymous, "young", 2)
    waiting = factories.respondent(anonymous, "office")

    ahead = talking.prospect(anonymous)

    talking.open_talk(audit=anonymous, by=person("lead"))
    anonymous.refresh_from_db()
    talk = spread.read(anonymous)
    assert ahead.lanes == [(lane.name, lane.people) for lane in talk.spreads[0].lanes]
    assert ahead.lanes == [("Tutors", 6), ("Roles not told apart", 5)]
    assert (ahead.staff, ahead.family_people, ahead.family_lanes) == (11, 2, [])
    assert (ahead.handed_in, ahead.waiting, ahead.to_come) == (13, 0, (waiting,))


def test_the_prospect_tells_who_waits(named, person):
    hand_in(named, "tutor", 3)
    talking.open_talk(audit=named, by=person("lead"))
    rate_again(named)
    hand_in(named, "manager", 2)

    ahead = talking.prospect(named)

    assert (ahead.staff, ahead.waiting, ahead.lanes) == (3, 2, [("Tutors", 3)])
