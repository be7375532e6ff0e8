"""Priorities: three to five to act on this year, the rest parked with a reason."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods
from selfassessment.forms.priorities import ChoosingPage
from selfassessment.models import Audit, Stage
from selfassessment.talk import choosing, closing, priorities


@require_form_methods
@never_cache  # Back shows what is decided by now
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """For leads, while they talk, the page that decides; otherwise what was decided."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    if request.method == "POST":
        access.require(request.user, Permission.AUDIT_LEAD, audit.service)
        return decide(request, audit)
    leads = access.can(request.user, Permission.AUDIT_LEAD, audit.service)
    if leads and audit.stage == Stage.TALK:
        return show(request, ChoosingPage(choosing.read(audit, with_talk=True)))
    if audit.totals_shown_at is None:
        return redirect("results", audit.pk)
    return render(
        request,
        "selfassessment/priority_list.html",
        {
            "audit": audit,
            "choosing": choosing.read(audit, with_talk=False),
            "may_plan": access.can(request.user, Permission.PLAN_LEAD, audit.service),
        },
    )


def decide(request: AuthedRequest, audit: Audit) -> HttpResponse:
    page = ChoosingPage(choosing.read(audit, with_talk=True), request.POST)
    if not page.is_valid() or page.wants_a_nudge:
        return show(request, page)
    try:
        clash = priorities.decide(
            audit=audit,
            decisions=page.by_part(),
            read=request.POST.get("as_read", ""),
            by=request.user,
        )
    except closing.NotNowError as refusal:
        messages.error(request, str(refusal))
        return redirect(audit)
    if clash:
        now = ChoosingPage(choosing.read(audit, with_talk=True), request.POST)
        now.is_valid()
        return show(request, now, clashing=True)
    messages.success(request, "Saved.")
    return redirect("priorities", audit.pk)


def show(request: AuthedRequest, page: ChoosingPage, *, clashing: bool = False) -> HttpResponse:
    audit = page.choosing.audit
    refused = request.method == "POST"
    return render(
        request,
        "selfassessment/priority_form.html",
        {
            "audit": audit,
            "page": page,
            # Having seen both versions, the next save is meant; after an error it is as it was.
            "as_read": request.POST.get("as_read")
            if refused and not clashing
            else priorities.as_read(audit.priorities.decided()),
            "clashing": clashing,
            "nudge": refused and not clashing and page.wants_a_nudge,
        },
        status=HTTPStatus.CONFLICT
        if clashing
        else HTTPStatus.UNPROCESSABLE_ENTITY
        if refused
        else HTTPStatus.OK,
    )
