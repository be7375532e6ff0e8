"""A music service's years: how they went, and what a newer edition would change."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_safe
from portal.models import MusicService
from selfassessment.years import looking_back


@require_safe
def trend(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.RESULTS_VIEW, service)

    return render(
        request,
        "selfassessment/trend.html",
        {
            "service": service,
            "trend": looking_back.read_trend(service),
            "may_edit": access.can(request.user, Permission.PAST_EDIT, service),
        },
    )


@require_safe
def moving(request: AuthedRequest, slug: str) -> HttpResponse:
    """What a newer edition would carry on of the service's own last year."""
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.RESULTS_VIEW, service)

    ahead = looking_back.ahead_of(service)
    return render(
        request,
        "selfassessment/audit_moving.html",
        {
            "service": service,
            "last": ahead.audit if ahead else looking_back.latest(service),
            "moving": looking_back.moving(ahead.audit, ahead.newer) if ahead else None,
            "may_start": access.can(request.user, Permission.AUDIT_START, service),
        },
    )
