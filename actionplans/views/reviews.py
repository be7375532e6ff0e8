"""Termly reviews: which there are, planning one, and its page: agenda before, minutes after."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from actionplans import states
from actionplans.forms.reviews import MeetingForm, ReviewForm
from actionplans.keeping import review_page, reviews, terms
from actionplans.models import ActionPlan, Review
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe


@require_safe
@never_cache
def listing(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    return render(
        request,
        "actionplans/review_list.html",
        {
            "plan": plan,
            "reviews": review_page.of_plan(plan),
            "may_plan": states.may(request.user, plan, Deed.REVIEW),
            "leads": access.can(request.user, Permission.PLAN_LEAD, plan.service),
            "state": states.in_words(plan),
        },
    )


@require_form_methods
def plan_review(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_LEAD, plan.service)

    refusal = ""
    if request.method == "POST":
        form = ReviewForm(request.POST)
        if form.is_valid():
            try:
                review = reviews.plan_review(plan=plan, when=form.when, by=request.user)
            except PlanStateError as error:
                refusal = str(error)
            else:
                messages.success(
                    request, f"{review.name} on {review.held_on:%-d %B %Y} is planned."
                )
                return redirect("reviews", plan.pk)
    elif not states.allows(plan, Deed.REVIEW):
        messages.error(request, f"This plan is {states.in_words(plan)}: nobody can review it now.")
        return redirect("reviews", plan.pk)
    else:
        form = ReviewForm(initial={"name": suggested_name(plan)})
    return render(
        request,
        "actionplans/review_form.html",
        {"plan": plan, "form": form, "refusal": refusal},
        status=HTTPStatus.CONFLICT if refusal else form_status(form),
    )


def suggested_name(plan: ActionPlan) -> str:
    """By the term we are in, or the one to come."""
    today, dates = timezone.localdate(), terms.read([plan.service_id])[plan.service_id]
    term = terms.term_of(dates, today) or terms.next_term(dates, today)
    return f"{term.term.label} review" if term else ""


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Another name, day, time or place; or no review after all."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_LEAD, review.plan.service)

    refusal = ""
    if request.method == "POST" and request.POST.get("go") == "remove":
        try:
            reviews.remove(review=review, by=request.user)
        except PlanStateError as error:
            messages.error(request, str(error))
            return redirect(review)
        messages.success(request, f"{review.name} is taken out.")
        return redirect("reviews", review.plan_id)
    if request.method == "POST":
        form = ReviewForm(request.POST, initial=asdict(reviews.When.of(review)))
        if form.is_valid():
            try:
                reviews.move(review=review, when=form.when, by=request.user)
            except PlanStateError as error:
                refusal = str(error)
            else:
                messages.success(request, "The review is changed.")
                return redirect(review)
    else:
        form = ReviewForm(initial=asdict(reviews.When.of(review)))
    return render(
        request,
        "actionplans/review_form.html",
        {
            "plan": review.plan,
            "review": review,
            "form": form,
            "refusal": refusal,
            "may_remove": reviews.is_blank(review),
        },
        status=HTTPStatus.CONFLICT if refusal else form_status(form),
    )


@require_form_methods
@never_cache  # Back shows what is decided by now
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """The agenda before, the minutes after; and what belongs to no one target."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, review.plan.service)

    if request.method == "POST":
        access.require(request.user, Permission.PLAN_NOTE, review.plan.service)
        return write(request, review)
    form = MeetingForm(initial=asdict(reviews.Said.of(review)))
    return show_meeting(request, review, form, reviews.meeting_as_read(review))


def write(request: AuthedRequest, review: Review) -> HttpResponse:
    read = request.POST.get("as_read", "")
    form = MeetingForm(request.POST, initial=asdict(reviews.Said.of(review)))
    if not form.is_valid():
        return show_meeting(request, review, form, read, status=form_status(form))
    try:
        clash = reviews.write(review=review, said=form.typed, read=read, by=request.user)
    except PlanStateError as refusal:
        return show_meeting(
            request, review, form, read, refusal=str(refusal), status=HTTPStatus.CONFLICT
        )
    if clash:
        # Having seen both versions, the next save is meant.
        read = reviews.meeting_as_read(clash.theirs)
        return show_meeting(
            request, review, form, read, theirs=clash.theirs, status=HTTPStatus.CONFLICT
        )
    messages.success(request, "Saved.")
    return redirect(review)


def show_meeting(
    request: AuthedRequest,
    review: Review,
    form: MeetingForm,
    read: str,
    *,
    theirs: Review | None = None,
    refusal: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    meeting = review_page.read(review)
    return render(
        request,
        "actionplans/review_detail.html",
        {
            "plan": review.plan,
            "review": review,
            "meeting": meeting,
            "form": form,
            "as_read": read,
            "theirs": theirs,
            "refusal": refusal,
            "writes": reviews.may_write(request.user, review),
            "leads": reviews.may_plan(request.user, review.plan),
        },
        status=status,
    )
