"""Progress notes and steps: written, changed, ticked; and the files behind them."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from actionplans import states
from actionplans.following import evidence, notes
from actionplans.following.evidence import TooManyFilesError
from actionplans.following.notes import Clash, GoneError
from actionplans.forms.notes import NoteForm
from actionplans.models import Evidence, ProgressNote, Scan, Target
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST, require_safe

REFUSALS = (PlanStateError, GoneError, TooManyFilesError)


@require_form_methods
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(Target.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_NOTE, target.plan.service)

    if request.method == "POST":
        form = NoteForm(request.POST, request.FILES, target=target)
        if not form.is_valid():
            return show(request, form)
        note = form.save(commit=False)
        try:
            notes.add(note=note, target=target, by=request.user, files=form.taken)
        except REFUSALS as refusal:
            return show(request, form, refusal=str(refusal))
        messages.success(request, "Your note is saved.")
        return redirect(target)
    if not states.allows(target.plan, Deed.NOTE):
        messages.error(request, f"This plan is {states.in_words(target.plan)}: no notes on it now.")
        return redirect(target)
    return show(request, NoteForm(target=target))


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(ProgressNote.objects.visible_to(request.user).with_target(), pk=pk)
    if not notes.may_change(request.user, note):
        raise PermissionDenied("Somebody else wrote this note. A lead can change it.")

    target = note.target
    if request.method == "POST":
        form = NoteForm(request.POST, request.FILES, instance=note, target=target)
        if not form.is_valid():
            return show(request, form)
        try:
            clash = notes.change(
                note=form.save(commit=False),
                version=version_read(request),
                by=request.user,
                files=form.taken,
            )
        except REFUSALS as refusal:
            return show(request, form, refusal=str(refusal))
        if clash:
            return show(request, form, clash=clash)
        messages.success(request, "The note is changed.")
        return redirect(target)
    if not states.allows(target.plan, Deed.NOTE):
        messages.error(request, f"This plan is {states.in_words(target.plan)}: no notes on it now.")
        return redirect(target)
    return show(request, NoteForm(instance=note, target=target))


def version_read(request: AuthedRequest) -> int:
    """The version of the note that the page was filled with."""
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def show(
    request: AuthedRequest, form: NoteForm, *, refusal: str = "", clash: Clash | None = None
) -> HttpResponse:
    if refusal or clash:
        form.ask_for_files_again()
    note = form.instance
    as_read = version_read(request) if form.is_bound else note.version
    return render(
        request,
        "actionplans/note_form.html",
        {
            "form": form,
            "note": note if note.pk else None,
            "target": form.target,
            "last_note": None if note.pk else notes.last_of(form.target),
            "refusal": refusal,
            "clash": clash,
            # Having seen both versions, the next save is meant.
            "version": clash.theirs.version if clash else as_read,
        },
        status=HTTPStatus.CONFLICT if refusal or clash else form_status(form),
    )


@require_POST
def tick(request: AuthedRequest, pk: int, milestone_id: int) -> HttpResponse:
    target = get_object_or_404(Target.objects.visible_to(request.user).with_plan(), pk=pk)
    access.require(request.user, Permission.PLAN_NOTE, target.plan.service)
    milestone = get_object_or_404(target.milestones.select_related("target"), pk=milestone_id)

    done = request.POST.get("done") == "1"
    try:
        notes.tick(milestone=milestone, done=done, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        state = "done" if done else "not done"
        messages.success(request, f"“{milestone}” is {state}.")
    return redirect(f"{target.get_absolute_url()}#steps")


@require_safe
def file(request: AuthedRequest, pk: int) -> HttpResponse:
    """A file of evidence, to keep: never shown in a page, never held by a cache in between."""
    found = Evidence.objects.visible_to(request.user).with_target().light()
    wanted = get_object_or_404(found, pk=pk)
    target = wanted.note.target
    access.require(request.user, Permission.PLAN_VIEW, target.plan.service)

    if wanted.scan == Scan.WAITING:
        messages.warning(request, f"“{wanted}” is being scanned. Try again in a minute.")
        return redirect(target)
    if wanted.scan == Scan.REFUSED:
        messages.error(request, f"“{wanted}” was refused by the virus scanner and is not kept.")
        return redirect(target)
    return HttpResponse(
        bytes(wanted.content),
        content_type=wanted.media_type,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=wanted.file_name
            ),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_form_methods
def remove_file(request: AuthedRequest, pk: int) -> HttpResponse:
    found = Evidence.objects.visible_to(request.user).with_target().light()
    wanted = get_object_or_404(found, pk=pk)
    target = wanted.note.target
    access.require(request.user, Permission.PLAN_NOTE, target.plan.service)
    if not evidence.may_remove(request.user, wanted):
        raise PermissionDenied("Somebody else added this file. A lead can remove it.")

    if request.method == "POST":
        try:
            evidence.remove(file=wanted, by=request.user)
        except PlanStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{wanted}” is removed.")
        return redirect(target)
    if not states.allows(target.plan, Deed.NOTE):
        messages.error(request, f"This plan is {states.in_words(target.plan)}: its files stay.")
        return redirect(target)
    return render(request, "actionplans/evidence_remove.html", {"file": wanted, "target": target})
