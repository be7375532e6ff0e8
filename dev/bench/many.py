"""Ten thousand music services, their people, and three years of self-assessments, by bulk SQL.

The same each time. The triggers that write the history are off while ratings are poured in, and
their rows are then added in one go; every index, constraint and trigger is there when it ends.
"""

from django.db import connection, transaction
from django.utils import timezone

from portal.years import academic_year
from selfassessment.models import Questionnaire, Rating

SERVICES = 10_000

# About 1.1 million ratings: last year's and the year before's are whole and closed; this year
# every fourth service has agreed, and the others are at one of ten places on the way. One person
# rates in each, so that what is agreed is what they said.
STEPS = [
    """
    CREATE TEMP TABLE n ON COMMIT DROP AS SELECT generate_series(1, %(services)s) AS n
    """,
    """
    INSERT INTO portal_musicservice (name, slug, region, first_year, leads_programme,
        action_research, nurture_groups, in_nwg, source_url, is_fictional, kind, website,
        why_joined, improving, difference)
    SELECT 'Music Service Number ' || n, 'number-' || n,
        (ARRAY['East Midlands', 'London', 'North East', 'South West'])[1 + n %% 4],
        2016 + n %% 10, false, false, false, false, '', true,
        (ARRAY['council', 'trust', 'company', 'partnership'])[1 + n / 4 %% 4],
        '', 'To learn.', 'Who hears of it.', ''
    FROM n ORDER BY n
    """,
    """
    INSERT INTO portal_user (password, email, name, programme_role, is_active, joined_at)
    SELECT '!' || md5(role || n), role || n || '@example.org', initcap(role) || ' ' || n, '', true,
        now() - interval '3 years'
    FROM n, unnest(ARRAY['lead', 'inclusion', 'board']) AS role ORDER BY n, role
    """,
    """
    INSERT INTO account_emailaddress (email, verified, "primary", user_id)
    SELECT email, true, true, id FROM portal_user
    WHERE email LIKE '%%@example.org' ORDER BY id
    """,
    """
    CREATE TEMP TABLE seat ON COMMIT DROP AS
    SELECT n, s.id AS service_id, u.id AS user_id, role FROM n
    JOIN portal_musicservice s ON s.slug = 'number-' || n,
    unnest(ARRAY['lead', 'inclusion', 'board']) AS role
    JOIN LATERAL (SELECT id FROM portal_user WHERE email = role || n || '@example.org') u ON true
    """,
    """
    INSERT INTO portal_membership (service_id, user_id, role, started_at)
    SELECT service_id, user_id,
        CASE role WHEN 'lead' THEN 'lead' WHEN 'board' THEN 'board_viewer'
            ELSE 'inclusion_lead' END,
        now() - interval '3 years'
    FROM seat ORDER BY n, role
    """,
    """
    INSERT INTO selfassessment_audit (year, scope, finish_on, started_at, closed_at, closed_by_id,
        privacy, alone, talk_opened_at, talk_opened_by_id, totals_shown_at, totals_shown_by_id,
        service_id, started_by_id, questionnaire_id)
    SELECT %(year)s - ago, 'whole', current_date + 20 - 365 * ago, started_at,
        CASE WHEN ago > 0 THEN started_at + interval '20 days' END,
        CASE WHEN ago > 0 THEN user_id END, '', agreed,
        CASE WHEN agreed THEN started_at + interval '10 days' END,
        CASE WHEN agreed THEN user_id END,
        CASE WHEN agreed THEN started_at + interval '10 days' END,
        CASE WHEN agreed THEN user_id END,
        service_id, user_id, %(questionnaire)s
    FROM seat, generate_series(0, 2) AS ago,
    LATERAL (SELECT now() - ago * interval '1 year' - interval '20 days' AS started_at,
        ago > 0 OR n %% 4 = 0 AS agreed) at
    WHERE role = 'lead' AND (ago < 2 OR n %% 4 = 0)
    ORDER BY ago DESC, n
    """,
    """
    INSERT INTO selfassessment_respondent (audit_id, source, user_id, email, name, role_group,
        asked_at, handed_in)
    SELECT a.id, 'account', a.started_by_id, '', '', 'senior', a.started_at,
        a.closed_at IS NOT NULL OR seat.n %% 4 = 0
    FROM selfassessment_audit a JOIN seat ON seat.user_id = a.started_by_id ORDER BY a.id
    """,
    """
    INSERT INTO selfassessment_response (audit_id, respondent_id, role_group, counted, handed_in_at)
    SELECT a.id, p.id, 'senior', p.handed_in,
        CASE WHEN p.handed_in THEN a.started_at + interval '9 days' END
    FROM selfassessment_respondent p
    JOIN selfassessment_audit a ON a.id = p.audit_id
    JOIN seat ON seat.user_id = a.started_by_id
    ORDER BY p.id
    """,
    """
    CREATE TEMP TABLE place ON COMMIT DROP AS
    SELECT s.id, row_number() OVER (ORDER BY a."order", c."order", s."order", s.id) AS place
    FROM selfassessment_statement s
    JOIN selfassessment_section c ON c.id = s.section_id
    JOIN selfassessment_area a ON a.id = c.area_id
    WHERE s.questionnaire_id = %(questionnaire)s
    """,
    "ALTER TABLE selfassessment_rating DISABLE TRIGGER USER",
    # In the order of a year of many services at work: no response lies in one place on the disk.
    """
    INSERT INTO selfassessment_rating (answer, value, reason, comment, evidence, evidence_url,
        discuss, version, page, saved_at, via, saved_by_id, response_id, statement_id)
    SELECT said.answer, CASE said.answer WHEN 'level' THEN (n + 3 * place) %% 5 END,
        CASE said.answer WHEN 'na' THEN 'A partner does this for us.' ELSE '' END,
        CASE WHEN (n + place) %% 4 = 0 THEN 'Begun in the autumn term; about ' || n %% 90
            || ' in a hundred of our tutors have taken part so far.' ELSE '' END,
        CASE WHEN (n + place) %% 9 = 0 THEN 'Service plan, page ' || place ELSE '' END,
        '', (n + place) %% 13 = 0, 1, 'poured in', a.started_at + place * interval '1 hour',
        'browser', a.started_by_id, r.id, place.id
    FROM selfassessment_response r
    JOIN selfassessment_audit a ON a.id = r.audit_id
    JOIN seat ON seat.user_id = a.started_by_id
    CROSS JOIN place,
    LATERAL (SELECT CASE WHEN (n + place) %% 17 = 0 THEN 'dk' WHEN (n + place) %% 23 = 0 THEN 'na'
        ELSE 'level' END AS answer) said
    WHERE r.handed_in_at IS NOT NULL OR place <= 6 * (n %% 10)
    ORDER BY a.year, (n * 7919 + place * 104729) %% 1000003
    """,
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE selfassessment_rating ENABLE TRIGGER USER",
    """
    INSERT INTO selfassessment_ratingevent (pgh_created_at, pgh_label, pgh_obj_id, id, answer,
        value, reason, comment, evidence, evidence_url, discuss, version, page, saved_at, via,
        saved_by_id, response_id, statement_id)
    SELECT saved_at, 'insert', id, id, answer, value, reason, comment, evidence, evidence_url,
        discuss, version, page, saved_at, via, saved_by_id, response_id, statement_id
    FROM selfassessment_rating WHERE page = 'poured in' ORDER BY id
    """,
    # Nothing is known yet of what was just poured in, and the join below would go row by row.
    "ANALYZE selfassessment_audit, selfassessment_response, selfassessment_rating",
    "ALTER TABLE selfassessment_agreedrating DISABLE TRIGGER USER",
    """
    INSERT INTO selfassessment_agreedrating (answer, value, reason, version, page, agreed_at, via,
        agreed_by_id, audit_id, statement_id)
    SELECT r.answer, r.value, r.reason, 1, 'poured in', a.talk_opened_at, 'bulk', a.started_by_id,
        a.id, r.statement_id
    FROM selfassessment_rating r
    JOIN selfassessment_response s ON s.id = r.response_id AND s.counted
    JOIN selfassessment_audit a ON a.id = s.audit_id
    WHERE r.page = 'poured in' AND r.answer <> 'dk'
    ORDER BY a.year, (a.id * 7919 + r.statement_id * 104729) %% 1000003
    """,
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE selfassessment_agreedrating ENABLE TRIGGER USER",
    """
    INSERT INTO selfassessment_agreedratingevent (pgh_created_at, pgh_label, pgh_obj_id, id, answer,
        value, reason, version, page, agreed_at, via, agreed_by_id, audit_id, statement_id)
    SELECT agreed_at, 'insert', id, id, answer, value, reason, version, page, agreed_at, via,
        agreed_by_id, audit_id, statement_id
    FROM selfassessment_agreedrating WHERE page = 'poured in' ORDER BY id
    """,
    """
    INSERT INTO portal_activity (at, by_id, verb, subject, service_id)
    SELECT a.started_at, a.started_by_id, 'started', 'Self-assessment ' || a.year, a.service_id
    FROM selfassessment_audit a ORDER BY a.id
    """,
    """
    INSERT INTO django_session (session_key, session_data, expire_date)
    SELECT md5('session' || n), repeat(md5('data' || n), 8), now() + n * interval '1 minute' FROM n
    """,
]


def fill(services: int) -> int:
    """Fill a portal that has the demo in it. Returns how many ratings there are then."""
    parameters = {
        "services": services,
        "year": academic_year(timezone.localdate()),
        "questionnaire": Questionnaire.objects.in_use().latest("pk").pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for step in STEPS:
            cursor.execute(step, parameters)
    return Rating.objects.count()


if __name__ == "__main__":
    print(fill(SERVICES))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
