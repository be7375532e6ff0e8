"""Last year beside this one: what the service agreed then of what it is asked now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from selfassessment.answers import NOT_LEVELS
from selfassessment.models import AgreedRating, Audit, Scope, Statement
from selfassessment.questionnaires.mapping import same_scale
from selfassessment.years.looking_back import continuity_of


@dataclass(frozen=True)
class Was:
    """What was agreed of one statement in an earlier year, for the ghost on its track."""

    year: str
    value: int | None
    words: str  # where it is no level: “Parked”, “Not applicable”
    reason: str


@dataclass(frozen=True)
class Earlier:
    """What was agreed in an earlier year, by the id of the statement as it is asked now."""

    audit: Audit
    said: Mapping[int, AgreedRating]

    @property
    def year_name(self) -> str:
        return self.audit.year_name

    def of(self, statement: Statement) -> Was | None:
        one = self.said.get(statement.pk)
        if one is None:
            return None
        return Was(self.year_name, one.value, NOT_LEVELS.get(one.answer, ""), one.reason)


def last_year(audit: Audit, among: Iterable[Statement] | None = None) -> Earlier | None:
    """What the service agreed the last time, statement by statement: one query, or a few more.

    On an earlier edition only where a reviewed mapping says that a statement goes on. With
    `among`, of these statements alone.
    """
    among = None if among is None else list(among)
    if earlier := same_edition(audit, among):
        return earlier
    found = earlier_edition(audit)
    if found is None or among is None:
        return found
    wanted = {one.pk for one in among}
    said = {pk: one for pk, one in found.said.items() if pk in wanted}
    return Earlier(found.audit, said) if said else None


def same_edition(audit: Audit, among: Iterable[Statement] | None = None) -> Earlier | None:
    """The last time the same edition was asked: all that totals are ever set against.

    See `AuditQuerySet.before`. One query.
    """
    newest = Audit.objects.before(audit).values("pk")[:1]
    agreed = AgreedRating.objects.agreed().filter(audit=newest).select_related("audit")
    if among is not None:
        agreed = agreed.filter(statement__in=among)
    said = {one.statement_id: one for one in agreed}
    return Earlier(next(iter(said.values())).audit, said) if said else None


def earlier_edition(audit: Audit) -> Earlier | None:
    """The last year on an earlier edition whose statements go on in this one; None where none do.

    It must have asked at least as much: a quick check says nothing about a whole. A first edition
    has none before it, which is known without asking.
    """
    edition = audit.questionnaire.edition
    if edition == 1:
        return None
    audits = Audit.objects.filter(
        service=audit.service_id,
        questionnaire__name=audit.questionnaire.name,
        questionnaire__edition__lt=edition,
        year__lt=audit.year,
        totals_shown_at__isnull=False,
    )
    if audit.scope == Scope.WHOLE:
        audits = audits.filter(scope=Scope.WHOLE)
    before = audits.select_related("questionnaire").order_by("-year", "-totals_shown_at").first()
    if before is None or not same_scale(before.levels(), audit.levels()):
        return None
    continuity = continuity_of({audit.questionnaire.name})
    ties = continuity.between(before.questionnaire_id, audit.questionnaire_id)
    if not ties:
        return None
    agreed = AgreedRating.objects.agreed().filter(audit=before, statement__in=ties)
    said = {ties[one.statement_id]: one for one in agreed}
    return Earlier(before, said) if said else None
