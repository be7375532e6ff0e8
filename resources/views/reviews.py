"""Annual reviews for their readers: which there are, and each as a page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.http import public_page, require_safe
from resources.models import AnnualReview, ReviewState


@require_safe
@login_not_required
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    reviews = AnnualReview.objects.visible_to(request.user).newest_first()
    return render(request, "resources/review_list.html", {"reviews": reviews})


@require_safe
@login_not_required
@public_page
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    out = AnnualReview.objects.visible_to(request.user).exclude(state=ReviewState.ANNOUNCED)
    review = get_object_or_404(out, pk=pk)

    return render(
        request,
        "resources/review_detail.html",
        {"review": review, "chapters": review.chapters.for_readers()},
    )
