"""Jobs of the worker for the library: pages of PDFs, the virus scanner, links that still answer.

Only the worker loads this module: pikepdf would cost every web process its memory.
"""

from __future__ import annotations

import logging
from io import BytesIO

import pikepdf
from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from actionplans.following.scanning import ScannerError, is_clean
from actionplans.models import Scan
from resources.desk import links
from resources.desk.files import COUNT_PAGES, SCAN
from resources.desk.writing import addresses, forget_old_links
from resources.models import LinkCheck, Resource, ResourceFile

log = logging.getLogger(__name__)

CHECK_LINK = "resources.check_link"
A_LOT = 200  # resources at a time: their texts may be long
APART = 3  # seconds between one link and the next: no site is asked in a hurry


@app.task(name=COUNT_PAGES)
def count_pages(file_id: int) -> None:
    """How many pages a PDF has, where it can be opened. Doing it twice changes nothing more."""
    file = ResourceFile.objects.filter(pk=file_id).first()
    if file is None:
        return
    pages = pages_of(bytes(file.content))
    # The file may have been replaced while it was read.
    ResourceFile.objects.filter(pk=file_id, sha256=file.sha256).update(pages=pages)


def pages_of(content: bytes) -> int | None:
    """How many pages a PDF has; None where it is locked, or mended by a reader and not by us."""
    try:
        with pikepdf.open(BytesIO(content)) as opened:
            return len(opened.pages)
    except (pikepdf.PdfError, ValueError) as broken:
        log.info("The pages of a PDF are not counted: %s", broken)
        return None


@app.task(name=SCAN, retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def scan_file(file_id: int) -> None:
    """Ask the scanner about one file. Doing it twice changes nothing more."""
    scan(file_id)


@app.periodic(cron="35 * * * *")
@app.task(name="resources.scan_waiting", queueing_lock="resources_scan_waiting")
def scan_waiting(timestamp: int) -> None:  # noqa: ARG001
    """Every hour, for files that waited while the scanner was down."""
    for file_id in ResourceFile.objects.filter(scan=Scan.WAITING).values_list("pk", flat=True):
        try:
            scan(file_id)
        except ScannerError as silent:
            log.warning("File %s of the library still waits: %s", file_id, silent)


def scan(file_id: int) -> None:
    file = ResourceFile.objects.filter(pk=file_id, scan=Scan.WAITING).first()
    if file is None:
        return
    rows = ResourceFile.objects.filter(pk=file_id, scan=Scan.WAITING, sha256=file.sha256)
    if not settings.SCAN_COMMAND:
        rows.update(scan=Scan.NOT_SCANNED)
    elif is_clean(bytes(file.content)):
        rows.update(scan=Scan.CLEAN)
    else:
        log.warning("File %s of the library was refused by the scanner", file_id)
        rows.update(scan=Scan.REFUSED, content=b"", pages=None)


@app.periodic(cron="10 3 * * 0")
@app.task(name="resources.check_links", queueing_lock="resources_check_links")
def check_links(timestamp: int) -> None:  # noqa: ARG001
    """Every Sunday night, where the site allows it: a job for each link, a little apart."""
    if not settings.CHECK_LINKS:
        return
    rows = Resource.objects.published().order_by("pk").only("link", "video", "body")
    found = ((one.pk, url) for one in rows.iterator(A_LOT) for url in addresses(one))
    for number, (resource_id, url) in enumerate(found):
        job = app.configure_task(CHECK_LINK, schedule_in={"seconds": number * APART})
        job.defer(resource_id=resource_id, url=url)


@app.task(name=CHECK_LINK)
def check_link(resource_id: int, url: str = "") -> None:
    """Ask one address, or all of it; count how often in a row each has not answered well."""
    resource = Resource.objects.filter(pk=resource_id).first()
    if not settings.CHECK_LINKS or resource is None:
        return
    forget_old_links(resource)
    for one in addresses(resource):
        if url in {"", one}:
            note(resource, one, links.status(one))


def note(resource: Resource, url: str, status: int | None) -> None:
    before = resource.link_checks.filter(url=url).first()
    failures = 0 if links.is_well(status) else (before.failures if before else 0) + 1
    LinkCheck.objects.update_or_create(
        resource=resource,
        url=url,
        defaults={
            "status": status,
            "failures": min(failures, 1000),
            "checked_at": timezone.now(),
        },
    )
