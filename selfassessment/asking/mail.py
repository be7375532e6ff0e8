"""Mail to those who rate: what it says, and how it is sent, tried again and given up.

A job knows the number of a mail and nothing else: the personal link is written on sending, so it
stands in no table. A mail whose worker dies between sending and noting it is sent twice, rather
than never.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from portal import mail
from portal.tasks import PATIENT
from selfassessment.models import MailKind, MailState, Respondent, RespondentMail, Source, Stage

log = logging.getLogger(__name__)

PERMANENT = 500  # and above: an SMTP answer that stays the same however often one asks
A_MINUTE = 2  # statements that somebody rates in a minute, without writing much
ROUND = 5  # minutes
TEMPLATES = {
    MailKind.INVITATION: "respondent_invitation",
    MailKind.REMINDER: "respondent_reminder",
    MailKind.LAST_DAY: "respondent_reminder",
    MailKind.RETURN_LINK: "respondent_return_link",
}


def minutes(statements: int) -> int:
    """About how long rating takes: half a minute for each, up to the next five minutes."""
    return max(ROUND, -(-statements // (A_MINUTE * ROUND)) * ROUND)


def post(respondents: Iterable[Respondent], kind: MailKind) -> None:
    """Put a mail to each on its way: the jobs are there exactly if the transaction commits."""
    mails = RespondentMail.objects.bulk_create(
        RespondentMail(respondent=respondent, kind=kind) for respondent in respondents
    )
    if mails:
        jobs: list[JSONDict] = [{"mail_id": one.pk} for one in mails]
        deliver.batch_defer(*jobs)


@app.task(name="selfassessment.deliver_mail", queue="mail", retry=PATIENT, pass_context=True)
def deliver(context: JobContext, mail_id: int) -> None:
    """Send one mail and note what became of it; drop it where nobody needs it any more."""
    row = RespondentMail.objects.filter(pk=mail_id, state=MailState.WAITING)
    found = row.select_related(
        "respondent__audit__service",
        "respondent__audit__started_by",
        "respondent__user",
        "respondent__asked_by",
    ).first()
    if found is None:
        return
    if not is_wanted(found):
        row.update(state=MailState.DROPPED)
        return
    try:
        send(found)
    except Exception as trouble:
        for_good = is_permanent(trouble)
        last = not PATIENT.get_retry_decision(exception=trouble, job=context.job)
        row.update(
            tries=F("tries") + 1,
            trouble=in_words(trouble),
            state=MailState.FAILED if for_good or last else MailState.WAITING,
        )
        if for_good:
            log.warning("Mail %s cannot be delivered: %s", mail_id, in_words(trouble))
            return
        raise
    row.update(state=MailState.SENT, sent_at=timezone.now(), tries=F("tries") + 1, trouble="")


def is_wanted(found: RespondentMail) -> bool:
    """Whether it is still of use: they are not done, withdrawn or unwilling, and may still rate."""
    respondent = found.respondent
    unwilling = respondent.declined_at is not None and found.kind != MailKind.RETURN_LINK
    return respondent.takes_mail and not unwilling and respondent.audit.stage == Stage.RATING


def is_permanent(trouble: Exception) -> bool:
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in trouble.recipients.values())
    return False


def in_words(trouble: Exception) -> str:
    """What went wrong, fit to show: never the server's own words, they may hold what is secret."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return "The mail server does not take mail for this address. Is it spelt right?"
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return "Our mail server did not let the portal in."
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"The mail server refused the mail (code {trouble.smtp_code})."
    if isinstance(trouble, OSError):
        return "The mail server could not be reached."
    return "The mail could not be written. The portal’s own fault: please tell the programme team."


def send(found: RespondentMail) -> None:
    respondent = found.respondent
    audit = respondent.audit
    asked_by = respondent.asked_by or audit.started_by
    statements = respondent.response.statements().count()
    mail.send(
        to=respondent.address,
        subject=subject(found),
        template=TEMPLATES[MailKind(found.kind)],
        context={
            "respondent": respondent,
            "audit": audit,
            "service": audit.service,
            "asked_by": asked_by,
            "statements": statements,
            "minutes": minutes(statements),
            "days_left": (audit.finish_on - timezone.localdate()).days,
            "link": link(respondent),
            "stop": mail.absolute(reverse("linked_stop", args=[respondent.token])),
        },
        reply_to=asked_by.email,
    )


def subject(found: RespondentMail) -> str:
    service = found.respondent.audit.service
    if found.kind == MailKind.RETURN_LINK:
        return f"Your link to carry on: {service}"
    if found.kind == MailKind.INVITATION:
        return f"{service} asks for your view"
    left = (found.respondent.audit.finish_on - timezone.localdate()).days
    if left == 0:
        return f"Today is the day: your view for {service}"
    return f"Your view is still to come: {service}"


def link(respondent: Respondent) -> str:
    """Where they carry on: their own account, or the page that their link opens."""
    if respondent.source == Source.ACCOUNT:
        return mail.absolute(reverse("mine", args=[respondent.audit_id]))
    return mail.absolute(reverse("linked", args=[respondent.token]))
