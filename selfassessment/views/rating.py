"""Rating: one section a page, each statement saved by itself, then checked and handed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods, require_POST, require_safe
from selfassessment import actions
from selfassessment.blocks import Block
from selfassessment.forms.rating import RatingForm
from selfassessment.models import Audit, Rating, Response, Section, Statement
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
@never_cache  # Back shows what is saved by now
def section(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    mine = Response.objects.visible_to(request.user).with_audit()
    response = get_object_or_404(mine, audit=pk)
    place = find_place(list(response.audit.sections()), code)

    blocks = saved_blocks(response, place.section)
    if request.method == "POST":
        try:
            blocks = [save_one(request, response, block) for block in blocks]
        except actions.RatingsClosedError as refusal:
            messages.error(request, str(refusal))
            response.refresh_from_db()
            blocks = [refuse(request, block) for block in saved_blocks(response, place.section)]
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
        },
        status=outcome(blocks),
    )


@require_POST
def save(request: AuthedRequest, pk: int, code: str, statement_id: int) -> HttpResponse:
    """Save one statement, as the page's script asks: the answer is the line that says so."""
    mine = Response.objects.visible_to(request.user).with_audit()
    response = get_object_or_404(mine, audit=pk)
    audit = response.audit
    asked = audit.asked(Statement.objects.select_related("section"))
    statement = get_object_or_404(asked, questionnaire=audit.questionnaire_id, pk=statement_id)
    if statement.section.code != code:
        raise Http404

    block = Block(statement, list(audit.levels()), audit_id=pk)
    try:
        block = save_one(request, response, block)
    except actions.RatingsClosedError as refusal:
        return render(
            request,
            "selfassessment/_not_saved.html",
            {"block": block, "why": str(refusal)},
            status=HTTPStatus.CONFLICT,
        )
    # Only “use the other version” changes what the fieldset shows; a save never does.
    whole = request.POST.get(f"{block.id}-wish") == "theirs"
    name = "components/statement.html" if whole else "selfassessment/_saved.html"
    return render(request, name, {"s": block}, status=outcome([block]))


def find_place(sections: Sequence[Section], code: str) -> Place:
    """Where the section of this code stands among them, or 404."""
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


def saved_blocks(response: Response, section: Section) -> list[Block]:
    scale = list(response.audit.levels())
    statements = list(response.audit.asked(section.statements.all()))
    ratings = {r.statement_id: r for r in response.ratings.filter(statement__in=statements)}
    return [
        with_saved(
            Block(statement, scale, audit_id=response.audit_id, read_only=not response.is_open),
            ratings.get(statement.pk),
        )
        for statement in statements
    ]


def save_one(request: AuthedRequest, response: Response, block: Block) -> Block:
    """Save one statement as typed; the block that comes back says what became of it."""
    form = rating_form(request, block)
    wish = request.POST.get(f"{block.id}-wish", "")
    if wish == "theirs" or not form.is_whole:
        rating = response.ratings.filter(statement=block.statement).first()
        block = with_saved(block, rating)
        if wish == "theirs":
            return block
    # “Keep mine” decides against the version it was shown beside, and against no later one.
    read = form.number("beside" if wish == "mine" else "version")
    entry = form.entry(block.shown)
    if form.errors:
        return replace(block, form=form, shown=entry, version=read)
    if wish == "clear":
        entry = replace(entry, choice="", reason="")
    result = actions.save_rating(
        response=response,
        statement=block.statement,
        entry=entry,
        version=read,
        page=page_name(request),
        by=request.user,
    )
    if isinstance(result, actions.Clash):
        return replace(block, shown=entry, version=read, rating=result.theirs, clashing=result)
    return with_saved(block, result)


def with_saved(block: Block, rating: Rating | None) -> Block:
    return replace(
        block,
        shown=actions.Entry.of(rating),
        rating=rating,
        version=rating.version if rating else 0,
    )


def refuse(request: AuthedRequest, block: Block) -> Block:
    """Show beside what is saved what was typed and came too late."""
    typed = rating_form(request, block).entry(block.shown)
    return block if typed == block.shown else replace(block, refused=typed)


def rating_form(request: AuthedRequest, block: Block) -> RatingForm:
    values = [level.value for level in block.levels]
    return RatingForm(request.POST, statement=block.statement, values=values)


def page_name(request: AuthedRequest) -> str:
    """How the page's script names this load of it; blank without one, and where it is odd."""
    name = request.POST.get("page", "")
    return name if re.fullmatch(r"[\w.]{1,32}", name, re.ASCII) else ""


def outcome(blocks: list[Block]) -> HTTPStatus:
    if any(block.clashing or block.refused for block in blocks):
        return HTTPStatus.CONFLICT
    if any(block.form for block in blocks):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.OK


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
@never_cache
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
