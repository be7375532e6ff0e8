"""A review as a Word document, for designers and whoever edits there: everything that it says.

Made in the worker, of the same data as its PDF. A figure is a table here, and so is a chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from actionplans.papers.word_document import clean
from resources.models import ChapterKind
from resources.reviews.reading import THEME_PARTS
from resources.reviews.word_markdown import ReviewDocument

Data = dict[str, Any]
WIDEST, HIGHEST = 150, 110  # mm: what a picture is fitted into
NO_FIGURE = "–"
PARTS = {
    "nwg": "Working Group",
    "action_research": "Action research",
    "nurture_groups": "Nurture groups",
}


def document(data: Data, pictures: Mapping[str, bytes]) -> bytes:
    review = clean(data)
    name = f"Annual review {review['year']}"
    made = ReviewDocument(
        title=f"{review['title']}, {review['year']}",
        author="Changing Tracks",
        footer=f"Changing Tracks, {name[:1].lower()}{name[1:]}",
    )
    made.title(review["title"], f"{name}. {review['strapline']}".strip())
    made.fact("Version", str(review["number"]))
    for one in review["corrections"]:
        made.fact(f"Corrected in version {one['number']}", one["said"])
    for raw, chapter in zip(data["chapters"], review["chapters"], strict=True):
        write(made, raw, chapter, review["figures"], pictures)
    return made.as_bytes()


def write(
    made: ReviewDocument, raw: Data, chapter: Data, figures: Data, pictures: Mapping[str, bytes]
) -> None:
    made.heading(chapter["title"], 1)
    texts(made, raw)
    if chapter["quotations"]:
        made.heading("Quotations", 2)
    for said in chapter["quotations"]:
        quote(made, said)
    for one in chapter["pictures"]:
        if one["sha256"] in pictures:
            show(made, one, pictures[one["sha256"]])
    if figures and chapter["kind"] == ChapterKind.INVOLVED:
        involved(made, figures)
    if figures and chapter["kind"] == ChapterKind.FIGURES:
        tables(made, figures)
    reading = [*chapter["resources"], *chapter["topics"]]
    if reading:
        made.heading("Learn more", 2)
        made.bullets(f"{one['title']} ({one['kind']}): {address(one)}" for one in reading)


def texts(made: ReviewDocument, raw: Data) -> None:
    made.markdown(raw["lead"], below=2, name="Lead")
    made.markdown(raw["body"], below=1)
    for name, title in (*THEME_PARTS.items(), ("factors", "Factors for success")):
        if raw[name].strip():
            made.heading(title, 2)
            made.markdown(raw[name], below=2)


def address(one: Data) -> str:
    return f"{settings.SITE_URL}{one['path']}"


def quote(made: ReviewDocument, said: Data) -> None:
    made.docx.add_paragraph(said["text"], style="Quote")
    who = ", ".join(filter(None, (said["name"], said["role"], said["service"])))
    if who:
        made.docx.add_paragraph(who, style="Quoted")


def show(made: ReviewDocument, picture: Data, content: bytes) -> None:
    ratio = picture["width"] / picture["height"]
    wide = min(WIDEST, HIGHEST * ratio)
    made.shown(content, wide, wide / ratio, picture["alt"])
    credit = f"Picture: {picture['credit']}" if picture["credit"] else ""
    made.docx.add_paragraph(credit, style="Caption")


def involved(made: ReviewDocument, figures: Data) -> None:
    for region in figures["involved"]:
        made.heading(region["region"], 2)
        made.table(
            f"Music services of {region['region']}",
            (
                "Music service",
                "Area",
                "Since",
                "Working Group",
                "Action research",
                "Nurture groups",
            ),
            [
                (
                    f"{one['name']} (new this year)" if one["is_new"] else one["name"],
                    ", ".join(one["authorities"]),
                    NO_FIGURE if one["since"] is None else str(one["since"]),
                    *("Yes" if one[part] else NO_FIGURE for part in PARTS),
                )
                for one in region["services"]
            ],
            (30, 28, 9, 11, 11, 11),
        )


def tables(made: ReviewDocument, figures: Data) -> None:
    """The snapshot: when it was taken, each number, each chart."""
    if figures["taken_on"]:
        made.text(
            f"Figures of the portal on {figures['taken_on']}, for {figures['from_on']} to "
            f"{figures['until_on']}."
        )
    own = [{**one, "note": "", "counted": None} for one in figures["own"]]
    numbers = [*figures["numbers"], *own]
    if numbers:
        made.heading("Numbers", 2)
    made.table(
        "Each number, and how it was counted",
        ("Number", "Figure", "How it was counted", "Stands on"),
        [
            (
                one["name"],
                one["value"],
                " ".join(filter(None, (one["definition"], one["note"]))),
                NO_FIGURE if one["counted"] is None else str(one["counted"]),
            )
            for one in numbers
        ],
        (28, 14, 46, 12),
    )
    for chart in figures["charts"]:
        made.heading(chart["title"], 2)
        made.text(" ".join(filter(None, (chart["definition"], chart["note"]))))
        total = [["All together", *chart["total"]]] if chart["total"] else []
        others = [60 // max(len(chart["columns"]) - 1, 1)] * (len(chart["columns"]) - 1)
        rows = [[one["label"], *one["values"]] for one in chart["rows"]]
        made.table(chart["title"], chart["columns"], [*rows, *total] if rows else [], [40, *others])
