import ast
import os
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest

from dev import setup
from dev.environment import ROOT
from dev.terminal import RefusalError

APPS = ["changingtracks", "portal", "selfassessment", "actionplans", "resources"]
DIRECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which only what the test puts there is found, for an ordinary user."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return tmp_path


def test_missing_packages_without_the_right_to_install_are_one_sentence(path: Path) -> None:
    program(path, "apt-get", "exit 99")
    program(path, "sudo", "exit 1")

    with pytest.raises(RefusalError) as refused:
        setup.install_packages(["postgresql", "libpango-1.0-0"])

    assert str(refused.value) == (
        "This system lacks postgresql and libpango-1.0-0; please ask someone who may: "
        "apt-get install --no-install-recommends postgresql libpango-1.0-0"
    )


def test_other_systems_are_told_what_is_missing(path: Path) -> None:
    with pytest.raises(RefusalError) as refused:
        setup.install_packages(["postgresql", "chromium", "poppler-utils"])

    assert str(refused.value) == (
        "This system lacks what Debian calls postgresql, chromium and poppler-utils; "
        "please install these with its own package manager."
    )


def test_packages_are_installed_where_sudo_lets_us(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(
        path, "sudo", 'shift; PATH=/usr/bin:/bin; case $1 in env) echo "$@" >> "${0%/*}/log";; esac'
    )
    program(path, "apt-get", "exit 99")

    setup.install_packages(["chromium"])

    update, install = (path / "log").read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("install --no-install-recommends chromium")
    assert capsys.readouterr().out == "Installing chromium.\n"


def test_failing_apt_is_quoted(path: Path) -> None:
    program(path, "sudo", 'case $2 in env) echo "E: No such package" >&2; exit 100;; esac')
    program(path, "apt-get", "exit 99")

    with pytest.raises(RefusalError, match=r"could not install chromium.*E: No such package"):
        setup.install_packages(["chromium"])


def test_what_is_missing_is_seen(path: Path) -> None:
    wanted = setup.wanted(dev=True)

    missing = {name for name, is_here in wanted.items() if not is_here()}

    assert {"chromium", "poppler-utils"} <= missing


def test_given_database_needs_no_postgres_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///given")
    given = setup.wanted(dev=False)
    monkeypatch.delenv("DATABASE_URL")
    ours = setup.wanted(dev=False)

    assert set(ours) - set(given) == {"postgresql"}


def test_old_python_is_told_so() -> None:
    old = "import sys; sys.version_info = (3, 9, 2); import dev.setup"

    done = subprocess.run([sys.executable, "-c", old], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.11 or later is needed and this is 3.9; "
        "name a newer one with PYTHON, for example: make run PYTHON=python3.12\n"
    )


def pins(lock_file: str) -> dict[str, str]:
    """Name and version of everything in a lock file."""
    text = (ROOT / lock_file).read_text()
    lines = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    pairs = [line.removesuffix(" \\").split(" ;")[0].strip().split("==") for line in lines]
    return dict(pairs)


@pytest.mark.parametrize(
    ("lock_file", "declared"),
    [
        ("requirements.lock", DIRECT["project"]["dependencies"]),
        ("requirements-dev.lock", DIRECT["dependency-groups"]["dev"]),
    ],
)
def test_lock_file_has_everything_declared(lock_file: str, declared: list[str]) -> None:
    names = {declared_name(requirement) for requirement in declared}

    assert names - set(pins(lock_file)) == set()


def declared_name(requirement: str) -> str:
    end = min(requirement.find(sign) for sign in "[=<>" if sign in requirement)
    return normal(requirement[:end])


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def test_both_lock_files_agree() -> None:
    running, testing = pins("requirements.lock"), pins("requirements-dev.lock")

    assert running.items() <= testing.items()


@pytest.mark.parametrize("lock_file", setup.LOCK_FILES)
def test_lock_file_names_no_place(lock_file: str) -> None:
    text = (ROOT / lock_file).read_text()

    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("lock_file", setup.LOCK_FILES)
def test_everything_in_a_lock_file_has_its_hashes(lock_file: str) -> None:
    lines = (ROOT / lock_file).read_text().splitlines()
    after = [later for line, later in pairwise(lines) if line.endswith("\\") and "==" in line]

    assert len(after) == len(pins(lock_file))
    assert all(line.startswith("    --hash=sha256:") for line in after)


def imported_names(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    direct = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in direct | parts}


def test_what_runs_imports_nothing_that_only_tests_have() -> None:
    files = [file for app in APPS for file in (ROOT / app).rglob("*.py")]
    imported = set().union(*map(imported_names, files))

    providers = packages_distributions()
    needed = {normal(name) for module in imported for name in providers.get(module, [])}

    # What is left over belongs under [project] dependencies in pyproject.toml; then `make lock`.
    assert needed - set(pins("requirements.lock")) == set()
