"""Everything of a music service: what is in it, asked for, made by the worker, taken away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from changingtracks.everything import asking
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods
from portal.models import MusicService


@require_form_methods
def take(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.EVERYTHING_TAKE, service)

    if request.method == "POST":
        paper = asking.ask(service=service, by=request.user)
        return redirect("paper", paper.pk)
    return render(
        request,
        "changingtracks/everything.html",
        {
            "service": service,
            "packages": asking.of(service, request.user).ready().light(),
            "days": asking.KEPT.days,
        },
    )
