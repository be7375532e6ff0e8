"""The site's own virus scanner, where it runs one: each file goes to its standard input.

Only the worker loads this module. What the scanner refuses is not kept: its name stays, its bytes
go, so that no backup carries them on.
"""

from __future__ import annotations

import logging
import subprocess

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from actionplans.following.evidence import SCAN
from actionplans.models import Evidence, Scan

log = logging.getLogger(__name__)

SECONDS = 120  # that a scanner may take over one file
CLEAN, REFUSED = 0, 1  # what clamdscan and its like answer; anything else is no answer


class ScannerError(Exception):
    """The scanner gave no answer: the file waits, and is tried again."""


@app.task(name=SCAN, retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def scan_evidence(evidence_id: int) -> None:
    """Ask the scanner about one file. Doing it twice changes nothing more."""
    ask(evidence_id)


@app.periodic(cron="25 * * * *")
@app.task(name="actionplans.scan_waiting", queueing_lock="scan_waiting")
def scan_waiting(timestamp: int) -> None:  # noqa: ARG001
    """Every hour, for files that waited while the scanner was down."""
    for evidence_id in Evidence.objects.filter(scan=Scan.WAITING).values_list("pk", flat=True):
        try:
            ask(evidence_id)
        except ScannerError as silent:
            log.warning("Evidence %s still waits: %s", evidence_id, silent)


def ask(evidence_id: int) -> None:
    rows = Evidence.objects.filter(pk=evidence_id, scan=Scan.WAITING)
    file = rows.first()
    if file is None:
        return
    if not settings.SCAN_COMMAND:
        rows.update(scan=Scan.NOT_SCANNED)
    elif is_clean(bytes(file.content)):
        rows.update(scan=Scan.CLEAN)
    else:
        log.warning("Evidence %s was refused by the scanner", evidence_id)
        rows.update(scan=Scan.REFUSED, content=b"")


def is_clean(content: bytes) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 (the operator's own command, never a person's words)
            settings.SCAN_COMMAND, input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as silent:
        raise ScannerError(f"The scanner did not run: {silent}") from silent
    if done.returncode not in {CLEAN, REFUSED}:
        raise ScannerError(f"The scanner answered {done.returncode}: {done.stderr[:500]!r}")
    return done.returncode == CLEAN
