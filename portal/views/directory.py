"""The team's work on the directory: a service by hand, and many by file."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from portal import access, csv_in, directory_changes, hub_intake, hubs, intake
from portal.access import Permission
from portal.directory_forms import FactsForm, FileForm, HubFileForm
from portal.http import AuthedRequest, form_status, require_form_methods
from portal.models import HubArea, MusicService

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
    access.require(request.user, Permission.DIRECTORY_EDIT)

    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    return looked_at(
        request,
        form,
        "services",
        intake.look,
        lambda seen: intake.take_in(text=form.text, seen=seen, by=request.user),
    )


@require_form_methods
@never_cache
def take_hubs_in(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.DIRECTORY_EDIT)

    form = HubFileForm(request.POST, request.FILES) if request.method == "POST" else HubFileForm()

    def take(seen: str) -> csv_in.Preview[hub_intake.Line, HubArea]:
        on = form.cleaned_data["on"] or timezone.localdate()
        return hub_intake.take_in(text=form.text, seen=seen, on=on, by=request.user)

    return looked_at(request, form, "hub_areas", hub_intake.look, take)


def looked_at(
    request: AuthedRequest,
    form: FileForm,
    back: str,
    look: Callable[[str], csv_in.Preview[Any, Any]],
    take: Callable[[str], csv_in.Preview[Any, Any]],
) -> HttpResponse:
    """A file is looked at; the page that shows what it would do sends it back to be taken in."""
    preview, refused = None, ""
    good = form.is_bound and form.is_valid()
    if form.text:
        try:
            if good and request.POST.get("go") == "take":
                done = take(request.POST.get("seen", ""))
                messages.success(request, f"{len(done.new)} added, {len(done.changed)} changed.")
                return redirect(back)
            preview = look(form.text)
        except csv_in.UnreadableError as error:
            form.add_error("file", str(error))
        except csv_in.ChangedMeanwhileError as clash:
            preview, refused = clash.now, str(clash)
        except hubs.TooEarlyError as error:
            preview, refused = look(form.text), str(error)
    return render(
        request,
        f"portal/{'hub' if back == 'hub_areas' else 'directory'}_import.html",
        {"form": form, "preview": preview, "text": form.text, "refused": refused, "shown": SHOWN},
        status=HTTPStatus.CONFLICT
        if refused
        else HTTPStatus.OK
        if preview and good
        else form_status(form),
    )
