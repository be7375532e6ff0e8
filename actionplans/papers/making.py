"""Papers as files, each from its data and nothing else. Only the worker reads this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from actionplans.models import PaperFormat, PaperKind
from actionplans.papers import board_paper as contents
from portal import pdf
from portal.legible import all_legible

Data = dict[str, Any]
LONG, LONGEST = 28, 60  # characters of a name on a cover before it is set smaller


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

    sizes = [contents.cut(paper, size) for size in contents.SIZES]
    first = fitting(sizes, lambda size: laid_out(size, None))
    second = fitting(sizes, lambda size: laid_out(None, size))
    return pdf.render(laid_out(first, second))


def fitting(sizes: Sequence[Data], laid_out: Callable[[Data], str]) -> Data:
    """The largest of them that takes one page; the last of them takes no more whatever it says."""
    for size in sizes[:-1]:
        if pdf.pages(laid_out(size)) == 1:
            return size
    return sizes[-1]


MAKERS: Mapping[tuple[str, str], Callable[[Data], bytes]] = {
    (PaperKind.PLAN, PaperFormat.PDF): plan,
    (PaperKind.BOARD_PAPER, PaperFormat.PDF): board_paper,
    (PaperKind.REVIEW, PaperFormat.PDF): minutes,
}
# What is looked at before a file is handed out; a fault is told to whoever runs the site.
CHECKS: Mapping[str, Callable[[bytes], Sequence[str]]] = {PaperFormat.PDF: pdf.faults}
