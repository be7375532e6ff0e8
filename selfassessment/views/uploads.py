"""Workbooks that people filled in: chosen, read by the worker, and taken in many at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, is_htmx, require_form_methods
from selfassessment.actions import NotReadyError, RatingsClosedError
from selfassessment.asking import invites
from selfassessment.forms.uploads import AddForm, HowForm, OwnForm, WhoseForm
from selfassessment.models import Audit, Response, Stage, Upload, UploadState
from selfassessment.sheets import uploads
from selfassessment.sheets.found import Found

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
