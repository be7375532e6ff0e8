"""A service's self-assessments: which there are, starting one, and how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST, require_safe
from portal.models import MusicService
from selfassessment import starting, steps
from selfassessment.asking import joining
from selfassessment.forms.audits import FinishForm, StartForm
from selfassessment.models import Audit, Questionnaire
from selfassessment.years import looking_back


@require_safe
def listing(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.AUDIT_VIEW, service)

    audits = Audit.objects.for_service(service).with_questionnaire().newest_first()
    return render(
        request,
        "selfassessment/audit_list.html",
        {
            "service": service,
            "audits": audits,
            "may_start": access.can(request.user, Permission.AUDIT_START, service),
            "may_look_back": access.can(request.user, Permission.RESULTS_VIEW, service),
        },
    )


@require_form_methods
def start(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.AUDIT_START, service)

    there_is = None
    if request.method == "POST":
        form = StartForm(request.POST)
        if form.is_valid():
            try:
                audit = starting.start_audit(service=service, by=request.user, **form.cleaned_data)
            except starting.AuditExistsError as refusal:
                form.add_error(None, str(refusal))
                there_is = refusal.audit
            else:
                messages.success(request, "Started. Ask your team to rate, and rate yourself.")
                return redirect(audit)
    else:
        form = StartForm()
    return render(
        request,
        "selfassessment/audit_form.html",
        {
            "service": service,
            "form": form,
            "there_is": there_is,
            "moving": looking_back.ahead_of(service),
            "questionnaires": Questionnaire.objects.in_use().with_counts(),
        },
        status=form_status(form),
    )


@require_safe
@never_cache  # Back shows how far it is by now
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """Where the self-assessment stands, and what each may do with it."""
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits, pk=pk)
    access.require(request.user, Permission.AUDIT_VIEW, audit.service)

    at = steps.standing(request.user, audit)
    return render(
        request,
        "selfassessment/audit_overview.html",
        {
            "audit": audit,
            "at": at,
            "stops": steps.stops(at),
            "next": steps.next_step(request.user, at),
            "carry_on": joining.to_carry_on(audit) is not None,
            "may": {
                "start": access.can(request.user, Permission.AUDIT_START, audit.service),
                "rate": access.can(request.user, Permission.AUDIT_RATE, audit.service),
                "lead": access.can(request.user, Permission.AUDIT_LEAD, audit.service),
                "talk": access.can(request.user, Permission.TALK_VIEW, audit.service),
                "invite": access.can(request.user, Permission.RESPONDENTS_MANAGE, audit.service),
                "history": access.can(request.user, Permission.HISTORY_VIEW, audit.service),
                "reopen": access.can(request.user, Permission.AUDIT_REOPEN, audit.service),
                "compare": access.can(request.user, Permission.BENCHMARK_VIEW, audit.service),
            },
        },
    )


@require_form_methods
def change_date(request: AuthedRequest, pk: int) -> HttpResponse:
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits.open(), pk=pk)
    access.require(request.user, Permission.AUDIT_START, audit.service)

    if request.method == "POST":
        form = FinishForm(request.POST, instance=audit)
        if form.is_valid():
            form.save()
            messages.success(request, f"The date is now {date_format(audit.finish_on)}.")
            return redirect(audit)
    else:
        form = FinishForm(instance=audit)
    return render(
        request,
        "selfassessment/audit_date_form.html",
        {"audit": audit, "form": form},
        status=form_status(form),
    )


@require_form_methods
def discard(request: AuthedRequest, pk: int) -> HttpResponse:
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits.open(), pk=pk)
    access.require(request.user, Permission.AUDIT_START, audit.service)

    if request.method == "POST":
        try:
            starting.discard_audit(audit=audit, by=request.user)
        except starting.AuditHasRatingsError as refusal:
            messages.error(request, str(refusal))
            return redirect(audit)
        messages.success(request, "Discarded. Nothing was rated in it.")
        return redirect("audits", audit.service.slug)
    return render(request, "selfassessment/audit_discard_confirm.html", {"audit": audit})


@require_POST
def take_over(request: AuthedRequest, pk: int) -> HttpResponse:
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits.open(), pk=pk)
    access.require(request.user, Permission.AUDIT_START, audit.service)

    try:
        joining.take_over(audit=audit, by=request.user)
    except (joining.StillThereError, joining.RatesAlreadyError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "You can carry on with these ratings now.")
    return redirect(audit)
