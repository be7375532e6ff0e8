"""Writing down hub areas: what lies in them, and who leads them from when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.actions import record
from portal.directory import areas
from portal.models import HubArea, HubMember, User, Verb


class TooEarlyError(Exception):
    """Something changes before it began; the text says when that was."""


class LeadOrderError(TooEarlyError):
    """A lead begins after the one before."""


class CouncilOrderError(TooEarlyError):
    """A council area leaves a hub area after it came into it."""

    def __init__(self, member: HubMember) -> None:
        super().__init__(
            f"{member.authority} lies in {member.area} since {member.from_on:%-d %B %Y}. Say from "
            "when it lies elsewhere: a later day."
        )


@transaction.atomic
def keep(
    *, area: HubArea, authorities: Iterable[str], by: User, on: dt.date | None = None
) -> HubArea:
    """Save a hub area and the councils in it. One that lay elsewhere moves here `on` that day.

    Today, where no day is given.
    """
    is_new = area.pk is None
    area.save()
    wanted = {authority.pk: authority for authority in areas(authorities)}
    current = HubMember.objects.select_for_update(of=("self",)).filter(until_on=None)
    if on:
        moves = Q(area=area) ^ Q(authority__in=wanted)  # out of here, or in from elsewhere
        early = current.filter(moves, from_on__gt=on).select_related("area", "authority").first()
        if early:
            raise CouncilOrderError(early)
    on = on or timezone.localdate()
    current.filter(area=area).exclude(authority__in=wanted).update(until_on=on)
    here = set(area.members.filter(until_on=None).values_list("authority", flat=True))
    coming = [authority for pk, authority in wanted.items() if pk not in here]
    current.filter(authority__in=coming).update(until_on=on)
    HubMember.objects.bulk_create(
        HubMember(area=area, authority=authority, from_on=None if is_new else on)
        for authority in coming
    )
    record(by=by, verb=Verb.ADDED if is_new else Verb.CHANGED, subject=f"the hub area {area}")
    return area


@transaction.atomic
def lead_from(
    *,
    area: HubArea,
    organisation: str,
    by: User,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> None:
    """Write down who leads a hub area. Who leads it now stops the day before a new one begins."""
    HubArea.objects.select_for_update().get(pk=area.pk)
    before = area.leads.filter(until_on=None).first()
    if before and until_on is None:
        if from_on is None or (before.from_on and from_on <= before.from_on):
            since = f" since {before.from_on:%-d %B %Y}" if before.from_on else ""
            raise LeadOrderError(
                f"{before.organisation} leads {area}{since}. Say from when the next one leads: a "
                "later day."
            )
        before.until_on = from_on - dt.timedelta(days=1)
        before.save(update_fields=["until_on"])
    area.leads.create(organisation=organisation, from_on=from_on, until_on=until_on)
    record(by=by, verb=Verb.CHANGED, subject=f"who leads the hub area {area}")
