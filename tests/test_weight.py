"""What a first visit fetches before anybody does anything, over a council network."""

from __future__ import annotations

from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from dev.bench.serve import Linked

MOST = 150_000  # bytes over the line


def packed(path: str) -> int:
    """As whitenoise sends it: fonts as they are, the rest in brotli."""
    content = Path(finders.find(path.removeprefix("/static/"))).read_bytes()
    return len(content if path.endswith(".woff2") else brotli.compress(content))


@pytest.mark.parametrize(
    ("who", "path"),
    [("lead", "/self-assessments/{}/rate/A1/"), ("visitor", "/account/login/")],
)
def test_styles_scripts_and_fonts_of_a_first_visit_are_light(sign_in, audit, who, path):
    html = sign_in(who).get(path.format(audit.pk)).content.decode()

    weights = {linked: packed(linked) for linked in Linked(html).paths}

    assert {linked.rpartition(".")[2] for linked in weights} == {"css", "js", "svg", "woff2"}
    assert sum(weights.values()) < MOST, weights


@pytest.mark.parametrize("path", ["/plans/{plan.pk}/", "/targets/{pk}/", "/targets/{pk}/edit/"])
def test_the_pages_of_a_plan_are_light_with_their_own_styles(sign_in, target, path):
    html = sign_in("lead").get(path.format(plan=target.plan, pk=target.pk)).content.decode()

    weights = {linked: packed(linked) for linked in Linked(html).paths}

    assert "/static/css/plans.css" in weights
    assert sum(weights.values()) + len(brotli.compress(html.encode())) < MOST, weights
