"""How pages are looked at: by axe, and for what axe misses, wide and light, narrow and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).with_name("axe.min.js")  # 4.14.1, MPL 2.0, from npm's axe-core
LOOK = Path(__file__).with_name("look.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
NARROW = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
PORTION = 24  # pages in one test, so that two workers share the long lists

# Selectors take axe time, and what it preloads is for rules that are not asked for.
RUN_AXE = """async (tags) => {
  const wanted = {runOnly: tags, resultTypes: ["violations"], selectors: false, preload: false};
  const found = await axe.run(document, wanted);
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)}`));
}"""


def seen(open_as: Callable[..., Page], who: str) -> Page:
    """Somebody's page that every page after it is looked at on."""
    page = open_as(who, "/health/", reduced_motion="reduce", **WIDE)
    page.context.add_init_script(path=AXE)
    return page


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands: both looks, without loading it twice."""
    found = []
    for name, look in [("wide", WIDE), ("narrow", NARROW)]:
        page.set_viewport_size(look["viewport"])
        page.emulate_media(color_scheme=look["color_scheme"])
        wrong = page.evaluate(RUN_AXE, TAGS) + page.evaluate(LOOK)
        found += [f"{name}: {fault}" for fault in wrong]
    return found


def faulty(page: Page, paths: Iterable[str]) -> dict[str, list[str]]:
    """What is wrong, by address; an address that leads elsewhere is not looked at there."""
    found = {}
    for path in paths:
        page.goto(path)
        wrong = faults(page) if page.url.endswith(path) else [f"led to {page.url}"]
        if wrong:
            found[path] = wrong
    return found


def refused(page: Page, path: str, typed: dict[str, str]) -> list[str]:
    """What is wrong with the page that answers a form with its errors."""
    page.goto(path)
    for name, text in typed.items():
        page.locator(f"main [name='{name}']").first.fill(text)
    page.locator("main form .btn-primary").first.click()
    wrong = faults(page)
    if not page.locator(".error-summary").count():
        return [*wrong, "no error summary"]
    if not page.title().startswith("Error: "):
        return [*wrong, "the title does not say that there is an error"]
    return wrong


def portions(pages: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return [
        (who, paths[start : start + PORTION])
        for who, paths in pages.items()
        for start in range(0, len(paths), PORTION)
    ]
