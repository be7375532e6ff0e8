"""How our Word papers look: every style they use, and nothing else.

Calibri is in every Word; LibreOffice sets Carlito, which is as wide, in its place. Colours are
those of print, on headings and rules alone: text stays as a reader has it.
"""

from __future__ import annotations

from portal.templatetags.drawings import palette

INK, PLUM, SOFT, LINE = (palette()[name].lstrip("#") for name in ("ink", "plum", "soft", "line"))
LANGUAGE = "en-GB"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORD = "http://schemas.microsoft.com/office/word"
BOLD = "<w:b/><w:bCs/>"
CLOSE = 'w:line="240" w:lineRule="auto"'  # lines without space between them


def size(points: float) -> str:
    halves = round(2 * points)
    return f'<w:sz w:val="{halves}"/><w:szCs w:val="{halves}"/>'


def colour(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def border(side: str, eighths: int, value: str, space: int = 0) -> str:
    """A rule on one side, in eighths of a point."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{value}"/>'


def spacing(before: int, after: int, lines: str = "") -> str:
    """In twentieths of a point."""
    return f'<w:spacing w:before="{before}" w:after="{after}" {lines}/>'


def style(name: str, about: str = "", letters: str = "", *, following: str = "Normal") -> str:
    """A paragraph style; its id is its name without spaces, as Word itself does it."""
    return f"""<w:style w:type="paragraph" w:styleId="{name.title().replace(" ", "")}">
  <w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:next w:val="{following}"/><w:qFormat/>
  <w:pPr>{about}</w:pPr><w:rPr>{letters}</w:rPr>
</w:style>"""


def heading(level: int, points: float, value: str, *, before: int, rule: str = "") -> str:
    """A heading: it stays with what follows, and the panes of both programs list it."""
    about = f"<w:keepNext/><w:keepLines/>{rule}{spacing(before, 100)}"
    outline = f'<w:outlineLvl w:val="{level - 1}"/>'
    letters = f"{BOLD}{colour(value)}{size(points)}"
    return style(f"heading {level}", about + outline, letters)


RULE = f"<w:pBdr>{border('top', 12, INK, space=6)}</w:pBdr>"
# The label of a fact stands in the margin that its text keeps free: 46 mm.
HANGING = f"""<w:tabs><w:tab w:val="left" w:pos="2608"/></w:tabs>{spacing(0, 60)}
<w:ind w:left="2608" w:hanging="2608"/>"""
BULLET = f'<w:numPr><w:numId w:val="1"/></w:numPr>{spacing(0, 40)}'
FOOTER = f'<w:tabs><w:tab w:val="right" w:pos="9412"/></w:tabs>{spacing(0, 0)}'

PARAGRAPHS = [
    style("Title", f"<w:keepNext/>{spacing(120, 60, CLOSE)}", f"{BOLD}{colour(INK)}{size(28)}"),
    style("Subtitle", spacing(0, 160), colour(SOFT) + size(14)),
    heading(1, 16, PLUM, before=280, rule=RULE),
    heading(2, 13.5, PLUM, before=320),
    heading(3, 11.5, INK, before=240),
    style("List Bullet", BULLET, following="ListBullet"),
    style("Fact", HANGING, following="Fact"),
    style("Table Text", spacing(36, 36, CLOSE), size(9.5), following="TableText"),
    style("footer", FOOTER, colour(SOFT) + size(9)),
]

STYLES = f"""<w:styles {W}>
<w:docDefaults>
  <w:rPrDefault><w:rPr>
    <w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>
    {size(11)}
    <w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>
  </w:rPr></w:rPrDefault>
  <w:pPrDefault><w:pPr>{spacing(0, 100, 'w:line="264" w:lineRule="auto"')}</w:pPr></w:pPrDefault>
</w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal">
  <w:name w:val="Normal"/><w:qFormat/>
</w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
  <w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/>
</w:style>
<w:style w:type="character" w:styleId="Strong">
  <w:name w:val="Strong"/><w:qFormat/><w:rPr>{BOLD}</w:rPr>
</w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal">
  <w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>
  <w:tblPr><w:tblCellMar>
    <w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>
    <w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>
  </w:tblCellMar></w:tblPr>
</w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList">
  <w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/>
</w:style>
{"".join(PARAGRAPHS)}
<w:style w:type="table" w:styleId="Ruled">
  <w:name w:val="Ruled"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
  <w:tblPr><w:tblBorders>
    {border("bottom", 4, LINE)}{border("insideH", 4, LINE)}
  </w:tblBorders></w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr>{BOLD}{colour(SOFT)}</w:rPr>
    <w:tcPr>
      <w:tcBorders>{border("bottom", 12, INK)}</w:tcBorders><w:vAlign w:val="bottom"/>
    </w:tcPr>
  </w:tblStylePr>
  <w:tblStylePr w:type="firstCol"><w:rPr>{BOLD}</w:rPr></w:tblStylePr>
</w:style>
</w:styles>"""

NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/>
    <w:lvlText w:val="•"/><w:lvlJc w:val="left"/>
    <w:pPr><w:ind w:left="340" w:hanging="340"/></w:pPr></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
</w:numbering>"""

# As Word 2013 and later write it, or Word speaks of a mode for old documents.
SETTINGS = f"""<w:settings {W}>
<w:zoom w:percent="100"/>
<w:defaultTabStop w:val="720"/>
<w:characterSpacingControl w:val="doNotCompress"/>
<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="{WORD}" w:val="15"/></w:compat>
<w:themeFontLang w:val="{LANGUAGE}"/>
<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>
</w:settings>"""
