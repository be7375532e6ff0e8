"""Words that mean the same to a search: listed, added, changed, removed."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from resources.desk import synonyms
from resources.desk.synonyms import SynonymsChangedError
from resources.forms.synonyms import SynonymsForm
from resources.models import Synonyms

PAGE = 50


@require_safe
def listing(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)

    page = Paginator(Synonyms.objects.order_by("words", "pk"), PAGE)
    return render(
        request, "resources/synonyms_list.html", {"page": page.get_page(request.GET.get("page"))}
    )


@require_form_methods
def add(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)

    if request.method == "POST":
        form = SynonymsForm(request.POST)
        if form.is_valid():
            line = form.save(commit=False)
            synonyms.add(line=line, by=request.user)
            messages.success(request, f"Added: {line}.")
            return redirect("synonyms")
    else:
        form = SynonymsForm()
    return render(request, "resources/synonyms_form.html", {"form": form}, status=form_status(form))


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)
    line = get_object_or_404(Synonyms, pk=pk)

    as_read, theirs = line.words, ""
    if request.method == "POST":
        as_read, saved = request.POST.get("as_read", ""), line.words
        form = SynonymsForm(request.POST, instance=line)
        status = form_status(form)
        if form.is_valid():
            try:
                synonyms.change(line=form.save(commit=False), as_read=as_read, by=request.user)
            except SynonymsChangedError as refusal:
                form.add_error(None, str(refusal))
                # Having seen both, the next save is meant.
                as_read, theirs, status = saved, saved, HTTPStatus.CONFLICT
            else:
                messages.success(request, f"Saved: {line}.")
                return redirect("synonyms")
    else:
        form, status = SynonymsForm(instance=line), HTTPStatus.OK
    return render(
        request,
        "resources/synonyms_form.html",
        {"form": form, "line": line, "as_read": as_read, "theirs": theirs},
        status=status,
    )


@require_form_methods
def remove(request: AuthedRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)
    line = get_object_or_404(Synonyms, pk=pk)

    if request.method == "POST":
        synonyms.remove(line=line, by=request.user)
        messages.success(request, f"Removed: {line}.")
        return redirect("synonyms")
    return render(request, "resources/synonyms_remove.html", {"line": line})
