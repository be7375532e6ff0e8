"""Markdown of a review as HTML for its PDF and its Word file.

Links are whole, letters ours, headings there to jump to. It begins from `resources/text.py`, which
lets through nothing but a short list of tags.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from portal.legible import held, legible
from resources import text

LINK = re.compile(r'<a((?: [a-z]+="[^"]*")*)>(.*?)</a>', re.DOTALL)
ADDRESS = re.compile(r' href="([^"]*)"')
HEADING = re.compile(r"<h([2-6])>(.*?)</h[2-6]>", re.DOTALL)
NESTING = re.compile(r"<(/?)(?:ul|ol|blockquote|table)\b")
SCHEMES = {"http", "https", "mailto"}
PIECE = re.compile(r"(?:&#?\w+;|[^\s<&]){1,100}")
TAG_OR_ENDLESS = re.compile(r"<[^>]*>|(?:&#?\w+;|[^\s<&]){101,}")
WIDE = 5  # columns from which a table takes the rail too


@dataclass(frozen=True)
class Section:
    """A part of a text with its heading, or what stands before the first one."""

    title: SafeString  # as HTML
    html: SafeString  # what comes under it
    anchor: str = ""

    @property
    def name(self) -> str:
        """The heading in plain letters, for a list of contents."""
        return " ".join(unescape(strip_tags(self.title)).split())


@dataclass
class Names:
    """Gives out the names that headings of one document are jumped to by."""

    prefix: str
    given: int = field(default=0)

    def next(self) -> str:
        self.given += 1
        return f"{self.prefix}-{self.given}"


def prose(source: str, *, below: int) -> SafeString:
    """Markdown for print; its highest heading comes one below level `below`."""
    markup = flattened(marked(source, below=below), below=below)
    return SafeString(in_pieces(letters(wide_tables(markup))))


def marked(source: str, *, below: int) -> str:
    """Markdown as HTML whose links can be followed from anywhere, in its own letters."""
    return LINK.sub(whole, text.html(unicodedata.normalize("NFC", source), below=below))


def whole(link: re.Match[str]) -> str:
    """A link with its full address: paper has no page that it begins from."""
    there = ADDRESS.search(link[1])
    address = absolute(unescape(there[1])) if there else ""
    if not address or not strip_tags(link[2]).strip():
        return link[2]
    return f'<a href="{escape(address)}">{link[2]}</a>'


def absolute(address: str) -> str:
    """Where a link leads from anywhere; nothing where it leads nowhere."""
    if address.startswith("#"):
        return ""
    try:
        full = urljoin(f"{settings.SITE_URL}/", address)
        return full if urlsplit(full).scheme in SCHEMES else ""
    except ValueError:  # an address that is none
        return ""


def letters(markup: str) -> str:
    """The same HTML in letters that our faces hold: Markdown can name any sign by its number."""
    if held().issuperset(markup):
        return markup
    runs = (("".join(run), known) for known, run in groupby(markup, key=held().__contains__))
    return "".join(run if known else escape(legible(run)) for run, known in runs)


def in_pieces(markup: str) -> str:
    """The same HTML with endless words in pieces: as one, each takes a layout of all that is left.

    A page of letters without a space, as somebody pastes it in, would hold the worker for minutes.
    """
    return TAG_OR_ENDLESS.sub(
        lambda found: (
            found[0]
            if found[0].startswith("<")
            else "".join(f"<span>{piece}</span>" for piece in PIECE.findall(found[0]))
        ),
        markup,
    )


def wide_tables(markup: str) -> str:
    head, *tables = markup.split("<table>")
    return head + "".join(
        f"<table{wide_class(one.partition('</thead>')[0].count('<th '))}>{one}" for one in tables
    )


def wide_class(columns: int) -> str:
    return ' class="wide"' if columns >= WIDE else ""


def sections(markup: str, level: int, names: Names | None = None) -> list[Section]:
    """The parts of a text by its headings of one level; the first is what stands before them."""
    tag = f"h{level}"
    flat = flattened(markup, below=level - 1)
    before, *pieces = re.split(rf"<{tag}>(.*?)</{tag}>", flat, flags=re.DOTALL)
    found = [("", before), *zip(pieces[::2], pieces[1::2], strict=True)]
    return [
        Section(SafeString(title), SafeString(under), names.next() if names and title else "")
        for title, under in found
        if title or under.strip()
    ]


def flattened(markup: str, *, below: int) -> SafeString:
    """The same text without headings inside lists and quotations, which would part it there.

    They are strong lines instead, and those that are left skip no level without them.
    """
    found: list[str] = []
    above: list[int] = []
    depth = 0
    for number, piece in enumerate(HEADING.split(markup)):
        match number % 3:
            case 0:
                found.append(piece)
                depth += nested(piece)
            case 1:
                level = int(piece)
            case _ if depth:
                found.append(f"<p><strong>{piece}</strong></p>")
            case _:
                above = [*(one for one in above if one < level), level]
                tag = f"h{min(len(above) + below, text.HIGHEST)}"
                found.append(f"<{tag}>{piece}</{tag}>")
    return SafeString("".join(found))


def nested(markup: str) -> int:
    """How many lists, quotations and tables are open at its end."""
    return sum(-1 if closes else 1 for closes in NESTING.findall(markup))
