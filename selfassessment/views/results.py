"""Results: what the agreed ratings come to, on a page and as tables to take away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.exports import CSV_TYPE, XLSX_TYPE, attachment, csv_bytes, xlsx_bytes
from portal.http import AuthedRequest, require_form_methods, require_safe
from selfassessment import exports, results
from selfassessment.models import Audit, Stage
from selfassessment.talk import closing
from selfassessment.years import looking_back


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    with_comments = access.can(request.user, Permission.COMMENTS_VIEW, audit.service)
    leads = access.can(request.user, Permission.AUDIT_LEAD, audit.service)
    # What a whole team wrote has a page of its own: the talk.
    found = results.read(audit, with_comments=with_comments and audit.alone) or results.draft_for(
        request.user, audit
    )
    if found is None:
        return render(
            request,
            "selfassessment/results_later.html",
            {
                "audit": audit,
                "agreed": audit.agreed_ratings.agreed().count(),
                "asked": audit.statements().count(),
                "may_show": leads and audit.stage == Stage.TALK,
            },
        )
    return render(
        request,
        "selfassessment/results.html",
        {
            "audit": audit,
            "results": found,
            "past": [] if found.is_draft else looking_back.past_totals(audit.service),
            "may": {
                "talk": access.can(request.user, Permission.TALK_VIEW, audit.service),
                "lead": leads and audit.stage == Stage.TALK,
                "plan": access.can(request.user, Permission.PLAN_LEAD, audit.service),
            },
        },
    )


@require_form_methods
def totals_show(request: AuthedRequest, pk: int) -> HttpResponse:
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits.open(), pk=pk)
    access.require(request.user, Permission.AUDIT_LEAD, audit.service)

    if audit.totals_shown_at or audit.stage != Stage.TALK:
        return redirect("results", audit.pk)
    if request.method == "POST":
        try:
            closing.show_totals(audit=audit, by=request.user)
        except closing.NotNowError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Everybody in your service can see the totals now.")
        return redirect("results", audit.pk)
    left = audit.statements().count() - audit.agreed_ratings.agreed().count()
    return render(request, "selfassessment/totals_show.html", {"audit": audit, "left": left})


@require_safe
def ratings_csv(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    found = results.read(audit)
    if found is None:
        return redirect("results", audit.pk)
    table = exports.ratings_sheet(found)
    return attachment(csv_bytes(table), CSV_TYPE, exports.file_name(audit, "ratings"), "csv")


@require_safe
def ratings_xlsx(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    with_comments = access.can(request.user, Permission.COMMENTS_VIEW, audit.service)
    found = results.read(audit, with_comments=with_comments)
    if found is None:
        return redirect("results", audit.pk)
    tables = [
        exports.ratings_sheet(found),
        *([exports.comments_sheet(found)] if with_comments else []),
        exports.about_sheet(found),
    ]
    return attachment(xlsx_bytes(tables), XLSX_TYPE, exports.file_name(audit, "ratings"), "xlsx")
