"""The worker's own housekeeping: jobs whose worker died, and jobs long done."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3  # a job that took this many workers with it is not tried again
KEEP_HOURS = 7 * 24


@app.periodic(cron="* * * * *")
@app.task(name="portal.rescue_stalled_jobs", pass_context=True, queueing_lock="rescue")
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Put jobs back in line whose worker has stopped giving signs of life (30 seconds)."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts < MOST_ATTEMPTS:
            log.warning("The worker of job %s died; it is tried again", job.id)
            await manager.retry_job(job)
        else:
            log.error("Job %s took %s workers with it; it is given up", job.id, job.attempts)
            await manager.finish_job(job, Status.FAILED, delete_job=False)


@app.periodic(cron="17 3 * * *")
@app.task(name="portal.remove_old_jobs", pass_context=True, queueing_lock="remove_old_jobs")
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Forget jobs done more than a week ago, failed ones too."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS, include_failed=True)
