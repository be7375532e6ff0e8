"""The front page, Today, what search engines are told, and whether the portal is well."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from changingtracks import sitemap
from changingtracks.front import news
from changingtracks.today import today_for
from portal.context import current_membership
from portal.http import public_page, require_safe
from portal.models import User
from resources import pages


@require_safe
@login_not_required
@public_page
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        context = {"front": pages.front(), "news": news()}
        return render(request, "changingtracks/front.html", context)
    today = today_for(request.user, current_membership(request, request.user))
    return render(request, "changingtracks/today.html", {"today": today})


@require_safe
@login_not_required
@never_cache
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's shape of a view)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        status, said = HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer"
    else:
        status, said = HTTPStatus.OK, "ok"
    return HttpResponse(said, content_type="text/plain", status=status)


@require_safe
@login_not_required
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "changingtracks/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@public_page
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116), where an address is set."""
    if not settings.CONTACT_EMAIL:
        raise Http404
    return render(
        request,
        "changingtracks/security.txt",
        {"until": timezone.localdate() + timedelta(days=365)},
        content_type="text/plain; charset=utf-8",
    )


@require_safe
@login_not_required
@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "changingtracks/sitemap_index.xml",
        {"files": sitemap.files()},
        content_type="application/xml; charset=utf-8",
    )


@require_safe
@login_not_required
@public_page
def sitemap_file(request: HttpRequest, part: str, number: int) -> HttpResponse:
    addresses = sitemap.addresses(part, number) if number else []
    if not addresses:
        raise Http404
    return render(
        request,
        "changingtracks/sitemap.xml",
        {"addresses": addresses},
        content_type="application/xml; charset=utf-8",
    )
