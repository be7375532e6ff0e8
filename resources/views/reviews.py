"""Annual reviews for their readers: which there are, each as a page and as a file."""

from __future__ import annotations

import re
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.text import slugify

from portal import access
from portal.access import Permission
from portal.http import PUBLIC, public_page, require_safe
from portal.ranges import NoSuchPartError, part_of, still_holds
from resources import feed
from resources.models import AnnualReview, Printing, Visibility
from resources.models.reviews import OUT
from resources.reviews import reading, taking

PRIVATE = "private, no-cache"  # asked after each time: a seat may have ended
LONGEST_NAME = 80


@require_safe
@login_not_required
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    may_write = access.can(request.user, Permission.REVIEWS_EDIT)
    shelf = reading.shelf(request.user)
    return render(request, "resources/review_list.html", {"shelf": shelf, "may_write": may_write})


@require_safe
@login_not_required
@public_page
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    reviews = AnnualReview.objects.visible_to(request.user).light().out()
    review = get_object_or_404(reviews, pk=pk)

    newest = Printing.objects.visible_to(request.user).with_data().versions()
    printing = get_object_or_404(newest.filter(review=review)[:1])
    asked = re.fullmatch(r"[1-9]\d?", request.GET.get("part", "1"), re.ASCII)
    paper = reading.read(printing.data, int(asked[0])) if asked else None
    if paper is None:
        raise Http404
    return render(
        request,
        "resources/review_detail.html",
        {
            "review": review,
            "printing": printing,
            "data": printing.data,
            "paper": paper,
            "may_write": access.can(request.user, Permission.REVIEWS_EDIT),
        },
    )


@require_safe
@login_not_required
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version as a file, or the part of it that is asked for.

    It is counted that it was taken, not by whom: with its first byte, so that whoever fetches it
    in parts is counted once.
    """
    versions = Printing.objects.visible_to(request.user).versions().light().select_related("review")
    printing = get_object_or_404(versions.filter(review=pk, review__state__in=OUT)[:1])
    if printing.published_at is None or printing.finished_at is None:
        raise Http404  # the worker is at it

    etag = f'"{printing.sha256}"'
    changed_at = max(printing.published_at, printing.finished_at)
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(changed_at.timestamp()),
        "Accept-Ranges": "bytes",
        "Cache-Control": PUBLIC if printing.review.visibility == Visibility.PUBLIC else PRIVATE,
        "X-Content-Type-Options": "nosniff",
    }
    known = get_conditional_response(request, etag, int(changed_at.timestamp()))
    if known is not None:
        for name, value in headers.items():
            known.headers[name] = value
        return known
    asked = request.headers.get("Range", "") if request.method == "GET" else ""
    if asked and not still_holds(request.headers.get("If-Range", ""), etag, changed_at):
        asked = ""
    try:
        part = part_of(printing.size, asked)
    except NoSuchPartError:
        headers["Content-Range"] = f"bytes */{printing.size}"
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            content_type="text/plain",
            headers=headers,
        )
    headers["Content-Length"] = str(part.length if part else printing.size)
    headers["Content-Disposition"] = f'attachment; filename="{file_name(printing)}"'
    if part:
        headers["Content-Range"] = str(part)
    content = b""
    if request.method == "GET":
        content = taking.read(printing, part)
        if part is None or part.first == 0:
            taking.count(printing)
    return HttpResponse(
        content,
        status=HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK,
        content_type="application/pdf",
        headers=headers,
    )


def file_name(printing: Printing) -> str:
    """“changing-tracks-what-we-learned-2025-26.pdf”; a correction has its number in the name."""
    review = printing.review
    version = f"-version-{printing.number}" if (printing.number or 1) > 1 else ""
    name = slugify(f"Changing Tracks {review.title}")[:LONGEST_NAME].rstrip("-")
    year = slugify(review.year_name.replace("/", "-"))
    return f"{name}{'' if name.endswith(year) else f'-{year}'}{version}.pdf"


@require_safe
@login_not_required
@public_page
def atom(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's shape of a view)
    """The reviews that everybody may read, for a feed reader."""
    return HttpResponse(feed.reviews(), content_type=feed.TYPE)
