"""What the worker does with tables that people bring into a plan: it reads and forgets them.

Only the worker loads this module, and openpyxl with it.
"""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from actionplans.models import PlanUpload
from actionplans.tables import kept, matching, uploads
from selfassessment.models import UploadState
from selfassessment.models.upload import UNREAD
from selfassessment.sheets.tables import UnreadableError

RETRIES = 2


@app.task(name=uploads.READ, pass_context=True, retry=RetryStrategy(max_attempts=RETRIES, wait=5))
def read_plan_upload(context: JobContext, upload_id: int) -> None:
    """Read one table. Doing it twice finds the same, so a retry is harmless."""
    try:
        read(upload_id)
    except Exception:
        if context.job.attempts >= RETRIES:
            close(
                upload_id,
                state=UploadState.REFUSED,
                trouble="Something went wrong on our side. Choose the file again.",
            )
        raise


def read(upload_id: int) -> None:
    rows = PlanUpload.objects.filter(pk=upload_id, state__in=UNREAD)
    if not rows.update(state=UploadState.READING):
        return
    upload = rows.select_related("plan").get()
    try:
        grids = kept.read(bytes(upload.content or b""))
    except UnreadableError as refused:
        close(upload_id, state=UploadState.REFUSED, trouble=str(refused))
        return
    match = matching.guess(grids, uploads.period_of(upload.plan))
    close(upload_id, state=UploadState.READY, table=kept.as_json(grids), matched=match.as_json())


def close(upload_id: int, **said: object) -> None:
    """Note what became of a file, and let go of it; unless it was discarded meanwhile."""
    PlanUpload.objects.filter(pk=upload_id, state__in=UNREAD).update(content=None, **said)


@app.periodic(cron="50 3 * * *")
@app.task(name="actionplans.forget_plan_uploads", queueing_lock="forget_plan_uploads")
def forget_plan_uploads(timestamp: int) -> None:  # noqa: ARG001
    """What somebody brought in and never took in is forgotten after a month."""
    before = timezone.now() - uploads.KEPT
    old = PlanUpload.objects.filter(uploaded_at__lt=before)
    uploads.empty(old.exclude(state__in=[UploadState.TAKEN_IN, UploadState.DISCARDED]))
