"""The report: asked for, made by the worker while a page says how far it is, taken away."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access, papers
from portal.access import Permission
from portal.exports import attachment
from portal.http import AuthedRequest, is_htmx, require_form_methods, require_safe
from selfassessment import exports, reports, results
from selfassessment.forms.reports import ReportForm
from selfassessment.models import Audit, Report

PDF_TYPE = "application/pdf"


@require_form_methods
def request_report(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)

    if audit.totals_shown_at is None:
        return redirect("results", audit.pk)
    with_comments = access.can(request.user, Permission.COMMENTS_VIEW, audit.service)
    if request.method == "POST":
        form = ReportForm(request.POST, may_have_comments=with_comments)
        if form.is_valid() and (found := results.read(audit, with_comments=form.wants_comments)):
            report = reports.request_report(
                results=found, with_comments=form.wants_comments, by=request.user
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
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)
    report = get_object_or_404(
        Report.objects.visible_to(request.user).reports().light().filter(audit=audit), pk=report_id
    )
    require_comments(request, audit, report)

    if audit.totals_shown_at is None:
        return redirect("results", audit.pk)
    name = "_report_progress" if is_htmx(request) else "report_detail"
    return how_far(request, audit, report, f"selfassessment/{name}.html")


def how_far(request: AuthedRequest, audit: Audit, report: Report, template: str) -> HttpResponse:
    """How far the worker is with a paper: nothing, where the page that asks knows as much."""
    far = papers.how_far(report, reports.STEPS)
    if far.is_known(request.GET.get("step")):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(
        request,
        template,
        {
            "audit": audit,
            "report": report,
            "steps": far.steps,
            "ready": far.ready,
            "failed": far.failed,
            "on_its_way": far.on_its_way,
            "is_fragment": is_htmx(request),
        },
    )


@require_safe
def download(request: AuthedRequest, pk: int, report_id: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.RESULTS_VIEW, audit.service)
    report = get_object_or_404(
        Report.objects.visible_to(request.user).reports().with_file().filter(audit=audit),
        pk=report_id,
    )
    require_comments(request, audit, report)

    if audit.totals_shown_at is None:
        return redirect("results", audit.pk)
    if report.pdf is None:
        return redirect("report", audit.pk, report.pk)
    name = exports.file_name(audit, "report")
    return attachment(bytes(report.pdf), PDF_TYPE, name, "pdf")


def require_comments(request: AuthedRequest, audit: Audit, report: Report) -> None:
    """A report with comments is for those who may read comments, whoever made it."""
    if report.with_comments is not False:
        access.require(request.user, Permission.COMMENTS_VIEW, audit.service)


def made(audit: Audit, *, with_comments: bool) -> list[Report]:
    """The reports kept that this person may open, newest first."""
    of_audit = Report.objects.reports().filter(audit=audit)
    ready = of_audit.light().ready().select_related("requested_by")
    return list(ready if with_comments else ready.without_comments())
