"""The handout: asked for, made by the worker while a page says how far it is, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.exports import attachment
from portal.http import AuthedRequest, is_htmx, require_form_methods, require_safe
from selfassessment import exports
from selfassessment.models import Audit, Report, Stage
from selfassessment.talk import agenda, handouts
from selfassessment.views.reports import PDF_TYPE, how_far

NOT_OPEN = "The talk is not open, so there is no handout of it."


@require_form_methods
def handout(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)

    is_open = audit.stage != Stage.RATING
    if request.method == "POST":
        if not is_open:
            messages.error(request, NOT_OPEN)
            return redirect(audit)
        made = handouts.request_handout(audit=audit, found=agenda.read(audit), by=request.user)
        return redirect("handout_made", audit.pk, made.pk)
    return render(request, "selfassessment/handout.html", {"audit": audit, "is_open": is_open})


@require_safe
def made(request: AuthedRequest, pk: int, report_id: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)
    of_audit = Report.objects.visible_to(request.user).handouts().light().filter(audit=audit)
    found = get_object_or_404(of_audit, pk=report_id)

    if audit.stage == Stage.RATING:
        return redirect("handout", audit.pk)
    name = "_handout_progress" if is_htmx(request) else "handout_made"
    return how_far(request, audit, found, f"selfassessment/{name}.html")


@require_safe
def download(request: AuthedRequest, pk: int, report_id: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.TALK_VIEW, audit.service)
    of_audit = Report.objects.visible_to(request.user).handouts().with_file().filter(audit=audit)
    found = get_object_or_404(of_audit, pk=report_id)

    if audit.stage == Stage.RATING:
        return redirect("handout", audit.pk)
    if found.pdf is None:
        return redirect("handout_made", audit.pk, found.pk)
    return attachment(bytes(found.pdf), PDF_TYPE, exports.file_name(audit, "handout"), "pdf")
