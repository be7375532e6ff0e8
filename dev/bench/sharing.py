"""The benchmark at 10,000 services that share ten years: its pages, and a night's work on it.

Poured in by bulk SQL. Past years are closed and have their section scores; this year has the
agreed ratings themselves, 600,000, which the worker adds up each night.
"""

import json
import time
from collections.abc import Callable
from itertools import cycle

from django.db import connection, transaction
from django.utils import timezone

from dev.bench.asks import Ask
from dev.bench.pages import answer, figures
from dev.bench.people import browser, header
from portal.access import ProgrammeRole, Role
from portal.models import Membership, User
from portal.years import academic_year
from selfassessment.benchmark import precompute
from selfassessment.models import Audit, Benchmark, Questionnaire

SERVICES, YEARS, LEADS, ROUNDS, WARM = 10_000, 10, 40, 300, 40

STEPS = [
    "CREATE TEMP TABLE n ON COMMIT DROP AS SELECT generate_series(1, %(services)s) AS n",
    """
    INSERT INTO portal_musicservice (name, slug, region, kind, first_year, leads_programme,
        action_research, nurture_groups, in_nwg, source_url, is_fictional, website, why_joined,
        improving, difference)
    SELECT 'Sharing Service ' || n, 'sharing-' || n,
        (ARRAY['East Midlands', 'East of England', 'London', 'North East', 'North West',
            'South East', 'South West', 'West Midlands', 'Yorkshire and the Humber'])[1 + n %% 9],
        (ARRAY['council', 'trust', 'company', 'partnership', ''])[1 + n * 7 / 9 %% 5],
        2016, false, false, false, false, '', true, '', '', '', ''
    FROM n ORDER BY n
    """,
    """
    INSERT INTO selfassessment_audit (year, scope, finish_on, started_at, privacy, alone,
        service_id, started_by_id, questionnaire_id, talk_opened_at, talk_opened_by_id,
        totals_shown_at, totals_shown_by_id, shared_at, shared_by_id, closed_at, closed_by_id)
    SELECT %(year)s - ago, 'whole', current_date - 365 * ago, now() - ago * interval '1 year',
        'named', false, s.id, %(user)s, %(questionnaire)s,
        now() - ago * interval '1 year', %(user)s, now() - ago * interval '1 year', %(user)s,
        now() - ago * interval '1 year', %(user)s,
        CASE WHEN ago > 0 THEN now() - ago * interval '1 year' END,
        CASE WHEN ago > 0 THEN %(user)s END
    FROM portal_musicservice s, generate_series(0, %(years)s - 1) AS ago
    WHERE s.slug LIKE 'sharing-%%' ORDER BY ago DESC, s.id
    """,
    """
    INSERT INTO selfassessment_sharedscore (audit_id, section_id, total, rated, made_at)
    SELECT a.id, s.section_id, sum((a.id * 7 + s.id * 13 + a.year) %% 5), count(*), now()
    FROM selfassessment_audit a JOIN selfassessment_statement s
        ON s.questionnaire_id = a.questionnaire_id AND (a.id + s.id) %% 11 > 0
    WHERE a.shared_at IS NOT NULL AND a.closed_at IS NOT NULL
    GROUP BY a.id, s.section_id ORDER BY a.id, s.section_id
    """,
    "ALTER TABLE selfassessment_agreedrating DISABLE TRIGGER USER",
    """
    INSERT INTO selfassessment_agreedrating (audit_id, statement_id, answer, value, reason, version,
        page, agreed_at, agreed_by_id, via)
    SELECT a.id, s.id, 'level', (a.id * 7 + s.id * 13) %% 5, '', 1, '', now(), %(user)s, 'bulk'
    FROM selfassessment_audit a JOIN selfassessment_statement s
        ON s.questionnaire_id = a.questionnaire_id AND (a.id + s.id) %% 11 > 0
    WHERE a.shared_at IS NOT NULL AND a.closed_at IS NULL
    ORDER BY (a.id * 7919 + s.id * 104729) %% 1000003
    """,
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE selfassessment_agreedrating ENABLE TRIGGER USER",
]


def fill(services: int) -> None:
    team = User.objects.filter(programme_role=ProgrammeRole.TEAM).first()
    assert team, "The demo is there first."
    parameters = {
        "services": services,
        "years": YEARS,
        "year": academic_year(timezone.localdate()),
        "questionnaire": Questionnaire.objects.in_use().latest("pk").pk,
        "user": team.pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for step in STEPS:
            cursor.execute(step, parameters)


def seconds(deed: Callable[[], None]) -> float:
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def asks() -> dict[str, list[Ask]]:
    """Leads of many services with their own marks, and the funder; each by several filters."""
    found: dict[str, list[Ask]] = {"benchmark": [], "programme": []}
    shared = Audit.objects.filter(shared_at__isnull=False, closed_at=None)
    for number, audit in enumerate(shared.order_by("pk")[:: SERVICES // LEADS]):
        lead = User.objects.create_user(f"sharing{number}@example.org", name="Lead")
        Membership.objects.create(user=lead, service=audit.service, role=Role.LEAD)
        path = f"/self-assessments/{audit.pk}/benchmark/"
        cookies = header(browser(lead, path))
        found["benchmark"] += [Ask(path, cookies), Ask(f"{path}?of=region:London", cookies)]
    funder = User.objects.filter(programme_role=ProgrammeRole.FUNDER).get()
    cookies = header(browser(funder, "/benchmark/"))
    found["programme"] += [Ask("/benchmark/", cookies), Ask("/benchmark/?of=kind:trust", cookies)]
    return found


def measure() -> dict[str, object]:
    fill(SERVICES)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    first = seconds(precompute.make_all)
    again = seconds(precompute.make_all)
    made = Benchmark.objects.order_by("-year")[0]
    alone = seconds(lambda: precompute.make(made.questionnaire_id, made.scope, made.year))
    pages: dict[str, object] = {}
    for name, kind in asks().items():
        turn = cycle(kind)
        for _ in range(WARM):
            answer(next(turn))
        pages[name] = figures(kind, [answer(next(turn)) for _ in range(ROUNDS)])
    return {**pages, "first": first, "again": again, "alone": alone}


if __name__ == "__main__":
    print(json.dumps(measure()))
