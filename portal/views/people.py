"""Who belongs to a music service, and how people come in and go."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal import access, actions
from portal.access import Permission, Role
from portal.context import CURRENT_SERVICE
from portal.forms import JoinForm, RoleForm, ServiceInviteForm
from portal.http import (
    AuthedRequest,
    form_status,
    require_form_methods,
    require_POST,
    require_safe,
)
from portal.models import Invitation, Link, Membership, MusicService, User


@require_safe
def listing(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PEOPLE_VIEW, service)

    may_manage = access.can(request.user, Permission.PEOPLE_MANAGE, service)
    return render(
        request,
        "portal/people_list.html",
        {
            "service": service,
            "members": service.memberships.live().by_role(),
            "invitations": service.invitations.waiting() if may_manage else [],
            "may_manage": may_manage,
            "seats": service.nwg_seats.open().with_people(),
            "may_propose": access.can(request.user, Permission.SEAT_PROPOSE, service),
            "may_give": access.can(request.user, Permission.SEATS_GIVE),
        },
    )


@require_form_methods
def invite(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PEOPLE_MANAGE, service)

    waiting = None
    if request.method == "POST":
        form = ServiceInviteForm(request.POST)
        if form.is_valid():
            try:
                invited = actions.invite(service=service, by=request.user, **form.cleaned_data)
            except actions.PlaceTakenError as refusal:
                form.add_error("email", str(refusal))
                waiting = refusal.waiting
            else:
                messages.success(request, f"Invited {invited.email}.")
                return redirect("people", service.slug)
    else:
        form = ServiceInviteForm(initial={"role": request.GET.get("role")})
    return render(
        request,
        "portal/invite_form.html",
        {"service": service, "form": form, "waiting": waiting},
        status=form_status(form),
    )


@require_form_methods
def role(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    memberships = Membership.objects.visible_to(request.user).live().with_people()
    membership = get_object_or_404(memberships, service__slug=slug, pk=pk)
    access.require(request.user, Permission.PEOPLE_MANAGE, membership.service)

    if request.method == "POST":
        form = RoleForm(request.POST)
        if form.is_valid():
            try:
                actions.change_role(membership=membership, by=request.user, **form.cleaned_data)
            except actions.LastLeadError as refusal:
                form.add_error("role", str(refusal))
            else:
                label = Role(form.cleaned_data["role"]).label
                messages.success(request, f"{membership.user} is {label} now.")
                return redirect("people", slug)
    else:
        form = RoleForm(initial={"role": membership.role})
    return render(
        request,
        "portal/member_role_form.html",
        {"membership": membership, "form": form},
        status=form_status(form),
    )


@require_form_methods
def remove(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    memberships = Membership.objects.visible_to(request.user).live().with_people()
    membership = get_object_or_404(memberships, service__slug=slug, pk=pk)
    access.require(request.user, Permission.PEOPLE_MANAGE, membership.service)

    refused = None
    if request.method == "POST":
        try:
            actions.remove_member(membership=membership, by=request.user)
        except actions.LastLeadError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"{membership.user} was removed.")
            left = membership.user == request.user
            return redirect("home") if left else redirect("people", slug)
    return render(
        request,
        "portal/member_confirm_remove.html",
        {"membership": membership, "refused": refused},
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )


def invitation_gate(request: AuthedRequest, pk: int) -> Invitation:
    """An invitation this person may send again or withdraw."""
    invitations = Invitation.objects.visible_to(request.user).select_related("service")
    invitation = get_object_or_404(invitations, pk=pk)
    needed = Permission.PEOPLE_MANAGE if invitation.service else Permission.PROGRAMME_PEOPLE
    access.require(request.user, needed, invitation.service)
    return invitation


def back_to_list(invitation: Invitation) -> HttpResponse:
    if invitation.service:
        return redirect("people", invitation.service.slug)
    return redirect("programme_people")


@require_POST
def send_again(request: AuthedRequest, pk: int) -> HttpResponse:
    invitation = invitation_gate(request, pk)

    try:
        actions.send_again(invitation=invitation, by=request.user)
    except actions.InvitationClosedError as refusal:
        messages.error(request, f"{invitation.email}: {refusal}")
    else:
        messages.success(
            request, f"Sent again to {invitation.email}. The earlier link no longer works."
        )
    return back_to_list(invitation)


@require_form_methods
def withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    invitation = invitation_gate(request, pk)

    if request.method == "POST":
        try:
            actions.withdraw(invitation=invitation, by=request.user)
        except actions.InvitationClosedError as refusal:
            messages.error(request, f"{invitation.email}: {refusal}")
        else:
            messages.success(request, f"Withdrew the invitation of {invitation.email}.")
        return back_to_list(invitation)
    return render(request, "portal/invitation_confirm_withdraw.html", {"invitation": invitation})


# Coming in by the link of an invitation: nothing is used up by looking at it


def refused_link(request: HttpRequest, link: Link) -> HttpResponse:
    unknown = link == Link.UNKNOWN
    return render(
        request,
        "portal/join_refused.html",
        {"link": link},
        status=HTTPStatus.NOT_FOUND if unknown else HTTPStatus.GONE,
    )


@require_form_methods
@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    invitation, link = Invitation.objects.by_token(token)
    if invitation is None or link != Link.OPEN:
        return refused_link(request, link)

    account = User.objects.with_email(invitation.email)
    try:
        if request.user.is_authenticated:
            return join_signed_in(request, invitation)
        if not account or not account.has_usable_password():
            return join_new(request, invitation, account)
    except actions.InvitationClosedError as refusal:
        return refused_link(request, refusal.link)
    except actions.HasAccountError:
        pass  # the account came while the form was being filled in
    return render(request, "portal/join_sign_in.html", {"invitation": invitation})


def join_signed_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Somebody with an account takes up an invitation to their own address."""
    assert isinstance(request.user, User)  # noqa: S101 (for the type checker)
    if request.user.email.lower() != invitation.email.lower():
        return render(
            request,
            "portal/join_other_account.html",
            {"invitation": invitation},
            status=HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK,
        )
    if request.method == "POST":
        try:
            actions.accept(invitation=invitation, by=request.user)
        except actions.AlreadyMemberError as refusal:
            messages.error(request, str(refusal))
        else:
            if invitation.service:
                request.session[CURRENT_SERVICE] = invitation.service.pk
            messages.success(request, f"Welcome to {invitation.place}.")
        return redirect("home")
    return render(request, "portal/join_confirm.html", {"invitation": invitation})


def join_new(
    request: HttpRequest, invitation: Invitation, account: User | None
) -> HttpResponseBase:
    """Somebody new chooses a name and a password, and is signed in."""
    if request.method == "POST":
        form = JoinForm(request.POST, email=invitation.email)
        if form.is_valid():
            person = actions.create_account(
                invitation=invitation,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
            )
            messages.success(request, f"Welcome to {invitation.place}.")
            response: HttpResponseBase = perform_login(
                request, person, redirect_url=reverse("home")
            )
            return response
    else:
        form = JoinForm(email=invitation.email, initial={"name": account.name if account else ""})
    return render(
        request,
        "portal/join_form.html",
        {"invitation": invitation, "form": form},
        status=form_status(form),
    )
