"""From what somebody types to what PostgreSQL looks for, with the words that mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

CONFIG = "english"
MOST_TERMS = 16  # of a search; the rest is not looked for
TERM = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
QUOTED = {ord("“"): '"', ord("”"): '"', ord("’"): "'"}

Query = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True)
class Term:
    """A word or a phrase in quotes that has to be there, or has not to be."""

    text: str
    is_phrase: bool = False
    is_out: bool = False

    def __str__(self) -> str:
        """As it is typed."""
        text = f'"{self.text}"' if self.is_phrase else self.text
        return f"-{text}" if self.is_out else text


def terms(words: str) -> list[Term]:
    """What is typed, term by term: `reflection "first access" -strings`."""
    found = []
    for out, phrase, word in TERM.findall(words.translate(QUOTED)):
        text = (phrase or word).strip()
        if re.search(r"\w", text):
            found.append(Term(text, bool(phrase), bool(out)))
    return found[:MOST_TERMS]


def groups(rows: Iterable[str]) -> list[list[str]]:
    """Rows of synonyms, “ED&I, EDI, IDEA”, as lists of words in small letters."""
    split = ([part.strip().lower() for part in row.split(",")] for row in rows)
    return [[part for part in group if re.search(r"\w", part)] for group in split]


def query(words: str, synonyms: Sequence[Sequence[str]]) -> Query | None:
    """All terms together, each with its synonyms; None where nothing is looked for."""
    wanted: Query | None = None
    left = terms(words)
    while left:
        many, same = longest(left, synonyms)
        one = alike(left[0], same)
        wanted = one if wanted is None else wanted & one
        left = left[many:]
    return wanted


def named(words: str, synonyms: Sequence[Sequence[str]], name: str) -> bool:
    """Whether a name has all that is typed, or what means the same: “cpd” and “CPD and …”."""
    left, has = terms(words), f" {name.lower()} "
    if not left or any(term.is_out for term in left):
        return False
    while left:
        many, same = longest(left, synonyms)
        if not any(f" {text} " in has for text in same or [left[0].text.lower()]):
            return False
        left = left[many:]
    return True


def longest(left: Sequence[Term], synonyms: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """How many of the next terms are one with synonyms, “first access”, and all of these."""
    best, same = 1, list[str]()
    for group in synonyms:
        for one in group:
            many = len(one.split())
            plain = [term for term in left[:many] if not (term.is_out or term.is_phrase)]
            typed = " ".join(term.text.lower() for term in plain)
            phrase = left[0].is_phrase and left[0].text.lower() == one
            if phrase:
                many = 1
            if (typed == one or phrase) and (many > best or not same):
                best, same = many, list(group)
    return best, same


def alike(term: Term, same: Sequence[str]) -> Query:
    """Any of the words that mean the same; what is left out is left out to the letter."""
    if term.is_out:
        return ~phrase(term.text)
    return reduce(or_, (phrase(text) for text in same or [term.text]))


def phrase(text: str) -> SearchQuery:
    """A word that the parser splits, like “SEN/D” or “follow-up”, is a phrase of its parts."""
    return SearchQuery(text, config=CONFIG, search_type="phrase")
