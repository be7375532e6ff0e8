"""The files of a resource, on the desk: added, replaced, removed."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods
from resources.desk import files, states
from resources.desk.states import Deed, ResourceStateError
from resources.forms.files import FilesForm, ReplaceForm
from resources.models import Resource, ResourceFile


@require_form_methods
def listing(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    form = FilesForm()
    status = form_status(form)
    if request.method == "POST":
        form = FilesForm(request.POST, request.FILES)
        status = form_status(form)
        if form.is_valid():
            try:
                added = files.add(resource=resource, files=form.taken, by=request.user)
            except ResourceStateError as refusal:
                form.add_error("chosen", str(refusal))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, added_words(added, len(form.taken)))
                return redirect("resource_files", resource.pk)
    return render(
        request,
        "resources/resource_files.html",
        {
            "resource": resource,
            "form": form,
            "pictures": list(resource.pictures.light()),
            "files": list(resource.files.light().select_related("added_by")),
            "may_edit": states.allows(resource, Deed.EDIT),
        },
        status=status,
    )


def added_words(added: int, sent: int) -> str:
    if not added:
        return "It was there already, so nothing changed."
    kept = "The file is kept." if added == 1 else f"{added} files are kept."
    return kept if added == sent else f"{kept} What was there already is not kept twice."


@require_form_methods
def replace(request: AuthedRequest, pk: int, file_id: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)
    file = get_object_or_404(resource.files.light(), pk=file_id)

    form = ReplaceForm()
    status = form_status(form)
    if request.method == "POST":
        form = ReplaceForm(request.POST, request.FILES)
        status = form_status(form)
        if form.is_valid():
            try:
                files.replace(file=file, new=form.taken, by=request.user)
            except ResourceStateError as refusal:
                form.add_error("chosen", str(refusal))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, "The new file has taken its place.")
                return redirect("resource_files", resource.pk)
    return ask(request, "resources/resource_file_replace.html", resource, file, form, status)


@require_form_methods
def remove(request: AuthedRequest, pk: int, file_id: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)
    file = get_object_or_404(resource.files.light(), pk=file_id)

    form = forms.Form()
    if request.method == "POST":
        try:
            files.remove(file=file, by=request.user)
        except ResourceStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{file}” is removed.")
        return redirect("resource_files", resource.pk)
    page = "resources/resource_file_remove.html"
    return ask(request, page, resource, file, form, form_status(form))


def ask(
    request: AuthedRequest,
    page: str,
    resource: Resource,
    file: ResourceFile,
    form: forms.Form,
    status: HTTPStatus,
) -> HttpResponse:
    if not states.allows(resource, Deed.EDIT) and not form.is_bound:
        messages.error(request, "It is archived: its files stay as they are.")
        return redirect("resource_files", resource.pk)
    return render(request, page, {"resource": resource, "file": file, "form": form}, status=status)
