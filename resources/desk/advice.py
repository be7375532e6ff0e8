"""What to think about before a resource is saved. It advises, and never stops anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models.lookups import GreaterThanOrEqual

from resources import text
from resources.models import Resource

ALIKE = 0.45  # of titles, from 0 to 1: “Reflection diary” and “Critical reflection diary” are
MOST = 3
LONGEST = 60  # characters of a name
SHORTEST = 4  # characters of a title, before it is compared
HEADING = re.compile(r"^#\s", re.MULTILINE)


@dataclass(frozen=True)
class Advice:
    """One thing to look at, with the resource that it is about, where there is one."""

    words: str
    like: Resource | None = None


def of(*, title: str, link: str = "", body: str = "", kept: Resource | None = None) -> list[Advice]:
    """What to say of a resource as it is typed; `kept` is the one that is being changed."""
    but = kept.pk if kept else 0
    same = same_link(link, but)
    found = [Advice("This link is in the library already:", one) for one in same]
    known = {one.pk for one in same}
    found += [
        Advice("A title very much like it is in the library already:", one)
        for one in alike(title, but)
        if one.pk not in known
    ]
    found += [Advice(words) for words in unseen(body, kept)]
    if HEADING.search(body):
        found.append(
            Advice("The title is the first heading already. Begin headings in the text with ##.")
        )
    return found


def unseen(body: str, kept: Resource | None) -> list[str]:
    """Why pictures that the text asks for are not shown."""
    asked = text.pictures_in(body)
    there = set(kept.pictures.values_list("name", flat=True)) if asked and kept else set()
    missing = [name for name in dict.fromkeys(asked) if name and name not in there]
    words = [f"It has no picture called “{name[:LONGEST]}”." for name in missing]
    if "" in asked:
        words.append("A picture from elsewhere is not shown. Add it under “Files and pictures”.")
    return words[: MOST + 1]


def alike(title: str, but: int) -> list[Resource]:
    """Resources whose titles are nearly this one, the nearest first."""
    title = title.strip()
    if len(title) < SHORTEST:
        return []
    likeness = TrigramSimilarity("title", title)
    like = Resource.objects.exclude(pk=but).filter(title__trigram_similar=title)
    near = like.annotate(near=likeness).filter(GreaterThanOrEqual(likeness, ALIKE))
    return list(near.defer("body").order_by("-near", "pk")[:MOST])


def same_link(link: str, but: int) -> list[Resource]:
    """Resources that lead to the same page, however the address is written."""
    bare = bared(link)
    if not bare:
        return []
    rows = Resource.objects.exclude(pk=but).filter(link__icontains=bare).defer("body")
    return [one for one in rows.order_by("pk")[: MOST * 10] if bared(one.link) == bare][:MOST]


def bared(link: str) -> str:
    """An address without what does not change the page: “example.org/guide”."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}" if host else ""
