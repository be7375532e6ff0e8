"""The logo of a music service: chosen by its leads, shown to its people, printed on its papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import conditional_page

from portal import access, logos
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from portal.logo_forms import LogoForm
from portal.models import MusicService, ServiceLogo


@require_form_methods
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.TERMS_EDIT, service)

    logo = ServiceLogo.objects.visible_to(request.user).light().of(service)
    if request.method == "POST" and request.POST.get("go") == "remove":
        logos.remove(service=service, by=request.user)
        messages.success(request, "The logo is off. Papers made from now on have none.")
        return redirect("logo", service.slug)
    if request.method == "POST":
        form = LogoForm(request.POST, request.FILES, service=service, logo=logo)
        if form.is_valid():
            logos.keep(
                service=service,
                picture=form.cleaned_data["image"],
                alt=form.cleaned_data["alt"],
                by=request.user,
            )
            messages.success(request, "Saved. This is how it looks on a paper.")
            return redirect("logo", service.slug)
    else:
        form = LogoForm(service=service, logo=logo)
    return render(
        request,
        "portal/logo_form.html",
        {"service": service, "logo": logo, "form": form},
        status=form_status(form),
    )


@require_safe
@conditional_page  # by its content: a browser that has this picture is told so
def image(request: AuthedRequest, slug: str) -> HttpResponseBase:
    """The picture itself, for those who may look inside the service; the public sees none of it."""
    logo = get_object_or_404(ServiceLogo.objects.visible_to(request.user), service__slug=slug)

    return HttpResponse(
        logo.image,
        content_type="image/png",
        headers={
            "Cache-Control": "private, no-cache",
            "Content-Disposition": "inline",
            "X-Content-Type-Options": "nosniff",
        },
    )
