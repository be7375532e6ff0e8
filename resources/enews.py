"""The e-news: asking for it, confirming by a mailed link, leaving, and being forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from portal import mail
from portal.actions import record
from portal.exports import Sheet
from portal.models import Topic, User, Verb
from portal.tasks import PATIENT
from resources.models import Subscriber


class LinkTooOldError(Exception):
    """Nobody confirmed in time; they can ask once more."""


@dataclass(frozen=True)
class Readership:
    """How many get the e-news, how many have yet to confirm, and what they care about."""

    confirmed: int
    waiting: int
    topics: list[tuple[Topic, int]]


def ask(*, email: str, topics: Iterable[Topic]) -> None:
    """Note that an address asks for the e-news, and mail it a link.

    Who gets it already stays as they are, and is told so by mail: the page says the same to all.
    """
    with transaction.atomic():
        # Two who ask at once make one row
        Subscriber.objects.bulk_create([Subscriber(email=email)], ignore_conflicts=True)
        subscriber = Subscriber.objects.select_for_update().get(email__iexact=email)
        if subscriber.confirmed_at is None:
            subscriber.asked_at = timezone.now()
            subscriber.save(update_fields=["asked_at"])
            subscriber.topics.set(topics)
        send.defer(subscriber_id=subscriber.pk)


def confirm(*, subscriber: Subscriber) -> None:
    """Whoever holds the mailed link says yes. Twice is once."""
    if subscriber.confirmed_at:
        return
    if not subscriber.link_works:
        raise LinkTooOldError("This link has run out. Ask for the e-news once more.")
    subscriber.confirmed_at = timezone.now()
    subscriber.save(update_fields=["confirmed_at"])


@transaction.atomic
def remove(*, email: str, by: User) -> bool:
    """Delete an address for somebody who asked us to. Says whether it was there."""
    gone, _ = Subscriber.objects.filter(email__iexact=email).delete()
    if gone:
        record(by=by, verb=Verb.REMOVED, subject="an address from the e-news")
    return bool(gone)


def readership() -> Readership:
    """Three queries, whatever the number of readers."""
    asked = Subscriber.objects.aggregate(all=Count("pk"), confirmed=Count("confirmed_at"))
    chosen = dict(
        Subscriber.topics.through.objects.filter(subscriber__confirmed_at__isnull=False)
        .values_list("topic")
        .annotate(Count("pk"))
    )
    return Readership(
        confirmed=asked["confirmed"],
        waiting=asked["all"] - asked["confirmed"],
        topics=[(topic, chosen.get(topic.pk, 0)) for topic in Topic.objects.all()],
    )


def addresses() -> Sheet:
    """Everybody who confirmed, for the tool that sends the mail; each with the link to leave."""
    confirmed = Subscriber.objects.confirmed().prefetch_related("topics")
    return Sheet(
        name="E-news",
        header=("E-mail", "Topics", "Confirmed", "Link to leave"),
        rows=[
            (
                one.email,
                ", ".join(topic.name for topic in one.topics.all()),
                timezone.localdate(one.confirmed_at),
                leave_link(one),
            )
            for one in confirmed
        ],
    )


def leave_link(subscriber: Subscriber) -> str:
    return mail.absolute(reverse("enews_leave", args=[subscriber.key]))


@app.task(name="resources.send_enews_link", queue="mail", retry=PATIENT)
def send(*, subscriber_id: int) -> None:
    """Mail the link that confirms; to who gets the e-news already, that they do."""
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        return
    leave = leave_link(subscriber)
    confirmed = subscriber.confirmed_at is not None
    mail.send(
        to=subscriber.email,
        subject="You get our e-news already" if confirmed else "Do you want our e-news?",
        template="enews",
        context={
            "confirmed": confirmed,
            "link": mail.absolute(reverse("enews_link", args=[subscriber.key])),
            "leave": leave,
        },
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


@app.periodic(cron="37 3 * * *")
@app.task(name="resources.forget_unconfirmed", queueing_lock="forget_unconfirmed")
def forget(timestamp: int) -> None:  # noqa: ARG001 (a late worker goes by the time it is now)
    """Delete addresses that nobody confirmed."""
    Subscriber.objects.stale().delete()
