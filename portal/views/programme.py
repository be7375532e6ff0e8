"""Who has a role in the programme."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access, actions
from portal.access import Permission
from portal.forms import ProgrammeInviteForm
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from portal.models import Invitation, NwgSeat, User


@require_safe
def desks(request: AuthedRequest) -> HttpResponse:
    """Everything the programme team looks after, on one page: each line leads to its desk."""
    access.require(request.user, Permission.PROGRAMME_PEOPLE)

    return render(
        request,
        "portal/programme.html",
        {"proposed": NwgSeat.objects.visible_to(request.user).proposed().count()},
    )


@require_safe
def listing(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.PROGRAMME_PEOPLE)

    return render(
        request,
        "portal/programme_people_list.html",
        {
            "people": User.objects.visible_to(request.user).order_by("name"),
            "invitations": Invitation.objects.visible_to(request.user)
            .waiting()
            .filter(service=None),
        },
    )


@require_form_methods
def invite(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.PROGRAMME_PEOPLE)

    waiting = None
    if request.method == "POST":
        form = ProgrammeInviteForm(request.POST)
        if form.is_valid():
            try:
                invited = actions.invite(by=request.user, **form.cleaned_data)
            except actions.PlaceTakenError as refusal:
                form.add_error("email", str(refusal))
                waiting = refusal.waiting
            else:
                messages.success(request, f"Invited {invited.email}.")
                return redirect("programme_people")
    else:
        form = ProgrammeInviteForm()
    return render(
        request,
        "portal/invite_form.html",
        {"form": form, "waiting": waiting},
        status=form_status(form),
    )


@require_form_methods
def end(request: AuthedRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.PROGRAMME_PEOPLE)
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)

    refused = None
    if request.method == "POST":
        try:
            actions.end_programme_role(person=person, by=request.user)
        except actions.LastTeamMemberError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"{person} is no longer in the programme.")
            return redirect("home") if person == request.user else redirect("programme_people")
    return render(
        request,
        "portal/programme_confirm_end.html",
        {"person": person, "refused": refused},
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )
