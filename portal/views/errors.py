"""What Django shows when it refuses a form by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's token is missing or too old. The reason is for developers, not for people."""
    return render(request, "403_csrf.html", status=403)
