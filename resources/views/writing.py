"""Writing a resource, with advice beside it, and with nothing lost where two people write."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_POST
from resources import reading
from resources.desk import advice, history, states, writing
from resources.desk.advice import Advice
from resources.desk.states import Deed, ResourceStateError
from resources.forms import merging
from resources.forms.merging import Merged
from resources.forms.writing import ROW, ResourceForm
from resources.models import Resource
from resources.reading import Core
from resources.views.saving import NOTHING_CHANGED, number, saved_words

ADDRESS_TAKEN = "Another resource took this address a moment ago. Choose another."


@dataclass(frozen=True)
class Sample:
    """A resource as readers will see it, made of what is typed and never saved."""

    resource: Resource
    core: Core
    left_out: list[str]  # labels of fields that cannot be read as they are typed


@require_form_methods
@never_cache  # Back shows what is saved by now
def add(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)

    if request.method != "POST":
        return show(request, ResourceForm())
    if request.POST.get("go") == "look":
        form = ResourceForm(initial=typed(request.POST))
        return show(request, form, sample=sample(request, request.POST))
    form = ResourceForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                resource = writing.add(content=form.content(), by=request.user)
        except IntegrityError:
            form.add_error("slug", ADDRESS_TAKEN)
        else:
            messages.success(request, f"“{resource}” is a draft now. Only the team sees it.")
            return redirect("resource_preview", resource.pk)
    return show(request, form)


@require_form_methods
@never_cache
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    access.require(request.user, Permission.LIBRARY_EDIT)

    if request.method == "POST":
        with transaction.atomic():
            return save(request, writing.held(resource.pk))
    if not states.allows(resource, Deed.EDIT):
        messages.error(request, "It is archived. Bring it back to change it.")
        return redirect("resource_preview", resource.pk)
    as_it_was = request.GET.get("as_it_was")
    if as_it_was is None:
        return show(request, ResourceForm(instance=resource), resource)
    old = history.at(resource, number(as_it_was))
    if old is None:
        raise Http404
    form = ResourceForm(instance=resource, initial=old)
    return show(request, form, resource, old=True)


def save(request: AuthedRequest, resource: Resource) -> HttpResponse:
    """Compare and save under one lock, so that of two people the second sees both texts."""
    merged = merging.merge(request.POST, ResourceForm(instance=resource))
    if merged.differences:
        form = ResourceForm(merged.data, instance=resource)
        return show(request, form, resource, merged=merged)
    if request.POST.get("go") == "look":
        form = ResourceForm(instance=resource, initial=typed(merged.data, resource))
        return show(request, form, resource, sample=sample(request, merged.data, resource))
    form = ResourceForm(merged.data, instance=resource)
    if not form.is_valid():
        return show(request, form, resource)
    try:
        with transaction.atomic():
            # The form put what was typed into its own instance: the row is read once more.
            changed = writing.save(
                resource=writing.held(resource.pk), content=form.content(), by=request.user
            )
    except IntegrityError:
        form.add_error("slug", ADDRESS_TAKEN)
        return show(request, form, resource)
    except ResourceStateError as refusal:
        return show(request, form, resource, refusal=str(refusal))
    messages.success(request, saved_words(merged) if changed else NOTHING_CHANGED)
    return redirect("resource_preview", resource.pk)


def show(
    request: AuthedRequest,
    form: ResourceForm,
    resource: Resource | None = None,
    *,
    merged: Merged | None = None,
    refusal: str = "",
    sample: Sample | None = None,
    old: bool = False,
) -> HttpResponse:
    clash = bool(refusal or merged)
    kept = Resource.objects.visible_to(request.user).select_related("written_by")
    saved = kept.get(pk=resource.pk) if resource else None
    return render(
        request,
        "resources/resource_form.html",
        {
            "form": form,
            "resource": saved,
            "is_out": saved is not None and states.was_published(saved),
            "differences": merged.differences if merged else [],
            "taken": merged.taken if merged else [],
            "refusal": refusal,
            "sample": sample,
            "pictures": list(saved.pictures.light()) if saved else [],
            "old": old,
            "advice": about(form, saved) if form.is_bound or sample or saved else [],
            "as_read": merging.as_read(ResourceForm(instance=saved)) if saved else "",
        },
        status=HTTPStatus.CONFLICT if clash else form_status(form),
    )


def sample(request: AuthedRequest, data: QueryDict, saved: Resource | None = None) -> Sample:
    """Only what the form would take is shown: an address that leads nowhere safe is left out."""
    blank = Resource()
    made = copy(saved) if saved else blank
    for name in ROW:
        if name != "slug":
            setattr(made, name, getattr(blank, name))
    files = list(saved.files.visible_to(request.user).light()) if saved else []
    form = ResourceForm(data, instance=made)
    left_out = [str(form[name].label) for name in form.errors if name in form.fields]
    topics = list(form.cleaned_data.get("topics", []))
    return Sample(made, reading.core(made, files, topics, below=2), left_out)


def typed(data: QueryDict, resource: Resource | None = None) -> dict[str, object]:
    """What was typed, not judged."""
    fields = ResourceForm(instance=resource).fields
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), name)
        for name, field in fields.items()
    }


def about(form: ResourceForm, resource: Resource | None) -> list[Advice]:
    said = {name: str(form[name].value() or "") for name in ("title", "link", "body")}
    return advice.of(**said, kept=resource)


@require_POST
def advise(request: AuthedRequest) -> HttpResponse:
    """What to think about, as the form is typed: a fragment."""
    access.require(request.user, Permission.LIBRARY_EDIT)

    key = number(request.POST.get("resource", ""))
    kept = Resource.objects.visible_to(request.user).filter(pk=key).first()
    found = about(ResourceForm(initial=typed(request.POST)), kept)
    return render(request, "resources/_desk_advice.html", {"advice": found, "looked": True})
