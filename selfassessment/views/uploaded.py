"""One workbook that was brought in: looked at beside the portal, taken in or discarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, is_htmx, require_POST, require_safe
from selfassessment.forms.uploads import HowForm, WhoseForm
from selfassessment.models import Stage, Upload, UploadState
from selfassessment.sheets import uploads
from selfassessment.sheets.found import FILE, PORTAL, Found, beside, in_words, lines
from selfassessment.views.uploads import NOT_TAKEN_IN, how_far


@require_safe
@never_cache
def detail(request: AuthedRequest, pk: int, upload_id: int) -> HttpResponse:
    """What a file says, beside what is in the portal."""
    upload = get_object_or_404(
        Upload.objects.visible_to(request.user).light().with_audit().standing(),
        audit=pk,
        pk=upload_id,
    )

    if is_htmx(request):
        return how_far(request, 1, int(upload.is_unread))
    return show(request, upload)


@require_POST
def take_in(request: AuthedRequest, pk: int, upload_id: int) -> HttpResponse:
    upload = get_object_or_404(
        Upload.objects.visible_to(request.user).light().with_audit().standing(),
        audit=pk,
        pk=upload_id,
    )
    if not upload.is_own:
        access.require(request.user, Permission.RESPONDENTS_MANAGE, upload.audit.service)

    try:
        if upload.is_own:
            return took_own(request, upload)
        return took_new(request, upload)
    except NOT_TAKEN_IN as refusal:
        messages.error(request, str(refusal))
        invalid = isinstance(refusal, uploads.NotChosenError)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if invalid else HTTPStatus.CONFLICT
        upload.refresh_from_db(fields=["state", "found"])
        return show(request, upload, status=status, keep_choices=invalid)


def took_own(request: AuthedRequest, upload: Upload) -> HttpResponse:
    written = uploads.take_in_own(
        upload=upload,
        choices=chosen(request),
        as_read=request.POST.get("as_read", ""),
        by=request.user,
    )
    statements = "1 statement" if written == 1 else f"{written} statements"
    messages.success(request, f"Taken in: {statements} changed. Carry on here.")
    return redirect("mine", upload.audit_id)


def took_new(request: AuthedRequest, upload: Upload) -> HttpResponse:
    whose = WhoseForm(request.POST, instance=upload)
    how = HowForm(request.POST, audit=upload.audit)
    if not (whose.is_valid() and how.is_valid()):
        return show(request, upload, forms=(whose, how), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    whose.save()
    uploads.take_in(upload=upload, hands_in=how.hands_in, by=request.user)
    if how.hands_in:
        messages.success(request, "Taken in, and handed in.")
        return redirect("uploads", upload.audit_id)
    messages.success(request, "Taken in. The personal link to go on with is below.")
    return redirect(upload)


@require_POST
def discard(request: AuthedRequest, pk: int, upload_id: int) -> HttpResponse:
    upload = get_object_or_404(
        Upload.objects.visible_to(request.user).light().standing(), audit=pk, pk=upload_id
    )

    try:
        uploads.discard(upload=upload, by=request.user)
    except uploads.UploadGoneError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Discarded. Nothing of the file is kept.")
    return redirect("uploads", pk)


def chosen(request: AuthedRequest) -> dict[int, str]:
    """Which side counts, by statement, as chosen on the page."""
    return {
        int(name.removeprefix("take-")): value
        for name, value in request.POST.items()
        if name.startswith("take-") and name[5:].isdecimal() and value in {FILE, PORTAL}
    }


def show(
    request: AuthedRequest,
    upload: Upload,
    *,
    forms: tuple[WhoseForm, HowForm] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    keep_choices: bool = False,
) -> HttpResponse:
    """The page of one file, in whatever state it is."""
    found, audit = Found.of_json(upload.found), upload.audit
    context = {
        "audit": audit,
        "upload": upload,
        "found": found,
        "is_open": audit.stage == Stage.RATING,
        "unread": int(upload.is_unread),
    }
    if upload.is_ready and upload.is_own:
        context |= own_context(upload, found, chosen(request) if keep_choices else {})
    elif upload.is_ready:
        context |= new_context(upload, found, forms)
    elif upload.state == UploadState.TAKEN_IN and not upload.is_own:
        context["link"] = personal_link(request, upload)
    return render(request, "selfassessment/upload_detail.html", context, status=status)


def own_context(upload: Upload, found: Found, choices: Mapping[int, str]) -> dict[str, object]:
    response = upload.response
    if response is None:
        return {}
    levels, ratings = list(upload.audit.levels()), list(response.ratings.all())
    side = beside(found, response.statements(), {one.statement_id: one for one in ratings})
    differences = [
        replace(in_words(one, levels), choice=choices.get(one.statement.pk, one.choice))
        for one in side.differences
    ]
    return {
        "side": side,
        "clashing": [one for one in differences if one.clashes],
        "edited": [one for one in differences if not one.clashes],
        "as_read": uploads.state_of(ratings),
        "is_open": response.is_open,
    }


def new_context(
    upload: Upload, found: Found, forms: tuple[WhoseForm, HowForm] | None
) -> dict[str, object]:
    audit = upload.audit
    asked = uploads.asked_of(audit, upload.role_group)
    whose, how = forms or (WhoseForm(instance=upload), HowForm(audit=audit))
    listed_lines = lines(found, asked, list(audit.levels()))
    codes = {statement.pk: statement.code for statement in asked}
    return {
        "lines": listed_lines,
        "rated": sum(bool(one.rating) for one in listed_lines),
        "not_asked": len(found.answers.keys() - codes.keys()),
        "without_reason": [codes[pk] for pk in found.without_reason if pk in codes],
        "whose": whose,
        "how": how,
    }


def personal_link(request: AuthedRequest, upload: Upload) -> str:
    """Where the respondent goes on, while their ratings are open."""
    response = upload.response
    if response is None or response.respondent is None or not response.is_open:
        return ""
    return request.build_absolute_uri(reverse("linked", args=[response.respondent.token]))
