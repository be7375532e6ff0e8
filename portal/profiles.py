"""The public profile of a music service: written and confirmed by its leads."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import MusicService, User, Verb

FIELDS = ["why_joined", "improving", "difference", "website"]


class ChangedMeanwhileError(Exception):
    """Somebody saved since the page was read: `now` is what is there."""

    def __init__(self, now: MusicService) -> None:
        super().__init__("Somebody else saved this profile while you wrote.")
        self.now = now


def as_read(service: MusicService) -> str:
    """What a page shows of the profile, in short: it is sent back with the form."""
    shown = json.dumps([getattr(service, field) for field in FIELDS])
    return hashlib.blake2s(shown.encode(), digest_size=12).hexdigest()


@transaction.atomic
def keep(*, service: MusicService, values: dict[str, str], read: str, by: User) -> None:
    """Save the profile and confirm it, if it still is as the page read it."""
    now = MusicService.objects.select_for_update().get(pk=service.pk)
    was = as_read(now)
    for field in FIELDS:
        setattr(service, field, values[field])
    if read != was and as_read(service) != was:
        raise ChangedMeanwhileError(now)
    service.confirmed_at, service.confirmed_by = timezone.now(), by
    service.save(update_fields=[*FIELDS, "confirmed_at", "confirmed_by"])
    verb = Verb.CONFIRMED if as_read(service) == was else Verb.CHANGED
    record(by=by, verb=verb, subject=f"the public profile of {service}", service=service)
