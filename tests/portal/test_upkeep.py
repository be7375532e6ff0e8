"""A worker that dies leaves nothing undone for ever."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import upkeep
from selfassessment import reports

pytestmark = pytest.mark.django_db(transaction=True)


def left_behind(attempts: int) -> int:
    """A job that was being done by a worker that is no more."""
    job = app.configure_task(reports.MAKE).defer(report_id=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE id = %s",
            [attempts, job],
        )
    return job


def status(job: int) -> str:
    return ProcrastinateJob.objects.get(pk=job).status


def test_a_job_whose_worker_died_is_done_by_the_next(worker):
    job = left_behind(attempts=0)

    app.configure_task("portal.rescue_stalled_jobs").defer(timestamp=0)
    worker()

    assert status(job) == "succeeded"


def test_a_job_that_kills_its_workers_is_given_up(worker):
    job = left_behind(attempts=upkeep.MOST_ATTEMPTS)

    app.configure_task("portal.rescue_stalled_jobs").defer(timestamp=0)
    worker()

    assert status(job) == "failed"


def test_jobs_long_done_are_forgotten(worker):
    old, new = (app.configure_task(reports.MAKE).defer(report_id=0) for _ in range(2))
    worker()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id = %s", [old]
        )

    app.configure_task("portal.remove_old_jobs").defer(timestamp=0)
    worker()

    kept = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    assert (old in kept, new in kept) == (False, True)
