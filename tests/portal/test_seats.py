"""Seats on the NWG: at most two of a service, proposed by its lead, given by the team."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from portal import actions, seats
from portal.models import Activity, Membership, NwgSeat, SeatState, Verb
from tests import factories

GIVE = "/services/avon-music-service/seats/give/"
PROPOSE = "/services/avon-music-service/seats/propose/"


def test_a_lead_proposes_and_the_team_gives(sign_in, person, avon):
    member = person("group_member")

    proposed = sign_in("lead").post(PROPOSE, {"user": member.pk})
    listed = sign_in("team").get("/programme/nwg-seats/")
    given = sign_in("team").post(GIVE, {"user": member.pk, "from_on": "2026-09-01"})

    seat = NwgSeat.objects.get()
    assert (proposed.url, given.url) == (f"/services/{avon.slug}/people/", "/programme/nwg-seats/")
    assert f'href="{GIVE}?user={member.pk}"' in listed.text
    assert (seat.state, seat.place, seat.user) == (SeatState.LIVE, 1, member)
    assert (seat.proposed_by, seat.given_by) == (person("lead"), person("team"))
    assert [line.verb for line in Activity.objects.filter(service=avon)] == [
        Verb.GAVE,
        Verb.PROPOSED,
    ]


def test_a_third_seat_is_refused_and_names_the_two(sign_in, person, avon):
    for name in ("lead", "inclusion_lead"):
        seats.give(service=avon, user=person(name), by=person("team"))

    answer = sign_in("team").post(GIVE, {"user": person("group_member").pk})

    assert answer.status_code == 422
    said = "Avon Music Service holds two NWG seats already: The lead and The inclusion lead."
    assert answer.context["form"].errors["user"] == [f"{said} End one of them first."]
    assert NwgSeat.objects.count() == 2


def test_the_database_refuses_a_third_seat(person, avon):
    for place, name in enumerate(("lead", "inclusion_lead"), start=1):
        factories.seat(avon, person(name), by=person("team"), place=place)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.seat(avon, person("group_member"), by=person("team"), place=2)

    assert NwgSeat.objects.live().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_seats_given_at_once_leave_two(at_once, person, avon):
    team = person("team")
    seats.give(service=avon, user=person("lead"), by=team)
    people = [person("inclusion_lead"), person("group_member")]

    done = at_once(*(partial(seats.give, service=avon, user=one, by=team) for one in people))

    assert sorted(type(one).__name__ for one in done) == ["NwgSeat", "SeatRefusedError"]
    assert NwgSeat.objects.live().count() == 2


def test_a_seat_that_ended_is_free_again(person, avon):
    first = seats.give(service=avon, user=person("lead"), by=person("team"))
    seats.give(service=avon, user=person("inclusion_lead"), by=person("team"))

    seats.end(seat=first, by=person("team"))
    third = seats.give(service=avon, user=person("group_member"), by=person("team"))

    assert third.place == 1
    assert NwgSeat.objects.live().count() == 2


@pytest.mark.parametrize("name", ["outsider", "facilitator"])
def test_only_people_of_the_service_get_its_seats(sign_in, person, avon, name):
    stranger = person(name)

    answer = sign_in("team").post(GIVE, {"user": stranger.pk})
    with pytest.raises(seats.SeatRefusedError, match="does not belong to Avon Music Service"):
        seats.give(service=avon, user=stranger, by=person("team"))
    with pytest.raises(seats.SeatRefusedError, match="does not belong to Avon Music Service"):
        seats.propose(service=avon, user=stranger, by=person("lead"))

    assert answer.status_code == 422
    assert not NwgSeat.objects.exists()


def test_nobody_is_proposed_or_given_twice(person, avon):
    member = person("group_member")
    seats.propose(service=avon, user=member, by=person("lead"))

    with pytest.raises(seats.SeatRefusedError, match="is proposed for an NWG seat already"):
        seats.propose(service=avon, user=member, by=person("lead"))
    seats.give(service=avon, user=member, by=person("team"))
    with pytest.raises(seats.SeatRefusedError, match="has an NWG seat already"):
        seats.propose(service=avon, user=member, by=person("lead"))
    with pytest.raises(seats.SeatRefusedError, match="has an NWG seat already"):
        seats.give(service=avon, user=member, by=person("team"))

    assert NwgSeat.objects.count() == 1


def test_a_seat_ends_with_the_membership(person, avon):
    member = person("group_member")
    seats.give(service=avon, user=member, by=person("team"))

    actions.remove_member(membership=Membership.objects.get(user=member), by=person("lead"))

    seat = NwgSeat.objects.get()
    assert (seat.state, seat.place, seat.ended_by) == (SeatState.ENDED, None, person("lead"))
    assert Activity.objects.filter(verb=Verb.ENDED, service=avon).count() == 1


def test_the_team_ends_a_seat_and_it_stays_in_the_list(sign_in, person, avon):
    seat = seats.give(service=avon, user=person("lead"), by=person("team"))
    browser = sign_in("team")

    asked = browser.get(f"/programme/nwg-seats/{seat.pk}/end/")
    answer = browser.post(f"/programme/nwg-seats/{seat.pk}/end/", follow=True)

    assert "End the NWG seat of The lead?" in asked.text
    assert "Ended the seat of The lead." in answer.text
    assert [one.pk for one in answer.context["ended"]] == [seat.pk]
    assert browser.post(f"/programme/nwg-seats/{seat.pk}/end/").status_code == 404


def test_a_lead_takes_back_a_proposal_but_ends_no_seat(sign_in, person, avon):
    proposed = seats.propose(service=avon, user=person("group_member"), by=person("lead"))
    held = seats.give(service=avon, user=person("inclusion_lead"), by=person("team"))
    browser = sign_in("lead")

    back = browser.post(f"/programme/nwg-seats/{proposed.pk}/end/")
    refused = browser.post(f"/programme/nwg-seats/{held.pk}/end/")

    assert back.url == f"/services/{avon.slug}/people/"
    assert refused.status_code == 403
    assert [seat.pk for seat in NwgSeat.objects.open()] == [held.pk]


def test_a_seat_of_another_service_is_not_there(sign_in, person, avon):
    seat = seats.propose(service=avon, user=person("lead"), by=person("lead"))

    answer = sign_in("outsider").post(f"/programme/nwg-seats/{seat.pk}/end/")

    assert answer.status_code == 404
    assert NwgSeat.objects.proposed().count() == 1


@pytest.mark.parametrize("name", ["board_viewer", "group_member", "lead", "team"])
def test_members_see_who_holds_the_seats_of_their_service(sign_in, person, avon, name):
    seats.give(service=avon, user=person("inclusion_lead"), by=person("team"))

    text = sign_in(name).get(f"/services/{avon.slug}/people/").text

    assert "Holds a seat since" in text
    assert ("Propose somebody for a seat" in text) == (name == "lead")
    assert (f'href="{GIVE}"' in text) == (name == "team")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_seats_costs_the_same_for_any_number(
    sign_in, person, avon, rows, django_assert_num_queries
):
    team, browser = person("team"), sign_in("team")
    for number in range(rows):
        for way in ("live", "proposed", "ended"):
            member = factories.user(f"{way}{number}")
            service = factories.service(f"{way} {number}")
            factories.membership(member, service, "lead")
            seat = seats.propose(service=service, user=member, by=team)
            if way == "live":
                seats.give(service=service, user=member, by=team)
            if way == "ended":
                seats.end(seat=seat, by=team)
    browser.get("/programme/nwg-seats/")

    with django_assert_num_queries(7):
        answer = browser.get("/programme/nwg-seats/")

    assert len(answer.context["page"]) == rows
    assert [len(answer.context[part]) for part in ("proposed", "ended")] == [rows, rows]


def test_the_programme_page_leads_to_every_desk(sign_in, person, avon):
    seats.propose(service=avon, user=person("lead"), by=person("lead"))

    answer = sign_in("team").get("/programme/")

    assert "1 proposed" in answer.text
    assert answer.text.count('<a href="/programme/nwg-seats/">') == 1
