"""Quotations of a chapter, on the desk: added, changed by several people, ordered, taken out."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from portal.http import AuthedRequest, require_form_methods, require_POST
from resources.forms import merging
from resources.forms.review_parts import QuotationForm
from resources.models import Chapter
from resources.reviews import quotations
from resources.reviews.states import ReviewStateError
from resources.views.review_parts import (
    GONE,
    asked,
    asked_to_remove,
    back_to,
    chapter_of,
    handed_back,
    shown,
    still_there,
)
from resources.views.saving import NOTHING_CHANGED, saved_words


@require_form_methods
@never_cache  # Back shows what is saved by now
@transaction.atomic
def add(request: AuthedRequest, pk: int, chapter_id: int) -> HttpResponse:
    chapter = still_there(request, pk, chapter_id)
    if chapter is None:
        return handed_back(request, pk, chapter_id, QuotationForm(request.POST))

    if request.method != "POST":
        return asked(request, chapter, QuotationForm())
    form = QuotationForm(request.POST)
    if form.is_valid():
        try:
            quotations.add(chapter=chapter, said=form.said, by=request.user)
        except ReviewStateError as refusal:
            return shown(request, chapter, form, refusal=str(refusal))
        words = printed(chapter, consent=form.said.consent)
        messages.success(request, f"The quotation is added. {words}")
        return redirect(back_to(chapter, "quotations"))
    return shown(request, chapter, form)


@require_form_methods
@never_cache
@transaction.atomic
def edit(request: AuthedRequest, pk: int, chapter_id: int, quotation_id: int) -> HttpResponse:
    chapter = still_there(request, pk, chapter_id)
    if chapter is None:
        return handed_back(request, pk, chapter_id, QuotationForm(request.POST))

    if request.method != "POST":
        quotation = get_object_or_404(chapter.quotations, pk=quotation_id)
        return asked(request, chapter, QuotationForm(instance=quotation), quotation)
    now = chapter.quotations.select_related("saved_by").filter(pk=quotation_id).first()
    if now is None:
        return shown(request, chapter, QuotationForm(request.POST), refusal=GONE)
    merged = merging.merge(request.POST, QuotationForm(instance=now))
    # A form puts what was typed into its own instance: what is saved stays apart.
    form = QuotationForm(merged.data, instance=chapter.quotations.get(pk=now.pk))
    if merged.differences or not form.is_valid():
        return shown(request, chapter, form, now, merged=merged)
    try:
        changed = quotations.change(quotation=now, said=form.said, by=request.user)
    except ReviewStateError as refusal:
        return shown(request, chapter, form, now, refusal=str(refusal))
    words = f"{saved_words(merged)} {printed(chapter, consent=form.said.consent)}"
    messages.success(request, words if changed else NOTHING_CHANGED)
    return redirect(back_to(chapter, "quotations"))


@require_form_methods
@transaction.atomic
def remove(request: AuthedRequest, pk: int, chapter_id: int, quotation_id: int) -> HttpResponse:
    chapter = chapter_of(request, pk, chapter_id)
    quotation = get_object_or_404(chapter.quotations.select_related("chapter"), pk=quotation_id)

    if request.method == "POST":
        try:
            quotations.remove(quotation=quotation, by=request.user)
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The quotation is taken out. The history keeps its words.")
        return redirect(back_to(chapter, "quotations"))
    return asked_to_remove(request, chapter, quotation)


@require_POST
@transaction.atomic
def move(request: AuthedRequest, pk: int, chapter_id: int, quotation_id: int) -> HttpResponse:
    chapter = chapter_of(request, pk, chapter_id)
    quotation = get_object_or_404(chapter.quotations.select_related("chapter"), pk=quotation_id)

    try:
        quotations.move(quotation=quotation, up=request.POST.get("way") == "up", by=request.user)
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
    return redirect(back_to(chapter, "quotations"))


def printed(chapter: Chapter, *, consent: bool) -> str:
    if consent:
        return ""
    if chapter.review.is_out:
        return "The next correction leaves it out. Readers who have it keep it till then."
    return "It is not printed until consent is on record."
