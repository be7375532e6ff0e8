"""Going through what the last plan left unfinished, and what changed since this one's approval."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actionplans import states
from actionplans.forms.carrying import CarryPage
from actionplans.models import ActionPlan
from actionplans.planning import carrying, plan_page
from actionplans.planning.changing import changes_of
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods, require_safe


@require_form_methods
def carry(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_LEAD, plan.service)

    last = carrying.last_plan(plan)
    if request.method == "POST" and last:
        return decide(request, plan, last)
    try:
        states.check(plan, Deed.WRITE)
    except PlanStateError as refusal:
        messages.error(request, str(refusal))
        return redirect(plan)
    waiting = carrying.undecided(plan, last.pk).with_parts() if last else []
    return show(request, plan, last, CarryPage(waiting, plan))


def decide(request: AuthedRequest, plan: ActionPlan, last: ActionPlan) -> HttpResponse:
    """Take what was posted of each; somebody may have decided some of them meanwhile."""
    posted = [
        target
        for target in last.targets.with_parts().in_order()
        if f"t{target.pk}-decision" in request.POST
    ]
    page = CarryPage(posted, plan, request.POST)
    if page.total_error_count:
        return show(request, plan, last, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    choices = page.choices()
    try:
        outcome = carrying.carry_forward(plan=plan, choices=choices, by=request.user)
    except PlanStateError as refusal:
        messages.error(request, str(refusal))
        return show(request, plan, last, page, HTTPStatus.CONFLICT)
    if outcome.carried or outcome.left:
        messages.success(request, in_words(outcome))
    for choice in choices:
        if choice.target in outcome.missed:
            typed = f" You had written: “{choice.reason}”" if choice.reason else ""
            said = f"“{choice.target.title}” was decided or ended meanwhile, and stays as it is."
            messages.warning(request, said + typed)
    return redirect(plan)


def in_words(outcome: carrying.Outcome) -> str:
    parts = [
        f"{what}: {', '.join(f'“{one.title}”' for one in targets)}."
        for what, targets in (("Carried forward", outcome.carried), ("Left", outcome.left))
        if targets
    ]
    return " ".join(parts)


def show(
    request: AuthedRequest,
    plan: ActionPlan,
    last: ActionPlan | None,
    page: CarryPage,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "actionplans/plan_carry.html",
        {"plan": plan, "last": last, "page": page},
        status=status,
    )


@require_safe
def changes(request: AuthedRequest, pk: int) -> HttpResponse:
    """What was approved beside what it is now."""
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    return render(
        request,
        "actionplans/plan_changes.html",
        {"plan": plan, "changes": changes_of(plan), "state": plan_page.state(plan)},
    )
