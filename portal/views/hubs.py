"""Hub areas: which councils lie in them, and who leads them, now and before."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access, directory, hub_intake, hubs
from portal.access import Permission
from portal.directory_forms import HubForm, HubLeadForm
from portal.exports import CSV_TYPE, Sheet, attachment, csv_bytes
from portal.http import (
    AuthedRequest,
    form_status,
    public_page,
    require_form_methods,
    require_safe,
)
from portal.models import HubArea


@require_safe
@login_not_required
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "portal/hub_list.html",
        {
            "areas": HubArea.objects.with_all(),
            "may_edit": access.can(request.user, Permission.DIRECTORY_EDIT),
        },
    )


@require_safe
@login_not_required
@public_page
def table(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's shape of a view)
    """The hub areas as they are now, as CSV, and in the columns that the import reads."""
    rows = hub_intake.rows(HubArea.objects.with_all())
    sheet = Sheet("Hub areas", directory.HUB_COLUMNS, rows)
    return attachment(csv_bytes(sheet), CSV_TYPE, "hub areas", "csv", for_all=True)


@require_form_methods
def add(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.DIRECTORY_EDIT)

    if request.method == "POST":
        form = HubForm(request.POST)
        if form.is_valid():
            area = hubs.keep(
                area=form.save(commit=False),
                authorities=form.cleaned_data["authorities"],
                by=request.user,
            )
            messages.success(request, f"Added {area}. Now say who leads it.")
            return redirect("hub_lead", area.pk)
    else:
        form = HubForm()
    return render(request, "portal/hub_form.html", {"form": form}, status=form_status(form))


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    area = get_object_or_404(HubArea.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.DIRECTORY_EDIT)

    if request.method == "POST":
        form = HubForm(request.POST, instance=area)
        if form.is_valid():
            hubs.keep(
                area=form.save(commit=False),
                authorities=form.cleaned_data["authorities"],
                by=request.user,
            )
            messages.success(request, f"Saved {area}.")
            return redirect("hub_areas")
    else:
        form = HubForm(instance=area)
    return render(
        request, "portal/hub_form.html", {"area": area, "form": form}, status=form_status(form)
    )


@require_form_methods
def lead(request: AuthedRequest, pk: int) -> HttpResponse:
    """A new lead of a hub area: the one before leads until the day before."""
    area = get_object_or_404(HubArea.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.DIRECTORY_EDIT)

    if request.method == "POST":
        form = HubLeadForm(request.POST)
        if form.is_valid():
            try:
                hubs.lead_from(area=area, by=request.user, **form.cleaned_data)
            except hubs.LeadOrderError as refusal:
                form.add_error("from_on", str(refusal))
            else:
                messages.success(
                    request, f"{form.cleaned_data['organisation']} is written down for {area}."
                )
                return redirect("hub_areas")
    else:
        form = HubLeadForm()
    return render(
        request,
        "portal/hub_lead_form.html",
        {"area": area, "leads": area.leads.all(), "form": form},
        status=form_status(form),
    )
