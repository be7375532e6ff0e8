"""The logo of a music service: somebody's picture, decoded with care and written anew as PNG.

Papers never carry the file that was sent: only its first frame as plain pixels, without colour
profile, position, comments or whatever else hid in it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageFile, ImageOps, WebPImagePlugin

from portal.actions import record
from portal.models import MusicService, ServiceLogo, User, Verb

MOST_BYTES = 2_000_000
MOST_SIDE = 4000  # pixels
BOX = (800, 400)  # as large as it is kept: 300 dots to the inch at 68 mm across
FORMATS = ("PNG", "JPEG", WebPImagePlugin.WebPImageFile.format)

# Beyond this nothing is decoded, whatever else in the process opens a picture.
Image.MAX_IMAGE_PIXELS = MOST_SIDE * MOST_SIDE
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# A large picture takes some 80 MB for a moment: one at a time in each process.
ONE_AT_A_TIME = Lock()


class NotALogoError(Exception):
    """The file cannot be a logo; the text says why, and what would do."""


@dataclass(frozen=True)
class Picture:
    """A picture written anew: PNG, and its size in pixels."""

    png: bytes
    width: int
    height: int


@contextmanager
def strictly() -> Iterator[None]:
    """One picture at a time, and whole: WeasyPrint, where it is loaded, has Pillow take halves."""
    with ONE_AT_A_TIME:
        lax = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lax


def picture(content: bytes) -> Picture:
    """The picture in a file that somebody sent, by its content, whatever the file is called."""
    try:
        with strictly(), Image.open(BytesIO(content), formats=FORMATS) as image:
            refuse_large(image)
            return written_anew(image)
    except NotALogoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotALogoError(TOO_LARGE) from None
    except Exception:  # noqa: BLE001 (on bytes of a stranger a decoder may fail in any way)
        raise NotALogoError(
            "This file cannot be read as a picture. Choose a PNG, JPEG or WebP file; "
            "a drawing (SVG) or GIF can be saved as PNG first."
        ) from None


def refuse_heavy(size: int) -> None:
    """By the size of the file in bytes, before it is read."""
    if size > MOST_BYTES:
        raise NotALogoError(f"This file has {size / 1_000_000:.1f} MB. Choose one of at most 2 MB.")


TOO_LARGE = f"This picture is larger than {MOST_SIDE} × {MOST_SIDE} pixels. Choose a smaller one."


def refuse_large(image: Image.Image) -> None:
    """By what its header says, before anything is decoded."""
    if max(image.size) > MOST_SIDE:
        raise NotALogoError(TOO_LARGE)


def written_anew(image: Image.Image) -> Picture:
    image.seek(0)
    if image.mode == "I;16":  # Pillow would cut off what is brighter than 255 of its 65,535
        image = image.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
    if image.format != "JPEG" or image.mode not in {"RGB", "L"}:
        image = image.convert("RGBA")
    # Small first: turning it, where a camera says so, then costs next to nothing.
    image.thumbnail((max(BOX), max(BOX)))
    image = ImageOps.exif_transpose(image)
    image.thumbnail(BOX)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {}
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), image.width, image.height)


@transaction.atomic
def keep(*, service: MusicService, alt: str, by: User, picture: Picture | None = None) -> None:
    """Put a logo on the papers of a service; without a picture, only say anew what it shows."""
    said: dict[str, object] = {"alt": alt, "changed_by": by}
    if picture:
        said |= {"image": picture.png, "width": picture.width, "height": picture.height}
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
