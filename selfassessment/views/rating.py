"""Rating: one section a page, each statement saved by itself, then checked and handed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods, require_POST, require_safe
from selfassessment import actions
from selfassessment.blocks import Block
from selfassessment.forms.rating import RatingForm
from selfassessment.models import Audit, Level, Response, Section, Statement
from selfassessment.progress import progress


@dataclass(frozen=True)
class Place:
    """Where in the questionnaire a section is."""

    section: Section
    number: int
    total: int
    before: Section | None
    after: Section | None


@require_form_methods
def section(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    mine = Response.objects.visible_to(request.user).with_audit()
    response = get_object_or_404(mine, audit=pk)
    place = find_place(response.audit, code)

    blocks = saved_blocks(response, place.section)
    if request.method == "POST":
        try:
            blocks = [save_one(request, response, block) for block in blocks]
        except actions.RatingsClosedError as refusal:
            messages.error(request, str(refusal))
            return redirect("section", pk, code)
        if not any(block.unsaved for block in blocks):
            messages.success(request, f"Saved {place.section}.")
            return redirect(after_saving(request, response.audit, place))
    return render(
        request,
        "selfassessment/section.html",
        {
            "audit": response.audit,
            "response": response,
            "place": place,
            "blocks": blocks,
            "unsaved": [block for block in blocks if block.unsaved],
            "page": request.POST.get("page") or secrets.token_urlsafe(12),
        },
        status=HTTPStatus.CONFLICT if any(block.unsaved for block in blocks) else HTTPStatus.OK,
    )


@require_POST
def save(request: AuthedRequest, pk: int, code: str, statement_id: int) -> HttpResponse:
    """Save one statement, as the page's script asks: the answer is the line that says so."""
    mine = Response.objects.visible_to(request.user).with_audit()
    response = get_object_or_404(mine, audit=pk)
    audit = response.audit
    here = Statement.objects.filter(questionnaire=audit.questionnaire_id, section__code=code)
    statement = get_object_or_404(audit.asked(here).select_related("section"), pk=statement_id)

    block = Block(statement, levels(audit), audit_id=pk)
    try:
        block = save_one(request, response, block)
    except actions.RatingsClosedError as refusal:
        return render(
            request,
            "selfassessment/_not_saved.html",
            {"block": block, "why": str(refusal)},
            status=HTTPStatus.CONFLICT,
        )
    if block.form:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.CONFLICT if block.clashing else HTTPStatus.OK
    # A decision (mine, theirs, clear) changes what the fieldset shows; a plain save never does.
    whole = f"{block.id}-wish" in request.POST
    name = "components/statement.html" if whole else "selfassessment/_saved.html"
    return render(request, name, {"s": block}, status=status)


def find_place(audit: Audit, code: str) -> Place:
    sections = list(audit.sections())
    at = next((n for n, part in enumerate(sections) if part.code == code), None)
    if at is None:
        raise Http404
    before, after = sections[:at], sections[at + 1 :]
    return Place(
        sections[at],
        at + 1,
        len(sections),
        before[-1] if before else None,
        after[0] if after else None,
    )


def levels(audit: Audit) -> list[Level]:
    return list(Level.objects.filter(questionnaire=audit.questionnaire_id))


def saved_blocks(response: Response, section: Section) -> list[Block]:
    scale = levels(response.audit)
    statements = list(response.audit.asked(section.statements.all()))
    ratings = {r.statement_id: r for r in response.ratings.filter(statement__in=statements)}
    return [
        Block(
            statement,
            scale,
            actions.Entry.of(ratings.get(statement.pk)),
            ratings.get(statement.pk),
            audit_id=response.audit_id,
            read_only=not response.is_open,
        )
        for statement in statements
    ]


def save_one(request: AuthedRequest, response: Response, block: Block) -> Block:
    """Save one statement as typed; the block that comes back says what became of it."""
    wish = request.POST.get(f"{block.id}-wish", "")
    if wish == "theirs":
        rating = response.ratings.filter(statement=block.statement).first()
        return replace(block, shown=actions.Entry.of(rating), rating=rating)
    values = [level.value for level in block.levels]
    form = RatingForm(request.POST, statement=block.statement, values=values)
    if not form.is_valid():
        return replace(block, form=form, shown=form.typed)
    entry = replace(form.entry, choice="", reason="") if wish == "clear" else form.entry
    # “Keep mine” decides against the version it was shown beside, and against no later one.
    beside = request.POST.get(f"{block.id}-beside", "") if wish == "mine" else ""
    result = actions.save_rating(
        response=response,
        statement=block.statement,
        entry=entry,
        version=int(beside) if beside.isdecimal() else form.version_read,
        page=request.POST.get("page", "")[:32],
        by=request.user,
    )
    if isinstance(result, actions.Clash):
        return replace(block, shown=entry, rating=result.theirs, clashing=result)
    return replace(block, shown=entry, rating=result)


def after_saving(request: AuthedRequest, audit: Audit, place: Place) -> str:
    """Where the button that was pressed leads."""
    go = request.POST.get("go")
    if go == "list":
        return reverse("audit", args=[audit.pk])
    if go == "before" and place.before:
        return reverse("section", args=[audit.pk, place.before.code])
    if go == "after":
        if place.after:
            return reverse("section", args=[audit.pk, place.after.code])
        return reverse("check", args=[audit.pk])
    return reverse("section", args=[audit.pk, place.section.code])


@require_safe
def check(request: AuthedRequest, pk: int) -> HttpResponse:
    mine = Response.objects.visible_to(request.user).with_audit()
    response = get_object_or_404(mine, audit=pk)

    ratings = {rating.statement_id: rating for rating in response.ratings.all()}
    return render(
        request,
        "selfassessment/check.html",
        {
            "audit": response.audit,
            "response": response,
            "progress": progress(response.audit.statements(), ratings),
        },
    )


@require_POST
def hand_in(request: AuthedRequest, pk: int) -> HttpResponse:
    mine = Response.objects.visible_to(request.user).with_audit()
    response = get_object_or_404(mine, audit=pk)

    try:
        actions.hand_in(response=response, by=request.user)
    except (actions.NotReadyError, actions.RatingsClosedError) as refusal:
        messages.error(request, str(refusal))
        return redirect("check", pk)
    messages.success(request, "Handed in. Here is what your ratings come to.")
    return redirect("results", pk)


@require_form_methods
def reopen(request: AuthedRequest, pk: int) -> HttpResponse:
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits, pk=pk)
    access.require(request.user, Permission.AUDIT_REOPEN, audit.service)

    if request.method == "POST":
        try:
            actions.reopen(audit=audit, by=request.user)
        except actions.RatingsClosedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The ratings are open again. They can be changed now.")
        return redirect(audit)
    return render(request, "selfassessment/reopen_confirm.html", {"audit": audit})
