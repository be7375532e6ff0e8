"""The accessibility statement says that every kind of page is looked at: so each has its line."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlsplit

from django.urls import resolve

from tests.browser import (
    test_accessible,
    test_accessible_plans,
    test_accessible_publishing,
    test_accessible_reviews,
)
from tests.test_access_sweep import RULES

LISTS = [
    *test_accessible.PAGES.values(),
    *test_accessible_plans.PAGES.values(),
    *test_accessible_publishing.PAGES.values(),
    *test_accessible_reviews.PAGES.values(),
    test_accessible.STYLE,
]
FILES = ("_csv", "_xlsx", "_file", "_pdf", "_feed", "_image", "_picture", "_word")
NO_PAGES = {
    *("calendar", "health", "robots", "security", "sitemap"),
    *("workbook_blank", "workbook_mine"),
    "dev_mail_detail",  # a mail as it was sent, for developers
    # They answer a form alone, and are looked at where it is refused
    *("area_add", "statement_add"),
}


def test_every_kind_of_page_is_looked_at():
    parts = defaultdict(lambda: "1")
    looked_at = {
        resolve(urlsplit(path.format_map(parts)).path).url_name
        for paths in LISTS
        for path in paths
        if path != "/no-such-page/"
    }
    asked_for = {name for name, rule in RULES.items() if rule.method == "get"}

    missing = {name for name in asked_for - looked_at if not name.endswith(FILES)}

    assert missing == NO_PAGES
