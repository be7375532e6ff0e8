"""Printings of a review, for its authors: asked for, made while a page says how far, taken."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actionplans.models import PaperFormat
from portal import access, papers
from portal.access import Permission
from portal.exports import attachment
from portal.http import AuthedRequest, is_htmx, require_POST, require_safe
from resources.models import AnnualReview, Printing
from resources.reviews import printing

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def composed(request: AuthedRequest, pk: int) -> AnnualReview:
    """The review, for one of its authors. An earlier one that was uploaded is its own PDF."""
    reviews = AnnualReview.objects.visible_to(request.user).filter(is_uploaded=False)
    review = get_object_or_404(reviews, pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)
    return review


@require_POST
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    made = printing.request(review=composed(request, pk), by=request.user)
    return redirect("printing_detail", pk, made.pk)


@require_safe
def detail(request: AuthedRequest, pk: int, printing_id: int) -> HttpResponse:
    review = composed(request, pk)
    shown = get_object_or_404(review.printings.light().select_related("review"), pk=printing_id)

    far = papers.how_far(shown, printing.STEPS)
    if far.is_known(request.GET.get("step")):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    is_fragment = is_htmx(request)
    context = {
        "review": review,
        "printing": shown,
        "far": far,
        "is_now": not far.on_its_way and printing.says_now(shown),
        "is_fragment": is_fragment,
    }
    name = "_printing_progress" if is_fragment else "printing_detail"
    return render(request, f"resources/{name}.html", context)


@require_POST
def again(request: AuthedRequest, pk: int, printing_id: int) -> HttpResponse:
    review = composed(request, pk)
    failed = get_object_or_404(review.printings.light().select_related("review"), pk=printing_id)

    printing.again(printing=failed, by=request.user)
    return redirect("printing_detail", pk, printing_id)


@require_safe
def download(request: AuthedRequest, pk: int, printing_id: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)
    taken = get_object_or_404(review.printings.defer("word", "data"), pk=printing_id)

    if taken.content is None:
        return redirect("printing_detail", pk, printing_id)
    return attachment(bytes(taken.content), PDF, name_of(review, taken), PaperFormat.PDF)


@require_safe
def as_word(request: AuthedRequest, pk: int, printing_id: int) -> HttpResponse:
    review = composed(request, pk)
    taken = get_object_or_404(review.printings.defer("content", "data"), pk=printing_id)

    if taken.word is None:
        return redirect("printing_detail", pk, printing_id)
    return attachment(bytes(taken.word), DOCX, name_of(review, taken), PaperFormat.DOCX)


def name_of(review: AnnualReview, taken: Printing) -> str:
    which = f"version {taken.number}" if taken.number else "preview"
    return f"changing tracks annual review {review.year_name} {which}"
