"""Annual reviews for their readers: which there are, and one of them laid out as a page.

All of it is of what was published (`manuscript.py`), nothing of what authors write since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from resources import text
from resources.models import AnnualReview, ChapterKind, Printing, ReviewState
from resources.reviews import markdown
from resources.reviews.manuscript import ChapterData, PictureData, QuotationData
from resources.reviews.markdown import Section

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.models import User

A_PAGE = 36_000  # characters of text: packed, with styles and faces, a first load under 150 kB
A_LINE = 150  # characters that a line of a table weighs as much as
THEME_PARTS = {
    "benefits": "Benefits",
    "challenges": "Challenges",
    "addressed": "How services addressed them",
    "forward": "What others can take forward",
}
CHAPTER, PART = 2, 3  # levels of headings


@dataclass(frozen=True)
class Listed:
    """A review that is out, with the file of its newest version where it is made."""

    review: AnnualReview
    printing: Printing


@dataclass(frozen=True)
class Shelf:
    """The reviews that somebody may read, and those to come."""

    newest: Listed | None = None
    earlier: list[Listed] = field(default_factory=list)
    announced: list[AnnualReview] = field(default_factory=list)

    @property
    def is_bare(self) -> bool:
        return not (self.newest or self.earlier or self.announced)


def shelf(user: User | AnonymousUser) -> Shelf:
    """Two queries, and what it takes to know who this is."""
    visible = AnnualReview.objects.visible_to(user)
    printings = Printing.objects.visible_to(user).versions().light()
    # Its authors see every version: the newest of each review is what readers read.
    newest = {
        printing.review_id: printing
        for printing in sorted(printings.filter(review__in=visible.out()), key=number)
    }
    reviews = list(visible.light().newest_first())
    out = [Listed(one, newest[one.pk]) for one in reviews if one.is_out and one.pk in newest]
    first = next((one for one in out if one.review.state == ReviewState.PUBLISHED), None)
    return Shelf(
        newest=first,
        earlier=[one for one in out if one is not first],
        announced=[one for one in reversed(reviews) if not one.is_out and one.expected_on],
    )


def number(printing: Printing) -> int:
    return printing.number or 0


@dataclass(frozen=True)
class Piece:
    """A part of a theme with its heading, and who is quoted after it."""

    title: str
    text: SafeString
    quotations: list[QuotationData]


@dataclass(frozen=True)
class Chapter:
    """A chapter as a page shows it: texts as HTML that is safe."""

    number: int
    part: int  # of the parts in which a long review is read
    data: ChapterData
    lead: SafeString
    body: SafeString
    pieces: list[Piece]
    opening: SafeString  # of the factors
    factors: list[Section]
    quotations: list[QuotationData]  # where there are no pieces to stand between

    @property
    def pictures(self) -> list[PictureData]:
        return self.data["pictures"]

    @property
    def shows_involved(self) -> bool:
        return self.data["kind"] == ChapterKind.INVOLVED

    @property
    def shows_figures(self) -> bool:
        return self.data["kind"] == ChapterKind.FIGURES


@dataclass(frozen=True)
class Entry:
    """A line of the list of contents."""

    number: int
    title: str
    anchor: str
    part: int


@dataclass(frozen=True)
class Reading:
    """One part of a review: all of it, unless it is long."""

    contents: list[Entry]
    chapters: list[Chapter]
    part: int
    parts: int

    @property
    def is_first(self) -> bool:
        return self.part == 1

    @property
    def is_last(self) -> bool:
        return self.part >= self.parts

    @property
    def before(self) -> int:
        return self.part - 1

    @property
    def after(self) -> Entry | None:
        """Where the next part begins."""
        return next((one for one in self.contents if one.part > self.part), None)


def read(data: Mapping[str, Any], wanted: int = 1) -> Reading | None:
    """A part of the review, or None where it has no such part. Only its texts are laid out."""
    chapters: Sequence[ChapterData] = data.get("chapters", [])
    figures = data.get("figures", {})
    parts = in_parts([length(one, figures) for one in chapters])
    last = max(parts, default=1)
    if not 1 <= wanted <= last:
        return None
    numbered = list(zip(range(1, len(chapters) + 1), parts, chapters, strict=True))
    return Reading(
        contents=[
            Entry(number, one["title"], f"chapter-{one['id']}", part)
            for number, part, one in numbered
        ],
        chapters=[chapter(number, part, one) for number, part, one in numbered if part == wanted],
        part=wanted,
        parts=last,
    )


def length(one: ChapterData, figures: Mapping[str, Any]) -> int:
    """How much there is to read in a chapter, in characters; a line of a table counts as some."""
    texts = [one[name] for name in ("title", "lead", "body", "factors", *THEME_PARTS)]  # type: ignore[literal-required]
    texts += [quotation["text"] for quotation in one["quotations"]]
    lines = 0
    if one["kind"] == ChapterKind.INVOLVED:
        lines = sum(len(region["services"]) for region in figures.get("involved", []))
    if one["kind"] == ChapterKind.FIGURES:
        lines = sum(len(chart["rows"]) for chart in figures.get("charts", []))
    return sum(map(len, texts)) + A_LINE * lines


def in_parts(lengths: Sequence[int]) -> list[int]:
    """In which part each chapter is read: as few parts as there can be, none of them too long.

    A chapter is never torn in two; one that is too long stands alone.
    """
    parts: list[int] = []
    part, room = 1, A_PAGE
    for one in lengths:
        if one > room and room < A_PAGE:
            part, room = part + 1, A_PAGE
        parts.append(part)
        room -= one
    return parts


def chapter(number: int, part: int, data: ChapterData) -> Chapter:
    pieces = pieces_of(data)
    sections = markdown.sections(text.html(data["factors"], below=PART), PART + 1)
    return Chapter(
        number=number,
        part=part,
        data=data,
        lead=text.html(data["lead"], below=CHAPTER),
        body=text.html(data["body"], below=CHAPTER),
        pieces=pieces,
        opening=SafeString("".join(one.html for one in sections if not one.title)),
        factors=[one for one in sections if one.title],
        quotations=[] if pieces else data["quotations"],
    )


def pieces_of(data: ChapterData) -> list[Piece]:
    """The parts of a theme; the first quotation comes after the second, so that words breathe."""
    said = [(title, data[name]) for name, title in THEME_PARTS.items() if data[name].strip()]  # type: ignore[literal-required]
    after: list[list[QuotationData]] = [[] for _ in said]
    if said:
        for place, quotation in enumerate(data["quotations"], start=1):
            after[min(place, len(said) - 1)].append(quotation)
    return [
        Piece(title, text.html(words, below=PART), quotations)
        for (title, words), quotations in zip(said, after, strict=True)
    ]
