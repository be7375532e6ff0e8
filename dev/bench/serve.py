"""The real web server as `make run` starts it: what it gets through, and what it weighs."""

import gzip
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import brotli

from dev import processes
from dev.bench import databases
from dev.bench.asks import HOST
from dev.environment import ROOT
from dev.run import WEB

CONNECTIONS, SECONDS = 16, 10.0
IDLE, PATIENCE = 100, 5.0  # browsers that keep their connection open; seconds
UNPACKED = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}
FROM_PROXY = {"Host": HOST, "X-Forwarded-Proto": "https"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def granian(database: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    command = f"{WEB} --port {port} changingtracks.wsgi:application"
    process = processes.start(
        [sys.executable, *command.split()], env=databases.environment(database), cwd=ROOT
    )
    try:
        wait_for_answer(port)
        yield port, process
    finally:
        processes.end(process, (signal.SIGTERM, 10))


def wait_for_answer(port: int) -> None:
    patience = time.monotonic() + 30
    while True:
        try:
            fetch(port, "/health/")
        except OSError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.05)
        else:
            return


def fetch(port: int, path: str, **headers: str) -> tuple[bytes, str]:
    """The body as it came over the line, and how it was packed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={**FROM_PROXY, **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body, answer.getheader("Content-Encoding", "")


def load(port: int, people: list[list[dict[str, str]]]) -> dict[str, float]:
    job = {"port": port, "people": people, "connections": CONNECTIONS, "seconds": SECONDS}
    done = subprocess.run(
        [sys.executable, "-m", "dev.bench.load"],
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def workers(process: subprocess.Popen[bytes]) -> list[dict[str, float]]:
    """Resident memory of each worker in MB: all of it, and with what is shared divided up."""
    numbers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    found = []
    for number in numbers:
        fields = Path(f"/proc/{number}/smaps_rollup").read_text().split("\n")
        sizes = {line.split(":")[0]: line.split() for line in fields if line}
        found.append({name: int(sizes[name][1]) / 1024 for name in ("Rss", "Pss")})
    # Python's resource tracker is no worker.
    return [worker for worker in found if worker["Rss"] > 30]


def beside_idle(port: int) -> float:
    """Seconds a visitor waits while many browsers stay connected and ask nothing."""
    idle = []
    for _ in range(IDLE):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/account/login/", headers=FROM_PROXY)
            connection.getresponse().read()
        except TimeoutError:
            return PATIENCE
        idle.append(connection)
    begun = time.perf_counter()
    fetch(port, "/account/login/")
    return time.perf_counter() - begun


class Linked(HTMLParser):
    """What a browser fetches for a page before anybody does anything."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.paths: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "link" and named.get("rel") in {"stylesheet", "preload", "icon"}:
            self.paths.add(named["href"] or "")
        if tag in {"script", "img"} and named.get("src"):
            self.paths.add(named["src"] or "")


def weight(port: int, path: str, cookies: str = "") -> dict[str, int]:
    """Bytes over the line for the first load of a page, by kind."""
    page, packed = fetch(port, path, **{"Cookie": cookies, "Accept-Encoding": "gzip, br"})
    html = UNPACKED[packed](page)
    parts = {"html": len(page)}
    for linked in sorted(Linked(html.decode()).paths):
        kind = linked.rpartition(".")[2]
        body, _ = fetch(port, linked, **{"Accept-Encoding": "gzip, br"})
        parts[kind] = parts.get(kind, 0) + len(body)
    return parts


def measure(database: str) -> dict[str, object]:
    crowd = databases.told_by("dev.bench.people", database)
    first = crowd[0]["sections"][0]
    with granian(database) as (port, process):
        pages = load(port, [person["sections"] for person in crowd])
        saves = load(port, [person["saves"] for person in crowd])
        return {
            "pages": pages,
            "saves": saves,
            "people": len(crowd),
            "workers": workers(process),
            "section weight": weight(port, first["path"], first["cookies"]),
            "sign-in weight": weight(port, "/account/login/"),
            "beside idle": beside_idle(port),
        }
