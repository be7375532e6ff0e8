"""Mail that the portal itself writes. Those of signing in are django-allauth's, in our words."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from portal.models import Invitation, Membership


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


def send_profile_prompt(lead: Membership) -> None:
    send(
        to=lead.user.email,
        subject=f"Is the profile of {lead.service} still right?",
        template="profile_prompt",
        context={
            "lead": lead,
            "page": absolute(lead.service.get_absolute_url()),
            "link": absolute(reverse("service_profile", args=[lead.service.slug])),
        },
    )


def send_message(lead: Membership, *, name: str, email: str, text: str) -> None:
    """A message from the public page of a service; an answer goes straight to its writer."""
    send(
        to=lead.user.email,
        subject=f"A message to {lead.service} from {name}",
        template="service_message",
        context={
            "lead": lead,
            "name": name,
            "email": email,
            "text": text,
            "page": absolute(lead.service.get_absolute_url()),
        },
        reply_to=email,
    )
