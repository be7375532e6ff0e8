"""A statement lies in a section, and a section in an area, of its own questionnaire.

Without this a draft's statement could be written into a published edition.
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
"""

BACKWARD = """
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
