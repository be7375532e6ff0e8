"""What the demo's programme publishes: profiles, seats on the NWG, and two annual reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from changingtracks.demo_year import EASTMERE, NORTHVALE
from changingtracks.invented_review import (
    CHAPTERS,
    FORMER_NAME,
    NEXT_CHAPTERS,
    NEXT_STRAPLINE,
    NEXT_TITLE,
    PROFILES,
    STRAPLINE,
    TITLE,
    Written,
)
from portal import seats
from portal.models import FormerName, MusicService, Topic, User
from portal.years import academic_year
from resources.models import AnnualReview, Chapter, Quotation, Resource, ReviewState
from resources.reviews import printing
from resources.reviews.figures import snapshot

CONFIRMED = dt.timedelta(days=40)


def tell(services: Mapping[str, MusicService], people: Mapping[str, User]) -> None:
    sam, ines, robin, asha, carys = (
        people[f"{name}.example.org"]
        for name in (
            *("team@changingtracks", "writer@changingtracks"),
            *("lead@northvale", "inclusion@northvale", "nwg@eastmere"),
        )
    )
    for name, profile in PROFILES.items():
        confirm(services[name], profile, robin if name == NORTHVALE else carys)
    FormerName.objects.create(
        service=services[NORTHVALE], name=FORMER_NAME, until_on=dt.date(2020, 8, 31)
    )
    seats.give(service=services[EASTMERE], user=carys, by=sam)
    seats.propose(service=services[NORTHVALE], user=asha, by=robin)

    now = academic_year(timezone.localdate())
    review = write(now - 1, TITLE, STRAPLINE, CHAPTERS, by=ines, services=services)
    publish(review, by=sam)
    write(
        now,
        NEXT_TITLE,
        NEXT_STRAPLINE,
        NEXT_CHAPTERS,
        by=ines,
        services=services,
        expected_on=dt.date(now + 1, 7, 10),
    )


def confirm(service: MusicService, profile: Mapping[str, str], by: User) -> None:
    """A profile as its lead last confirmed it."""
    for name, text in profile.items():
        setattr(service, name, text)
    service.confirmed_at, service.confirmed_by = timezone.now() - CONFIRMED, by
    service.save()


def write(
    year: int,
    title: str,
    strapline: str,
    chapters: tuple[Written, ...],
    *,
    by: User,
    services: Mapping[str, MusicService],
    expected_on: dt.date | None = None,
) -> AnnualReview:
    """A draft with these chapters."""
    review = AnnualReview.objects.create(
        year=year,
        title=title,
        strapline=strapline,
        expected_on=expected_on,
        started_by=by,
        written_by=by,
    )
    for order, told in enumerate(chapters):
        add(review, order, told, by, services)
    return review


def add(
    review: AnnualReview,
    order: int,
    told: Written,
    by: User,
    services: Mapping[str, MusicService],
) -> None:
    chapter = Chapter.objects.create(
        review=review,
        order=order,
        kind=told.kind,
        title=told.title,
        lead=told.lead,
        body=told.body,
        benefits=told.benefits,
        challenges=told.challenges,
        addressed=told.addressed,
        forward=told.forward,
        factors=told.factors,
        saved_by=by,
    )
    topics = Topic.objects.filter(slug__in=told.topics)
    chapter.topics.set(topics)
    chapter.resources.set(Resource.objects.for_everybody().on_topics(topics).newest_first()[:3])
    for place, said in enumerate(told.said):
        Quotation.objects.create(
            chapter=chapter,
            text=said.text,
            name=said.name,
            role=said.role,
            service=services.get(said.service),
            consent=True,
            consent_note=said.consent_note,
            order=place,
            saved_by=by,
        )
    if told.remark:
        chapter.remarks.create(text=told.remark, by=by)


def publish(review: AnnualReview, *, by: User) -> None:
    """Out since today, with the figures of today; the worker makes its PDF."""
    snapshot.take(review=review, by=review.written_by)
    review.refresh_from_db()
    review.state = ReviewState.PUBLISHED
    review.published_at = review.moved_at = timezone.now()
    review.published_by = review.moved_by = by
    review.save()
    printing.publish(review=review, correction="", by=by)
