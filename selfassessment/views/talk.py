"""The talk: opening it, what was said statement by statement, and taking that away."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.exports import CSV_TYPE, XLSX_TYPE, attachment, csv_bytes, xlsx_bytes
from portal.http import AuthedRequest, other_terms, require_form_methods, require_safe
from selfassessment import exports
from selfassessment.forms.talk import TalkForm
from selfassessment.models import Audit, Stage
from selfassessment.talk import agreeing, spread, talk_exports, talking
from selfassessment.talk.spread import Closed
from selfassessment.talk.talk_items import items

SIZE = 10


@require_safe
@never_cache  # Back shows what is agreed by now
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)

    talk = spread.read(audit)
    leads = access.can(request.user, Permission.AUDIT_LEAD, audit.service)
    if isinstance(talk, Closed):
        return later(request, audit, talk.why, leads=leads)
    with_comments = access.can(request.user, Permission.COMMENTS_VIEW, audit.service)
    every = items(talk)
    form = TalkForm(request.GET, items=every, with_comments=with_comments)
    page = Paginator(form.chosen(), SIZE).get_page(request.GET.get("page"))
    agreed = {item.said.statement.pk for item in every if item.agreed}
    return render(
        request,
        "selfassessment/talk.html",
        {
            "audit": audit,
            "talk": talk,
            "form": form,
            "filtered": any(request.GET.get(name) for name in form.fields),
            "page": page,
            "size": SIZE,
            "following": min(SIZE, page.paginator.count - page.end_index()),
            "query": other_terms(request),
            "close": len(agreeing.close_together(talk, agreed)),
            "leads": leads and audit.stage == Stage.TALK,
            "with_comments": with_comments,
        },
    )


def later(request: AuthedRequest, audit: Audit, why: str, *, leads: bool) -> HttpResponse:
    """Why there is nothing to see yet, and how many are in: a number and no more."""
    handed_in = audit.responses.handed_in().count()
    context = {"audit": audit, "why": why, "handed_in": handed_in, "leads": leads}
    return render(request, "selfassessment/talk_later.html", context)


@require_form_methods
@never_cache
def open_talk(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_LEAD, audit.service)

    if request.method == "POST":
        try:
            talking.open_talk(audit=audit, by=request.user)
        except talking.TalkNotOpenedError as refusal:
            messages.error(request, str(refusal))
            return redirect(audit)
        messages.success(request, "The talk is open. Begin where views differ most.")
        return redirect("talk", audit.pk)
    if audit.stage != Stage.RATING:
        return redirect("talk", audit.pk)
    context = {"audit": audit, "ahead": talking.prospect(audit)}
    return render(request, "selfassessment/talk_open.html", context)


@require_safe
def as_csv(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)

    talk = spread.read(audit)
    if isinstance(talk, Closed):
        return redirect("talk", audit.pk)
    table = csv_bytes(talk_exports.counts_sheet(talk))
    return attachment(table, CSV_TYPE, exports.file_name(audit, "talk"), "csv")


@require_safe
def as_xlsx(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)

    talk = spread.read(audit)
    if isinstance(talk, Closed):
        return redirect("talk", audit.pk)
    tables = [talk_exports.counts_sheet(talk), talk_exports.about_sheet(talk)]
    if access.can(request.user, Permission.COMMENTS_VIEW, audit.service):
        tables.insert(1, talk_exports.comments_sheet(talk))
    return attachment(xlsx_bytes(tables), XLSX_TYPE, exports.file_name(audit, "talk"), "xlsx")
