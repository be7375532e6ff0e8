"""Rating: one section a page, each statement saved by itself, then checked and handed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods, require_POST, require_safe
from selfassessment import actions
from selfassessment.asking import joining
from selfassessment.forms.rating import RatingForm
from selfassessment.models import Audit, Rating, Section, Statement
from selfassessment.rating.blocks import Block
from selfassessment.rating.places import Place, find_place
from selfassessment.rating.ways import Way, signed_in
from selfassessment.years.last_year import Was, last_year

PARTED = "You have handed in. Nothing joins you to your ratings any more, so they cannot be shown."


@require_safe
@never_cache  # Back shows how far it is by now
def mine(request: AuthedRequest, pk: int) -> HttpResponse:
    """The task list of one's own response."""
    way = signed_in(request.user, pk)

    if way.is_parted:
        messages.success(request, PARTED)
        return redirect(way.audit)
    return render(
        request,
        "selfassessment/audit_detail.html",
        {
            "audit": way.audit,
            "response": way.response,
            "way": way,
            "progress": way.progress(),
        },
    )


@require_POST
def join(request: AuthedRequest, pk: int) -> HttpResponse:
    """Rate as well, though nobody asked."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_RATE, audit.service)

    try:
        joining.rate_as_well(audit=audit, by=request.user)
    except (
        actions.RatingsClosedError,
        joining.RatesAlreadyError,
        joining.NotToldError,
    ) as refusal:
        messages.error(request, str(refusal))
        return redirect(audit)
    messages.success(request, "You rate as well. Take it one section at a time.")
    return redirect("mine", audit.pk)


@require_form_methods
@never_cache  # Back shows what is saved by now
def section(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    return rate_section(request, signed_in(request.user, pk), code)


@require_POST
def save(request: AuthedRequest, pk: int, code: str, statement_id: int) -> HttpResponse:
    return rate_statement(request, signed_in(request.user, pk), code, statement_id)


@require_safe
@never_cache
def check(request: AuthedRequest, pk: int) -> HttpResponse:
    return check_ratings(request, signed_in(request.user, pk))


@require_POST
def hand_in(request: AuthedRequest, pk: int) -> HttpResponse:
    way = signed_in(request.user, pk)

    refused = refused_to_hand_in(request, way)
    if refused:
        return refused
    messages.success(request, PARTED if way.audit.is_anonymous else "Handed in. Thank you.")
    return redirect(way.audit)


# The same pages for both ways in


def rate_section(request: HttpRequest, way: Way, code: str) -> HttpResponse:
    """One section: shown, and saved whole where there is no script."""
    if way.is_parted and request.method != "POST":
        return redirect(way.home)
    place = find_place(list(way.response.sections()), code)

    blocks = saved_blocks(way, place.section)
    if request.method == "POST":
        try:
            blocks = [save_one(request, way, block) for block in blocks]
        except actions.RatingsClosedError as refusal:
            messages.error(request, str(refusal))
            way = way.by_now()
            blocks = [refuse(request, block) for block in saved_blocks(way, place.section)]
        if not any(block.unsaved for block in blocks):
            messages.success(request, f"Saved {place.section}.")
            return redirect(after_saving(request, way, place))
    return render(
        request,
        "selfassessment/section.html",
        {
            "audit": way.audit,
            "response": way.response,
            "way": way,
            "place": place,
            "blocks": blocks,
            "unsaved": [block for block in blocks if block.unsaved],
        },
        status=outcome(blocks),
    )


def rate_statement(request: HttpRequest, way: Way, code: str, statement_id: int) -> HttpResponse:
    """Save one statement, as the page's script asks: the answer is the line that says so."""
    audit = way.audit
    asked = way.response.asked(Statement.objects.select_related("section"))
    statement = get_object_or_404(asked, questionnaire=audit.questionnaire_id, pk=statement_id)
    if statement.section.code != code:
        raise Http404

    block = Block(
        statement,
        list(audit.levels()),
        save_url=way.save(statement),
        plain=way.response.speaks_for_family,
    )
    try:
        block = save_one(request, way, block)
    except actions.RatingsClosedError as refusal:
        return render(
            request,
            "selfassessment/_not_saved.html",
            {"block": block, "why": str(refusal)},
            status=HTTPStatus.CONFLICT,
        )
    # Only “use the other version” changes what the fieldset shows; a save never does.
    whole = request.POST.get(f"{block.id}-wish") == "theirs"
    if whole:
        block = replace(block, was=last_agreed(way, [statement]).get(statement.pk))
    name = "components/statement.html" if whole else "selfassessment/_saved.html"
    return render(request, name, {"s": block}, status=outcome([block]))


def check_ratings(request: HttpRequest, way: Way) -> HttpResponse:
    """What is left, before it is handed in."""
    if way.is_parted:
        return redirect(way.home)
    return render(
        request,
        "selfassessment/check.html",
        {
            "audit": way.audit,
            "response": way.response,
            "way": way,
            "progress": way.progress(),
        },
    )


def refused_to_hand_in(request: HttpRequest, way: Way) -> HttpResponse | None:
    """Hand in; where that cannot be, back to the check, which says why."""
    try:
        actions.hand_in(response=way.response, by=way.by)
    except (actions.NotReadyError, actions.RatingsClosedError) as refusal:
        messages.error(request, str(refusal))
        return redirect(way.check)
    return None


def saved_blocks(way: Way, section: Section) -> list[Block]:
    response = way.response
    scale = list(way.audit.levels())
    statements = list(response.asked(section.statements.all()))
    ratings = response.ratings_of(statements)
    was = last_agreed(way, statements)
    return [
        with_saved(
            Block(
                statement,
                scale,
                save_url=way.save(statement) if response.is_open else "",
                read_only=not response.is_open,
                plain=response.speaks_for_family,
                was=was.get(statement.pk),
            ),
            ratings.get(statement.pk),
        )
        for statement in statements
    ]


def last_agreed(way: Way, statements: Sequence[Statement]) -> dict[int, Was | None]:
    """What the service agreed of these last year: for its members, and not by a link."""
    if way.by is None or not access.can(way.by, Permission.RESULTS_VIEW, way.audit.service):
        return {}
    earlier = last_year(way.audit, statements)
    return {one.pk: earlier.of(one) for one in statements} if earlier else {}


def save_one(request: HttpRequest, way: Way, block: Block) -> Block:
    """Save one statement as typed; the block that comes back says what became of it."""
    form = rating_form(request, block)
    wish = request.POST.get(f"{block.id}-wish", "")
    if wish == "theirs" or not form.is_whole:
        ratings = way.response.ratings_of([block.statement])
        block = with_saved(block, ratings.get(block.statement.pk))
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
        response=way.response,
        statement=block.statement,
        entry=entry,
        version=read,
        page=page_name(request),
        by=way.by,
        via=way.via,
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


def refuse(request: HttpRequest, block: Block) -> Block:
    """Show beside what is saved what was typed and came too late."""
    typed = rating_form(request, block).entry(block.shown)
    return block if typed == block.shown else replace(block, refused=typed)


def rating_form(request: HttpRequest, block: Block) -> RatingForm:
    values = [level.value for level in block.levels]
    return RatingForm(request.POST, statement=block.statement, values=values)


def page_name(request: HttpRequest) -> str:
    """How the page's script names this load of it; blank without one, and where it is odd."""
    name = request.POST.get("page", "")
    return name if re.fullmatch(r"[\w.]{1,32}", name, re.ASCII) else ""


def outcome(blocks: list[Block]) -> HTTPStatus:
    if any(block.clashing or block.refused for block in blocks):
        return HTTPStatus.CONFLICT
    if any(block.form for block in blocks):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.OK


def after_saving(request: HttpRequest, way: Way, place: Place) -> str:
    """Where the button that was pressed leads."""
    go = request.POST.get("go")
    if go == "list":
        return way.home
    if go == "before" and place.before:
        return way.section(place.before)
    if go == "after":
        return way.section(place.after) if place.after else way.check
    return way.section(place.section)
