"""When people are reminded and when they are left alone: terms, quiet, the mail, the calendar."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache

from actionplans.forms.reminding import SnoozeForm, TermsPage, two_years
from actionplans.keeping import calendar as calendars
from actionplans.keeping import choices, reminders, snoozes, term_dates, terms, waiting
from actionplans.models import Snooze, Target
from actionplans.states import PlanStateError
from portal import access, mail
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    require_form_methods,
    require_POST,
    require_safe,
)
from portal.models import MusicService


@require_form_methods
@never_cache
def term_list(request: AuthedRequest, slug: str) -> HttpResponse:
    """The terms of this year and the next: the usual ones, until a service says otherwise."""
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.TERMS_EDIT, service)
    dates = term_dates.of_years(service, two_years())

    if request.method == "POST":
        page = TermsPage(dates, request.POST)
        read = request.POST.get("as_read", "")
        if not page.is_valid():
            return show_terms(request, service, page, read, status=422)
        clash = term_dates.save(service=service, dates=page.chosen, read=read, by=request.user)
        if clash:
            # Having seen both versions, the next save is meant.
            now = term_dates.as_read(clash.theirs)
            return show_terms(request, service, page, now, theirs=clash.theirs, status=409)
        messages.success(request, "Term dates are saved.")
        return redirect("terms", service.slug)
    return show_terms(request, service, TermsPage(dates), term_dates.as_read(dates))


def show_terms(
    request: AuthedRequest,
    service: MusicService,
    page: TermsPage,
    read: str,
    *,
    theirs: tuple[terms.Dates, ...] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "actionplans/term_list.html",
        {"service": service, "page": page, "as_read": read, "theirs": theirs},
        status=status,
    )


@require_form_methods
@never_cache
def snooze(request: AuthedRequest, pk: int) -> HttpResponse:
    """Quiet about one target until a day, for whoever asks; and the end of it."""
    target = get_object_or_404(Target.objects.visible_to(request.user).with_plan(), pk=pk)
    if not snoozes.may(request.user, target):
        access.require(request.user, Permission.PLAN_LEAD, target.plan.service)

    refusal = ""
    if request.method == "POST" and request.POST.get("wish") == "lift":
        snoozes.lift(target=target, by=request.user)
        messages.success(request, f"You are reminded of {target.reference} again.")
        return redirect(target)
    quiet = snoozes.current(target, request.user)
    if request.method == "POST":
        form = SnoozeForm(request.POST)
        if form.is_valid():
            try:
                made = snoozes.snooze(target=target, by=request.user, **form.cleaned_data)
            except PlanStateError as error:
                refusal = str(error)
            else:
                until = f"{made.until_on:%-d %B %Y}"
                messages.success(request, f"No reminder of {target.reference} until {until}.")
                return redirect(target)
    else:
        form = SnoozeForm(initial=snoozes.suggested(target, quiet))
    return render(
        request,
        "actionplans/snooze_form.html",
        {"target": target, "plan": target.plan, "form": form, "quiet": quiet, "refusal": refusal},
        status=HTTPStatus.CONFLICT if refusal else form_status(form),
    )


@require_form_methods
@never_cache
def detail(request: AuthedRequest) -> HttpResponse:
    """One's own reminders: the weekly mail, the calendar, what is quiet, what waits now."""
    if request.method == "POST":
        weekly = request.POST.get("weekly") == "on"
        choices.set_weekly(weekly=weekly, by=request.user)
        messages.success(
            request,
            "You get the weekly e-mail again." if weekly else "You get no weekly e-mail any more.",
        )
        return redirect("reminders")
    choice = choices.of(request.user)
    today = timezone.localdate()
    found = waiting.read([request.user], today, also_in_holidays=True)
    memberships = request.user.live_memberships
    return render(
        request,
        "actionplans/reminders.html",
        {
            "weekly": choice is None or choice.weekly,
            "choice": choice,
            "link": calendar_link(choice.calendar_key) if choice else "",
            "quiet": Snooze.objects.of(request.user, today),
            "waiting": found.get(request.user.pk, waiting.Waiting()),
            "services": [
                (one.service, access.can(request.user, Permission.TERMS_EDIT, one.service))
                for one in memberships
            ],
        },
    )


def calendar_link(key: str) -> str:
    return mail.absolute(reverse("calendar", args=[key]))


@require_POST
def renew(request: AuthedRequest) -> HttpResponse:
    """A calendar link, or a new one: whoever has the old one reads nothing from now on."""
    is_new = choices.of(request.user) is None
    choices.renew_calendar(by=request.user)
    messages.success(
        request,
        "Your calendar link is ready."
        if is_new
        else "Your calendar has a new link. The old one opens nothing any more.",
    )
    return redirect("reminders")


@login_not_required
@require_form_methods
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """Please send me no weekly e-mail; or do, after all. A link alone changes nothing."""
    user = reminders.by_stop_token(token)
    if user is None:
        raise Http404

    if request.method == "POST":
        choices.set_weekly(weekly=request.POST.get("wish") == "send", by=user)
        return redirect("reminders_stop", token)
    choice = choices.of(user)
    response = render(
        request,
        "actionplans/reminders_stop.html",
        {"weekly": choice is None or choice.weekly},
    )
    return unlisted(response)


@login_not_required
@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponseBase:
    """The calendar that a private link opens; a wrong one is nothing at all."""
    user = calendars.owner_of(key)
    if user is None:
        raise Http404

    body = calendars.feed(user)
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Content-Disposition"] = 'inline; filename="changing-tracks.ics"'
    answer = get_conditional_response(request, etag=etag, response=response) or response
    return unlisted(answer, "private, no-cache")


def unlisted(response: HttpResponseBase, cache: str = "private, no-store") -> HttpResponseBase:
    """What the address opens is not found, and nobody between keeps it."""
    response.headers["Cache-Control"] = cache
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
