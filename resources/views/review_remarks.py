"""Remarks on a chapter, from one author of a review to the others."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST
from resources.forms.reviews import RemarkForm
from resources.models import AnnualReview, Remark
from resources.reviews import history, remarks
from resources.views.review_parts import handed_back


@require_form_methods
@never_cache
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    review = AnnualReview.objects.visible_to(request.user).filter(chapters=pk).first()
    if review is None:
        return gone(request, pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    chapter = get_object_or_404(review.chapters, pk=pk)
    if request.method == "POST":
        form = RemarkForm(request.POST)
        if form.is_valid():
            remarks.add(chapter=chapter, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, "The other authors see it on the page of the review.")
            return redirect(f"{reverse('review_compose', args=[review.pk])}#remarks")
    else:
        form = RemarkForm()
    return render(
        request,
        "resources/remark_form.html",
        {"form": form, "review": review, "chapter": chapter},
        status=form_status(form),
    )


def gone(request: AuthedRequest, pk: int) -> HttpResponse:
    """A chapter that was taken out while somebody wrote a remark on it."""
    last = history.last_of(pk)
    may = access.can(request.user, Permission.REVIEWS_EDIT)
    if request.method != "POST" or last is None or not may:
        raise Http404
    return handed_back(request, last.review_id, pk, RemarkForm(request.POST))


@require_POST
def settle(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), chapters__remarks=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    done = remarks.settle(remarks=[Remark(pk=pk)], by=request.user)
    messages.success(request, "Settled." if done else "Somebody had settled it already.")
    return redirect(f"{reverse('review_compose', args=[review.pk])}#remarks")
