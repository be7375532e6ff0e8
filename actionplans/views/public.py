"""The public summary of a plan: previewed and let out by the lead, read by anybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from actionplans import public, states
from actionplans.forms.public import PublicForm
from actionplans.models import ActionPlan
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    public_page,
    require_form_methods,
    require_safe,
)


@require_form_methods
@never_cache  # Back shows what is public by now
def publish(request: AuthedRequest, pk: int) -> HttpResponse:
    """Choose, read just what the public will read, and let it out."""
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_PUBLISH, plan.service)

    offered = public.offered(plan)
    if request.method == "POST":
        return decide(request, plan, PublicForm(request.POST, offered=offered))
    try:
        states.check(plan, Deed.PUBLISH)
    except PlanStateError as refusal:
        messages.error(request, str(refusal))
        return redirect(plan)
    choice = public.first_choice(plan, offered)
    preview = public.collect(plan, choice, offered)
    return show(request, plan, PublicForm(offered=offered, choice=choice), preview)


def decide(request: AuthedRequest, plan: ActionPlan, form: PublicForm) -> HttpResponse:
    """Publish what was previewed; else show what would be, and keep what was typed."""
    if not form.is_valid():
        return show(request, plan, form, None, form_status(form))
    choice = form.choice()
    status = HTTPStatus.OK
    try:
        states.check(plan, Deed.PUBLISH)
        if request.POST.get("go") == "publish":
            previewed = request.POST.get("previewed", "")
            public.publish(plan=plan, choice=choice, previewed=previewed, by=request.user)
            messages.success(request, "The public can read this now.")
            return redirect(address(plan))
    except public.NotAsPreviewedError as refusal:
        form.add_error(None, str(refusal))
        status = HTTPStatus.CONFLICT
    except PlanStateError as refusal:
        form.add_error(None, str(refusal))
        return show(request, plan, form, None, HTTPStatus.CONFLICT)
    preview = public.collect(plan, choice, public.offered(plan))
    return show(request, plan, form, preview, status)


def show(
    request: AuthedRequest,
    plan: ActionPlan,
    form: PublicForm,
    preview: dict[str, Any] | None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "actionplans/plan_publish.html",
        {
            "plan": plan,
            "form": form,
            "preview": preview,
            "previewed": public.key(preview) if preview else "",
            "address": request.build_absolute_uri(address(plan)),
            "out": public.out(plan),
        },
        status=status,
    )


def address(plan: ActionPlan) -> str:
    return reverse("plan_public", args=[plan.service.slug, plan.pk])


@require_form_methods
def unpublish(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_PUBLISH, plan.service)

    if request.method == "POST":
        public.withdraw(plan=plan, by=request.user)
        messages.success(request, "The public cannot read it any more.")
        return redirect(plan)
    return render(request, "actionplans/plan_unpublish.html", {"plan": plan})


@require_safe
@login_not_required
@public_page
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was published, and nothing that was written since."""
    plan = get_object_or_404(ActionPlan.objects.published(), service__slug=slug, pk=pk)

    response = render(
        request,
        "actionplans/plan_public.html",
        {"service": plan.service, "summary": plan.public_summary.data},
    )
    if not request.user.is_authenticated:
        # Kept anywhere, and asked after each time: what is withdrawn is gone at once.
        response.headers["Cache-Control"] = "public, no-cache"
    return response
