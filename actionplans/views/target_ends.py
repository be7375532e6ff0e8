"""The end of a target: done, dropped, opened again, or taken out of a draft."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from actionplans import states
from actionplans.forms.target_ends import EndForm
from actionplans.models import Target
from actionplans.planning import targets
from actionplans.planning.targets import TargetEndedError, TargetGoneError, TargetKeptError
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST

REFUSALS = (PlanStateError, TargetEndedError, TargetGoneError, TargetKeptError)


def at_the_gate(request: AuthedRequest, pk: int) -> Target:
    """The target, for somebody who may write targets of its service."""
    found = Target.objects.visible_to(request.user).with_plan()
    target = get_object_or_404(found, pk=pk)
    access.require(request.user, Permission.PLAN_EDIT, target.plan.service)
    return target


@require_form_methods
def end(request: AuthedRequest, pk: int) -> HttpResponse:
    target = at_the_gate(request, pk)
    form = EndForm(request.POST if request.method == "POST" else None, initial=first_said(request))
    status, refusal = form_status(form), ""
    try:
        states.require(request.user, target.plan, Deed.WRITE)
        if form.is_valid():
            said = form.cleaned_data
            ended = targets.end(
                target=target,
                status=said["status"],
                on=said["ended_on"],
                reason=said["ended_reason"],
                by=request.user,
            )
            messages.success(request, f"{ended.reference} is {ended.get_status_display().lower()}.")
            return redirect(ended)
        targets.check_open(target)
    except REFUSALS as error:
        if request.method != "POST":
            messages.error(request, str(error))
            return redirect(target)
        status, refusal = HTTPStatus.CONFLICT, str(error)
    return render(
        request,
        "actionplans/target_end.html",
        {"target": target, "form": form, "refusal": refusal},
        status=status,
    )


def first_said(request: AuthedRequest) -> dict[str, object]:
    """What the page begins with: today, and what a link to it says became of the target."""
    return {"ended_on": timezone.localdate(), "status": request.GET.get("status", "")}


@require_POST
def reopen(request: AuthedRequest, pk: int) -> HttpResponse:
    target = at_the_gate(request, pk)
    try:
        states.require(request.user, target.plan, Deed.WRITE)
        targets.reopen(target=target, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{target.reference} is open again.")
    return redirect(target)


@require_form_methods
def remove(request: AuthedRequest, pk: int) -> HttpResponse:
    target = at_the_gate(request, pk)
    try:
        states.require(request.user, target.plan, Deed.WRITE)
        targets.check_removable(target)
        if request.method == "POST":
            targets.remove(target=target, by=request.user)
            messages.success(request, f"Removed {target}.")
            return redirect(target.plan)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(target.plan)
    return render(request, "actionplans/target_remove.html", {"target": target})
