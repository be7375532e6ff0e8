"""What somebody may have meant, where nothing answers to what was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet, Value

from resources.finding.queries import terms
from resources.models import Word

MOST_WORDS = 5
SHORTEST = 4  # letters: shorter words are near to everything


def meant(words: str) -> str:
    """The same search in the nearest words of the library; empty where none differs. One query."""
    asked = terms(words)
    typed = [
        term.text.lower()
        for term in asked
        if not term.is_out and term.text.isalpha() and len(term.text) >= SHORTEST
    ]
    each = [nearest(word) for word in list(dict.fromkeys(typed))[:MOST_WORDS]]
    if not each:
        return ""
    instead = {row["typed"]: row["word"] for row in each[0].union(*each[1:], all=True)}
    mended = [replace(one, text=instead.get(one.text.lower(), one.text)) for one in asked]
    changed = [one.text.lower() for one in mended] != [one.text.lower() for one in asked]
    return " ".join(map(str, mended)) if changed else ""


def nearest(word: str) -> QuerySet[Any, Any]:
    near = Word.objects.filter(word__trigram_similar=word)
    named = near.annotate(typed=Value(word), near=TrigramSimilarity("word", word))
    return named.order_by("-near", "word").values("typed", "word")[:1]
