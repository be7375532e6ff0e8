"""How editions of a questionnaire follow each other: kept by the programme team."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST, require_safe
from selfassessment.forms.looking_back import MappingLineForm
from selfassessment.models import EditionMapping, Questionnaire
from selfassessment.questionnaires import mapping_edits
from selfassessment.questionnaires.mapping_edits import (
    MappingChangedError,
    MappingRefusedError,
    read_pair,
)
from selfassessment.years.looking_back import Moving, services_on


def the_older(request: AuthedRequest, newer: Questionnaire) -> Questionnaire | None:
    """The edition to compare with: that asked for, or the one before."""
    earlier = earlier_editions(request, newer)
    asked = request.GET.get("from", "")
    if not asked:
        return next(iter(earlier), None)
    return next((one for one in earlier if str(one.edition) == asked), None)


def earlier_editions(request: AuthedRequest, newer: Questionnaire) -> list[Questionnaire]:
    """Those of the same name that came out before, the newest first."""
    visible = Questionnaire.objects.visible_to(request.user)
    earlier = visible.filter(name=newer.name, edition__lt=newer.edition).order_by("-edition")
    return [one for one in earlier if not one.is_draft]


def address(name: str, older: Questionnaire, newer: Questionnaire) -> str:
    return f"{reverse(name, args=[newer.pk])}?from={older.edition}"


def back_to(older: Questionnaire, newer: Questionnaire) -> HttpResponseRedirect:
    return redirect(address("mapping", older, newer))


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """What became of each statement: as stored, or as the codes and words suggest."""
    newer = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    older = the_older(request, newer)
    if older is None and request.GET.get("from"):
        raise Http404
    return render(
        request,
        "selfassessment/mapping_detail.html",
        {
            "questionnaire": newer,
            "older": older,
            "earlier": earlier_editions(request, newer),
            "pair": read_pair(older, newer) if older else None,
        },
    )


@require_POST
def prepare(request: AuthedRequest, pk: int) -> HttpResponse:
    newer = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    older = the_older(request, newer)
    if older is None:
        messages.error(request, "There is no earlier edition to compare with.")
        return redirect(newer)
    mapping_edits.prepare(older=older, newer=newer, by=request.user)
    messages.success(request, "Every statement is accounted for. Look through it, then review it.")
    return back_to(older, newer)


@require_form_methods
def line(request: AuthedRequest, pk: int, line_id: int) -> HttpResponse:
    """Say anew what one statement, or several, became."""
    newer = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    mapping = get_object_or_404(newer.mappings_back.select_related("older"), lines=line_id)
    pair = read_pair(mapping.older, newer)
    tied = mapping.lines.get(pk=line_id)
    was = next(
        one
        for one in pair.changes
        if tied.old_id in {old.pk for old in one.olds} or tied.new_id in {s.pk for s in one.news}
    )
    if request.method == "POST":
        form = MappingLineForm(request.POST, pair=pair, was=was)
        if form.is_valid() and saved(form, mapping, request):
            messages.success(request, f"Saved {form.change.codes}.")
            return back_to(mapping.older, newer)
    else:
        form = MappingLineForm(pair=pair, was=was)
    return render(
        request,
        "selfassessment/mapping_line_form.html",
        {
            "questionnaire": newer,
            "pair": pair,
            "was": was,
            "form": form,
            "back": address("mapping", mapping.older, newer),
        },
        status=form_status(form),
    )


def saved(form: MappingLineForm, mapping: EditionMapping, request: AuthedRequest) -> bool:
    """Whether it went in; otherwise the form says why."""
    try:
        mapping_edits.change_line(
            mapping=mapping,
            change=form.change,
            was=form.was,
            as_read=form.cleaned_data["as_read"],
            by=request.user,
        )
    except MappingChangedError as changed:
        form.clash(changed.change)
        return False
    return True


@require_form_methods
def review(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say that it is right, or take that back. Only a reviewed one joins years."""
    newer = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    older = the_older(request, newer)
    pair = read_pair(older, newer) if older else None
    if pair is None or pair.mapping is None:
        messages.error(request, "Prepare it first: nothing is said of these two editions yet.")
        return redirect("mapping", newer.pk)
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        act = mapping_edits.reopen_mapping if pair.is_reviewed else mapping_edits.review
        try:
            act(mapping=pair.mapping, by=request.user)
        except MappingRefusedError as refusal:
            refused = refusal.reasons
        else:
            messages.success(
                request,
                "The review is taken back. Years on these editions are not joined."
                if pair.is_reviewed
                else "Reviewed. Years on these editions are joined where statements go on.",
            )
            return back_to(pair.older, newer)
    return render(
        request,
        "selfassessment/mapping_review.html",
        {
            "questionnaire": newer,
            "pair": pair,
            "reasons": refused or ([] if pair.is_reviewed else pair.why_not_reviewed),
            "back": address("mapping", pair.older, newer),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )


@require_safe
def simulation(request: AuthedRequest, pk: int) -> HttpResponse:
    """What a move would carry on, in counts: no service's score is on this page."""
    newer = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    older = the_older(request, newer)
    if older is None and request.GET.get("from"):
        raise Http404
    pair = read_pair(older, newer) if older else None
    return render(
        request,
        "selfassessment/mapping_simulation.html",
        {
            "questionnaire": newer,
            "pair": pair,
            "moving": Moving(pair, is_compared=pair.is_reviewed) if pair else None,
            "services": services_on(older) if older else 0,
        },
    )
