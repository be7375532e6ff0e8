"""One's own account. Passwords, addresses and second steps are django-allauth's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from portal.forms import NameForm
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    return render(request, "account/index.html")


@require_form_methods
def name(request: AuthedRequest) -> HttpResponse:
    if request.method == "POST":
        form = NameForm(request.POST, instance=request.user)
        if form.is_valid():
            form.save()
            messages.success(request, "Your name was changed.")
            return redirect("account_index")
        request.user.refresh_from_db(fields=["name"])
    else:
        form = NameForm(instance=request.user)
    return render(request, "portal/name_form.html", {"form": form}, status=form_status(form))
