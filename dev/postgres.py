"""The PostgreSQL that the system has: where it is, what it is asked, what it says."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.terminal import RefusalError

OLDEST = 14
DATABASE = "portal"
EXTENSIONS = ("pg_trgm", "unaccent")


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int


def found_binaries() -> list[Binaries]:
    """Every usable PostgreSQL here, newest first; only PG_BIN when that is set."""
    if named := os.environ.get("PG_BIN"):
        folders = [Path(named)]
    else:
        on_path = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
        folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *on_path]
    found = [Binaries(folder, major) for folder in folders if (major := version_in(folder))]
    if named and not found:
        raise RefusalError(f"PG_BIN is {named}, but there is no postgres and initdb in it.")
    usable = [binaries for binaries in found if binaries.major >= OLDEST]
    return sorted(usable, key=lambda binaries: -binaries.major)


def version_in(folder: Path) -> int | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    number = re.search(r"\) (\d+)", answer.stdout)
    return int(number[1]) if number else None


def server_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def first_statements(password: str) -> str:
    """The application's role is no superuser: it owns its database and may make those of tests."""
    return (
        f"CREATE ROLE portal LOGIN CREATEDB PASSWORD '{password}'\n"
        f"CREATE DATABASE {DATABASE} OWNER portal\n"
    )


def extension_statements() -> str:
    """As the application's role, so that they belong to it as they do on any other server."""
    creation = "".join(f"CREATE EXTENSION {name}\n" for name in EXTENSIONS)
    return f"SET ROLE portal\n{creation}"


def last_words(log: str) -> str:
    """The last complaint in a log, or its last line."""
    lines = [line for line in log.splitlines() if line.strip()] or ["It said nothing."]
    complaints = [line for line in lines if re.search(r"(FATAL|PANIC|ERROR|error):", line)]
    return f"Its last words: {(complaints or lines)[-1].strip()}"
