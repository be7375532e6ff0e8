"""Ground for database clusters: short, and open to the account that the server runs as."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.environment import ROOT


@pytest.fixture
def ground() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dev-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def bare_env(ground: Path) -> dict[str, str]:
    """The environment of somebody who has just checked out the project."""
    ours = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEVELOPMENT", "DEMO", "SITE_URL"}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    return {**env, "VAR_DIR": str(ground), "PYTHONPATH": str(ROOT)}
