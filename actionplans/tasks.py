"""What the worker does for plans: make papers and packages, each from its data."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from actionplans.models import Paper
from actionplans.papers import asking, making
from portal import papers


@app.task(name=asking.MAKE, pass_context=True, retry=papers.RETRY)
def make_paper(context: JobContext, paper_id: int) -> None:
    """Make the file of one paper. Doing it twice gives the same file, so a retry is harmless."""
    papers.attempt(context, Paper.objects.all(), paper_id, make)


def make(paper_id: int) -> None:
    row = papers.on_its_way(Paper.objects.all(), paper_id)
    paper = papers.make(row, file="content", lay_out=lay_out, check=check)
    if paper:
        asking.make_room(paper)


def lay_out(paper: Paper) -> bytes:
    return making.MAKERS[paper.kind, paper.format](paper.data)


def check(paper: Paper, content: bytes) -> list[str]:
    checked = making.CHECKS.get(paper.format)
    return list(checked(content)) if checked else []
