"""What somebody looks for in the library, as the address says it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.http import QueryDict

from resources.models import Audience, ResourceKind

LONGEST = 200  # letters of a search
MOST_TOPICS = 14
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
YEAR = re.compile(r"[12]\d{3}", re.ASCII)


class Sort(TextChoices):
    """In which order the resources come."""

    BEST = "best", "Best match"
    NEWEST = "newest", "Newest"
    TAKEN = "taken", "Most downloaded"


@dataclass(frozen=True)
class Wanted:
    """What is looked for. What the library does not know is left out, without a word."""

    words: str = ""
    topics: tuple[str, ...] = ()  # their slugs
    kinds: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    statement: int | None = None
    sort: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Wanted:
        statement = asked.get("statement", "")
        sort = asked.get("sort", "")
        return cls(
            words=" ".join(asked.get("q", "").replace("\0", "").split())[:LONGEST],
            topics=tuple(dict.fromkeys(asked.getlist("topic")))[:MOST_TOPICS],
            kinds=known(asked.getlist("kind"), ResourceKind.values),
            readers=known(asked.getlist("for"), Audience.values),
            years=tuple(
                int(year) for year in dict.fromkeys(asked.getlist("year")) if YEAR.fullmatch(year)
            )[:MOST_TOPICS],
            statement=int(statement) if NUMBER.fullmatch(statement) else None,
            sort=sort if sort in Sort.values else "",
        )

    @property
    def orders(self) -> list[Sort]:
        """Those on offer: a best match needs something to match."""
        matches = self.words or self.statement
        return [sort for sort in Sort if matches or sort != Sort.BEST]

    @property
    def order(self) -> Sort:
        """The one asked for, or the first on offer."""
        return next((sort for sort in self.orders if sort == self.sort), self.orders[0])

    @property
    def is_narrowed(self) -> bool:
        return bool(self.topics or self.kinds or self.readers or self.years or self.statement)

    def address(self) -> str:
        """The same as terms of an address."""
        terms = QueryDict(mutable=True)
        asked: dict[str, Iterable[object]] = {
            "q": [self.words] if self.words else [],
            "statement": [self.statement] if self.statement else [],
            "topic": self.topics,
            "kind": self.kinds,
            "for": self.readers,
            "year": self.years,
            "sort": [self.sort] if self.sort else [],
        }
        for name, values in asked.items():
            if values:
                terms.setlist(name, [str(value) for value in values])
        return terms.urlencode()

    def without(self, field: str, value: object) -> Wanted:
        """The same with one value of a field less."""
        left = tuple(one for one in getattr(self, field) if one != value)
        return replace(self, **{field: left})  # type: ignore[arg-type]  # one of the tuples


def known(asked: Iterable[str], values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value in set(asked))
