"""Results: what the ratings come to, on a page and as tables to take away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.exports import CSV_TYPE, XLSX_TYPE, attachment, csv_bytes, xlsx_bytes
from portal.http import AuthedRequest, require_safe
from selfassessment import exports, results
from selfassessment.models import Audit


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    found = results.read_for(request.user, audit)
    if found is None:
        return render(request, "selfassessment/results_later.html", {"audit": audit})
    return render(
        request,
        "selfassessment/results.html",
        {
            "audit": audit,
            "results": found,
            "mine": found.response.respondent is not None
            and found.response.respondent.user_id == request.user.pk,
            "with_comments": access.can(request.user, Permission.COMMENTS_VIEW, audit.service),
        },
    )


@require_safe
def ratings_csv(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    found = results.read_for(request.user, audit)
    if found is None:
        return redirect("results", audit.pk)
    with_comments = access.can(request.user, Permission.COMMENTS_VIEW, audit.service)
    table = exports.ratings_sheet(found, with_comments=with_comments)
    return attachment(csv_bytes(table), CSV_TYPE, exports.file_name(audit, "ratings"), "csv")


@require_safe
def ratings_xlsx(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    found = results.read_for(request.user, audit)
    if found is None:
        return redirect("results", audit.pk)
    with_comments = access.can(request.user, Permission.COMMENTS_VIEW, audit.service)
    tables = [
        exports.ratings_sheet(found, with_comments=with_comments),
        exports.about_sheet(found),
    ]
    return attachment(xlsx_bytes(tables), XLSX_TYPE, exports.file_name(audit, "ratings"), "xlsx")
