"""Wording a draft in the browser: its details, scale, areas, sections and statements.

Each view is handed the draft by `changes_a_draft`, which is the gate of them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST
from selfassessment.forms.drafts import (
    AreaForm,
    DetailsForm,
    DraftForm,
    ScaleFormSet,
    SectionForm,
    StatementForm,
    fingerprint,
)
from selfassessment.models import Area, Questionnaire, Section, Statement
from selfassessment.questionnaires import drafts
from selfassessment.questionnaires.drafts import EditionFrozenError, Part, frozen, statements_in

P = ParamSpec("P")
NOT_TYPED = {"csrfmiddlewaretoken", "as_read"}


def changes_a_draft(
    view: Callable[Concatenate[AuthedRequest, Questionnaire, P], HttpResponse],
) -> Callable[Concatenate[AuthedRequest, int, P], HttpResponse]:
    """Gate, require, and hold the draft still for the length of a POST.

    Where it was published meanwhile, what was typed is shown again, to be copied.
    """

    @wraps(view)
    @transaction.atomic
    def gated(request: AuthedRequest, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
        access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

        if request.method == "POST":
            try:
                draft = drafts.lock_draft(questionnaire)
            except EditionFrozenError as refusal:
                return show_typed(request, questionnaire, str(refusal))
            return view(request, draft, *args, **kwargs)
        if not questionnaire.is_draft:
            messages.error(request, frozen(questionnaire))
            return redirect(questionnaire)
        return view(request, questionnaire, *args, **kwargs)

    return cast("Callable[Concatenate[AuthedRequest, int, P], HttpResponse]", gated)


def show_typed(request: AuthedRequest, questionnaire: Questionnaire, why: str) -> HttpResponse:
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_TYPED and value
    ]
    return render(
        request,
        "selfassessment/questionnaire_frozen.html",
        {"questionnaire": questionnaire, "why": why, "typed": typed},
        status=HTTPStatus.CONFLICT,
    )


def status_of(form: DraftForm[Any]) -> HTTPStatus:
    if form.theirs:
        return HTTPStatus.CONFLICT
    return form_status(form)


@require_form_methods
@changes_a_draft
def details(request: AuthedRequest, draft: Questionnaire) -> HttpResponse:
    if request.method == "POST":
        form = DetailsForm(request.POST, instance=draft)
        if form.is_valid():
            form.save()
            drafts.note_change(subject=draft, by=request.user)
            messages.success(request, "Saved the details.")
            return redirect(draft)
    else:
        form = DetailsForm(instance=draft)
    return render(
        request,
        "selfassessment/questionnaire_details_form.html",
        {"questionnaire": draft, "form": form},
        status=status_of(form),
    )


@require_form_methods
@changes_a_draft
def scale(request: AuthedRequest, draft: Questionnaire) -> HttpResponse:
    levels = list(draft.levels.all())
    if request.method == "POST":
        formset = ScaleFormSet(request.POST, levels=levels)
        if formset.is_valid():
            drafts.set_scale(questionnaire=draft, scale=formset.scale, by=request.user)
            messages.success(request, "Saved the scale.")
            return redirect(draft)
        status = HTTPStatus.CONFLICT if formset.theirs else HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        formset, status = ScaleFormSet(levels=levels), HTTPStatus.OK
    return render(
        request,
        "selfassessment/scale_form.html",
        {"questionnaire": draft, "formset": formset},
        status=status,
    )


@require_form_methods
@changes_a_draft
def area_add(request: AuthedRequest, draft: Questionnaire) -> HttpResponse:
    return part_form(request, draft, AreaForm, Area(questionnaire=draft))


@require_form_methods
@changes_a_draft
def area(request: AuthedRequest, draft: Questionnaire, area_id: int) -> HttpResponse:
    found = get_object_or_404(draft.areas, pk=area_id)
    return part_form(request, draft, AreaForm, found)


@require_form_methods
@changes_a_draft
def section_add(request: AuthedRequest, draft: Questionnaire, area_id: int) -> HttpResponse:
    found = get_object_or_404(draft.areas, pk=area_id)
    code = f"{found.code}{found.sections.count() + 1}"
    return part_form(
        request, draft, SectionForm, Section(questionnaire=draft, area=found, code=code)
    )


@require_form_methods
@changes_a_draft
def section(request: AuthedRequest, draft: Questionnaire, section_id: int) -> HttpResponse:
    found = get_object_or_404(draft.sections.select_related("area"), pk=section_id)
    return part_form(request, draft, SectionForm, found)


@require_form_methods
@changes_a_draft
def statement_add(request: AuthedRequest, draft: Questionnaire, section_id: int) -> HttpResponse:
    found = get_object_or_404(draft.sections, pk=section_id)
    code = f"{found.code}.{found.statements.count() + 1}"
    return part_form(
        request,
        draft,
        StatementForm,
        Statement(questionnaire=draft, section=found, code=code),
    )


@require_form_methods
@changes_a_draft
def statement(request: AuthedRequest, draft: Questionnaire, statement_id: int) -> HttpResponse:
    found = get_object_or_404(draft.statements.select_related("section__area"), pk=statement_id)
    return part_form(request, draft, StatementForm, found)


def part_form(
    request: AuthedRequest,
    draft: Questionnaire,
    form_class: type[DraftForm[Any]],
    part: Part,
) -> HttpResponse:
    """Form, act, answer: the same for a new part and for one that is reworded."""
    kind, new = KINDS[type(part)], part.pk is None
    heading = f"Add {kind.an}" if new else f"Edit {kind.noun} {part.code}"
    if request.method == "POST":
        form = form_class(request.POST, instance=part)
        if form.is_valid():
            saved = form.save()
            drafts.note_change(subject=draft, by=request.user)
            messages.success(request, f"{'Added' if new else 'Saved'} {saved.code}.")
            return redirect(address(saved))
    else:
        form = form_class(instance=part)
    return render(
        request,
        "selfassessment/part_form.html",
        {
            "questionnaire": draft,
            "form": form,
            "heading": heading,
            "new": new,
            "back": draft.get_absolute_url() if new else address(part),
            "remove": "" if new else reverse("part_remove", args=[draft.pk, kind.noun, part.pk]),
        },
        status=status_of(form),
    )


@dataclass(frozen=True)
class Kind:
    """What a sort of part is called, in words and in addresses."""

    noun: str
    an: str


KINDS: dict[type[Part], Kind] = {
    Area: Kind("area", "an area"),
    Section: Kind("section", "a section"),
    Statement: Kind("statement", "a statement"),
}


def address(part: Part) -> str:
    """Where a part stands on the page of its questionnaire."""
    page = reverse("questionnaire", args=[part.questionnaire_id])
    return f"{page}#{KINDS[type(part)].noun}-{part.pk}"


def find_part(draft: Questionnaire, kind: str, pk: int) -> Part:
    match kind:
        case "area":
            return get_object_or_404(draft.areas, pk=pk)
        case "section":
            return get_object_or_404(draft.sections, pk=pk)
        case "statement":
            return get_object_or_404(draft.statements, pk=pk)
    raise Http404


@require_POST
@changes_a_draft
def move(request: AuthedRequest, draft: Questionnaire, kind: str, part_pk: int) -> HttpResponse:
    part = find_part(draft, kind, part_pk)
    drafts.move(part=part, up=request.POST.get("way") == "up", by=request.user)
    return redirect(address(part))


@require_form_methods
@changes_a_draft
def remove(request: AuthedRequest, draft: Questionnaire, kind: str, part_pk: int) -> HttpResponse:
    part = find_part(draft, kind, part_pk)
    inside = list(statements_in(part))
    seen = fingerprint(
        [str(part), *[(one.pk, str(one), one.guidance, one.plain_text) for one in inside]]
    )

    if request.method == "POST" and request.POST.get("as_read") == seen:
        name = str(part)
        drafts.remove(part=part, by=request.user)
        messages.success(request, f"Removed {name}.")
        return redirect(draft)
    return render(
        request,
        "selfassessment/part_remove.html",
        {
            "questionnaire": draft,
            "part": part,
            "inside": inside,
            "goes_with": not isinstance(part, Statement),
            "back": address(part),
            "as_read": seen,
            "changed": request.method == "POST",
        },
        status=HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK,
    )
