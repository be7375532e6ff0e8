"""Rating by a personal link, without an account; and the link that gives each of a group theirs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal import mail
from portal.http import form_status, require_form_methods, require_POST, require_safe
from selfassessment import actions
from selfassessment.asking import joining
from selfassessment.asking.mail import minutes
from selfassessment.forms.linked import BeginForm, ReturnLinkForm
from selfassessment.models import Respondent, Response, SharedLink, Source, Stage
from selfassessment.rating.ways import Way, by_link
from selfassessment.views.rating import (
    check_ratings,
    rate_section,
    rate_statement,
    refused_to_hand_in,
)

View = Callable[..., HttpResponse]


def unlisted(view: View) -> View:
    """What the address opens is not kept, not found, and its address not passed on."""

    @wraps(view)
    def shown(request: HttpRequest, token: str, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, token, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "same-origin"  # the form's own check needs it so far
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


def personal(view: View, *, by_members: bool = False) -> View:
    """Hand the view the way that the link in the address stands for: one response, nothing else.

    The link in a member's mail stops reminders; they rate by their account. Else it would go on
    opening ratings to whoever has left, and what somebody else carried on with.
    """

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: object, **kwargs: object) -> HttpResponse:
        respondent = Respondent.objects.by_token(token)
        if respondent is None:
            return refused(request, HTTPStatus.NOT_FOUND)
        if respondent.withdrawn_at:
            return refused(request, HTTPStatus.GONE, respondent)
        if respondent.source == Source.ACCOUNT and not by_members:
            return redirect("mine", respondent.audit_id)
        return view(request, by_link(respondent, token), *args, **kwargs)

    return login_not_required(unlisted(opened))


def refused(
    request: HttpRequest, status: HTTPStatus, link: Respondent | SharedLink | None = None
) -> HttpResponse:
    """The page for a link that opens nothing: made up, or taken back."""
    context = {"link": link, "audit": link.audit if link else None}
    return render(request, "selfassessment/linked_refused.html", context, status=status)


@personal
@require_form_methods
def landing(request: HttpRequest, way: Way) -> HttpResponse:
    """Who asks, why, how long it takes and who will see what; then the list of sections."""
    respondent = way.respondent
    if respondent.handed_in or way.audit.stage != Stage.RATING:
        return render(request, "selfassessment/linked_thanks.html", thanks(way))

    if request.method == "POST":
        respondent.open()
        return redirect(way.carry_on(way.progress()))
    return landing_page(request, way, ReturnLinkForm(respondent=respondent))


@personal
@require_POST
def post_link(request: HttpRequest, way: Way) -> HttpResponse:
    """Mail somebody who came by the link of a role group the address to come back to."""
    respondent = way.respondent
    is_over = respondent.handed_in or way.audit.stage != Stage.RATING
    if is_over or respondent.email or respondent.source != Source.LINK:
        return redirect(way.home)

    form = ReturnLinkForm(request.POST, respondent=respondent)
    if not form.is_valid():
        return landing_page(request, way, form)
    joining.mail_return_link(respondent=respondent, **form.cleaned_data)
    messages.success(request, f"The address to come back to is on its way to {respondent.email}.")
    return redirect(way.home)


def landing_page(request: HttpRequest, way: Way, form: ReturnLinkForm) -> HttpResponse:
    respondent, far = way.respondent, way.progress()
    return render(
        request,
        "selfassessment/linked_landing.html",
        {
            "audit": way.audit,
            "response": way.response,
            "respondent": respondent,
            "asks": respondent.asked_by or way.audit.started_by,
            "way": way,
            "progress": far,
            "minutes": minutes(far.total),
            "address": mail.absolute(way.home) if respondent.source == Source.LINK else "",
            "form": form,
        },
        status=form_status(form),
    )


def thanks(way: Way) -> dict[str, object]:
    """What somebody sees who has handed in, or comes too late."""
    may_read = not way.is_parted and way.audit.stage == Stage.RATING
    return {
        "audit": way.audit,
        "respondent": way.respondent,
        "way": way,
        "progress": way.progress() if may_read else None,
    }


@personal
@require_form_methods
def section(request: HttpRequest, way: Way, code: str) -> HttpResponse:
    if request.method != "POST" and way.audit.stage != Stage.RATING:
        return redirect(way.home)
    return rate_section(request, way, code)


@personal
@require_POST
def save(request: HttpRequest, way: Way, code: str, statement_id: int) -> HttpResponse:
    return rate_statement(request, way, code, statement_id)


@personal
@require_safe
def check(request: HttpRequest, way: Way) -> HttpResponse:
    if way.audit.stage != Stage.RATING:
        return redirect(way.home)
    return check_ratings(request, way)


@personal
@require_POST
def hand_in(request: HttpRequest, way: Way) -> HttpResponse:
    return refused_to_hand_in(request, way) or redirect(way.home)


@partial(personal, by_members=True)
@require_form_methods
def stop(request: HttpRequest, way: Way) -> HttpResponse:
    """Please don’t remind me; or do, after all."""
    if request.method == "POST":
        way.respondent.mind_reminders(stop=request.POST.get("wish") != "remind")
        return redirect("linked_stop", way.key)
    return render(
        request,
        "selfassessment/linked_stop.html",
        {"audit": way.audit, "respondent": way.respondent, "way": way},
    )


@login_not_required
@unlisted
@require_form_methods
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a role group: whoever opens it gets a response and a link of their own."""
    link = SharedLink.objects.by_token(token)
    if link is None:
        return refused(request, HTTPStatus.NOT_FOUND)
    if link.withdrawn_at or link.audit.stage != Stage.RATING:
        return refused(request, HTTPStatus.GONE, link)

    if request.method == "POST":
        form = BeginForm(request.POST, audit=link.audit)
        if form.is_valid():
            try:
                respondent = joining.begin_by_shared_link(link=link, **form.cleaned_data)
            except actions.RatingsClosedError as refusal:
                messages.error(request, str(refusal))
                return redirect("shared", token)
            return redirect("linked", respondent.token)
    else:
        form = BeginForm(audit=link.audit, initial={"once": secrets.token_urlsafe(16)})
    asked = Response(audit=link.audit, role_group=link.role_group).statements().count()
    return render(
        request,
        "selfassessment/linked_shared.html",
        {
            "audit": link.audit,
            "link": link,
            "asks": link.made_by,
            "form": form,
            "total": asked,
            "minutes": minutes(asked),
        },
        status=form_status(form),
    )
