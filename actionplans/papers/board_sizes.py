"""How much of a board paper fits: its data cut to a size, and what is left out counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actionplans.models import AGREED_STATES


@dataclass(frozen=True)
class Size:
    """How much of each list, and how many characters of each text, a paper takes."""

    targets: int
    areas: int
    lines: int  # of what changed, of risks, of next steps
    title: int
    text: int


# Tried in this order, for each of the two pages, until one holds it; the last holds anything.
SIZES = (
    Size(targets=9, areas=6, lines=6, title=200, text=240),
    Size(targets=9, areas=6, lines=4, title=150, text=160),
    Size(targets=8, areas=5, lines=4, title=130, text=120),
    Size(targets=7, areas=5, lines=3, title=110, text=110),
    Size(targets=6, areas=4, lines=3, title=100, text=90),
    Size(targets=5, areas=4, lines=2, title=80, text=70),
    Size(targets=3, areas=3, lines=2, title=60, text=50),
)


def cut(data: Mapping[str, Any], size: Size) -> dict[str, Any]:
    """What a paper of this size says; what it leaves out is counted, as `more_…`."""

    def first(items: list[Any]) -> list[Any]:
        return items[: size.lines]

    def reason(one: dict[str, Any]) -> dict[str, Any]:
        words = {name: clip(one[name], size.text) for name in ("text", "reason")}
        return {**one, **words}

    def row(one: dict[str, Any]) -> dict[str, Any]:
        short = {name: clip(one[name], size.text) for name in ("measure", "who", "by")}
        return {**one, **short, "title": clip(one["title"], size.title)}

    since, cost, found = data["since"], data["cost"], data["levels"]
    areas = found["areas"] if found else []
    risks = [{**one, "text": clip(one["text"], size.text)} for one in first(data["risks"])]
    head = {**data["head"], "standing": clip(data["head"]["standing"], 2 * size.text)}
    return {
        **data,
        "head": head,
        "asked": [clip(one, size.text) for one in data["asked"]],
        "levels": {**found, "areas": areas[: size.areas]} if found else None,
        "more_areas": max(len(areas) - size.areas, 0),
        "priorities": [reason(one) for one in first(data["priorities"])],
        "more_priorities": max(len(data["priorities"]) - size.lines, 0),
        "targets": [row(one) for one in data["targets"][: size.targets]],
        "more_targets": max(len(data["targets"]) - size.targets, 0),
        "since": {**since, "lines": [clip(one, size.text) for one in first(since["lines"])]},
        "more_since": max(len(since["lines"]) - size.lines, 0),
        "cost": {**cost, "funding": [clip(one, size.text) for one in first(cost["funding"])]},
        "more_funding": max(len(cost["funding"]) - size.lines, 0),
        "risks": risks,
        "more_risks": max(len(data["risks"]) - size.lines, 0),
        "next_steps": [clip(one, size.text) for one in first(data["next_steps"])],
        "more_steps": max(len(data["next_steps"]) - size.lines, 0),
        "is_agreed": data["head"]["state"] in AGREED_STATES,
    }


def clip(text: str, most: int) -> str:
    """A text on one line, ended with “…” where it is longer than a paper takes."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    short = line[:most]
    whole_words = short.rsplit(" ", 1)[0] if " " in short[most // 2 :] else short
    return f"{whole_words.rstrip(' ,;:.')} …"
