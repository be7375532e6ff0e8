"""Somebody's picture, written anew for a page: small, upright, and with nothing else in it."""

from __future__ import annotations

import struct
from io import BytesIO
from threading import Thread

import pytest
from PIL import Image, ImageDraw

from portal import pictures
from portal.pictures import NotAPictureError

PLUM = (91, 26, 107)


def drawn(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Grain, which a PNG is bad at."""
    return Image.effect_noise(size, 60).convert("RGB")


def diagram(mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).rectangle((40, 40, 200, 200), fill=PLUM)
    return image.convert(mode)


def read(made: pictures.Picture) -> Image.Image:
    return Image.open(BytesIO(made.content))


@pytest.mark.parametrize(
    ("sent", "media_type"),
    [
        (drawn(photo(), "JPEG"), "image/jpeg"),
        (drawn(photo(), "WEBP"), "image/jpeg"),
        (drawn(photo()), "image/jpeg"),
        (drawn(diagram()), "image/png"),
        (drawn(diagram("P")), "image/png"),
        (drawn(diagram(), "WEBP", lossless=True), "image/png"),
        (drawn(diagram("CMYK"), "JPEG"), "image/jpeg"),
    ],
)
def test_a_photo_becomes_a_jpeg_and_a_drawing_a_png(sent, media_type):
    made = pictures.for_page(sent)

    assert (made.media_type, made.width, made.height) == (media_type, 400, 300)
    assert (read(made).get_format_mimetype(), read(made).size) == (media_type, (400, 300))


@pytest.mark.parametrize(
    ("size", "small"), [((3200, 1000), (1600, 500)), ((900, 2000), (720, 1600))]
)
def test_no_side_is_longer_than_1600(size, small):
    made = pictures.for_page(drawn(photo(size), "JPEG"))

    assert (made.width, made.height) == small


def test_what_is_clear_becomes_white():
    clear = Image.new("RGBA", (40, 20), (*PLUM, 0))

    made = pictures.for_page(drawn(clear))

    assert read(made).convert("RGB").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_camera_and_comments_are_gone_and_it_stands_upright(kind):
    exif = Image.Exif()
    exif[0x010E] = "Where I live"
    exif[0x0112] = 6  # turned by the camera
    exif.get_ifd(0x8825)[1] = "N"
    sent = drawn(photo(), kind, exif=exif, icc_profile=b"profile" * 99)

    made = pictures.for_page(sent + b"<script>alert(1)</script>PK\x03\x04")

    assert (made.width, made.height) == (300, 400)
    assert dict(read(made).getexif()) == {}
    told = (b"live", b"Exif", b"profile", b"script")
    assert [word for word in told if word in made.content] == []


def test_the_same_file_gives_the_same_bytes():
    sent = drawn(photo())

    assert pictures.for_page(sent).sha256 == pictures.for_page(sent).sha256


def claims(width: int, height: int) -> bytes:
    """A JPEG that says it is this large."""
    jpeg = drawn(photo((8, 8)), "JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "cannot be read as a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "cannot be read"),
        (drawn(photo(), "GIF"), "cannot be read"),
        (drawn(photo(), "BMP"), "cannot be read"),
        (b"%PDF-1.7\n" + drawn(photo()), "cannot be read"),
        (drawn(photo(), "JPEG")[:4000], "cannot be read"),
        (drawn(photo())[:4000], "cannot be read"),
        (drawn(photo(), "WEBP")[:4000], "cannot be read"),
        (drawn(Image.new("1", (5001, 5001))), "more than 25 million pixels"),
        (drawn(Image.new("1", (30_000, 30_000))), "more than 25 million pixels"),
        (claims(60_000, 60_000), "more than 25 million pixels"),
        (drawn(Image.new("1", (8001, 2))), "larger than 8000 × 8000 pixels"),
    ],
)
def test_what_is_no_picture_for_a_page_is_refused_with_its_reason(content, why):
    with pytest.raises(NotAPictureError, match=why):
        pictures.for_page(content)


def test_a_jpeg_that_repeats_itself_for_hours_is_refused_at_once():
    jpeg = drawn(Image.new("L", (2000, 2000), 120), "JPEG", progressive=True)
    step = jpeg[jpeg.rindex(b"\xff\xda") : -2]

    made = pictures.for_page(jpeg[:-2] + step * 9 + b"\xff\xd9")

    assert made.width == 1600
    with pytest.raises(NotAPictureError, match="too many steps"):
        pictures.for_page(jpeg[:-2] + step * 1000 + b"\xff\xd9")


def test_pictures_are_decoded_one_after_the_other():
    sent, made = drawn(photo((1200, 900))), []
    threads = [Thread(target=lambda: made.append(pictures.for_page(sent))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({one.sha256 for one in made}) == 1
    assert not pictures.ONE_AT_A_TIME.locked()
