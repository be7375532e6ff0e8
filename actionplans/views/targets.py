"""Writing a target: new, anew, or from what a self-assessment found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from actionplans import smart, states
from actionplans.forms.target_page import MORE, TargetPage, drafted
from actionplans.forms.targets import Offered
from actionplans.models import ActionPlan, Target
from actionplans.planning import suggestions, targets
from actionplans.planning.plans import PlanExistsError
from actionplans.planning.suggestions import Suggestion
from actionplans.planning.targets import WRITTEN_BESIDE, Content, TargetGoneError
from actionplans.smart import Draft
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods, require_POST
from portal.models import MusicService
from selfassessment.models import Audit

Save = Callable[[Content], Target]
REFUSALS = (PlanStateError, PlanExistsError, TargetGoneError)
LONGEST_KEY = 18  # digits; more are no key of ours


@require_form_methods
@never_cache  # Back shows what is saved by now
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_EDIT, plan.service)

    offered = Offered.in_plan(plan)
    if request.method == "POST":
        page = TargetPage(offered, data=request.POST)
        save = partial(save_new, request, plan)
        return answer(request, page, save)
    try:
        states.require(request.user, plan, Deed.WRITE)
    except PlanStateError as refusal:
        messages.error(request, str(refusal))
        return redirect(plan)
    return show(request, TargetPage(offered, filled={"area": request.GET.get("area")}))


def save_new(request: AuthedRequest, plan: ActionPlan, content: Content) -> Target:
    states.require(request.user, plan, Deed.WRITE)
    return targets.add(plan=plan, content=content, by=request.user)


@require_form_methods
@never_cache
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    found = Target.objects.visible_to(request.user).with_plan()
    target = found.prefetch_related(*WRITTEN_BESIDE).filter(pk=pk).first()
    if target is None:
        return removed_meanwhile(request)
    access.require(request.user, Permission.PLAN_EDIT, target.plan.service)

    if request.method == "POST":
        with transaction.atomic():
            return save_again(request, target)
    try:
        states.require(request.user, target.plan, Deed.WRITE)
    except PlanStateError as refusal:
        messages.error(request, str(refusal))
        return redirect(target)
    page = TargetPage(Offered.in_plan(target.plan), target)
    page.advise(others(target.plan, target.pk))
    return show(request, page)


def save_again(request: AuthedRequest, target: Target) -> HttpResponse:
    """Compare and save under one lock, so that of two people the second sees both texts."""
    try:
        states.require(request.user, target.plan, Deed.WRITE)
        target = targets.held(target, request.user)
    except TargetGoneError:
        return removed_meanwhile(request)
    except PlanStateError as refusal:
        page = TargetPage(Offered.in_plan(target.plan), target, data=request.POST)
        return show(request, page, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    page = TargetPage(Offered.in_plan(target.plan), target, data=request.POST)
    return answer(
        request, page, lambda content: targets.save(target=target, content=content, by=request.user)
    )


def removed_meanwhile(request: AuthedRequest) -> HttpResponse:
    """Somebody’s text for a target that is gone: shown, to be saved as a new one."""
    plans = ActionPlan.objects.visible_to(request.user).with_service()
    plan = get_object_or_404(plans, pk=number(request.POST.get("plan")))
    access.require(request.user, Permission.PLAN_EDIT, plan.service)
    page = TargetPage(Offered.in_plan(plan), data=request.POST)
    return show(
        request,
        page,
        refusal=str(TargetGoneError()),
        action=reverse("target_add", args=[plan.pk]),
        status=HTTPStatus.CONFLICT,
    )


@require_form_methods
@never_cache
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
        page = TargetPage(offered, data=suggestion.with_example(request.POST))
        save = partial(save_first, request, audit, plan)
        return answer(request, page, save, suggestion=suggestion)
    try:
        require_place(request, audit, plan)
    except PlanStateError as refusal:
        messages.error(request, str(refusal))
        return redirect(plan or audit)
    example = suggestion.example(request.GET.get("example", ""))
    page = TargetPage(offered, filled=suggestion.filled(example))
    return show(request, page, suggestion=suggestion)


def require_place(request: AuthedRequest, audit: Audit, plan: ActionPlan | None) -> None:
    """Refuse where a target from this self-assessment cannot be written now."""
    if audit.totals_shown_at is None:
        raise PlanStateError("Targets follow from agreed ratings: a lead shows the totals first.")
    if plan:
        states.require(request.user, plan, Deed.WRITE)
    elif not access.can(request.user, Permission.PLAN_LEAD, audit.service):
        raise PlanStateError(
            "Your service has no action plan for this year yet: its leads start one."
        )


def save_first(
    request: AuthedRequest, audit: Audit, plan: ActionPlan | None, content: Content
) -> Target:
    require_place(request, audit, plan)
    return targets.add_from(audit=audit, content=content, by=request.user)


@require_POST
def advice(request: AuthedRequest, slug: str) -> HttpResponse:
    """What to advise on a form as it is typed: one fragment for each field, as the script asks."""
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PLAN_EDIT, service)

    plans = ActionPlan.objects.visible_to(request.user).for_service(service)
    plan = plans.filter(pk=number(request.POST.get("plan"))).first()
    beside = others(plan, number(request.POST.get("target"))) if plan else []
    draft = drafted(dict(request.POST.lists()), plan.ends_on if plan else None)
    found = smart.lint_beside(draft, beside)
    return render(
        request,
        "actionplans/_target_advice.html",
        {"fields": [(name, [one for one in found if one.field == name]) for name in smart.ADVISED]},
    )


def answer(
    request: AuthedRequest, page: TargetPage, save: Save, *, suggestion: Suggestion | None = None
) -> HttpResponse:
    """Save what was sent, if it can be; otherwise the page again, with all that was typed."""
    go = request.POST.get("go", "")
    if page.differences:
        return show(request, page, status=HTTPStatus.CONFLICT)
    if go in {"rows", "advice", "example"}:
        again = page.redrawn(more=MORE if go == "rows" else 0)
        if go == "advice":
            again.advise(others(page.offered.plan, page.target.pk if page.target else 0))
        return show(request, again, suggestion=suggestion)
    if not page.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return show(request, page, suggestion=suggestion, status=status)
    try:
        target = save(page.content())
    except REFUSALS as refusal:
        status = HTTPStatus.CONFLICT
        return show(request, page, suggestion=suggestion, refusal=str(refusal), status=status)
    messages.success(request, saved_words(target, page.taken))
    return redirect(target)


def saved_words(target: Target, taken: list[str]) -> str:
    kept = f" What was saved meanwhile is kept in: {', '.join(taken)}." if taken else ""
    return f"Saved {target.reference}, “{target.title}”.{kept}"


def others(plan: ActionPlan | None, pk: int) -> list[Draft]:
    """The targets of a plan beside one of them."""
    found = plan.targets.exclude(pk=pk).prefetch_related("statements") if plan else []
    return [Draft.of(one) for one in found]


def number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < LONGEST_KEY else 0


def show(
    request: AuthedRequest,
    page: TargetPage,
    *,
    suggestion: Suggestion | None = None,
    refusal: str = "",
    action: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    asked = request.POST or request.GET
    return render(
        request,
        "actionplans/target_form.html",
        {
            "page": page,
            "plan": page.offered.plan,
            "service": page.offered.service,
            "target": page.target,
            "removable": page.target is not None and targets.is_removable(page.target),
            "suggestion": suggestion,
            "example": suggestion.example(asked.get("example", "")) if suggestion else None,
            "refusal": refusal,
            "action": action or request.path,
        },
        status=status,
    )
