"""Example targets: to read for everybody signed in, to write for the programme team."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actionplans import examples
from actionplans.examples import ExampleChangedError
from actionplans.forms.examples import ExampleForm
from actionplans.models import ExampleTarget
from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe


@require_safe
def listing(request: AuthedRequest) -> HttpResponse:
    may_edit = access.can(request.user, Permission.EXAMPLES_EDIT)
    return render(
        request,
        "actionplans/example_list.html",
        {"shelves": examples.shelves(), "may_edit": may_edit},
    )


@require_form_methods
def add(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.EXAMPLES_EDIT)

    if request.method == "POST":
        form = ExampleForm(request.POST)
        if form.is_valid():
            example = form.save(commit=False)
            examples.add(example=example, by=request.user)
            messages.success(request, f"Added “{example}”.")
            return redirect("examples")
    else:
        gap = {name: request.GET.get(name, "") for name in ("questionnaire", "codes")}
        form = ExampleForm(initial=gap)
    return render(
        request, "actionplans/example_form.html", {"form": form}, status=form_status(form)
    )


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.EXAMPLES_EDIT)
    example = ExampleTarget.objects.in_order().filter(pk=pk).first()
    if example is None:
        return show_typed(request)

    as_read, theirs = examples.read_at(example), None
    if request.method == "POST":
        form = ExampleForm(request.POST, instance=example)
        status = form_status(form)
        as_read = request.POST.get("as_read", "")
        if form.is_valid():
            try:
                examples.change(example=form.save(commit=False), as_read=as_read, by=request.user)
            except ExampleChangedError as refusal:
                form.add_error(None, str(refusal))
                # Having seen both, the next save is meant.
                theirs = get_object_or_404(ExampleTarget.objects.in_order(), pk=pk)
                as_read, status = examples.read_at(theirs), HTTPStatus.CONFLICT
            else:
                messages.success(request, f"Saved “{example}”.")
                return redirect("examples")
    else:
        form, status = ExampleForm(instance=example), HTTPStatus.OK
    return render(
        request,
        "actionplans/example_form.html",
        {"form": form, "example": example, "as_read": as_read, "theirs": theirs},
        status=status,
    )


def show_typed(request: AuthedRequest) -> HttpResponse:
    """Somebody removed the example while it was being worded: what was typed may be added."""
    if request.method != "POST":
        raise Http404
    form = ExampleForm(request.POST)
    form.add_error(None, "Somebody removed this example meanwhile. You can add it again.")
    return render(
        request, "actionplans/example_form.html", {"form": form}, status=HTTPStatus.CONFLICT
    )


@require_form_methods
def remove(request: AuthedRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.EXAMPLES_EDIT)
    example = get_object_or_404(ExampleTarget.objects.in_order(), pk=pk)

    status = HTTPStatus.OK
    if request.method == "POST":
        as_read = request.POST.get("as_read", "")
        try:
            examples.remove(example=example, as_read=as_read, by=request.user)
        except ExampleChangedError:
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, f"Removed “{example}”.")
            return redirect("examples")
    return render(
        request,
        "actionplans/example_remove.html",
        {
            "example": example,
            "as_read": examples.read_at(example),
            "changed": status == HTTPStatus.CONFLICT,
        },
        status=status,
    )
