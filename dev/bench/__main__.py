"""Measure, and print one table. It ends well even where a limit is not held: it gates nothing."""

import json
import os
import platform
from pathlib import Path

import psycopg

from dev import terminal
from dev.bench import databases, serve, starts, table
from dev.bench.table import Limit, Line
from dev.terminal import say

DEMO, MANY, SHARING, LIBRARY = "bench_demo", "bench_many", "bench_sharing", "bench_library"
REVIEWS, PAGES = "dev.bench.reviews", ("20", "60")
NOTES = """
Pages: the WSGI application in one process, production settings, warm; 300 requests of each kind,
in turns, by many people. “Python” is that process at work; the rest is the database, or other
programs. A save is one statement with its own fields, and on the disk (fsync) when it is answered.
Queries: without BEGIN, COMMIT, savepoints and the health check of a kept connection, which are in
the times. Report: six made one after the other, after a first.
Traffic: granian as “make run” starts it, ten seconds over 16 kept connections of different people;
client, server and database share this machine.
10,000 services have 30,000 people, 22,500 self-assessments and 1.1 million ratings with history.
Benchmark: 10,000 services that share ten years, all of one edition; a database of its own.
Library: 100,000 resources, most of them found by the commonest words; a database of its own.
Annual review: a picture of some 350 kB for each theme; the middle of three, after a first.
First load: HTML, styles, scripts, icon and fonts, as sent to a browser that takes brotli.
"""


def machine() -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        version = connection.info.parameter_status("server_version")
        fsync = connection.execute("SHOW fsync").fetchone()[0]
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().split("\n")
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{os.cpu_count()} cores ({processor}), Python {platform.python_version()}, "
        f"PostgreSQL {version} (fsync {fsync}); load before: {os.getloadavg()[0]:.1f}"
    )


def measured(database: str) -> dict[str, dict[str, float]]:
    say(f"Measuring {database}.")
    return {
        **databases.told_by("dev.bench.pages", database),
        "report": databases.told_by("dev.bench.paper", database),
        **serve.measure(database),
    }


def start_lines() -> list[Line]:
    say("Measuring the start.")
    first, later = starts.measure()
    return [
        Line("make run, first start", Limit(15, "s"), [(first, " s")]),
        Line("make run, later start", Limit(4, "s"), [(later, " s")]),
    ]


def sheet_lines() -> list[Line]:
    say("Bringing in fifty workbooks.")
    return table.sheet_lines(databases.told_by("dev.bench.sheets", DEMO))


def plan_lines() -> list[Line]:
    say("Making the papers of a plan, and the package of ten years.")
    return table.plan_lines(databases.told_by("dev.bench.plans", DEMO))


def review_lines() -> list[Line]:
    """Each in a process of its own, as its memory counts."""
    say("Making annual reviews of twenty and of sixty pages.")
    return table.review_lines(
        [json.loads(databases.on(DEMO, "-c", databases.READY, REVIEWS, pages)) for pages in PAGES]
    )


def sharing_lines() -> list[Line]:
    """On a portal of its own: 10,000 services that share ten years."""
    say("Making 100,000 self-assessments that are shared, and measuring the benchmark.")
    databases.make_demo(SHARING)
    found = databases.told_by("dev.bench.sharing", SHARING)
    return table.sharing_lines(found)


def download_lines() -> list[Line]:
    say("Taking the file of a review, whole and in parts, beside a static file.")
    return table.download_lines(databases.told_by("dev.bench.downloads", DEMO))


def library_lines() -> list[Line]:
    say("Making 100,000 resources, and searching them.")
    databases.make_demo(LIBRARY)
    return table.library_lines(databases.told_by("dev.bench.library", LIBRARY))


def page_lines() -> list[Line]:
    databases.make_demo(DEMO)
    databases.make_many(MANY)
    portals = [measured(DEMO), measured(MANY)]
    for portal, name in zip(portals, (DEMO, MANY), strict=True):
        for kind in ("pages", "saves"):
            if refused := portal[kind]["refused"]:
                say(f"{name}: {len(refused)} {kind} were answered with {', '.join(set(refused))}")
    lines = [line for kind in table.PAGES for line in table.page_lines(kind, portals)]
    return lines + table.traffic_lines(portals)


PARTS = (
    *(page_lines, sheet_lines, plan_lines, review_lines, sharing_lines, library_lines),
    *(download_lines, start_lines),
)


def main() -> int:
    """Each part is told as soon as it is measured: one that breaks takes no other with it."""
    say(f"{machine()}\n\n{table.head()}")
    lines = []
    for part in PARTS:
        found = part()
        for line in found:
            say(str(line).rstrip())
        lines += found
    say(NOTES)
    over = [line.name for line in lines if line.over]
    say(f"Over the limit: {', '.join(over)}." if over else "Every limit holds.")
    return 0


if __name__ == "__main__":
    terminal.run(main)
