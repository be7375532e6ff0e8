"""What stands beside somebody's year: invitations to look after, and what is new for the NWG.

They have nothing to do with each other but the page: both come in one query, for Today is looked
at more often than anything else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import CharField, DateTimeField, Exists, F, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from changingtracks.today.shown import Row
from portal import access
from portal.access import Permission
from portal.models import Invitation, MusicService, NwgSeat, User
from resources.models import AnnualReview, Resource, ReviewState, Visibility
from selfassessment import steps

SOON = dt.timedelta(days=3)  # an invitation that ends within this is worth a look
NEW = dt.timedelta(days=60)  # a resource is news for as long
REVIEWS, RESOURCES = 2, 3  # at most


@dataclass(frozen=True)
class Beside:
    invitations: list[Row] = field(default_factory=list)
    for_nwg: list[Row] = field(default_factory=list)


def read(user: User, service: MusicService | None = None) -> Beside:
    """One query, whoever this is."""
    reviews = AnnualReview.objects.filter(
        state=ReviewState.PUBLISHED, visibility=Visibility.NWG
    ).order_by("-published_at", "-pk")
    resources = (
        Resource.objects.published()
        .filter(visibility=Visibility.NWG, published_on__gt=timezone.localdate() - NEW)
        .newest_first()
    )
    if not access.can(user, Permission.LIBRARY_MEMBERS):
        seat = Exists(NwgSeat.objects.live().filter(user=user))
        reviews, resources = reviews.filter(seat), resources.filter(seat)
    number = Cast("pk", CharField())
    parts = [
        reviews.values_list(Value("review"), "title", number, "published_at")[:REVIEWS],
        resources.values_list(
            Value("resource"), "title", "slug", Cast("published_on", DateTimeField())
        )[:RESOURCES],
    ]
    if service and access.can(user, Permission.PEOPLE_MANAGE, service):
        sent_before = timezone.now() + SOON - dt.timedelta(days=settings.INVITATION_DAYS)
        waiting = service.invitations.waiting().filter(sent_at__lt=sent_before)
        parts.append(waiting.values_list(Value("invitation"), F("email"), number, "sent_at"))
    first, *others = parts
    found = sorted(first.union(*others, all=True), key=lambda row: row[3], reverse=True)
    return Beside(
        invitations=[
            invitation(service, Invitation(email=said, sent_at=at))
            for what, said, _, at in reversed(found)
            if service and what == "invitation"
        ],
        for_nwg=[
            *(review(said, key, at) for what, said, key, at in found if what == "review"),
            *(resource(said, key, at) for what, said, key, at in found if what == "resource"),
        ],
    )


def invitation(service: MusicService, one: Invitation) -> Row:
    """For those who invite: what ran out, and what is about to."""
    return Row(
        f"Send the invitation of {one.email} again"
        if one.is_expired
        else f"{one.email} has not accepted yet",
        reverse("people", args=[service.slug]),
        f"It {'ran' if one.is_expired else 'runs'} out on {steps.day(one.expires_at)}",
    )


def review(title: str, key: str, at: dt.datetime) -> Row:
    published = date_format(timezone.localtime(at), "j F Y")
    return Row(
        title,
        reverse("annual_review", args=[key]),
        "Annual review, for NWG members",
        f"Published {published}",
    )


def resource(title: str, slug: str, at: dt.datetime) -> Row:
    return Row(
        title,
        reverse("resource", args=[slug]),
        "New in the library, for NWG members",
        date_format(at.date(), "j F Y"),
    )
