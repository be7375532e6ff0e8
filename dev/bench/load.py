"""Many browsers at once, each on one connection that is kept open. Standard library only.

A process of its own, a thread for each connection, requests made up beforehand and answers only
measured, so that it takes little of the machine it shares with the server: it says how much.
"""

import json
import resource
import socket
import sys
import threading
import time
from collections.abc import Iterator
from itertools import cycle

from dev.bench.asks import COUNTER, HOST, Ask

WARM = 2.0  # seconds before it counts


class Browser(threading.Thread):
    def __init__(self, port: int, asks: list[Ask], begin: float, end: float) -> None:
        super().__init__(daemon=True)
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = [request(ask) for ask in asks]
        self.begin, self.end = begin, end
        self.times: list[float] = []
        self.refused: list[str] = []

    def run(self) -> None:
        for number, template in enumerate(cycle(self.requests)):
            begun = time.perf_counter()
            if begun > self.end:
                return
            self.connection.sendall(template.replace(COUNTER.encode(), b"%08d" % number))
            status = self.answer()
            ended = time.perf_counter()
            if status != "200":
                self.refused.append(status)
            elif self.begin <= begun and ended <= self.end:
                self.times.append(ended - begun)

    def answer(self) -> str:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        missing = length - len(body)
        while missing > 0:
            missing -= len(self.more())
        return head[9:12].decode()

    def more(self) -> bytes:
        received = self.connection.recv(131072)
        if not received:
            raise ConnectionError("The server hung up.")
        return received


def request(ask: Ask) -> bytes:
    body = ask.form.encode()
    lines = [
        f"{'POST' if body else 'GET'} {ask.path} HTTP/1.1",
        f"Host: {HOST}",
        "X-Forwarded-Proto: https",
        f"Cookie: {ask.cookies}",
    ]
    if body:
        lines += [
            f"Origin: https://{HOST}",
            "HX-Request: true",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def shared(people: list[list[Ask]], connections: int) -> Iterator[list[Ask]]:
    """The people's requests dealt out: no two connections are the same person."""
    for number in range(connections):
        mine = people[number::connections]
        yield [ask for together in zip(*mine, strict=False) for ask in together]


def run(port: int, people: list[list[Ask]], connections: int, seconds: float) -> dict[str, object]:
    begin = time.perf_counter() + WARM
    end = begin + seconds
    browsers = [Browser(port, asks, begin, end) for asks in shared(people, connections)]
    used = resource.getrusage(resource.RUSAGE_SELF)
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    spent = resource.getrusage(resource.RUSAGE_SELF)
    times = sorted(time for browser in browsers for time in browser.times)
    refused = [status for browser in browsers for status in browser.refused]
    return {
        "per_second": len(times) / seconds,
        "median": 1000 * times[len(times) // 2],
        "p95": 1000 * times[int(0.95 * len(times))],
        "refused": refused,
        "client": (spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime)
        / (seconds + WARM),
    }


if __name__ == "__main__":
    job = json.load(sys.stdin)
    people = [[Ask(**ask) for ask in asks] for asks in job.pop("people")]
    print(json.dumps(run(people=people, **job)))
