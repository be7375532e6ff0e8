"""`make run`: the database, the web process and the worker, started, watched and stopped."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable

from dev import environment, processes, terminal
from dev.cluster import Cluster
from dev.environment import PYTHON, ROOT
from dev.terminal import RefusalError, say

# Threads and backpressure are what keeps answering under slow clients (it counts idle browsers too,
# so it is generous: docs/performance.md); the kill timeout is what
# lets the server stop while one of them is still connected.
WEB = (
    "-m granian --interface wsgi --workers 2 --blocking-threads 2 --backpressure 512 "
    "--workers-kill-timeout 5 --respawn-failed-workers --log-level warning --host 127.0.0.1"
)
# Polling is for when the database was restarted: the worker then no longer hears of new jobs.
WORKER = (
    "manage.py procrastinate worker --concurrency 1 --shutdown-graceful-timeout 8 "
    "--fetch-job-polling-interval 2"
)
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0
LONG_ENOUGH = 30.0  # seconds of life after which an end counts as the first again
LONGEST_STOP = 12.0  # the web process allows itself 5, the worker 8


class StopAskedError(Exception):
    """Ctrl-C, SIGTERM or SIGHUP while the start was still going on."""


class Service:
    """A process that is started again when it ends unasked, less and less eagerly."""

    def __init__(
        self,
        name: str,
        start: Callable[[], subprocess.Popen[bytes]],
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self.name = name
        self.start = start
        self.process = process or start()
        self.started = time.monotonic()
        self.wait = FIRST_WAIT
        self.due: float | None = None

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def look_after(self) -> None:
        now = time.monotonic()
        if self.due is None and not self.runs:
            say(f"The {self.name} {how_it_ended(self.process.returncode)}; starting it again.")
            processes.sweep(self.process)
            self.wait = FIRST_WAIT if now - self.started > LONG_ENOUGH else self.wait
            self.due = now + self.wait
            self.wait = min(2 * self.wait, LONGEST_WAIT)
        if self.due is not None and now >= self.due:
            self.process, self.started, self.due = self.start(), now, None

    @property
    def patience(self) -> float:
        """How long until there is something to do for it, if nothing happens."""
        return 3600 if self.due is None else max(0.01, self.due - time.monotonic())


class Supervisor:
    def __init__(self) -> None:
        self.signals = processes.Signals()
        self.cluster: Cluster | None = None
        self.services: list[Service] = []

    def run(self) -> None:
        try:
            self.start()
            self.watch()
        except StopAskedError:
            say("\nStopping.")
        finally:
            self.stop()

    def start(self) -> None:
        env = environment.development(self.start_database())
        self.prepare(env)
        self.serve(env)
        self.wait_for_answer(env)
        say(welcome())

    def start_database(self) -> str:
        if given := os.environ.get("DATABASE_URL"):
            return given
        say("Starting the database.")
        self.cluster = Cluster(environment.var() / "postgres")
        self.cluster.start(self.pause)
        return self.cluster.url

    def prepare(self, env: dict[str, str]) -> None:
        process = python(env, "manage.py prepare")
        try:
            while process.poll() is None:
                self.pause(60)
        finally:
            processes.end(process, (signal.SIGTERM, 5))
        if process.returncode:
            raise RefusalError("The portal could not be prepared; the reason is above.")

    def serve(self, env: dict[str, str]) -> None:
        say("Starting the portal.")
        web = f"{WEB} --port {environment.port()} changingtracks.wsgi:application"
        self.services = [
            Service("web process", lambda: python(env, web)),
            # If we are killed, so is the database: the worker would wait for it for half a minute.
            Service("worker", lambda: python(env, WORKER, signal.SIGKILL)),
        ]
        if self.cluster:
            self.services.append(Service("database", self.cluster.launch, self.cluster.process))

    def wait_for_answer(self, env: dict[str, str]) -> None:
        patience = time.monotonic() + 60
        while not answers(env):
            self.pause(0.05)
            if not self.services[0].runs:
                raise RefusalError("The web process ended at once; the reason is above.")
            if time.monotonic() > patience:
                raise RefusalError(f"Nothing answers at {environment.address()}/health/.")

    def watch(self) -> None:
        while True:
            self.pause(min(service.patience for service in self.services))
            for service in self.services:
                service.look_after()

    def pause(self, seconds: float) -> None:
        if self.signals.take(seconds):
            raise StopAskedError

    def stop(self) -> None:
        """The web process and the worker first, so that the database has nobody left to serve."""
        ours = [service for service in self.services if service.name != "database"]
        for service in ours:
            service.process.terminate()
        patience = time.monotonic() + LONGEST_STOP
        while any(service.runs for service in ours) and time.monotonic() < patience:
            if self.signals.take(0.5):
                break  # asked twice: no more patience
        for service in ours:
            processes.sweep(service.process)
        if self.cluster:
            self.cluster.stop()


def python(
    env: dict[str, str], arguments: str, dies_with_us: signal.Signals = signal.SIGTERM
) -> subprocess.Popen[bytes]:
    return processes.start(
        [PYTHON, *arguments.split()], env=env, cwd=ROOT, dies_with_us=dies_with_us
    )


def how_it_ended(returncode: int) -> str:
    if returncode < 0:
        return f"was ended by {signal.Signals(-returncode).name}"
    return f"ended with status {returncode}"


def answers(env: dict[str, str]) -> bool:
    """Whether /health/ says that the portal reaches its database."""
    host = env["ALLOWED_HOSTS"].split(",")[0].lstrip("*.") or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", environment.port(), timeout=5)
    try:
        connection.request("GET", "/health/", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome() -> str:
    sign_ins = environment.var() / "demo-sign-ins.txt"
    people = f"\n{sign_ins.read_text()}" if sign_ins.exists() else ""
    return f"\nThe portal is at {environment.address()}\n{people}\nCtrl-C stops it."


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise RefusalError(f"Port {port} is for root only; choose one above 1023.") from None
        except OSError:
            raise RefusalError(
                f"Port {port} is in use by another program; "
                f"choose another, for example: make run PORT={port + 1 if port < 65535 else 8000}"
            ) from None


def main() -> int:
    processes.end_with("make")
    port = environment.port()
    try:
        with processes.lock(environment.var() / "run.lock"):
            check_port(port)
            Supervisor().run()
    except processes.HeldError as held:
        raise RefusalError(
            f"The portal of this checkout is already running (process {held.holder})."
        ) from None
    return 0


if __name__ == "__main__":
    terminal.run(main)
