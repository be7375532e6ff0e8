"""Jobs of the worker: mail."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from portal import mail
from portal.models import Invitation, Membership, MusicService

# Waits of 4, 16, 64 … seconds: eight tries in six hours ride out most troubles of a mail server.
PATIENT = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="portal.send_invitation", queue="mail", retry=PATIENT)
def send_invitation(*, invitation_id: int, times_sent: int) -> None:
    """Mail an invitation, unless it was used, withdrawn or sent anew in the meantime."""
    invitation = (
        Invitation.objects.waiting()
        .select_related("service", "invited_by")
        .filter(pk=invitation_id, times_sent=times_sent)
        .first()
    )
    if invitation:
        mail.send_invitation(invitation)


@app.periodic(cron="20 6 * * *")
@app.task(name="portal.ask_for_profiles", queueing_lock="ask_for_profiles")
def ask_for_profiles(timestamp: int) -> None:  # noqa: ARG001
    """Ask leads once a year whether the public profile of their service is still right."""
    now = timezone.now()
    for pk in list(MusicService.objects.to_confirm(now).values_list("pk", flat=True)):
        with transaction.atomic():
            # Asked and noted together: a second worker finds it done
            due = MusicService.objects.to_confirm(now).filter(pk=pk)
            if due.update(profile_asked_at=now):
                for lead in Membership.objects.leads().filter(service=pk):
                    send_profile_prompt.defer(membership_id=lead.pk)


@app.task(name="portal.send_profile_prompt", queue="mail", retry=PATIENT)
def send_profile_prompt(*, membership_id: int) -> None:
    """Mail one lead, unless the profile was confirmed or they left in the meantime."""
    lead = Membership.objects.leads().with_people().filter(pk=membership_id).first()
    if lead and lead.service.waits_to_be_confirmed:
        mail.send_profile_prompt(lead)


@app.task(name="portal.send_message", queue="mail", retry=PATIENT)
def send_message(*, membership_id: int, name: str, email: str, text: str) -> None:
    """Mail what somebody wrote on the page of a service to one of its leads."""
    lead = Membership.objects.leads().with_people().filter(pk=membership_id).first()
    if lead:
        mail.send_message(lead, name=name, email=email, text=text)
