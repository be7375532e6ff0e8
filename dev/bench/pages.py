"""Server time in this process: the WSGI application itself, warm, nothing of HTTP around it."""

import gzip
import io
import json
import statistics
import time
from dataclasses import dataclass
from itertools import count, cycle

from django.db import connection

from changingtracks.wsgi import application
from dev.bench.asks import HOST, Ask
from dev.bench.counting import Queries
from dev.bench.people import everything

ROUNDS, EACH, WARM = 5, 60, 40


NUMBERS = count(1)


@dataclass(frozen=True)
class Answer:
    seconds: float
    python: float  # of them, this thread at work; the rest is the database, or the machine busy
    body: bytes


def answer(ask: Ask) -> Answer:
    """What the web server does with one request, from the environment to the closed response."""
    environ = environment(ask, ask.body(next(NUMBERS)))
    status: list[str] = []
    begun, worked = time.perf_counter(), time.thread_time()
    response = application(environ, lambda line, _headers: status.append(line))
    body = b"".join(response)
    response.close()
    seconds, python = time.perf_counter() - begun, time.thread_time() - worked
    assert status[0].startswith("200"), (ask.path, status[0], body[:300])
    return Answer(seconds, python, body)


def environment(ask: Ask, body: bytes) -> dict[str, object]:
    path, _, query = ask.path.partition("?")
    posted = {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HX_REQUEST": "true",
        "HTTP_ORIGIN": f"https://{HOST}",
    }
    return {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_COOKIE": ask.cookies,
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **(posted if body else {}),
    }


def queries(asks: list[Ask]) -> int:
    """The most that any of these took."""
    counts = []
    for ask in asks:
        with connection.execute_wrapper(counted := Queries()):
            answer(ask)
        counts.append(counted.count)
    return max(counts)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure() -> dict[str, dict[str, float]]:
    """The kinds of page in turns, so that a busy moment of the machine falls on all of them."""
    asks = everything()
    turns = {name: cycle(kind) for name, kind in asks.items()}
    answers: dict[str, list[Answer]] = {name: [] for name in asks}
    for turn in turns.values():
        for _ in range(WARM):
            answer(next(turn))
    for _ in range(ROUNDS):
        for name, turn in turns.items():
            answers[name] += [answer(next(turn)) for _ in range(EACH)]
    return {name: figures(asks[name], answers[name]) for name in asks}


def figures(asks: list[Ask], answers: list[Answer]) -> dict[str, float]:
    middle = sorted((one.body for one in answers), key=len)[len(answers) // 2]
    times = [1000 * one.seconds for one in answers]
    return {
        "median": statistics.median(times),
        "p95": percentile(times, 0.95),
        "python": 1000 * statistics.median(one.python for one in answers),
        "queries": queries(asks[:20]),
        "bytes": len(middle),
        "gzip": len(gzip.compress(middle, 6)),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
