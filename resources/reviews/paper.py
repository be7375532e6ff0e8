"""The PDF of an annual review, from its data and nothing else. Only the worker reads this module.

What stands where is decided here, as parts in their order; how it looks is said in
`templates/pdf/review.html` and `static/pdf/review.css`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal import pdf
from portal.legible import all_legible
from resources.models import ChapterKind, Picture, Printing
from resources.reviews import markdown, printed_figures
from resources.reviews.markdown import Names, Section
from resources.reviews.reading import THEME_PARTS

Data = dict[str, Any]
# Addresses that stay. Asking for them would load every view, thirty megabytes, into the worker.
REVIEWS, CONTACT = "/reviews/", "/contact/"
SHORT_ROW = 500  # characters up to which a row stays on one page
LONG, LONGEST = 34, 80  # characters of a title before it is set smaller
SHORT_QUOTE, LONG_QUOTE = 190, 460  # characters of a quotation, for its size
WIDEST, HIGHEST, NARROW, UPRIGHT = 166, 111, 126, 100  # mm: what a picture is fitted into
FLAT = 1.25  # width to height from which a picture takes the rail too
CONTENTS, ENTRY, PART = 186, 11.2, 4.9  # mm: room for the list of contents, and what it takes
NOTHING = SafeString("")
MOST_ON_SPLASH = 340  # characters of a lead in one paragraph; else it stands before the text
MOST_LINES = 64  # of the drawing before a theme


@dataclass(frozen=True)
class Part:
    """Something that stands in a chapter; `kind` says which template piece shows it."""

    kind: str  # text, row, quotation, picture
    html: SafeString = NOTHING
    title: str = ""
    anchor: str = ""
    look: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChapterPage:
    """A chapter as it is printed."""

    number: int
    anchor: str
    title: str
    size: str
    kind: str
    has_splash: bool
    has_deck: bool  # whether its lead is short enough to stand there
    passages: list[Mapping[str, Any]]
    has_said: bool
    lead: SafeString
    parts: list[Part]
    factors_lead: SafeString
    factors: list[Section]
    reading: list[Data]
    contents: list[tuple[str, str]]  # anchor and name of each of its parts
    own: list[tuple[str, str]]  # those whose names only this chapter has
    words: int


def lay_out(data: Data, pictures: Mapping[str, bytes]) -> bytes:
    """The file of one printing. The same data and pictures give the same bytes."""
    return pdf.render(page(data, frozenset(pictures)), pictures)


def pictures_of(printing: Printing) -> dict[str, bytes]:
    """The pictures that a printing shows, by the checksum they are known by in its data."""
    wanted = {
        one["id"]: one["sha256"]
        for chapter in printing.data["chapters"]
        for one in chapter["pictures"]
    }
    found = Picture.objects.filter(chapter__review=printing.review_id, pk__in=wanted)
    return {
        one.sha256: bytes(one.image) for one in found.iterator() if wanted[one.pk] == one.sha256
    }


def page(data: Data, pictures: frozenset[str] = frozenset()) -> str:
    """The review as HTML for print. `pictures` are the checksums of those that are at hand."""
    review = all_legible(data)
    figures = printed_figures.read(review["figures"])
    chapters = [
        chapter_page(number, raw, plain, pictures, figures)
        for number, (raw, plain) in enumerate(
            zip(data["chapters"], review["chapters"], strict=True), start=1
        )
    ]
    return render_to_string(
        "pdf/review.html",
        {
            "listed": listed(chapters),
            "review": review,
            "name": f"Annual review {review['year']}",
            "size": size(review["title"]),
            "has_year": review["year"] in review["title"],
            "chapters": chapters,
            "of": len(chapters),
            "figures": figures,
            "lengths": shares([one.words for one in chapters]),
            "was_changed": review != data,
            "site": settings.SITE_URL,
            "reviews_at": f"{settings.SITE_URL}{REVIEWS}",
            "contact_at": f"{settings.SITE_URL}{CONTACT}",
        },
    )


def listed(chapters: Sequence[ChapterPage]) -> list[tuple[ChapterPage, list[tuple[str, str]]]]:
    """The list of contents: on one page where it can be, with the names that repeat left out."""
    whole = [(one, one.contents) for one in chapters]
    room = (CONTENTS - ENTRY * len(chapters)) / PART
    if sum(len(parts) for _, parts in whole) <= room:
        return whole
    return [(one, one.own) for one in chapters]


def chapter_page(
    number: int,
    raw: Data,
    plain: Data,
    pictures: frozenset[str],
    figures: printed_figures.PrintedFigures | None,
) -> ChapterPage:
    """One chapter. Markdown comes from `raw`: it is made legible when it has become HTML."""
    names = Names(f"c{number}")
    passages = passages_of(raw)
    body = [
        Part("text", section.html, anchor=section.anchor, about={"title": section.title})
        for section in markdown.sections(markdown.prose(raw["body"], below=2), 3, names)
    ]
    rows = [
        row(raw, name, title, names) for name, title in THEME_PARTS.items() if raw[name].strip()
    ]
    between = interludes(plain, pictures)
    factors = markdown.sections(markdown.prose(raw["factors"], below=3), 4)
    before = factors[:1] if factors and not factors[0].title else []
    headings = [(part.anchor, contents_name(part)) for part in body if part.anchor]
    in_rows = [(part.anchor, part.title) for part in rows]
    others = further(number, plain, factors, figures)
    more = [(f"c{number}-more", "Learn more")] if reading(plain) else []
    return ChapterPage(
        number=number,
        anchor=f"c{number}",
        title=plain["title"],
        size=size(plain["title"]),
        kind=plain["kind"],
        has_splash=plain["kind"] == ChapterKind.THEME and bool(passages),
        has_deck=len(raw["lead"]) <= MOST_ON_SPLASH and "\n" not in raw["lead"].strip(),
        passages=passages,
        has_said=any(one["is_said"] for one in passages),
        lead=markdown.prose(raw["lead"], below=2),
        parts=list(spread([*body, *rows], between)),
        factors_lead=before[0].html if before else NOTHING,
        factors=factors[len(before) :],
        reading=reading(plain),
        contents=[*headings, *in_rows, *others, *more],
        own=[*headings, *others],
        words=sum(len(words.split()) for words in texts(raw)),
    )


def contents_name(part: Part) -> str:
    return Section(part.about["title"], NOTHING).name


def further(
    number: int,
    plain: Data,
    factors: Sequence[Section],
    figures: printed_figures.PrintedFigures | None,
) -> list[tuple[str, str]]:
    """What a list of contents names beside text and rows."""
    found = []
    if factors:
        found.append((f"c{number}-factors", "Factors for success"))
    if figures and plain["kind"] == ChapterKind.INVOLVED and figures.regions:
        found.append((f"c{number}-regions", "Services by region"))
        if figures.services:
            found.append((f"c{number}-years", "When they came on board"))
    if figures and plain["kind"] == ChapterKind.FIGURES:
        found += [(f"c{number}-{one.anchor}", one.title) for one in figures.charts]
        if figures.counted:
            found.append((f"c{number}-counted", "What each number counts"))
    return found


def row(raw: Data, name: str, title: str, names: Names) -> Part:
    """A part of a theme: its name in the rail, its text in the column."""
    html = markdown.prose(raw[name], below=3)
    looks = ["take"] if name == "forward" else []
    if len(raw[name]) <= SHORT_ROW:
        looks.append("short")
    return Part("row", html, title=title, anchor=names.next(), look=" ".join(looks))


def interludes(plain: Data, pictures: frozenset[str]) -> list[Part]:
    """Quotations and pictures in turn, as they stand between the parts of a chapter."""
    quotations = [quotation(one) for one in plain["quotations"]]
    shown = [picture(one) for one in plain["pictures"] if one["sha256"] in pictures]
    pairs = zip_longest(quotations, shown)
    return [one for pair in pairs for one in pair if one]


def quotation(said: Data) -> Part:
    length = len(said["text"])
    look = "" if length <= SHORT_QUOTE else "long" if length <= LONG_QUOTE else "longest"
    who = ", ".join(filter(None, (said["name"], said["role"], said["service"])))
    return Part("quotation", look=look, about={"text": said["text"], "who": who})


def picture(shown: Data) -> Part:
    """A picture in the size that it is printed, in millimetres."""
    ratio = shown["width"] / shown["height"]
    is_wide = ratio >= FLAT
    wide, high = (WIDEST, HIGHEST) if is_wide else (NARROW, UPRIGHT)
    width = min(wide, high * ratio)
    return Part(
        "picture",
        look="wide" if is_wide else "",
        about={
            **shown,
            "source": f"{pdf.PICTURE}{shown['sha256']}",
            "mm_wide": f"{width:.1f}",
            "mm_high": f"{width / ratio:.1f}",
        },
    )


def spread(parts: Sequence[Part], between: Sequence[Part]) -> Iterator[Part]:
    """The parts in their order, with what stands between them parted evenly."""
    gap = len(parts) / (len(between) + 1)
    after = [max(1, round(gap * number)) for number in range(1, len(between) + 1)]
    for number, part in enumerate(parts, start=1):
        yield part
        yield from (one for one, place in zip(between, after, strict=True) if place == number)
    if not parts:
        yield from between


def reading(plain: Data) -> list[Data]:
    """What to read on, with its whole address."""
    return [
        {**one, "address": f"{settings.SITE_URL}{one['path']}"}
        for one in (*plain["resources"], *plain["topics"])
    ]


def passages_of(raw: Data) -> list[Mapping[str, Any]]:
    """The drawing before a theme: each passage with its length beside the longest."""
    found = [(len(words.split()), False) for words in texts(raw)]
    said = [(len(one["text"].split()), True) for one in raw["quotations"]]
    # What was said stands among the rest, evenly.
    step = max(len(found) // (len(said) + 1), 1)
    for number, one in enumerate(said, start=1):
        found.insert(min(number * step + number - 1, len(found)), one)
    lengths = shares([words for words, _ in found[:MOST_LINES]])
    return [
        {"share": share, "is_said": is_said}
        for share, (_, is_said) in zip(lengths, found, strict=False)
    ]


def texts(raw: Data) -> Iterator[str]:
    """The passages of a chapter: paragraphs, and points of lists."""
    for name in ("lead", "body", *THEME_PARTS, "factors"):
        for passage in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", raw[name]):
            if passage.strip():
                yield passage


def shares(counts: Sequence[int]) -> list[float]:
    """Each count beside the largest, 0 to 1, to a thousandth."""
    most = max(counts, default=0) or 1
    return [round(count / most, 3) for count in counts]


def size(title: str) -> str:
    if len(title) > LONGEST:
        return "longest"
    return "long" if len(title) > LONG else ""
