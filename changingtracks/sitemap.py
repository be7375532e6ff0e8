"""What a search engine may find: every page that is for everybody, in files of a size to read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from actionplans.models import ActionPlan
from portal.models import MusicService, Topic
from resources.models import AnnualReview, Page, Resource
from resources.models.pages import HOME

A_FILE = 5000  # addresses; search engines read ten times as many
LISTS = ("home", "services", "hub_areas", "library", "annual_reviews", "enews")
ANYBODY = AnonymousUser()


@dataclass(frozen=True)
class Address:
    """Where a page is, and since when it says what it says, where that is known."""

    path: str
    changed_on: dt.date | None = None


def parts() -> dict[str, QuerySet[Any]]:
    """What has pages of its own, always in the same order. Nothing is read yet."""
    return {
        "lists": Topic.objects.order_by("pk"),
        "pages": Page.objects.exclude(slug=HOME).order_by("pk").only("slug", "changed_at"),
        "services": MusicService.objects.order_by("pk").only("slug"),
        "resources": Resource.objects.visible_to(ANYBODY)
        .order_by("pk")
        .only("slug", "published_on"),
        "reviews": AnnualReview.objects.visible_to(ANYBODY).out().light().order_by("pk"),
        "plans": ActionPlan.objects.published().order_by("pk"),
    }


def files() -> list[tuple[str, int]]:
    """Part and number of each file that has an address in it: one query for each part."""
    pages = {part: Paginator(rows, A_FILE) for part, rows in parts().items()}
    return [
        (part, number) for part, each in pages.items() if each.count for number in each.page_range
    ]


def addresses(part: str, number: int) -> list[Address]:
    """What stands in one file; nothing where there is no such file."""
    rows = parts().get(part)
    if rows is None:
        return []
    first = A_FILE * (number - 1)
    here = [Address(reverse(name)) for name in LISTS] if (part, number) == ("lists", 1) else []
    return here + [address(row) for row in rows[first : first + A_FILE]]


def address(row: Any) -> Address:
    match row:
        case Topic():
            return Address(reverse("topic", args=[row.slug]))
        case Page():
            return Address(row.get_absolute_url(), row.changed_at and row.changed_at.date())
        case Resource():
            return Address(row.get_absolute_url(), row.published_on)
        case AnnualReview():
            return Address(row.get_absolute_url(), row.published_at and row.published_at.date())
        case ActionPlan():
            path = reverse("plan_public", args=[row.service.slug, row.pk])
            return Address(path, row.public_summary.published_at.date())
        case _:
            return Address(row.get_absolute_url())
