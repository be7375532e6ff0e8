"""Asking for everything of a service, and how long it is kept."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from actionplans.models import Paper, PaperFormat, PaperKind
from actionplans.models.paper import PaperQuerySet
from actionplans.papers import heads
from portal import papers
from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.models import Audit

MAKE = "changingtracks.take_everything"  # the worker's task, by name: see tasks.py
KEPT = dt.timedelta(days=7)  # all of a service in one file is not left lying about


@transaction.atomic
def ask(*, service: MusicService, by: User) -> Paper:
    """Have the package of `service` made; one that is being made for this person is handed over."""
    MusicService.objects.select_for_update(no_key=True).get(pk=service.pk)
    waiting = of(service, by).filter(state__in=papers.ON_ITS_WAY).light().first()
    if waiting and not papers.is_stalled(waiting):
        return waiting
    shown = Audit.objects.for_service(service).exclude(totals_shown_at=None)
    data = {
        "head": {"rests_on": sorted(heads.mark(audit) for audit in shown)},
        "asked_at": timezone.now().isoformat(),
    }
    made = papers.hand_over(
        Paper.objects.all(),
        known_by={
            "service": service,
            "kind": PaperKind.EVERYTHING,
            "format": PaperFormat.ZIP,
            "key": papers.key({**data, "by": by.pk}),
        },
        made_with={"data": data},
        by=by,
        defer=lambda pk: app.configure_task(MAKE).defer(paper_id=pk),
    )
    record(by=by, verb=Verb.TOOK_EVERYTHING, subject=service, service=service)
    return made


def of(service: MusicService, by: User) -> PaperQuerySet:
    """The packages that this person asked for, newest first."""
    return Paper.objects.filter(
        service=service, requested_by=by, kind=PaperKind.EVERYTHING
    ).order_by("-requested_at")


def make_room(paper: Paper) -> None:
    """Only the newest package of a service is kept for each person."""
    of(paper.service, paper.requested_by).ready().exclude(pk=paper.pk).delete()


def forget_old() -> None:
    old = timezone.now() - KEPT
    Paper.objects.filter(kind=PaperKind.EVERYTHING, requested_at__lt=old).delete()
