"""Word documents: real headings, lists and tables, the same bytes for the same words.

Only the worker imports this. Nothing that a person typed becomes markup or a field: it is set as
text, without the characters that no XML can hold.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from actionplans.papers.word_styles import LANGUAGE, NUMBERING, SETTINGS, STYLES

WIDE, HIGH = 58, 26  # mm: the box a logo is fitted into
DOTS = 25.4 / 96  # mm of a pixel; a picture is made smaller than that, never larger
TEXT_WIDTH = 166  # mm between the margins of an A4 page
TWIPS = 1440 / 25.4  # in a millimetre
MOST = 255  # characters that a property of a document can have
KEPT_SIGNS = {"\n", "\t", "\u00ad", "\u200c", "\u200d"}
DROPPED = {"Cc", "Cf", "Cn", "Co", "Cs"}
# Parts of python-docx's own template that say nothing of ours.
NOT_OURS = (
    *("thumbnail", "customXml", "stylesWithEffects", "webSettings", "fontTable", "theme"),
    "extended-properties",
)


def clean(data: Any) -> Any:
    """The same data with each text as XML can hold it, and its lines ended in one way."""
    match data:
        case str():
            text = data.replace("\r\n", "\n").replace("\r", "\n")
            return "".join(
                sign
                for sign in text
                if sign in KEPT_SIGNS or unicodedata.category(sign) not in DROPPED
            )
        case dict():
            return {name: clean(value) for name, value in data.items()}
        case list():
            return [clean(value) for value in data]
        case _:
            return data


class Document:
    """A paper as it is written, from its head to its end. Texts come from `clean`."""

    styles, numbering = STYLES, NUMBERING

    def __init__(self, *, title: str, author: str, footer: str) -> None:
        self.docx = docx.Document()
        self.use_our_looks()
        self.name(title, author)
        self.lay_out()
        self.number_pages(footer)

    def use_our_looks(self) -> None:
        for part in (self.docx.part, self.docx.part.package):
            for key, link in list(part.rels.items()):
                if link.reltype.endswith(NOT_OURS):
                    del part.rels[key]
        for kind, xml in (
            (RELATIONSHIP_TYPE.STYLES, self.styles),
            (RELATIONSHIP_TYPE.NUMBERING, self.numbering),
            (RELATIONSHIP_TYPE.SETTINGS, SETTINGS),
        ):
            part = self.docx.part.part_related_by(kind)
            part._element = parse_xml(xml)  # type: ignore[attr-defined]  # noqa: SLF001

    def name(self, title: str, author: str) -> None:
        says = self.docx.core_properties
        # A day of making would make each file another.
        for child in list(says._element):  # noqa: SLF001
            says._element.remove(child)  # noqa: SLF001
        says.title, says.author, says.language = title[:MOST], author[:MOST], LANGUAGE

    def lay_out(self) -> None:
        page = self.docx.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm((210 - TEXT_WIDTH) / 2)
        page.top_margin = page.bottom_margin = Mm(20)
        page.footer_distance = Mm(11)

    def number_pages(self, words: str) -> None:
        line = self.docx.sections[0].footer.paragraphs[0]
        line.style = self.docx.styles["footer"]
        line.add_run(f"{words}\tPage ")
        for field, between in (("PAGE", " of "), ("NUMPAGES", "")):
            simple = OxmlElement("w:fldSimple")
            simple.set(qn("w:instr"), field)
            simple.append(run("1"))
            line._p.append(simple)  # noqa: SLF001
            if between:
                line.add_run(between)

    @property
    def ends_with_table(self) -> bool:
        """By its last part but one: the last says how the page is laid out."""
        return [one.tag for one in self.docx.element.body[-2:-1]] == [qn("w:tbl")]

    def title(self, text: str, under: str) -> None:
        self.docx.add_paragraph(text, style="Title")
        self.docx.add_paragraph(under, style="Subtitle")

    def heading(self, text: str, level: int) -> None:
        self.docx.add_paragraph(text, style=f"Heading {level}")

    def text(self, text: str) -> None:
        """A text, its paragraphs parted where somebody left a line free."""
        for block in filter(None, re.split(r"\n\s*\n", text.strip())):
            follows_table = self.ends_with_table
            line = self.docx.add_paragraph(block)
            if follows_table:
                line.paragraph_format.space_before = Pt(12)

    def fact(self, label: str, text: str) -> None:
        """What something is, with its name in the margin; nothing where it is not known."""
        if not text.strip():
            return
        line = self.docx.add_paragraph(style="Fact")
        line.add_run(label, style="Strong")
        line.add_run(f"\t{text.strip()}")

    def bullets(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.docx.add_paragraph(line, style="List Bullet")

    def table(
        self,
        about: str,
        header: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[int],
    ) -> None:
        """A table whose header comes again on each page; its first column names the row.

        `widths` are shares. Something else stands between it and another table.
        """
        there = list(rows)
        if not there:
            return
        table = self.docx.add_table(rows=0, cols=len(header), style="Ruled")
        table.autofit = False
        tbl = table._tbl  # noqa: SLF001
        for name, said in (("w:tblCaption", about), ("w:tblDescription", about)):
            tbl.tblPr.append(element(name, said))
        sizes = [round(TEXT_WIDTH * TWIPS * one / sum(widths)) for one in widths]
        for column, size in zip(tbl.tblGrid.findall(qn("w:gridCol")), sizes, strict=True):
            column.set(qn("w:w"), str(size))
        for number, cells in enumerate([header, *there]):
            tbl.append(row(cells, sizes, is_header=number == 0))

    def picture(self, png: str, width: int, height: int, alt: str) -> None:
        """A picture in base64, of so many pixels, with what it shows."""
        scale = min(DOTS, WIDE / width, HIGH / height)
        drawn = self.docx.add_picture(
            BytesIO(b64decode(png)), Mm(width * scale), Mm(height * scale)
        )
        about = drawn._inline.docPr  # noqa: SLF001
        about.set("name", "Logo")
        about.set("descr", alt)

    def as_bytes(self) -> bytes:
        """The file. Its members bear one date, so that the same words are the same bytes."""
        if self.ends_with_table:  # Word asks for a paragraph after it
            self.docx.add_paragraph(style="Table Text")
        made, out = BytesIO(), BytesIO()
        self.docx.save(made)
        with ZipFile(made) as there, ZipFile(out, "w", ZIP_DEFLATED) as anew:
            for name in there.namelist():
                member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                member.compress_type = ZIP_DEFLATED
                anew.writestr(member, there.read(name))
        return out.getvalue()


def element(name: str, value: str) -> Any:
    made = OxmlElement(name)
    made.set(qn("w:val"), value)
    return made


def run(text: str) -> Any:
    made = OxmlElement("w:r")
    made.text = text
    return made


def row(cells: Sequence[str], sizes: Sequence[int], *, is_header: bool) -> Any:
    """A row that stays whole on its page, or the header that comes again on each."""
    made = OxmlElement("w:tr")
    about = OxmlElement("w:trPr")
    about.append(OxmlElement("w:cantSplit"))
    if is_header:
        about.append(OxmlElement("w:tblHeader"))
    made.append(about)
    for text, size in zip(cells, sizes, strict=True):
        cell = OxmlElement("w:tc")
        width = OxmlElement("w:tcW")
        width.set(qn("w:w"), str(size))
        width.set(qn("w:type"), "dxa")
        settings = OxmlElement("w:tcPr")
        settings.append(width)
        line = OxmlElement("w:p")
        line.style = "TableText"
        line.append(run(text))
        cell.append(settings)
        cell.append(line)
        made.append(cell)
    return made
