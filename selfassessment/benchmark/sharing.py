"""A service adds its agreed ratings of a year to the benchmark, or takes them out."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from selfassessment.benchmark import precompute
from selfassessment.models import Audit


class NothingToShareError(Exception):
    """Only what the service itself sees as its totals can be shared."""


class SharedAlreadyError(Exception):
    """The self-assessment is in the benchmark."""


class NotSharedError(Exception):
    """The self-assessment is not in the benchmark."""


@transaction.atomic
def share(*, audit: Audit, by: User) -> None:
    """Add the percentages of a year's agreed ratings to the benchmark."""
    held = Audit.objects.locked().get(pk=audit.pk)
    if held.shared_at:
        raise SharedAlreadyError("This self-assessment is in the benchmark already.")
    if not held.totals_shown_at:
        raise NothingToShareError("Show the totals of this self-assessment first, then share them.")
    held.shared_at, held.shared_by = timezone.now(), by
    held.save(update_fields=["shared_at", "shared_by"])
    record(by=by, verb=Verb.SHARED, subject=held, service=held.service)
    precompute.queue(held)


@transaction.atomic
def unshare(*, audit: Audit, by: User) -> None:
    """Take a year out of the benchmark: the next figures are made without it."""
    held = Audit.objects.locked().get(pk=audit.pk)
    if not held.shared_at:
        raise NotSharedError("This self-assessment is not in the benchmark.")
    held.shared_at, held.shared_by = None, None
    held.save(update_fields=["shared_at", "shared_by"])
    held.shared_scores.all().delete()
    record(by=by, verb=Verb.UNSHARED, subject=held, service=held.service)
    precompute.queue(held)
