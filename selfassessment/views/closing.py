"""The end of a service's year, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods
from selfassessment.models import Audit, Stage
from selfassessment.talk import choosing, closing

REOPENED = {
    closing.Reopening.YEAR: "The year is open again. You can agree and choose again.",
    closing.Reopening.RATING: "People can rate again. The talk and the totals are hidden.",
    closing.Reopening.ALONE: "The ratings are open again. They can be changed now.",
}


@require_form_methods
def close(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_LEAD, audit.service)

    if request.method == "POST":
        try:
            closing.close_year(audit=audit, by=request.user)
        except closing.NotNowError as refusal:
            messages.error(request, str(refusal))
            return redirect(audit)
        messages.success(request, f"{audit.year_name} is closed. Here is what your service agreed.")
        return redirect("results", audit.pk)
    if audit.stage != Stage.TALK:
        return redirect(audit)
    options = choosing.read(audit, with_talk=False)
    return render(
        request,
        "selfassessment/audit_close.html",
        {
            "audit": audit,
            "agreed": audit.agreed_ratings.agreed().count(),
            "not_agreed": options.not_agreed,
            "open": options.open,
            "chosen": options.chosen,
            "fewest": choosing.FEWEST,
        },
    )


@require_form_methods
def reopen(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_REOPEN, audit.service)

    if request.method == "POST":
        try:
            done = closing.reopen(audit=audit, by=request.user)
        except closing.NotNowError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, REOPENED[done])
        return redirect(audit)
    what = closing.reopening(audit)
    if what is None:
        messages.error(request, closing.NOTHING_TO_OPEN)
        return redirect(audit)
    return render(request, "selfassessment/reopen_confirm.html", {"audit": audit, "what": what})
