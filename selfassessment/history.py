"""Who changed what, when and how: read from what the triggers wrote, bulk writes among it.

What one person rated shows in a named self-assessment alone, once the talk is open, and only as it
stood when it was handed in or changed after: what was in the making stays theirs. In an anonymous
one nothing joins a person to a rating, so nothing of single ratings is read here at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from portal.models import Activity, User, Verb
from selfassessment.answers import Names, in_words, names_of
from selfassessment.changes import Kind, Line, Person, words
from selfassessment.models import (
    Audit,
    Privacy,
    Respondent,
    Standing,
    Statement,
    Via,
)

# Made by pghistory from our models, with their fields; so there is no class to import.
AGREED: Any = apps.get_model("selfassessment", "AgreedRatingEvent")
PRIORITIES: Any = apps.get_model("selfassessment", "PriorityEvent")
RATINGS: Any = apps.get_model("selfassessment", "RatingEvent")
RESPONSES: Any = apps.get_model("selfassessment", "ResponseEvent")

# What moves a self-assessment on. Handing in is not among it: its moment would tell whose.
STAGES = [
    *(Verb.STARTED, Verb.CHANGED, Verb.OPENED_TALK, Verb.SHOWED_TOTALS, Verb.PRIORITISED),
    *(Verb.CLOSED, Verb.REOPENED, Verb.SHARED, Verb.UNSHARED),
]


@dataclass(frozen=True)
class History:
    """What may be read of one self-assessment; nothing before its talk is open."""

    audit: Audit

    @property
    def is_open(self) -> bool:
        return self.audit.talk_opened_at is not None

    @property
    def shows_ratings(self) -> bool:
        return self.is_open and self.audit.privacy == Privacy.NAMED

    @property
    def kinds(self) -> list[Kind]:
        return [kind for kind in Kind if kind != Kind.RATING or self.shows_ratings]

    @cached_property
    def level_names(self) -> Names:
        return names_of(self.audit.levels())

    # What there is

    def agreed(self) -> QuerySet[Any]:
        events: QuerySet[Any] = AGREED.objects.filter(audit=self.audit)
        return events if self.is_open else events.none()

    def priorities(self) -> QuerySet[Any]:
        events: QuerySet[Any] = PRIORITIES.objects.filter(audit=self.audit)
        return events if self.is_open else events.none()

    def stages(self) -> QuerySet[Activity]:
        lines = Activity.objects.filter(
            service=self.audit.service_id,
            at__gte=self.audit.started_at,
            verb__in=STAGES,
            subject__endswith=str(self.audit),
        )
        return lines if self.is_open else lines.none()

    def ratings(self) -> QuerySet[Any]:
        """Versions of named ratings that were handed in for some time, of those that count."""
        events: QuerySet[Any] = RATINGS.objects.all()
        if not self.shows_ratings:
            return events.none()
        events = events.filter(
            response__audit=self.audit,
            response__counted=True,
            response__respondent__isnull=False,
        ).annotate(until=until(RATINGS))
        return events.filter(
            Exists(handed_in_within(OuterRef("pgh_created_at"), OuterRef("until")))
        )

    # As lines

    def page(self, *, kind: str = "", who: str = "") -> Paginator[Any]:
        """Keys of all lines, the newest first; `lines` makes lines of a page of them."""
        found = {
            Kind.AGREED: self.agreed().filter(by("agreed_by", who)),
            Kind.PRIORITY: self.priorities().filter(by("decided_by", who)),
            Kind.RATING: self.ratings().filter(by_respondent(who)),
            Kind.STAGE: self.stages().filter(by("by", who)),
        }
        wanted = [one for one in self.kinds if kind in {"", one}] or self.kinds
        first, *others = [
            found[one]
            .order_by()
            .annotate(
                when=F("at" if one == Kind.STAGE else "pgh_created_at"),
                key=F("pk"),
                kind=Value(str(one.value), output_field=CharField()),
            )
            .values_list("when", "kind", "key")
            for one in wanted
        ]
        keys = first.union(*others, all=True) if others else first
        return Paginator(keys.order_by("-when", "-kind", "-key"), PAGE)

    def lines(self, keys: Iterable[tuple[datetime, str, int]]) -> list[Line]:
        """The lines of a page: one query for each kind, whatever is on it."""
        of: dict[str, list[int]] = {}
        order = [(kind, key) for _, kind, key in keys]
        for kind, key in order:
            of.setdefault(kind, []).append(key)
        made = {
            **self.made(Kind.AGREED, self.agreed(), of, self.agreed_line),
            **self.made(Kind.PRIORITY, self.priorities(), of, self.priority_line),
            **self.made(Kind.RATING, self.ratings(), of, self.rating_line),
        }
        stages = self.stages().filter(pk__in=of.get(Kind.STAGE, [])).select_related("by")
        for one in stages:
            what = f"{one.get_verb_display()} {one.subject}"
            made[Kind.STAGE, one.pk] = Line(Kind.STAGE, one.at, str(one.by), what)
        return [made[place] for place in order]

    def made(
        self,
        kind: Kind,
        events: QuerySet[Any],
        of: Mapping[str, list[int]],
        line: Callable[[Any, Any], Line],
    ) -> dict[tuple[str, int], Line]:
        """Lines by kind and key, each event with the one before it of the same row."""
        wanted = of.get(kind, [])
        rows = (
            type(self)
            .whole(events, kind)
            .filter(
                pgh_obj__in=Subquery(events.model.objects.filter(pk__in=wanted).values("pgh_obj"))
            )
        )
        found: dict[tuple[str, int], Line] = {}
        before: dict[int, Any] = {}
        for event in rows.order_by("pgh_id"):
            found[kind, event.pk] = line(event, before.get(event.pgh_obj_id))
            before[event.pgh_obj_id] = event
        return found

    @staticmethod
    def whole(events: QuerySet[Any], kind: Kind) -> QuerySet[Any]:
        """With the rows that a line names."""
        beside = {
            Kind.AGREED: ("statement", "agreed_by"),
            Kind.PRIORITY: ("statement", "section", "decided_by"),
            Kind.RATING: ("statement", "response__respondent__user"),
        }
        return events.select_related(*beside[kind])

    def agreed_line(self, event: Any, before: Any) -> Line:
        return Line(
            Kind.AGREED,
            event.pgh_created_at,
            str(event.agreed_by),
            "agreed",
            event.statement,
            Via(event.via).label,
            *self.told(event, before),
            words(before and before.reason, event.reason),
        )

    def priority_line(self, event: Any, before: Any) -> Line:
        return Line(
            Kind.PRIORITY,
            event.pgh_created_at,
            str(event.decided_by),
            "decided",
            event.statement or event.section,
            "",
            standing(before.standing) if before else "",
            standing(event.standing),
            words(before and before.reason, event.reason),
        )

    def rating_line(self, event: Any, before: Any) -> Line:
        return Line(
            Kind.RATING,
            event.pgh_created_at,
            whose(event.response.respondent),
            "rated",
            event.statement,
            Via(event.via).label,
            *self.told(event, before),
            words(before and said(before), said(event)),
        )

    def told(self, event: Any, before: Any) -> tuple[str, str]:
        """What it said before, blank where it was not there, and what it says now."""
        was = in_words(before, self.level_names, nothing="Nothing") if before else ""
        return was, in_words(event, self.level_names, nothing="Nothing")

    def of_statement(self, statement: Statement) -> tuple[list[Line], list[Line]]:
        """All that was agreed of one statement, and each rating of it; the newest first."""
        agreed = self.agreed().filter(statement=statement)
        ratings = self.ratings().filter(statement=statement)
        of = {
            Kind.AGREED.value: list(agreed.values_list("pk", flat=True)),
            Kind.RATING.value: list(ratings.values_list("pk", flat=True)),
        }
        lines = self.made(Kind.AGREED, agreed, of, self.agreed_line)
        rated = self.made(Kind.RATING, ratings, of, self.rating_line)
        return list(reversed(lines.values())), sorted(
            rated.values(), key=lambda line: (line.who, line.at)
        )

    def people(self) -> list[Person]:
        """Everybody who changed something here, by name."""
        users = User.objects.filter(
            Q(pk__in=self.agreed().values("agreed_by"))
            | Q(pk__in=self.priorities().values("decided_by"))
            | Q(pk__in=self.stages().values("by"))
        )
        found = {f"user-{user.pk}": str(user) for user in users}
        if self.shows_ratings:
            for one in self.audit.respondents.filter(response__counted=True).select_related("user"):
                found[f"user-{one.user_id}" if one.user_id else f"respondent-{one.pk}"] = whose(one)
        return sorted((Person(key, name) for key, name in found.items()), key=lambda p: p.name)


PAGE = 40  # lines
EVER = Value(datetime(9999, 1, 1, tzinfo=UTC), output_field=DateTimeField())


def until(events: Any) -> Coalesce:
    """When the next version of the same row came: to the end of time, if none did."""
    later = events.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__gt=OuterRef("pgh_id"))
    return Coalesce(Subquery(later.order_by("pgh_id").values("pgh_created_at")[:1]), EVER)


def handed_in_within(start: OuterRef, end: OuterRef) -> QuerySet[Any]:
    """The times that a response was handed in, of those that touch a span of time."""
    handed_in = RESPONSES.objects.filter(pgh_obj=OuterRef("response"), handed_in_at__isnull=False)
    return cast(
        "QuerySet[Any]",
        handed_in.annotate(until=until(RESPONSES)).filter(until__gt=start, pgh_created_at__lt=end),
    )


def whose(respondent: Respondent) -> str:
    """A named person, with where in the service they stand."""
    return f"{respondent} ({respondent.get_role_group_display()})"


def said(event: Any) -> str:
    return " ".join(filter(None, [event.reason, event.comment, event.evidence]))


def number(who: str, kind: str) -> int:
    """The id in “user-7”; 0, which is nobody’s, where it names somebody of another kind."""
    name, _, digits = who.partition("-")
    return int(digits) if name == kind and digits.isdecimal() and len(digits) < 19 else 0


def by(name: str, who: str) -> Q:
    return Q(**{name: number(who, "user")}) if who else Q()


def by_respondent(who: str) -> Q:
    if not who:
        return Q()
    return Q(response__respondent=number(who, "respondent")) | Q(
        response__respondent__user=number(who, "user")
    )


def standing(name: str) -> str:
    return Standing(name).label if name else "Not decided"
