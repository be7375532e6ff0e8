"""What the library was given in the year, and what use was made of it. Nothing about services."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from resources.models import Resource, ResourceKind, Usefulness
from resources.models.library import ResourceQuerySet
from resources.reading import FEWEST_SAID
from resources.reviews.figures.shape import NOT_SHOWN, Chart, Number, Row
from resources.reviews.figures.window import Window, in_words


def published(window: Window) -> ResourceQuerySet:
    """Out now, and new in the year; what a made-up service is credited with is made up."""
    new = Resource.objects.published().filter(published_on__range=(window.first, window.until))
    return new.exclude(service__is_fictional=True)


def read(window: Window) -> tuple[list[Number], Chart]:
    """Three queries, however much there is."""
    rows = published(window).order_by().values_list("kind").annotate(n=Count("pk"))
    kinds = {ResourceKind(kind): n for kind, n in rows}
    return [new(window, kinds), taken(window), useful(window)], by_kind(window, kinds)


def new(window: Window, kinds: dict[ResourceKind, int]) -> Number:
    count = sum(kinds.values())
    return Number(
        key="resources",
        name="Resources published",
        value=f"{count:,}",
        definition=f"Resources of the library with a first day {window.in_words} that could still "
        "be read when this was counted, whoever may read them.",
        counted=count,
        note="",
    )


def taken(window: Window) -> Number:
    of_all = Resource.objects.for_everybody().exclude(service__is_fictional=True)
    found = of_all.aggregate(n=Count("pk"), taken=Sum("taken"))
    return Number(
        key="resources_taken",
        name="Files downloaded from the library",
        value=f"{found['taken'] or 0:,}",
        definition="How often files of public resources were downloaded, since the portal began "
        f"to count and up to {in_words(window.today)}. Nobody is counted or followed: one person "
        "may take a file twice.",
        counted=found["n"],
        note="",
    )


def useful(window: Window) -> Number:
    """The sum of what the pages of resources say themselves, and so nothing that they do not.

    A page says it from `FEWEST_SAID` people on: what stands on fewer is left out here too.
    """
    real = Usefulness.objects.filter(resource__in=Resource.objects.for_everybody()).exclude(
        user__memberships__service__is_fictional=True
    )
    rows = (
        real.order_by()
        .values("resource")
        .annotate(n=Count("pk"), useful=Count("pk", filter=Q(useful=True)))
        .filter(n__gte=FEWEST_SAID)
        .values_list("n", "useful")
    )
    said = list(rows)
    count = sum(n for n, _ in said)
    return Number(
        key="resources_useful",
        name="Found a resource useful",
        value=f"{sum(yes for _, yes in said):,} of {count:,}" if said else NOT_SHOWN,
        definition="What signed-in readers said of public resources, up to "
        f"{in_words(window.today)}: of resources of which {FEWEST_SAID} people or more have said "
        "whether it was useful.",
        counted=count if said else None,
        note="" if said else f"No resource has an answer from {FEWEST_SAID} people yet.",
    )


def by_kind(window: Window, kinds: dict[ResourceKind, int]) -> Chart:
    most = max(kinds.values(), default=0)
    order = sorted(kinds, key=lambda kind: (-kinds[kind], str(kind.label)))
    return Chart(
        key="resources",
        title="Resources published, by kind",
        definition=f"Resources of the library with a first day {window.in_words}.",
        columns=["Kind", "Resources"],
        rows=[
            Row(
                label=str(kind.label),
                values=[f"{kinds[kind]:,}"],
                share=kinds[kind] / most,
                start=None,
                middle=None,
                n=kinds[kind],
            )
            for kind in order
        ],
        total=[f"{sum(kinds.values()):,}"] if kinds else None,
        note="" if kinds else f"Nothing was published in the library {window.in_words}.",
    )
