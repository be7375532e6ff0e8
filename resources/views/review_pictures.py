"""Pictures of a chapter: on the desk, and as readers get them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from portal.http import AuthedRequest, require_form_methods, require_POST, require_safe
from resources.forms import merging
from resources.forms.review_parts import PictureForm
from resources.models import Picture
from resources.reviews import pictures
from resources.reviews.states import ReviewStateError
from resources.views import picture_files
from resources.views.review_parts import (
    GONE,
    asked,
    asked_to_remove,
    back_to,
    chapter_of,
    shown,
)
from resources.views.saving import NOTHING_CHANGED, saved_words


@require_form_methods
@never_cache
@transaction.atomic
def add(request: AuthedRequest, pk: int, chapter_id: int) -> HttpResponse:
    chapter = chapter_of(request, pk, chapter_id)

    if request.method != "POST":
        return asked(request, chapter, PictureForm())
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            pictures.add(
                chapter=chapter,
                pixels=said["image"],
                alt=said["alt"],
                credit=said["credit"],
                by=request.user,
            )
        except ReviewStateError as refusal:
            return shown(request, chapter, form, refusal=str(refusal))
        messages.success(request, "The picture is added.")
        return redirect(back_to(chapter, "pictures"))
    return shown(request, chapter, form)


@require_form_methods
@never_cache
@transaction.atomic
def edit(request: AuthedRequest, pk: int, chapter_id: int, picture_id: int) -> HttpResponse:
    chapter = chapter_of(request, pk, chapter_id)
    there = chapter.pictures.in_use().light().select_related("chapter")

    if request.method != "POST":
        picture = get_object_or_404(there, pk=picture_id)
        return asked(request, chapter, PictureForm(picture=picture), picture)
    now = there.filter(pk=picture_id).first()
    if now is None:
        form = PictureForm(request.POST, request.FILES)
        return shown(request, chapter, form, refusal=GONE)
    merged = merging.merge(request.POST, PictureForm(picture=now))
    form = PictureForm(merged.data, request.FILES, picture=now)
    if merged.differences or not form.is_valid():
        return shown(request, chapter, form, now, merged=merged)
    said = form.cleaned_data
    try:
        changed = pictures.change(
            picture=now,
            alt=said["alt"],
            credit=said["credit"],
            pixels=said["image"],
            by=request.user,
        )
    except ReviewStateError as refusal:
        return shown(request, chapter, form, now, refusal=str(refusal))
    messages.success(request, saved_words(merged) if changed else NOTHING_CHANGED)
    return redirect(back_to(chapter, "pictures"))


@require_form_methods
@transaction.atomic
def remove(request: AuthedRequest, pk: int, chapter_id: int, picture_id: int) -> HttpResponse:
    chapter = chapter_of(request, pk, chapter_id)
    there = chapter.pictures.in_use().light().select_related("chapter")
    picture = get_object_or_404(there, pk=picture_id)

    if request.method == "POST":
        try:
            pictures.remove(picture=picture, by=request.user)
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The picture is taken out.")
        return redirect(back_to(chapter, "pictures"))
    return asked_to_remove(request, chapter, picture)


@require_POST
@transaction.atomic
def move(request: AuthedRequest, pk: int, chapter_id: int, picture_id: int) -> HttpResponse:
    chapter = chapter_of(request, pk, chapter_id)
    there = chapter.pictures.in_use().light().select_related("chapter")
    picture = get_object_or_404(there, pk=picture_id)

    try:
        pictures.move(picture=picture, up=request.POST.get("way") == "up", by=request.user)
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
    return redirect(back_to(chapter, "pictures"))


@require_safe
@login_not_required
def picture(request: HttpRequest, pk: int, picture_id: int) -> HttpResponseBase:
    """A picture of what is published; its authors see also what is not."""
    there = Picture.objects.light().filter(chapter__review=pk)
    # First as anybody: who asks is then never looked up, and the answer is the same for all.
    for_all = there.visible_to(AnonymousUser()).filter(pk=picture_id).first()
    wanted = for_all or get_object_or_404(there.visible_to(request.user), pk=picture_id)
    return picture_files.send(request, wanted, for_all=for_all is not None)
