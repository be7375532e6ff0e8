"""Reminders to those who are not done: a few days before the date, and on the day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from selfassessment.asking import mail
from selfassessment.models import Audit, MailKind, Respondent

DAYS_BEFORE = 3
# Hours in London: a worker that was down in the morning catches up, and nobody gets mail at night.
MORNING, EVENING = 8, 19


@app.periodic(cron="2 * * * *")
@app.task(
    name="selfassessment.remind",
    queueing_lock="remind",
    retry=RetryStrategy(max_attempts=3, wait=60),
)
def remind_all(timestamp: int) -> None:  # noqa: ARG001 (a late worker goes by the time it is now)
    """Remind everybody whose date is near. Doing it twice reminds nobody twice."""
    if not MORNING <= timezone.localtime().hour < EVENING:
        return
    today = timezone.localdate()
    days = [today, today + dt.timedelta(days=DAYS_BEFORE)]
    due = Respondent.objects.to_remind(today).filter(audit__finish_on__in=days)
    for audit in Audit.objects.filter(pk__in=due.values("audit")).order_by("pk"):
        remind(audit)


def remind(audit: Audit) -> int:
    """Send a reminder to those of an audit who may get one today, and say to how many.

    Each is marked in the transaction that makes the mail, and whoever is marked is passed over:
    two workers at once share them out. Who is just handing in is not waited for.
    """
    today = timezone.localdate()
    with transaction.atomic():
        due = list(
            Respondent.objects.to_remind(today)
            .filter(audit=audit)
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
        )
        Respondent.objects.filter(pk__in=[one.pk for one in due]).update(reminded_on=today)
        mail.post(due, MailKind.LAST_DAY if audit.finish_on == today else MailKind.REMINDER)
    return len(due)
