"""The library that ships: what the programme has published, and which words mean the same."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from portal.models import MusicService, Topic
from resources.models import Resource, ResourceState, Synonyms

SHIPPED = Path(__file__).resolve().parent / "data" / "resources.csv"
SAME = (
    "ED&I, EDI, IDEA, equality",
    "SEND, SEN, SEN/D, special educational needs",
    "WCET, First Access, whole class, whole-class",
    "CPD, training, professional development",
)


@transaction.atomic
def load() -> int:
    """Add the resources that are not here yet; those that are stay as they are. How many came."""
    if not Synonyms.objects.exists():
        Synonyms.objects.bulk_create(Synonyms(words=words) for words in SAME)
    known = set(Resource.objects.values_list("slug", flat=True))
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if slugify(row["title"]) not in known]
    topics = {topic.name: topic for topic in Topic.objects.all()}
    services = {service.name: service for service in MusicService.objects.all()}
    today = timezone.localdate()
    # The last of the list is the oldest: it is shown the other way round.
    for row in reversed(rows):
        made = Resource.objects.create(
            title=row["title"],
            slug=slugify(row["title"]),
            summary=row["summary"],
            kind=row["kind"],
            audience=row["audience"].split(),
            service=services.get(row["service"]),
            credit=row["credit"],
            link=row["link"],
            first_year=int(row["year"]) if row["year"] else None,
            state=ResourceState.PUBLISHED,
            published_on=today,
        )
        made.topics.add(topics[row["topic"]])
    return len(rows)
