"""The year report as a Word document, from the same data as its PDF."""

from __future__ import annotations

from actionplans.papers.word_document import Document, clean
from actionplans.papers.word_parts import (
    Data,
    begin,
    both,
    chosen,
    figures,
    in_words,
    lines,
    overview,
    small,
    targets_of,
    whole,
)


def year_report(data: Data) -> bytes:
    """What the service found, decided, did, and what it came to."""
    paper = clean(data)
    head = paper["head"]
    made = begin(f"Year report {head['period']}", head)
    made.heading("What we found", 1)
    if paper["assessment"]:
        assessment(made, paper["assessment"], paper)
    else:
        made.text(paper["no_assessment"])
    decided(made, paper)
    made.heading("What we did", 1)
    made.text(f"{paper['lead']} {in_words(paper['counts'])}")
    overview(made, targets_of(paper))
    for target in targets_of(paper):
        whole(made, target)
    young_people(made, paper)
    made.heading("Did it move?", 1)
    if paper["movement"]:
        movement(made, paper["movement"])
    else:
        made.text(paper["no_movement"])
    lines(made, "Reviews of the plan", paper["reviews"])
    if paper["closing"]:
        made.heading("When the plan was closed", 1)
        made.text(paper["closing"])
    return made.as_bytes()


def assessment(made: Document, found: Data, paper: Data) -> None:
    """The self-assessment, with the spread as far as it may be shown."""
    made.text(f"{found['headline']}. {found['counts']}")
    made.text(paper["people"])
    made.fact("Questionnaire", found["questionnaire"])
    made.fact("Where it comes from", found["source"])
    made.fact("Closed on", found["closed_on"])
    made.heading("Where we are strong", 2)
    end(made, found["strengths"])
    made.heading("Where the gaps are", 2)
    end(made, found["gaps"])
    made.heading("What the levels mean", 2)
    made.table(
        "The levels of the questionnaire, the lowest first",
        ("Level", "What it means"),
        [(one["name"], one["anchor"]) for one in found["levels"]],
        (25, 75),
    )
    made.heading("By section", 2)
    figures(made, "Agreed levels by section", "Section", found["earlier"], by_section(found))
    spread = {one["code"]: one["words"] for one in paper["spreads"]}
    for area in found["areas"]:
        made.heading(f"{area['code']} {area['figures']['name']}", 2)
        statements(made, area, found["earlier"], spread)


def end(made: Document, one: Data) -> None:
    """Sections at one end of the scale, and how many statements are there."""
    made.bullets(one["sections"])
    made.text(f"Statements at {one['levels']}: {one['statements']}.")


def by_section(found: Data) -> list[Data]:
    rows = [found["whole"]]
    for area in found["areas"]:
        rows.append(named(area))
        rows += [named(section) for section in area["sections"]]
    return rows


def named(part: Data) -> Data:
    return {**part["figures"], "name": f"{part['code']} {part['figures']['name']}"}


def statements(made: Document, area: Data, earlier: str, spread: dict[str, str]) -> None:
    """Each statement with what was agreed; the year before and the spread where they are told."""
    before = [earlier] if earlier else []
    rated = ["Rated"] if spread else []
    made.table(
        f"Statements of {area['code']} {area['figures']['name']}",
        ["Statement", "What it says", "Agreed", *before, *rated],
        [
            [
                one["code"],
                both(one["text"], one["reason"]),
                one["answer"],
                *(one["was"] for _ in before),
                *(spread.get(one["code"], "") for _ in rated),
            ]
            for section in area["sections"]
            for one in section["statements"]
        ],
        [13, 55, 18, *(18 for _ in before), *(12 for _ in rated)],
    )


def decided(made: Document, paper: Data) -> None:
    made.heading("What we decided", 1)
    if not paper["priorities"] and not paper["parked"]:
        made.text("No priorities were chosen from a self-assessment.")
    if paper["priorities"]:
        made.heading("Priorities", 2)
        chosen(made, paper["priorities"])
    if paper["parked"]:
        made.heading("Parked until next year", 2)
        made.table(
            "What waits until next year, and why",
            ("Part", "What it says", "Level", "Why it waits"),
            [(one["code"], one["text"], one["level"], one["reason"]) for one in paper["parked"]],
            (9, 40, 16, 35),
        )


def young_people(made: Document, paper: Data) -> None:
    if not paper["voices"] and not paper["for_young_people"]:
        return
    made.heading("Young people", 1)
    if paper["voices"]:
        made.heading("What they said", 2)
        made.table(
            "What young people, parents and carers said of each statement, beside what is agreed",
            ("Statement", "What it says", "What they said", "Agreed"),
            [
                (one["code"], one["text"], "\n".join(one["lanes"]), one["agreed"])
                for one in paper["voices"]
            ],
            (11, 40, 33, 16),
        )
    if paper["for_young_people"]:
        made.heading("What changed for them", 2)
        made.table(
            "What changed for young people, by target",
            ("Target", "When", "What changed"),
            [
                (f"{one['reference']} {one['title']}", one["noted_on"], one["text"])
                for one in paper["for_young_people"]
            ],
            (35, 19, 46),
        )


def movement(made: Document, moved: Data) -> None:
    made.text(moved["words"])
    made.table(
        "Each statement of a target, before and after",
        ("Target", "Statement", moved["before"], moved["after"], "Change"),
        [
            (
                f"{one['reference']} {one['title']} ({small(one['standing'])})",
                f"{one['code']} {one['text']}",
                one["was"],
                one["now"],
                one["change"],
            )
            for one in moved["rows"]
        ],
        (30, 36, 14, 14, 9),
    )
    if moved["without_target"]:
        made.heading("What moved without a target", 2)
        made.text(f"{'; '.join(moved['without_target'])}.")
