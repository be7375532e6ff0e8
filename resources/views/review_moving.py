"""An annual review on its way: handed over, published, corrected, taken back; and earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods
from resources.forms.review_moving import (
    CorrectForm,
    OpenForm,
    PublishForm,
    ReasonForm,
    SubmitForm,
    UploadForm,
)
from resources.models import AnnualReview
from resources.reviews import advice, moving, states, uploads
from resources.reviews.states import Deed, ReviewStateError
from resources.views.saving import version

PAGES = {
    Deed.SUBMIT: "resources/review_submit.html",
    Deed.PUBLISH: "resources/review_publish.html",
    Deed.CORRECT: "resources/review_publish.html",
    Deed.OPEN: "resources/review_open.html",
    Deed.TAKE_BACK: "resources/review_take_back.html",
    Deed.SUPERSEDE: "resources/review_supersede.html",
    Deed.RESTORE: "resources/review_supersede.html",
    Deed.DISCARD: "resources/review_discard.html",
}
ADVISED = {Deed.SUBMIT, Deed.PUBLISH, Deed.CORRECT}


@require_form_methods
def submit(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = SubmitForm(request.POST if request.method == "POST" else None)

    def do() -> str:
        note = form.cleaned_data["note"]
        moving.submit(review=review, note=note, seen=seen(request), by=request.user)
        return f"“{review.title}” waits for a second pair of eyes."

    return answer(request, review, Deed.SUBMIT, form, do)


@require_form_methods
def publish(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = PublishForm(
        request.POST if request.method == "POST" else None,
        initial={"visibility": review.visibility},
        is_next_version=moving.newest(review) is not None and moving.has_news(review),
    )

    def do() -> str:
        moving.publish(
            review=review,
            visibility=form.cleaned_data["visibility"],
            correction=form.cleaned_data.get("correction", ""),
            version=version(request),
            seen=seen(request),
            by=request.user,
        )
        return f"“{review.title}” is out."

    return answer(request, review, Deed.PUBLISH, form, do)


@require_form_methods
def correct(request: AuthedRequest, pk: int) -> HttpResponse:
    """What authors wrote since it came out, as its next version."""
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = CorrectForm(request.POST if request.method == "POST" else None)

    def do() -> str:
        made = moving.correct(
            review=review,
            correction=form.cleaned_data["correction"],
            version=version(request),
            seen=seen(request),
            by=request.user,
        )
        return f"Readers have version {made.number} now. The one before it is kept."

    return answer(request, review, Deed.CORRECT, form, do)


@require_form_methods
def open_to(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = OpenForm(
        request.POST if request.method == "POST" else None,
        initial={"visibility": review.visibility},
    )

    def do() -> str:
        to = form.cleaned_data["visibility"]
        if moving.open_to(review=review, visibility=to, seen=seen(request), by=request.user):
            return "Saved. It holds from now on, for the page and the PDF."
        return "It is so already, so nothing changed."

    return answer(request, review, Deed.OPEN, form, do)


@require_form_methods
def take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = ReasonForm(request.POST if request.method == "POST" else None)

    def do() -> str:
        reason = form.cleaned_data["reason"]
        moving.take_back(review=review, reason=reason, seen=seen(request), by=request.user)
        return f"“{review.title}” is a draft again."

    return answer(request, review, Deed.TAKE_BACK, form, do)


@require_form_methods
def supersede(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = forms.Form(request.POST if request.method == "POST" else None)

    def do() -> str:
        moving.supersede(review=review, seen=seen(request), by=request.user)
        return "Readers are told that a newer one is out."

    return answer(request, review, Deed.SUPERSEDE, form, do)


@require_form_methods
def restore(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = forms.Form(request.POST if request.method == "POST" else None)

    def do() -> str:
        moving.restore(review=review, seen=seen(request), by=request.user)
        return "It stands for itself again."

    return answer(request, review, Deed.RESTORE, form, do)


@require_form_methods
def discard(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = forms.Form(request.POST if request.method == "POST" else None)

    def do() -> str:
        moving.discard(review=review, version=version(request), seen=seen(request), by=request.user)
        return f"“{review.title}” is discarded."

    return answer(request, review, Deed.DISCARD, form, do)


@require_form_methods
def upload(request: AuthedRequest) -> HttpResponse:
    """An earlier review comes in as the PDF that it is."""
    access.require(request.user, Permission.REVIEWS_EDIT)

    form = UploadForm()
    status = form_status(form)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        status = form_status(form)
        if form.is_valid():
            file = form.cleaned_data["chosen"]
            try:
                review = uploads.upload(earlier=form.earlier, file=file, by=request.user)
            except ReviewStateError as refusal:
                form.add_error("chosen", str(refusal))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, f"“{review.title}” is out, as the PDF that it is.")
                return redirect("review_compose", review.pk)
    return render(request, "resources/review_upload.html", {"form": form}, status=status)


def answer(
    request: AuthedRequest,
    review: AnnualReview,
    deed: Deed,
    form: forms.Form,
    do: Callable[[], str],
) -> HttpResponse:
    """Do it where it may be done; ask first, and say why where it may not."""
    if not form.is_bound:
        try:
            check(request, review, deed)
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
            return redirect("review_compose", review.pk)
        return show(request, review, deed, form, form_status(form))
    if not form.is_valid():
        return show(request, review, deed, form, form_status(form))
    try:
        done = do()
    except moving.GoneError as refusal:
        messages.error(request, str(refusal))
        return redirect("review_desk")
    except ReviewStateError as refusal:
        form.add_error(None, str(refusal))
        # What is shown now is what the next try is about.
        review.refresh_from_db()
        return show(request, review, deed, form, HTTPStatus.CONFLICT)
    messages.success(request, done)
    if deed == Deed.DISCARD:
        return redirect("review_desk")
    return redirect("review_compose", review.pk)


def check(request: AuthedRequest, review: AnnualReview, deed: Deed) -> None:
    """What would refuse the deed, before anybody types anything."""
    states.check(review, deed)
    if deed in {Deed.PUBLISH, Deed.CORRECT}:
        states.check_second_reader(request.user, review)
    if deed in ADVISED and moving.is_empty(review):
        raise moving.NothingToReadError
    if deed == Deed.CORRECT and not moving.has_news(review):
        raise moving.NothingNewError


def show(
    request: AuthedRequest, review: AnnualReview, deed: Deed, form: forms.Form, status: HTTPStatus
) -> HttpResponse:
    publishes = deed in {Deed.PUBLISH, Deed.CORRECT}
    newest = moving.newest(review) if publishes else None
    return render(
        request,
        PAGES[deed],
        {
            "review": review,
            "form": form,
            "deed": deed,
            "seen": moving.seen(review),
            "newest": newest,
            "alone": publishes and states.wrote_last(request.user, review),
            "advice": advice.of(review) if deed in ADVISED else [],
            "is_allowed": states.may(request.user, review, deed),
        },
        status=status,
    )


def seen(request: AuthedRequest) -> str:
    """Where the review stood on the page that this comes from."""
    return request.POST.get("seen", "")
