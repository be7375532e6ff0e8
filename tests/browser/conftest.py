"""A real Chromium: `open_as("lead")` gives that person's page, signed in."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

BUSY = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    assert path, "No Chromium: `make test` installs it, or set CHROMIUM to where it is."
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium: Browser, live_server, sign_in) -> Iterator[Callable[..., Page]]:
    """Somebody's browser, on a page that fails the test on any script error or foreign request."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(name: str, path: str = "/", **options: object) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options}
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        key = sign_in(name).cookies.get(settings.SESSION_COOKIE_NAME)
        if key:
            context.add_cookies(
                [{"name": key.key, "value": key.value, "url": live_server.url, "httpOnly": True}]
            )
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda said: note(faults, said.type, said.text))
        page.on("request", lambda asked: foreign(faults, asked.url, live_server.url))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    answered()
    assert faults == []


def answered(seconds: float = 5) -> None:
    """Wait until the server is done: tables are emptied next, and that waits for nobody."""
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(BUSY)
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)


def note(faults: list[str], kind: str, text: str) -> None:
    # A refused or broken request is what some tests are about; a blocked script or style never is.
    expected = ("Failed to load resource", "net::ERR", "htmx:", "Response Status Error Code")
    if kind == "error" and not any(words in text for words in expected):
        faults.append(f"console: {text}")


def foreign(faults: list[str], url: str, home: str) -> None:
    if not url.startswith((home, "data:", "blob:")):
        faults.append(f"foreign request: {url}")


def sessions_end() -> None:
    """Everybody's sign-in runs out."""
    SessionStore.get_model_class().objects.all().delete()
