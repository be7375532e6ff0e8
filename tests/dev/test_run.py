import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dev import processes
from dev.environment import ROOT
from dev.run import Service

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


def refusal(env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dev.run"], env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def test_busy_port_is_refused_before_anything_is_made(
    ground: Path, bare_env: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        said = refusal({**bare_env, "PORT": str(port)})

    assert said.startswith(f"Port {port} is in use by another program; choose another")
    assert [path.name for path in ground.iterdir()] == ["run.lock"]


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_port_that_is_none_is_refused(bare_env: dict[str, str], port: str) -> None:
    said = refusal({**bare_env, "PORT": port})

    assert said == f"PORT is “{port}”; it has to be a number from 1 to 65535.\n"


def test_second_copy_is_refused_with_the_number_of_the_first(
    ground: Path, bare_env: dict[str, str]
) -> None:
    with processes.lock(ground / "run.lock"):
        said = refusal(bare_env)

    assert said == f"The portal of this checkout is already running (process {os.getpid()}).\n"


def test_folder_that_cannot_be_made_is_a_sentence(bare_env: dict[str, str]) -> None:
    said = refusal({**bare_env, "VAR_DIR": "/proc/self/var"})

    assert said.startswith("The system said no:")
    assert said.count("\n") == 1


def test_process_that_ends_is_started_again(capsys: pytest.CaptureFixture[str]) -> None:
    def sleeper() -> subprocess.Popen[bytes]:
        return processes.start(["sleep", "60"], env=dict(os.environ), cwd=ROOT)

    service = Service("sleeper", sleeper)
    first = service.process
    first.kill()
    first.wait()

    while not service.runs:
        service.look_after()
        time.sleep(0.01)
    second = service.process
    processes.end(second, (signal.SIGTERM, 5))

    assert second.pid != first.pid
    assert second.returncode == -signal.SIGTERM
    assert capsys.readouterr().out == "The sleeper was ended by SIGKILL; starting it again.\n"


def test_process_that_keeps_ending_is_started_less_and_less_eagerly() -> None:
    service = Service("failure", lambda: processes.start(["false"], env={}, cwd=ROOT))
    waits = []

    for _ in range(8):
        service.process.wait()
        service.due = None
        service.look_after()
        waits.append(round(service.due - time.monotonic(), 1))

    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_lock_is_free_again_after_its_holder(ground: Path) -> None:
    with (
        processes.lock(ground / "lock"),
        pytest.raises(processes.HeldError),
        processes.lock(ground / "lock"),
    ):
        pass

    with processes.lock(ground / "lock"):
        assert (ground / "lock").read_text() == f"{os.getpid()}\n"
