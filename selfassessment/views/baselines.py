"""Totals from before the portal: shown beside the years, never joined to them."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from portal.models import MusicService
from selfassessment.forms.baselines import BaselineForms, UploadForm
from selfassessment.models import Baseline
from selfassessment.years import baselines
from selfassessment.years.baselines import BaselineExistsError
from selfassessment.years.looking_back import past_totals
from selfassessment.years.past import Past, as_data, from_data

PREVIEWED = "selfassessment.years.past-totals"
GOOD_FOR = 24 * 3600  # seconds between the preview and the button


@require_safe
def listing(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.RESULTS_VIEW, service)

    return render(
        request,
        "selfassessment/baseline_list.html",
        {
            "service": service,
            "baselines": past_totals(service),
            "may_edit": access.can(request.user, Permission.PAST_EDIT, service),
        },
    )


@require_form_methods
def add(request: AuthedRequest, slug: str) -> HttpResponse:
    """Type totals in."""
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PAST_EDIT, service)

    if request.method == "POST":
        forms = BaselineForms(request.POST)
        if forms.is_valid():
            try:
                baselines.bring_in(service=service, pasts=[forms.past], by=request.user)
            except BaselineExistsError as refusal:
                forms.head.add_error("name", str(refusal))
            else:
                messages.success(request, "Added. It stands beside your years on the portal.")
                return redirect("baselines", service.slug)
    else:
        forms = BaselineForms()
    return render(
        request,
        "selfassessment/baseline_form.html",
        {**forms.context, "service": service, "baseline": None},
        status=form_status(forms.head),
    )


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    visible = Baseline.objects.visible_to(request.user).select_related("service").with_totals()
    baseline = get_object_or_404(visible, pk=pk)
    access.require(request.user, Permission.PAST_EDIT, baseline.service)

    if request.method == "POST":
        forms = BaselineForms(request.POST, baseline)
        if forms.is_valid():
            try:
                baselines.change(baseline=baseline, past=forms.past, by=request.user)
            except BaselineExistsError as refusal:
                forms.head.add_error("name", str(refusal))
            else:
                messages.success(request, "Saved the totals.")
                return redirect("baselines", baseline.service.slug)
    else:
        forms = BaselineForms(baseline=baseline)
    return render(
        request,
        "selfassessment/baseline_form.html",
        {**forms.context, "service": baseline.service, "baseline": baseline},
        status=form_status(forms.head),
    )


@require_form_methods
def delete(request: AuthedRequest, pk: int) -> HttpResponse:
    visible = Baseline.objects.visible_to(request.user).select_related("service")
    baseline = get_object_or_404(visible, pk=pk)
    access.require(request.user, Permission.PAST_EDIT, baseline.service)

    if request.method == "POST":
        baselines.discard(baseline=baseline, by=request.user)
        messages.success(request, f"Deleted the totals of {baseline.when}.")
        return redirect("baselines", baseline.service.slug)
    return render(request, "selfassessment/baseline_delete.html", {"baseline": baseline})


@require_form_methods
def upload(request: AuthedRequest, slug: str) -> HttpResponse:
    """A spreadsheet: first what was understood of it, cell by cell; then the button."""
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.PAST_EDIT, service)

    if "understood" in request.POST:
        return take_in(request, service)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    pasts: tuple[Past, ...] = ()
    if request.method == "POST" and form.is_valid():
        pasts = form.found.pasts
    return render(
        request,
        "selfassessment/baseline_upload.html",
        {
            "service": service,
            "form": form,
            "found": form.found,
            "previews": [baselines.Preview.of(past) for past in pasts],
            "there": [baselines.Preview.of(p) for p in baselines.there_already(service, pasts)],
            "understood": sealed(service, pasts),
        },
        status=200 if pasts else form_status(form),
    )


def sealed(service: MusicService, pasts: tuple[Past, ...]) -> str:
    """What the preview showed, signed, so that the button brings in exactly that, and here."""
    return signing.dumps([service.pk, *map(as_data, pasts)], salt=PREVIEWED, compress=True)


def take_in(request: AuthedRequest, service: MusicService) -> HttpResponse:
    try:
        whose, *previewed = signing.loads(
            request.POST["understood"], salt=PREVIEWED, max_age=GOOD_FOR
        )
    except signing.BadSignature:
        whose, previewed = 0, []
    if whose != service.pk or not previewed:
        messages.error(request, "The preview is out of date. Choose the file again.")
        return redirect("baseline_upload", service.slug)
    pasts = [from_data(one) for one in previewed]
    try:
        baselines.bring_in(service=service, pasts=pasts, by=request.user)
    except BaselineExistsError as refusal:
        messages.error(request, str(refusal))
    else:
        count = sum(len(past.totals) for past in pasts)
        messages.success(request, f"Brought in {count} total{'' if count == 1 else 's'}.")
    return redirect("baselines", service.slug)
