import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from dev.cluster import Cluster, InUseError
from dev.environment import ROOT
from dev.terminal import RefusalError

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")

START_AND_WAIT = """
import sys, time
from pathlib import Path
from dev.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.process.pid, flush=True)
time.sleep(60)
"""


def ask(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.url) as connection:
        row = connection.execute(question).fetchone()
        return row and row[0]


def note(cluster: Cluster, text: str) -> None:
    with psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def is_alive(number: int) -> bool:
    state = Path(f"/proc/{number}/stat")
    return state.exists() and state.read_text().split(")")[1].split()[0] != "Z"


def test_cluster_is_closed_to_everybody_else(ground: Path) -> None:
    with Cluster(ground / "postgres", lasting=False) as cluster:
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert mode(cluster.data) == 0o700
        assert mode(cluster.socket) == 0o700
        assert mode(cluster.home / "password") == 0o600
        assert mode(cluster.log) == 0o600
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(cluster.url, password="guessed")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg.connect(cluster.url, user="postgres")


def test_application_is_no_superuser_but_owns_its_extensions(ground: Path) -> None:
    with Cluster(ground / "postgres", lasting=False) as cluster:
        superuser = ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        owned = "SELECT array_agg(extname::text ORDER BY 1) FROM pg_extension WHERE extowner = %s"

        assert superuser is False
        assert ask(cluster, owned % "current_user::regrole") == ["pg_trgm", "unaccent"]


def test_cluster_keeps_its_data_when_started_again(ground: Path) -> None:
    with Cluster(ground / "postgres") as cluster:
        note(cluster, "kept")

    with Cluster(ground / "postgres") as cluster:
        assert ask(cluster, "SELECT text FROM note") == "kept"


def test_cluster_keeps_its_data_through_a_kill(ground: Path) -> None:
    cluster = Cluster(ground / "postgres")
    cluster.start()
    note(cluster, "kept")
    cluster.process.kill()
    cluster.stop()

    with cluster:
        assert ask(cluster, "SELECT text FROM note") == "kept"


def test_test_cluster_is_made_anew_after_a_kill(ground: Path) -> None:
    cluster = Cluster(ground / "postgres", lasting=False)
    cluster.start()
    note(cluster, "perhaps damaged")
    cluster.process.kill()
    cluster.stop()

    with cluster:
        assert ask(cluster, "SELECT to_regclass('note')") is None


def test_second_copy_is_refused_and_leaves_the_first_alone(ground: Path) -> None:
    with Cluster(ground / "postgres", lasting=False) as cluster:
        with pytest.raises(InUseError, match=rf"another command \(process {os.getpid()}\)"):
            Cluster(ground / "postgres", lasting=False).start()

        assert ask(cluster, "SELECT 1") == 1


def test_data_of_another_version_is_refused_with_the_way_out(ground: Path) -> None:
    data = ground / "postgres/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")

    with pytest.raises(RefusalError, match=r"made by PostgreSQL 9, .*make dump.*make restore"):
        Cluster(ground / "postgres").start()

    assert (data / "PG_VERSION").read_text() == "9\n"


def test_number_of_a_dead_server_may_belong_to_another_program(ground: Path) -> None:
    cluster = Cluster(ground / "postgres", lasting=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")

    with cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_deep_checkout_gets_a_short_socket_that_goes_with_the_server(ground: Path) -> None:
    cluster = Cluster(ground / ("deep" * 25), lasting=False)

    with cluster:
        assert ask(cluster, "SELECT 1") == 1
        assert mode(cluster.socket) == 0o700

    assert cluster.home not in cluster.socket.parents
    assert not cluster.socket.exists()


def test_server_ends_when_its_starter_is_killed(ground: Path, bare_env: dict[str, str]) -> None:
    command = [sys.executable, "-c", START_AND_WAIT, ground / "postgres"]
    with subprocess.Popen(command, env=bare_env, cwd=ROOT, stdout=subprocess.PIPE) as starter:
        server = int(starter.stdout.readline())
        assert is_alive(server)

        starter.send_signal(signal.SIGKILL)

    patience = time.monotonic() + 10
    while is_alive(server) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not is_alive(server)
    assert not (ground / "postgres/data/postmaster.pid").exists()
