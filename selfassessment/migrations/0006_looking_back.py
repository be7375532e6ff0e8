from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0005_agreed_and_unnamed")]
    operations = []
