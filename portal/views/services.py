"""The directory of music services, and what a service shows its own people."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal import access, actions, directory, inside
from portal.access import Permission
from portal.context import CURRENT_SERVICE
from portal.exports import CSV_TYPE, Sheet, attachment, csv_bytes
from portal.finding import Wanted, find, with_nwg
from portal.forms import ServiceForm
from portal.http import (
    AuthedRequest,
    form_status,
    other_terms,
    public_page,
    require_form_methods,
    require_POST,
    require_safe,
)
from portal.models import HubArea, MusicService

ACTIVITY_LINES = 50
A_PAGE = 50


@require_safe
@login_not_required
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    may_add = access.can(request.user, Permission.SERVICE_ADD)
    without_lead = may_add and request.GET.get("lead") == "none"
    services = MusicService.objects.listed()
    found = find(Wanted.read(request.GET), services.without_lead() if without_lead else services)
    rows = found.services.with_lead() if may_add else found.services
    paginator = Paginator(rows, A_PAGE)
    paginator.count = found.count  # known already: it costs no query
    return render(
        request,
        "portal/service_list.html",
        {
            "found": found,
            "wanted": found.wanted,
            "page": paginator.get_page(request.GET.get("page")),
            "query": found.wanted.address(),
            "pages_query": other_terms(request),
            "may_add": may_add,
            "without_lead": without_lead,
        },
    )


@require_safe
@login_not_required
@public_page
def table(request: HttpRequest) -> HttpResponse:
    """What the list shows, as CSV, and in the columns that the import reads."""
    found = find(Wanted.read(request.GET), MusicService.objects.listed())
    sheet = Sheet("Music services", directory.COLUMNS, directory.rows_of(found.services))
    return attachment(csv_bytes(sheet), CSV_TYPE, "music services", "csv", for_all=True)


@require_safe
@login_not_required
@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(with_nwg(MusicService.objects.listed()), slug=slug)

    may_see_people = access.can(request.user, Permission.PEOPLE_VIEW, service)
    return render(
        request,
        "portal/service_detail.html",
        {
            "service": service,
            "hubs": HubArea.objects.of(service).with_all(),
            "members": service.memberships.live().by_role() if may_see_people else [],
            "may_see_people": may_see_people,
            "may_manage": access.can(request.user, Permission.PEOPLE_MANAGE, service),
            "inside": inside.pages_for(request.user, service),
            "may_edit": access.can(request.user, Permission.DIRECTORY_EDIT),
            "may_give_seats": access.can(request.user, Permission.SEATS_GIVE),
            "may_write_profile": access.can(request.user, Permission.PROFILE_EDIT, service),
        },
    )


@require_form_methods
def add(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.SERVICE_ADD)

    if request.method == "POST":
        form = ServiceForm(request.POST)
        if form.is_valid():
            service = actions.add_service(
                service=form.save(commit=False),
                authorities=form.cleaned_data["authorities"],
                by=request.user,
            )
            messages.success(request, f"Added {service}. Now invite its lead.")
            return redirect(f"{reverse('invite', args=[service.slug])}?role=lead")
    else:
        form = ServiceForm()
    return render(request, "portal/service_form.html", {"form": form}, status=form_status(form))


@require_POST
def switch(request: AuthedRequest) -> HttpResponse:
    """Work for another of one's services; the choice lasts as long as the sign-in."""
    slug = request.POST.get("service")
    mine = (m.service for m in request.user.live_memberships if m.service.slug == slug)
    service = next(mine, None)
    if service is None:
        raise Http404

    request.session[CURRENT_SERVICE] = service.pk
    messages.success(request, f"You are working for {service} now.")
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(onward if safe else "home")


@require_safe
def activity(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.ACTIVITY_VIEW, service)

    lines = service.activity.select_related("by")
    page = Paginator(lines, ACTIVITY_LINES).get_page(request.GET.get("page"))
    return render(request, "portal/activity_list.html", {"service": service, "page": page})
