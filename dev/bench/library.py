"""The library at 100,000 resources: searches of every kind, the page of one, its topics.

Titles, summaries and texts are drawn from the words of what ships and twenty thousand invented
ones, the common ones as much more often as in English. Poured in by bulk SQL, without history.
"""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate, cycle, product

from django.db import connection, transaction
from django.utils import timezone

from dev.bench.asks import Ask
from dev.bench.pages import answer, figures
from dev.bench.people import browser, header
from portal.access import Role
from portal.models import Membership
from resources.finding.queries import terms
from resources.models import Audience, Resource, ResourceKind

RESOURCES, ROUNDS, WARM = 100_000, 120, 24
TITLE, SUMMARY, BODY = 6, 22, 60  # words
YEARS = 8

COLUMNS = (
    *("title", "slug", "summary", "kind", "heard", "audience", "credit", "licence", "body"),
    *("link", "video", "visibility", "state", "published_on", "first_year"),
    *("version", "written_at", "taken", "note", "beside"),
)
INDEXES = {
    "resource_search": "CREATE INDEX resource_search ON resources_resource USING gin (search)",
    "resource_title_trgm": "CREATE INDEX resource_title_trgm ON resources_resource "
    "USING gin (title gin_trgm_ops)",
}
STEPS = [
    """
    INSERT INTO resources_resource_topics (resource_id, topic_id)
    SELECT r.id, t.id FROM resources_resource r JOIN portal_topic t
        ON t.order = 1 + r.id % 14 OR (r.id % 3 = 0 AND t.order = 1 + r.id * 7 % 14)
    WHERE r.slug LIKE 'bench-%'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO resources_word (word)
    SELECT DISTINCT word FROM resources_resource,
        unnest(tsvector_to_array(to_tsvector('simple', title || ' ' || summary))) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '[^[:alpha:]]'
    ON CONFLICT DO NOTHING
    """,
]
SEARCHES = {
    "a word": ["q=reflection", "q=belonging", "q=songwriter"],
    "a common word": ["q=music", "q=inclusion", "q=service"],
    "words and boxes": [
        "q=tutors&kind=guide&topic=first-access",
        "q=reflective+practice&for=tutors&year={year}",
        "q=inclusion&topic=youth-voice&kind=video&sort=taken",
    ],
    "synonyms": ["q=EDI", "q=WCET+tutors", "q=SEND"],
    "a typo": ["q=refletcion", "q=songwritter", "q=inclusoin+practise"],
    "no word": ["", "topic=youth-voice", "kind=guide&sort=taken", "page=40"],
}


def vocabulary() -> tuple[list[str], list[float]]:
    """Words, the commonest first, and how often each comes up to it (Zipf)."""
    texts = Resource.objects.values_list("title", "summary")
    known = [term.text.lower() for row in texts for term in terms(" ".join(row).replace('"', ""))]
    starts, ends = ("ba", "ko", "li", "mu", "re", "sta", "tri", "ve"), ("n", "st", "ng", "rd", "l")
    parts = [a + b for a, b in product(starts, ends)]
    made = ["".join(three) for three in product(parts, repeat=3)]
    random.shuffle(made)
    words = [*dict.fromkeys(known), *made[:20_000]]
    return words, list(accumulate(1 / rank for rank in range(1, len(words) + 1)))


def rows(resources: int) -> Iterator[tuple[object, ...]]:
    words, often = vocabulary()
    now, today = timezone.now(), timezone.localdate()
    for number in range(resources):
        drawn = random.choices(words, cum_weights=often, k=TITLE + SUMMARY + BODY)
        title, rest = drawn[:TITLE], drawn[TITLE:]
        yield (
            " ".join(title).capitalize()[:200],
            f"bench-{number}",
            " ".join(rest[:SUMMARY]).capitalize()[:400],
            ResourceKind.values[number * 5 // 3 % len(ResourceKind)],
            [],
            Audience.values[: 1 + number % 3],
            *("", "", " ".join(rest[SUMMARY:]), "https://example.org/", ""),
            "members" if number % 9 == 0 else "public",
            "draft" if number % 50 == 0 else "published",
            (day := today - timedelta(days=number * 31 % (365 * YEARS))),
            day.year if number % 3 else None,
            *(1, now, number * 13 % 500, "", ""),
        )


def fill(resources: int) -> None:
    random.seed(7)
    made = list(rows(resources))  # it asks the database: not while a COPY holds the connection
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE resources_resource DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for name in INDEXES:  # put back at the end: much quicker than row by row
            cursor.execute(f"DROP INDEX {name}")
        names = ", ".join(COLUMNS)
        with cursor.copy(f"COPY resources_resource ({names}) FROM STDIN") as copy:
            for row in made:
                copy.write_row(row)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE resources_resource ENABLE TRIGGER USER")
        for step in (*INDEXES.values(), *STEPS):
            cursor.execute(step)


def asks() -> dict[str, list[Ask]]:
    """Searches by visitors, every third by a service lead; and pages of single resources."""
    lead = Membership.objects.filter(role=Role.LEAD).select_related("user").first()
    assert lead, "The demo is there first."
    cookies = header(browser(lead.user, "/library/"))
    year = timezone.localdate().year - 2
    found = {
        kind: [
            Ask(f"/library/?{search.format(year=year)}", cookies if at % 3 == 2 else "")
            for at, search in enumerate(searches)
        ]
        for kind, searches in SEARCHES.items()
    }
    slugs = Resource.objects.published().filter(visibility="public").order_by("pk")
    found["resource"] = [
        Ask(f"/library/{slug}/", "") for slug in slugs.values_list("slug", flat=True)[::4001]
    ]
    found["topic"] = [
        Ask(f"/library/topics/{slug}/", "") for slug in ("youth-voice", "first-access")
    ]
    return found


def measure() -> dict[str, dict[str, float]]:
    if not Resource.objects.filter(slug="bench-1").exists():
        fill(RESOURCES)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    told = {}
    for kind, some in asks().items():
        turn = cycle(some)
        for _ in range(WARM):
            answer(next(turn))
        told[kind] = figures(some, [answer(next(turn)) for _ in range(ROUNDS)])
    return told


if __name__ == "__main__":
    print(json.dumps(measure()))
