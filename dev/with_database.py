"""Run a command with a database at hand: `python -m dev.with_database run|test|bench COMMAND…`

`run` is the database of `make run`, used alongside it when that is running.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dev import environment, processes, terminal
from dev.cluster import Cluster, InUseError, Pause, first_free
from dev.environment import ROOT
from dev.postgres import found_binaries
from dev.terminal import RefusalError


@contextmanager
def database(kind: str, pause: Pause) -> Iterator[str]:
    """The address of the database of this kind, for as long as it is needed."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    cluster = started(kind, pause)
    try:
        yield cluster.url
    finally:
        cluster.stop()


def started(kind: str, pause: Pause) -> Cluster:
    if kind == "test":
        return first_free(environment.var() / "test-postgres", pause)
    cluster = Cluster(environment.var() / ("bench-postgres" if kind == "bench" else "postgres"))
    try:
        cluster.start(pause)
    except InUseError:
        if kind != "run":
            raise
        wait_for_other(cluster, pause)
    return cluster


def wait_for_other(cluster: Cluster, pause: Pause) -> None:
    patience = time.monotonic() + 10
    while not cluster.is_ready():
        if time.monotonic() > patience:
            raise RefusalError(f"The database in {cluster.name} is in use, but does not answer.")
        pause(0.1)


def run(command: list[str], env: dict[str, str], signals: processes.Signals) -> int:
    """Run in the foreground, with our terminal, and pass on what we are asked."""
    child = subprocess.Popen(
        command, env=env, cwd=ROOT, preexec_fn=processes.tied_to_us(signal.SIGTERM)
    )
    while child.poll() is None:
        asked = signals.take(60)
        # Ctrl-C has reached the command as well as us; what was sent to us alone has not.
        if asked and asked.si_code <= 0:
            child.send_signal(asked.si_signo)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def environment_for(kind: str, url: str) -> dict[str, str]:
    env = environment.testing(url) if kind == "test" else environment.development(url)
    if kind != "run":
        env["VAR_DIR"] = str(environment.var() / kind)
    for binaries in found_binaries()[:1]:  # pg_dump, psql and the like
        env["PATH"] = f"{binaries.folder}{os.pathsep}{env.get('PATH', os.defpath)}"
    return env


def main() -> int:
    kind, *command = sys.argv[1:]
    processes.end_with("make")
    signals = processes.Signals()

    def pause(seconds: float) -> None:
        if signals.take(seconds):
            raise KeyboardInterrupt

    with database(kind, pause) as url:
        return run(command, environment_for(kind, url), signals)


if __name__ == "__main__":
    terminal.run(main)
