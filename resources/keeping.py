"""A person's own list, what they share of it, and what they say of a resource."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.models import MusicService, User
from resources.models import Kept, Resource, Usefulness


@transaction.atomic
def keep(*, resource: Resource, why: str, service: MusicService | None, by: User) -> Kept:
    """Put a resource on one's list, or say anew why it is there and who else sees it."""
    kept, _ = Kept.objects.update_or_create(
        resource=resource, user=by, defaults={"why": why, "service": service}
    )
    return kept


@transaction.atomic
def unkeep(*, resource: Resource, by: User) -> bool:
    """Take it off one's list. Whether it was there."""
    gone, _ = Kept.objects.filter(resource=resource, user=by).delete()
    return gone > 0


@transaction.atomic
def say(*, resource: Resource, useful: bool, changed: str, by: User) -> None:
    """Say whether it was useful, and what was changed: one word a person, the last one counts."""
    now = timezone.now()
    Usefulness.objects.update_or_create(
        resource=resource,
        user=by,
        defaults={"useful": useful, "changed": changed, "said_at": now},
    )
