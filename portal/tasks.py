"""Jobs of the worker: mail."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from portal import mail
from portal.models import Invitation

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
