from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("selfassessment", "0006_looking_back")]
    operations = []
