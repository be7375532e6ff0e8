"""Making the benchmark: in the worker, from what is shared, for pages that only read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet
from procrastinate.contrib.django import app

from selfassessment.benchmark import disclosure
from selfassessment.benchmark.disclosure import EVERYBODY, LEAST, Group, Member, Shown
from selfassessment.models import (
    Agreed,
    Audit,
    Benchmark,
    BenchmarkFigure,
    BenchmarkGroup,
    BenchmarkMember,
    Level,
    Scope,
    Section,
    SharedScore,
    Split,
)
from selfassessment.scoring import Scale

MAKE = "selfassessment.make_benchmark"
LOCK = "benchmark"  # one is made after the other: each looks at what was shown before

# One statement for all of them: a night's work on 10,000 services is seconds.
SCORES = """
INSERT INTO selfassessment_sharedscore (audit_id, section_id, total, rated, made_at)
SELECT g.audit_id, s.section_id, sum(g.value), count(*), now()
FROM selfassessment_agreedrating g
JOIN selfassessment_audit a ON a.id = g.audit_id
JOIN selfassessment_statement s ON s.id = g.statement_id
WHERE g.audit_id = ANY(%(audits)s) AND g.answer = %(level)s
    AND (a.scope <> %(quick)s OR s.quick_check)
GROUP BY g.audit_id, s.section_id
"""


@dataclass(frozen=True)
class Part:
    """What a figure is of: a section, an area, or (neither) how many services there are."""

    area: int | None = None
    section: int | None = None


WHOLE = Part()


@dataclass(frozen=True)
class Sharer:
    """One service that shares, with its percentage in each part in which it has a score."""

    audit: int
    member: Member
    percents: Mapping[Part, float]

    @property
    def sections(self) -> list[int]:
        return [part.section for part in self.percents if part.section is not None]


@dataclass(frozen=True)
class Earlier:
    """Figures made before, and still known to whoever looked then."""

    benchmark: Benchmark
    members: Mapping[int, tuple[Member, frozenset[int]]]  # by audit, with the sections scored
    groups: Mapping[Part, frozenset[Group]]  # shown of each part; everybody among them

    @property
    def everybody(self) -> set[Member]:
        return {member for member, _ in self.members.values()}

    def of(self, part: Part, sections_of: Mapping[int, set[int]]) -> Shown:
        """Who was in the figures of one part, and which groups were shown besides everybody."""
        wanted = {part.section} if part.section else sections_of.get(part.area or 0)
        return Shown(
            frozenset(
                member
                for member, scored in self.members.values()
                if wanted is None or not scored.isdisjoint(wanted)
            ),
            self.groups[part] - {EVERYBODY},
        )


def queue(audit: Audit) -> None:
    """Have the figures that `audit` belongs to made anew, once what is being written is in."""
    app.configure_task(MAKE, lock=LOCK).defer(
        questionnaire_id=audit.questionnaire_id, scope=audit.scope, year=audit.year
    )


def make_all() -> None:
    """Make what is due, of every edition, scope and year that somebody shares or shared."""
    due = set(sharing().values_list("questionnaire", "scope", "year"))
    due |= set(Benchmark.objects.values_list("questionnaire", "scope", "year"))
    for questionnaire_id, scope, year in sorted(due):
        make(questionnaire_id, scope, year)


def make(questionnaire_id: int, scope: str, year: int) -> None:
    """Make the figures of one edition, scope and year, as far as that tells of no few services.

    What was shown before stays where it cannot be made anew; what too few still share in is taken
    down.
    """
    benchmark = Benchmark(questionnaire_id=questionnaire_id, scope=scope, year=year)
    with transaction.atomic():
        score(sharing_in(benchmark))
        sharers = read_sharers(benchmark)
        before = read_earlier(benchmark)
        still = set(sharing_in(benchmark).values_list("pk", flat=True))
        for one in before:
            take_down(one, still)
        if not before or {sharer.member for sharer in sharers} != before[-1].everybody:
            show(benchmark, sharers, before)


def sharing() -> QuerySet[Audit]:
    return Audit.objects.filter(shared_at__isnull=False)


def sharing_in(benchmark: Benchmark) -> QuerySet[Audit]:
    return sharing().filter(
        questionnaire=benchmark.questionnaire_id, scope=benchmark.scope, year=benchmark.year
    )


def score(audits: QuerySet[Audit]) -> None:
    """Bring the section scores of shared self-assessments up to date: those that may have moved."""
    may_have_moved = (
        audits.annotate(scored_at=Max("shared_scores__made_at"))
        .filter(Q(closed_at=None) | Q(scored_at=None) | Q(closed_at__gt=F("scored_at")))
        .values_list("pk", flat=True)
    )
    moved = list(may_have_moved)
    SharedScore.objects.filter(audit__in=moved).delete()
    with connection.cursor() as cursor:
        cursor.execute(SCORES, {"audits": moved, "level": Agreed.LEVEL, "quick": Scope.QUICK})


def read_sharers(benchmark: Benchmark) -> list[Sharer]:
    """The services that share, each once: their latest self-assessment whose totals are shown."""
    latest = (
        sharing_in(benchmark)
        .filter(totals_shown_at__isnull=False)
        .order_by("service_id", "-started_at", "-pk")
        .distinct("service_id")
        .values_list("pk", "service__region", "service__kind")
    )
    places = {pk: (region, kind) for pk, region, kind in latest}
    levels = Level.objects.filter(questionnaire=benchmark.questionnaire_id)
    scale = Scale(tuple(levels.values_list("value", flat=True)))
    area_of = areas(benchmark)
    rows = (
        SharedScore.objects.filter(audit__in=places)
        .order_by("audit", "section")
        .values_list("audit", "section", "total", "rated")
    )
    found = []
    for audit, scores in groupby(rows.iterator(chunk_size=10_000), key=lambda row: row[0]):
        sections = [row[1:] for row in scores]
        region, kind = places[audit]
        digest = sha256(repr((audit, region, kind, sections)).encode()).hexdigest()
        found.append(
            Sharer(audit, Member(digest, region, kind), percents(sections, area_of, scale))
        )
    return found


def areas(benchmark: Benchmark) -> dict[int, int]:
    """The area of each section, by their ids."""
    sections = Section.objects.filter(questionnaire=benchmark.questionnaire_id)
    return dict(sections.values_list("pk", "area"))


def percents(
    sections: Iterable[tuple[int, int, int]], area_of: Mapping[int, int], scale: Scale
) -> dict[Part, float]:
    """Percentages by section and area, from (section, sum of levels, levels): statements pooled."""
    totals: Counter[Part] = Counter()
    rated: Counter[Part] = Counter()
    for section, total, levels in sections:
        for part in (Part(section=section), Part(area=area_of[section])):
            totals[part] += total - levels * scale.lowest
            rated[part] += levels
    return {part: 100 * totals[part] / (rated[part] * scale.span) for part in rated}


def read_earlier(benchmark: Benchmark) -> list[Earlier]:
    """All figures made before, the oldest first."""
    found = []
    those = Benchmark.objects.of(benchmark.questionnaire_id, benchmark.scope, benchmark.year)
    for one in those.order_by("pk"):
        members = {
            audit: (Member(scores, region, kind), frozenset(sections))
            for audit, scores, region, kind, sections in one.members.values_list(
                "audit", "scores", "region", "kind", "sections"
            )
        }
        groups: dict[Part, set[Group]] = {WHOLE: set()}
        shown = BenchmarkGroup.objects.filter(benchmark=one)
        for split, value, area, section in shown.values_list(
            "split", "value", "figures__area", "figures__section"
        ):
            group = (Split(split), value)
            groups[WHOLE].add(group)
            groups.setdefault(Part(area, section), set()).add(group)
        found.append(
            Earlier(one, members, {part: frozenset(shown) for part, shown in groups.items()})
        )
    return found


def take_down(earlier: Earlier, still: set[int]) -> None:
    """Keep figures up only while enough of the services in them share."""
    left = Counter(
        group
        for audit, (member, _) in earlier.members.items()
        if audit in still
        for group in (EVERYBODY, *member.groups)
    )
    for group in earlier.benchmark.groups.all():
        live = left[Split(group.split), group.value] >= LEAST
        if group.live != live:
            group.live = live
            group.save(update_fields=["live"])


def show(benchmark: Benchmark, sharers: Sequence[Sharer], before: Sequence[Earlier]) -> None:
    """Write down the figures that may be shown, and who is in them; nothing if none may."""
    parts = sorted(
        {part for sharer in sharers for part in sharer.percents},
        key=lambda part: (part.area or 0, part.section or 0),
    )
    area_of = areas(benchmark)
    sections_of: dict[int, set[int]] = {}
    for section, area in area_of.items():
        sections_of.setdefault(area, set()).add(section)

    def groups(part: Part) -> frozenset[Group]:
        """Those to show of a part, everybody among them; none if it is not to be shown."""
        shown = disclosure.groups_to_show(
            [one.of(part, sections_of) for one in before if part in one.groups],
            [sharer.member for sharer in sharers if part == WHOLE or part in sharer.percents],
        )
        return frozenset() if shown is None else shown | {EVERYBODY}

    whole = groups(WHOLE)
    if not whole:
        return
    of_part = {part: groups(part) & whole for part in parts}
    for part in parts:
        # What an area says beyond the sections shown is what the hidden ones say.
        if part.area:
            inside = [of_part[one] for one in parts if area_of.get(one.section or 0) == part.area]
            of_part[part] = of_part[part].intersection(*inside)

    benchmark.save()
    BenchmarkMember.objects.bulk_create(
        BenchmarkMember(
            benchmark=benchmark,
            audit_id=sharer.audit,
            region=sharer.member.region,
            kind=sharer.member.kind,
            scores=sharer.member.scores,
            sections=sharer.sections,
        )
        for sharer in sharers
    )
    for group in sorted(whole):
        inside_it = [s for s in sharers if group in (EVERYBODY, *s.member.groups)]
        row = BenchmarkGroup.objects.create(
            benchmark=benchmark, split=group[0], value=group[1], services=len(inside_it)
        )
        BenchmarkFigure.objects.bulk_create(
            figure(row, part, [s.percents[part] for s in inside_it if part in s.percents])
            for part in parts
            if group in of_part[part]
        )


def figure(group: BenchmarkGroup, part: Part, values: Sequence[float]) -> BenchmarkFigure:
    low, middle, high = disclosure.quartiles(values)
    return BenchmarkFigure(
        group=group, area_id=part.area, section_id=part.section, low=low, middle=middle, high=high
    )
