"""A plan as tables, for everybody who may read it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from actionplans import exports
from actionplans.models import ActionPlan
from portal import access
from portal.access import Permission
from portal.exports import CSV_TYPE, XLSX_TYPE, attachment, csv_bytes, xlsx_bytes
from portal.http import AuthedRequest, require_safe


@require_safe
def plan_csv(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    table = csv_bytes(exports.targets_sheet(exports.read(plan)))
    return attachment(table, CSV_TYPE, exports.file_name(plan), "csv")


@require_safe
def plan_xlsx(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    tables = xlsx_bytes(exports.sheets(plan))
    return attachment(tables, XLSX_TYPE, exports.file_name(plan), "xlsx")
