"""One target: all that is said of it, and what became of it in time."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from actionplans import progress, states
from actionplans.models import Target
from actionplans.states import Deed
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_safe


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    found = Target.objects.visible_to(request.user).with_plan().with_parts()
    target = get_object_or_404(found, pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, target.plan.service)

    return render(
        request,
        "actionplans/target_detail.html",
        {
            "target": target,
            "plan": target.plan,
            "progress": progress.progress(target, timezone.localdate(), list(target.notes.all())),
            "may_note": states.may(request.user, target.plan, Deed.NOTE),
        },
    )
