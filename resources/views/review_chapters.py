"""Writing the chapters of a review, with nothing lost where two people write."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST
from resources.forms import merging
from resources.forms.merging import Merged
from resources.forms.reviews import LONGEST_SEARCH, ChapterForm, numbers
from resources.models import AnnualReview, Chapter, ChapterKind
from resources.reviews import chapters, history, preview, reading, remarks, states, writing
from resources.reviews.states import Deed, ReviewStateError
from resources.views.saving import NOTHING_CHANGED, number, saved_words

LOOK, FIND, BACK = "look", "find", "back"


@require_form_methods
@never_cache
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    """First which kind, then the whole chapter; or one that was taken out, as it was."""
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    old = history.chapter_at(review, number(request.GET.get("as_it_was", "")))
    kind = old.kind if old else request.GET.get("kind", "")
    if not states.allows(review, Deed.WRITE) and request.method != "POST":
        messages.error(request, "Nobody can add a chapter to it now.")
        return redirect("review_compose", review.pk)
    if not kind:
        # Themes are many; of the others there is usually one.
        once = set(review.chapters.values_list("kind", flat=True)) - {ChapterKind.THEME}
        kinds = sorted(((one, one in once) for one in ChapterKind), key=lambda pair: pair[1])
        return render(request, "resources/chapter_kinds.html", {"review": review, "kinds": kinds})
    if kind not in ChapterKind.values:
        raise Http404
    chapter = Chapter(review=review, kind=kind)
    if request.method != "POST":
        initial = history.words_of(old) if old else usual(kind)
        return show(request, ChapterForm(instance=chapter, initial=initial), chapter, old=bool(old))
    if wants(request) in {LOOK, FIND}:
        return look(request, chapter)
    form = ChapterForm(request.POST, instance=chapter)
    if not form.is_valid():
        return show(request, form, chapter)
    try:
        with transaction.atomic():
            made = chapters.add(review=review, kind=kind, content=form.content(), by=request.user)
            if old:
                chapters.bring_back(chapter=made, taken_out=old, by=request.user)
            remark(request, form, made)
    except ReviewStateError as refusal:
        return show(request, form, chapter, refusal=str(refusal))
    messages.success(request, f"“{made}” is in the review.")
    return redirect(after(request, made))


@require_form_methods
@never_cache
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    found = AnnualReview.objects.visible_to(request.user).filter(chapters=pk).first()
    if found is None:
        return gone(request, pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    chapter = get_object_or_404(found.chapters, pk=pk)
    if request.method == "POST":
        if wants(request) in {LOOK, FIND}:
            return look(request, chapter)
        with transaction.atomic():
            return save(request, chapter)
    if not states.allows(found, Deed.WRITE):
        messages.error(request, "Nobody can change what it says now.")
        return redirect("review_compose", found.pk)
    as_it_was = request.GET.get("as_it_was")
    if as_it_was is None:
        return show(request, ChapterForm(instance=chapter), chapter)
    old = history.chapter_at(found, number(as_it_was))
    if old is None or old.pgh_obj_id != pk:
        raise Http404
    form = ChapterForm(instance=chapter, initial=history.words_of(old))
    return show(request, form, chapter, old=True)


def save(request: AuthedRequest, chapter: Chapter) -> HttpResponse:
    """Compare and save under one lock, so that of two people the second sees both texts."""
    offered = numbers(request.POST.getlist("resources"))
    try:
        review, chapter = writing.held_to_write(chapter)
    except ReviewStateError as refusal:
        return show(request, ChapterForm(request.POST, instance=chapter), chapter, refusal=refusal)
    except Chapter.DoesNotExist:
        return gone(request, chapter.pk)
    merged = merging.merge(request.POST, ChapterForm(instance=chapter, offered=offered))
    form = ChapterForm(merged.data, instance=chapter)
    if merged.differences:
        return show(request, form, chapter, merged=merged)
    if not form.is_valid():
        return show(request, form, chapter)
    # The form put what was typed into its own instance: the row is read once more.
    kept = review.chapters.get(pk=chapter.pk)
    changed = chapters.save(review=review, chapter=kept, content=form.content(), by=request.user)
    remarked = remark(request, form, kept)
    words = saved_words(merged) if changed or remarked else NOTHING_CHANGED
    messages.success(request, words)
    return redirect(after(request, kept))


def remark(request: AuthedRequest, form: ChapterForm, chapter: Chapter) -> bool:
    """Keep a remark that was written beside the text, and settle those that were ticked."""
    said, ticked = form.cleaned_data["remark"], form.cleaned_data.get("settled", ())
    if said:
        remarks.add(chapter=chapter, text=said, by=request.user)
    settled = remarks.settle(remarks=ticked, by=request.user)
    return bool(said or settled)


def wants(request: AuthedRequest) -> str:
    """Which button was pressed. Enter in the search looks, and does not save."""
    go = request.POST.get("go", "")
    return FIND if not go and request.POST.get("find", "").strip() else go


def after(request: AuthedRequest, chapter: Chapter) -> str:
    if request.POST.get("go") == BACK:
        return f"{reverse('review_compose', args=[chapter.review_id])}#c{chapter.pk}"
    return reverse("chapter_edit", args=[chapter.pk])


def look(request: AuthedRequest, chapter: Chapter) -> HttpResponse:
    """The page again with what was typed, and with what was asked for: nothing is saved."""
    sought = request.POST.get("find", "").replace("\x00", "")[:LONGEST_SEARCH]
    found = chapters.findable(sought) if wants(request) == FIND else []
    form = ChapterForm(
        instance=chapter,
        initial=typed(request.POST, chapter),
        offered=[one.pk for one in found],
    )
    return show(
        request,
        form,
        chapter,
        looked=wants(request),
        found=len(found),
        sought=sought,
        # What the page had been shown stays what it was: saving compares with that.
        as_read=request.POST.get("as_read", ""),
    )


def typed(data: QueryDict, chapter: Chapter) -> dict[str, object]:
    """What was typed, not judged."""
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), name)
        for name, field in ChapterForm(instance=chapter).fields.items()
    }


def show(
    request: AuthedRequest,
    form: ChapterForm,
    chapter: Chapter,
    *,
    merged: Merged | None = None,
    refusal: object = "",
    looked: str = "",
    found: int = 0,
    sought: str = "",
    as_read: str | None = None,
    old: bool = False,
) -> HttpResponse:
    clash = bool(refusal or (merged and merged.differences))
    review = chapter.review
    beside = list(review.chapters.only("title", "order", "review"))
    saved = review.chapters.select_related("saved_by").filter(pk=chapter.pk).first()
    if as_read is None:
        as_read = merging.as_read(ChapterForm(instance=saved)) if saved else ""
    keys = [one.pk for one in beside]
    at = keys.index(saved.pk) if saved else len(beside)
    return render(
        request,
        "resources/chapter_form.html",
        {
            "form": form,
            "review": review,
            "chapter": saved,
            "kind": ChapterKind(chapter.kind),
            "number": at + 1,
            "of": len(beside) if saved else len(beside) + 1,
            "beside": beside,
            "remarks": saved.remarks.select_related("by", "settled_by") if saved else [],
            "quotations": saved.quotations.select_related("service") if saved else [],
            "pictures": saved.pictures.in_use().light() if saved else [],
            "may_write": states.allows(review, Deed.WRITE),
            "differences": merged.differences if merged else [],
            "taken": merged.taken if merged else [],
            "refusal": refusal,
            "looked": looked,
            "found": found,
            "sought": sought,
            "look": previewed(form, saved, at + 1) if looked == LOOK else None,
            "left_out": preview.left_out(form.chosen("resources")),
            "old": old,
            "as_read": as_read,
        },
        status=HTTPStatus.CONFLICT if clash else form_status(form),
    )


def previewed(form: ChapterForm, saved: Chapter | None, place: int) -> reading.Chapter:
    """The chapter as the page of the review shows it to its readers."""
    data = preview.of(
        kind=form.kind,
        said=form.said,
        topics=form.chosen("topics"),
        resources=form.chosen("resources"),
        saved=saved,
    )
    return reading.chapter(place, 1, data)


def usual(kind: str) -> dict[str, str]:
    """What a new chapter begins with: a theme has a name of its own."""
    return {} if kind == ChapterKind.THEME else {"title": ChapterKind(kind).label}


def gone(request: AuthedRequest, pk: int) -> HttpResponse:
    """A chapter that somebody took out while another wrote in it: the text is handed back."""
    last = history.last_of(pk)
    may = access.can(request.user, Permission.REVIEWS_EDIT)
    if request.method != "POST" or last is None or not may:
        raise Http404
    review = AnnualReview.objects.visible_to(request.user).filter(pk=last.review_id).first()
    form = ChapterForm(request.POST, instance=Chapter(review_id=last.review_id, kind=last.kind))
    return render(
        request,
        "resources/chapter_gone.html",
        {
            "form": form,
            "review": review,
            "title": last.title,
            "who": last.saved_by,
            "at": last.saved_at,
            "kind": last.kind,
            "version": last.pgh_id,
            "may_write": review is not None and states.allows(review, Deed.WRITE),
        },
        status=HTTPStatus.CONFLICT,
    )


@require_POST
def move(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), chapters=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    chapter = get_object_or_404(review.chapters, pk=pk)
    try:
        chapters.move(chapter=chapter, up=request.POST.get("way") == "up", by=request.user)
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('review_compose', args=[review.pk])}#c{pk}")


@require_form_methods
@never_cache
def remove(request: AuthedRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(AnnualReview.objects.visible_to(request.user), chapters=pk)
    access.require(request.user, Permission.REVIEWS_EDIT)

    chapter = get_object_or_404(review.chapters.select_related("saved_by"), pk=pk)
    seen = str(chapter.version)
    changed = request.method == "POST" and request.POST.get("version") != seen
    if request.method == "POST" and not changed:
        try:
            chapters.remove(chapter=chapter, by=request.user)
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{chapter}” is taken out. The history keeps it.")
        return redirect("review_compose", review.pk)
    return render(
        request,
        "resources/chapter_remove.html",
        {
            "review": review,
            "chapter": chapter,
            "changed": changed,
            "open_remarks": chapter.remarks.filter(settled_at=None).count(),
            "quotations": chapter.quotations.count(),
            "pictures": chapter.pictures.in_use().count(),
        },
        status=HTTPStatus.CONFLICT if changed else HTTPStatus.OK,
    )
