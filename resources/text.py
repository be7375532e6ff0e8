"""Markdown as HTML that is safe on any page, in a feed and on paper.

CommonMark with tables. What a browser could run never passes: HTML in the text is shown as text,
and the result goes through a sanitiser that lets through what is listed here and nothing else.

`![what it shows](picture:name)` is a picture that the caller knows by this name. No other picture
is shown, from wherever it would come.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("strong", "em", "a", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}
PICTURED = {"img": {"src", "alt", "width", "height", "loading"}}
SCHEMES = {"http", "https", "mailto"}
PICTURE = "picture:"
HIGHEST = 6
WORDS = re.compile(r"\w[\w’'-]*")

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@dataclass(frozen=True)
class Picture:
    """A picture that a text may show, by its address; its size is in pixels."""

    address: str
    width: int
    height: int
    alt: str  # read out where the text itself says nothing


Pictures = Mapping[str, Picture]  # by their names


def html(
    text: str, *, below: int = 1, pictures: Pictures | None = None, site: str = ""
) -> SafeString:
    """`text` as HTML. Its highest heading comes one below level `below` of the page (1 to 5).

    Headings of a page skip no level, whatever the writer did: each goes as deep as it is nested.
    With `site`, links to pages of ours are whole, for readers who are somewhere else.
    """
    tokens = _parser.parse(text)
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            above = [*(one for one in above if one < level), level]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(len(above) + below, HIGHEST)}"
        if token.type == "th_open":
            token.attrs = {"scope": "col"}  # alignment is a style, which no page of ours carries
        if token.type == "td_open":
            token.attrs = {}
    for token in within(tokens):
        if token.type == "image":
            show(token, (pictures or {}).get(picture_name(token)))
        elif token.type == "link_open" and site and str(token.attrs["href"])[:1] == "/":
            token.attrs["href"] = f"{site}{token.attrs['href']}"
    rendered = _parser.renderer.render(tokens, _parser.options, {})
    return SafeString(clean(rendered, {one.address for one in (pictures or {}).values()}))


def within(tokens: Iterable[Token]) -> Iterator[Token]:
    """What stands in the lines of a text: words, links, pictures."""
    for token in tokens:
        yield from token.children or []


def picture_name(token: Token) -> str:
    """What a picture of the text is called; nothing for one from anywhere else."""
    source = str(token.attrs.get("src", ""))
    return source.removeprefix(PICTURE) if source.startswith(PICTURE) else ""


def show(token: Token, picture: Picture | None) -> None:
    """Make a picture of the text one that a browser shows, or nothing."""
    if picture is None:
        token.type, token.content, token.children = "text", "", None
        return
    said = [Token("text", "", 0, content=picture.alt)]
    token.children = token.children if token.content.strip() else said
    token.attrs = {
        "src": picture.address,
        "alt": "",  # the renderer puts what the children say here
        "width": picture.width,
        "height": picture.height,
        "loading": "lazy",
    }


def pictures_in(text: str) -> list[str]:
    """The names of the pictures that a text asks for; one from anywhere else has none."""
    return [picture_name(one) for one in within(_parser.parse(text)) if one.type == "image"]


def links_in(text: str) -> list[str]:
    """The pages on the web that a text leads to, each once."""
    opened = [one for one in within(_parser.parse(text)) if one.type == "link_open"]
    found = [str(one.attrs["href"]) for one in opened]
    return list(dict.fromkeys(url for url in found if url.startswith(("http://", "https://"))))


def clean(markup: str, pictures: Collection[str] = ()) -> str:
    """HTML with what TAGS and ATTRIBUTES let through, and pictures of these addresses only."""

    def let_through(tag: str, name: str, value: str) -> str | None:
        return value if (tag, name) != ("img", "src") or value in pictures else None

    return nh3.clean(
        markup,
        tags=TAGS | {"img"} if pictures else TAGS,
        attributes=ATTRIBUTES | PICTURED if pictures else ATTRIBUTES,
        attribute_filter=let_through,
        url_schemes=SCHEMES,
        link_rel="noopener",
    )


def plain(text: str) -> str:
    """`text` without its marks, for a feed, a description or a count."""
    bare = nh3.clean(_parser.render(text), tags=set())
    return " ".join(unescaped(bare).split())


def unescaped(text: str) -> str:
    """The five characters that HTML escapes, as they were."""
    for escaped, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(escaped, char)
    return text


def words(text: str) -> int:
    """How many words a reader reads."""
    return len(WORDS.findall(plain(text)))
