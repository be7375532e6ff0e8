"""Published is frozen, whoever writes: triggers refuse any change to it and its parts."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION selfassessment_must_be_draft(id bigint) RETURNS void AS $$
DECLARE found text;
BEGIN
    -- The lock holds publishing off until this change is in, or this change off once it is out.
    SELECT status INTO found FROM selfassessment_questionnaire q WHERE q.id = $1 FOR SHARE;
    IF found <> 'draft' THEN
        RAISE EXCEPTION 'questionnaire % is %: it is frozen', $1, found
            USING ERRCODE = 'check_violation';
    END IF;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION selfassessment_part_is_frozen() RETURNS trigger AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM selfassessment_must_be_draft(OLD.questionnaire_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM selfassessment_must_be_draft(NEW.questionnaire_id);
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION selfassessment_topic_is_frozen() RETURNS trigger AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM selfassessment_must_be_draft(s.questionnaire_id)
            FROM selfassessment_statement s WHERE s.id = OLD.statement_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM selfassessment_must_be_draft(s.questionnaire_id)
            FROM selfassessment_statement s WHERE s.id = NEW.statement_id;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION selfassessment_questionnaire_is_frozen() RETURNS trigger AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    -- What may still happen to a published edition: withdrawing it from new use, and back.
    IF TG_OP = 'UPDATE' AND NEW.status IN ('published', 'withdrawn')
        AND (NEW.id, NEW.name, NEW.edition, NEW.source, NEW.based_on_id, NEW.published_at,
             NEW.published_by_id)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.name, OLD.edition, OLD.source, OLD.based_on_id, OLD.published_at,
             OLD.published_by_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'questionnaire % is %: it is frozen', OLD.id, OLD.status
        USING ERRCODE = 'check_violation';
END $$ LANGUAGE plpgsql;

CREATE TRIGGER published_is_frozen BEFORE UPDATE OR DELETE ON selfassessment_questionnaire
    FOR EACH ROW EXECUTE FUNCTION selfassessment_questionnaire_is_frozen();
CREATE TRIGGER published_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON selfassessment_level
    FOR EACH ROW EXECUTE FUNCTION selfassessment_part_is_frozen();
CREATE TRIGGER published_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON selfassessment_area
    FOR EACH ROW EXECUTE FUNCTION selfassessment_part_is_frozen();
CREATE TRIGGER published_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON selfassessment_section
    FOR EACH ROW EXECUTE FUNCTION selfassessment_part_is_frozen();
CREATE TRIGGER published_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON selfassessment_statement
    FOR EACH ROW EXECUTE FUNCTION selfassessment_part_is_frozen();
CREATE TRIGGER published_is_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON selfassessment_statement_topics
    FOR EACH ROW EXECUTE FUNCTION selfassessment_topic_is_frozen();
"""

BACKWARD = """
DROP TRIGGER published_is_frozen ON selfassessment_statement_topics;
DROP TRIGGER published_is_frozen ON selfassessment_statement;
DROP TRIGGER published_is_frozen ON selfassessment_section;
DROP TRIGGER published_is_frozen ON selfassessment_area;
DROP TRIGGER published_is_frozen ON selfassessment_level;
DROP TRIGGER published_is_frozen ON selfassessment_questionnaire;
DROP FUNCTION selfassessment_questionnaire_is_frozen();
DROP FUNCTION selfassessment_topic_is_frozen();
DROP FUNCTION selfassessment_part_is_frozen();
DROP FUNCTION selfassessment_must_be_draft(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
