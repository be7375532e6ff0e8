from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0007_benchmark")]
    operations = []
