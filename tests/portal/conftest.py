from __future__ import annotations

from collections.abc import Callable

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import actions
from portal.access import Role
from portal.models import Invitation, MusicService, User


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Do what the worker would with the jobs of this test, each once. Says how many it did."""
    done = set(ProcrastinateJob.objects.values_list("pk", flat=True))

    def run() -> int:
        jobs = list(ProcrastinateJob.objects.exclude(pk__in=done).order_by("pk"))
        for job in jobs:
            app.tasks[job.task_name](**job.args)
            done.add(job.pk)
        return len(jobs)

    return run


@pytest.fixture
def invitation(avon: MusicService, person: Callable[[str], User]) -> Invitation:
    """The lead of Avon has just invited somebody new as inclusion lead."""
    return actions.invite(
        email="new@example.org", service=avon, role=Role.INCLUSION_LEAD, by=person("lead")
    )
