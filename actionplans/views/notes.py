"""Progress notes: written and changed, with their evidence."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actionplans import notes, states
from actionplans.forms.notes import NoteForm
from actionplans.models import Target
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods


@require_form_methods
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(Target.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_NOTE, target.plan.service)

    if request.method == "POST":
        form = NoteForm(request.POST, target=target)
        if form.is_valid():
            try:
                notes.add(note=form.save(commit=False), target=target, by=request.user)
            except PlanStateError as refusal:
                return show(request, form, refusal=str(refusal))
            messages.success(request, "Your note is saved.")
            return redirect(target)
        return show(request, form)
    try:
        states.require(request.user, target.plan, Deed.NOTE)
    except PlanStateError as refusal:
        messages.error(request, str(refusal))
        return redirect(target)
    return show(request, NoteForm(target=target))


def show(request: AuthedRequest, form: NoteForm, *, refusal: str = "") -> HttpResponse:
    return render(
        request,
        "actionplans/note_form.html",
        {"form": form, "target": form.target, "refusal": refusal},
        status=HTTPStatus.CONFLICT if refusal else form_status(form),
    )
