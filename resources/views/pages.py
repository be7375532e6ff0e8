"""Pages of words: to read for everybody, to write for the programme team."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from portal import access
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    public_page,
    require_form_methods,
    require_safe,
)
from resources import pages
from resources.forms.pages import PageForm
from resources.models import Page
from resources.pages import PageChangedError


@require_safe
@login_not_required
@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(Page, slug=slug)

    return render(
        request,
        "resources/page_detail.html",
        {"page": page, "may_edit": access.can(request.user, Permission.PAGES_EDIT)},
    )


@require_safe
def desk(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.PAGES_EDIT)

    return render(
        request,
        "resources/page_desk.html",
        {"pages": Page.objects.select_related("changed_by")},
    )


@require_form_methods
@never_cache  # Back shows what is saved by now
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    access.require(request.user, Permission.PAGES_EDIT)
    page = get_object_or_404(Page.objects.select_related("changed_by"), slug=slug)

    as_read, theirs, preview = str(page.version), None, None
    if request.method == "POST":
        form = PageForm(request.POST, instance=Page(slug=slug))
        status, as_read = form_status(form), request.POST.get("as_read", "")
        if form.is_valid() and request.POST.get("go") == "preview":
            preview, status = form.cleaned_data, HTTPStatus.OK
        elif form.is_valid():
            try:
                pages.change(page=page, **form.cleaned_data, as_read=as_read, by=request.user)
            except PageChangedError as refusal:
                form.add_error(None, str(refusal))
                # Having seen both, the next save is meant.
                theirs, as_read, status = page, str(page.version), HTTPStatus.CONFLICT
            else:
                messages.success(request, f"Saved “{form.cleaned_data['title']}”.")
                return redirect(page)
    else:
        form, status = PageForm(instance=page), HTTPStatus.OK
    return render(
        request,
        "resources/page_form.html",
        {"page": page, "form": form, "as_read": as_read, "theirs": theirs, "preview": preview},
        status=status,
    )


@require_safe
def history(request: AuthedRequest, slug: str) -> HttpResponse:
    access.require(request.user, Permission.PAGES_EDIT)
    page = get_object_or_404(Page, slug=slug)

    return render(
        request,
        "resources/page_history.html",
        {"page": page, "versions": pages.versions(page)},
    )


@require_form_methods
@never_cache
def version(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    """An earlier text, and the button that makes it the newest."""
    access.require(request.user, Permission.PAGES_EDIT)
    page = get_object_or_404(Page, slug=slug)
    earlier = next((one for one in pages.versions(page) if one.number == number), None)
    if earlier is None:
        raise Http404

    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            pages.change(
                page=page,
                title=earlier.title,
                summary=earlier.summary,
                body=earlier.body,
                as_read=request.POST.get("as_read", ""),
                by=request.user,
            )
        except PageChangedError:
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, f"The text of version {number} is back, as a new version.")
            return redirect(page)
    return render(
        request,
        "resources/page_version.html",
        {"page": page, "earlier": earlier, "changed": status == HTTPStatus.CONFLICT},
        status=status,
    )
