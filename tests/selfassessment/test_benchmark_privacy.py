"""The benchmark’s pages, under attack: as the team and from inside, over time, by any filter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access import Role
from portal.models import Membership, MusicService
from selfassessment.benchmark import precompute
from selfassessment.benchmark.benchmarks import Comparison
from selfassessment.models import (
    Agreed,
    AgreedRating,
    Area,
    Audit,
    BenchmarkGroup,
    BenchmarkMember,
    Section,
)
from tests import factories
from tests.selfassessment.attacks import SIX, fewest_made_out

REGIONS = ["London", "North East", "South West"]
KINDS = ["council", "trust", ""]
FILTERS = ["", *(f"region:{one}" for one in REGIONS), "kind:council", "kind:trust", "kind:"]
TIMES = 3
FATES = ["in", "in", "in", "in", "out", "changed", "hidden"]


@dataclass(frozen=True)
class Plan:
    """A made-up service: where it is, what it leaves without a score, and what becomes of it."""

    region: str
    kind: str
    without: str
    fates: tuple[str, ...]
    level: int


plans = st.lists(
    st.builds(
        Plan,
        region=st.sampled_from([*REGIONS, "London", "London"]),
        kind=st.sampled_from(KINDS),
        without=st.sampled_from(["", "", "", "", "", "", "A2", "B1"]),
        fates=st.tuples(
            *[st.sampled_from(["in", "in", "in", "in", "out", "changed", "hidden"])] * 3
        ),
        level=st.integers(0, 4),
    ),
    min_size=7,
    max_size=26,
)
# Often nothing happens to most from one time to the next, and then to many at once.
moods = st.lists(st.sampled_from(["still", "stir"]), min_size=TIMES, max_size=TIMES)


@pytest.fixture
def world(questionnaire, person):
    return (
        questionnaire,
        person("team"),
        {one.code: one for one in questionnaire.statements.filter(code__endswith=".1")},
    )


def found_services(world, plans: list[Plan]) -> list[Audit]:
    """As many services, each with a self-assessment that is agreed; the first has a lead."""
    questionnaire, team, statements = world
    services = MusicService.objects.bulk_create(
        MusicService(name=f"Service {n}", slug=f"s{n}", region=plan.region, kind=plan.kind)
        for n, plan in enumerate(plans)
    )
    now = timezone.now()
    audits = Audit.objects.bulk_create(
        Audit(
            service=service,
            questionnaire=questionnaire,
            year=2026,
            finish_on=now.date(),
            started_by=team,
            talk_opened_at=now,
            talk_opened_by=team,
            totals_shown_at=now,
            totals_shown_by=team,
        )
        for service in services
    )
    AgreedRating.objects.bulk_create(
        AgreedRating(
            audit=audit,
            statement=statement,
            answer=Agreed.LEVEL,
            value=plan.level,
            page="",
            agreed_by=team,
        )
        for audit, plan in zip(audits, plans, strict=True)
        for code, statement in statements.items()
        if not (plan.without and code.startswith(plan.without))
    )
    return audits


def happen(audits: list[Audit], plans: list[Plan], time: int, team) -> None:
    """What becomes of each service at this time."""
    for audit, plan in zip(audits, plans, strict=True):
        fate = plan.fates[time]
        audit.shared_at = None if fate == "out" else timezone.now()
        audit.shared_by = None if fate == "out" else team
        audit.totals_shown_at = None if fate == "hidden" else timezone.now()
        audit.totals_shown_by = None if fate == "hidden" else team
        audit.save()
        if fate == "changed":
            audit.agreed_ratings.update(value=(plan.level + time + 1) % 5)


def look(browser, path: str) -> list[Comparison]:
    """Every page a reader finds there, by every filter."""
    pages = [browser.get(path, {"of": of}).context["comparison"] for of in FILTERS]
    return [page for page in pages if page is not None and page.services]


def behind(page: Comparison) -> dict[str, frozenset[tuple[int, str]]]:
    """Who stands behind what a page shows, by part: each service as it was then."""
    split, _, value = page.chosen.key.partition(":")
    groups = BenchmarkGroup.objects.filter(live=True, split=split or "all", value=value)
    found = {"how many": members(groups.latest("pk"))}
    assert len(found["how many"]) == page.services
    for row in page.rows:
        if row.figure:
            sections = {one.pk for one in sections_of(row.part)}
            found[row.part.code] = members(row.figure.group, sections)
    return found


def members(group: BenchmarkGroup, sections: set[int] | None = None) -> frozenset[tuple[int, str]]:
    there = BenchmarkMember.objects.filter(benchmark=group.benchmark_id)
    if group.value:
        there = there.filter(**{group.split: group.value})
    return frozenset(
        (one.audit_id, one.scores)
        for one in there
        if sections is None or sections & set(one.sections)
    )


def sections_of(part: Area | Section) -> list[Section]:
    return list(part.sections.all()) if isinstance(part, Area) else [part]


def areas_that_tell_of_hidden_sections(page: Comparison) -> list[str]:
    """Areas shown of which a section is not, though somebody in the group has a score in it."""
    shown = {row.part.code for row in page.rows if row.figure}
    return [
        row.part.code
        for row in page.rows
        if row.is_area and row.figure
        for section in sections_of(row.part)
        if section.code not in shown and members(row.figure.group, {section.pk})
    ]


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans=plans, moods=moods)
def test_no_page_or_pages_together_tell_of_few(world, sign_in, plans, moods):
    questionnaire, team, _ = world
    funder = sign_in("funder")
    seen = defaultdict(set)
    telling = []

    with transaction.atomic():
        audits = found_services(world, plans)
        insider = factories.user("insider")
        Membership.objects.create(user=insider, service=audits[0].service, role=Role.LEAD)
        inside = sign_in("visitor")
        inside.force_login(insider)
        for time, mood in enumerate(moods):
            if mood == "stir" or time == 0:
                happen(audits, plans, time, team)
            precompute.make(questionnaire.pk, "whole", 2026)
            own = f"/self-assessments/{audits[0].pk}/benchmark/"
            for page in look(funder, "/benchmark/") + look(inside, own):
                telling += areas_that_tell_of_hidden_sections(page)
                for part, there in behind(page).items():
                    seen[part].add(there)
        transaction.set_rollback(True)

    # Five besides whoever reads: the insider is one of six wherever they are in.
    assert min((len(there) for sets in seen.values() for there in sets), default=SIX) >= SIX
    assert {part: fewest_made_out(sets) for part, sets in seen.items()} == dict.fromkeys(seen)
    assert telling == []
