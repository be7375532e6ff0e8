"""A statement lies in a section, and a section in an area, of its own questionnaire.

Without this a draft's statement could be written into a published edition. The topic trigger now
looks at both sides of an update, so that a topic cannot be moved off a published statement.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE selfassessment_area
    ADD CONSTRAINT area_and_its_questionnaire UNIQUE (id, questionnaire_id);
ALTER TABLE selfassessment_section
    ADD CONSTRAINT section_and_its_questionnaire UNIQUE (id, questionnaire_id);
ALTER TABLE selfassessment_section
    ADD CONSTRAINT section_is_in_an_area_of_its_questionnaire
    FOREIGN KEY (area_id, questionnaire_id)
    REFERENCES selfassessment_area (id, questionnaire_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE selfassessment_statement
    ADD CONSTRAINT statement_is_in_a_section_of_its_questionnaire
    FOREIGN KEY (section_id, questionnaire_id)
    REFERENCES selfassessment_section (id, questionnaire_id) DEFERRABLE INITIALLY DEFERRED;

CREATE OR REPLACE FUNCTION selfassessment_topic_is_frozen() RETURNS trigger AS $$
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
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION selfassessment_topic_is_frozen() RETURNS trigger AS $$
DECLARE statement bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.statement_id ELSE NEW.statement_id END;
BEGIN
    PERFORM selfassessment_must_be_draft(s.questionnaire_id)
        FROM selfassessment_statement s WHERE s.id = statement;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$ LANGUAGE plpgsql;

ALTER TABLE selfassessment_statement
    DROP CONSTRAINT statement_is_in_a_section_of_its_questionnaire;
ALTER TABLE selfassessment_section
    DROP CONSTRAINT section_is_in_an_area_of_its_questionnaire;
ALTER TABLE selfassessment_section DROP CONSTRAINT section_and_its_questionnaire;
ALTER TABLE selfassessment_area DROP CONSTRAINT area_and_its_questionnaire;
"""


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0002_published_is_frozen")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
