"""Mail that the portal itself writes. Those of signing in are django-allauth's, in our words."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from portal.models import Invitation


def absolute(path: str) -> str:
    """An address for use outside the portal; the worker has no request to build it from."""
    return f"{settings.SITE_URL}{path}"


def send(
    *,
    to: str,
    subject: str,
    template: str,
    context: dict[str, object],
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    """Send `emails/<template>` as text and HTML; answers go to `reply_to`, where it is given."""
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"emails/{template}.txt", context).strip(),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers=headers,
    )
    message.attach_alternative(render_to_string(f"emails/{template}.html", context), "text/html")
    message.send()


def invitation_link(invitation: Invitation) -> str:
    return absolute(reverse("join", args=[invitation.token]))


def send_invitation(invitation: Invitation) -> None:
    send(
        to=invitation.email,
        subject=f"Your invitation to {invitation.place}",
        template="invitation",
        context={"invitation": invitation, "link": invitation_link(invitation)},
    )
