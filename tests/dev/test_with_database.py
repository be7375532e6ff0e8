import signal
import subprocess
import sys
from pathlib import Path

from dev.environment import ROOT


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "dev.with_database", *arguments]


def test_command_runs_on_the_given_database_and_its_status_is_ours(
    bare_env: dict[str, str],
) -> None:
    done = subprocess.run(
        command("run", "sh", "-c", 'echo "$DATABASE_URL $DEMO"; exit 7'),
        env={**bare_env, "DATABASE_URL": "postgresql:///given", "DEMO": "0"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.stdout == "postgresql:///given 0\n"
    assert done.returncode == 7


def test_two_test_runs_at_once_have_a_cluster_each(ground: Path, bare_env: dict[str, str]) -> None:
    waiting = command("test", "sh", "-c", 'echo "$DATABASE_URL"; exec sleep 60')
    asking = command("test", "sh", "-c", 'echo "$DATABASE_URL"')
    with subprocess.Popen(
        waiting, env=bare_env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as first:
        url = first.stdout.readline()
        other_url = subprocess.check_output(asking, env=bare_env, cwd=ROOT, text=True)
        first.send_signal(signal.SIGTERM)

    assert first.returncode == 128 + signal.SIGTERM
    assert "test-postgres-1" in url
    assert "test-postgres-2" in other_url
    assert not (ground / "test-postgres-1/data/postmaster.pid").exists()


def test_command_beside_make_run_uses_its_database(ground: Path, bare_env: dict[str, str]) -> None:
    waiting = command("run", "sh", "-c", "echo started; exec sleep 60")
    looking = command("run", "sh", "-c", 'psql -Atc "SELECT current_user" "$DATABASE_URL"')
    with subprocess.Popen(
        waiting, env=bare_env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as first:
        first.stdout.readline()
        answer = subprocess.check_output(looking, env=bare_env, cwd=ROOT, text=True)
        first.send_signal(signal.SIGTERM)

    assert answer == "portal\n"
