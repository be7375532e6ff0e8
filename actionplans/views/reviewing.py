"""A review as it is held: one target at a time, then finished."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from actionplans import states
from actionplans.forms.reviews import LineForm
from actionplans.keeping import review_page, reviews
from actionplans.keeping.review_page import Meeting, Place
from actionplans.keeping.reviews import Clash, LineClash
from actionplans.models import Review, ReviewLine, Target
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods


@require_form_methods
@never_cache
def target(request: AuthedRequest, pk: int, target_id: int) -> HttpResponse:
    """One target, large: how it stands, and what is decided of it. Saved at once."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, review.plan.service)
    meeting = review_page.read(review)
    place = meeting.place(target_id)
    if place is None:
        raise Http404

    if request.method == "POST":
        access.require(request.user, Permission.PLAN_NOTE, review.plan.service)
        return write_line(request, meeting, place)
    return show_target(request, meeting, place, line_form(meeting, place))


def line_form(meeting: Meeting, place: Place, data: QueryDict | None = None) -> LineForm:
    return LineForm(data, line=place.item.line, is_finished=meeting.review.is_finished)


def write_line(request: AuthedRequest, meeting: Meeting, place: Place) -> HttpResponse:
    form = line_form(meeting, place, request.POST)
    if not form.is_valid():
        return show_target(request, meeting, place, form, status=form_status(form))
    try:
        saved = reviews.write_line(
            review=meeting.review,
            target=place.item.target,
            entry=form.entry,
            version=form.version_read,
            by=request.user,
        )
    except PlanStateError as refusal:
        return show_target(
            request, meeting, place, form, refusal=str(refusal), status=HTTPStatus.CONFLICT
        )
    if isinstance(saved, LineClash):
        # Having seen both versions, the next save is meant.
        again = request.POST.copy()
        again["version"] = str(saved.theirs.version) if saved.theirs else "0"
        form = line_form(meeting, place, again)
        return show_target(
            request, meeting, place, form, theirs=saved.theirs, status=HTTPStatus.CONFLICT
        )
    if form.has_changed():
        messages.success(request, f"{place.item.target.reference} is saved.")
    return redirect(onward(request, meeting, place))


def onward(request: AuthedRequest, meeting: Meeting, place: Place) -> str:
    """Where the button leads: every way off the page saves. After the last is the list."""
    beside = {"next": place.after, "before": place.before, "stay": place.item}
    to = beside.get(request.POST.get("go", ""))
    if to is None:
        return reverse("review", args=[meeting.review.pk])
    return reverse("review_target", args=[meeting.review.pk, to.target.pk])


def show_target(
    request: AuthedRequest,
    meeting: Meeting,
    place: Place,
    form: LineForm,
    *,
    theirs: ReviewLine | None = None,
    refusal: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "actionplans/review_target.html",
        {
            "plan": meeting.review.plan,
            "review": meeting.review,
            "meeting": meeting,
            "place": place,
            "item": place.item,
            "target": place.item.target,
            "form": form,
            "theirs": theirs,
            "refusal": refusal,
            "writes": reviews.may_write(request.user, meeting.review),
        },
        status=status,
    )


@require_form_methods
@never_cache
def finish(request: AuthedRequest, pk: int) -> HttpResponse:
    """What finishing does, first as a preview, then done."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_LEAD, review.plan.service)

    changed = False
    if request.method == "POST":
        read = request.POST.get("as_read", "")
        try:
            done = reviews.finish(review=review, read=read, by=request.user)
        except PlanStateError as refusal:
            messages.error(request, str(refusal))
            return redirect(review)
        if not isinstance(done, Clash):
            say_what_was_done(request, done)
            return redirect(review)
        changed = True
    elif review.is_finished or not states.allows(review.plan, Deed.REVIEW):
        return redirect(review)
    meeting = review_page.read(review)
    return render(
        request,
        "actionplans/review_finish.html",
        {
            "plan": review.plan,
            "review": review,
            "meeting": meeting,
            "as_read": reviews.lines_as_read(meeting.lines),
            "changed": changed,
            "is_early": review.held_on > timezone.localdate(),
        },
        status=HTTPStatus.CONFLICT if changed else HTTPStatus.OK,
    )


def say_what_was_done(request: AuthedRequest, done: reviews.Finished) -> None:
    messages.success(
        request,
        f"The review is finished. Done: {in_words(done.done)}. Dropped: {in_words(done.dropped)}.",
    )
    if done.skipped:
        messages.warning(
            request,
            f"Ended before the review was finished, and left as they are: "
            f"{in_words(done.skipped)}.",
        )


def in_words(targets: tuple[Target, ...]) -> str:
    return ", ".join(one.reference for one in targets) or "none"
