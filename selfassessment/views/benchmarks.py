"""The benchmark: what all who share come to, one's own beside it, and sharing itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, require_form_methods, require_safe
from selfassessment.benchmark import benchmarks, sharing
from selfassessment.benchmark.disclosure import LEAST
from selfassessment.models import Audit


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """A service's own marks on the figures of all who share, on what it rated itself with."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.BENCHMARK_VIEW, audit.service)

    wanted = request.GET.get("of", "")
    comparison = benchmarks.read(benchmarks.Of.audit(audit), wanted, benchmarks.own(audit))
    return render(
        request,
        "selfassessment/benchmark.html",
        {
            "audit": audit,
            "comparison": comparison,
            "not_shown": wanted != comparison.chosen.key,
            "may_share": access.can(request.user, Permission.BENCHMARK_SHARE, audit.service),
            "least": LEAST,
        },
    )


@require_form_methods
def share(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.BENCHMARK_SHARE, audit.service)

    if request.method == "POST":
        try:
            sharing.share(audit=audit, by=request.user)
        except (sharing.SharedAlreadyError, sharing.NothingToShareError) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Shared. Thank you: every service makes the picture truer.")
        return redirect("benchmark", audit.pk)
    context = {"audit": audit, "least": LEAST}
    return render(request, "selfassessment/benchmark_share.html", context)


@require_form_methods
def unshare(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.BENCHMARK_SHARE, audit.service)

    if request.method == "POST":
        try:
            sharing.unshare(audit=audit, by=request.user)
        except sharing.NotSharedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Taken out. The next figures are made without it.")
        return redirect("benchmark", audit.pk)
    context = {"audit": audit, "least": LEAST}
    return render(request, "selfassessment/benchmark_unshare.html", context)


@require_safe
def programme(request: AuthedRequest) -> HttpResponse:
    """The same figures for the programme, of any questionnaire and year, without anybody's mark."""
    access.require(request.user, Permission.BENCHMARK_VIEW)

    sets = benchmarks.sets()
    wanted, group = request.GET.get("set", ""), request.GET.get("of", "")
    chosen = next((one for one in sets if one.key == wanted), next(iter(sets), None))
    comparison = benchmarks.read(chosen, group) if chosen else None
    return render(
        request,
        "selfassessment/programme_benchmark.html",
        {
            "sets": sets,
            "comparison": comparison,
            "not_shown": comparison is not None and group != comparison.chosen.key,
            "least": LEAST,
        },
    )
