"""What a music service says of itself in public, and writing to its leads."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import access, bots, profiles, tasks
from portal.access import Permission
from portal.directory_forms import MessageForm, ProfileForm
from portal.http import AuthedRequest, form_status, require_form_methods
from portal.models import MusicService

FROM_ONE_SENDER, IN_AN_HOUR = 5, timedelta(hours=1)
TO_ONE_SERVICE, IN_A_DAY = 20, timedelta(days=1)
TOO_MANY = (
    "Too many messages have come this way for now. Your text is still here: send it again in an "
    "hour."
)


@require_form_methods
@never_cache  # Back shows what is saved by now
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PROFILE_EDIT, service)

    read, now = profiles.as_read(service), None
    if request.method == "POST":
        form = ProfileForm(request.POST)
        read = request.POST.get("as_read", "")
        if form.is_valid():
            try:
                profiles.keep(service=service, values=form.cleaned_data, read=read, by=request.user)
            except profiles.ChangedMeanwhileError as clash:
                # Having seen both versions, the next save is meant
                now, read = clash.now, profiles.as_read(clash.now)
            else:
                messages.success(request, "Saved and confirmed. Thank you.")
                return redirect(service)
    else:
        form = ProfileForm(initial={field: getattr(service, field) for field in profiles.FIELDS})
    return render(
        request,
        "portal/service_profile.html",
        {"service": service, "form": form, "as_read": read, "now": now},
        status=HTTPStatus.CONFLICT if now else form_status(form),
    )


@require_form_methods
@login_not_required
@never_cache
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """A message to the leads of a service; no address is shown.

    Like every form it has Django's token against forged requests, so this page alone of the
    public ones sets the cookie `csrf`, for as long as somebody may be writing.
    """
    service = get_object_or_404(MusicService.objects.listed(), slug=slug)

    leads = list(service.memberships.leads())
    if request.method == "POST" and leads:
        form = MessageForm(request.POST)
        if form.is_valid():
            if has_room(request, service):
                for lead in leads:
                    tasks.send_message.defer(membership_id=lead.pk, **form.message)
                return redirect(f"{reverse('service_contact', args=[service.slug])}?sent=yes")
            form.add_error(None, TOO_MANY)
    else:
        form = MessageForm()
    return render(
        request,
        "portal/service_contact.html",
        {
            "service": service,
            "has_lead": bool(leads),
            "sent": request.GET.get("sent") == "yes",
            "form": form,
        },
        status=form_status(form),
    )


def has_room(request: HttpRequest, service: MusicService) -> bool:
    sender = f"contact-from:{bots.sender_of(request)}"
    return bots.has_room(sender, most=FROM_ONE_SENDER, within=IN_AN_HOUR) and bots.has_room(
        f"contact-to:{service.pk}", most=TO_ONE_SERVICE, within=IN_A_DAY
    )
