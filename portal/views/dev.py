"""Pages for developers: every component in every state, and the mail this copy has sent.

Not there at all outside development.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.views import samples

P = ParamSpec("P")
MAIL_NAME = re.compile(r"[\w.-]+\.log")
# The file backend writes one file per connection; this line ends each message in it.
MAIL_END = re.compile(rb"^-{79}\n", re.MULTILINE)


def development_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEVELOPMENT:
            raise Http404
        return view(request, *args, **kwargs)

    return inner


@require_safe
@login_not_required
@development_only
def style(request: HttpRequest) -> HttpResponse:
    wrong = {"wrong-due_on": "31/2/2026", "wrong-email": "tutor"}
    return render(
        request,
        "dev/style.html",
        {
            "messages": [
                Message(constants.SUCCESS, "Added “Meet six council teams”."),
                Message(constants.WARNING, "Ratings close on Friday."),
                Message(constants.ERROR, "The invitation had been withdrawn."),
            ],
            "plain": samples.SampleForm(prefix="plain"),
            "wrong": samples.SampleForm(wrong, prefix="wrong"),
            "statements": samples.STATEMENTS,
            "maturity": samples.levels(samples.MATURITY),
            "three": samples.levels(samples.THREE),
            "year": samples.YEAR,
            "rated": samples.RATED,
            "page": Paginator(range(60), 20).page(2),
        },
    )


# Mail


@dataclass(frozen=True)
class Mail:
    """One message of a file that Django's file-based mail backend wrote."""

    name: str
    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain", "html"))
        return str(part.get_content()) if part else ""


def read_mail(path: Path) -> list[Mail]:
    """The messages of one file, in the order they were sent."""
    parts = [part for part in MAIL_END.split(path.read_bytes()) if part.strip()]
    return [Mail(path.name, message_from_bytes(part, policy=policy.default)) for part in parts]


@require_safe
@login_not_required
@development_only
def mail_list(request: HttpRequest) -> HttpResponse:
    paths = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)
    mails = [mail for path in paths for mail in reversed(read_mail(path))]
    return render(request, "dev/mail_list.html", {"mails": mails})


@require_safe
@login_not_required
@development_only
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    path = Path(settings.EMAIL_FILE_PATH) / name
    if not MAIL_NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return render(request, "dev/mail_detail.html", {"name": name, "mails": read_mail(path)})
