"""Everything that `make` needs before it can start: system packages and .venv.

`python3 -m dev.setup` for running the portal, with `--dev` for the tests and checks as well.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from dev import environment, processes, terminal
from dev.environment import PYTHON, ROOT
from dev.postgres import found_binaries
from dev.terminal import RefusalError, say

VENV = ROOT / ".venv"
LOCK_FILES = ("requirements.lock", "requirements-dev.lock")  # the second holds all of the first
POSTGRES = "postgresql"

# Makes Debian's package leave out the cluster on port 5432 that nobody asked us for.
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/changing-tracks.conf")


def has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_venv() -> bool:
    return VENV.exists() or importlib.util.find_spec("ensurepip") is not None


def wanted(*, dev: bool) -> dict[str, Callable[[], bool]]:
    """Debian's name of each system package, and how to tell that what we want of it is here."""
    packages: dict[str, Callable[[], bool]] = {
        f"python3.{sys.version_info.minor}-venv": has_venv,
        "libpango-1.0-0": lambda: has_library("libpango-1.0.so.0"),
        "libpangoft2-1.0-0": lambda: has_library("libpangoft2-1.0.so.0"),
        "libharfbuzz-subset0": lambda: has_library("libharfbuzz-subset.so.0"),
    }
    if not os.environ.get("DATABASE_URL"):
        packages[POSTGRES] = lambda: bool(found_binaries())
    if dev:
        packages["libatomic1"] = lambda: has_library("libatomic.so.1")  # Playwright's own node
        packages["chromium"] = lambda: environment.chromium() is not None
        packages["poppler-utils"] = lambda: shutil.which("pdftoppm") is not None
    return packages


def install_packages(missing: list[str]) -> None:
    names = " ".join(missing)
    if not shutil.which("apt-get"):
        raise RefusalError(
            "This system lacks what Debian calls "
            f"{listed(missing)}; please install these with its own package manager."
        )
    right = right_to_install()
    if right is None:
        raise RefusalError(
            f"This system lacks {listed(missing)}; please ask someone who may: "
            f"apt-get install --no-install-recommends {names}"
        )
    say(f"Installing {listed(missing)}.")
    apt(right, "update")  # a failure here shows in the next step, if it matters
    if POSTGRES in missing:
        without_cluster(right)
    installed = apt(right, "install", "--no-install-recommends", *missing)
    if POSTGRES in missing:
        subprocess.run([*right, "rm", "-f", NO_CLUSTER])
    if installed.returncode:
        words = (installed.stderr or installed.stdout).strip().splitlines()[-3:]
        raise RefusalError(f"apt-get could not install {names}. Its last words: {' '.join(words)}")


def right_to_install() -> list[str] | None:
    """What to put before a command to run it as root; None when we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True)
        return ["sudo", "-n"] if asked.returncode == 0 else None
    return None


def apt(right: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet"]
    patiently = ["-o", "DPkg::Lock::Timeout=300"]
    return subprocess.run(
        [*right, *quietly, *patiently, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def without_cluster(right: list[str]) -> None:
    script = 'mkdir -p "${1%/*}" && echo "create_main_cluster = false" > "$1"'
    subprocess.run([*right, "sh", "-c", script, "sh", NO_CLUSTER], check=True)


def listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def prepare_venv(*, dev: bool) -> None:
    """Install exactly what the lock file says, and remember it, to be quick the next time."""
    lock_file = LOCK_FILES[1] if dev else LOCK_FILES[0]
    if works(PYTHON) and is_installed(lock_file):
        return
    if not works(PYTHON):
        make_venv()
    say("Installing the Python packages; the first time this takes a minute or two.")
    pip = [str(PYTHON), "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input"]
    exactly = ["--require-hashes", "--no-deps", "--prefer-binary"]
    installed = subprocess.run([*pip, "install", *exactly, "-r", str(ROOT / lock_file)])
    if installed.returncode:
        raise RefusalError("The Python packages could not be installed; pip's words are above.")
    for name in LOCK_FILES if dev else LOCK_FILES[:1]:
        stamp(name).write_text(fingerprint(name))


def make_venv() -> None:
    say("Making .venv.")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise RefusalError(f".venv could not be made. {(made.stdout + made.stderr).strip()}")


def works(python: Path) -> bool:
    """False when it is missing, half made, or made for a Python that has gone."""
    try:
        return subprocess.run([python, "-I", "-c", "import pip"]).returncode == 0
    except OSError:
        return False


def is_installed(lock_file: str) -> bool:
    return stamp(lock_file).exists() and stamp(lock_file).read_text() == fingerprint(lock_file)


def stamp(lock_file: str) -> Path:
    return VENV / f"{lock_file}.installed"


def fingerprint(lock_file: str) -> str:
    """Also of the place: scripts in .venv carry its path, so a moved checkout installs again."""
    return hashlib.sha256(str(VENV).encode() + (ROOT / lock_file).read_bytes()).hexdigest()


def main() -> int:
    dev = "--dev" in sys.argv[1:]
    with processes.lock(environment.var() / "setup.lock", wait=True):
        packages = wanted(dev=dev)
        missing = [name for name, is_here in packages.items() if not is_here()]
        if missing:
            install_packages(missing)
        prepare_venv(dev=dev)
    return 0


if __name__ == "__main__":
    terminal.run(main)
