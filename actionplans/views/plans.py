"""A service's action plans: which there are, starting one, and the plan itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache

from actionplans import states
from actionplans.forms.plans import StartForm
from actionplans.models import ActionPlan
from actionplans.planning import plan_page, plan_ways, plans
from actionplans.states import Deed
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
                return redirect(onwards(form), plan.pk)
    else:
        form = StartForm(service=service)
    return render(
        request,
        "actionplans/plan_start.html",
        {"service": service, "form": form, "there_is": there_is},
        status=form_status(form),
    )


def onwards(form: StartForm) -> str:
    """Where a plan that was just started goes on: what it begins from is asked next."""
    if form.cleaned_data.get("carry"):
        return "plan_carry"
    return "plan_import" if form.cleaned_data["table"] else "plan"


@require_safe
@never_cache  # Back shows how it stands by now
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """The plan, by area or as `?by=` says, with what each may do with it."""
    plans_seen = ActionPlan.objects.visible_to(request.user).with_service().with_neighbours()
    plan = get_object_or_404(plans_seen, pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    by = request.GET.get("by", "")
    page = plan_page.read(plan, by if by in plan_ways.VIEWS else plan_ways.AREA, localdate())
    may = {deed.name.lower(): states.may(request.user, plan, deed) for deed in Deed}
    may["discard"] = may["discard"] and not plans.acted_on(plan)
    return render(
        request,
        "actionplans/plan_detail.html",
        {
            "plan": plan,
            "page": page,
            "may": may,
            "leads": access.can(request.user, Permission.PLAN_LEAD, plan.service),
        },
    )
