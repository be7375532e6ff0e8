"""Whatever a page was told is saved is there afterwards, whichever process is killed meanwhile."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from dev.cluster import Cluster
from dev.environment import ROOT

PASSWORD = "changing-tracks-demo"
PEOPLE = ["lead@northvale.example.org", "lead@brackenshire.example.org"] * 2
LONG_ENOUGH = 0.7  # seconds of saving between one kill and the next


@dataclass(frozen=True)
class Save:
    """What was put beside one statement: numbers only grow."""

    statement: tuple[int, int]  # response, statement
    number: int


def lost(shown: list[Save], history: set[Save], now: set[Save]) -> list[Save]:
    """Those shown as saved that are not in the history, or are overwritten by an earlier one."""
    held = {save.statement: save.number for save in now}
    return [
        save for save in shown if save not in history or held.get(save.statement, -1) < save.number
    ]


def test_lost_names_what_is_gone_or_older_and_nothing_else():
    first, second, other = Save((1, 1), 1), Save((1, 1), 2), Save((1, 2), 3)

    assert lost([first, second], {first, second}, {second}) == []
    assert lost([first], {first, second}, {second}) == []
    assert lost([first, second], {first}, {first}) == [second]
    assert lost([first, second], {first, second}, {first}) == [second]
    assert lost([first, second], {second}, {second}) == [first]
    assert lost([first, other], {first}, {first}) == [other]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Browser:
    """Somebody who has signed in, and knows one section's statements."""

    def __init__(self, home: str, email: str) -> None:
        self.home = home
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        self.get("/account/login/")
        said = self.post("/account/login/", {"login": email, "password": PASSWORD})
        assert "Sign out" in said, said

    def get(self, path: str) -> str:
        with self.opener.open(self.home + path, timeout=10) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict[str, str]) -> str:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrf")
        data = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        asked = urllib.request.Request(self.home + path, data, {"Origin": self.home})
        with self.opener.open(asked, timeout=10) as answer:
            return answer.read().decode()


class Saver(threading.Thread):
    """Saves one rating after another until told to stop; notes each that was shown as saved.

    `paths`: for each address the response, the statement and the version that was read.
    """

    def __init__(self, name: str, browser: Browser, paths: dict[str, tuple[int, int, int]]) -> None:
        super().__init__(name=name, daemon=True)
        self.browser = browser
        self.paths = paths
        self.shown: list[Save] = []
        self.failed = 0
        self.odd = ""
        self.stopping = threading.Event()

    def run(self) -> None:
        for number, (path, known) in enumerate(cycle(self.paths.items()), start=1):
            if self.stopping.is_set():
                return
            *statement, version = known
            try:
                said = self.browser.post(path, self.fields(statement[1], version, number))
            except (OSError, HTTPException):
                # Nobody there, 500 or 503: the page would say “not saved yet” and try again.
                self.failed += 1
                time.sleep(0.05)
            else:
                if "Saved at" not in said:
                    self.odd = said
                    return
                self.shown.append(Save((statement[0], statement[1]), number))

    def fields(self, statement: int, version: int, number: int) -> dict[str, str]:
        values = {
            "version": version,
            "rating": number % 5,
            "reason": "",
            "comment": f"Number {number}",
            "evidence": "",
            "link": "",
        }
        named = {f"s{statement}-{name}": str(value) for name, value in values.items()}
        return {**named, "page": f"{self.name}.{number:08d}"}


@contextmanager
def portal(env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`make run`, once it says that it is there. A pipe that nobody reads would hold it up."""
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "dev.run"],
            env=env,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        patience = time.monotonic() + 60
        while "Ctrl-C" not in log.read_text():
            assert supervisor.poll() is None, log.read_text()
            assert time.monotonic() < patience, log.read_text()
            time.sleep(0.05)
        yield supervisor
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=30)


def children(number: int) -> list[int]:
    try:
        return [*map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split())]
    except OSError:
        return []


def find(supervisor: subprocess.Popen[bytes], program: str) -> int:
    """The number of the process that the supervisor runs this program as, once it is there."""
    patience = time.monotonic() + 15
    while True:
        for number in children(supervisor.pid):
            with suppress(OSError):
                if program in Path(f"/proc/{number}/cmdline").read_text():
                    return number
        assert time.monotonic() < patience, f"no {program} is running"
        time.sleep(0.02)


def worker_of_web(supervisor: subprocess.Popen[bytes]) -> list[int]:
    return children(find(supervisor, "granian"))[-1:]


def web(supervisor: subprocess.Popen[bytes]) -> list[int]:
    main = find(supervisor, "granian")
    return [main, *children(main)]


def postmaster(supervisor: subprocess.Popen[bytes]) -> list[int]:
    return [find(supervisor, "bin/postgres")]


def postgres(supervisor: subprocess.Popen[bytes]) -> list[int]:
    """All of it at one blow: what it had not written out is gone with its memory."""
    main = find(supervisor, "bin/postgres")
    return [main, *children(main)]


def rows(database: psycopg.Connection, table: str, name: str) -> set[Save]:
    found = database.execute(
        f"SELECT response_id, statement_id, comment FROM {table} WHERE page LIKE %s", [f"{name}.%"]
    )
    return {
        Save((response, statement), int(said.split()[-1])) for response, statement, said in found
    }


def savers(home: str, database: psycopg.Connection) -> list[Saver]:
    """Each with a section of their own; two of them are the same person on two machines."""
    sections = """
        SELECT a.id, r.id, s.id, c.code, coalesce(g.version, 0) FROM selfassessment_response r
        JOIN selfassessment_audit a ON a.id = r.audit_id AND a.closed_at IS NULL
        JOIN selfassessment_respondent p ON p.id = r.respondent_id
        JOIN portal_user u ON u.id = p.user_id AND u.email = %s
        JOIN selfassessment_statement s ON s.questionnaire_id = a.questionnaire_id
        JOIN selfassessment_section c ON c.id = s.section_id AND c.code = %s
        LEFT JOIN selfassessment_rating g ON g.response_id = r.id AND g.statement_id = s.id
        WHERE r.handed_in_at IS NULL ORDER BY s.id
    """
    found = []
    for number, (email, code) in enumerate(zip(PEOPLE, ("A1", "A1", "B4", "B4"), strict=True)):
        paths = {
            f"/self-assessments/{audit}/rate/{section}/{statement}/": (response, statement, version)
            for audit, response, statement, section, version in database.execute(
                sections, [email, code]
            )
        }
        found.append(Saver(f"saver{number}", Browser(home, email), paths))
    return found


def test_what_was_shown_as_saved_survives_kills_of_web_and_database(
    ground: Path, port: int, bare_env: dict[str, str]
) -> None:
    env = {**bare_env, "PORT": str(port)}
    home = f"http://127.0.0.1:{port}"

    with portal(env, ground / "said") as supervisor:
        url = Cluster(ground / "postgres").url
        with psycopg.connect(url) as database:
            everybody = savers(home, database)
        for saver in everybody:
            saver.start()
        for victims in (worker_of_web, postgres, web, postmaster, postgres):
            saved = [len(saver.shown) for saver in everybody]
            wait_until_everybody_saved(everybody, saved)
            time.sleep(LONG_ENOUGH)
            for number in victims(supervisor):
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
        wait_until_everybody_saved(everybody, [len(saver.shown) for saver in everybody])
        for saver in everybody:
            saver.stopping.set()
        for saver in everybody:
            saver.join(timeout=15)
        with psycopg.connect(url) as database:
            kept = {
                saver.name: (
                    rows(database, "selfassessment_ratingevent", saver.name),
                    rows(database, "selfassessment_rating", saver.name),
                )
                for saver in everybody
            }

    assert [saver.name for saver in everybody if saver.is_alive()] == []
    assert all(saver.failed for saver in everybody), "the kills were not felt"
    for saver in everybody:
        assert lost(saver.shown, *kept[saver.name]) == []


def wait_until_everybody_saved(everybody: list[Saver], before: list[int]) -> None:
    patience = time.monotonic() + 20
    while any(len(s.shown) < b + 3 for s, b in zip(everybody, before, strict=True)):
        assert time.monotonic() < patience, "saving did not begin again"
        assert [saver.odd for saver in everybody if saver.odd] == []
        time.sleep(0.02)
