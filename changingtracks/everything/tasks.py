"""What the worker does: make the package of a service, and forget old ones."""

from __future__ import annotations

import zipfile
from io import BytesIO

from procrastinate import JobContext
from procrastinate.contrib.django import app

from actionplans.models import Paper
from changingtracks.everything import asking, package
from portal import papers


@app.task(name=asking.MAKE, pass_context=True, retry=papers.RETRY)
def take_everything(context: JobContext, paper_id: int) -> None:
    """Make one package. Doing it twice makes it anew, so a retry is harmless."""
    papers.attempt(context, Paper.objects.all(), paper_id, make)


def make(paper_id: int) -> None:
    row = papers.on_its_way(Paper.objects.select_related("service", "requested_by"), paper_id)
    paper = papers.make(row, file="content", lay_out=lay_out, check=check)
    if paper:
        asking.make_room(paper)


def lay_out(paper: Paper) -> bytes:
    return package.make(paper.service)


def check(_: Paper, content: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        broken = package.testzip()
    return [f"{broken} cannot be read"] if broken else []


@app.periodic(cron="50 3 * * *")
@app.task(name="changingtracks.forget_packages", queueing_lock="forget_packages")
def forget_packages(timestamp: int) -> None:  # noqa: ARG001
    """Every night: what was asked for a week ago goes."""
    asking.forget_old()
