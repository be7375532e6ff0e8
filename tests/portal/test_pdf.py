"""PDF for everybody: nothing foreign fetched, drawn or embedded, and structure that is checked."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import pikepdf
import pytest
from django.conf import settings
from pikepdf import Dictionary, Name
from PIL import Image

from portal import pdf
from portal.legible import all_legible, held, legible
from portal.templatetags import drawings
from tests import factories

BODY = """
<section class="cover" id="cover"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"
  width="9mm" height="9mm" role="img"><title>A drawing</title><path d="M0 0H9"/></svg>
  <h1>A paper</h1></section>
<h2 id="one">One</h2>
<p>Words, and <a href="https://example.org/">a link</a>.</p>
<table><thead><tr><th>Name</th><th>Level</th></tr></thead>
<tbody><tr><th>A1</th><td>3</td></tr></tbody></table>
"""


def page(body: str = BODY) -> str:
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><title>A paper</title>'
        '<link rel="stylesheet" href="tokens.css"><link rel="stylesheet" href="print.css">'
        f"</head><body>{body}</body></html>"
    )


def text_of(content: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-", "-"],
        input=content,
        capture_output=True,
        check=True,
    ).stdout.decode()


def changed(content: bytes, change) -> bytes:
    """The same file with one thing broken."""
    with pikepdf.open(BytesIO(content)) as broken:
        change(broken)
        out = BytesIO()
        broken.save(out)
    return out.getvalue()


def first(broken: pikepdf.Pdf, kind: str) -> Dictionary:
    return next(element for element, _ in pdf.elements(broken) if str(element.S) == kind)


@pytest.fixture(scope="module")
def paper() -> bytes:
    return pdf.render(page())


def test_a_page_of_ours_has_no_faults(paper):
    assert pdf.faults(paper) == []


def test_every_page_but_the_cover_says_how_far_it_is(paper):
    with pikepdf.open(BytesIO(paper)) as document:
        drawn = [
            pdf.page_track(share + 0.5) in pdf.joined(p) for share, p in enumerate(document.pages)
        ]
        last = [pdf.page_track(1) in pdf.joined(p) for p in document.pages]

    assert (drawn, last) == ([False, False], [False, True])
    assert "Page 2 of 2" in text_of(paper)
    assert "Page 1 of 2" not in text_of(paper)


def test_running_heads_are_no_part_of_the_reading_order(paper):
    with pikepdf.open(BytesIO(paper)) as document:
        content = pdf.joined(document.pages[1])

    assert content.count(b"/Artifact <</Type /Pagination>> BDC") >= 3


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda p: p.Root.__delitem__("/StructTreeRoot"), "not tagged"),
        (lambda p: p.Root.MarkInfo.__delitem__("/Marked"), "not tagged"),
        (lambda p: p.Root.__delitem__("/Lang"), "no language"),
        (lambda p: p.Root.__delitem__("/Metadata"), "no title"),
        (lambda p: p.Root.__delitem__("/ViewerPreferences"), "the title is not shown"),
        (lambda p: p.Root.__delitem__("/Outlines"), "no bookmarks"),
        (lambda p: p.attachments.__setitem__("a.txt", b"a"), "a file is attached"),
        (lambda p: first(p, "/Figure").__delitem__("/Alt"), "a figure without a text"),
        (lambda p: first(p, "/TH").__delitem__("/A"), "a table header without a scope"),
        (lambda p: first(p, "/H2").__setitem__("/S", Name.H3), "a heading 3 after a heading 1"),
        (lambda p: first(p, "/H1").__setitem__("/S", Name.H2), "a heading 2 after a heading 0"),
        (
            lambda p: [a.__delitem__("/Contents") for a in p.pages[1].Annots],
            "a link on page 2 does not say where it goes",
        ),
        (
            lambda p: first(p, "/Link").K.append(Dictionary(S=Name.Link)),
            "a link inside a link",
        ),
        (lambda p: first(p, "/H1").__delitem__("/K"), "something on page 1 is in no reading order"),
    ],
)
def test_the_check_finds_what_is_broken(paper, change, fault):
    assert fault in pdf.faults(changed(paper, change))


def test_the_check_finds_a_foreign_font_and_one_that_is_not_embedded(paper):
    def change(broken: pikepdf.Pdf) -> None:
        fonts = [
            thing
            for thing in broken.objects
            if isinstance(thing, Dictionary) and thing.get("/Type") == Name.FontDescriptor
        ]
        fonts[0].FontName = Name("/ABCDEF+DejaVu-Sans")
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if key in fonts[0]:
                del fonts[0][key]

    assert pdf.faults(changed(paper, change)) == [
        "the font ABCDEF+DejaVu-Sans is not embedded",
        "the font ABCDEF+DejaVu-Sans is not ours",
    ]


def test_scope_says_column_in_the_head_and_row_in_the_body(paper):
    with pikepdf.open(BytesIO(paper)) as document:
        scopes = [
            (str(element.A.Scope), "/THead" in within)
            for element, within in pdf.elements(document)
            if str(element.S) == "/TH"
        ]

    assert scopes == [("/Column", True), ("/Column", True), ("/Row", False)]


@pytest.fixture
def listener():
    """A server of this machine that notes whatever is asked of it."""
    asked: list[str] = []

    class Notes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Notes)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="{web}/a.png" alt="">',
        '<p style="background-image:url({web}/b.png)">x</p>',
        "<style>@import url({web}/c.css); p {{ list-style: url({web}/d.png) }}</style>",
        '<link rel="stylesheet" href="{web}/e.css">',
        '<link rel="attachment" href="{secret}">',
        '<a rel="attachment" href="{secret}">x</a>',
        '<img src="{secret}" alt="">',
        '<img src="file:///etc/passwd" alt="">',
        '<img src="file:///{folder}/../../pyproject.toml" alt="">',
        '<object data="{secret}"></object><embed src="{web}/f">',
        '<img src="ftp://127.0.0.1/x" alt="">',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{web}/g.png"/></svg>',
        "<style>@font-face {{ font-family: X; src: url({web}/h) }} p {{ font: 9pt X }}</style>",
    ],
)
def test_nothing_foreign_is_ever_fetched(listener, tmp_path, hostile):
    """Even if markup of somebody else's reached a page, which escaping prevents already."""
    web, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    body = hostile.format(web=web, secret=secret.as_uri(), folder=pdf.FOLDER)

    content = pdf.render(page(f"<h1>A paper</h1>{body}"))

    with pikepdf.open(BytesIO(content)) as document:
        embedded = list(document.attachments)
    assert (asked, embedded) == ([], [])
    assert b"a secret" not in content


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.css",
        "file:///etc/passwd",
        f"file://{settings.BASE_DIR}/static/pdf/../css/portal.css",
        f"file://{settings.BASE_DIR}/static/pdf/%2e%2e/css/portal.css",
        f"file://{settings.BASE_DIR}/static/pdf/fonts.conf",
        "data:text/html;base64,PGI+",
        "tokens.css",
    ],
)
def test_the_fetcher_opens_our_own_files_only(address):
    with pytest.raises(ValueError, match="Not one of our own files"):
        pdf.OwnFiles().fetch(address)


def png_address(width: int, height: int) -> str:
    out = BytesIO()
    Image.new("RGB", (width, height)).save(out, "PNG")
    return f"{pdf.PNG_DATA}{b64encode(out.getvalue()).decode()}"


def test_the_fetcher_opens_a_picture_that_is_written_into_the_page():
    assert pdf.OwnFiles().fetch(png_address(30, 20)).content_type == "image/png"


@pytest.mark.parametrize(
    "address",
    [
        png_address(pdf.MOST_PIXELS + 1, 1),
        png_address(1, pdf.MOST_PIXELS + 1),
        f"{pdf.PNG_DATA}{b64encode(b'<svg/>').decode()}",
        f"{pdf.PNG_DATA}not base64",
        pdf.PNG_DATA,
    ],
    ids=["wide", "high", "svg", "nothing", "empty"],
)
def test_the_fetcher_opens_no_other_picture(address):
    with pytest.raises(ValueError, match=r"Not one of our own pictures|base64"):
        pdf.OwnFiles().fetch(address)


def jpeg(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "purple").save(out, "JPEG")
    return out.getvalue()


def test_the_fetcher_opens_pictures_that_come_with_the_page():
    fetch = pdf.OwnFiles({"one": jpeg(30, 20)}).fetch

    assert fetch("picture:one").content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("address", "content"),
    [
        ("picture:another", jpeg(30, 20)),
        ("picture:one", jpeg(2001, 1)),
        ("picture:one", b"GIF89a"),
        ("picture:one", b""),
    ],
)
def test_the_fetcher_opens_no_picture_but_those(address, content):
    with pytest.raises(ValueError, match="Not one of our own"):
        pdf.OwnFiles({"one": content}).fetch(address)


def test_the_fetcher_opens_styles_faces_and_drawings():
    fetch = pdf.OwnFiles().fetch
    drawing = drawings.background(drawings.drawing(1, 1, drawings.together([])))

    kinds = [
        fetch((pdf.FOLDER / "print.css").as_uri()).content_type,
        fetch(next((pdf.FOLDER / "fonts").glob("*.woff2")).as_uri()).content_type,
        fetch(drawing.removeprefix("background-image:url(").removesuffix(")")).content_type,
    ]

    assert kinds == ["text/css", "font/woff2", "image/svg+xml"]


def test_the_same_page_is_the_same_file_in_another_process(paper):
    script = (
        "import sys, django; django.setup(); from portal import pdf;"
        "sys.stdout.buffer.write(pdf.render(sys.stdin.read()))"
    )

    again = subprocess.run(
        [sys.executable, "-c", script],
        input=page().encode(),
        capture_output=True,
        check=True,
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "7", "PATH": "/usr/bin"},
    ).stdout

    assert again == paper


def test_only_our_faces_are_used_whatever_the_machine_has(caplog):
    body = "".join(f"<p>{legible(text).replace('<', '&lt;')}</p>" for text in factories.HOSTILE)

    content = pdf.render(page(f"<h1>A paper</h1>{body}"))

    assert pdf.faults(content) == []
    assert [r.getMessage() for r in caplog.records if "notdef" in r.getMessage()] == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Plain “text” – with ŵ and ŷ", "Plain “text” – with ŵ and ŷ"),
        ("w\u0302", "ŵ"),
        ("שלום, hello", "[Hebrew text], hello"),
        ("\u202eright\u202c", "right"),
        ("👩🏽‍🎤🎶", "[woman] [microphone] [multiple musical notes]"),
        ("3 ≥ 2 → yes ✓", "3 >= 2 -> yes [yes]"),
        ("Ạ ﬁ", "A fi"),
        ("中文", "[Cjk text]"),
        ("one\ntwo\tthree", "one\ntwo three"),
        ("", ""),
    ],
)
def test_what_our_faces_lack_is_said_in_words(text, read):
    assert legible(text) == read


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_legible_text_is_all_held_and_stays_as_it_is(text):
    assert set(legible(text)) <= held()
    assert legible(legible(text)) == legible(text)


def test_everything_inside_data_is_made_legible():
    assert all_legible({"a": ["→", {"b": "●", "c": None, "d": 3}]}) == {
        "a": ["->", {"b": "•", "c": None, "d": 3}]
    }


def test_a_drawing_is_a_figure_only_with_a_title():
    plain = drawings.drawing(1, 2, drawings.together([]))
    titled = drawings.drawing(1, 2, drawings.together([]), title="<b>")

    assert plain == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 2" width="1mm" height="2mm"></svg>'
    )
    assert 'role="img"><title>&lt;b&gt;</title>' in titled


@pytest.mark.parametrize("groups", [[], [[]], [[{"name": "A", "percent": None}]]])
def test_a_cover_draws_no_mark_for_no_score(groups):
    assert "<rect" not in drawings.cover_tracks(groups)


def test_the_text_of_a_cover_gives_every_level():
    tracks = [
        [{"name": "A1 Vision", "percent": 50}, {"name": "A2 Board", "percent": None}],
        [{"name": "B1 Policy", "percent": 100}],
    ]

    assert "A1 Vision: 50%; A2 Board: no score; B1 Policy: 100%." in drawings.cover_tracks(tracks)


def test_covers_of_any_size_stay_on_the_sheet():
    tracks = [[{"name": "A", "percent": 50}] * 30 for _ in range(4)]

    drawn = re.findall(r'd="M0.00 ([\d.]+)H210.00"', drawings.cover_tracks(tracks))
    heights = [float(height) for height in drawn]

    assert (len(heights), heights[0]) == (120, drawings.COVER_TOP)
    assert max(heights) <= drawings.COVER_BOTTOM


def test_boxes_fill_up_to_the_level():
    boxes = [drawings.level_boxes(place, 4) for place in (None, 0, 2, 4)]

    assert len(set(boxes)) == 4


def test_two_colours_of_a_mark_are_told_apart_on_paper():
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted(luminance(drawings.palette()[name]) for name in (one, other))
        return (high + 0.05) / (low + 0.05)

    for ground in ("paper", "cream"):
        assert min(contrast(name, ground) for name in ("ink", "plum", "soft")) >= 4.5
        assert min(contrast(name, ground) for name in ("ink", "plum", "track")) >= 3
    assert contrast("cap", "ink") >= 3
