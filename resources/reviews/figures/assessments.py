"""Self-assessments of the year: how many services finished one, and what they chose to act on."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count
from django.db.models.functions import Coalesce

from portal.models import MusicService
from resources.reviews.figures.memory import Memory
from resources.reviews.figures.shape import NOT_SHOWN, Chart, Number, Row
from resources.reviews.figures.telling import Parts, Telling, each
from resources.reviews.figures.window import Window
from resources.reviews.figures.words import ROUNDED, TOO_FEW, number
from selfassessment.models import Audit, BenchmarkMember, Priority, Response, Section
from selfassessment.models.audit import AuditQuerySet

FINISHED, RATERS, PRIORITY = "finished", "raters", "priority:"
MOST_ROWS = 12


def everybody() -> Parts:
    """All music services, as the public directory names them."""
    services = MusicService.objects.filter(is_fictional=False)
    return each(services.values_list("pk", flat=True))


def sharers(window: Window) -> Parts:
    """The services behind figures that the benchmark ever showed of this year."""
    members = BenchmarkMember.objects.filter(benchmark__year=window.year)
    return each(members.values_list("audit__service", flat=True).distinct())


def closed(window: Window) -> AuditQuerySet:
    begins, ends = window.instants
    return Audit.objects.filter(
        closed_at__gte=begins, closed_at__lt=ends, service__is_fictional=False
    )


def finished(window: Window, memory: Memory, all_services: Parts) -> Number:
    """How many services closed a self-assessment: never so many that the others are few."""
    those = each(closed(window).values_list("service", flat=True))
    others = [[all_services, sharers(window)]]
    others += [[all_services, *memory.told(one)] for one in memory.families(PRIORITY)]
    told = memory.tell(
        FINISHED, [] if those >= all_services else [[Telling("", those)]], beside=others
    )
    return number(
        "assessments",
        "Music services that finished a self-assessment",
        told,
        "Music services that closed a self-assessment, whole or quick check, "
        f"{window.in_words}. Each counts once. {ROUNDED}",
    )


def raters(window: Window, memory: Memory) -> Number:
    """How many people rated in them."""
    rows = (
        Response.objects.counted()
        .filter(audit__in=closed(window))
        .values_list("audit__service")
        .annotate(n=Count("pk"))
        .order_by()
    )
    told = memory.tell(RATERS, [[Telling("", frozenset((pk, n) for pk, n in rows))]])
    return number(
        "raters",
        "People who rated in them",
        told,
        "Responses that were handed in and counted when the service talked about them. Somebody "
        f"who rated in two self-assessments counts twice. {ROUNDED}",
    )


def priorities(window: Window, memory: Memory, all_services: Parts) -> Chart:
    """Which sections most services chose to act on. Each row is told, or not, by itself."""
    chosen: dict[int, set[int]] = defaultdict(set)
    rows = (
        Priority.objects.chosen()
        .filter(audit__in=closed(window))
        .annotate(part=Coalesce("section", "statement__section"))
        .values_list("part", "audit__service")
    )
    for section, service in rows:
        chosen[section].add(service)
    beside = [[all_services, *memory.told(FINISHED)]]
    known = {int(one.removeprefix(PRIORITY)) for one in memory.families(PRIORITY)}
    told = {}
    for section in sorted(known | set(chosen)):
        now = [[Telling("", each(chosen[section]))]] if section in chosen else []
        found = memory.tell(f"{PRIORITY}{section}", now, beside=beside)
        if found.rows:
            told[section] = found.rows[""]
    return Chart(
        key="priorities",
        title="What music services chose to act on",
        definition="Sections of the self-assessment by how many music services chose one of "
        f"their statements, or the section itself, as a priority. Of self-assessments closed "
        f"{window.in_words}. A service chooses three to five priorities. {ROUNDED}",
        columns=["Section", "Music services"],
        rows=priority_rows(told),
        total=None,
        note=f"Sections that are not here are not shown, because they could tell {TOO_FEW}"
        if told
        else f"{NOT_SHOWN}: it could tell {TOO_FEW}",
    )


def priority_rows(told: dict[int, int]) -> list[Row]:
    """The commonest first, by the rounded figures: their order tells nothing finer."""
    sections = Section.objects.filter(pk__in=told).select_related("questionnaire", "area")
    order = sorted(
        sections, key=lambda one: (-told[one.pk], one.questionnaire_id, one.area.order, one.order)
    )
    several = len({one.questionnaire_id for one in order}) > 1
    most = max(told.values(), default=0)
    return [
        Row(
            label=f"{one.name} ({one.questionnaire})" if several else one.name,
            values=[f"{told[one.pk]:,}"],
            share=told[one.pk] / most,
            start=None,
            middle=None,
            n=told[one.pk],
        )
        for one in order[:MOST_ROWS]
    ]
