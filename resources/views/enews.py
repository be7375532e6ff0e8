"""The e-news: asking, confirming and leaving for everybody; who gets it for the programme team."""

from __future__ import annotations

from http import HTTPStatus

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from portal import access, exports
from portal.access import Permission
from portal.http import (
    AuthedRequest,
    form_status,
    public_page,
    require_form_methods,
    require_safe,
)
from resources import enews
from resources.enews import ChangeGoneError, LinkTooOldError
from resources.forms.enews import EnewsForm, RemoveForm
from resources.models import Subscriber


@require_form_methods
@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = EnewsForm(request.POST)
        if form.is_valid():
            if not ratelimit.consume(request, action="enews"):
                return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            email = form.cleaned_data["email"].lower()
            # Somebody may ask in another's name: nobody's mailbox fills up, and the page says less
            if ratelimit.consume(request, action="enews_mail", key=email):
                enews.ask(email=email, topics=form.cleaned_data["topics"])
            return redirect("enews_sent")
    else:
        form = EnewsForm()
    return render(request, "resources/enews_form.html", {"form": form}, status=form_status(form))


@require_safe
@login_not_required
@public_page
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "resources/enews_sent.html")


@require_form_methods
@login_not_required
@never_cache
def link(request: HttpRequest, key: str) -> HttpResponse:
    """Where the mailed link leads. Looking confirms nothing: mail programs look ahead."""
    subscriber = Subscriber.objects.with_key(key)
    if subscriber is None:
        return render(request, "resources/enews_gone.html", status=HTTPStatus.NOT_FOUND)

    if request.method == "POST":
        try:
            if "topics" in request.POST:
                yes, as_read = request.POST["topics"] == "yes", request.POST.get("as_read", "")
                enews.answer_change(subscriber=subscriber, as_read=as_read, yes=yes)
                messages.success(request, "Your topics are changed." if yes else "They stay.")
            else:
                enews.confirm(subscriber=subscriber)
        except ChangeGoneError as refusal:
            messages.error(request, str(refusal))
        except LinkTooOldError as refusal:
            messages.error(request, str(refusal))
            return redirect("enews")
        return redirect("enews_link", key)
    page = {"subscriber": subscriber, "as_read": enews.mark_of(subscriber)}
    return render(request, "resources/enews_link.html", page)


@csrf_exempt  # a mail program posts it too (RFC 8058): the key in the address is what counts
@require_form_methods
@login_not_required
@never_cache
def leave(request: HttpRequest, key: str) -> HttpResponse:
    subscriber = Subscriber.objects.with_key(key)
    if subscriber is None:
        return render(request, "resources/enews_gone.html", status=HTTPStatus.NOT_FOUND)

    if request.method == "POST":
        subscriber.delete()
        if "List-Unsubscribe" in request.POST:
            return HttpResponse("You have left the e-news.", content_type="text/plain")
        return redirect("enews_left")
    return render(request, "resources/enews_leave.html", {"subscriber": subscriber})


@require_safe
@login_not_required
@public_page
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "resources/enews_left.html")


@require_form_methods
def listing(request: AuthedRequest) -> HttpResponse:
    """How many get it, and deleting an address for somebody who wrote to us."""
    access.require(request.user, Permission.ENEWS_VIEW)

    if request.method == "POST":
        form = RemoveForm(request.POST)
        if form.is_valid():
            email = form.cleaned_data["email"]
            if enews.remove(email=email, by=request.user):
                messages.success(request, f"{email} is deleted.")
                return redirect("enews_list")
            form.add_error("email", "This address does not get the e-news.")
    else:
        form = RemoveForm()
    return render(
        request,
        "resources/enews_list.html",
        {"form": form, "readership": enews.readership()},
        status=form_status(form),
    )


@require_safe
def addresses(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.ENEWS_VIEW)

    content = exports.csv_bytes(enews.addresses())
    return exports.attachment(content, exports.CSV_TYPE, "e-news", "csv")
