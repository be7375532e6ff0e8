"""The figures of an annual review, on the desk: taken, looked at, and those the team counted."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    require_form_methods,
    require_POST,
    require_safe,
)
from resources.forms import merging
from resources.forms.merging import Merged
from resources.forms.review_figures import OwnFigureForm
from resources.models import AnnualReview, OwnFigure
from resources.reviews import states
from resources.reviews.figures import own, snapshot
from resources.reviews.states import Deed, ReviewStateError
from resources.views.saving import NOTHING_CHANGED, saved_words
from selfassessment.benchmark.disclosure import LEAST, STEP

GONE = "Somebody removed this figure meanwhile."


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    return render(
        request,
        "resources/review_figures.html",
        {
            "review": review,
            "figures": review.figures,
            "other_year": snapshot.is_of_another_year(review),
            "own": review.own_figures.all(),
            "may_write": states.may(request.user, review, Deed.WRITE),
            "least": LEAST,
            "step": STEP,
        },
    )


@require_POST
def take(request: AuthedRequest, pk: int) -> HttpResponse:
    """Put the figures as they are now into the review."""
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    try:
        changed = snapshot.take(review=review, by=request.user)
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
    else:
        words = "The figures are as they are today."
        messages.success(request, words if changed else "Nothing is different since last time.")
    return redirect("review_figures", review.pk)


@require_form_methods
@never_cache  # Back shows what is saved by now
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    if request.method != "POST":
        return ask(request, review, OwnFigureForm())
    form = OwnFigureForm(request.POST)
    if not form.is_valid():
        return show(request, review, form)
    try:
        figure = own.add(review=review, figure=form.save(commit=False), by=request.user)
    except ReviewStateError as refusal:
        return show(request, review, form, refusal=str(refusal))
    messages.success(request, f"“{figure}” is in the review.")
    return redirect("review_figures", review.pk)


@require_form_methods
@never_cache
def edit(request: AuthedRequest, pk: int, figure_id: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    if request.method == "POST":
        with transaction.atomic():
            return save(request, review, figure_id)
    figure = get_object_or_404(review.own_figures, pk=figure_id)
    return ask(request, review, OwnFigureForm(instance=figure), figure)


def save(request: AuthedRequest, review: AnnualReview, figure_id: int) -> HttpResponse:
    """Compare and save under one lock, so that of two people the second sees both texts."""
    try:
        held = own.held_to_write(review.pk)
    except ReviewStateError as refusal:
        return show(request, review, OwnFigureForm(request.POST), refusal=str(refusal))
    now = held.own_figures.filter(pk=figure_id).first()
    if now is None:
        return show(request, held, OwnFigureForm(request.POST), refusal=GONE)
    merged = merging.merge(request.POST, OwnFigureForm(instance=now))
    # A form puts what was typed into its own instance: what is saved stays apart.
    form = OwnFigureForm(merged.data, instance=held.own_figures.get(pk=now.pk))
    if merged.differences or not form.is_valid():
        return show(request, held, form, now, merged=merged)
    if form.has_changed():
        own.change(figure=form.save(commit=False), by=request.user)
    messages.success(request, saved_words(merged) if form.has_changed() else NOTHING_CHANGED)
    return redirect("review_figures", held.pk)


@require_form_methods
def remove(request: AuthedRequest, pk: int, figure_id: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)
    figure = get_object_or_404(review.own_figures, pk=figure_id)

    if request.method == "POST":
        try:
            own.remove(figure=figure, by=request.user)
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{figure}” is out of the review.")
        return redirect("review_figures", review.pk)
    return render(request, "resources/own_figure_remove.html", {"review": review, "figure": figure})


def ask(
    request: AuthedRequest,
    review: AnnualReview,
    form: OwnFigureForm,
    figure: OwnFigure | None = None,
) -> HttpResponse:
    """The form, where it may be sent."""
    try:
        states.check(review, Deed.WRITE)
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
        return redirect("review_figures", review.pk)
    return show(request, review, form, figure)


def show(
    request: AuthedRequest,
    review: AnnualReview,
    form: OwnFigureForm,
    figure: OwnFigure | None = None,
    *,
    merged: Merged | None = None,
    refusal: str = "",
) -> HttpResponse:
    clash = bool(refusal or (merged and merged.differences))
    return render(
        request,
        "resources/own_figure_form.html",
        {
            "review": review,
            "form": form,
            "figure": figure,
            "differences": merged.differences if merged else [],
            "taken": merged.taken if merged else [],
            "refusal": refusal,
            "as_read": merging.as_read(OwnFigureForm(instance=figure)) if figure else "",
        },
        status=HTTPStatus.CONFLICT if clash else form_status(form),
    )
