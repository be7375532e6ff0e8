"""A few sentences on each topic, as they ship; the programme team writes on from there."""

from django.db import migrations, models

ABOUT = {
    "inclusion-strategy": "How a music service decides what it stands for and what it will do "
    "about it. Here are ways to take an honest look, to choose a few things that matter, and to "
    "keep inclusion on the agenda of leaders, boards and councils.",
    "cpd-and-reflective-practice": "Tutors grow when they look back on their own teaching with "
    "others. Here are diaries, questions and stories for making that a habit, in time that is "
    "paid for.",
    "first-access": "For many children whole-class lessons are the first time that they hold an "
    "instrument. How those lessons are made decides who feels that music is for them, and who "
    "goes on.",
    "individual-tuition": "Lessons alone or in small groups, for more kinds of learners. What a "
    "tutor can change in repertoire, pace and aims, and what a service can change in price, "
    "place and time.",
    "singing-and-songwriting": "A voice and an idea are enough to begin. Singing and writing "
    "songs reach young people whom other routes miss, and give them something of their own to "
    "show.",
    "music-centres": "Where young people play together out of school. How a centre can be for "
    "the whole of its community: what is on offer, who is seen there, what it costs, and how one "
    "gets there.",
    "youth-voice": "Young people know what would bring them in and what keeps them out. Here is "
    "how to ask, how to share decisions, and how to show afterwards what came of it.",
    "performances-and-progression": "There is more than one ladder. Which steps, stages and "
    "qualifications a service counts as getting on, and whose music is heard on the platform.",
    "nurture-groups": "Small, calm groups in which children who find school hard make music "
    "together every week. What they need from tutors and schools, and what services saw change.",
    "working-with-local-authorities-and-schools": "Virtual schools, early help, public health, "
    "SENCOs and heads know which children are missing out. How to find the right person, speak "
    "of what matters to them, and build something that lasts.",
    "recruitment-and-workforce-diversity": "Who teaches, leads and is seen decides who feels at "
    "home. How to advertise, choose and support people in ways that open the door to more of "
    "them.",
    "outcomes-evaluation-and-quality": "How to tell that something changed for young people, and "
    "for whom it did not. Ways to set outcomes, to gather evidence without a burden, and to make "
    "inclusion part of what quality means.",
    "repertoire-and-decolonising": "What is played says whose music counts. How to widen what is "
    "taught with care and with credit, together with the people whose music it is.",
    "send-and-access": "Young people with special educational needs and disabled young people "
    "have the same right to make music well. What to change in rooms, instruments, materials and "
    "teaching, and whom to ask first.",
}


def introduce(apps, schema_editor):  # noqa: ARG001
    topics = apps.get_model("portal", "Topic").objects
    for slug, about in ABOUT.items():
        topics.filter(slug=slug, about="").update(about=about)


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_finding_services")]
    operations = [
        migrations.AddField(
            model_name="topic",
            name="about",
            field=models.TextField(
                blank=True,
                help_text="What it is about, and why it matters, in two or three plain sentences.",
                max_length=800,
                verbose_name="introduction",
            ),
        ),
        migrations.RunPython(introduce, migrations.RunPython.noop),
    ]
