"""The example plan, for anybody signed in. It is made up, and needs no row."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from actionplans import eastmere, example_plan
from portal.http import AuthedRequest, require_safe


@require_safe
def detail(request: AuthedRequest) -> HttpResponse:
    return render(
        request,
        "actionplans/plan_example.html",
        {
            "plan": example_plan.PLAN,
            "today": example_plan.TODAY,
            "areas": eastmere.by_area(),
            "not_acting": eastmere.NOT_ACTING,
            "remarks": eastmere.REMARKS,
            "plans_of": [one.service for one in request.user.live_memberships][:1],
        },
    )
