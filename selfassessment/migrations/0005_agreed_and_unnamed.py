"""What was handed in before teams rated counts as agreed; and anonymous is kept by the database."""

from django.db import migrations

CARRY_OVER = """
UPDATE selfassessment_response SET counted = true WHERE handed_in_at IS NOT NULL;
UPDATE selfassessment_audit a SET alone = true,
    talk_opened_at = r.handed_in_at, talk_opened_by_id = a.started_by_id,
    totals_shown_at = r.handed_in_at, totals_shown_by_id = a.started_by_id
FROM selfassessment_response r WHERE r.audit_id = a.id AND r.handed_in_at IS NOT NULL;
INSERT INTO selfassessment_agreedrating (audit_id, statement_id, answer, value, reason, version,
    page, agreed_at, agreed_by_id, via)
SELECT r.audit_id, g.statement_id, g.answer, g.value, g.reason, 1, '', r.handed_in_at,
    a.started_by_id, 'bulk'
FROM selfassessment_rating g
JOIN selfassessment_response r ON r.id = g.response_id AND r.handed_in_at IS NOT NULL
JOIN selfassessment_audit a ON a.id = r.audit_id
WHERE g.answer IN ('level', 'na')
ON CONFLICT DO NOTHING;
"""

FORWARD = """
CREATE FUNCTION selfassessment_privacy_is_kept() RETURNS trigger AS $$
BEGIN
    IF OLD.privacy = 'anonymous' AND NEW.privacy <> 'anonymous' THEN
        RAISE EXCEPTION 'self-assessment % is anonymous: it stays so', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION selfassessment_handed_in_is_unnamed() RETURNS trigger AS $$
BEGIN
    IF NEW.handed_in_at IS NOT NULL AND NEW.respondent_id IS NOT NULL AND EXISTS (
        SELECT FROM selfassessment_audit a WHERE a.id = NEW.audit_id AND a.privacy = 'anonymous'
    ) THEN
        RAISE EXCEPTION 'response % is anonymous and handed in: it is nobody''s', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE TRIGGER privacy_is_kept BEFORE UPDATE OF privacy ON selfassessment_audit
    FOR EACH ROW EXECUTE FUNCTION selfassessment_privacy_is_kept();
CREATE TRIGGER handed_in_is_unnamed BEFORE INSERT OR UPDATE ON selfassessment_response
    FOR EACH ROW EXECUTE FUNCTION selfassessment_handed_in_is_unnamed();
"""

BACKWARD = """
DROP TRIGGER handed_in_is_unnamed ON selfassessment_response;
DROP TRIGGER privacy_is_kept ON selfassessment_audit;
DROP FUNCTION selfassessment_handed_in_is_unnamed();
DROP FUNCTION selfassessment_privacy_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0004_team")]
    operations = [
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
