"""Writing a target: new, anew, or from what a self-assessment found."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from actionplans import suggestions, targets
from actionplans.forms.targets import Offered, TargetForm
from actionplans.models import ActionPlan, Target
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods
from selfassessment.models import Audit


@require_form_methods
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_EDIT, plan.service)

    offered = Offered.in_plan(plan)
    if request.method == "POST":
        form = TargetForm(request.POST, offered=offered)
        if form.is_valid():
            target = targets.add(plan=plan, content=form.content(), by=request.user)
            messages.success(request, f"Saved {target}.")
            return redirect(target)
    else:
        form = TargetForm(offered=offered, initial={"area": request.GET.get("area")})
    return render(
        request,
        "actionplans/target_form.html",
        {"plan": plan, "form": form},
        status=form_status(form),
    )


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    found = Target.objects.visible_to(request.user).with_plan()
    target = get_object_or_404(found, pk=pk)
    access.require(request.user, Permission.PLAN_EDIT, target.plan.service)

    offered = Offered.in_plan(target.plan)
    if request.method == "POST":
        read = target.version
        form = TargetForm(request.POST, offered=offered, instance=target)
        if form.is_valid():
            targets.save(target=target, content=form.content(), read=read, by=request.user)
            messages.success(request, f"Saved {target}.")
            return redirect(target)
    else:
        form = TargetForm(offered=offered, instance=target)
    return render(
        request,
        "actionplans/target_form.html",
        {"plan": target.plan, "target": target, "form": form},
        status=form_status(form),
    )


@require_form_methods
def make(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    """From a statement or section of a self-assessment: the second click saves it."""
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits, pk=pk)
    access.require(request.user, Permission.PLAN_EDIT, audit.service)

    suggestion = suggestions.read(audit, code)
    if suggestion is None:
        raise Http404
    plan = targets.plan_for(audit, timezone.localdate())
    offered = Offered(audit.service, plan, audit)
    if request.method == "POST":
        form = TargetForm(request.POST, offered=offered)
        if form.is_valid():
            target = targets.add_from(audit=audit, content=form.content(), by=request.user)
            messages.success(request, f"Saved {target}.")
            return redirect(target)
    else:
        example = suggestion.example(request.GET.get("example", ""))
        form = TargetForm(offered=offered, initial=suggestion.filled(example))
    return render(
        request,
        "actionplans/target_form.html",
        {"plan": plan, "suggestion": suggestion, "form": form},
        status=form_status(form),
    )
