"""The moves of a plan, each asked on a page of its own: to the group, the board, and on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actionplans import states
from actionplans.forms.plans import ApproveForm, CloseForm
from actionplans.models import ActionPlan
from actionplans.planning import plans
from actionplans.states import Deed, PlanStateError
from portal.http import AuthedRequest, form_status, require_form_methods


@dataclass(frozen=True)
class Move:
    """A move that asks nothing but whether it is meant."""

    deed: Deed
    act: Callable[..., None]
    title: str
    text: str
    button: str
    done: str


SHARE = Move(
    Deed.SHARE,
    plans.share,
    "Take the plan to the ED&I group?",
    "Its members can read the plan now. From then on they can also write targets, as you do, until "
    "you take it back or record its approval.",
    "Take it to the group",
    "The plan is with the ED&I group. Its members can write targets now.",
)
BEGIN = Move(
    Deed.BEGIN,
    plans.begin,
    "Begin the plan?",
    "From then on its targets are reviewed each term, and the plan ends when you close it. "
    "The approval can no longer be taken back.",
    "Begin the plan",
    "The plan is under way.",
)
REOPEN = Move(
    Deed.REOPEN,
    plans.reopen,
    "Open the plan again?",
    "It is under way again: notes can be written, and targets changed. What was said when it was "
    "closed is kept for when you close it next.",
    "Open it again",
    "The plan is under way again.",
)
TAKE_BACK = Move(
    Deed.TAKE_BACK,
    plans.take_back,
    "Take the plan back?",
    "It is a draft again, and only its leads write targets in it.",
    "Take it back",
    "The plan is a draft again.",
)
UNDO_APPROVAL = (
    "It is a draft again, and the record of its approval is undone. Your board does not see a "
    "draft. The wording of each target is kept anew when you record the next approval."
)


def asked(request: AuthedRequest, pk: int) -> ActionPlan:
    return get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)


def make(request: AuthedRequest, pk: int, move: Move, **told: Any) -> HttpResponse:
    """Ask on GET, act on POST; refused, say why on the page of the plan."""
    plan = asked(request, pk)
    try:
        states.require(request.user, plan, move.deed)
        if request.method != "POST":
            return ask(request, plan, move)
        move.act(plan=plan, by=request.user, **told)
    except (PlanStateError, plans.PlanChangedError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, move.done)
    return redirect(plan)


def ask(request: AuthedRequest, plan: ActionPlan, move: Move) -> HttpResponse:
    undoes = move is TAKE_BACK and plan.is_approved
    text = UNDO_APPROVAL if undoes else move.text
    return render(request, "actionplans/plan_move.html", {"plan": plan, "move": move, "text": text})


@require_form_methods
def share(request: AuthedRequest, pk: int) -> HttpResponse:
    return make(request, pk, SHARE)


@require_form_methods
def begin(request: AuthedRequest, pk: int) -> HttpResponse:
    return make(request, pk, BEGIN)


@require_form_methods
def reopen(request: AuthedRequest, pk: int) -> HttpResponse:
    return make(request, pk, REOPEN)


@require_form_methods
def take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    told = {"seen": request.POST.get("seen", "")} if request.method == "POST" else {}
    return make(request, pk, TAKE_BACK, **told)


@require_form_methods
def approve(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = asked(request, pk)
    form = ApproveForm(request.POST) if request.method == "POST" else ApproveForm()
    status, refused = form_status(form), None
    try:
        states.require(request.user, plan, Deed.APPROVE)
        if form.is_bound and form.is_valid():
            read = request.POST.get("read", "")
            plans.approve(plan=plan, read=read, by=request.user, **form.cleaned_data)
            messages.success(request, "The approval is recorded. The wording is kept as it is now.")
            return redirect(plan)
    except (PlanStateError, plans.EmptyPlanError, plans.PlanChangedError) as refusal:
        if not form.is_bound:
            messages.error(request, str(refusal))
            return redirect(plan)
        form.is_valid()
        form.add_error(None, str(refusal))
        status, refused = HTTPStatus.CONFLICT, refusal
    targets = list(plan.targets.in_order())
    # Seen again as they are now; an ordinary error in the form is no new look at them.
    seen_anew = isinstance(refused, plans.PlanChangedError) or not form.is_bound
    return render(
        request,
        "actionplans/plan_approve.html",
        {
            "plan": plan,
            "form": form,
            "targets": targets,
            "read": plans.as_read(targets) if seen_anew else request.POST.get("read", ""),
            "changed": getattr(refused, "changed", frozenset()),
        },
        status=status,
    )


@require_form_methods
def close(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = asked(request, pk)
    said = {"said": plan.closing_said}
    form = CloseForm(request.POST) if request.method == "POST" else CloseForm(initial=said)
    status = form_status(form)
    try:
        states.require(request.user, plan, Deed.CLOSE)
        if form.is_bound and form.is_valid():
            plans.close(plan=plan, by=request.user, **form.cleaned_data)
            messages.success(request, f"The plan for {plan.period} is closed.")
            return redirect(plan)
    except PlanStateError as refusal:
        if not kept(form, refusal):
            messages.error(request, str(refusal))
            return redirect(plan)
        status = HTTPStatus.CONFLICT
    return render(
        request,
        "actionplans/plan_close.html",
        {"plan": plan, "form": form, "unfinished": plan.targets.open().in_order()},
        status=status,
    )


def kept(form: forms.Form, refusal: Exception) -> bool:
    """Put a refusal into the form that came too late, so that it comes back with its text."""
    if not form.is_bound:
        return False
    form.is_valid()
    form.add_error(None, str(refusal))
    return True


@require_form_methods
def discard(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = asked(request, pk)
    try:
        states.require(request.user, plan, Deed.DISCARD)
        plans.check_discardable(plan)
        if request.method == "POST":
            plans.discard(plan=plan, read=request.POST.get("read", ""), by=request.user)
            messages.success(request, f"The plan for {plan.period} is discarded.")
            return redirect("plans", plan.service.slug)
    except (PlanStateError, plans.PlanChangedError) as refusal:
        messages.error(request, str(refusal))
        return redirect(plan)
    targets = list(plan.targets.in_order())
    return render(
        request,
        "actionplans/plan_discard.html",
        {"plan": plan, "targets": targets, "read": plans.as_read(targets)},
    )
