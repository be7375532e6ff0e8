"""The worker makes two papers of a self-assessment: the report, and the handout for the meeting."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0009_openings")]
    operations = [
        migrations.AddField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[("report", "Report for the board"), ("handout", "Handout for the meeting")],
                default="report",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["report", "handout"])),
                name="selfassessment_report_kind_is_known",
                violation_error_message="Choose one of the values offered for kind.",
            ),
        ),
    ]
