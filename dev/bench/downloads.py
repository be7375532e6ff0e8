"""The file of an annual review beside a static file of the same size, through the same server.

Whole, a part of it, and known already; over one kept connection, in turns. What is added is taken
back.
"""

import hashlib
import http.client
import json
import os
import statistics
import time
from itertools import product
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dev.bench import serve
from portal.access import ProgrammeRole
from portal.models import User
from portal.papers import PaperState
from resources.models import AnnualReview, ReviewState

SIZES = {"2 MB": 2_000_000, "10 MB": 10_000_000}
ROUNDS, WARM = 30, 3
PART = "bytes=500000-565535"


def static(size: str) -> Path:
    return Path(settings.STATIC_ROOT) / f"bench-{size.replace(' ', '-')}.pdf"


def pour() -> dict[str, str]:
    """A published review for each size, and a static file that says the same. Their addresses."""
    by = User.objects.filter(programme_role=ProgrammeRole.TEAM).first()
    now = timezone.now()
    done = {"published_at": now, "published_by": by}
    paths = {}
    for year, (name, size) in enumerate(SIZES.items(), start=1990):
        content = os.urandom(size)
        review = AnnualReview.objects.create(
            year=year,
            title="Bench",
            state=ReviewState.PUBLISHED,
            started_by=by,
            written_by=by,
            **done,
        )
        review.printings.create(
            number=1,
            key="bench",
            state=PaperState.READY,
            content=content,
            size=size,
            sha256=hashlib.sha256(content).hexdigest(),
            finished_at=now,
            requested_by=by,
            **done,
        )
        static(name).write_bytes(content)
        paths[f"{name}, review"] = f"/reviews/{review.pk}/pdf/"
        paths[f"{name}, static"] = f"/static/{static(name).name}"
    return paths


def clear() -> None:
    AnnualReview.objects.filter(title="Bench").delete()
    for name in SIZES:
        static(name).unlink(missing_ok=True)


def ask(kept: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> int:
    kept.request("GET", path, headers={**serve.FROM_PROXY, **headers})
    answer = kept.getresponse()
    return len(answer.read())


def mark(kept: http.client.HTTPConnection, path: str) -> str:
    """What a file is known by: its ETag, or when it was changed."""
    kept.request("GET", path, headers=serve.FROM_PROXY)
    answer = kept.getresponse()
    answer.read()
    return answer.getheader("ETag") or answer.getheader("Last-Modified") or ""


def times(port: int, paths: dict[str, str]) -> dict[str, float]:
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    known = {path: mark(kept, path) for path in paths.values()}
    ways = {
        "whole": lambda _: {"Accept-Encoding": "gzip"},
        "part": lambda _: {"Range": PART},
        "known": lambda path: {
            "If-None-Match" if known[path].endswith('"') else "If-Modified-Since": known[path]
        },
    }
    found: dict[str, list[float]] = {}
    for number in range(ROUNDS + WARM):
        for (name, path), (way, headers) in product(paths.items(), ways.items()):
            begun = time.perf_counter()
            ask(kept, path, headers(path))
            if number >= WARM:
                found.setdefault(f"{name}, {way}", []).append(time.perf_counter() - begun)
    kept.close()
    return {name: 1000 * statistics.median(some) for name, some in found.items()}


def measure() -> dict[str, float]:
    paths = pour()
    try:
        with serve.granian(connection.settings_dict["NAME"]) as (port, _):
            return times(port, paths)
    finally:
        clear()


if __name__ == "__main__":
    print(json.dumps(measure()))
