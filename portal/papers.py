"""Papers: files that the worker makes from data alone, so a file and what it says never part.

Whoever asks with the same data is handed the same file, as long as papers look the same. Each app
keeps its papers in a table of its own and says what is in them; how they wait, are made, fail, are
tried again and make room is here. This module is read by web processes: it knows no WeasyPrint.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy

from portal.models import User

log = logging.getLogger(__name__)

M = TypeVar("M", bound=models.Model)

# How many of the steps are done; each app names its own four.
COLLECTED, LAID_OUT, CHECKED, DONE = range(1, 5)
STALLED = timedelta(minutes=3)  # a paper takes seconds; after this its worker has gone
KEPT = 4  # finished papers of one sort; older ones make room
RETRIES = 2
RETRY = RetryStrategy(max_attempts=RETRIES, wait=5)
ON_ITS_WAY = {"waiting", "making"}


class PaperState(models.TextChoices):
    """How far the worker is with a paper."""

    WAITING = "waiting", "Waiting for its turn"
    MAKING = "making", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be made"


def key(data: Mapping[str, Any], looks: tuple[Path, ...] = ()) -> str:
    """What a paper is known by: its data, and the templates and styles it would be made with.

    `looks` are further files that it is made with.
    """
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{edition(looks)}\n{canonical}".encode()).hexdigest()


@cache
def edition(looks: tuple[Path, ...] = ()) -> str:
    """A mark for how papers look now: it changes with the templates, the styles, the drawings."""
    base = settings.BASE_DIR
    files = [
        *sorted((base / "templates" / "pdf").glob("*.html")),
        *sorted((base / "static" / "pdf").glob("*.css")),
        base / "portal" / "templatetags" / "drawings.py",
        base / "portal" / "legible.py",
        base / "portal" / "pdf.py",
        *looks,
    ]
    digest = hashlib.sha256(version("weasyprint").encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def hand_over(
    papers: models.QuerySet[M],
    *,
    known_by: Mapping[str, Any],
    made_with: Mapping[str, Any],
    by: User,
    defer: Callable[[int], object],
) -> M:
    """The paper `known_by` its key and whose it is, or one the worker makes; in a transaction.

    Two people who ask at once get the same row. One that failed, or whose worker has gone, is
    set to work again.
    """
    made, created = papers.get_or_create(
        **known_by, defaults={**made_with, "requested_by": by, "step": COLLECTED}
    )
    light: Any = papers
    paper = light.light().select_for_update(of=("self",)).get(pk=made.pk)
    if not created and (paper.state == PaperState.FAILED or is_stalled(paper)):
        paper.state, paper.step = PaperState.WAITING, COLLECTED
        paper.requested_at, paper.requested_by = timezone.now(), by
        paper.save(update_fields=["state", "step", "requested_at", "requested_by"])
        created = True
    if created:
        defer(paper.pk)
    return paper  # type: ignore[no-any-return]


def is_stalled(paper: Any) -> bool:
    """Whether a paper has been on its way for so long that nobody can be making it."""
    return paper.state in ON_ITS_WAY and timezone.now() - paper.requested_at > STALLED


def make_room(of_a_sort: models.QuerySet[M]) -> None:
    """Keep the newest finished papers of a sort, KEPT of them."""
    finished = of_a_sort.filter(state=PaperState.READY).order_by("-finished_at", "-pk")
    old = list(finished.values_list("pk", flat=True)[KEPT:])
    of_a_sort.filter(pk__in=old).delete()


def on_its_way(papers: models.QuerySet[M], pk: int) -> models.QuerySet[M]:
    """That one row, unless it is ready."""
    return papers.filter(pk=pk).exclude(state=PaperState.READY)


def attempt(
    context: JobContext, papers: models.QuerySet[M], pk: int, make: Callable[[int], None]
) -> None:
    """One of the tries to `make` a paper. When the last one breaks, it has failed."""
    try:
        make(pk)
    except Exception:
        if context.job.attempts >= RETRIES:
            on_its_way(papers, pk).update(state=PaperState.FAILED)
        raise


def make(
    row: models.QuerySet[M],
    *,
    file: str,
    lay_out: Callable[[M], bytes],
    check: Callable[[M, bytes], Sequence[str]],
) -> M | None:
    """Make the file of the one paper in `row`, and keep it in its field `file`.

    None where there is nothing to make. Doing it twice gives the same file.
    """
    if not row.update(state=PaperState.MAKING, step=COLLECTED):
        return None
    paper = row.get()

    content = lay_out(paper)
    row.update(step=LAID_OUT)
    for fault in check(paper, content):
        log.error("%s %s: %s", type(paper).__name__, paper.pk, fault)
    row.update(step=CHECKED)

    ready = {"state": PaperState.READY, "step": DONE, "finished_at": timezone.now()}
    row.update(**ready, **{file: content})
    return paper


@dataclass(frozen=True)
class HowFar:
    """How far the worker is with a paper, as a page tells it."""

    step: int
    steps: list[tuple[str, bool]]  # each with whether it is done
    ready: bool
    failed: bool
    on_its_way: bool

    def is_known(self, step: str | None) -> bool:
        """Whether the page that asks has been told this already, and waits for more."""
        return self.on_its_way and step == str(self.step)


def how_far(paper: Any, steps: Sequence[str]) -> HowFar:
    ready, failed = paper.state == PaperState.READY, paper.state == PaperState.FAILED
    return HowFar(
        step=paper.step,
        steps=[(name, number < paper.step) for number, name in enumerate(steps)],
        ready=ready,
        failed=failed,
        on_its_way=not ready and not failed and not is_stalled(paper),
    )
