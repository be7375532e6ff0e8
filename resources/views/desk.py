"""The desk of the library: what waits, and a resource as its team sees it."""

from __future__ import annotations

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, other_terms, require_safe
from resources import reading, text
from resources.desk import advice, history, moving, shelves, states
from resources.desk.states import Deed
from resources.finding import with_words
from resources.models import Resource
from resources.views.reading import shown

PAGE = 25
LONGEST_SEARCH = 200


@require_safe
def desk(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)

    today = timezone.localdate()
    piles = shelves.counted(request.user, today)
    wanted = request.GET.get("show", "waits")
    shelf = next((one for one in piles if one.key == wanted), None)
    if shelf is None:
        raise Http404
    search = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    everything, meant = Resource.objects.visible_to(request.user), ""
    if search:
        found, meant = with_words(search, everything)
    else:
        found = everything.filter(shelves.on(shelf.key, request.user, today))
    page = Paginator(shelves.laid_out(found), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "resources/resource_desk.html",
        {
            "piles": piles,
            "shelf": shelf,
            "search": search,
            "meant": meant,
            "page": page,
            "rows": [shelves.row(one, today) for one in page],
            "query": other_terms(request),
        },
    )


@require_safe
def preview(request: AuthedRequest, pk: int) -> HttpResponse:
    """The page that readers see, with all that the team can do about it above."""
    resource = get_object_or_404(Resource.objects.visible_to(request.user).with_parts(), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    return render(request, "resources/resource_preview.html", previewed(request, resource))


def previewed(request: AuthedRequest, resource: Resource) -> dict[str, object]:
    today = timezone.localdate()
    return {
        **shown(request, resource),
        # The band says what editors are told elsewhere on the page.
        "reading": replace(reading.read(resource, request.user), may_edit=False),
        "band": {
            "resource": resource,
            "row": shelves.row(resource, today),
            "stops": states.stops(resource, today),
            "words": text.words(resource.body),
            "empty": moving.is_empty(resource),
            "advice": advice.of(
                title=resource.title, link=resource.link, body=resource.body, kept=resource
            ),
            "may": {deed.name.lower(): states.may(request.user, resource, deed) for deed in Deed},
            "waits_for_other": states.allows(resource, Deed.PUBLISH)
            and not states.may(request.user, resource, Deed.PUBLISH),
        },
    }


@require_safe
def changes(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    page = Paginator(history.read(resource), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "resources/resource_history.html",
        {
            "resource": resource,
            "page": page,
            "may_edit": states.may(request.user, resource, Deed.EDIT),
        },
    )
