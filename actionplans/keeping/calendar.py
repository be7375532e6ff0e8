"""Somebody's calendar as iCalendar (RFC 5545): what is due from them, and when plans are reviewed.

A calendar program reads it by a private link, without a sign-in. It gets what its person sees now.
"""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from actionplans.models import ActionPlan, Milestone, ReminderChoice, Review, Target
from portal import mail
from portal.accounts import may_sign_in
from portal.models import User

MEETING = dt.timedelta(hours=1)
# What no text of a calendar holds (RFC 5545, 3.3.11), and what else may break a line in two.
BREAKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]+")
EVERY = dt.timedelta(hours=6)  # how often a program may well ask


def owner_of(key: str) -> User | None:
    """Whose calendar a link opens; None where it was made up, renewed, or their account closed."""
    choice = ReminderChoice.objects.select_related("user").filter(calendar_key=key).first()
    return choice.user if choice and may_sign_in(choice.user) else None


def feed(user: User) -> bytes:
    """All of it; the same bytes for as long as nothing in it changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Changing Tracks//Action plans//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Changing Tracks")
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", EVERY)
    own = (
        Target.objects.visible_to(user)
        .in_force()
        .owned_by(user)
        .select_related("plan__service")
        .prefetch_related("milestones")
    )
    for target in own.order_by("pk"):
        if target.due_on:
            calendar.add_component(due(target, target.due_on))
        for step in target.milestones.all():
            if step.due_on and step.done_on is None:
                calendar.add_component(step_due(target, step, step.due_on))
    plans = ActionPlan.objects.visible_to(user).in_force()
    for review in Review.objects.open().with_plan().filter(plan__in=plans).order_by("pk"):
        calendar.add_component(meeting(review))
    return bytes(calendar.to_ical())


def plain(text: str) -> str:
    """A text without what breaks lines; our calendar escapes ordinary line ends itself."""
    return BREAKS.sub(" ", text)


def event(kind: str, pk: int, summary: str, stamp: dt.datetime, path: str) -> Event:
    """What every event says. Its UID stays, so that a program changes it instead of adding one."""
    made = Event()
    made.add("uid", f"{kind}-{pk}@{urlsplit(settings.SITE_URL).hostname}")
    made.add("dtstamp", stamp)
    made.add("last-modified", stamp)
    made.add("summary", plain(summary))
    made.add("url", mail.absolute(path))
    return made


def all_day(made: Event, day: dt.date) -> Event:
    """A day without a time of day, wherever the calendar is read; it takes up nobody's time."""
    made.add("dtstart", day)
    made.add("dtend", day + dt.timedelta(days=1))
    made.add("transp", "TRANSPARENT")
    return made


def due(target: Target, day: dt.date) -> Event:
    made = event(
        "target", target.pk, f"Due: {target}", target.changed_at, target.get_absolute_url()
    )
    made.add("sequence", target.version)
    made.add("description", plain(f"{target.plan.service}, {target.plan}"))
    return all_day(made, day)


def step_due(target: Target, step: Milestone, day: dt.date) -> Event:
    made = event(
        "step",
        step.pk,
        f"Milestone: {step} ({target.reference})",
        target.changed_at,
        target.get_absolute_url(),
    )
    made.add("sequence", target.version)
    made.add("description", plain(f"{target}. {target.plan.service}, {target.plan}"))
    return all_day(made, day)


def meeting(review: Review) -> Event:
    """Its time of day is London's, written in UTC: an hour, for nobody says how long."""
    path = review.get_absolute_url()
    summary = f"{review.name}: {review.plan.service}"
    made = event("review", review.pk, summary, review.planned_at, path)
    made.add("description", plain(f"{review.plan.service}, {review.plan}"))
    if review.place:
        made.add("location", plain(review.place))
    if review.starts_time is None:
        return all_day(made, review.held_on)
    at = dt.datetime.combine(
        review.held_on, review.starts_time, tzinfo=timezone.get_default_timezone()
    ).astimezone(dt.UTC)
    made.add("dtstart", at)
    made.add("dtend", at + MEETING)
    return made
