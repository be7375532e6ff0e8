"""What the pages about quotations and pictures of a chapter have in common."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status
from resources.forms import merging
from resources.forms.merging import Merged
from resources.forms.review_parts import PictureForm, QuotationForm
from resources.models import AnnualReview, Chapter, Picture, Quotation
from resources.reviews import history, states, writing
from resources.reviews.states import Deed

GONE = "Somebody took it out or replaced it meanwhile. Save it to add it as a new one."
NOT_NOW = "Nobody can change what it says now."


def chapter_of(request: AuthedRequest, pk: int, chapter_id: int) -> Chapter:
    """A chapter, for its authors; whoever writes into it holds its review till they are done."""
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user).light(), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)
    if request.method == "POST":
        review = writing.held(review.pk)
    return get_object_or_404(review.chapters.select_related("review"), pk=chapter_id)


def still_there(request: AuthedRequest, pk: int, chapter_id: int) -> Chapter | None:
    """The same for a form; None where the chapter, or its review, is gone since it was opened."""
    try:
        return chapter_of(request, pk, chapter_id)
    except Http404:
        last = history.last_of(chapter_id)
        may = access.can(request.user, Permission.REVIEWS_EDIT)
        if request.method != "POST" or not may or last is None or last.review_id != pk:
            raise
        return None


def handed_back(
    request: AuthedRequest, pk: int, chapter_id: int, form: forms.BaseForm
) -> HttpResponse:
    """What was typed for a chapter that is gone: there to be copied."""
    last = history.last_of(chapter_id)
    return render(
        request,
        "resources/part_gone.html",
        {
            "form": form,
            "review": AnnualReview.objects.visible_to(request.user).light().filter(pk=pk).first(),
            "title": last.title,
            "who": last.saved_by,
            "at": last.saved_at,
        },
        status=HTTPStatus.CONFLICT,
    )


def back_to(chapter: Chapter, part: str) -> str:
    return reverse("chapter_edit", args=[chapter.pk]) + f"#{part}"


def asked(
    request: AuthedRequest,
    chapter: Chapter,
    form: QuotationForm | PictureForm,
    part: Quotation | Picture | None = None,
) -> HttpResponse:
    """The empty form, or what is saved; nobody is asked for what could not be saved."""
    if not states.allows(chapter.review, Deed.WRITE):
        messages.error(request, NOT_NOW)
        return redirect(chapter.review)
    return shown(request, chapter, form, part)


def shown(
    request: AuthedRequest,
    chapter: Chapter,
    form: QuotationForm | PictureForm,
    part: Quotation | Picture | None = None,
    *,
    merged: Merged | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The form as it was typed, with what stands against saving it."""
    kind = "quotation" if isinstance(form, QuotationForm) else "picture"
    clash = bool(refusal or (merged and merged.differences))
    return render(
        request,
        f"resources/{kind}_form.html",
        {
            "review": chapter.review,
            "chapter": chapter,
            kind: part,
            "form": form,
            "differences": merged.differences if merged else [],
            "taken": merged.taken if merged else [],
            "refusal": refusal,
            "as_read": merging.as_read(as_saved(part)) if part else "",
        },
        status=HTTPStatus.CONFLICT if clash else form_status(form),
    )


def as_saved(part: Quotation | Picture) -> forms.BaseForm:
    return (
        QuotationForm(instance=part) if isinstance(part, Quotation) else PictureForm(picture=part)
    )


def asked_to_remove(
    request: AuthedRequest, chapter: Chapter, part: Quotation | Picture
) -> HttpResponse:
    if not states.allows(chapter.review, Deed.WRITE):
        messages.error(request, NOT_NOW)
        return redirect(chapter.review)
    kind = "quotation" if isinstance(part, Quotation) else "picture"
    return render(
        request,
        f"resources/{kind}_remove.html",
        {"review": chapter.review, "chapter": chapter, kind: part},
    )
