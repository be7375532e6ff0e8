"""Whoever is counted in at a later opening of the talk is told apart among themselves."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0008_uploads")]
    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="response",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="response",
            name="update_update",
        ),
        migrations.AddField(
            model_name="response",
            name="opening",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Which opening of the talk counted it in, from 1; 0: none told.",
            ),
        ),
        migrations.AddField(
            model_name="responseevent",
            name="opening",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Which opening of the talk counted it in, from 1; 0: none told.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="response",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "selfassessment_responseevent" ("audit_id", "counted", "handed_in_at", "id", "opening", "pgh_created_at", "pgh_label", "pgh_obj_id", "respondent_id", "role_group") VALUES (NEW."audit_id", NEW."counted", NEW."handed_in_at", NEW."id", NEW."opening", NOW(), \'insert\', NEW."id", NEW."respondent_id", NEW."role_group"); RETURN NULL;',
                    hash="04faa6de47925527666ccf0fd4467d8f9d389ddd",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a8ede",
                    table="selfassessment_response",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="response",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "selfassessment_responseevent" ("audit_id", "counted", "handed_in_at", "id", "opening", "pgh_created_at", "pgh_label", "pgh_obj_id", "respondent_id", "role_group") VALUES (NEW."audit_id", NEW."counted", NEW."handed_in_at", NEW."id", NEW."opening", NOW(), \'update\', NEW."id", NEW."respondent_id", NEW."role_group"); RETURN NULL;',
                    hash="fb69a114cb15dd5b29ff997be5f53a40840583f3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2abe3",
                    table="selfassessment_response",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted", False), ("handed_in_at__isnull", False), _connector="OR"),
                name="response_that_counts_is_handed_in",
                violation_error_message="Only ratings that were handed in count.",
            ),
        ),
    ]
