"""The questionnaire as a workbook: taken away blank, or with one's own ratings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from portal import access
from portal.access import Permission
from portal.exports import XLSX_TYPE, attachment
from portal.http import AuthedRequest, require_safe
from selfassessment import exports
from selfassessment.models import Audit, Response
from selfassessment.sheets import workbook_out


@require_safe
def blank(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.AUDIT_VIEW, audit.service)

    content = workbook_out.workbook(audit, {})
    return attachment(content, XLSX_TYPE, exports.file_name(audit, "workbook"), "xlsx")


@require_safe
def mine(request: AuthedRequest, pk: int) -> HttpResponse:
    """One's own ratings, as long as they are one's own."""
    responses = Response.objects.visible_to(request.user)
    whole = responses.select_related("audit__service", "audit__questionnaire")
    response = get_object_or_404(whole, audit=pk)

    ratings = {rating.statement_id: rating for rating in response.ratings.all()}
    content = workbook_out.workbook(response.audit, ratings)
    name = exports.file_name(response.audit, "my workbook")
    return attachment(content, XLSX_TYPE, name, "xlsx")
