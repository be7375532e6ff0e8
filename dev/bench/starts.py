"""`make run` from nothing after the set-up, and once more: seconds until it says where it is."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from dev import environment
from dev.bench.serve import free_port
from dev.environment import ROOT

OURS = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEVELOPMENT", "DEMO", "SITE_URL"}


def measure() -> list[float]:
    home = environment.var() / "start"
    shutil.rmtree(home, ignore_errors=True)
    first, later = start(home), start(home)
    shutil.rmtree(home)
    return [first, later]


def start(home: Path) -> float:
    left = {name: text for name, text in os.environ.items() if name not in OURS}
    begun = time.perf_counter()
    portal = subprocess.Popen(
        [sys.executable, "-m", "dev.run"],
        env={**left, "VAR_DIR": str(home), "PORT": str(free_port())},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with portal:
        said = []
        for line in portal.stdout or ():
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        seconds = time.perf_counter() - begun
        portal.send_signal(signal.SIGINT)
    if portal.returncode:
        raise RuntimeError("".join(said))
    return seconds
