"""Agreeing: one statement, many in one go, or all of them where one person rates alone."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, is_htmx, require_form_methods
from selfassessment.forms.agreeing import AgreeForm, BulkForm
from selfassessment.models import AgreedRating, Audit, Stage, Statement
from selfassessment.talk import agenda, agreeing, closing
from selfassessment.talk.agenda import Agenda, Place
from selfassessment.talk.agreed_blocks import AgreedBlock
from selfassessment.talk.agreeing import Agreement
from selfassessment.talk.spread import figures
from selfassessment.views.rating import page_name
from selfassessment.years.last_year import last_year


@require_form_methods
@never_cache  # Back shows what is agreed by now
def agree(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    """One statement: what people said of it, and what the service says."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)
    statement = find(audit, code)

    if request.method == "POST":
        access.require(request.user, Permission.AUDIT_LEAD, audit.service)
        block = save_one(request, blank(audit, statement))
        if is_htmx(request):
            return saved(request, audit, block)
        if not block.unsaved:
            messages.success(request, f"Saved {code}: {block.in_words}.")
            return redirect(after_saving(request, agenda.read(audit), code, "agree"))
        return page(request, "agree", agenda.read(audit), block)
    return page(request, "agree", agenda.read(audit), with_saved(blank(audit, statement)))


def find(audit: Audit, code: str) -> Statement:
    """The statement of this code among those the audit asks, or 404."""
    return get_object_or_404(audit.statements(), code=code)


def blank(audit: Audit, statement: Statement) -> AgreedBlock:
    """The statement with its scale, and last year's word on it as the ghost."""
    earlier = last_year(audit, [statement])
    was = earlier.of(statement) if earlier else None
    return AgreedBlock(audit, statement, list(audit.levels()), was)


def with_saved(block: AgreedBlock) -> AgreedBlock:
    of_statement = block.audit.agreed_ratings.filter(statement=block.statement)
    return showing(block, of_statement.select_related("agreed_by").first())


def showing(block: AgreedBlock, agreed: AgreedRating | None) -> AgreedBlock:
    version = agreed.version if agreed else 0
    return replace(block, shown=Agreement.of(agreed), agreed=agreed, version=version)


def save_one(request: AuthedRequest, block: AgreedBlock) -> AgreedBlock:
    """Save one statement as typed; the block that comes back says what became of it."""
    form = AgreeForm(
        request.POST, statement=block.statement, values=[level.value for level in block.levels]
    )
    form.full_clean()
    wish = request.POST.get(f"{block.id}-wish", "")
    block = with_saved(block)
    if wish == "theirs":
        return block
    # “Keep mine” decides against the version it was shown beside, and against no later one.
    read = form.number("beside" if wish == "mine" else "version")
    entry = Agreement() if wish == "clear" else form.entry(block.shown)
    if block.audit.stage != Stage.TALK:
        return replace(block, refused=entry)
    if form.errors and wish != "clear":
        return replace(block, form=form, shown=entry, version=read)
    try:
        result = agreeing.agree(
            audit=block.audit,
            statement=block.statement,
            entry=entry,
            version=read,
            page=page_name(request),
            by=request.user,
        )
    except closing.NotTalkingError:  # closed since this request began
        block.audit.refresh_from_db()
        return replace(block, refused=entry)
    if isinstance(result, agreeing.Clash):
        return replace(block, shown=entry, version=read, agreed=result.theirs, clashing=result)
    return showing(block, result)


def saved(request: HttpRequest, audit: Audit, block: AgreedBlock) -> HttpResponse:
    """What the page's script is told: the line that says what became of a save."""
    if block.refused:
        why = closing.NotTalkingError(audit.stage)
        context = {"block": block, "why": str(why)}
        return render(request, "selfassessment/_not_saved.html", context, status=outcome(block))
    # Only “use the other version” changes what the fieldset shows; a save never does.
    if request.POST.get(f"{block.id}-wish") == "theirs":
        return render(request, "selfassessment/_agree_fields.html", {"s": block})
    context = {
        "s": block,
        "agreed": audit.agreed_ratings.agreed().count(),
        "total": audit.statements().count(),
    }
    return render(request, "selfassessment/_agreed.html", context, status=outcome(block))


def outcome(block: AgreedBlock) -> HTTPStatus:
    if block.clashing or block.refused:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if block.form else HTTPStatus.OK


def page(request: AuthedRequest, name: str, found: Agenda, block: AgreedBlock) -> HttpResponse:
    """A page with one statement, by itself or in the meeting."""
    audit = found.audit
    leads = access.can(request.user, Permission.AUDIT_LEAD, audit.service)
    return render(
        request,
        f"selfassessment/{name}.html",
        {
            "audit": audit,
            "agenda": found,
            "place": place_of(found, block.code),
            "s": block,
            "leads": leads,
            "writes": leads and audit.stage == Stage.TALK,
        },
        status=outcome(block),
    )


def place_of(found: Agenda, code: str) -> Place:
    place = found.place(code)
    if place is None:
        raise Http404
    return place


def after_saving(request: HttpRequest, found: Agenda, code: str, route: str) -> str:
    """Where the button that was pressed leads: on along the agenda, back, to the list, or here."""
    place = place_of(found, code)
    go = request.POST.get("go")
    if go == "list":
        return reverse("meeting" if route == "meeting_statement" else "talk", args=[found.audit.pk])
    item = {"before": place.before, "after": place.after}.get(go or "") or place.item
    return reverse(route, args=[found.audit.pk, item.statement.code])


@require_form_methods
@never_cache
def bulk(request: AuthedRequest, pk: int) -> HttpResponse:
    """The statements on which views are close: shown first, then agreed in one go."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_LEAD, audit.service)

    form = BulkForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            done = agreeing.agree_in_bulk(audit=audit, shown=form.shown, by=request.user)
        except closing.NotTalkingError as refusal:
            messages.error(request, str(refusal))
            return redirect(audit)
        if done.agreed:
            messages.success(request, f"Agreed {counted(len(done.agreed))}.")
        if done.left_alone:
            each = "; ".join(f"{one.statement.code} {one.why}" for one in done.left_alone)
            messages.warning(request, f"Left as they are: {each}.")
        return redirect("meeting", audit.pk)
    found = agenda.read(audit)
    agreed = {item.statement.pk for item in found.done}
    close = agreeing.close_together(found.talk, agreed) if found.talk else []
    return render(
        request,
        "selfassessment/agree_bulk.html",
        {
            "audit": audit,
            "agenda": found,
            "close": [(one, found.names[one.middle], figures(one)) for one in close],
            "form": form,
        },
        status=form_status(form) if form else HTTPStatus.OK,
    )


def counted(number: int) -> str:
    return f"{number} statement{'' if number == 1 else 's'}"


@require_form_methods
@never_cache
def alone(request: AuthedRequest, pk: int) -> HttpResponse:
    """One person's own ratings, offered as the service's, where nobody else was asked."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_LEAD, audit.service)

    if request.method == "POST":
        try:
            count = agreeing.agree_alone(audit=audit, by=request.user)
        except agreeing.NotAloneError as refusal:
            messages.error(request, str(refusal))
            return redirect(audit)
        messages.success(request, f"Agreed {counted(count)}. Here is what they come to.")
        return redirect("results", audit.pk)
    response = agreeing.own_alone(request.user, audit) if audit.stage == Stage.RATING else None
    words = agreeing.words_of(response) if response else {}
    levels = list(audit.levels())
    blocks = [
        AgreedBlock(audit, statement, levels, shown=words.get(statement.pk, Agreement()))
        for statement in audit.statements()
    ]
    return render(
        request,
        "selfassessment/agree_alone.html",
        {
            "audit": audit,
            "response": response,
            "taken": [block for block in blocks if block.shown.choice],
            "open": [block for block in blocks if not block.shown.choice],
        },
    )
