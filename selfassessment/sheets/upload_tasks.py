"""What the worker does with workbooks that people brought in: it reads them, and forgets them.

Only the worker loads this module, and openpyxl with it.
"""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from selfassessment.models import Audit, Upload, UploadState
from selfassessment.models.upload import UNREAD
from selfassessment.sheets import uploads, workbook_in
from selfassessment.sheets.sheet_format import Mark
from selfassessment.sheets.workbook import WorkbookRefusedError

RETRIES = 2


@app.task(name=uploads.READ, pass_context=True, retry=RetryStrategy(max_attempts=RETRIES, wait=5))
def read_upload(context: JobContext, upload_id: int) -> None:
    """Read one workbook. Doing it twice finds the same, so a retry is harmless."""
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
    rows = Upload.objects.filter(pk=upload_id, state__in=UNREAD)
    if not rows.update(state=UploadState.READING):
        return
    upload = rows.select_related("audit__questionnaire").get()
    try:
        found = workbook_in.read(bytes(upload.content or b""), asked_in(upload.audit))
    except WorkbookRefusedError as refused:
        close(upload_id, state=UploadState.REFUSED, trouble=str(refused))
    else:
        close(upload_id, state=UploadState.READY, found=found.as_json())


def close(upload_id: int, **said: object) -> None:
    """Note what became of a file, and let go of it; unless it was discarded meanwhile."""
    Upload.objects.filter(pk=upload_id, state__in=UNREAD).update(content=None, **said)


def asked_in(audit: Audit) -> workbook_in.Asked:
    return workbook_in.Asked(
        Mark.of(audit.questionnaire), list(audit.levels()), list(audit.statements())
    )


@app.periodic(cron="40 3 * * *")
@app.task(name="selfassessment.forget_uploads", queueing_lock="forget_uploads")
def forget_uploads(timestamp: int) -> None:  # noqa: ARG001
    """What somebody brought in and never took in is forgotten after a month."""
    before = timezone.now() - uploads.KEPT
    old = Upload.objects.filter(uploaded_at__lt=before)
    uploads.empty(old.exclude(state__in=[UploadState.TAKEN_IN, UploadState.DISCARDED]))
