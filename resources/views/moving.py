"""A resource on its way: handed over, published, taken back, archived."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods
from resources.desk import moving, states
from resources.desk.moving import ReadBeforeError
from resources.desk.states import Deed, ResourceStateError
from resources.forms.moving import PublishForm, ReasonForm, SubmitForm
from resources.models import Resource
from resources.views.saving import version

PAGES = {
    Deed.SUBMIT: "resources/resource_submit.html",
    Deed.PUBLISH: "resources/resource_publish.html",
    Deed.MOVE_DAY: "resources/resource_publish.html",
    Deed.TAKE_BACK: "resources/resource_take_back.html",
    Deed.ARCHIVE: "resources/resource_archive.html",
    Deed.BRING_BACK: "resources/resource_bring_back.html",
}


@require_form_methods
def submit(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    form = SubmitForm(request.POST if request.method == "POST" else None)
    return answer(
        request,
        resource,
        Deed.SUBMIT,
        form,
        lambda: moving.submit(resource=resource, note=form.cleaned_data["note"], by=request.user),
        f"“{resource}” waits for a second pair of eyes.",
    )


@require_form_methods
def publish(request: AuthedRequest, pk: int) -> HttpResponse:
    """Publish it now or from a day; for what is published, another day."""
    resource = get_object_or_404(
        Resource.objects.visible_to(request.user).select_related("written_by", "moved_by"), pk=pk
    )
    access.require(request.user, Permission.LIBRARY_EDIT)

    day = {"on": resource.published_on} if resource.published_on else {}
    form = PublishForm(request.POST if request.method == "POST" else None, initial=day)
    again = states.allows(resource, Deed.MOVE_DAY)

    def do() -> None:
        on = form.cleaned_data["on"]
        if again:
            moving.move_day(resource=resource, on=on, by=request.user)
        else:
            moving.publish(resource=resource, on=on, version=version(request), by=request.user)
        when = "now" if on <= timezone.localdate() else f"from {date_format(on, 'j F Y')}"
        messages.success(request, f"Readers find “{resource}” {when}.")

    return answer(request, resource, Deed.MOVE_DAY if again else Deed.PUBLISH, form, do)


@require_form_methods
def take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    form = ReasonForm(request.POST if request.method == "POST" else None)
    return answer(
        request,
        resource,
        Deed.TAKE_BACK,
        form,
        lambda: moving.take_back(
            resource=resource, reason=form.cleaned_data["reason"], by=request.user
        ),
        f"“{resource}” is a draft again.",
    )


@require_form_methods
def archive(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    form = ReasonForm(request.POST if request.method == "POST" else None)
    return answer(
        request,
        resource,
        Deed.ARCHIVE,
        form,
        lambda: moving.archive(
            resource=resource, reason=form.cleaned_data["reason"], by=request.user
        ),
        f"“{resource}” is archived. You can bring it back at any time.",
    )


@require_form_methods
def bring_back(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    return answer(
        request,
        resource,
        Deed.BRING_BACK,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda: moving.bring_back(resource=resource, by=request.user),
        f"“{resource}” is a draft again.",
    )


def answer(
    request: AuthedRequest,
    resource: Resource,
    deed: Deed,
    form: forms.Form,
    do: Callable[[], object],
    done: str = "",
) -> HttpResponse:
    """Do it where it may be done; ask first, and say why where it may not."""
    if not form.is_bound:
        try:
            check(request, resource, deed)
        except ResourceStateError as refusal:
            messages.error(request, str(refusal))
            return redirect("resource_preview", resource.pk)
        return show(request, resource, deed, form, form_status(form))
    if not form.is_valid():
        return show(request, resource, deed, form, form_status(form))
    try:
        do()
    except ReadBeforeError as refusal:
        messages.error(request, str(refusal))
        return redirect("resource_preview", resource.pk)
    except ResourceStateError as refusal:
        form.add_error(None, str(refusal))
        return show(request, resource, deed, form, HTTPStatus.CONFLICT)
    if done:
        messages.success(request, done)
    return redirect("resource_preview", resource.pk)


def check(request: AuthedRequest, resource: Resource, deed: Deed) -> None:
    states.check(resource, deed)
    if deed == Deed.PUBLISH:
        states.check_second_pair(request.user, resource)
    if deed in {Deed.SUBMIT, Deed.PUBLISH} and moving.is_empty(resource):
        raise moving.NothingToReadError


def show(
    request: AuthedRequest, resource: Resource, deed: Deed, form: forms.Form, status: HTTPStatus
) -> HttpResponse:
    return render(
        request,
        PAGES[deed],
        {
            "resource": resource,
            "form": form,
            "deed": deed,
            "alone": deed == Deed.PUBLISH and states.wrote_last(request.user, resource),
            "is_out": states.was_published(resource),
        },
        status=status,
    )
