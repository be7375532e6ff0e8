"""The topics of the library on the desk: what their pages say of them."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, form_status, require_form_methods, require_safe
from portal.models import Topic
from resources.desk import topics
from resources.desk.topics import TopicChangedError
from resources.forms.topics import TopicForm


@require_safe
def listing(request: AuthedRequest) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)

    return render(
        request, "resources/topic_list.html", {"topics": Topic.objects.order_by("order", "name")}
    )


@require_form_methods
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.LIBRARY_EDIT)
    topic = get_object_or_404(Topic, pk=pk)

    name, as_read, theirs = topic.name, topic.about, None
    if request.method == "POST":
        as_read = "\n".join(request.POST.get("as_read", "").splitlines())
        form = TopicForm(request.POST, instance=topic)
        status = form_status(form)
        if form.is_valid():
            about = form.cleaned_data["about"]
            try:
                topics.introduce(topic=topic, about=about, as_read=as_read, by=request.user)
            except TopicChangedError as refusal:
                form.add_error("about", str(refusal))
                # Having seen both, the next save is meant.
                as_read = theirs = refusal.theirs
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, f"Saved: {name}.")
                return redirect("topic", topic.slug)
    else:
        form, status = TopicForm(instance=topic), HTTPStatus.OK
    return render(
        request,
        "resources/topic_form.html",
        {"topic": topic, "form": form, "as_read": as_read, "theirs": theirs},
        status=status,
    )
