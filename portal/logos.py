"""The logo of a music service, written anew as PNG: papers never carry the file that was sent."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal import pictures
from portal.actions import record
from portal.models import MusicService, ServiceLogo, User, Verb
from portal.pictures import Picture

MOST_BYTES = 2_000_000
MOST_SIDE = 4000  # pixels
BOX = (800, 400)  # as large as it is kept: 300 dots to the inch at 68 mm across


def picture(content: bytes) -> Picture:
    """The picture in a file that somebody sent, or NotAPictureError; what is clear stays clear."""
    image, _ = pictures.small(content, BOX, MOST_SIDE)
    return pictures.png(image)


@transaction.atomic
def keep(*, service: MusicService, alt: str, by: User, picture: Picture | None = None) -> None:
    """Put a logo on the papers of a service; without a picture, only say anew what it shows."""
    said: dict[str, object] = {"alt": alt, "changed_by": by}
    if picture:
        said |= {"image": picture.content, "width": picture.width, "height": picture.height}
        ServiceLogo.objects.update_or_create(service=service, defaults=said)
    else:
        ServiceLogo.objects.filter(service=service).update(changed_at=timezone.now(), **said)
    record(by=by, verb=Verb.CHANGED, subject=f"the logo of {service}", service=service)


@transaction.atomic
def remove(*, service: MusicService, by: User) -> None:
    """Take the logo off the papers to come. Removing it twice is no harm."""
    removed, _ = ServiceLogo.objects.filter(service=service).delete()
    if removed:
        record(by=by, verb=Verb.REMOVED, subject=f"the logo of {service}", service=service)
