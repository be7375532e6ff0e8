"""What the worker does for self-assessments: make papers, each from its data alone."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from procrastinate import JobContext
from procrastinate.contrib.django import app

from portal import papers, pdf
from portal.legible import all_legible
from portal.papers import RETRIES
from portal.templatetags.drawings import Track
from selfassessment import reports
from selfassessment.benchmark import precompute
from selfassessment.models import Report, ReportKind
from selfassessment.talk import handouts

LONG, LONGEST = 28, 60  # characters of a name on the cover before it is set smaller


@app.task(name=reports.MAKE, pass_context=True, retry=papers.RETRY)
def make_report(context: JobContext, report_id: int) -> None:
    """Make the file of one report. Doing it twice gives the same file, so a retry is harmless."""
    papers.attempt(context, Report.objects.all(), report_id, make)


def make(report_id: int) -> None:
    report = papers.make(
        papers.on_its_way(Report.objects.all(), report_id),
        file="pdf",
        lay_out=lay_out,
        check=lambda _, content: pdf.faults(content),
    )
    if report:
        reports.make_room(report.audit_id, report.kind)


def lay_out(report: Report) -> bytes:
    page = handouts.page_of if report.kind == ReportKind.HANDOUT else page_of
    return pdf.render(page(report.data))


def page_of(data: dict[str, Any]) -> str:
    """The report as HTML for print, made from its data and nothing else."""
    for area in data["areas"]:
        for section in area["sections"]:
            for statement in section["statements"]:
                for said in statement["comments"]:
                    link = said["link"]
                    said["href"] = link if link.startswith(("http://", "https://")) else ""
    report = all_legible(data)
    return render_to_string(
        "pdf/report.html",
        {
            "report": report,
            "steps": len(report["levels"]) - 1,
            "top": report["levels"][-1],
            "size": cover_size(report["service"]),
            "was_changed": report != data,
            "tracks": tracks_of(report),
        },
    )


def tracks_of(report: dict[str, Any]) -> list[list[Track]]:
    """The tracks of a cover: one for each section, in groups by area."""
    return [
        [
            {
                "name": f"{section['code']} {section['figures']['name']}",
                "percent": section["figures"]["percent"],
            }
            for section in area["sections"]
        ]
        for area in report["areas"]
    ]


def cover_size(name: str) -> str:
    if len(name) > LONGEST:
        return "longest"
    return "long" if len(name) > LONG else ""


@app.task(name=precompute.MAKE, lock=precompute.LOCK, retry=RETRIES)
def make_benchmark(*, questionnaire_id: int, scope: str, year: int) -> None:
    """Bring one benchmark up to date. Doing it twice changes nothing more."""
    precompute.make(questionnaire_id, scope, year)


@app.periodic(cron="40 2 * * *")
@app.task(
    name="selfassessment.make_benchmarks", lock=precompute.LOCK, queueing_lock="make_benchmarks"
)
def make_benchmarks(timestamp: int) -> None:  # noqa: ARG001
    """Every night, for agreed ratings that changed and years that were closed."""
    precompute.make_all()
