"""The fourteen topics of domain.md 11.5, and the table in which rate limits are kept."""

from django.core.management import call_command
from django.db import migrations
from django.utils.text import slugify

ATTESTED = [
    "Inclusion strategy",
    "CPD and reflective practice",
    "First Access",
    "Individual tuition",
    "Singing and Songwriting",
    "Music Centres",
    "Youth Voice",
    "Performances and Progression",
]
ADDED = [
    "Nurture groups",
    "Working with local authorities and schools",
    "Recruitment and workforce diversity",
    "Outcomes, evaluation and quality",
    "Repertoire and decolonising",
    "SEND and access",
]


def load_topics(apps, schema_editor):
    Topic = apps.get_model("portal", "Topic")
    Topic.objects.bulk_create(
        Topic(name=name, slug=slugify(name), attested=name in ATTESTED, order=order)
        for order, name in enumerate([*ATTESTED, *ADDED], start=1)
    )


def create_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [
        migrations.RunPython(load_topics, migrations.RunPython.noop),
        migrations.RunPython(create_cache_table, migrations.RunPython.noop),
    ]
