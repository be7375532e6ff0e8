"""What is shown when something other than a view has to answer."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.kept import typed

TRY_AGAIN = "10"  # seconds


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's token is missing or too old. The reason is for developers, not for people.

    What was typed is handed back to copy, if the form was on a page of ours: words that another
    site put into it are not shown as if they were.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    context = {"typed": typed(fields) if ours else []}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's shape of it)
    """Something broke: our own fault, or the database, which comes back without anybody's help.

    The pages are made without the request, which may be what broke.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(
            render_to_string("503.html"),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": TRY_AGAIN},
        )
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
