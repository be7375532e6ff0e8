"""Start the portal, let everybody work for a minute, and compare what they were told."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from dev import environment, processes, terminal
from dev.bench.serve import free_port
from dev.cluster import Cluster
from dev.environment import ROOT
from dev.load import weights
from dev.load.browsers import LONGEST, Browser, Pace, Rater, Reader, Somebody
from dev.load.told import Figures, Save, lost, unasked
from dev.load.weights import Weight
from dev.terminal import RefusalError, say

OURS = ("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEVELOPMENT", "DEMO", "DEBUG", "SITE_URL")
# How many seconds, and how many somebody pauses between saves
PHASES = {"paced": (45.0, (1.0, 2.0)), "burst": (15.0, (0.0, 0.0))}
MADE = "import django, runpy; django.setup(); runpy.run_module('dev.load.people', None, '__main__')"
TABLES = ("selfassessment_ratingevent", "selfassessment_rating")
MOST_NAMED = 20


@contextmanager
def portal(log: Path) -> Iterator[int]:
    """`make run`, from nothing, once it says that it is there; its process number."""
    with log.open("wb") as output:
        supervisor = processes.start(
            [sys.executable, "-m", "dev.run"], env=os.environ, cwd=ROOT, output=output.fileno()
        )
    try:
        while "Ctrl-C" not in log.read_text():
            if supervisor.poll() is not None:
                raise RefusalError(log.read_text())
            time.sleep(0.1)
        yield supervisor.pid
    finally:
        processes.end(supervisor, (signal.SIGTERM, 30))


def made_people(url: str) -> dict[str, Any]:
    env = {**environment.development(url), "DJANGO_SETTINGS_MODULE": "changingtracks.settings"}
    done = subprocess.run(
        [sys.executable, "-c", MADE], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RefusalError("The people could not be made; the reason is above.")
    return json.loads(done.stdout)


class Crowd:
    """Everybody who takes part, from their arrival to the end of the minute."""

    def __init__(self, made: dict[str, Any]) -> None:
        self.ready = threading.Barrier(len(made["people"]) + len(made["readers"]) + 1)
        self.pace = Pace(PHASES["paced"][1])
        port = environment.port()
        self.raters = [
            Rater(pk, home, Browser(port), self.pace, self.ready, number)
            for number, (pk, home) in enumerate(made["people"])
        ]
        self.readers = [
            Reader(made["talk"], Browser(port, cookies), self.pace, self.ready, number)
            for number, cookies in enumerate(made["readers"])
        ]
        self.everybody: list[Somebody] = [*self.raters, *self.readers]

    def work(self) -> None:
        """Through the phases, and to the end of what each is at."""
        for one in self.everybody:
            one.start()
        with suppress(threading.BrokenBarrierError):  # somebody's trouble, told later
            self.ready.wait(2 * LONGEST)
        for name, (seconds, pause) in PHASES.items():
            self.pace.phase, self.pace.pause = name, pause
            end = time.perf_counter() + seconds
            while time.perf_counter() < end and not self.troubles:
                time.sleep(0.1)
        self.pace.over = True
        for one in self.everybody:
            one.join(LONGEST)

    @property
    def troubles(self) -> list[str]:
        return [one.noted.trouble for one in self.everybody if one.noted.trouble]

    @property
    def unanswered(self) -> list[str]:
        return ["Somebody still waits for an answer." for one in self.everybody if one.is_alive()]

    @property
    def told(self) -> list[Save]:
        return [save for one in self.raters for save in one.noted.told]


def saved(database: psycopg.Connection, table: str, people: list[int]) -> set[Save]:
    found = database.execute(
        f"""
        SELECT r.respondent_id, g.statement_id, g.version,
            CASE WHEN g.answer = 'level' THEN g.value::text ELSE g.answer END, g.comment
        FROM {table} g JOIN selfassessment_response r ON r.id = g.response_id
        WHERE r.respondent_id = ANY(%s)
        """,
        [people],
    )
    return {Save(*row) for row in found}


def lines(crowd: Crowd, weighed: list[Weight]) -> Iterator[str]:
    yield row("", "number", "a second", "median", "p95", "p99", "slowest")
    kinds = {
        "saves": [answer for one in crowd.raters for answer in one.noted.saves],
        "section pages": [answer for one in crowd.raters for answer in one.noted.pages],
        "pages of the talk": [answer for one in crowd.readers for answer in one.noted.pages],
    }
    for phase, (length, _) in PHASES.items():
        for name, answers in kinds.items():
            one = Figures.of([seconds for when, seconds in answers if when == phase])
            times = [f"{ms:,.0f} ms" for ms in (one.median, one.p95, one.p99, one.slowest)]
            yield row(f"{name}, {phase}", f"{one.count:,}", f"{one.count / length:.1f}", *times)
    yield ""
    yield row("", "", "resident", "the most", "own share", "at work")
    for process in weighed:
        sizes = [f"{mb:.0f} MB" for mb in (process.resident, process.most, process.share)]
        yield row(process.name, "", *sizes, f"{process.worked:.1f} s")


def row(name: str, *cells: str) -> str:
    return f"{name:<28}" + "".join(f"{cell:>11}" for cell in cells)


def verdict(crowd: Crowd, history: set[Save], now: set[Save], output: str) -> int:
    errors = crowd.troubles + crowd.unanswered
    gone, more = lost(crowd.told, history, now), unasked(crowd.told, history)
    say(
        f"\nTold as saved: {len(crowd.told):,}. Errors: {len(errors)}. Lost: {len(gone)}. "
        f"Written untold: {len(more)}."
    )
    for text in [*errors, *map(str, gone), *map(str, more)][:MOST_NAMED]:
        say(text)
    if errors:
        say(f"What the portal said last:\n{output[-3000:]}")
    return 1 if errors or gone or more or not crowd.told else 0


def read_clocks(supervisor: int) -> tuple[float, float, float, float]:
    """Seconds: by the wall, and of work by the browsers, by the portal and by all programs."""
    ours = sum(one.worked for one in weights.of_portal(supervisor))
    return time.perf_counter(), time.process_time(), ours, weights.busy()


def work(home: Path) -> int:
    before = os.getloadavg()[0]
    say("Starting the portal, and inviting people.")
    with portal(home / "said") as supervisor:
        url = Cluster(home / "postgres").url
        made = made_people(url)
        crowd = Crowd(made)
        say("They arrive, and rate for a minute.")
        clocks = [read_clocks(supervisor)]
        crowd.work()
        clocks.append(read_clocks(supervisor))
        weighed = weights.of_portal(supervisor)
        people = [one.pk for one in crowd.raters]
        with psycopg.connect(url) as database:
            history, now = (saved(database, table, people) for table in TABLES)
        output = (home / "said").read_text()
    passed, browsers, ours, everything = (after - then for then, after in zip(*clocks, strict=True))
    others = everything - ours - browsers
    say(
        f"\n{len(crowd.raters)} people rate, {len(crowd.readers)} read a talk. Of {os.cpu_count()} "
        f"cores the portal took {ours / passed:.2f}, the browsers {browsers / passed:.2f}, "
        f"other programs {others / passed:.2f}; load before: {before:.1f}.\n"
    )
    for text in lines(crowd, weighed):
        say(text.rstrip())
    return verdict(crowd, history, now, output)


def main() -> int:
    processes.end_with("make")
    for name in OURS:
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="load-"))
    home.chmod(0o711)  # the database's own account has to get through
    os.environ |= {"VAR_DIR": str(home), "PORT": str(free_port())}
    try:
        return work(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    terminal.run(main)
