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
from selfassessment import actions
from selfassessment.forms.audits import FinishForm, StartForm
from selfassessment.models import Audit, Questionnaire
from selfassessment.progress import progress


@require_safe
def listing(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.AUDIT_VIEW, service)

    audits = Audit.objects.for_service(service).with_questionnaire().with_handed_in().newest_first()
    return render(
        request,
        "selfassessment/audit_list.html",
        {
            "service": service,
            "audits": audits,
            "may_start": access.can(request.user, Permission.AUDIT_START, service),
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
                audit = actions.start_audit(service=service, by=request.user, **form.cleaned_data)
            except actions.AuditExistsError as refusal:
                form.add_error(None, str(refusal))
                there_is = refusal.audit
            else:
                messages.success(request, "Started. Take it one section at a time.")
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
            "questionnaires": Questionnaire.objects.in_use().with_counts(),
        },
        status=form_status(form),
    )


@require_safe
@never_cache  # Back shows how far it is by now
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """The task list of one's own response; for others, how far the service is."""
    audits = Audit.objects.visible_to(request.user).with_questionnaire()
    audit = get_object_or_404(audits, pk=pk)
    access.require(request.user, Permission.AUDIT_VIEW, audit.service)

    responses = list(audit.responses.with_counts().with_respondent())
    mine = next(
        (r for r in responses if r.respondent and r.respondent.user_id == request.user.pk), None
    )
    context = {
        "audit": audit,
        "may": {
            "start": access.can(request.user, Permission.AUDIT_START, audit.service),
            "reopen": access.can(request.user, Permission.AUDIT_REOPEN, audit.service),
        },
        "rated": any(response.rated for response in responses),
        "handed_in": any(response.handed_in_at for response in responses),
        "orphaned": any(response.orphaned and response.is_open for response in responses),
    }
    if mine is None:
        asked = audit.statements().count()
        far = [(response, 100 * response.rated / asked) for response in responses]
        return render(
            request, "selfassessment/audit_overview.html", {**context, "far": far, "asked": asked}
        )
    mine.audit = audit
    ratings = {rating.statement_id: rating for rating in mine.ratings.all()}
    return render(
        request,
        "selfassessment/audit_detail.html",
        {**context, "response": mine, "progress": progress(audit.statements(), ratings)},
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
            actions.discard_audit(audit=audit, by=request.user)
        except actions.AuditHasRatingsError as refusal:
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
        actions.take_over(audit=audit, by=request.user)
    except actions.StillThereError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "You can carry on with these ratings now.")
    return redirect(audit)
