"""The year of one music service, and of all: for its people, and for the programme team."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import chain

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from changingtracks.years import everywhere, overview, stages
from changingtracks.years.everywhere import ServiceRow, Wanted
from changingtracks.years.stages import Stage
from portal import access, inside
from portal.access import Permission
from portal.exports import CSV_TYPE, Cell, Sheet, attachment, csv_bytes
from portal.http import AuthedRequest, other_terms, require_safe
from portal.models import MusicService
from portal.years import academic_year, year_name

A_PAGE = 50
COLUMNS = [
    *("music service", "region", "stage", "self-assessment started", "people asked"),
    *("handed in", "talk opened", "priorities", "self-assessment closed", "plan state"),
    *("plan approved", "last note", "last activity", "why to call"),
]


@require_safe
def detail(request: AuthedRequest, slug: str) -> HttpResponse:
    """The service overview, for its members."""
    service = get_object_or_404(MusicService.objects.visible_to(request.user), slug=slug)
    access.require(request.user, Permission.AUDIT_VIEW, service)

    found = overview.read(request.user, service)
    return render(
        request,
        "changingtracks/overview.html",
        {
            "service": service,
            "overview": found,
            "year": year_name(found.year.year),
            "stops": stages.track(found.year.facts),
            "seen_note": stages.notes(found.seen.facts)[found.seen.stage] if found.seen else "",
            "inside": inside.pages_for(request.user, service),
        },
    )


@require_safe
def listing(request: AuthedRequest) -> HttpResponse:
    """Which service is where in its year, and who may be glad of a call."""
    access.require(request.user, Permission.YEARS_VIEW)

    today = timezone.localdate()
    wanted = wanted_of(request)
    rows = everywhere.read(everywhere.matching(request.user, wanted.words), today)
    counts = Counter(row.stage for row in rows)
    shown = [row for row in rows if wanted.matches(row)]
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    last = everywhere.last_activity(page.object_list)
    return render(
        request,
        "changingtracks/programme_years.html",
        {
            "page": page,
            "rows": [(row, stages.notes(row.facts)[row.stage], last.get(row.pk)) for row in page],
            "stages": [(stage, counts[stage]) for stage in Stage],
            "calls": sum(row.needs_a_call for row in rows),
            "everybody": len(rows),
            "wanted": wanted,
            "terms": other_terms(request),
            "year": year_name(academic_year(today)),
        },
    )


@require_safe
def table(request: AuthedRequest) -> HttpResponse:
    """The same as CSV: all that match, whatever the page."""
    access.require(request.user, Permission.YEARS_VIEW)

    today, wanted = timezone.localdate(), wanted_of(request)
    rows = everywhere.read(everywhere.matching(request.user, wanted.words), today)
    shown = [row for row in rows if wanted.matches(row)]
    last = everywhere.last_activity(shown)
    sheet = Sheet("Years", COLUMNS, [cells(row, last.get(row.pk)) for row in shown])
    return attachment(csv_bytes(sheet), CSV_TYPE, f"Years of music services {today}", "csv")


def wanted_of(request: HttpRequest) -> Wanted:
    stage = request.GET.get("stage", "")
    return Wanted(
        stage=stage if stage in Stage.values else "",
        call=request.GET.get("call") == "yes",
        words=request.GET.get("q", "").strip(),
    )


def cells(row: ServiceRow, last: dt.datetime | None) -> list[Cell]:
    audit, plan = row.facts.audit, row.facts.plan
    of_audit: list[Cell] = (
        [
            audit.started_on,
            audit.people,
            audit.in_already,
            audit.talk_opened_on,
            audit.priorities,
            audit.closed_on,
        ]
        if audit
        else [None] * 6
    )
    of_plan: list[Cell] = (
        [stages.plan_state(plan), plan.approved_on, plan.last_noted_on] if plan else [None] * 3
    )
    why = "; ".join(reason.label for reason in row.reasons)
    return list(chain([row.name, row.region, row.stage.label], of_audit, of_plan, [last, why]))
