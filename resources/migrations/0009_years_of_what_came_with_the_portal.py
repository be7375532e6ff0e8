"""The years in which resources that came with the portal first came out, as far as they are known.

It runs once, right after there is a place for them: nobody has written a year there before.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

YEARS = {
    "nmpats-experience-of-the-youth-music-edi-tools": 2020,
    "embedding-inclusion-in-the-quality-cycle-nwg-feb-2022": 2022,
    "embedding-inclusion-what-weve-learned-nwg-july": 2021,
    "reflective-practice-with-hms-tutors": 2020,
    "diversifying-progression-task-and-finish-week-1": 2021,
    "music-and-inclusion-in-school-planning": 2020,
    "songwriter-and-progression-qa": 2021,
    "annual-findings-201920": 2020,
    "idea-framework-and-survey": 2022,
}


def say(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:  # noqa: ARG001
    resources = apps.get_model("resources", "Resource").objects
    for slug, year in YEARS.items():
        resources.filter(slug=slug, first_year=None).update(first_year=year)


class Migration(migrations.Migration):
    dependencies = [("resources", "0008_year_of_a_resource")]
    operations = [migrations.RunPython(say, migrations.RunPython.noop)]
