"""Workbooks that people filled in: chosen, read by the worker, looked at, taken in or discarded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    is_htmx,
    require_form_methods,
    require_POST,
    require_safe,
)
from selfassessment.actions import NotReadyError, RatingsClosedError
from selfassessment.asking import invites
from selfassessment.forms.uploads import AddForm, HowForm, OwnForm, WhoseForm
from selfassessment.models import Audit, Response, Stage, Upload, UploadState
from selfassessment.sheets import uploads
from selfassessment.sheets.found import FILE, PORTAL, Found, beside, in_words, lines

NOT_TAKEN_IN = (
    uploads.UploadGoneError,
    uploads.ChangedMeanwhileError,
    uploads.NotChosenError,
    invites.NotRatingError,
    invites.PrivacyNotChosenError,
    NotReadyError,
    RatingsClosedError,
)


@dataclass(frozen=True)
class Listed:
    """A file that waits to be taken in: what it says in numbers, and whose it is."""

    upload: Upload
    found: Found
    form: WhoseForm | None
    is_double: bool  # another one of them says the very same

    @property
    def is_clean(self) -> bool:
        return self.found.is_clean and not self.is_double

    @property
    def rated(self) -> int:
        return sum(bool(said.get("rating")) for said in self.found.answers.values())


@require_form_methods
@never_cache  # Back shows how far it is by now
def listing(request: AuthedRequest, pk: int) -> HttpResponse:
    """Everything that this person brought in; all that is clean is taken in from here at once."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_RATE, audit.service)

    mine = Upload.objects.visible_to(request.user).light().filter(audit=audit).standing()
    brought = list(mine.select_related("response", "audit"))
    unread = [one for one in brought if one.is_unread]
    if is_htmx(request):
        return how_far(request, len(brought), len(unread))
    ready = listed(brought, request.POST if request.method == "POST" else None)
    how = HowForm(request.POST if request.method == "POST" else None, audit=audit)
    if request.method == "POST":
        access.require(request.user, Permission.RESPONDENTS_MANAGE, audit.service)
        if all([how.is_valid(), *(one.form.is_valid() for one in ready if one.form)]):
            for one in ready:
                if one.form:
                    one.form.save()
            if request.POST.get("go") == "take_in":
                take_in_all(request, audit, ready, hands_in=how.hands_in)
            else:
                messages.success(request, "Saved.")
            return redirect("uploads", audit.pk)
    return render(
        request,
        "selfassessment/upload_list.html",
        {
            "audit": audit,
            "uploads": brought,
            "unread": unread,
            "read": len(brought) - len(unread),
            "ready": [one for one in ready if one.form],
            "clean": sum(one.is_clean for one in ready if one.form),
            "own": [one for one in ready if not one.form],
            "refused": [one for one in brought if one.state == UploadState.REFUSED],
            "taken_in": [one for one in brought if one.state == UploadState.TAKEN_IN],
            "how": how,
            "may_add": access.can(request.user, Permission.RESPONDENTS_MANAGE, audit.service),
            "has_own": Response.objects.visible_to(request.user).filter(audit=audit).exists(),
            "is_open": audit.stage == Stage.RATING,
        },
        status=form_status(how),
    )


def how_far(request: AuthedRequest, total: int, unread: int) -> HttpResponse:
    """How many files are read: nothing new, the new number, or the whole page once all are."""
    if not unread:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.GET.get("unread") == str(unread):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(
        request,
        "selfassessment/_upload_progress.html",
        {"read": total - unread, "total": total, "unread": unread},
    )


def listed(brought: Iterable[Upload], data: Mapping[str, str] | None) -> list[Listed]:
    ready = [(one, Found.of_json(one.found)) for one in brought if one.is_ready]
    said = [json.dumps(found.as_json()["rows"], sort_keys=True) for _, found in ready]
    times = Counter(said)
    return [
        Listed(
            upload,
            found,
            None if upload.is_own else WhoseForm(data, instance=upload),
            is_double=not upload.is_own and times[words] > 1,
        )
        for (upload, found), words in zip(ready, said, strict=True)
    ]


def take_in_all(
    request: AuthedRequest, audit: Audit, ready: Iterable[Listed], *, hands_in: bool
) -> None:
    """Take in each that is clean, whole or not at all, and say what became of them."""
    clean = [one.upload for one in ready if one.form and one.is_clean]
    if not clean:
        messages.warning(request, "No file can be taken in without a look at it first.")
        return
    try:
        refused = uploads.take_in_all(
            audit=audit, uploads=clean, hands_in=hands_in, by=request.user
        )
    except NOT_TAKEN_IN as refusal:
        messages.error(request, str(refusal))
        return
    for upload, why in refused:
        messages.error(request, f"{upload}: {why}")
    if done := len(clean) - len(refused):
        files = "1 file" if done == 1 else f"{done} files"
        what = "taken in and handed in" if hands_in else "taken in, and still open"
        messages.success(request, f"{files} {what}.")


@require_form_methods
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESPONDENTS_MANAGE, audit.service)

    if request.method == "POST":
        form = AddForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                uploads.add(
                    audit=audit,
                    files=form.cleaned_data["workbooks"],
                    role_group=form.cleaned_data["role_group"],
                    by=request.user,
                )
            except (invites.NotRatingError, invites.PrivacyNotChosenError) as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("uploads", audit.pk)
    else:
        form = AddForm()
    return render(
        request,
        "selfassessment/upload_form.html",
        {"audit": audit, "form": form, "is_open": audit.stage == Stage.RATING},
        status=form_status(form),
    )


@require_form_methods
def mine(request: AuthedRequest, pk: int) -> HttpResponse:
    """Bring in a workbook with one's own ratings."""
    response = get_object_or_404(Response.objects.visible_to(request.user).with_audit(), audit=pk)

    if request.method == "POST":
        form = OwnForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload = uploads.add_own(response=response, by=request.user, **form.cleaned_data)
            except RatingsClosedError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect(upload)
    else:
        form = OwnForm()
    return render(
        request,
        "selfassessment/upload_own_form.html",
        {"audit": response.audit, "form": form, "is_open": response.is_open},
        status=form_status(form),
    )


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
    asked = list(Response(audit=audit, role_group=upload.role_group).statements())
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
