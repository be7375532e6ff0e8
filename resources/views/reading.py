"""A resource and its files, one's own list, and what one says of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from portal import stored
from portal.http import AuthedRequest, public_page, require_POST, require_safe
from resources import keeping, reading
from resources.forms.library import KeepForm, UsefulForm
from resources.models import Kept, Resource, ResourceFile, Visibility

MOST_KEPT = 200


@require_safe
@login_not_required
@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user).with_parts(), slug=slug)

    return render(request, "resources/resource_detail.html", shown(request, resource))


def shown(
    request: HttpRequest,
    resource: Resource,
    keep: KeepForm | None = None,
    useful: UsefulForm | None = None,
) -> dict[str, object]:
    """The page of a resource; with a form that was refused, that one as it was typed."""
    page = {"resource": resource, "reading": reading.read(resource, request.user)}
    if isinstance(request.user, AnonymousUser):
        return page
    kept = reading.place_of(resource, request.user)
    word = reading.word_of(resource, request.user)
    return {
        **page,
        "form": keep or useful,
        "kept": kept,
        "keep_form": keep or KeepForm(instance=kept, by=request.user),
        "word": word,
        "useful_form": useful or UsefulForm(instance=word),
    }


@require_POST
def keep(request: AuthedRequest, slug: str) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user).with_parts(), slug=slug)

    kept = reading.place_of(resource, request.user)
    form = KeepForm(request.POST, instance=kept, by=request.user)
    if not form.is_valid():
        page = shown(request, resource, keep=form)
        return render(request, "resources/resource_detail.html", page, status=422)
    service = form.cleaned_data.get("service")
    keeping.keep(resource=resource, why=form.cleaned_data["why"], service=service, by=request.user)
    seen = f" Everybody at {service} sees it." if service else ""
    messages.success(request, f"“{resource}” is on your list.{seen}")
    return redirect(resource)


@require_POST
def unkeep(request: AuthedRequest, slug: str) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), slug=slug)

    if keeping.unkeep(resource=resource, by=request.user):
        messages.success(request, f"“{resource}” is off your list.")
    return redirect("my_list" if request.POST.get("from") == "list" else resource)


@require_safe
def my_list(request: AuthedRequest) -> HttpResponse:
    there = Kept.objects.visible_to(request.user).with_resources()[:MOST_KEPT]
    mine = [one for one in there if one.user_id == request.user.pk]
    others = [one for one in there if one.user_id != request.user.pk]
    return render(request, "resources/my_list.html", {"mine": mine, "others": others})


@require_POST
def said(request: AuthedRequest, slug: str) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user).with_parts(), slug=slug)

    form = UsefulForm(request.POST, instance=reading.word_of(resource, request.user))
    if not form.is_valid():
        page = shown(request, resource, useful=form)
        return render(request, "resources/resource_detail.html", page, status=422)
    keeping.say(
        resource=resource,
        useful=form.cleaned_data["useful"],
        changed=form.cleaned_data["changed"],
        by=request.user,
    )
    messages.success(request, "Thank you. The programme team reads what you say.")
    return redirect(resource)


@require_safe
@login_not_required
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A file to keep, never shown in a page. It is counted that it was taken, not by whom."""
    found = ResourceFile.objects.visible_to(request.user).light().select_related("resource")
    wanted = get_object_or_404(found, resource__slug=slug, pk=pk)

    etag = f'"{wanted.sha256}"'
    is_public = wanted.resource.visibility == Visibility.PUBLIC
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache" if is_public else "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        for name, value in headers.items():
            known.headers[name] = value
        return known
    if request.method == "GET":
        wanted.count()
    headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=wanted.file_name
    )
    content = stored.whole(wanted, "content")
    return HttpResponse(content, content_type=wanted.media_type, headers=headers)
