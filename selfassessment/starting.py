"""Starting a service's year, and throwing away one that was started by mistake."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.asking.joining import join
from selfassessment.models import Audit, Questionnaire, Rating


class AuditExistsError(Exception):
    """There is an open self-assessment on this questionnaire for this year: `audit`."""

    def __init__(self, audit: Audit) -> None:
        super().__init__(
            "Your service has a self-assessment open on this questionnaire for this year. "
            "Carry on with that one, or choose another year."
        )
        self.audit = audit


class AuditHasRatingsError(Exception):
    """A self-assessment in which somebody rated is not thrown away."""


@transaction.atomic
def start_audit(
    *,
    service: MusicService,
    questionnaire: Questionnaire,
    year: int,
    scope: str,
    finish_on: date,
    by: User,
) -> Audit:
    """Begin a service's year, with the starter's own response in it."""
    MusicService.objects.select_for_update().get(pk=service.pk)
    same = Audit.objects.open().filter(service=service, questionnaire=questionnaire, year=year)
    if there_is := same.first():
        raise AuditExistsError(there_is)
    audit = Audit.objects.create(
        service=service,
        questionnaire=questionnaire,
        year=year,
        scope=scope,
        finish_on=finish_on,
        started_by=by,
    )
    join(audit=audit, user=by)
    record(by=by, verb=Verb.STARTED, subject=audit, service=service)
    return audit


@transaction.atomic
def discard_audit(*, audit: Audit, by: User) -> None:
    """Throw away a self-assessment started by mistake, while nobody has rated in it."""
    audit = Audit.objects.select_for_update(of=("self",)).select_related("service").get(pk=audit.pk)
    list(audit.responses.select_for_update())  # a rating being saved comes first, or is refused
    if Rating.objects.filter(response__audit=audit).exists():
        raise AuditHasRatingsError(
            "There are ratings in this self-assessment, so it is kept. "
            "You can change its date, or leave it as it is."
        )
    record(by=by, verb=Verb.DISCARDED, subject=audit, service=audit.service)
    audit.delete()
