"""The meeting: the agenda on a projector, one statement at a time, agreed as the talk goes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods, require_safe
from selfassessment.models import Audit, Stage
from selfassessment.talk import agenda
from selfassessment.views import agreeing


@require_safe
@never_cache  # Back shows what is agreed by now
def listing(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)

    return render(
        request,
        "selfassessment/meeting.html",
        {
            "audit": audit,
            "agenda": agenda.read(audit),
            "is_open": audit.stage != Stage.RATING,
            "writes": audit.stage == Stage.TALK
            and access.can(request.user, Permission.AUDIT_LEAD, audit.service),
        },
    )


@require_form_methods
@never_cache
def statement(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    """One statement, large; the script saves it through `agree`, and a button saves it here."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)
    block = agreeing.blank(audit, agreeing.find(audit, code))

    if request.method == "POST":
        access.require(request.user, Permission.AUDIT_LEAD, audit.service)
        block = agreeing.save_one(request, block)
        found = agenda.read(audit)
        if not block.unsaved:
            messages.success(request, f"Saved {code}: {block.in_words}.")
            return redirect(agreeing.after_saving(request, found, code, "meeting_statement"))
    else:
        found, block = agenda.read(audit), agreeing.with_saved(block)
    return agreeing.page(request, "meeting_statement", found, block)
