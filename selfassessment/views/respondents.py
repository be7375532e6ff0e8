"""Asking people to rate, and how far they are: never what they say."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import access, mail
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    other_terms,
    require_form_methods,
    require_POST,
    require_safe,
)
from selfassessment.asking import asked, invites
from selfassessment.forms.respondents import FindForm, InviteForm, PrivacyForm, RoleGroupForm
from selfassessment.models import Audit, Privacy, Respondent, SharedLink, Stage

A_PAGE = 50  # people


def gate(request: AuthedRequest, pk: int) -> Audit:
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits, pk=pk)
    access.require(request.user, Permission.RESPONDENTS_MANAGE, audit.service)
    return audit


def gate_to(request: AuthedRequest, pk: int, respondent_id: int) -> Respondent:
    audits = Audit.objects.visible_to(request.user)
    found = Respondent.objects.select_related("user", "audit__service", "audit__questionnaire")
    respondent = get_object_or_404(found, pk=respondent_id, audit=pk, audit__in=audits)
    access.require(request.user, Permission.RESPONDENTS_MANAGE, respondent.audit.service)
    return respondent


def gate_to_link(request: AuthedRequest, pk: int, link_id: int) -> SharedLink:
    audits = Audit.objects.visible_to(request.user)
    live = SharedLink.objects.live().select_related("audit__service", "audit__questionnaire")
    link = get_object_or_404(live, pk=link_id, audit=pk, audit__in=audits)
    access.require(request.user, Permission.RESPONDENTS_MANAGE, link.audit.service)
    return link


@require_safe
@never_cache  # Back shows how far they are by now
def listing(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = gate(request, pk)

    form = FindForm(request.GET)
    found = form.narrow(audit.respondents.by_role())
    sought = {name: value for name, value in form.cleaned_data.items() if value}
    return render(
        request,
        "selfassessment/respondent_list.html",
        {
            "audit": audit,
            "asked": asked.read(audit),
            "form": form,
            "sought": sought,
            "query": other_terms(request),
            "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
            "link_form": RoleGroupForm(prefix="link"),
            "is_open": audit.stage == Stage.RATING,
        },
    )


@require_form_methods
def privacy(request: AuthedRequest, pk: int) -> HttpResponse:
    """Named or anonymous, before anybody is asked."""
    audit = gate(request, pk)

    onward = request.GET.get("then") == "invite"
    if request.method == "POST":
        form = PrivacyForm(request.POST)
        if form.is_valid():
            chosen = Privacy(form.cleaned_data["privacy"])
            try:
                invites.choose_privacy(audit=audit, privacy=chosen, by=request.user)
            except (invites.PrivacyKeptError, invites.NotRatingError) as refusal:
                form.add_error("privacy", str(refusal))
            else:
                messages.success(request, f"Ratings are {chosen.label.lower()} now.")
                return redirect("respondent_invite" if onward else "respondents", audit.pk)
    else:
        form = PrivacyForm(initial={"privacy": audit.privacy})
    return render(
        request,
        "selfassessment/respondent_privacy.html",
        {"audit": audit, "form": form},
        status=form_status(form),
    )


@require_form_methods
def invite(request: AuthedRequest, pk: int) -> HttpResponse:
    """One address or a whole list, as one role group. Lines that cannot be used are kept."""
    audit = gate(request, pk)
    if audit.stage != Stage.RATING:
        messages.error(request, str(invites.NotRatingError()))
        return redirect("respondents", audit.pk)
    if not audit.privacy:
        return choose_first(request, audit, then="invite")

    kept = f"to_mend_{audit.pk}"
    if request.method == "POST":
        form = InviteForm(request.POST, audit=audit)
        if form.is_valid() and form.is_sure and form.pasted:
            people, left = form.pasted.people, form.pasted.left
            role_group = form.cleaned_data["role_group"]
            try:
                done = invites.invite(
                    audit=audit, role_group=role_group, people=people, by=request.user
                )
            except invites.NotRatingError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, f"Asked {invites.count(done)}. The mails are on their way."
                )
                request.session[kept] = [role_group, left]
                if left:
                    messages.warning(request, "The lines that were left out are kept here.")
                    return redirect("respondent_invite", audit.pk)
                return redirect("respondents", audit.pk)
    else:
        role_group, left = request.session.get(kept, ["", ""])
        form = InviteForm(initial={"role_group": role_group, "addresses": left}, audit=audit)
    return render(
        request,
        "selfassessment/respondent_invite.html",
        {"audit": audit, "form": form},
        status=form_status(form) if form.errors else 200,
    )


def choose_first(request: AuthedRequest, audit: Audit, then: str = "") -> HttpResponse:
    messages.info(request, str(invites.PrivacyNotChosenError()))
    return redirect(f"{reverse('audit_privacy', args=[audit.pk])}?then={then}")


@require_POST
def remind(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = gate(request, pk)

    try:
        reminded = invites.remind_now(audit=audit, by=request.user)
    except invites.NotRatingError as refusal:
        messages.error(request, str(refusal))
    else:
        if reminded:
            messages.success(request, f"Reminding {invites.count(range(reminded))}.")
        else:
            messages.info(
                request,
                "Nobody was reminded: those who are not done had a mail today, asked for none, or "
                "have no address here.",
            )
    return redirect("respondents", audit.pk)


@require_POST
def again(request: AuthedRequest, pk: int, respondent_id: int) -> HttpResponse:
    respondent = gate_to(request, pk, respondent_id)

    try:
        invites.send_again(respondent=respondent, by=request.user)
    except invites.PrivacyNotChosenError:
        return choose_first(request, respondent.audit)
    except (invites.NoMailError, invites.NotRatingError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Another mail goes to {respondent.address}.")
    return redirect("respondents", pk)


@require_form_methods
def withdraw(request: AuthedRequest, pk: int, respondent_id: int) -> HttpResponse:
    respondent = gate_to(request, pk, respondent_id)

    if request.method == "POST":
        invites.withdraw(respondent=respondent, by=request.user)
        messages.success(request, f"{respondent} is not asked any more. The link is void.")
        return redirect("respondents", pk)
    return render(
        request,
        "selfassessment/respondent_withdraw.html",
        {"audit": respondent.audit, "respondent": respondent},
    )


@require_form_methods
def role(request: AuthedRequest, pk: int, respondent_id: int) -> HttpResponse:
    respondent = gate_to(request, pk, respondent_id)

    if request.method == "POST":
        form = RoleGroupForm(request.POST)
        if form.is_valid():
            try:
                invites.change_role_group(
                    respondent=respondent, by=request.user, **form.cleaned_data
                )
            except (invites.HandedInError, invites.NotRatingError) as refusal:
                form.add_error("role_group", str(refusal))
            else:
                messages.success(request, f"Changed the role group of {respondent}.")
                return redirect("respondents", pk)
    else:
        form = RoleGroupForm(initial={"role_group": respondent.role_group})
    return render(
        request,
        "selfassessment/respondent_role.html",
        {"audit": respondent.audit, "respondent": respondent, "form": form},
        status=form_status(form),
    )


# Links for a whole role group


@require_POST
def make_link(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = gate(request, pk)

    form = RoleGroupForm(request.POST, prefix="link")
    if not form.is_valid():
        messages.error(request, "Choose the role group that the link is for.")
        return redirect("respondents", pk)
    try:
        link = invites.make_link(audit=audit, by=request.user, **form.cleaned_data)
    except invites.PrivacyNotChosenError:
        return choose_first(request, audit)
    except invites.NotRatingError as refusal:
        messages.error(request, str(refusal))
        return redirect("respondents", pk)
    return redirect("shared_link", pk, link.pk)


@require_safe
def link(request: AuthedRequest, pk: int, link_id: int) -> HttpResponse:
    """The link of a role group, to copy, to print, or to show on a screen."""
    shared = gate_to_link(request, pk, link_id)

    return render(
        request,
        "selfassessment/shared_link.html",
        {
            "audit": shared.audit,
            "link": shared,
            "address": mail.absolute(reverse("shared", args=[shared.token])),
        },
    )


@require_form_methods
def withdraw_link(request: AuthedRequest, pk: int, link_id: int) -> HttpResponse:
    shared = gate_to_link(request, pk, link_id)

    if request.method == "POST":
        invites.withdraw_link(link=shared, by=request.user)
        messages.success(request, f"{shared} is void.")
        return redirect("respondents", pk)
    return render(
        request,
        "selfassessment/shared_link_withdraw.html",
        {"audit": shared.audit, "link": shared},
    )
