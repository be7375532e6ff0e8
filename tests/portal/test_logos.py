"""A logo is decoded with care, written anew, and chosen by the leads of its service alone."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFile

from portal import logos
from portal.models import Activity, ServiceLogo, Verb
from portal.pictures import NotAPictureError
from tests import factories

PLUM = (91, 26, 107)
UNREADABLE = (
    "This file cannot be read as a picture. Choose a PNG, JPEG or WebP file; "
    "a drawing (SVG) or GIF can be saved as PNG first."
)
TOO_LARGE = "This picture is larger than 4000 × 4000 pixels. Choose a smaller one."


def drawn(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def plain(size: tuple[int, int] = (300, 100), mode: str = "RGB") -> Image.Image:
    return Image.new("RGB", size, PLUM).convert(mode)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def unpacks_large(kind: bytes) -> bytes:
    """A PNG of 100 kB in which one note of text, or colour profile, unpacks to 100 MB."""
    png = drawn(plain())
    return png[:33] + chunk(kind, b"a\0\0" + zlib.compress(b"a" * 100_000_000)) + png[33:]


def claims(width: int, height: int) -> bytes:
    """The head of a WebP that says it is this large, and nothing of what it shows."""
    size = struct.pack("<I", (width - 1) | ((height - 1) << 14))
    body = b"\x2f" + size + bytes(41)
    head = b"WEBPVP8L" + struct.pack("<I", len(body))
    return b"RIFF" + struct.pack("<I", len(head) + len(body)) + head + body


def kept(service):
    """The logo of a service as it is kept: picture, size, words."""
    logo = ServiceLogo.objects.of(service)
    return logo and (bytes(logo.image), logo.width, logo.height, logo.alt)


@pytest.fixture
def page(avon):
    return reverse("logo", args=[avon.slug])


def sent(content: bytes, alt: str = "Three bells", name: str = "logo.png") -> dict[str, object]:
    return {"image": SimpleUploadedFile(name, content, "image/png"), "alt": alt}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_png_that_fits_a_paper(kind):
    made = logos.picture(drawn(plain((2000, 500)), kind))

    read = Image.open(BytesIO(made.content))
    assert (read.format, read.size, read.mode) == ("PNG", (800, 200), "RGB")
    assert (made.width, made.height) == (800, 200)
    assert all(abs(was - now) < 4 for was, now in zip(PLUM, read.getpixel((400, 100)), strict=True))


def test_a_small_picture_keeps_its_size():
    made = logos.picture(drawn(plain((30, 20))))

    assert (made.width, made.height) == (30, 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_way_of_counting_colours_can_be_read(mode):
    image = Image.new(mode, (40, 20)) if mode == "I;16" else plain((40, 20), mode)

    assert logos.picture(drawn(image)).width == 40


def test_what_is_clear_stays_clear():
    clear = Image.new("RGBA", (40, 20), (*PLUM, 0))

    made = logos.picture(drawn(clear))

    assert Image.open(BytesIO(made.content)).getpixel((0, 0))[3] == 0


def test_sixteen_bits_of_grey_stay_grey():
    made = logos.picture(drawn(Image.new("I;16", (40, 20), 0x8000)))

    assert Image.open(BytesIO(made.content)).getpixel((0, 0)) == 128


def test_nothing_is_kept_but_what_is_seen():
    exif = Image.Exif()
    exif[0x010E] = "Where I live"
    exif[0x0112] = 6  # turned by the camera
    jpeg = drawn(plain(), "JPEG", exif=exif, comment=b"secret", icc_profile=b"profile" * 99)

    made = logos.picture(jpeg + b"<script>alert(1)</script>PK\x03\x04")

    assert (made.width, made.height) == (100, 300)
    assert Image.open(BytesIO(made.content)).info == {}
    assert [
        word for word in (b"live", b"secret", b"profile", b"script") if word in made.content
    ] == []


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_taken(kind):
    other = Image.new("RGB", (300, 100), "white")
    moving = drawn(plain(), kind, save_all=True, append_images=[other], lossless=True)

    made = logos.picture(moving)

    read = Image.open(BytesIO(made.content))
    assert (getattr(read, "n_frames", 1), read.getpixel((0, 0))) == (1, PLUM)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: b"", UNREADABLE),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", UNREADABLE),
        (lambda: drawn(plain(), "GIF"), UNREADABLE),
        (lambda: drawn(plain(), "TIFF"), UNREADABLE),
        (lambda: b"GIF89a" + drawn(plain()), UNREADABLE),
        (lambda: drawn(plain())[:200], UNREADABLE),
        (lambda: drawn(Image.effect_noise((300, 100), 50), "JPEG")[:4000], UNREADABLE),
        (lambda: drawn(plain())[:40] + b"\0" * 400, UNREADABLE),
        (lambda: unpacks_large(b"zTXt"), UNREADABLE),
        (lambda: unpacks_large(b"iCCP"), UNREADABLE),
        (lambda: drawn(Image.new("1", (4001, 1))), TOO_LARGE),
        (lambda: drawn(Image.new("1", (5000, 5000))), TOO_LARGE),
        (lambda: drawn(Image.new("1", (9000, 9000))), TOO_LARGE),
        (lambda: claims(16383, 16383), TOO_LARGE),
    ],
)
def test_what_is_no_logo_is_refused_with_its_reason(content, why):
    with pytest.raises(NotAPictureError) as refusal:
        logos.picture(content())

    assert str(refusal.value) == why


def test_half_a_picture_is_refused_though_another_library_takes_halves(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)

    with pytest.raises(NotAPictureError):
        logos.picture(drawn(plain())[:200])

    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_a_lead_puts_a_logo_on_the_papers(sign_in, avon, page):
    browser = sign_in("inclusion_lead")

    answer = browser.post(page, sent(drawn(plain())), follow=True)

    assert f'src="{reverse("logo_image", args=[avon.slug])}?' in answer.text
    assert 'alt="Three bells"' in answer.text
    png, *about = kept(avon)
    assert png.startswith(b"\x89PNG")
    assert about == [300, 100, "Three bells"]
    assert [(one.verb, one.subject) for one in Activity.objects.all()] == [
        (Verb.CHANGED, "the logo of Avon Music Service")
    ]


def test_the_name_of_the_service_is_offered_as_what_it_shows(sign_in, avon, page):
    answer = sign_in("lead").get(page)

    assert answer.context["form"]["alt"].value() == "Avon Music Service"


def test_what_it_shows_can_be_said_anew_without_the_picture(sign_in, person, avon, page):
    factories.logo(avon, by=person("lead"))
    png, *_ = kept(avon)

    sign_in("lead").post(page, {"alt": "Four bells"})

    assert kept(avon) == (png, 300, 100, "Four bells")


def test_a_refused_picture_leaves_the_logo_and_keeps_what_was_typed(sign_in, person, avon, page):
    factories.logo(avon, by=person("lead"))
    before = kept(avon)

    answer = sign_in("lead").post(page, sent(b"no picture", alt="Four bells"))

    assert answer.status_code == 422
    assert UNREADABLE in answer.text
    assert 'value="Four bells"' in answer.text
    assert kept(avon) == before


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"alt": "Three bells"}, "Choose a picture."),
        ({"alt": " "}, "Say what the picture shows."),
        ({"alt": "W" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_a_logo_has_a_picture_and_words(sign_in, avon, page, fields, why):
    answer = sign_in("lead").post(page, fields)

    assert answer.status_code == 422
    assert why in answer.text
    assert kept(avon) is None


def test_a_heavy_file_is_refused_before_it_is_read(sign_in, avon, page):
    heavy = drawn(plain()) + bytes(logos.MOST_BYTES)

    answer = sign_in("lead").post(page, sent(heavy))

    assert answer.status_code == 422
    assert "This file has 2.0 MB. Choose one of at most 2 MB." in answer.text
    assert kept(avon) is None


def test_a_logo_is_taken_off(sign_in, person, avon, page):
    factories.logo(avon, by=person("lead"))

    answer = sign_in("lead").post(page, {"go": "remove"}, follow=True)

    assert "The logo is off." in answer.text
    assert kept(avon) is None
    assert Activity.objects.first().verb == Verb.REMOVED


@pytest.mark.parametrize(
    ("name", "status"),
    [("group_member", 403), ("board_viewer", 403), ("team", 403), ("outsider", 404)],
)
def test_nobody_else_changes_or_removes_a_logo(sign_in, person, avon, page, name, status):
    factories.logo(avon, by=person("lead"))
    before = kept(avon)
    browser = sign_in(name)

    answers = [browser.post(page, sent(drawn(plain()))), browser.post(page, {"go": "remove"})]

    assert [answer.status_code for answer in answers] == [status, status]
    assert kept(avon) == before


def test_the_picture_is_shown_to_its_people_as_a_picture_and_nothing_else(sign_in, person, avon):
    factories.logo(avon, by=person("lead"))
    browser, address = sign_in("board_viewer"), reverse("logo_image", args=[avon.slug])

    answer = browser.get(address)
    again = browser.get(address, headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.content == bytes(ServiceLogo.objects.get().image)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_a_service_without_a_logo_has_no_picture(sign_in, avon):
    answer = sign_in("lead").get(reverse("logo_image", args=[avon.slug]))

    assert answer.status_code == 404


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words_on_the_page(sign_in, avon, page, text):
    answer = sign_in("lead").post(page, sent(drawn(plain()), alt=text[:200]), follow=True)

    assert kept(avon)[3] == text[:200]
    assert "<b onmouseover" not in answer.text


@pytest.mark.parametrize(
    ("name", "told"), [("lead", True), ("inclusion_lead", True), ("group_member", False)]
)
def test_leads_find_the_logo_from_the_page_of_their_service(sign_in, avon, page, name, told):
    answer = sign_in(name).get(avon.get_absolute_url())

    assert (f'href="{page}"' in answer.text) is told
