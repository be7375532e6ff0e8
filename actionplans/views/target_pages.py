"""One target in time, its history, and whether a plan moved what it was about."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from actionplans.following import moved, target_history, target_page
from actionplans.models import ActionPlan, Target
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_safe


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(Target.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, target.plan.service)

    page = target_page.read(target, request.user, timezone.localdate())
    return render(request, "actionplans/target_detail.html", {"page": page, "target": target})


@require_safe
def history(request: AuthedRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(Target.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.HISTORY_VIEW, target.plan.service)

    lines = Paginator(target_history.read(target), target_history.PAGE)
    page = lines.get_page(request.GET.get("page"))
    return render(request, "actionplans/target_history.html", {"target": target, "page": page})


@require_safe
def plan_moved(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    return render(request, "actionplans/plan_moved.html", {"plan": plan, "moved": moved.read(plan)})
