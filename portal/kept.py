"""What somebody had typed when their sign-in had run out: kept for them, and given back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from portal.access import ProgrammeRole, Role

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
    *("version", "seen", "page", "as_read", "next", "go", "way", "credential"),
    *("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"),
    # Chosen among rows of ours, so that the value is a number that says nothing
    *("row", "plan", "target", "example", "statements", "topics", "priority", "owner"),
    *("resource", "service"),
}
WORDS = {
    **{role.value: str(role.label) for roles in (Role, ProgrammeRole) for role in roles},
    "on": "Yes",
    "dk": "Don’t know",
    "na": "Not applicable",
    "parked": "Parked",
}


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


def keep(request: HttpRequest) -> None:
    """Hold on to what was typed, if we know whose it is. Files are not: the page says so."""
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
    if not whose or not fields or secret or long:
        return
    request.session[KEPT] = {
        "whose": whose,
        "action": request.get_full_path(),
        "fields": fields,
        "had_files": bool(request.FILES),
        "at": timezone.now().isoformat(),
    }
    messages.warning(
        request, "Your sign-in had run out. What you typed is kept: sign in to send it."
    )


def hand_back(request: HttpRequest, person: str) -> HttpResponseBase | None:
    """The page that gives a kept form back to its person, at the address it was sent to."""
    kept = request.session.get(KEPT)
    if not kept:
        return None
    if kept["whose"] != person:
        del request.session[KEPT]
        return None
    if request.get_full_path() != kept["action"]:
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


def remember(request: HttpRequest, response: HttpResponseBase, person: str) -> None:
    """Note whose browser this is, for the day their sign-in has run out."""
    if whose_browser(request) != person:
        response.set_signed_cookie(
            WHOSE,
            person,
            salt=WHOSE,
            max_age=WHOSE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
