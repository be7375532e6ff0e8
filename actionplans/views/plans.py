"""A service's action plans: which there are, starting one, and the plan itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from actionplans import plans
from actionplans.forms.plans import StartForm
from actionplans.models import ActionPlan
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from portal.models import MusicService


@require_safe
def listing(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PLAN_VIEW, service)

    visible = ActionPlan.objects.visible_to(request.user).for_service(service)
    return render(
        request,
        "actionplans/plan_list.html",
        {
            "service": service,
            "plans": visible.with_counts().newest_first(),
            "may_start": access.can(request.user, Permission.PLAN_LEAD, service),
            "may_edit": access.can(request.user, Permission.PLAN_EDIT, service),
        },
    )


@require_form_methods
def start(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PLAN_LEAD, service)

    there_is = None
    if request.method == "POST":
        form = StartForm(request.POST, service=service)
        if form.is_valid():
            try:
                plan = plans.start(service=service, by=request.user, **form.plan())
            except plans.PlanExistsError as refusal:
                form.add_error("period", str(refusal))
                there_is = refusal.plan
            else:
                messages.success(request, f"The plan for {plan.period} is started, as a draft.")
                return redirect(plan)
    else:
        form = StartForm(service=service)
    return render(
        request,
        "actionplans/plan_start.html",
        {"service": service, "form": form, "there_is": there_is},
        status=form_status(form),
    )


@require_safe
@never_cache  # Back shows how it stands by now
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    return render(
        request,
        "actionplans/plan_detail.html",
        {"plan": plan, "targets": plan.targets.with_parts().in_order()},
    )
