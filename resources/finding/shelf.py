"""What answers to a search of the library, in a number of queries that does not grow with it.

One light row for each resource that the words find gives every figure on the page. Past CAP of
them there are no figures and no ranks: the newest come first, and the page asks for another word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property

from portal.models import Topic
from resources.finding import facets, queries, spelling
from resources.finding.facets import Counted, Facet, Group, Row
from resources.finding.lines import Line, lines
from resources.finding.queries import Query
from resources.finding.wanted import Sort, Wanted
from resources.models import Audience, Resource, ResourceKind, Synonyms
from resources.models.library import NEWEST, ResourceQuerySet
from selfassessment.models import Statement, Status

CAP = 1000  # resources that are counted and ranked
A_PAGE = 20
Topics = Mapping[str, Topic]  # by their slugs


@dataclass(frozen=True)
class Chip:
    """Something that is ticked, with the same search without it."""

    label: str
    address: str


@dataclass(frozen=True)
class Order:
    """One way to sort the list."""

    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Found:
    """A page of the list, and all that stands beside it."""

    wanted: Wanted
    page: Page[Any]
    lines: list[Line]
    total: int
    is_capped: bool  # there are more than are counted
    facets: list[Facet]
    chips: list[tuple[str, list[Chip]]]
    statement: Statement | None
    meant: str
    was_taken: bool  # something of it: before that, “most taken” would be no order
    named: list[Topic]  # topics that are called what is looked for

    @property
    def sorts(self) -> list[Order]:
        """The orders on offer."""
        return [
            Order(
                one.label, replace(self.wanted, sort=one.value).address(), one == self.wanted.order
            )
            for one in self.wanted.orders
            if one != Sort.TAKEN or self.was_taken or self.wanted.order == Sort.TAKEN
        ]

    @property
    def without_statement(self) -> str:
        return replace(self.wanted, statement=None).address()

    @property
    def meant_address(self) -> str:
        return replace(self.wanted, words=self.meant).address()


class Counting(Paginator[Any]):
    """Pages of a list whose length is counted already."""

    def __init__(self, found: ResourceQuerySet, total: int) -> None:
        super().__init__(found.values_list("pk", flat=True), A_PAGE)
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.total


def find(wanted: Wanted, among: ResourceQuerySet, page: str | None = None) -> Found:
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    statement = statement_of(wanted)
    wanted = replace(
        wanted,
        topics=tuple(slug for slug in wanted.topics if slug in topics),
        statement=statement.pk if statement else None,
    )
    synonyms = alike() if wanted.words else []
    sought = queries.query(wanted.words, synonyms)
    answering = among if statement is None else related(among, statement)
    if wanted.words:
        answering = answering.none() if sought is None else answering.filter(search=sought)
    rows = light(answering)
    counted = facets.count(as_rows(rows, topics), wanted) if len(rows) <= CAP else None
    narrowed = narrow(answering, wanted, topics)
    if counted:
        total, ordered = counted.total, in_order(narrowed, wanted, sought)
    elif not wanted.is_narrowed:
        total, ordered = len(rows), in_order(narrowed, wanted, None)
    else:
        total, ordered = left_of(narrowed, wanted, sought)
    shown = Counting(ordered, min(total, CAP)).get_page(page)
    years = {row[2] for row in rows if row[2]} if counted else years_between(among)
    return Found(
        wanted=wanted,
        page=shown,
        lines=lines(list(shown), among, sought),
        total=min(total, CAP),
        is_capped=total > CAP,
        facets=boxes(wanted, topics, counted, years),
        chips=chips(wanted, topics),
        statement=statement,
        was_taken=len(rows) > CAP or any(row[3] for row in rows),
        meant=meant(wanted.words, synonyms, among) if wanted.words and not rows else "",
        named=[
            topic for topic in topics.values() if queries.named(wanted.words, synonyms, topic.name)
        ],
    )


def with_words(words: str, among: ResourceQuerySet) -> tuple[ResourceQuerySet, str]:
    """What has these words, or a part of one in its title; where nothing has, what was meant."""
    synonyms = alike()
    sought = queries.query(words, synonyms)
    titled = Q(title__icontains=words)
    found = among.filter(titled if sought is None else titled | Q(search=sought))
    return found, "" if found.exists() else meant(words, synonyms, among)


def statement_of(wanted: Wanted) -> Statement | None:
    """The statement that help is looked for with; one of a draft is not there for anybody."""
    if wanted.statement is None:
        return None
    there = Statement.objects.exclude(questionnaire__status=Status.DRAFT)
    return there.select_related("questionnaire").filter(pk=wanted.statement).first()


def alike() -> list[list[str]]:
    """The words that mean the same."""
    return queries.groups(Synonyms.objects.values_list("words", flat=True))


def meant(words: str, synonyms: list[list[str]], among: ResourceQuerySet) -> str:
    """What was meant, if that finds something that this person may read."""
    sought = queries.query(mended := spelling.meant(words), synonyms)
    return mended if sought is not None and among.filter(search=sought).exists() else ""


def related(among: ResourceQuerySet, statement: Statement) -> ResourceQuerySet:
    """What is linked to a statement, in any edition of it, or shares a topic with it."""
    linked = Resource.statements.through.objects.filter(
        resource=OuterRef("pk"),
        statement__code=statement.code,
        statement__questionnaire__name=statement.questionnaire.name,
    )
    on_topic = Resource.topics.through.objects.filter(
        resource=OuterRef("pk"), topic__statements=statement
    )
    marked = among.annotate(is_linked=Exists(linked))
    return marked.filter(Q(is_linked=True) | Q(Exists(on_topic)))


def light(answering: ResourceQuerySet) -> list[tuple[Any, ...]]:
    """Of each what boxes and orders go by; one more than CAP where there are more."""
    of_one = Resource.topics.through.objects.filter(resource=OuterRef("pk")).values("topic")
    rows = answering.order_by().annotate(topic_keys=ArraySubquery(of_one))
    return list(rows.values_list("kind", "audience", "year", "taken", "topic_keys")[: CAP + 1])


def as_rows(rows: Iterable[tuple[Any, ...]], topics: Topics) -> Iterable[Row]:
    slugs = {topic.pk: slug for slug, topic in topics.items()}
    for kind, readers, year, _taken, keys in rows:
        yield {
            Group.TOPIC: [slugs[key] for key in keys],
            Group.KIND: [kind],
            Group.READER: readers,
            Group.YEAR: [str(year)] if year else [],
        }


def narrow(found: ResourceQuerySet, wanted: Wanted, topics: Topics) -> ResourceQuerySet:
    if wanted.topics:
        chosen = [topics[slug] for slug in wanted.topics]
        found = found.on_topics(chosen)
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    if wanted.readers:
        found = found.filter(audience__overlap=wanted.readers)
    if wanted.years:
        found = found.filter(year__in=wanted.years)
    return found


def in_order(found: ResourceQuerySet, wanted: Wanted, ranked: Query | None) -> ResourceQuerySet:
    """The best match first, ranked by title and summary; or the most taken; or the newest."""
    if wanted.order == Sort.TAKEN:
        return found.order_by("-taken", *NEWEST)
    if wanted.order == Sort.BEST and ranked is not None:
        rank = SearchRank(F("front"), ranked)
        return found.annotate(rank=rank).order_by("-rank", *NEWEST)
    if wanted.order == Sort.BEST and wanted.statement:
        return found.order_by(F("is_linked").desc(), *NEWEST)
    return found.newest_first()


def left_of(
    narrowed: ResourceQuerySet, wanted: Wanted, sought: Query | None
) -> tuple[int, ResourceQuerySet]:
    """Of a broad search: how many its boxes leave, up to one more than CAP, and these in order.

    They are looked through once. What little is left can be ranked after all.
    """
    keys = list(in_order(narrowed, wanted, None).values_list("pk", flat=True)[: CAP + 1])
    left = Resource.objects.filter(pk__in=keys[:CAP])
    if wanted.statement:
        return len(keys), in_order(narrowed, wanted, None)
    return len(keys), in_order(left, wanted, sought if len(keys) <= CAP else None)


def years_between(among: ResourceQuerySet) -> set[int]:
    """From the first year to the last: both are at an end of an index."""
    dated = among.filter(year__isnull=False).values_list("year", flat=True)
    first, last = dated.order_by("year").first(), dated.order_by("-year").first()
    return set(range(first, last + 1)) if first and last else set()


def labels(topics: Topics, years: Iterable[int]) -> dict[Group, dict[str, str]]:
    return {
        Group.TOPIC: {slug: topic.name for slug, topic in topics.items()},
        Group.KIND: dict(ResourceKind.choices),
        Group.READER: dict(Audience.choices),
        Group.YEAR: {str(year): str(year) for year in sorted(years, reverse=True)},
    }


def boxes(
    wanted: Wanted, topics: Topics, counted: Counted | None, years: Iterable[int]
) -> list[Facet]:
    named = labels(topics, {*years, *wanted.years})
    return [
        facets.facet(group, named[group], chosen, counted.each[group] if counted else None)
        for group, chosen in facets.ticked(wanted).items()
    ]


def chips(wanted: Wanted, topics: Topics) -> list[tuple[str, list[Chip]]]:
    named = labels(topics, wanted.years)
    fields = {
        Group.TOPIC: "topics",
        Group.KIND: "kinds",
        Group.READER: "readers",
        Group.YEAR: "years",
    }
    return [
        (
            group.label,
            [
                Chip(named[group][str(value)], wanted.without(field, value).address())
                for value in getattr(wanted, field)
            ],
        )
        for group, field in fields.items()
        if getattr(wanted, field)
    ]
