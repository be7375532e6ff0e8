"""Fifty filled-in workbooks: brought in by a browser, read by the worker, taken in by one click.

Nothing of it stays: all happens in one transaction that is taken back.
"""

import json
import resource
import statistics
import time
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from openpyxl import load_workbook

from dev.bench.counting import Queries
from dev.bench.pages import percentile
from selfassessment.models import Audit, Privacy, Stage, Upload
from selfassessment.sheets import upload_tasks, uploads, workbook_out
from selfassessment.sheets.sheet_format import HEADINGS, RATINGS

FILES = 50
RATING, COMMENT = (list(HEADINGS).index(name) + 1 for name in ("rating", "comment"))


def resident() -> float:
    """The most memory this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def filled(blank: bytes, number: int) -> bytes:
    book = load_workbook(BytesIO(blank))
    sheet = book[RATINGS]
    for row in range(4, sheet.max_row + 1):
        sheet.cell(row, RATING).value = (row + number) % 5
        sheet.cell(row, COMMENT).value = f"What person {number} says of row {row}. " * 5
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def measure() -> dict[str, float]:
    audits = Audit.objects.open().with_questionnaire().order_by("pk")
    audit = next(one for one in audits if one.stage == Stage.RATING and one.scope == "whole")
    begun = time.perf_counter()
    blank = workbook_out.workbook(audit, {})
    made = 1000 * (time.perf_counter() - begun)
    files = [SimpleUploadedFile(f"{n}.xlsx", filled(blank, n)) for n in range(FILES)]
    before, figures = resident(), {"out": made, "bytes": len(files[0])}

    for privacy in Privacy:
        with transaction.atomic():
            Audit.objects.filter(pk=audit.pk).update(privacy=privacy)
            figures |= bring_in(audit, files, privacy)
            transaction.set_rollback(True)
    return {**figures, "memory": resident() - before}


def bring_in(audit: Audit, files: list[SimpleUploadedFile], privacy: str) -> dict[str, float]:
    by = audit.started_by
    for file in files:
        file.seek(0)
    begun = time.perf_counter()
    kept = uploads.add(audit=audit, files=files, role_group="tutor", by=by)
    added = time.perf_counter() - begun
    reading, busy = [], time.process_time()
    for one in kept:
        begun = time.perf_counter()
        upload_tasks.read(one.pk)
        reading.append(1000 * (time.perf_counter() - begun))
    busy = time.process_time() - busy
    begun, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counted := Queries()):
        ready = Upload.objects.filter(pk__in=[one.pk for one in kept])
        uploads.take_in_all(audit=audit, uploads=ready, hands_in=True, by=by)
    return {
        "add": added,
        "median": statistics.median(reading),
        "p95": percentile(reading, 0.95),
        "read": sum(reading) / 1000,
        "of it Python": busy,
        f"take in, {privacy}": time.perf_counter() - begun,
        f"of it Python, {privacy}": time.process_time() - worked,
        f"queries, {privacy}": counted.count,
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
