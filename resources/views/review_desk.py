"""The desk of annual reviews, and a review's own page for those who write it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, other_terms, require_form_methods, require_safe
from resources.desk.states import is_alone
from resources.forms import merging
from resources.forms.merging import Merged
from resources.forms.reviews import AnnualReviewForm
from resources.models import AnnualReview
from resources.reviews import (
    advice,
    details,
    history,
    moving,
    printing,
    remarks,
    standing,
    states,
    writing,
)
from resources.reviews.states import Deed, ReviewStateError
from resources.views.saving import NOTHING_CHANGED, number, saved_words

PAGE = 25


@require_safe
def desk(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.REVIEWS_EDIT)

    reviews = standing.listed(AnnualReview.objects.visible_to(request.user).light())
    alone = is_alone(request.user)
    rows = [
        {
            "review": one,
            "next": standing.next_step(one, request.user, alone=alone),
            "changed": standing.is_changed_since(one),
            "begun": standing.begun(one),
        }
        for one in reviews
    ]
    return render(request, "resources/review_desk.html", {"rows": rows})


@require_form_methods
@never_cache
def add(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.REVIEWS_EDIT)

    if request.method == "POST":
        form = AnnualReviewForm(request.POST)
        if form.is_valid():
            begin = request.POST.get("go") == "begin"
            review = details.add(content=form.content(), begin=begin, by=request.user)
            if begin:
                said = "The usual chapters are laid out."
            elif review.expected_on:
                said = "Readers see it announced."
            else:
                said = "Readers see it announced once it has an expected day."
            messages.success(request, f"“{review.title}” is on the desk. {said}")
            return redirect("review_compose", review.pk)
    else:
        form = AnnualReviewForm()
    return render(request, "resources/review_form.html", {"form": form}, status=form_status(form))


@require_safe
@never_cache
def compose(request: AuthedRequest, pk: int) -> HttpResponse:
    """Where the review stands: its way, its chapters, what is missing, what can be done."""
    review = get_object_or_404(
        standing.listed(AnnualReview.objects.visible_to(request.user)), pk=pk
    )
    access.require(request.user, Permission.REVIEWS_EDIT)

    may_write = states.allows(review, Deed.WRITE)
    return render(
        request,
        "resources/review_compose.html",
        {
            "review": review,
            "standing": standing.of(review),
            "remarks": remarks.open_of(review),
            "stops": standing.stops(review),
            "next": standing.next_step(review, request.user, alone=is_alone(request.user)),
            "advice": advice.of(review) if may_write else [],
            "printings": printing.listed(review),
            "moves": moving.moves(review, request.user),
            "may_write": may_write,
            "may_name": states.allows(review, Deed.NAME),
            "may_begin": states.allows(review, Deed.BEGIN),
        },
    )


@require_form_methods
@never_cache
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    if request.method == "POST":
        with transaction.atomic():
            return save(request, writing.held(review.pk))
    try:
        states.check(review, Deed.NAME)
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
        return redirect("review_compose", review.pk)
    return show(request, AnnualReviewForm(instance=review), review)


def save(request: AuthedRequest, review: AnnualReview) -> HttpResponse:
    """Compare and save under one lock, so that of two people the second sees both texts."""
    merged = merging.merge(request.POST, AnnualReviewForm(instance=review))
    form = AnnualReviewForm(merged.data, instance=review)
    if merged.differences:
        return show(request, form, review, merged=merged)
    if not form.is_valid():
        return show(request, form, review)
    try:
        # The form put what was typed into its own instance: the row is read once more.
        held = writing.held(review.pk)
        changed = details.save(review=held, content=form.content(), by=request.user)
    except ReviewStateError as refusal:
        return show(request, form, review, refusal=str(refusal))
    messages.success(request, saved_words(merged) if changed else NOTHING_CHANGED)
    return redirect("review_compose", review.pk)


def show(
    request: AuthedRequest,
    form: AnnualReviewForm,
    review: AnnualReview,
    *,
    merged: Merged | None = None,
    refusal: str = "",
) -> HttpResponse:
    kept = AnnualReview.objects.visible_to(request.user).select_related("written_by")
    saved = get_object_or_404(kept, pk=review.pk)
    return render(
        request,
        "resources/review_form.html",
        {
            "form": form,
            "review": saved,
            "differences": merged.differences if merged else [],
            "taken": merged.taken if merged else [],
            "refusal": refusal,
            "as_read": merging.as_read(AnnualReviewForm(instance=saved)),
        },
        status=HTTPStatus.CONFLICT
        if refusal or (merged and merged.differences)
        else form_status(form),
    )


@require_form_methods
def begin(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    if request.method == "POST":
        try:
            details.begin(review=review, by=request.user)
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "It is a draft now. The usual chapters are laid out.")
        return redirect("review_compose", review.pk)
    return render(request, "resources/review_begin.html", {"review": review})


@require_safe
def changes(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    key = number(request.GET.get("chapter", ""))
    page = Paginator(history.entries(review, key), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "resources/review_history.html",
        {
            "review": review,
            "chapter": review.chapters.filter(pk=key).first() if key else None,
            "page": page,
            "lines": history.lines(review, list(page)),
            "query": other_terms(request),
            "may_write": states.allows(review, Deed.WRITE),
        },
    )
