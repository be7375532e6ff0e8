"""PDF from HTML: nothing fetched but our own files, tagged for screen readers, checked.

Only the worker imports this: WeasyPrint takes a second to load and some forty megabytes.
"""

from __future__ import annotations

import gc
import os
import re
import struct
import threading
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
from django.conf import settings
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.templatetags.drawings import COLUMN, RAIL, palette

FOLDER = Path(settings.BASE_DIR) / "static" / "pdf"
TYPES = {".css": "text/css", ".woff2": "font/woff2"}
OUR_FACES = ("Bricolage-Grotesque", "Atkinson-Hyperlegible-Next")
POINTS = 72 / 25.4  # in a millimetre
COVER = "cover"  # a page with an element of this id, or one that begins so, carries no track
PNG_DATA = "data:image/png;base64,"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
PICTURE = "picture:"  # with a name: one of the pictures that are handed over beside the page
MOST_PIXELS = 2000  # on a side; portal/pictures.py writes fewer
FONTS_LOCK = threading.Lock()


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Opens our own styles and faces, and pictures that come with the page; nothing else, ever."""

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.pictures = pictures or {}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith(PICTURE):
            return picture(url, self.pictures.get(url.removeprefix(PICTURE), b""))
        if url.startswith("data:image/svg+xml;base64,"):
            return super().fetch(url, headers)
        if url.startswith(PNG_DATA):
            return URLFetcherResponse(url, png(url), {"Content-Type": "image/png"})
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not path.is_relative_to(FOLDER) or path.suffix not in TYPES:
            raise ValueError(f"Not one of our own files: {url[:200]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


def picture(url: str, content: bytes) -> URLFetcherResponse:
    """One of the pictures beside the page: PNG or JPEG, no larger than a page has use for."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as opened:
            media_type, sides = opened.get_format_mimetype(), opened.size
    except OSError:
        media_type, sides = None, (0, 0)
    if media_type is None or max(sides) > MOST_PIXELS:
        raise ValueError(f"Not one of our own pictures: {url[:200]}")
    return URLFetcherResponse(url, content, {"Content-Type": media_type})


def png(url: str) -> bytes:
    """A picture written into the page: a PNG of a size that no page needs more of."""
    content = b64decode(url.removeprefix(PNG_DATA), validate=True)
    sides = struct.unpack(">II", content[16:24]) if content.startswith(PNG_BEGINS) else ()
    if not sides or max(sides) > MOST_PIXELS:
        raise ValueError(f"Not one of our own pictures: {url[:200]}")
    return content


@cache
def faces() -> FontConfiguration:
    """Our faces and none of the machine's, loaded once for the life of a worker."""
    with FONTS_LOCK:
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")
        try:
            return FontConfiguration()
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def render(html: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Lay out a page of ours. The same HTML gives the same bytes, whenever and wherever.

    `pictures` are those that it shows as “picture:” and their name.
    """
    document = laid_out(html, pictures)
    bare = {
        number
        for number, page in enumerate(document.pages)
        if any(name.startswith(COVER) for name in page.anchors)
    }
    raw = document.write_pdf(pdf_variant="pdf/ua-1")
    # Boxes know their parents: a document goes when it is collected, or stands beside the next one.
    del document
    gc.collect()
    return finish(raw, bare)


def pages(html: str) -> int:
    """How many pages it would take."""
    return len(laid_out(html).pages)


def count(content: bytes) -> int:
    """How many pages a file of ours has."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


def laid_out(html: str, pictures: Mapping[str, bytes] | None = None) -> Document:
    page = HTML(string=html, base_url=FOLDER.as_uri() + "/", url_fetcher=OwnFiles(pictures))
    return page.render(font_config=faces())


def finish(raw: bytes, bare: set[int]) -> bytes:
    """What WeasyPrint leaves out: scope of table headers, page furniture as such, the track."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        add_scope(pdf)
        in_tree = marked_content(pdf)
        for number, page in enumerate(pdf.pages):
            content = as_artifacts(joined(page), in_tree.get(page.obj.objgen, set()))
            if number not in bare:
                content = b"q\n" + content + b"\nQ\n" + page_track((number + 1) / len(pdf.pages))
            page.Contents = pdf.make_stream(content)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def joined(page: pikepdf.Page) -> bytes:
    page.contents_coalesce()
    return bytes(page.Contents.read_bytes())


def elements(pdf: Pdf) -> Iterator[tuple[Dictionary, tuple[str, ...]]]:
    """Every element of the structure tree, in reading order, with the kinds it stands within."""

    def walk(node: object, within: tuple[str, ...]) -> Iterator[tuple[Dictionary, tuple[str, ...]]]:
        if not isinstance(node, Dictionary):
            return
        if "/S" in node:
            yield node, within
            within = (*within, str(node.S))
        for kid in kids(node):
            yield from walk(kid, within)

    yield from walk(pdf.Root.get("/StructTreeRoot"), ())


def kids(node: Dictionary) -> list[object]:
    held = node.get("/K")
    if held is None:
        return []
    return list(held) if isinstance(held, Array) else [held]


def add_scope(pdf: Pdf) -> None:
    """Say of each table header whether it heads its column or its row."""
    for element, within in elements(pdf):
        if str(element.S) == "/TH":
            scope = Name.Column if "/THead" in within else Name.Row
            attributes = element.get("/A", Dictionary(O=Name.Table))
            attributes.Scope = scope
            element.A = attributes


def marked_content(pdf: Pdf) -> dict[tuple[int, int], set[int]]:
    """The numbers of the pieces of each page that the structure tree holds."""
    found: dict[tuple[int, int], set[int]] = {}
    for element, _ in elements(pdf):
        numbers = {int(kid) for kid in kids(element) if isinstance(kid, int)}
        if numbers:
            found.setdefault(element.Pg.objgen, set()).update(numbers)
    return found


MARKED = re.compile(rb"/\w+\s+<<\s*/MCID (\d+)\s*>>\s*BDC")


def as_artifacts(content: bytes, in_tree: set[int]) -> bytes:
    """Running heads and page numbers are no part of the reading order: mark them as such."""
    return MARKED.sub(
        lambda found: (
            found[0] if int(found[1]) in in_tree else b"/Artifact <</Type /Pagination>> BDC"
        ),
        content,
    )


def page_track(share: float) -> bytes:
    """How far through the document a page is, on a track above its number. 0 < share <= 1."""
    left, right, y = RAIL * POINTS, (RAIL + COLUMN) * POINTS, 19.5 * POINTS
    x = left + (right - left) * share
    track, plum, cap, ink = (colour(name) for name in ("track", "plum", "cap", "ink"))
    return (
        f"/Artifact <</Type /Pagination>> BDC q "
        f"{track} RG .8 w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S "
        f"{plum} RG 2.2 w {left:.2f} {y:.2f} m {x:.2f} {y:.2f} l S "
        f"{cap} rg {ink} RG .8 w {x - 5:.2f} {y - 5:.2f} 5 10 re B "
        f"{x - 2.5:.2f} {y - 2.5:.2f} m {x - 2.5:.2f} {y + 2.5:.2f} l S Q EMC\n"
    ).encode()


def colour(name: str) -> str:
    digits = palette()[name].removeprefix("#")
    return " ".join(f"{int(digits[at : at + 2], 16) / 255:.3f}" for at in (0, 2, 4))


def faults(content: bytes) -> list[str]:
    """What a screen reader would stumble on, as far as structure shows it; empty is good.

    It checks what stack.md lists. It is no conformance test: a validator has not been run.
    """
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            *document_faults(pdf),
            *font_faults(pdf),
            *element_faults(pdf),
            *link_faults(pdf),
        ]


def document_faults(pdf: Pdf) -> list[str]:
    root: Any = pdf.Root
    with pdf.open_metadata() as metadata:
        titled = bool(metadata.get("dc:title"))
    with pdf.open_outline() as outline:
        bookmarks = len(outline.root)
    tagged = "/StructTreeRoot" in root and bool(root.get("/MarkInfo", {}).get("/Marked"))
    shown = bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"))
    attached = "/EmbeddedFiles" in root.get("/Names", {}) or "/AF" in root
    checks = {
        "not tagged": tagged,
        "no language": bool(str(root.get("/Lang", ""))),
        "no title": titled,
        "the title is not shown": shown,
        "no bookmarks": bookmarks > 0,
        "a file is attached": not attached,
    }
    return [fault for fault, good in checks.items() if not good]


def font_faults(pdf: Pdf) -> list[str]:
    found = []
    for font in pdf.objects:
        if isinstance(font, Dictionary) and font.get("/Type") == Name.FontDescriptor:
            name = str(font.FontName).removeprefix("/")
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()):
                found.append(f"the font {name} is not embedded")
            if not name.partition("+")[2].startswith(OUR_FACES):
                found.append(f"the font {name} is not ours")
    return found


def element_faults(pdf: Pdf) -> list[str]:
    found = []
    level = 0
    for element, within in elements(pdf):
        kind = str(element.S)
        if kind == "/Figure" and not str(element.get("/Alt", "")):
            found.append("a figure without a text")
        if kind == "/TH" and not has_scope(element):
            found.append("a table header without a scope")
        if kind == "/Link" and "/Link" in within:
            found.append("a link inside a link")
        if re.fullmatch(r"/H[1-6]", kind):
            if int(kind[2]) > level + 1:
                found.append(f"a heading {int(kind[2])} after a heading {level}")
            level = int(kind[2])
    in_tree = marked_content(pdf)
    for number, page in enumerate(pdf.pages, start=1):
        inside = {int(n) for n in MARKED.findall(joined(page))}
        if inside - in_tree.get(page.obj.objgen, set()):
            found.append(f"something on page {number} is in no reading order")
    return found


def has_scope(element: Dictionary) -> bool:
    attributes = element.get("/A")
    every = list(attributes) if isinstance(attributes, Array) else [attributes]
    return any(isinstance(one, Dictionary) and "/Scope" in one for one in every)


def link_faults(pdf: Pdf) -> list[str]:
    return [
        f"a link on page {number} does not say where it goes"
        for number, page in enumerate(pdf.pages, start=1)
        for link in page.get("/Annots", [])
        if link.get("/Subtype") == Name.Link and not str(link.get("/Contents", ""))
    ]
