"""Markdown in a Word document: real headings, lists, tables and links, nothing as markup.

It reads the HTML that `resources/text.py` has let through, so there is nothing in it but a short
list of tags.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from actionplans.papers.word_document import Document, clean
from actionplans.papers.word_styles import (
    BOLD,
    NUMBERING,
    PLUM,
    SOFT,
    STYLES,
    W,
    colour,
    heading,
    size,
    spacing,
    style,
)
from resources.reviews import markdown

DEEPEST = 4  # headings
LEVELS = 3  # of lists
HEADINGS = {f"h{level}": min(level, DEEPEST) for level in range(1, 7)}
LISTS = {"ul": "List Bullet", "ol": "List Number"}
BLOCKS = {"p", "li", "pre", *HEADINGS}
OPENS = {"blockquote", "table", *LISTS, *HEADINGS}


def list_style(name: str) -> str:
    return style(name, spacing(0, 40), following=name.replace(" ", ""))


def character(name: str, letters: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{name}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:rPr>{letters}</w:rPr></w:style>"
    )


MORE_STYLES = [
    heading(4, 10.5, SOFT, before=160),
    list_style("List Number"),
    style("Lead", spacing(0, 160), size(13)),
    style("Quote", f'{spacing(120, 40)}<w:ind w:left="567" w:right="567"/>', size(13)),
    style("Quoted", f'{spacing(0, 160)}<w:ind w:left="567"/>', colour(SOFT) + size(9.5)),
    style("caption", spacing(40, 160), colour(SOFT) + size(9.5)),
    character("Emphasis", "<w:i/><w:iCs/>"),
    character("StrongEmphasis", f"{BOLD}<w:i/><w:iCs/>"),
    character("Hyperlink", f'{colour(PLUM)}<w:u w:val="single"/>'),
]


def levels(kind: str, signs: tuple[str, str, str]) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{340 * (at + 1)}" w:hanging="340"/></w:pPr></w:lvl>'
        for at, sign in enumerate(signs)
    )


def definition(number: int, kind: str, signs: tuple[str, str, str]) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        f"{levels(kind, signs)}</w:abstractNum>"
    )


OWN_BULLETS, OWN_NUMBERS = 7, 8
OUR_LISTS = (
    f"<w:numbering {W}>"
    f"{definition(OWN_BULLETS, 'bullet', ('•', '–', '•'))}"
    f"{definition(OWN_NUMBERS, 'decimal', ('%1.', '%2.', '%3.'))}"
)


class ReviewDocument(Document):
    """A document that can also hold what Markdown knows."""

    styles = STYLES.replace("</w:styles>", f"{''.join(MORE_STYLES)}</w:styles>")
    numbering = NUMBERING.replace(f"<w:numbering {W}>", OUR_LISTS)

    def new_list(self, kind: str) -> int:
        """A list of its own, which begins at one."""
        there = self.docx.part.numbering_part._element  # noqa: SLF001
        number = len(there.findall(qn("w:num"))) + 1
        made = OxmlElement("w:num")
        made.set(qn("w:numId"), str(number))
        link = OxmlElement("w:abstractNumId")
        link.set(qn("w:val"), str(OWN_NUMBERS if kind == "ol" else OWN_BULLETS))
        made.append(link)
        if kind == "ol":
            for level in range(LEVELS):
                made.append(restart(level))
        there.append(made)
        return number

    def paragraph(self, pieces: list[Piece], name: str) -> Any:
        line = self.docx.add_paragraph(style=name)
        for piece in pieces:
            self.write(line, piece)
        return line

    def item(self, pieces: list[Piece], kind: str, number: int, level: int) -> None:
        """A point of a list; a number of 0 goes on with the point before it."""
        line = self.paragraph(pieces, LISTS[kind])
        if not number:
            line.paragraph_format.left_indent = Mm(6 * (level + 1))
            return
        about = line._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
        about.get_or_add_ilvl().val = min(level, LEVELS - 1)
        about.get_or_add_numId().val = number

    def write(self, line: Any, piece: Piece) -> None:
        run = line.add_run(piece.text)
        looks = {
            (True, True): "StrongEmphasis",
            (True, False): "Strong",
            (False, True): "Emphasis",
        }
        if piece.href:
            run.style = self.docx.styles["Hyperlink"]
            run.bold, run.italic = piece.is_strong or None, piece.is_said_softly or None
            link = OxmlElement("w:hyperlink")
            to = self.docx.part.relate_to(piece.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), to)
            line._p.append(link)  # noqa: SLF001
            link.append(run._r)  # noqa: SLF001
        elif look := looks.get((piece.is_strong, piece.is_said_softly)):
            run.style = self.docx.styles[look]

    def markdown(self, source: str, *, below: int, name: str = "Normal") -> None:
        """Markdown as paragraphs; its highest heading comes one below level `below`."""
        reader = Reader(self, name)
        markup = markdown.marked(clean(source), below=below)
        reader.feed(markdown.flattened(markup, below=below))
        reader.close()
        reader.end_block()

    def shown(self, content: bytes, wide: float, high: float, alt: str) -> None:
        """A picture of so many millimetres, with what it shows."""
        drawn = self.docx.add_picture(BytesIO(content), Mm(wide), Mm(high))
        about = drawn._inline.docPr  # noqa: SLF001
        about.set("name", "Picture")
        about.set("descr", alt)


def restart(level: int) -> Any:
    made = OxmlElement("w:lvlOverride")
    made.set(qn("w:ilvl"), str(level))
    start = OxmlElement("w:startOverride")
    start.set(qn("w:val"), "1")
    made.append(start)
    return made


@dataclass(frozen=True)
class Piece:
    """Some letters of one look."""

    text: str
    is_strong: bool = False
    is_said_softly: bool = False  # em
    href: str = ""


def trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without the empty space that HTML has around a block."""
    there = list(pieces)
    while there and not there[0].text.strip():
        del there[0]
    while there and not there[-1].text.strip():
        del there[-1]
    if there:
        there[0] = replace(there[0], text=there[0].text.lstrip())
        there[-1] = replace(there[-1], text=there[-1].text.rstrip())
    return there


@dataclass
class OpenList:
    kind: str
    number: int
    is_begun: bool = False  # whether the point that is read has its sign


@dataclass
class OpenTable:
    rows: list[list[str]] = field(default_factory=list)


class Reader(HTMLParser):
    """Writes HTML of ours into a document, block by block."""

    def __init__(self, made: ReviewDocument, name: str) -> None:
        super().__init__()
        self.made, self.name = made, name
        self.look = Piece("")
        self.pieces: list[Piece] = []
        self.heading = 0
        self.lists: list[OpenList] = []
        self.table: OpenTable | None = None
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "strong" | "em" | "a":
                self.look = self.looked(tag, dict(attrs).get("href") or "", begins=True)
            case "br":
                self.pieces.append(replace(self.look, text="\n"))
            case "li":
                self.lists[-1].is_begun = False
            case "tr" if self.table:
                self.table.rows.append([])
            case _ if tag in OPENS:
                self.end_block()
                self.open(tag)

    def open(self, tag: str) -> None:
        match tag:
            case "ul" | "ol":
                self.lists.append(OpenList(tag, self.made.new_list(tag)))
            case "blockquote":
                self.quoted += 1
            case "table":
                self.table = OpenTable()
            case _:
                self.heading = HEADINGS[tag]

    def looked(self, tag: str, href: str, *, begins: bool) -> Piece:
        match tag:
            case "strong":
                return replace(self.look, is_strong=begins)
            case "em":
                return replace(self.look, is_said_softly=begins)
            case _:
                return replace(self.look, href=href)

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "strong" | "em" | "a":
                self.look = self.looked(tag, "", begins=False)
            case "ul" | "ol":
                self.end_block()
                self.lists.pop()
            case "blockquote":
                self.end_block()
                self.quoted -= 1
            case "th" | "td" if self.table:
                self.table.rows[-1].append("".join(one.text for one in self.pieces).strip())
                self.pieces = []
            case "table" if self.table:
                self.write_table(self.table.rows)
                self.table = None
            case _ if tag in BLOCKS:
                self.end_block()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split("\n")) if not data.isspace() else " "
        if self.pieces or text.strip():
            self.pieces.append(replace(self.look, text=text))

    def write_table(self, rows: list[list[str]]) -> None:
        header, *body = rows
        about = f"Table: {', '.join(filter(None, header))}"
        self.made.table(about, header, body, [1] * len(header))

    def end_block(self) -> None:
        """Write what was read as a paragraph, a point or a heading."""
        pieces, self.pieces = trimmed(self.pieces), []
        level, self.heading = self.heading, 0
        if not pieces:
            return
        if level:
            self.made.paragraph(pieces, f"Heading {level}")
        elif self.lists:
            inner = self.lists[-1]
            number = 0 if inner.is_begun else inner.number
            self.made.item(pieces, inner.kind, number, len(self.lists) - 1)
            inner.is_begun = True
        else:
            self.made.paragraph(pieces, "Quote" if self.quoted else self.name)
