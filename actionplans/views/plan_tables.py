"""Bringing a table into a plan: chosen, read by the worker, matched, looked at, taken in."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from actionplans import states
from actionplans.forms.tables import ColumnsForm, ImportForm, WhereForm
from actionplans.models import ActionPlan, PlanUpload
from actionplans.states import Deed, PlanStateError
from actionplans.tables import plan_rows, preview, uploads
from actionplans.tables.matching import Match
from portal import access
from portal.access import Permission
from portal.exports import CSV_TYPE, attachment, csv_bytes
from portal.http import (
    AuthedRequest,
    form_status,
    is_htmx,
    require_form_methods,
    require_POST,
    require_safe,
)
from selfassessment.views.uploads import how_far

EXAMPLE = "example"  # ?example: the file to begin from


@require_form_methods
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    """Choose a file or paste a table."""
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_LEAD, plan.service)

    if EXAMPLE in request.GET:
        return attachment(csv_bytes(preview.example(plan)), CSV_TYPE, "example plan", "csv")
    refused = ""
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload = uploads.add(plan=plan, by=request.user, **form.table())
            except PlanStateError as refusal:
                refused = str(refusal)
            else:
                return redirect(upload)
    else:
        form = ImportForm()
    return render(
        request,
        "actionplans/plan_import.html",
        {
            "plan": plan,
            "form": form,
            "refused": refused,
            "is_open": states.may(request.user, plan, Deed.WRITE),
            "waiting": PlanUpload.objects.light().filter(plan=plan).standing(),
        },
        status=HTTPStatus.CONFLICT if refused else form_status(form),
    )


@require_safe
@never_cache
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """The table as it was read, what its columns are, and what it would become."""
    visible = PlanUpload.objects.visible_to(request.user).light().with_plan()
    upload = get_object_or_404(visible, pk=pk)
    access.require(request.user, Permission.PLAN_LEAD, upload.plan.service)

    if not visible.standing().filter(pk=pk).exists():
        messages.info(request, "This table was taken in or discarded. Nothing of it is kept.")
        return redirect(upload.plan)
    if is_htmx(request):
        return how_far(request, 1, int(upload.is_unread))
    return show(request, upload)


@require_POST
def match(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say where the table is, what its columns are, or which targets are not wanted."""
    upload = get_object_or_404(
        PlanUpload.objects.visible_to(request.user).light().with_plan(), pk=pk
    )
    access.require(request.user, Permission.PLAN_LEAD, upload.plan.service)

    if not upload.is_ready:
        messages.error(request, str(uploads.UploadGoneError()))
        return redirect(upload.plan)
    form, wanted = matched(request, upload)
    if wanted is None:
        return show(request, upload, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        uploads.match(upload=upload, wanted=wanted, by=request.user)
    except (PlanStateError, uploads.UploadGoneError) as refusal:
        messages.error(request, str(refusal))
        return redirect(upload.plan)
    part = "columns" if isinstance(form, WhereForm) else "preview"
    return redirect(f"{upload.get_absolute_url()}#{part}")


def matched(
    request: AuthedRequest, upload: PlanUpload
) -> tuple[WhereForm | ColumnsForm | None, Match | None]:
    """The form that was sent, and what it wants; None for a button beside a target."""
    now, grids = Match.of_json(upload.matched), uploads.grids(upload)
    row = request.POST.get("out") or request.POST.get("back") or ""
    if row.isdecimal():
        rows = now.left_out ^ {int(row)} if len(row) < 6 else now.left_out
        return None, replace(now, left_out=frozenset(rows))
    form: WhereForm | ColumnsForm = (
        WhereForm(request.POST, grids=grids, match=now)
        if "header" in request.POST
        else ColumnsForm(request.POST, grid=grids[now.sheet], match=now)
    )
    return form, form.wanted() if form.is_valid() else None


@require_POST
def take_in(request: AuthedRequest, pk: int) -> HttpResponse:
    """Write all targets, or none."""
    upload = get_object_or_404(
        PlanUpload.objects.visible_to(request.user).light().with_plan(), pk=pk
    )
    access.require(request.user, Permission.PLAN_LEAD, upload.plan.service)

    try:
        count = uploads.take_in(upload=upload, shown=request.POST.get("shown", ""), by=request.user)
    except uploads.TakenInAlreadyError:
        messages.info(request, "This table is taken in already. Its targets are in the plan, once.")
    except (PlanStateError, uploads.UploadGoneError) as refusal:
        messages.error(request, str(refusal))
    except (uploads.ChangedMeanwhileError, uploads.NotReadyError) as refusal:
        messages.error(request, str(refusal))
        upload.refresh_from_db(fields=["state", "matched"])
        return show(request, upload, status=HTTPStatus.CONFLICT)
    else:
        targets = "1 target is" if count == 1 else f"{count} targets are"
        messages.success(request, f"Taken in: {targets} in the plan now.")
    return redirect(upload.plan)


@require_POST
def discard(request: AuthedRequest, pk: int) -> HttpResponse:
    upload = get_object_or_404(
        PlanUpload.objects.visible_to(request.user).light().with_plan(), pk=pk
    )
    access.require(request.user, Permission.PLAN_LEAD, upload.plan.service)

    try:
        uploads.discard(upload=upload, by=request.user)
    except uploads.UploadGoneError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Discarded. Nothing of the file is kept.")
    return redirect("plan_import", upload.plan_id)


def show(
    request: AuthedRequest,
    upload: PlanUpload,
    *,
    form: WhereForm | ColumnsForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page of one table, in whatever state it is."""
    plan = upload.plan
    context = {
        "plan": plan,
        "upload": upload,
        "unread": int(upload.is_unread),
        "form": form,
        "is_open": states.may(request.user, plan, Deed.WRITE),
    }
    if upload.is_ready:
        now, grids = Match.of_json(upload.matched), uploads.grids(upload)
        grid, facts = grids[now.sheet], uploads.known(plan)
        reading = plan_rows.read(grid, now, facts)
        context |= {
            "where": form if isinstance(form, WhereForm) else WhereForm(grids=grids, match=now),
            "columns": form if isinstance(form, ColumnsForm) else ColumnsForm(grid=grid, match=now),
            "table": preview.as_read(grid, now),
            "repeated": plan_rows.repeated(now),
            "reading": reading,
            "lines": preview.lines(reading.drafts, facts),
            "left_out": preview.lines(reading.left_out, facts),
            "other_sheets": [one.name for one in grids if one is not grid],
        }
    return render(request, "actionplans/plan_upload.html", context, status=status)
