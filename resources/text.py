"""Markdown as HTML that is safe on any page, in a feed and on paper.

CommonMark with tables. What a browser could run never passes: HTML in the text is shown as text,
and the result goes through a sanitiser that lets through what is listed here and nothing else.
"""

from __future__ import annotations

import re

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("strong", "em", "a", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https", "mailto"}
HIGHEST = 6
WORDS = re.compile(r"\w[\w’'-]*")

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def html(text: str, *, below: int = 1) -> SafeString:
    """`text` as HTML. Its highest heading comes one below level `below` of the page (1 to 5).

    Headings of a page skip no level, whatever the writer did: each goes as deep as it is nested.
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
    rendered = _parser.renderer.render(tokens, _parser.options, {})
    return SafeString(clean(rendered))


def clean(markup: str) -> str:
    """HTML with only what TAGS and ATTRIBUTES let through."""
    return nh3.clean(
        markup,
        tags=TAGS,
        attributes=ATTRIBUTES,
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
