"""The package itself: rows, tables, papers and files of one service, as a zip. In the worker only.

Everything is read in one view of the database, so that no row refers to one that came later.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import BytesIO

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify

from actionplans import exports as plan_exports
from actionplans.models import ActionPlan, Evidence, PaperFormat, PaperKind, Scan
from actionplans.papers import asking, making
from changingtracks.everything.rows import Reader, place_of
from portal import papers, pdf
from portal.exports import Sheet, csv_bytes, xlsx_bytes
from portal.models import MusicService
from selfassessment import exports, reports, results, tasks
from selfassessment.models import Audit, Report
from selfassessment.results import Results
from selfassessment.talk import spread, talk_exports

File = tuple[str, bytes]


def make(service: MusicService) -> bytes:
    """The package of `service` as it is now."""
    out = BytesIO()
    with snapshot(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files(service):
            package.writestr(name, content)
    return out.getvalue()


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of the database for all that is read within; a caller's own transaction is one."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def files(service: MusicService) -> Iterator[File]:
    """Every file of the package, one after the other: no more than one is in memory."""
    yield "README.txt", readme(service).encode()
    rows = json.dumps(Reader(service).read(), ensure_ascii=False, indent=1)
    yield "everything.json", rows.encode()
    for audit in Audit.objects.for_service(service).with_questionnaire().newest_first():
        yield from of_audit(audit)
    for plan in ActionPlan.objects.for_service(service).with_service().newest_first():
        yield from of_plan(plan)
    there = Evidence.objects.filter(note__target__plan__service=service)
    # As at the gate: nothing is handed out before the scanner has seen it.
    for evidence in there.exclude(scan__in=[Scan.WAITING, Scan.REFUSED]).iterator(1):
        yield place_of(evidence), bytes(evidence.content)
    logo = getattr(service, "logo", None)
    if logo:
        yield place_of(logo), bytes(logo.image)


def readme(service: MusicService) -> str:
    today = date_format(timezone.localdate(), "j F Y")
    return render_to_string("changingtracks/everything.txt", {"service": service, "today": today})


def of_audit(audit: Audit) -> Iterator[File]:
    """What a self-assessment shows: its results, its talk, and the report."""
    name = f"self-assessment-{slugify(audit.year_name)}-{audit.pk}"
    found = results.read(audit)
    if found:
        sheets = [exports.ratings_sheet(found), exports.about_sheet(found)]
        yield from tables(f"{name}-agreed", sheets)
        yield f"papers/{name}-report.pdf", report(found)
    talk = spread.read(audit)
    if isinstance(talk, spread.Talk) and (talk.is_shown or talk.families_are_shown):
        counts, comments = talk_exports.counts_sheet(talk), talk_exports.comments_sheet(talk)
        yield from tables(f"{name}-talk", [counts, comments, talk_exports.about_sheet(talk)])


def tables(name: str, sheets: list[Sheet]) -> Iterator[File]:
    """The first sheet as CSV, all of them as XLSX."""
    yield f"tables/{name}.csv", csv_bytes(sheets[0])
    yield f"tables/{name}.xlsx", xlsx_bytes(sheets)


def report(found: Results) -> bytes:
    """The report without comments: the one that was made already, where it says the same."""
    data = asdict(reports.collect(found, with_comments=False))
    made = Report.objects.reports().ready().filter(audit=found.audit, key=papers.key(data)).first()
    return bytes(made.pdf) if made and made.pdf else pdf.render(tasks.page_of(data))


def of_plan(plan: ActionPlan) -> Iterator[File]:
    name = f"plan-{slugify(plan.period)}-{plan.pk}"
    yield from tables(name, plan_exports.sheets(plan))
    maker = making.MAKERS[PaperKind.PLAN, PaperFormat.PDF]
    yield f"papers/{name}.pdf", maker(asking.says(plan, PaperKind.PLAN))
