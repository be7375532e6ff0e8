"""What each area came to, for a page that shows no statement: one query, however many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, FilteredRelation, Max, Min, OuterRef, Q, Subquery, Sum

from selfassessment.models import Audit, Level, Scope, Statement
from selfassessment.scoring import Scale, Score


@dataclass(frozen=True)
class AreaAtAGlance:
    """An area of a self-assessment whose totals are shown, and of a year before it."""

    name: str
    answered: int
    statements: int
    percent: int | None
    was: int | None


def before(audit: Audit, audits: Iterable[Audit]) -> Audit | None:
    """The year that may stand beside it, among these: the rule of `AuditQuerySet.before`."""
    same = [
        one
        for one in audits
        if one.questionnaire_id == audit.questionnaire_id
        and one.year < audit.year
        and one.totals_shown_at
        and (one.scope == Scope.WHOLE or audit.scope != Scope.WHOLE)
    ]
    return max(same, key=lambda one: (one.year, one.totals_shown_at), default=None)


def by_area(audit: Audit, earlier: Audit | None) -> list[AreaAtAGlance]:
    """The areas of an audit, as `results.read` scores them; nothing while totals are hidden."""
    if audit.totals_shown_at is None:
        return []
    levels = Level.objects.filter(questionnaire=OuterRef("questionnaire")).order_by("value")
    rows = (
        audit.asked(Statement.objects.filter(questionnaire=audit.questionnaire_id))
        .annotate(
            now=said_in(audit.pk),
            then=said_in(earlier.pk if earlier else 0),
            lowest=Subquery(levels.values("value")[:1]),
            highest=Subquery(levels.reverse().values("value")[:1]),
        )
        .values("section__area", "section__area__order", area=F("section__area__name"))
        .annotate(
            low=Min("lowest"),
            high=Max("highest"),
            statements=Count("pk"),
            answered=Count("pk", filter=Q(now__pk__isnull=False) & ~Q(now__answer="")),
            rated=Count("now__value"),
            total=Sum("now__value"),
            rated_then=Count("then__value"),
            total_then=Sum("then__value"),
        )
        .order_by("section__area__order", "section__area")
    )
    return [
        AreaAtAGlance(
            row["area"],
            row["answered"],
            row["statements"],
            percent(Scale((row["low"], row["high"])), row["total"], row["rated"]),
            percent(Scale((row["low"], row["high"])), row["total_then"], row["rated_then"]),
        )
        for row in rows
    ]


def said_in(audit: int) -> FilteredRelation:
    """What was agreed of a statement in one audit: at most one row."""
    return FilteredRelation("agreed_ratings", condition=Q(agreed_ratings__audit=audit))


def percent(scale: Scale, total: int | None, rated: int) -> int | None:
    return Score(scale, total=total or 0, rated=rated).percent
