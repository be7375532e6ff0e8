"""What our Word papers share: their head, their targets, and how figures are said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actionplans.papers.word_document import Document

Data = dict[str, Any]
NO_FIGURE = "–"
TARGETS = ("Reference", "What will change", "Who sees to it", "By", "How it stands")
MADE_UP = "Made up, for the demo."


def begin(title: str, head: Data) -> Document:
    """A document with its head: whose it is, and how far its plan was."""
    made = Document(
        title=f"{title}, {head['service']}",
        author=head["service"],
        footer=f"{head['service']}, {title[0].lower()}{title[1:]}",
    )
    if logo := head["logo"]:
        made.picture(logo["source"].partition(",")[2], logo["width"], logo["height"], logo["alt"])
    made.title(title, head["service"])
    made.text(f"{head['standing']} {MADE_UP if head['is_fictional'] else ''}")
    made.fact("What was said", head["said"])
    made.fact("Newest note", head["as_of"])
    return made


def targets_of(paper: Data) -> list[Data]:
    return [target for area in paper["areas"] for target in area["targets"]]


def in_words(counts: list[Data]) -> str:
    """“How they stand: 2 on course, 1 late.”"""
    stand = ", ".join(f"{one['targets']} {small(one['standing'])}" for one in counts)
    return f"How they stand: {stand}." if stand else ""


def small(text: str) -> str:
    return text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def both(*lines: str) -> str:
    """Lines of one cell, those that say something."""
    return "\n".join(filter(None, lines))


def lines(made: Document, title: str, said: Iterable[str]) -> None:
    """A part that is a list; nothing where the list is empty."""
    there = [one for one in said if one]
    if there:
        made.heading(title, 1)
        made.bullets(there)


def percent(value: int | None) -> str:
    return NO_FIGURE if value is None else f"{value}%"


def stands(target: Data) -> str:
    """“Late. From 20. Now 60. Aim 80 tutors. Changed since approval.”"""
    said = (target["standing"], marks(target), target["since_approval"])
    return " ".join(f"{one.rstrip('.')}." for one in said if one)


def marks(target: Data) -> str:
    """What its track shows, in words; nothing for a decision not to act."""
    return target["track"]["words"] if target["track"] else ""


def ended(target: Data) -> str:
    return ": ".join(filter(None, [target["ended_on"], target["ended_reason"]]))


def overview(made: Document, targets: list[Data]) -> None:
    made.table(
        "All targets of the plan",
        TARGETS,
        [
            (one["reference"], one["title"], one["who"], one["by"], one["standing"])
            for one in targets
        ],
        (11, 40, 20, 19, 15),
    )


def whole(made: Document, target: Data) -> None:
    """A target with everything that makes it SMART, and what became of it."""
    made.heading(f"{target['reference']} {target['title']}", 2)
    for label, text in (
        ("How it stands", stands(target)),
        ("Plan area", target["area"]),
        ("More about it", target["detail"]),
        ("How we will know", target["measure"]),
        ("Where we began", target["baseline"]),
        ("Aim", target["aim"]),
        ("Steps", target["steps"]),
        ("What it takes", target["resources"]),
        ("Cost", target["cost"]),
        ("Who pays", target["funding"]),
        ("Why this", target["why"]),
        ("Priority", target["priority"]),
        ("Statements", "\n".join(statement(one) for one in target["statements"])),
        ("Topics", ", ".join(target["topics"])),
        ("HEARD principles", ", ".join(target["heard"])),
        ("For which young people", target["young_people"]),
        ("Start", target["starts_on"]),
        ("By", target["by"] if target["acts"] else ""),
        ("Who sees to it", target["who"] if target["acts"] else ""),
        ("People who help", target["helpers"]),
        ("Barriers", target["barriers"]),
        ("Why we will not act", target["no_action_reason"]),
        ("How it ended", ended(target)),
    ):
        made.fact(label, text)
    milestones(made, target)
    notes(made, target)
    if target["changes"]:
        made.heading("Changed since approval", 3)
        made.table(
            f"What changed in {target['reference']} since approval",
            ("What", "As approved", "Now"),
            [(one["label"], one["was"], one["now"]) for one in target["changes"]],
            (20, 40, 40),
        )


def statement(one: Data) -> str:
    level = f" ({one['level']})" if one["level"] else ""
    return f"{one['code']} {one['text']}{level}"


def milestones(made: Document, target: Data) -> None:
    if target["milestones"]:
        made.heading("Milestones", 3)
        made.table(
            f"Milestones of {target['reference']}",
            ("Step", "By", "Done on"),
            [(one["text"], one["due_on"], one["done_on"]) for one in target["milestones"]],
            (60, 20, 20),
        )


def notes(made: Document, target: Data) -> None:
    if target["notes"]:
        made.heading("Progress notes", 3)
        made.table(
            f"Progress notes on {target['reference']}, the newest first",
            ("Date", "How it goes", "What happened"),
            [(one["noted_on"], one["rag"], happened(one)) for one in target["notes"]],
            (20, 15, 65),
        )


def happened(note: Data) -> str:
    """A note in one cell: what happened, what changed, and what shows it."""
    return both(
        note["text"],
        f"For young people: {note['young_people']}" if note["young_people"] else "",
        f"Evidence: {note['evidence']}" if note["evidence"] else "",
    )


def figures(made: Document, about: str, first: str, earlier: str, rows: list[Data]) -> None:
    """A table of scores: with the year before and the change, where there is one."""
    before = (earlier, "Change") if earlier else ()
    made.table(
        about,
        (first, "Score", *before, "Statements with a level"),
        [
            (
                one["name"],
                percent(one["percent"]),
                *((percent(one["was"]), one["change"]) if earlier else ()),
                f"{one['rated']} of {one['of']}",
            )
            for one in rows
        ],
        (50, 15, 15, 15, 25) if earlier else (60, 20, 25),
    )


def chosen(made: Document, found: list[Data]) -> None:
    """Priorities with why they are, and the targets that follow from them."""
    made.table(
        "Priorities, the first first",
        ("Part", "What it says", "Level", "Why", "Targets"),
        [
            (one["code"], one["text"], one["level"], one["reason"], ", ".join(one["targets"]))
            for one in found
        ],
        (9, 35, 14, 30, 12),
    )
