"""Pictures in the text of a resource: on the desk, and as readers get them."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from resources.desk import pictures, states
from resources.desk.pictures import PictureChangedError
from resources.desk.states import Deed, ResourceStateError
from resources.forms.pictures import AltForm, PictureForm
from resources.models import Resource, ResourcePicture
from resources.views import picture_files


@require_form_methods
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    form = PictureForm()
    status = form_status(form)
    if request.method == "POST":
        form = PictureForm(request.POST, request.FILES)
        status = form_status(form)
        if form.is_valid():
            try:
                made = pictures.add(
                    resource=resource,
                    file_name=form.file_name,
                    picture=form.cleaned_data["image"],
                    alt=form.cleaned_data["alt"],
                    by=request.user,
                )
            except ResourceStateError as refusal:
                form.add_error("image", str(refusal))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(
                    request,
                    f"The picture is kept as “{made}”. Copy its line into the text to show it.",
                )
                return redirect("resource_files", resource.pk)
    elif not states.allows(resource, Deed.EDIT):
        return stays_as_it_is(request, resource)
    return render(
        request,
        "resources/resource_picture_form.html",
        {"resource": resource, "form": form},
        status=status,
    )


@require_form_methods
def edit(request: AuthedRequest, pk: int, picture_id: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)
    picture = get_object_or_404(resource.pictures.light(), pk=picture_id)

    form, as_read = AltForm(initial={"alt": picture.alt}), picture.alt
    status = form_status(form)
    if request.method == "POST":
        form, as_read = AltForm(request.POST), request.POST.get("as_read", "")
        status = form_status(form)
        if form.is_valid():
            alt = form.cleaned_data["alt"]
            try:
                pictures.describe(picture=picture, alt=alt, as_read=as_read, by=request.user)
            except ResourceStateError as refusal:
                form.add_error("alt", str(refusal))
                status = HTTPStatus.CONFLICT
                if isinstance(refusal, PictureChangedError):
                    as_read = picture.alt  # having seen both, the next save is meant
            else:
                messages.success(request, "It is saved.")
                return redirect("resource_files", resource.pk)
    elif not states.allows(resource, Deed.EDIT):
        return stays_as_it_is(request, resource)
    return render(
        request,
        "resources/resource_picture_form.html",
        {"resource": resource, "picture": picture, "form": form, "as_read": as_read},
        status=status,
    )


@require_form_methods
def remove(request: AuthedRequest, pk: int, picture_id: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)
    picture = get_object_or_404(resource.pictures.light(), pk=picture_id)

    if request.method == "POST":
        try:
            pictures.remove(picture=picture, by=request.user)
        except ResourceStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The picture “{picture}” is removed.")
        return redirect("resource_files", resource.pk)
    if not states.allows(resource, Deed.EDIT):
        return stays_as_it_is(request, resource)
    return render(
        request,
        "resources/resource_picture_remove.html",
        {
            "resource": resource,
            "picture": picture,
            "is_shown": pictures.is_shown(picture, resource),
            "form": forms.Form(),
        },
    )


def stays_as_it_is(request: AuthedRequest, resource: Resource) -> HttpResponse:
    messages.error(request, "It is archived: its pictures stay as they are.")
    return redirect("resource_files", resource.pk)


@require_safe
@login_not_required
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A picture for a page; whoever may not read the page gets none of its pictures."""
    there = ResourcePicture.objects.light().filter(resource__slug=slug)
    # First as anybody: who asks is then never looked up, and the answer is the same for all.
    for_all = there.visible_to(AnonymousUser()).filter(pk=pk).first()
    wanted = for_all or get_object_or_404(there.visible_to(request.user), pk=pk)
    return picture_files.send(request, wanted, for_all=for_all is not None)
