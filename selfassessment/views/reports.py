"""The report: asked for, made by the worker while a page says how far it is, taken away."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.exports import attachment
from portal.http import AuthedRequest, is_htmx, require_form_methods, require_safe
from selfassessment import reports, results
from selfassessment.forms.reports import ReportForm
from selfassessment.models import Audit, Report, ReportState, Response

PDF_TYPE = "application/pdf"


@require_form_methods
def request_report(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    response = require_results(request, audit)

    with_comments = access.can(request.user, Permission.COMMENTS_VIEW, audit.service)
    if request.method == "POST":
        form = ReportForm(request.POST, may_have_comments=with_comments)
        if form.is_valid():
            report = reports.request_report(
                results=results.read(audit, response),
                with_comments=form.wants_comments,
                by=request.user,
            )
            return redirect("report", audit.pk, report.pk)
    else:
        form = ReportForm(may_have_comments=with_comments)
    return render(
        request,
        "selfassessment/report_form.html",
        {"audit": audit, "form": form, "reports": made(audit, with_comments=with_comments)},
    )


@require_safe
def detail(request: AuthedRequest, pk: int, report_id: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    require_results(request, audit)
    report = get_object_or_404(
        Report.objects.visible_to(request.user).light().filter(audit=audit), pk=report_id
    )
    require_comments(request, audit, report)

    template = "_report_progress.html" if is_htmx(request) else "report_detail.html"
    return render(
        request,
        f"selfassessment/{template}",
        {
            "audit": audit,
            "report": report,
            "steps": [(name, number < report.step) for number, name in enumerate(reports.STEPS)],
            "stalled": reports.is_stalled(report),
            "failed": report.state == ReportState.FAILED,
            "ready": report.state == ReportState.READY,
        },
    )


@require_safe
def download(request: AuthedRequest, pk: int, report_id: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    require_results(request, audit)
    report = get_object_or_404(
        Report.objects.visible_to(request.user).with_file().filter(audit=audit), pk=report_id
    )
    require_comments(request, audit, report)

    if report.pdf is None:
        return redirect("report", audit.pk, report.pk)
    name = f"{audit.service.slug} self-assessment report {audit.year_name.replace('/', '-')}"
    return attachment(bytes(report.pdf), PDF_TYPE, name, "pdf")


def require_results(request: AuthedRequest, audit: Audit) -> Response:
    """The response whose results this person may see now, or a refusal."""
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)
    response = results.whose(audit)
    if not results.may_see(request.user, response):
        raise PermissionDenied(results.LATER)
    return response


def require_comments(request: AuthedRequest, audit: Audit, report: Report) -> None:
    """A report with comments is for those who may read comments, whoever made it."""
    if report.with_comments:
        access.require(request.user, Permission.COMMENTS_VIEW, audit.service)


def made(audit: Audit, *, with_comments: bool) -> list[Report]:
    """The reports kept that this person may open, newest first."""
    ready = Report.objects.light().ready().filter(audit=audit).select_related("requested_by")
    return list(ready if with_comments else ready.without_comments())
