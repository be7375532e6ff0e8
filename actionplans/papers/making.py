"""Papers as files, each from its data and nothing else. Only the worker reads this module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from actionplans.models import PaperFormat, PaperKind
from actionplans.papers import board_sizes, word, word_year
from portal import pdf
from portal.legible import all_legible
from selfassessment.tasks import cover_size, tracks_of

Data = dict[str, Any]
MOST_VOICES = 15  # statements; those furthest from what is agreed


def page(name: str, data: Data, **more: Any) -> str:
    """A paper as HTML for print; text is in letters that our faces hold."""
    paper = all_legible(data)
    return render_to_string(
        f"pdf/{name}.html",
        {"was_changed": paper != data, "paper": paper, "head": paper["head"], **more},
    )


def plan(data: Data) -> bytes:
    return pdf.render(page("plan", data))


def minutes(data: Data) -> bytes:
    place = f", {data['place']}" if data["place"] else ""
    when = f", {data['when']}" if data["when"] else ""
    held = f"{data['held_on']}{when}{place}. Action plan {data['head']['period']}."
    sub = held if data["is_finished"] else f"{held} Not finished: this is how far it is."
    return pdf.render(page("minutes", data, sub=all_legible(sub)))


def board_paper(data: Data) -> bytes:
    """Two pages, whatever there is to say: on each as much as fits."""
    paper = all_legible(data)
    changed = paper != data

    def laid_out(first: Data | None, second: Data | None) -> str:
        about = first or second or {}
        sub = f"Action plan {about['head']['period']}. {about['head']['standing']}"
        return page("board", paper, first=first, second=second, sub=sub, was_changed=changed)

    sizes = [board_sizes.cut(paper, size) for size in board_sizes.SIZES]
    first = fitting(sizes, lambda size: laid_out(size, None))
    second = fitting(sizes, lambda size: laid_out(None, size))
    return pdf.render(laid_out(first, second))


def fitting(sizes: Sequence[Data], laid_out: Callable[[Data], str]) -> Data:
    """The largest of them that takes one page; the last of them takes no more whatever it says."""
    for size in sizes[:-1]:
        if pdf.pages(laid_out(size)) == 1:
            return size
    return sizes[-1]


def year_report(data: Data) -> bytes:
    paper = all_legible(data)
    changed = paper != data
    report = paper["assessment"]
    if report:
        places = {level["name"]: place for place, level in enumerate(report["levels"])}
        numbers = [level["name"].partition(" ")[0] for level in report["levels"]]
        apart = {one["code"]: one for one in paper["spreads"]}
        for statement in statements_of(report):
            said = apart.get(statement["code"], {})
            statement["low"], statement["high"] = said.get("low"), said.get("high")
            statement["spread"] = said.get("words", "")
            was = places.get(statement["was"])
            statement["was_place"] = was
            statement["was_short"] = statement["was"] if was is None else numbers[was]
    return pdf.render(
        page(
            "year",
            paper,
            was_changed=changed,
            report=report,
            tracks=tracks_of(report) if report else [],
            top=report["levels"][-1] if report else None,
            steps=len(report["levels"]) - 1 if report else 1,
            size=cover_size(paper["head"]["service"]),
            short_counts=paper["counts"][: 3 if report else 4],
            parked=by_reason(paper["parked"]),
            voices=paper["voices"][:MOST_VOICES],
            more_voices=max(len(paper["voices"]) - MOST_VOICES, 0),
            contents=CONTENTS if report else CONTENTS[3:],
        )
    )


CONTENTS = (
    ("levels", "Levels by area and section"),
    ("statements", "Statement by statement"),
    ("chosen", "What we chose, and what waits"),
    ("did", "What we did"),
    ("voices", "What young people said, and what changed for them"),
    ("moved", "Did it move?"),
)


def by_reason(parked: list[Data]) -> list[tuple[str, list[Data]]]:
    """What waits for the same reason stands together, in the order of the first of each."""
    found: dict[str, list[Data]] = {}
    for one in parked:
        found.setdefault(one["reason"], []).append(one)
    return list(found.items())


def statements_of(report: Data) -> Iterator[Data]:
    for area in report["areas"]:
        for section in area["sections"]:
            yield from section["statements"]


MAKERS: Mapping[tuple[str, str], Callable[[Data], bytes]] = {
    (PaperKind.PLAN, PaperFormat.PDF): plan,
    (PaperKind.BOARD_PAPER, PaperFormat.PDF): board_paper,
    (PaperKind.YEAR_REPORT, PaperFormat.PDF): year_report,
    (PaperKind.REVIEW, PaperFormat.PDF): minutes,
    (PaperKind.PLAN, PaperFormat.DOCX): word.plan,
    (PaperKind.BOARD_PAPER, PaperFormat.DOCX): word.board_paper,
    (PaperKind.YEAR_REPORT, PaperFormat.DOCX): word_year.year_report,
}
# What is looked at before a file is handed out; a fault is told to whoever runs the site.
CHECKS: Mapping[str, Callable[[bytes], Sequence[str]]] = {PaperFormat.PDF: pdf.faults}
