"""Seats on the NWG: a lead proposes, the programme team gives and ends them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import SEATS, MusicService, NwgSeat, SeatState, User, Verb


class SeatRefusedError(Exception):
    """Why a seat cannot be proposed or given; the text is fit to show."""


def held(service: MusicService) -> MusicService:
    """The service, locked: one change of its seats and people at a time."""
    return MusicService.objects.select_for_update().get(pk=service.pk)


def require_member(service: MusicService, user: User) -> None:
    if not service.memberships.live().filter(user=user).exists():
        raise SeatRefusedError(
            f"{user} does not belong to {service}. A seat is for people of the music service: "
            "invite them first."
        )


@transaction.atomic
def propose(*, service: MusicService, user: User, by: User) -> NwgSeat:
    """Ask the programme team for a seat for somebody of the service."""
    service = held(service)
    require_member(service, user)
    seat = service.nwg_seats.open().filter(user=user).first()
    if seat:
        how = "has an NWG seat" if seat.state == SeatState.LIVE else "is proposed for an NWG seat"
        raise SeatRefusedError(f"{user} {how} already.")
    seat = NwgSeat.objects.create(service=service, user=user, proposed_by=by)
    record(by=by, verb=Verb.PROPOSED, subject=f"{user} for an NWG seat", service=service)
    return seat


@transaction.atomic
def give(*, service: MusicService, user: User, by: User, from_on: dt.date | None = None) -> NwgSeat:
    """Give somebody of the service a seat, proposed or not. A service holds at most two."""
    service = held(service)
    require_member(service, user)
    live = list(service.nwg_seats.live().select_related("user").order_by("place"))
    if user in [seat.user for seat in live]:
        raise SeatRefusedError(f"{user} has an NWG seat already.")
    if len(live) == len(SEATS):
        first, second = (seat.user for seat in live)
        raise SeatRefusedError(
            f"{service} holds two NWG seats already: {first} and {second}. End one of them first."
        )
    seat = service.nwg_seats.proposed().filter(user=user).first() or NwgSeat(
        service=service, user=user, proposed_by=by
    )
    taken = {seat.place for seat in live}
    seat.place = next(place for place in SEATS if place not in taken)
    seat.state, seat.from_on = SeatState.LIVE, from_on or timezone.localdate()
    seat.given_at, seat.given_by = timezone.now(), by
    seat.save()
    record(by=by, verb=Verb.GAVE, subject=f"an NWG seat to {user}", service=service)
    return seat


@transaction.atomic
def end(*, seat: NwgSeat, by: User) -> None:
    """End a seat, or put a proposal aside. What was stays in the list."""
    held(seat.service)
    was_live = NwgSeat.objects.live().filter(pk=seat.pk).exists()
    if NwgSeat.objects.filter(pk=seat.pk).end(by=by):
        what = "the NWG seat of" if was_live else "the proposal of an NWG seat for"
        record(by=by, verb=Verb.ENDED, subject=f"{what} {seat.user}", service=seat.service)
