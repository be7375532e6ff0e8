"""Questionnaires: which there are, reading and previewing one, and the steps in its life."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    require_form_methods,
    require_POST,
    require_safe,
)
from selfassessment.forms.questionnaires import ImportForm
from selfassessment.models import Questionnaire, Status
from selfassessment.questionnaires import editions
from selfassessment.questionnaires.drafts import EditionRefusedError, frozen
from selfassessment.rating.blocks import Block
from selfassessment.rating.places import find_place


@require_safe
def listing(request: AuthedRequest) -> HttpResponse:
    questionnaires = list(Questionnaire.objects.visible_to(request.user).with_counts())
    return render(
        request,
        "selfassessment/questionnaire_list.html",
        {
            "drafts": [one for one in questionnaires if one.status == Status.DRAFT],
            "in_use": [one for one in questionnaires if one.status == Status.PUBLISHED],
            "withdrawn": [one for one in questionnaires if one.status == Status.WITHDRAWN],
            "may_edit": access.can(request.user, Permission.QUESTIONNAIRE_EDIT),
        },
    )


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    visible = Questionnaire.objects.visible_to(request.user).with_counts().with_contents()
    questionnaire = get_object_or_404(visible.select_related("published_by", "based_on"), pk=pk)

    may_edit = access.can(request.user, Permission.QUESTIONNAIRE_EDIT)
    return render(
        request,
        "selfassessment/questionnaire_detail.html",
        {
            "questionnaire": questionnaire,
            "may_edit": may_edit,
            "may_change": may_edit and questionnaire.is_draft,
        },
    )


@require_safe
def preview(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    """One section as a respondent sees it. No address to save at is on the page."""
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    place = find_place(list(questionnaire.sections.select_related("area")), code)

    levels = list(questionnaire.levels.all())
    return render(
        request,
        "selfassessment/questionnaire_preview.html",
        {
            "questionnaire": questionnaire,
            "place": place,
            "levels": levels,
            "blocks": [
                Block(statement, levels) for statement in place.section.statements.in_order()
            ],
        },
    )


@require_form_methods
def bring_in(request: AuthedRequest) -> HttpResponse:
    """Import a file as a draft: wholly, or not at all with everything wrong in it listed."""
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                draft = editions.import_questionnaire(
                    name=form.cleaned_data["name"],
                    source=form.cleaned_data["source"],
                    scale=form.parsed.scale,
                    rows=form.parsed.statements,
                    by=request.user,
                )
            except EditionRefusedError as refusal:
                form.add_error("name", str(refusal))
            else:
                count = len(form.parsed.statements)
                messages.success(
                    request,
                    f"Imported {count} statements as a draft. Read it through, then publish it.",
                )
                return redirect(draft)
    else:
        form = ImportForm()
    return render(
        request,
        "selfassessment/questionnaire_import.html",
        {"form": form},
        status=form_status(form),
    )


@require_POST
def load_shipped(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    questionnaire = editions.load_shipped(by=request.user)
    messages.success(request, f"“{questionnaire}” is ready to read.")
    return redirect(questionnaire)


@require_form_methods
def publish(request: AuthedRequest, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(
        Questionnaire.objects.visible_to(request.user).with_counts(), pk=pk
    )
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    if request.method == "POST":
        try:
            editions.publish(questionnaire=questionnaire, by=request.user)
        except editions.EditionNotReadyError:
            pass  # the page below lists what is missing
        except EditionRefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect(questionnaire)
        else:
            messages.success(request, f"“{questionnaire}” is published and in use.")
            return redirect(questionnaire)
    elif not questionnaire.is_draft:
        messages.error(request, frozen(questionnaire))
        return redirect(questionnaire)
    return render(
        request,
        "selfassessment/questionnaire_publish.html",
        {
            "questionnaire": questionnaire,
            "reasons": editions.reasons_not_to_publish(questionnaire),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK,
    )


@require_form_methods
def withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    if request.method == "POST":
        try:
            editions.withdraw(questionnaire=questionnaire, by=request.user)
        except EditionRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{questionnaire}” is withdrawn from new use.")
        return redirect(questionnaire)
    return render(
        request, "selfassessment/questionnaire_withdraw.html", {"questionnaire": questionnaire}
    )


@require_POST
def bring_back(request: AuthedRequest, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    try:
        editions.bring_back(questionnaire=questionnaire, by=request.user)
    except EditionRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{questionnaire}” is in use again.")
    return redirect(questionnaire)


@require_POST
def new_edition(request: AuthedRequest, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    try:
        draft = editions.start_new_edition(questionnaire=questionnaire, by=request.user)
    except EditionRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(questionnaire)
    messages.success(request, f"Edition {draft.edition} begins as a copy. Change what you like.")
    return redirect(draft)


@require_form_methods
def delete(request: AuthedRequest, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(
        Questionnaire.objects.visible_to(request.user).with_counts(), pk=pk
    )
    access.require(request.user, Permission.QUESTIONNAIRE_EDIT)

    if request.method == "POST":
        try:
            editions.delete_draft(questionnaire=questionnaire, by=request.user)
        except EditionRefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect(questionnaire)
        messages.success(request, f"Deleted the draft of “{questionnaire}”.")
        return redirect("questionnaires")
    if not questionnaire.is_draft:
        messages.error(request, frozen(questionnaire))
        return redirect(questionnaire)
    return render(
        request, "selfassessment/questionnaire_delete.html", {"questionnaire": questionnaire}
    )
