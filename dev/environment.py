"""Where things are, and the environment that our processes run in."""

import os
import secrets
import shutil
from pathlib import Path

from dev.terminal import RefusalError

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv/bin/python"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def var() -> Path:
    """The folder of everything that is kept between runs and is not in git."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()


def port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise RefusalError(f"PORT is “{text}”; it has to be a number from 1 to 65535.")
    return int(text)


def address() -> str:
    return f"http://127.0.0.1:{port()}"


def development(database_url: str) -> dict[str, str]:
    """The environment of `make run` and its relations. What is already set wins."""
    return filled(
        {
            "DEVELOPMENT": "1",
            "DEMO": "1",
            "SECRET_KEY": kept_secret(var() / "secret-key"),
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "SITE_URL": address(),
            "DATABASE_URL": database_url,
            "VAR_DIR": str(var()),
        }
    )


def testing(database_url: str) -> dict[str, str]:
    """The environment of `make test`: tests/settings.py knows the rest."""
    return filled(
        {
            "DATABASE_URL": database_url,
            "CHROMIUM": chromium() or "",
        }
    )


def filled(defaults: dict[str, str]) -> dict[str, str]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    for name, value in defaults.items():
        if not environment.get(name):
            environment[name] = value
    return environment


def kept_secret(path: Path) -> str:
    """The secret in this file, made on first use, for our eyes only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
