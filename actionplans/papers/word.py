"""The plan and the board paper as Word documents, to edit, cut and pass on.

They are made from the same data as their PDF, and hold everything that it says; the PDF of a
board paper is cut to two pages.
"""

from __future__ import annotations

from actionplans.models import AGREED_STATES
from actionplans.papers.word_document import Document, clean
from actionplans.papers.word_parts import (
    Data,
    begin,
    both,
    chosen,
    figures,
    in_words,
    lines,
    marks,
    overview,
    sentence,
    targets_of,
    whole,
)


def plan(data: Data) -> bytes:
    """The plan whole: every target with all of its parts."""
    paper = clean(data)
    head = paper["head"]
    made = begin(f"Action plan {head['period']}", head)
    made.heading("In short", 1)
    made.text(f"{paper['lead']} {in_words(paper['counts'])}")
    overview(made, targets_of(paper))
    for area in paper["areas"]:
        made.heading(area["name"], 1)
        for target in area["targets"]:
            whole(made, target)
    if paper["closing"]:
        made.heading("When it was closed", 1)
        made.text(paper["closing"])
    return made.as_bytes()


def board_paper(data: Data) -> bytes:
    """What the board is asked, and what it rests on."""
    paper = clean(data)
    head = paper["head"]
    made = begin(f"Board paper: action plan {head['period']}", head)
    made.heading("What the board is asked", 1)
    made.bullets(sentence(one) for one in paper["asked"])
    made.heading("Where we are", 1)
    if paper["levels"]:
        levels(made, paper["levels"])
    else:
        made.text(paper["no_levels"])
    if paper["priorities"]:
        made.heading("What we chose, and why", 1)
        chosen(made, paper["priorities"])
    if paper["parked"]:
        made.text(f"Parked until next year, each with its reason: {paper['parked']}.")
    made.heading("The plan", 1)
    made.text(in_words(paper["counts"]))
    made.table(
        "Targets, those that need the board first",
        ("Reference", "What will change", "How we will know", "Who, and by when", "How it stands"),
        [board_row(one) for one in paper["targets"]],
        (10, 25, 32, 19, 14),
    )
    if paper["not_acting"]:
        made.text(f"Decisions not to act, with their reasons in the plan: {paper['not_acting']}.")
    if head["state"] in AGREED_STATES:
        made.heading(paper["since"]["title"], 1)
        made.bullets(paper["since"]["lines"] or ["Nothing changed."])
    if paper["cost"]["words"] or paper["cost"]["funding"]:
        made.heading("What it costs", 1)
        made.text(paper["cost"]["words"])
        made.bullets(paper["cost"]["funding"])
    lines(
        made,
        "What may stand in the way",
        [f"{one['reference']}: {one['text']}" for one in paper["risks"]],
    )
    lines(made, "What comes next", paper["next_steps"])
    return made.as_bytes()


def levels(made: Document, found: Data) -> None:
    made.text(f"{found['headline']}. {found['counts']}")
    made.text(f"Self-assessment {found['year']}, on {found['questionnaire']}.")
    figures(
        made, "Agreed levels by area", "Area", found["earlier"], [found["whole"], *found["areas"]]
    )


def board_row(one: Data) -> tuple[str, ...]:
    return (
        one["reference"],
        both(one["title"], one["since_approval"]),
        both(one["measure"], marks(one)),
        both(one["who"], one["by"]),
        one["standing"],
    )
