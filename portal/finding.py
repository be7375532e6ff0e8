"""Finding a music service in the directory: by what it is called, and by what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.http import QueryDict

from portal.models import MusicService, NwgSeat, Region
from portal.models.services import MusicServiceQuerySet

# Words that nearly every name has: they tell no service from another
EVERYDAY = {
    *("a", "and", "arts", "borough", "council", "county", "education", "for", "hub", "in"),
    *("music", "of", "school", "schools", "service", "services", "the", "trust"),
}
MOST_WORDS = 6
NEARLY = 0.45  # of the letter groups of a word: two letters swapped in a short name still pass
NEAREST = 200  # services shown where only near names were found

PARTS = {
    "research": ("action_research", "Action research"),
    "nurture": ("nurture_groups", "Nurture groups"),
    "nwg": ("is_in_nwg", "NWG"),
}
KNOWN_OF = ["region", "first_year", *(field for field, _ in PARTS.values())]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for, as the address says it. What it does not know is left out."""

    words: str = ""
    region: str = ""
    year: int | None = None
    parts: tuple[str, ...] = ()

    @classmethod
    def read(cls, asked: QueryDict) -> Wanted:
        region, year = asked.get("region", ""), asked.get("year", "")
        return cls(
            words=" ".join(asked.get("q", "").replace("\0", "").split())[:100],
            region=region if region in Region.values else "",
            year=int(year) if re.fullmatch(r"[12]\d{3}", year, re.ASCII) else None,
            parts=tuple(part for part in PARTS if asked.get(part)),
        )

    @property
    def telling(self) -> list[str]:
        """The words that tell one service from another."""
        words = re.findall(r"[\w’'-]+", self.words.lower())[:MOST_WORDS]
        return [word for word in words if word not in EVERYDAY]

    @property
    def is_anything(self) -> bool:
        return self == Wanted()

    def has_part(self, part: str) -> bool:
        return part in self.parts

    def address(self) -> str:
        """The same as terms of an address."""
        terms = QueryDict(mutable=True)
        terms.update({"q": self.words, "region": self.region, "year": str(self.year or "")})
        terms.update(dict.fromkeys(self.parts, "yes"))
        for name in [name for name, value in terms.items() if not value]:
            del terms[name]
        return terms.urlencode()


@dataclass(frozen=True)
class Option:
    """One way to narrow the list, with how many services would be left."""

    value: str
    label: str
    count: int
    is_chosen: bool
    address: str = ""


@dataclass(frozen=True)
class Found:
    """The services that answer, and what the list may be narrowed to."""

    wanted: Wanted
    services: MusicServiceQuerySet
    count: int
    regions: list[Option]
    years: list[Option]
    parts: list[Option]
    is_nearly: bool  # nothing is called so: these come near

    @property
    def all_regions(self) -> int:
        return sum(option.count for option in self.regions)


@dataclass(frozen=True)
class Group:
    """How many services there are of which the same is known."""

    region: str
    year: int | None
    parts: frozenset[str]
    count: int

    def answers(self, wanted: Wanted) -> bool:
        return (
            wanted.region in {"", self.region}
            and wanted.year in {None, self.year}
            and self.parts.issuperset(wanted.parts)
        )


def with_nwg(services: MusicServiceQuerySet) -> MusicServiceQuerySet:
    """Whether each has been part of the NWG, as the directory says, or holds a seat on it now."""
    seated = NwgSeat.objects.live().order_by().values("service")
    part = ExpressionWrapper(Q(in_nwg=True) | Q(pk__in=seated), output_field=BooleanField())
    return services.annotate(is_in_nwg=part)


def find(wanted: Wanted, among: MusicServiceQuerySet) -> Found:
    """One query for all the figures, whatever is asked; two more where nothing is called so."""
    among = with_nwg(among)
    called, is_nearly = called_so(wanted, among), False
    groups = grouped(called)
    if wanted.words and not groups:
        called, is_nearly = nearly_so(wanted, among), True
        groups = grouped(called)
    services = narrowed(wanted, called)
    if wanted.words:
        rank = services.nearest_first if is_nearly else services.best_first
        services = rank(wanted.words)
    return Found(
        wanted=wanted,
        services=services,
        count=total(groups, wanted),
        regions=[
            Option(
                region,
                region,
                total(groups, replace(wanted, region=region)),
                wanted.region == region,
                replace(wanted, region=region).address(),
            )
            for region in Region.values
        ],
        years=[
            Option(
                str(year),
                str(year),
                total(groups, replace(wanted, year=year)),
                wanted.year == year,
            )
            for year in sorted({group.year for group in groups if group.year} | years_of(wanted))
        ],
        parts=[
            Option(
                part,
                label,
                total(groups, replace(wanted, parts=(*wanted.parts, part))),
                wanted.has_part(part),
            )
            for part, (_, label) in PARTS.items()
        ],
        is_nearly=is_nearly,
    )


def years_of(wanted: Wanted) -> set[int]:
    return {wanted.year} if wanted.year else set()


def called_so(wanted: Wanted, among: MusicServiceQuerySet) -> MusicServiceQuerySet:
    """Each word that tells something is in some name of the service."""
    for word in wanted.telling:
        among = among.called(word)
    return among


def nearly_so(wanted: Wanted, among: MusicServiceQuerySet) -> MusicServiceQuerySet:
    """The same with slips of the finger allowed."""
    near = MusicService.objects.order_by()
    for word in wanted.telling:
        near = near.called(word, nearly=True)
    nearest = near.nearest_first(wanted.words).values_list("pk", flat=True)[:NEAREST]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {NEARLY}")
        keys = list(nearest)
    return among.filter(pk__in=keys)


def narrowed(wanted: Wanted, services: MusicServiceQuerySet) -> MusicServiceQuerySet:
    if wanted.region:
        services = services.filter(region=wanted.region)
    if wanted.year:
        services = services.filter(first_year=wanted.year)
    return services.filter(**{PARTS[part][0]: True for part in wanted.parts})


def grouped(services: MusicServiceQuerySet) -> list[Group]:
    """Ten thousand services come to a few hundred groups: every count on the page is of these."""
    rows = services.order_by().values(*KNOWN_OF).annotate(count=Count("pk"))
    return [
        Group(
            row["region"],
            row["first_year"],
            frozenset(part for part, (field, _) in PARTS.items() if row[field]),
            row["count"],
        )
        for row in rows
    ]


def total(groups: Iterable[Group], wanted: Wanted) -> int:
    return sum(group.count for group in groups if group.answers(wanted))
