"""The library for its readers: finding something, and what there is on a topic."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal import access
from portal.access import Permission
from portal.http import other_terms, public_page, require_safe
from portal.models import Topic
from resources import feed
from resources.finding import A_PAGE, Wanted, find, plain_lines
from resources.models import Resource


@require_safe
@login_not_required
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    among = Resource.objects.visible_to(request.user).published()
    found = find(Wanted.read(request.GET), among, request.GET.get("page"))
    return render(
        request, "resources/library.html", {"found": found, "query": other_terms(request)}
    )


@require_safe
@login_not_required
@public_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)

    among = Resource.objects.visible_to(request.user).published()
    resources = among.on_topics([topic]).with_parts().newest_first().light()
    page = Paginator(resources, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "resources/topic_detail.html",
        {
            "topic": topic,
            "topics": Topic.objects.order_by("order"),
            "may_edit": access.can(request.user, Permission.LIBRARY_EDIT),
            "page": page,
            "lines": plain_lines(page),
        },
    )


@require_safe
@login_not_required
@public_page
def atom(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's shape of a view)
    """What is new in the library, for a feed reader: only what everybody may read."""
    return HttpResponse(feed.library(), content_type=feed.TYPE)
