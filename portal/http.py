"""Between the browser and the views: who is signed in, and what a request is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, ParamSpec, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import kept
from portal.models import User

__all__ = [
    "AuthedRequest",
    "form_status",
    "is_htmx",
    "other_terms",
    "public_page",
    "require_POST",
    "require_form_methods",
    "require_safe",
]

require_form_methods = require_http_methods(["GET", "HEAD", "POST"])

Asked = ParamSpec("Asked")

PUBLIC = "public, max-age=60"
PRIVATE = "private, no-store"
WORDS = re.compile(r"text/|application/(json|javascript|xml|[\w.-]+\+xml)|image/svg")
OWN = {settings.SESSION_COOKIE_NAME, "messages"}  # cookies that make a page one person's

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class AuthedRequest(HttpRequest):
    """A request behind the gate: the user is one of ours."""

    user: User


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def other_terms(request: HttpRequest) -> str:
    """What the address asks for beside the page of a list, to put before another: “q=a&”."""
    terms = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        terms.setlist(name, [value for value in values if value and name != "page"])
    return f"{terms.urlencode()}&" if terms.urlencode() else ""


def form_status(form: BaseForm) -> HTTPStatus:
    """How a page with a form answers: a form that comes back filled in was refused."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK


def public_page(view: Callable[Asked, HttpResponse]) -> Callable[Asked, HttpResponse]:
    """A page that is the same for every visitor: kept for a minute, then asked after by its ETag.

    Whoever has a session, or a message waiting, gets a page of their own that nobody keeps. It
    goes right above the function: `@require_safe`, `@login_not_required`, `@public_page`.
    """

    @wraps(view)
    def answered(*args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        request = cast("HttpRequest", args[0])
        request.is_public = True  # type: ignore[attr-defined]  # base.html: worth finding
        try:
            response = view(*args, **kwargs)
        except Http404:
            request.is_public = False  # type: ignore[attr-defined]  # a missing page is none
            raise
        patch_vary_headers(response, ["Cookie"])
        # A page with the token of a form is one person's, and so is the cookie that goes with it.
        if OWN.intersection(request.COOKIES) or response.cookies or "CSRF_COOKIE" in request.META:
            response.headers.setdefault("Cache-Control", PRIVATE)
            return response
        if response.status_code != HTTPStatus.OK or response.streaming:
            return response
        response.headers.setdefault("Cache-Control", PUBLIC)
        response.headers.setdefault("ETag", f'"{sha256(response.content).hexdigest()[:32]}"')
        etag = response.headers["ETag"]
        return cast("HttpResponse", get_conditional_response(request, etag, response=response))

    return answered


class PackingMiddleware(GZipMiddleware):
    """What is made of words is sent packed. A PDF or a zip is so already, and stays as it is.

    Nor is a part of a file packed: its bytes are counted from the file that its ETag names.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_part = response.status_code == HTTPStatus.PARTIAL_CONTENT
        if is_part or not WORDS.match(response.headers.get("Content-Type", "")):
            return response
        return super().process_response(request, response)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every view needs a sign-in unless it says otherwise, and an expired one loses no text.

    A form posted after the sign-in ran out is kept; after signing in again the person sees what
    they had typed, and sends it with one button. Scripts get a 401, never a login page in a
    status line.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated:
            return None if is_htmx(request) else kept.hand_back(request, str(request.user.pk))
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if is_htmx(request):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"X-Signed-Out": "1"})
        if request.method == "POST":
            kept.keep(request)
        return super().handle_no_permission(request, view_func)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # Only where the request asked who this is: public pages stay free of it.
        user = getattr(request, "_cached_user", None)
        if not user or not user.is_authenticated:
            return response
        # The Back button shows nothing of theirs to whoever sits here next.
        response.headers.setdefault("Cache-Control", PRIVATE)
        kept.remember(request, response, str(user.pk))
        return response


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
            and not request.path.startswith(("/account/", settings.STATIC_URL, "/health/"))
            and request.user.is_authenticated
            and request.user.is_team
            and not is_mfa_enabled(request.user, SECOND_STEPS)
        )
