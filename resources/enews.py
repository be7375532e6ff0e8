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


class ChangeGoneError(Exception):
    """The topics that a page offers are not those that wait; the text is fit to show."""


@dataclass(frozen=True)
class Readership:
    """How many get the e-news, how many have yet to confirm, and what they care about."""

    confirmed: int
    waiting: int
    topics: list[tuple[Topic, int]]


def ask(*, email: str, topics: Iterable[Topic]) -> None:
    """Note that an address asks for the e-news, and mail it a link.

    Who gets it already stays as they are until they confirm other topics: somebody else may have
    asked in their name. They hear of it by mail alone: the page says the same to all.
    """
    with transaction.atomic():
        # Two who ask at once make one row
        Subscriber.objects.bulk_create([Subscriber(email=email)], ignore_conflicts=True)
        subscriber = Subscriber.objects.select_for_update().get(email__iexact=email)
        if subscriber.confirmed_at is None:
            subscriber.asked_at = timezone.now()
            subscriber.save(update_fields=["asked_at"])
            subscriber.topics.set(topics)
        else:
            note_change(subscriber, list(topics))
        send.defer(subscriber_id=subscriber.pk)


def note_change(subscriber: Subscriber, topics: list[Topic]) -> None:
    """Keep which topics were asked for this time, where they are others than before."""
    others = set(topics) != set(subscriber.topics.all())
    subscriber.change_asked_at = timezone.now() if others else None
    subscriber.save(update_fields=["change_asked_at"])
    subscriber.wanted_topics.set(topics if others else [])


@transaction.atomic
def answer_change(*, subscriber: Subscriber, as_read: str, yes: bool) -> None:
    """Whoever holds the mailed link says yes or no to other topics, as they read them there."""
    held = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    if not held.change_waits or as_read != mark_of(held):
        raise ChangeGoneError("These topics are not waiting any more. This is how it stands now.")
    if yes:
        held.topics.set(held.wanted_topics.all())
    held.wanted_topics.clear()
    held.change_asked_at = None
    held.save(update_fields=["change_asked_at"])


def mark_of(subscriber: Subscriber) -> str:
    """Which change a page speaks of: another may be asked for while it is open."""
    asked = subscriber.change_asked_at
    return asked.isoformat() if asked else ""


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
    """Mail the link that confirms the e-news or other topics; or that they get it already."""
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        return
    leave = leave_link(subscriber)
    confirmed = subscriber.confirmed_at is not None
    mail.send(
        to=subscriber.email,
        subject=subject_for(subscriber),
        template="enews",
        context={
            "confirmed": confirmed,
            "change": subscriber.change_waits,
            "topics": list(subscriber.wanted_topics.all()) if subscriber.change_waits else [],
            "link": mail.absolute(reverse("enews_link", args=[subscriber.key])),
            "leave": leave,
        },
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def subject_for(subscriber: Subscriber) -> str:
    if subscriber.confirmed_at is None:
        return "Do you want our e-news?"
    if subscriber.change_waits:
        return "Other topics in your e-news?"
    return "You get our e-news already"


@app.periodic(cron="37 3 * * *")
@app.task(name="resources.forget_unconfirmed", queueing_lock="forget_unconfirmed")
def forget(timestamp: int) -> None:  # noqa: ARG001 (a late worker goes by the time it is now)
    """Delete addresses that nobody confirmed."""
    Subscriber.objects.stale().delete()
