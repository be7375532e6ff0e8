"""Seats on the NWG: who holds them, who is proposed, and who gives and ends them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access, seats
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from portal.models import MusicService, NwgSeat, SeatState
from portal.seat_forms import GiveForm, SeatForm

A_PAGE = 100
LAST_ENDED = 50


@require_safe
def listing(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.SEATS_GIVE)

    held = NwgSeat.objects.visible_to(request.user).with_people()
    return render(
        request,
        "portal/seat_list.html",
        {
            "proposed": held.proposed().order_by("proposed_at"),
            "page": Paginator(held.live(), A_PAGE).get_page(request.GET.get("page")),
            "ended": held.ended().order_by("-ended_at")[:LAST_ENDED],
        },
    )


@require_form_methods
def propose(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.SEAT_PROPOSE, service)

    if request.method == "POST":
        form = SeatForm(request.POST, service=service)
        if form.is_valid():
            try:
                seat = seats.propose(service=service, by=request.user, **form.cleaned_data)
            except seats.SeatRefusedError as refusal:
                form.add_error("user", str(refusal))
            else:
                messages.success(request, f"Proposed {seat.user}. The programme team decides.")
                return redirect("people", service.slug)
    else:
        form = SeatForm(service=service)
    return render(
        request,
        "portal/seat_form.html",
        {"service": service, "form": form, "live": service.nwg_seats.live().with_people()},
        status=form_status(form),
    )


@require_form_methods
def give(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.SEATS_GIVE)

    if request.method == "POST":
        form = GiveForm(request.POST, service=service)
        if form.is_valid():
            try:
                seat = seats.give(service=service, by=request.user, **form.cleaned_data)
            except seats.SeatRefusedError as refusal:
                form.add_error("user", str(refusal))
            else:
                messages.success(request, f"{seat.user} has an NWG seat for {service} now.")
                return redirect("seats")
    else:
        form = GiveForm(service=service, initial={"user": request.GET.get("user")})
    return render(
        request,
        "portal/seat_form.html",
        {
            "service": service,
            "form": form,
            "live": service.nwg_seats.live().with_people(),
            "gives": True,
        },
        status=form_status(form),
    )


@require_form_methods
def end(request: AuthedRequest, pk: int) -> HttpResponse:
    """The team ends any; a lead takes back what the service proposed."""
    held = NwgSeat.objects.visible_to(request.user).open().with_people()
    seat = get_object_or_404(held, pk=pk)
    is_proposal = seat.state == SeatState.PROPOSED
    takes_back = is_proposal and access.can(request.user, Permission.SEAT_PROPOSE, seat.service)
    if not takes_back:
        access.require(request.user, Permission.SEATS_GIVE)

    if request.method == "POST":
        seats.end(seat=seat, by=request.user)
        ended = "Put aside the proposal of" if is_proposal else "Ended the seat of"
        messages.success(request, f"{ended} {seat.user}.")
        if access.can(request.user, Permission.SEATS_GIVE):
            return redirect("seats")
        return redirect("people", seat.service.slug)
    return render(
        request,
        "portal/seat_confirm_end.html",
        {
            "seat": seat,
            "is_proposal": is_proposal,
            "may_give": access.can(request.user, Permission.SEATS_GIVE),
        },
    )
