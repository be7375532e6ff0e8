"""The team's work on the directory: a service by hand, and many by file."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access, directory_changes, intake
from portal.access import Permission
from portal.directory_forms import FactsForm, FileForm
from portal.http import AuthedRequest, form_status, require_form_methods
from portal.models import MusicService

SHOWN = ":200"  # lines of each kind on the page of a long file


@require_form_methods
@never_cache
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    services = MusicService.objects.visible_to(request.user).with_names()
    service = get_object_or_404(services, slug=slug)
    access.require(request.user, Permission.DIRECTORY_EDIT)

    read, now = directory_changes.as_read(service), None
    if request.method == "POST":
        form = FactsForm(request.POST, instance=service)
        typed = request.POST.get("as_read", "")
        if form.is_valid():
            try:
                changed = directory_changes.change(
                    service=service, facts=form.facts(), by=request.user, read=typed
                )
            except directory_changes.ChangedMeanwhileError as clash:
                now = clash.now  # having seen both, the next save is meant
            else:
                messages.success(request, "Saved." if changed else "Nothing was new.")
                return redirect(service)
        else:
            read = typed
    else:
        form = FactsForm(instance=service)
    return render(
        request,
        "portal/service_edit.html",
        {
            "service": service,
            "form": form,
            "former_names": service.former_names.all(),
            "as_read": read,
            "now": now,
        },
        status=HTTPStatus.CONFLICT if now else form_status(form),
    )


@require_form_methods
@never_cache
def take_in(request: AuthedRequest) -> HttpResponse:
    """A file is looked at; the page that shows what it would do sends it back to be taken in."""
    access.require(request.user, Permission.DIRECTORY_EDIT)

    preview, text, refused = None, "", ""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        text = form.text
        try:
            if request.POST.get("go") == "take":
                done = intake.take_in(text=text, seen=request.POST.get("seen", ""), by=request.user)
                messages.success(request, f"{len(done.new)} added, {len(done.changed)} changed.")
                return redirect("services")
            preview = intake.look(text)
        except intake.UnreadableError as error:
            form.add_error("file", str(error))
        except intake.ChangedMeanwhileError as clash:
            preview, refused = clash.now, str(clash)
    return render(
        request,
        "portal/directory_import.html",
        {"form": form, "preview": preview, "text": text, "refused": refused, "shown": SHOWN},
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK if preview else form_status(form),
    )
