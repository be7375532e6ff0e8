"""Manuscripts of annual reviews as data, for tests of what is made of them."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.actionplans import documents

TEXTS = ("lead", "body", "benefits", "challenges", "addressed", "forward", "factors")
LISTS = ("quotations", "pictures", "resources", "topics")


def chapter(kind: str = "theme", title: str = "Starting small", **said: Any) -> dict[str, Any]:
    empty = {**dict.fromkeys(TEXTS, ""), **{name: [] for name in LISTS}}
    return {"id": 1, "kind": kind, "title": title, **empty, **said}


def review(*chapters: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {
        "title": "What we learned",
        "strapline": "",
        "year": "2025/26",
        "number": 1,
        "corrections": [],
        "chapters": list(chapters),
        "figures": {},
        **said,
    }


def picture(content: bytes, **said: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": "image/png",
        "width": 80,
        "height": 60,
        "alt": "Six people around a drum",
        "credit": "Northvale",
        **said,
    }


PICTURE = documents.picture("PNG", (80, 60))


def figures(**said: Any) -> dict[str, Any]:
    return {
        "taken_on": "21 November 2026",
        "from_on": "1 September 2025",
        "until_on": "31 August 2026",
        "numbers": [number("services involved", "30", counted=30)],
        "charts": [
            {
                "key": "areas",
                "title": "Where services are",
                "definition": "The agreed level, in its middle.",
                "columns": ["Area", "Middle", "Services"],
                "rows": [row("Leadership", ["48%", "22"], share=0.7, start=0.2, middle=0.48)],
                "total": ["53%", "22"],
                "note": "Rounded.",
            }
        ],
        "involved": [{"region": "London", "services": [service("Northvale", 2018)]}],
        "own": [{"name": "meetings", "value": "6", "definition": "From the minutes."}],
        **said,
    }


def number(name: str, value: str, counted: int | None = None, note: str = "") -> dict[str, Any]:
    definition = f"How {name} are counted."
    told = {"key": name, "name": name, "value": value}
    return {**told, "definition": definition, "counted": counted, "note": note}


def row(label: str, values: list[str], **drawn: float | None) -> dict[str, Any]:
    bar = {"share": None, "start": None, "middle": None, **drawn}
    return {"label": label, "values": values, "n": None, **bar}


def service(name: str, since: int | None, **said: bool) -> dict[str, Any]:
    parts = {"nwg": False, "action_research": False, "nurture_groups": False, "is_new": False}
    return {"name": name, "authorities": ["Northvale"], "since": since, **parts, **said}


def full() -> dict[str, Any]:
    """A review with everything that one can have."""
    quotation = {"text": "I was heard.", "name": "", "role": "Tutor", "service": "Northvale"}
    guide = {"title": "A guide", "path": "/library/a-guide/", "kind": "Guide"}
    topic = {"title": "Voice", "path": "/library/topics/voice/", "kind": "Topic"}
    return review(
        chapter("about", "About this review", lead="What it is.", body="It is **made up**."),
        chapter("involved", "Who is involved"),
        chapter("summary", "Summary", lead="In short.", factors="## Time\n\nPay it.\n\n## Trust"),
        chapter(
            lead="A lead.",
            body="First.\n\n# What was tried\n\nThis.\n\n| A | B |\n|---|---|\n| 1 | 2 |",
            benefits="People *stay*.",
            challenges="Time.",
            addressed="1. Ask\n2. Listen",
            forward="- Write to [us](/contact/)",
            quotations=[quotation],
            pictures=[picture(PICTURE)],
            resources=[guide],
            topics=[topic],
        ),
        chapter("figures", "The year in figures"),
        chapter("ahead", "Looking ahead", body="More."),
        strapline="A year told.",
        figures=figures(),
        number=2,
        corrections=[{"number": 2, "said": "One year was wrong."}],
    )
