"""Papers as files, each from its data and nothing else. Only the worker reads this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from actionplans.models import PaperFormat, PaperKind
from portal import pdf
from portal.legible import all_legible

Data = dict[str, Any]
LONG, LONGEST = 28, 60  # characters of a name on a cover before it is set smaller


def page(name: str, data: Data, **more: Any) -> str:
    """A paper as HTML for print; text is in letters that our faces hold."""
    paper = all_legible(data)
    return render_to_string(
        f"pdf/{name}.html",
        {"paper": paper, "head": paper["head"], "was_changed": paper != data, **more},
    )


def plan(data: Data) -> bytes:
    return pdf.render(page("plan", data))


def minutes(data: Data) -> bytes:
    place = f", {data['place']}" if data["place"] else ""
    when = f", {data['when']}" if data["when"] else ""
    held = f"{data['held_on']}{when}{place}. Action plan {data['head']['period']}."
    sub = held if data["is_finished"] else f"{held} Not finished: this is how far it is."
    return pdf.render(page("minutes", data, sub=all_legible(sub)))


MAKERS: Mapping[tuple[str, str], Callable[[Data], bytes]] = {
    (PaperKind.PLAN, PaperFormat.PDF): plan,
    (PaperKind.REVIEW, PaperFormat.PDF): minutes,
}
# What is looked at before a file is handed out; a fault is told to whoever runs the site.
CHECKS: Mapping[str, Callable[[bytes], Sequence[str]]] = {PaperFormat.PDF: pdf.faults}
