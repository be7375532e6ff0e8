"""The front page, Today, and whether the portal is well."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from changingtracks.front import news
from changingtracks.today import today_for
from portal.context import current_membership
from portal.http import public_page, require_safe
from portal.models import User


@require_safe
@login_not_required
@public_page
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        return render(request, "changingtracks/front.html", {"news": news()})
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
