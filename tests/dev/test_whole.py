"""The whole of `make run`, as it is started by somebody for the first time, and as it fares."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dev.environment import ROOT


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def running(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "dev.run"]
    with subprocess.Popen(
        command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as supervisor:
        try:
            yield supervisor
        finally:
            supervisor.terminate()


def said_until_ready(portal: subprocess.Popen[str]) -> list[str]:
    lines = []
    for line in portal.stdout:
        lines.append(line.rstrip())
        if line.startswith("Ctrl-C"):
            return lines
    pytest.fail("The portal did not start:\n" + "\n".join(lines))


def health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool]) -> bool:
    patience = time.monotonic() + 30
    while time.monotonic() < patience:
        if condition():
            return True
        time.sleep(0.05)
    return False


def ours(ground: Path) -> dict[int, str]:
    """The processes that this portal started: their command lines by number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        mark = f"VAR_DIR={ground}".encode() in environ or str(ground) in command
        if mark and command and int(folder.name) != os.getpid():
            found[int(folder.name)] = command
    return found


def child(supervisor: subprocess.Popen[str], what: str) -> int | None:
    numbers = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
    for number in numbers:
        if what in Path(f"/proc/{number}/cmdline").read_text().replace("\0", " "):
            return int(number)
    return None


def kill(supervisor: subprocess.Popen[str], what: str) -> None:
    """Kill a process, and return when another has taken its place."""
    killed = child(supervisor, what)
    os.kill(killed, signal.SIGKILL)
    assert wait_for(lambda: child(supervisor, what) not in {None, killed}), what


def test_portal_starts_survives_kills_and_leaves_nothing_running(
    ground: Path, port: int, bare_env: dict[str, str]
) -> None:
    env = {**bare_env, "PORT": str(port)}

    with running(env) as portal:
        said = said_until_ready(portal)
        assert f"The portal is at http://127.0.0.1:{port}" in said
        assert any("lead@northvale.example.org" in line for line in said)
        assert health(port) == 200

        for what in ("granian", "procrastinate", "postgres"):
            kill(portal, what)
            assert wait_for(lambda: health(port) == 200), what

        portal.send_signal(signal.SIGINT)
        assert portal.wait(timeout=20) == 0
        assert ours(ground) == {}
        assert health(port) == 0

    with running(env) as portal:
        said = said_until_ready(portal)
        assert "Making the demo." not in said

        portal.kill()
        portal.wait()
        assert wait_for(lambda: ours(ground) == {})
