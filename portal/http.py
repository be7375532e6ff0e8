"""Between the browser and the views: who is signed in, and what they had typed."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.models import User

__all__ = [
    "AuthedRequest",
    "is_htmx",
    "require_POST",
    "require_form_methods",
    "require_safe",
]

require_form_methods = require_http_methods(["GET", "HEAD", "POST"])

# What was typed when the sign-in had run out waits in the visitor's session for one return.
KEPT = "kept_form"
KEPT_MOST = 200_000  # characters; a section page with every box full is about 60,000


class AuthedRequest(HttpRequest):
    """A request behind the gate: the user is one of ours."""

    user: User  # type: ignore[assignment]


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every view needs a sign-in unless it says otherwise, and an expired one loses no text.

    A form posted after the sign-in ran out is kept; after signing in again the person sees that
    it was, and sends it with one button. Scripts get a 401, never a login page in a status line.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated:
            return self.hand_back(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if is_htmx(request):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"X-Signed-Out": "1"})
        if request.method == "POST":
            fields = [
                (name, value)
                for name, values in request.POST.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ]
            back = request.POST.get("kept_for") or request.path
            if sum(len(str(value)) for _, value in fields) <= KEPT_MOST:
                request.session[KEPT] = {"path": request.path, "fields": fields}
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")
        return super().handle_no_permission(request, view_func)

    def hand_back(self, request: HttpRequest) -> HttpResponseBase | None:
        kept = request.session.get(KEPT)
        if not kept or request.method != "GET" or request.path != kept["path"]:
            return None
        del request.session[KEPT]
        return render(request, "kept_form.html", {"kept": kept})


class TeamTwoStepMiddleware:
    """The programme team's accounts reach across services: they need a second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.must_set_up(request):
            messages.warning(request, "Set up two-step sign-in first: the programme team needs it.")
            return redirect("mfa_index")
        return self.get_response(request)

    def must_set_up(self, request: HttpRequest) -> bool:
        return (
            settings.TEAM_REQUIRES_MFA
            and request.user.is_authenticated
            and request.user.is_team
            and not request.path.startswith(("/account/", settings.STATIC_URL, "/health/"))
            and not is_mfa_enabled(request.user)
        )
