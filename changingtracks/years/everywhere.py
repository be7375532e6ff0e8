"""Where every music service is in its year, for the programme team: stages, counts and dates.

Nothing that anybody rated, agreed, wrote or worded is read here; a test holds the tables to it.
Facts are read for all services at once, in a fixed number of queries, so that they can be sorted
and counted by rules that are written once, in `stages`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from actionplans.models import (
    ActionPlan,
    Paper,
    PaperKind,
    ProgressNote,
    Target,
    TargetStatus,
    first_day,
)
from changingtracks.years.stages import AuditFacts, Facts, PlanFacts, Reason, Stage, reasons, stage
from portal.models import Activity, LocalAuthority, Membership, MusicService, User
from portal.models.services import MusicServiceQuerySet
from portal.years import academic_year
from selfassessment.models import (
    AgreedRating,
    Audit,
    Priority,
    Respondent,
    Scope,
    Statement,
)

NONE_CHOSEN: tuple[int, dt.date | None] = (0, None)
NO_TARGETS: tuple[int, int, dt.date | None] = (0, 0, None)


@dataclass(frozen=True)
class ServiceRow:
    """One music service in its year, as the programme sees it."""

    pk: int
    name: str
    slug: str
    region: str
    facts: Facts
    stage: Stage
    reasons: tuple[Reason, ...]

    @property
    def needs_a_call(self) -> bool:
        return bool(self.reasons)


@dataclass(frozen=True)
class Wanted:
    """What somebody asked to see of the list."""

    stage: str = ""
    call: bool = False
    words: str = ""

    def matches(self, row: ServiceRow) -> bool:
        return (not self.stage or row.stage == self.stage) and (not self.call or row.needs_a_call)


def matching(user: User, words: str) -> MusicServiceQuerySet:
    """The services this person may enter, with these words in their name or council areas."""
    services = MusicService.objects.visible_to(user)
    if not words:
        return services
    areas = LocalAuthority.objects.filter(name__icontains=words)
    return services.filter(
        Q(name__icontains=words)
        | Q(region__icontains=words)
        | Q(pk__in=areas.values("music_services"))
    )


def read(services: MusicServiceQuerySet, today: dt.date) -> list[ServiceRow]:
    """Where each of these services is: eleven queries, however many there are."""
    year = academic_year(today)
    found = services.order_by("name").values("pk", "name", "slug", "region")
    rows = {row["pk"]: row for row in found}
    chosen = services.values("pk")
    leads = Membership.objects.leads().filter(service__in=chosen)
    led = set(leads.values_list("service", flat=True))
    audits = audits_of(chosen, year)
    plans = plans_of(chosen, today)
    return [
        placed(row, Facts(year, audits.get(pk), plans.get(pk), has_lead=pk in led), today)
        for pk, row in rows.items()
    ]


def placed(row: Mapping[str, Any], facts: Facts, today: dt.date) -> ServiceRow:
    return ServiceRow(
        row["pk"],
        row["name"],
        row["slug"],
        row["region"],
        facts,
        stage(facts),
        tuple(reasons(facts, today)),
    )


def audits_of(services: QuerySet[Any, Any], year: int) -> dict[int, AuditFacts]:
    """By service: the self-assessment under way, or closed this year; the newest first."""
    # Counts are of all that come into question: a list of ten thousand keys takes longer to read.
    of_now = Audit.objects.filter(service__in=services).filter(
        Q(closed_at=None) | Q(year__gte=year)
    )
    audits = list(
        of_now.order_by("service", "-year", "-started_at")
        .distinct("service")
        .values(
            *("pk", "service", "questionnaire", "scope", "finish_on"),
            **days("started", "talk_opened", "closed"),
        )
    )
    talking = of_now.filter(talk_opened_at__isnull=False).values("pk")
    asked, handed_in = people_of(of_now.values("pk"))
    agreed = counted(AgreedRating.objects.agreed().filter(audit__in=talking))
    priorities = (
        Priority.objects.chosen()
        .filter(audit__in=talking)
        .values("audit")
        .annotate(n=Count("pk"), last=TruncDate(Max("decided_at")))
        .order_by()
    )
    chosen: dict[int, tuple[int, dt.date | None]] = {
        one["audit"]: (one["n"], one["last"]) for one in priorities
    }
    whole, quick = statements_of({one["questionnaire"] for one in audits})
    return {
        one["service"]: AuditFacts(
            started_on=one["started_on"],
            finish_on=one["finish_on"],
            people=asked[one["pk"]],
            in_already=handed_in[one["pk"]],
            talk_opened_on=one["talk_opened_on"],
            statements=(quick if one["scope"] == Scope.QUICK else whole)[one["questionnaire"]],
            agreed=agreed[one["pk"]],
            priorities=chosen.get(one["pk"], NONE_CHOSEN)[0],
            chosen_on=chosen.get(one["pk"], NONE_CHOSEN)[1],
            closed_on=one["closed_on"],
        )
        for one in audits
    }


def days(*moments: str) -> dict[str, TruncDate]:
    """`started_on` for the moment `started_at`, and so on: the database is quicker at it."""
    return {f"{name}_on": TruncDate(f"{name}_at") for name in moments}


def people_of(audits: QuerySet[Any, Any]) -> tuple[Counter[int], Counter[int]]:
    """How many were asked by audit, and how many of them have handed in."""
    rows = (
        Respondent.objects.asked()
        .filter(audit__in=audits)
        .values("audit")
        .annotate(n=Count("pk"), handed_in=Count("pk", filter=Q(handed_in=True)))
        .order_by()
    )
    found = [(one["audit"], one["n"], one["handed_in"]) for one in rows]
    return Counter({pk: n for pk, n, _ in found}), Counter({pk: n for pk, _, n in found})


def counted(rows: QuerySet[Any, Any]) -> Counter[int]:
    """How many there are by audit."""
    return Counter(
        {one["audit"]: one["n"] for one in rows.values("audit").annotate(n=Count("pk")).order_by()}
    )


def statements_of(questionnaires: Iterable[int]) -> tuple[Counter[int], Counter[int]]:
    """How many statements each questionnaire has: as a whole, and in its quick check."""
    rows = (
        Statement.objects.filter(questionnaire__in=questionnaires)
        .values("questionnaire")
        .annotate(n=Count("pk"), quick=Count("pk", filter=Q(quick_check=True)))
        .order_by()
    )
    found = [(one["questionnaire"], one["n"], one["quick"]) for one in rows]
    return Counter({pk: n for pk, n, _ in found}), Counter({pk: n for pk, _, n in found})


def plans_of(services: QuerySet[Any, Any], today: dt.date) -> dict[int, PlanFacts]:
    """By service: the plan of now, by the same rule as the service's own page."""
    of_now = ActionPlan.objects.filter(
        service__in=services, ends_on__gte=first_day(academic_year(today))
    )
    plans = of_now.values(
        *("pk", "service", "state", "starts_on", "ends_on", "approved_on"),
        **days("started", "begun", "closed"),
    )
    nearest: dict[int, dict[str, Any]] = {}
    for plan in plans:
        there = nearest.get(plan["service"])
        if there is None or distance(plan, today) < distance(there, today):
            nearest[plan["service"]] = plan
    known = of_now.values("pk")
    counts = (
        Target.objects.filter(plan__in=known)
        .values("plan")
        .annotate(
            n=Count("pk"), open=Count("pk", filter=Q(status=TargetStatus.OPEN, no_action_reason=""))
        )
        .order_by()
    )
    noted = dict(
        ProgressNote.objects.filter(target__plan__in=known)
        .values_list("target__plan")
        .annotate(last=Max("noted_on"))
        .order_by()
    )
    targets: dict[int, tuple[int, int, dt.date | None]] = {
        one["plan"]: (one["n"], one["open"], noted.get(one["plan"])) for one in counts
    }
    reports = dict(
        Paper.objects.ready()
        .filter(plan__in=known, kind=PaperKind.YEAR_REPORT)
        .values_list("plan")
        .annotate(first=TruncDate(Min("finished_at")))
        .order_by()
    )
    return {
        service: PlanFacts(
            state=plan["state"],
            started_on=plan["started_on"],
            approved_on=plan["approved_on"],
            begun_on=plan["begun_on"],
            closed_on=plan["closed_on"],
            targets=targets.get(plan["pk"], NO_TARGETS)[0],
            open_targets=targets.get(plan["pk"], NO_TARGETS)[1],
            last_noted_on=targets.get(plan["pk"], NO_TARGETS)[2],
            reported_on=reports.get(plan["pk"]),
        )
        for service, plan in nearest.items()
    }


def distance(plan: Mapping[str, Any], today: dt.date) -> tuple[bool, bool, dt.date]:
    covers = plan["starts_on"] <= today <= plan["ends_on"]
    return plan["closed_on"] is not None, not covers, plan["starts_on"]


def last_activity(rows: Iterable[ServiceRow]) -> dict[int, dt.datetime]:
    """When anything was last done at each of these services."""
    return dict(
        Activity.objects.filter(service__in=[row.pk for row in rows])
        .values_list("service")
        .annotate(last=Max("at"))
        .order_by()
    )
