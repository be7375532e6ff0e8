"""What a music service said in earlier years, read beside what it says now.

Only agreed ratings whose totals are shown, and only the service's own: the gate is its caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from portal.models import MusicService
from selfassessment.models import (
    AgreedRating,
    Area,
    Audit,
    Baseline,
    Became,
    EditionMapping,
    Level,
    Questionnaire,
    Scope,
    Statement,
)
from selfassessment.questionnaires.mapping import (
    Change,
    Continuity,
    Ties,
    continuing,
    reads_the_same,
)
from selfassessment.questionnaires.mapping_edits import Pair, read_pair
from selfassessment.scoring import Scale, Score, runs, score
from selfassessment.years.joins import Year
from selfassessment.years.trend import Run, runs_of


@dataclass(frozen=True)
class Trend:
    """The years of a service, and what it brought in from before the portal."""

    service: MusicService
    runs: tuple[Run, ...]
    baselines: tuple[Baseline, ...]


def read_trend(service: MusicService) -> Trend:
    """Every year of a service: eight queries, however many years there are."""
    audits = list(shown(service))
    editions = {audit.questionnaire_id for audit in audits}
    statements: dict[int, list[Statement]] = {}
    for statement in Statement.objects.filter(questionnaire__in=editions).in_order():
        statements.setdefault(statement.questionnaire_id, []).append(statement)
    levels: dict[int, list[Level]] = {}
    for level in Level.objects.filter(questionnaire__in=editions):
        levels.setdefault(level.questionnaire_id, []).append(level)
    said: dict[int, dict[int, AgreedRating]] = {audit.pk: {} for audit in audits}
    for rating in agreed_in(*audits):
        said[rating.audit_id][rating.statement_id] = rating
    years = [
        Year.of(
            audit,
            levels[audit.questionnaire_id],
            statements[audit.questionnaire_id],
            said[audit.pk],
        )
        for audit in audits
    ]
    names = {audit.questionnaire.name for audit in audits}
    return Trend(service, tuple(runs_of(years, continuity_of(names))), tuple(past_totals(service)))


def shown(service: MusicService) -> list[Audit]:
    """The years of a service whose totals are shown, the newest first."""
    audits = Audit.objects.for_service(service).filter(totals_shown_at__isnull=False)
    return list(audits.select_related("questionnaire").newest_first())


def agreed_in(*audits: Audit) -> list[AgreedRating]:
    """What was agreed, without the reasons: they are not for here."""
    found = AgreedRating.objects.agreed().filter(audit__in=audits)
    return list(found.only("audit", "statement", "answer", "value"))


def past_totals(service: MusicService) -> list[Baseline]:
    return list(Baseline.objects.for_service(service).with_totals())


def continuity_of(names: set[str]) -> Continuity:
    """What the reviewed mappings of some questionnaires say."""
    reviewed: dict[tuple[int, int], Ties] = {
        (mapping.older_id, mapping.newer_id): continuing(mapping.lines.all())
        for mapping in EditionMapping.objects.reviewed().of_names(names).with_lines()
    }
    return Continuity(reviewed)


# Before moving to a newer edition


@dataclass(frozen=True)
class MovedArea:
    """One area of the newer edition: how many of its statements go on, and what they came to."""

    area: Area
    asked: int
    carried: int
    score: Score | None


@dataclass(frozen=True)
class Moving:
    """What changes with a newer edition; with a year of a service, what it means for that year."""

    pair: Pair
    is_compared: bool  # whether the programme team has reviewed how one follows from the other
    audit: Audit | None = None
    said: Mapping[int, AgreedRating] | None = None

    @cached_property
    def news(self) -> list[Statement]:
        """The statements of the newer edition that are asked."""
        return [one for one in self.pair.news if self.asks(one)]

    def asks(self, statement: Statement) -> bool:
        return self.audit is None or self.audit.scope == Scope.WHOLE or statement.quick_check

    @cached_property
    def ties(self) -> dict[int, Statement]:
        """The statement of the older edition, by id of the newer one that continues it."""
        if not self.pair.same_scale:
            return {}
        return {
            change.news[0].pk: change.olds[0]
            for change in self.pair.continuing
            if self.asks(change.olds[0]) and self.asks(change.news[0])
        }

    @property
    def areas(self) -> list[MovedArea]:
        found = []
        for run in runs(self.news, lambda one: one.section.area_id):
            olds = [self.ties[one.pk] for one in run if one.pk in self.ties]
            found.append(MovedArea(run[0].section.area, len(run), len(olds), self.score_of(olds)))
        return found

    @property
    def whole(self) -> Score | None:
        """The year as it stands, on every statement of the older edition."""
        return self.score_of([one for one in self.pair.olds if self.asks(one)])

    @property
    def carried(self) -> Score | None:
        """The year on the statements that go on."""
        return self.score_of(list(self.ties.values()))

    def score_of(self, olds: list[Statement]) -> Score | None:
        if self.said is None:
            return None
        scale = Scale(tuple(sorted(level.value for level in self.pair.older.levels.all())))
        return score(scale, [self.said.get(one.pk) for one in olds])


def latest(service: MusicService) -> Audit | None:
    """The newest year of a service whose totals are shown."""
    return next(iter(shown(service)), None)


def newer_edition(audit: Audit) -> Questionnaire | None:
    """The newest edition in use of the questionnaire of `audit`, if it is newer."""
    newer = Questionnaire.objects.in_use().filter(
        name=audit.questionnaire.name, edition__gt=audit.questionnaire.edition
    )
    return newer.order_by("-edition").first()


@dataclass(frozen=True)
class Ahead:
    """A newer edition than that of a service's last year."""

    audit: Audit
    newer: Questionnaire


def ahead_of(service: MusicService) -> Ahead | None:
    """What somebody who starts a year may want to look at first; None where nothing is newer."""
    audit = latest(service)
    newer = newer_edition(audit) if audit else None
    return Ahead(audit, newer) if audit and newer else None


def services_on(edition: Questionnaire) -> int:
    """How many services have a year with totals on this edition: a count, and nothing else."""
    audits = Audit.objects.filter(questionnaire=edition, totals_shown_at__isnull=False)
    return audits.values("service").distinct().count()


def moving(audit: Audit, newer: Questionnaire) -> Moving:
    """What a newer edition would mean for the agreed ratings of `audit`."""
    said = {rating.statement_id: rating for rating in agreed_in(audit)}
    pair = read_pair(audit.questionnaire, newer)
    if pair.is_reviewed:
        return Moving(pair, is_compared=True, audit=audit, said=said)
    ties = continuity_of({newer.name}).between(audit.questionnaire_id, newer.pk)
    over = replace(pair, changes=tuple(by_way_of(ties or {}, pair)))
    return Moving(over, is_compared=ties is not None, audit=audit, said=said)


def by_way_of(ties: Ties, pair: Pair) -> list[Change]:
    """Two editions with others between them: what goes on through all, and the rest.

    What was split or merged on the way does not go on, so it shows as dropped and new.
    """
    news = {one.pk: one for one in pair.news}
    on = [
        Change(Became.UNCHANGED if reads_the_same(old, new) else Became.REWORDED, (old,), (new,))
        for old in pair.olds
        if old.pk in ties and (new := news[ties[old.pk]])
    ]
    went = [Change(Became.DROPPED, (old,), ()) for old in pair.olds if old.pk not in ties]
    came = set(news) - set(ties.values())
    return on + went + [Change(Became.NEW, (), (one,)) for one in pair.news if one.pk in came]
