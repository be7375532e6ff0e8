"""Annual reviews for their readers: which there are, and each as a page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.http import public_page, require_safe
from resources.models import AnnualReview, Printing


@require_safe
@login_not_required
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    reviews = AnnualReview.objects.visible_to(request.user).light().newest_first()
    return render(request, "resources/review_list.html", {"reviews": reviews})


@require_safe
@login_not_required
@public_page
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    reviews = AnnualReview.objects.visible_to(request.user).light().out()
    review = get_object_or_404(reviews, pk=pk)

    newest = Printing.objects.visible_to(request.user).with_data().versions()
    printing = get_object_or_404(newest.filter(review=review)[:1])
    return render(
        request,
        "resources/review_detail.html",
        {"review": review, "printing": printing, "paper": printing.data},
    )
