"""The weekly digest: one mail a week at most with what waits for somebody in their plans.

It goes out on Monday morning, or later in the week where the worker was down or the service came
back from holidays. Whoever was looked at in a week has a row for it, also where nothing waited:
what falls due on a Wednesday is for next Monday.
"""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from actionplans.keeping import waiting
from actionplans.keeping.waiting import Waiting
from actionplans.models import Digest, ReminderChoice
from portal import mail
from portal.accounts import may_sign_in
from portal.models import Membership, User
from portal.tasks import PATIENT

MORNING, EVENING = 8, 19  # hours in London: nobody gets mail at night
FRIDAY = 4
AT_ONCE = 200  # people looked at in one transaction
SIGNER = signing.Signer(salt="actionplans.weekly")


@app.periodic(cron="7 * * * *")
@app.task(
    name="actionplans.remind_weekly",
    lock="remind_weekly",
    queueing_lock="remind_weekly",
    retry=RetryStrategy(max_attempts=3, wait=60),
)
def remind_all(timestamp: int) -> None:  # noqa: ARG001 (a late worker goes by the time it is now)
    """Look at everybody whose week has not been looked at yet. Twice mails nobody twice."""
    now = timezone.localtime()
    if now.weekday() > FRIDAY or not MORNING <= now.hour < EVENING:
        return
    today = now.date()
    Digest.objects.filter(lines=0, monday_on__lt=monday_of(today)).delete()
    after: int | None = 0
    while after is not None:
        after = remind(today, after=after)


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def remind(today: dt.date, *, after: int) -> int | None:
    """Take the next people by id, note their week, and put mail to those for whom something waits.

    Returns the last id looked at, or None at the end. Two workers at once share people out.
    """
    monday = monday_of(today)
    with transaction.atomic():
        held = list(to_look_at(monday, after).select_for_update(skip_locked=True, no_key=True))
        # Another worker may have been here between our first look and the lock.
        taken = set(
            Digest.objects.filter(user__in=held, monday_on=monday).values_list("user", flat=True)
        )
        people = [one for one in held if one.pk not in taken and may_sign_in(one)]
        rows = Digest.objects.bulk_create(
            Digest(user_id=person, monday_on=monday, lines=len(found.lines))
            for person, found in waiting.read(people, today).items()
        )
        jobs: list[JSONDict] = [{"digest_id": row.pk} for row in rows if row.lines]
        if jobs:
            send.batch_defer(*jobs)
    return held[-1].pk if held else None


def to_look_at(monday: dt.date, after: int) -> models.QuerySet[User]:
    """The next people who belong to a service, take the mail, and have no row for the week."""
    of_person = OuterRef("pk")
    return (
        User.objects.filter(
            Exists(Membership.objects.live().filter(user=of_person)), is_active=True, pk__gt=after
        )
        .exclude(Exists(Digest.objects.filter(user=of_person, monday_on=monday)))
        .exclude(Exists(ReminderChoice.objects.filter(user=of_person, weekly=False)))
        .order_by("pk")[:AT_ONCE]
    )


@app.task(name="actionplans.send_digest", queue="mail", retry=PATIENT)
def send(*, digest_id: int) -> None:
    """Mail one digest as things are now; nothing where nothing waits any more."""
    digest = Digest.objects.select_related("user").filter(pk=digest_id).first()
    if digest is None or not takes_mail(digest.user):
        return
    today = timezone.localdate()
    found = waiting.read([digest.user], today).get(digest.user_id, Waiting())
    if not found.lines:
        return
    stop = mail.absolute(reverse("reminders_stop", args=[stop_token(digest.user)]))
    mail.send(
        to=digest.user.email,
        subject=subject(found),
        template="weekly_digest",
        context={
            "user": digest.user,
            "waiting": found,
            "with_service": len(found.services) > 1,
            "choices": mail.absolute(reverse("reminders")),
            "stop": stop,
        },
        headers={"List-Unsubscribe": f"<{stop}>"},
    )


def takes_mail(user: User) -> bool:
    unwilling = ReminderChoice.objects.filter(user=user, weekly=False)
    return may_sign_in(user) and not unwilling.exists()


def subject(found: Waiting) -> str:
    """How many targets, and of which service where it is one."""
    count = len(found.lines)
    said = f"{count} target{'' if count == 1 else 's'} to look at"
    return f"{found.services[0]}: {said}" if len(found.services) == 1 else said


def stop_token(user: User) -> str:
    """What the link of a digest carries: it stops and starts this mail, and does nothing else."""
    return SIGNER.sign(str(user.pk))


def by_stop_token(token: str) -> User | None:
    """Whose mail a link stops; None where it was made up."""
    try:
        pk = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk).first()
