"""Between the browser and the views: who is signed in, and what they had typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import ProgrammeRole, Role
from portal.models import User

__all__ = [
    "AuthedRequest",
    "form_status",
    "is_htmx",
    "require_POST",
    "require_form_methods",
    "require_safe",
]

require_form_methods = require_http_methods(["GET", "HEAD", "POST"])

# What was typed when the sign-in had run out waits in the visitor's session for that person.
KEPT = "kept_form"
KEPT_MOST = 200_000  # characters; a section page with every box full is about 60,000
KEPT_CHOICE = "kept"  # the button of the page that hands it back: send or discard
# Whose browser this was last, signed: it outlives the session, so that nobody else who signs in
# here is shown what the person before them typed.
WHOSE = "whose"
WHOSE_AGE = 365 * 24 * 3600
# Fields that no person typed, and what pages write for a tick or a choice
UNSEEN = {
    *("version", "page", "as_read", "next", "go", "way", "credential"),
    *("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"),
}
WORDS = {
    **{role.value: str(role.label) for roles in (Role, ProgrammeRole) for role in roles},
    "on": "Yes",
    "dk": "Don’t know",
    "na": "Not applicable",
}
SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class AuthedRequest(HttpRequest):
    """A request behind the gate: the user is one of ours."""

    user: User


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def form_status(form: BaseForm) -> HTTPStatus:
    """How a page with a form answers: a form that comes back filled in was refused."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK


def whose_browser(request: HttpRequest) -> str:
    """The id of whoever was signed in here last, or an empty string."""
    return str(request.get_signed_cookie(WHOSE, default="", salt=WHOSE, max_age=WHOSE_AGE))


def typed(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What to show of a kept form: a label from each field's name, and what it says."""
    parts = [(name.rpartition("-")[2], value) for name, value in fields]
    return [
        (name.replace("email", "e-mail").replace("_", " ").capitalize(), WORDS.get(value, value))
        for name, value in parts
        if value.strip() and name not in UNSEEN
    ]


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
            return self.hand_back(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if is_htmx(request):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"X-Signed-Out": "1"})
        if request.method == "POST":
            self.keep(request)
        return super().handle_no_permission(request, view_func)

    def keep(self, request: HttpRequest) -> None:
        """Hold on to what was typed, if we know whose it is and it is only text."""
        whose = whose_browser(request)
        fields = [
            (name, str(value))
            for name, values in request.POST.lists()
            for value in values
            if name not in {"csrfmiddlewaretoken", KEPT_CHOICE}
        ]
        secret = request.path.startswith(reverse("account_index")) or any(
            "password" in name for name, _ in fields
        )
        long = sum(len(value) for _, value in fields) > KEPT_MOST
        if not whose or not fields or secret or long or request.FILES:
            return
        request.session[KEPT] = {
            "whose": whose,
            "action": request.get_full_path(),
            "fields": fields,
            "at": timezone.now().isoformat(),
        }
        messages.warning(
            request, "Your sign-in had run out. What you typed is kept: sign in to send it."
        )

    def hand_back(self, request: HttpRequest) -> HttpResponseBase | None:
        """The page that gives a kept form back, at the address it was sent to."""
        kept = request.session.get(KEPT)
        if not kept:
            return None
        if kept["whose"] != str(request.user.pk):
            del request.session[KEPT]
            return None
        if request.get_full_path() != kept["action"] or is_htmx(request):
            return None
        if request.method == "GET":
            at = datetime.fromisoformat(kept["at"])
            context = {"kept": kept, "typed": typed(kept["fields"]), "at": at}
            return render(request, "kept_form.html", context)
        choice = request.POST.get(KEPT_CHOICE)
        if choice:
            del request.session[KEPT]
        if choice == "discard":
            messages.success(request, "What you had typed was discarded.")
            return redirect(kept["action"])
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # Only where the request asked who this is: public pages stay free of it.
        user = getattr(request, "_cached_user", None)
        if not user or not user.is_authenticated:
            return response
        # The Back button shows nothing of theirs to whoever sits here next.
        response.headers.setdefault("Cache-Control", "private, no-store")
        if whose_browser(request) != str(user.pk):
            response.set_signed_cookie(
                WHOSE,
                str(user.pk),
                salt=WHOSE,
                max_age=WHOSE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
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
