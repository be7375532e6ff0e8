"""A service's own term dates: kept where they differ from the usual, term by term."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from actionplans.keeping import terms
from actionplans.keeping.terms import Dates
from actionplans.models import TermDates
from portal.actions import record
from portal.models import MusicService, User, Verb


@dataclass(frozen=True)
class Clash:
    """Somebody set dates since the page was read. Nothing was written."""

    theirs: tuple[Dates, ...]


def of_years(service: MusicService, years: Iterable[int]) -> tuple[Dates, ...]:
    """The terms of these years as they hold for a service."""
    years = list(years)
    return terms.in_force(service.term_dates.filter(year__in=years), years)


def as_read(dates: Iterable[Dates]) -> str:
    """A short name for what a page was shown, to notice when it is no longer so."""
    return hashlib.sha256(repr(tuple(dates)).encode()).hexdigest()[:32]


@transaction.atomic
def save(*, service: MusicService, dates: Iterable[Dates], read: str, by: User) -> Clash | None:
    """Keep these terms as the service's own; those that are as usual follow the usual again."""
    service = MusicService.objects.select_for_update(no_key=True).get(pk=service.pk)
    wanted = tuple(dates)
    now = of_years(service, sorted({one.year for one in wanted}))
    if now == wanted:
        return None
    if as_read(now) != read:
        return Clash(now)
    for one in wanted:
        row = service.term_dates.filter(year=one.year, term=one.term)
        if one in terms.usual(one.year):
            row.delete()
            continue
        TermDates.objects.update_or_create(
            service=service,
            year=one.year,
            term=one.term,
            defaults={
                "starts_on": one.starts_on,
                "ends_on": one.ends_on,
                "half_starts_on": one.half_starts_on,
                "half_ends_on": one.half_ends_on,
            },
        )
    record(by=by, verb=Verb.CHANGED, subject=f"Term dates of {service}", service=service)
    return None
