"""Writes on totals from before the portal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.models import Baseline, BaselineTotal
from selfassessment.models.looking_back import in_words
from selfassessment.years.past import Past, shares_out


class BaselineExistsError(Exception):
    """There are totals of this name and date already."""


def there_already(service: MusicService, pasts: Iterable[Past]) -> list[Past]:
    """Those of them that the service has brought in before, by name and date."""
    there = {
        (one.name, one.taken_on, one.exactness)
        for one in Baseline.objects.for_service(service).only("name", "taken_on", "exactness")
    }
    return [one for one in pasts if (one.name, one.when.day, one.when.exactness) in there]


def fill(baseline: Baseline, past: Past) -> Baseline:
    """Write onto a baseline what is known of it, without saving."""
    baseline.name = past.name
    baseline.taken_on, baseline.exactness = past.when.day, past.when.exactness
    baseline.lowest = past.levels.lowest if past.levels else None
    baseline.highest = past.levels.highest if past.levels else None
    return baseline


@dataclass(frozen=True)
class Preview:
    """Totals as they would be, before anything is saved."""

    baseline: Baseline
    totals: list[BaselineTotal]
    remark: str

    @classmethod
    def of(cls, past: Past) -> Preview:
        baseline = fill(Baseline(), past)
        return cls(baseline, totals_of(baseline, past), shares_out(past))


def totals_of(baseline: Baseline, past: Past) -> list[BaselineTotal]:
    """Rows to show or to save; the whole comes last, as it is read: after its areas."""
    ordered = sorted(past.totals, key=lambda one: not one.area)
    return [
        BaselineTotal(
            baseline=baseline,
            area=total.area,
            total=total.total,
            most=total.most or 0,  # refused before, where nothing says it
            statements=total.statements,
            order=order,
        )
        for order, total in enumerate(ordered)
    ]


@transaction.atomic
def bring_in(*, service: MusicService, pasts: Sequence[Past], by: User) -> list[Baseline]:
    """Store totals of past years: all of them, or none."""
    MusicService.objects.select_for_update().get(pk=service.pk)
    if there := there_already(service, pasts):
        names = ", ".join(
            f"“{one.name}” of {in_words(one.when.day, one.when.exactness)}" for one in there
        )
        raise BaselineExistsError(
            f"There are totals of this name and date already: {names}. Change those, or delete "
            "them first. Nothing was brought in."
        )
    made = []
    for past in pasts:
        baseline = fill(Baseline(service=service, brought_in_by=by), past)
        baseline.save()
        BaselineTotal.objects.bulk_create(totals_of(baseline, past))
        record(by=by, verb=Verb.IMPORTED, subject=f"past totals, {baseline}", service=service)
        made.append(baseline)
    return made


@transaction.atomic
def change(*, baseline: Baseline, past: Past, by: User) -> None:
    """Write over what was brought in."""
    MusicService.objects.select_for_update().get(pk=baseline.service_id)
    others = Baseline.objects.filter(
        service=baseline.service_id,
        name=past.name,
        taken_on=past.when.day,
        exactness=past.when.exactness,
    )
    if others.exclude(pk=baseline.pk).exists():
        raise BaselineExistsError("There are totals of this name and date already.")
    fill(baseline, past).save()
    baseline.totals.all().delete()
    BaselineTotal.objects.bulk_create(totals_of(baseline, past))
    record(by=by, verb=Verb.CHANGED, subject=f"past totals, {baseline}", service=baseline.service)


@transaction.atomic
def discard(*, baseline: Baseline, by: User) -> None:
    record(by=by, verb=Verb.DISCARDED, subject=f"past totals, {baseline}", service=baseline.service)
    baseline.delete()
