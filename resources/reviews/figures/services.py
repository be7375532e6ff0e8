"""Who is involved: nothing that the public directory does not say of each music service."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.db.models import Q

from portal.models import MusicService
from resources.reviews.figures.shape import Chart, Involved, InvolvedRegion, Number, Row
from resources.reviews.figures.window import Window

PUBLIC = "As the public directory says."


def read(window: Window) -> list[MusicService]:
    """Those in the directory whose first year is known to be no later: two queries."""
    by_then = Q(first_year=None) | Q(first_year__lte=window.year)
    services = MusicService.objects.filter(by_then, is_fictional=False)
    return list(services.prefetch_related("local_authorities").order_by("region", "name"))


def numbers(window: Window, services: Sequence[MusicService]) -> list[Number]:
    regions = len({one.region for one in services})
    return [
        number(
            "services",
            "Music services linked with Changing Tracks",
            len(services),
            f"Music services in the portal’s public directory whose first year with the programme "
            f"is {window.name} or earlier, or is not known. They are in {regions} of the nine "
            "regions of England.",
            len(services),
        ),
        number(
            "services_new",
            f"New in {window.name}",
            sum(one.first_year == window.year for one in services),
            f"Those of them whose first year with the programme began in September {window.year}.",
            len(services),
        ),
        number(
            "services_nwg",
            "Have been part of the NWG",
            sum(one.in_nwg for one in services),
            "Those of them that have been part of the National Music Services Working Group on "
            f"Inclusion (NWG), this year or before. {PUBLIC}",
            len(services),
        ),
        number(
            "services_research",
            "Have done action research",
            sum(one.action_research for one in services),
            f"Those of them that have run an action-research project, this year or before. "
            f"{PUBLIC}",
            len(services),
        ),
        number(
            "services_nurture",
            "Have taken part in nurture groups",
            sum(one.nurture_groups for one in services),
            f"Those of them that have been in a nurture group, this year or before. {PUBLIC}",
            len(services),
        ),
    ]


def number(key: str, name: str, value: int, definition: str, counted: int) -> Number:
    return Number(
        key=key, name=name, value=f"{value:,}", definition=definition, counted=counted, note=""
    )


def by_region(window: Window, services: Sequence[MusicService]) -> Chart:
    found = [(region, list(those)) for region, those in groupby(services, key=region_of)]
    most = max((len(those) for _, those in found), default=0)
    new = sum(one.first_year == window.year for one in services)
    return Chart(
        key="regions",
        title="Music services by region",
        definition="Music services linked with Changing Tracks, by the region of England they "
        f"work in, and how many of them were new in {window.name}.",
        columns=["Region", "Music services", "New"],
        rows=[
            Row(
                label=region,
                values=[
                    f"{len(those):,}",
                    f"{sum(one.first_year == window.year for one in those):,}",
                ],
                share=len(those) / most,
                start=None,
                middle=None,
                n=len(those),
            )
            for region, those in found
        ],
        total=[f"{len(services):,}", f"{new:,}"] if services else None,
        note="" if services else "No music service is in the directory yet.",
    )


def involved(window: Window, services: Sequence[MusicService]) -> list[InvolvedRegion]:
    return [
        InvolvedRegion(region=region, services=[said(one, window) for one in those])
        for region, those in groupby(services, key=region_of)
    ]


def said(service: MusicService, window: Window) -> Involved:
    return Involved(
        name=service.name,
        authorities=[area.name for area in service.local_authorities.all()],
        since=service.first_year,
        nwg=service.in_nwg,
        action_research=service.action_research,
        nurture_groups=service.nurture_groups,
        is_new=service.first_year == window.year,
    )


def region_of(service: MusicService) -> str:
    return service.region
