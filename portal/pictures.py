"""Somebody's picture, decoded with care and written anew.

Nothing that was sent is kept or passed on: only the first frame as plain pixels, without place,
camera, colour profile, comments or whatever else hid in the file.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from threading import Lock

from PIL import Image, ImageFile, ImageOps, WebPImagePlugin

MOST_BYTES = 12_000_000
MOST_SIDE = 8000  # pixels
MOST_PIXELS = 25_000_000  # what a good camera takes: 5800 by 4300
FORMATS = ("PNG", "JPEG", WebPImagePlugin.WebPImageFile.format)
PAGE = (1600, 1600)  # as large as a page shows one, on a screen with small dots too
QUALITY = 84
# In a JPEG of drawn lines one sees smudges: it has to be this much smaller to be worth it.
WORTH_IT = 2

# A JPEG may repeat itself in steps of 42 bytes that cost 9 ms each at 25 million pixels: 12 MB of
# them, 43 minutes. Programs write some ten steps; by chance the mark stands in 12 MB 183 times.
STEP, MOST_STEPS = b"\xff\xda", 300

# Beyond this nothing is decoded, whatever else in the process opens a picture.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# A large picture takes some 100 MB for a moment: one at a time in each process.
ONE_AT_A_TIME = Lock()

UNREADABLE = (
    "This file cannot be read as a picture. Choose a PNG, JPEG or WebP file; "
    "a drawing (SVG) or GIF can be saved as PNG first."
)
TOO_MANY_STEPS = "This JPEG is made of too many steps. Open it in a program and save it once more."
TOO_MANY = "This picture has more than 25 million pixels. Save it smaller first."


class NotAPictureError(Exception):
    """The file cannot be taken as a picture; the text says why, and what would do."""


@dataclass(frozen=True)
class Picture:
    """A picture written anew, and its size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


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


def for_page(content: bytes) -> Picture:
    """As a page and its PDF show it: a photo as JPEG, a drawing as PNG; what is clear is white."""
    image, was_jpeg = small(content, PAGE)
    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image).convert("RGB")
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    made = Picture(out.getvalue(), "image/jpeg", image.width, image.height)
    if was_jpeg:
        return made
    drawing = png(image)
    return drawing if len(drawing.content) < WORTH_IT * len(made.content) else made


def png(image: Image.Image) -> Picture:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), "image/png", image.width, image.height)


def small(
    content: bytes, box: tuple[int, int], most_side: int = MOST_SIDE
) -> tuple[Image.Image, bool]:
    """The picture in a file, told by its content, upright and within `box` (in pixels).

    L, RGB, or RGBA where some of it is clear. Also whether it came as a JPEG: so is a photo.
    Raises NotAPictureError.
    """
    if content.count(STEP) > MOST_STEPS:
        raise NotAPictureError(TOO_MANY_STEPS)
    try:
        with strictly(), Image.open(BytesIO(content), formats=FORMATS) as image:
            refuse_large(image, most_side)
            return shrunk(image, box), content.startswith(b"\xff\xd8")
    except NotAPictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPictureError(
            TOO_MANY if most_side == MOST_SIDE else too_wide(most_side)
        ) from None
    except Exception:  # noqa: BLE001 (on bytes of a stranger a decoder may fail in any way)
        raise NotAPictureError(UNREADABLE) from None


def refuse_heavy(size: int, most: int = MOST_BYTES) -> None:
    """By the size of the file in bytes, before it is read."""
    if size > most:
        raise NotAPictureError(
            f"This file has {size / 1_000_000:.1f} MB. "
            f"Choose one of at most {most // 1_000_000} MB."
        )


def too_wide(most_side: int) -> str:
    return f"This picture is larger than {most_side} × {most_side} pixels. Choose a smaller one."


def refuse_large(image: Image.Image, most_side: int) -> None:
    """By what its header says, before anything is decoded."""
    if max(image.size) > most_side:
        raise NotAPictureError(too_wide(most_side))


def shrunk(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    image.seek(0)
    if image.mode == "I;16":  # Pillow would cut off what is brighter than 255 of its 65,535
        image = image.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
    # A palette cannot be made smaller, nor one colour that stands for clear.
    if image.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"} or "transparency" in image.info:
        image = image.convert("RGBA")
    # Small first: turning it, where a camera says so, then costs next to nothing.
    image.thumbnail((max(box), max(box)))
    image = ImageOps.exif_transpose(image)
    image.thumbnail(box)
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA" if image.mode == "LA" else "RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {}
    return image
