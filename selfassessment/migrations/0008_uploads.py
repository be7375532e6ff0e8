import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('selfassessment', '0007_benchmark'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role_group', models.CharField(blank=True, choices=[('senior', 'Senior leaders'), ('manager', 'Managers'), ('tutor', 'Tutors'), ('office', 'Admin and finance'), ('trustee', 'Trustees and governors'), ('council', 'Council officers'), ('partner', 'Partners and schools'), ('young', 'Young people'), ('parent', 'Parents and carers'), ('others', 'Roles not told apart'), ('families', 'Young people, parents and carers')], help_text='Blank: it goes into the ratings of whoever brought it in.', max_length=16, verbose_name='role group')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('content', models.BinaryField(blank=True, null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be read'), ('reading', 'Being read'), ('ready', 'Read, not taken in yet'), ('refused', 'Could not be read'), ('taken_in', 'Taken in'), ('discarded', 'Discarded')], default='waiting', max_length=12)),
                ('trouble', models.TextField(blank=True, verbose_name='what is wrong with it')),
                ('found', models.JSONField(blank=True, default=dict, help_text='What it says: see found.py.')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='selfassessment.audit')),
                ('response', models.ForeignKey(blank=True, help_text='The ratings it goes into, or went into. None yet: it becomes a new respondent.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='selfassessment.response')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('role_group__in', ['senior', 'manager', 'tutor', 'office', 'trustee', 'council', 'partner', 'young', 'parent', 'others', 'families', ''])), name='selfassessment_upload_role_group_is_known', violation_error_message='Choose one of the values offered for role group.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'reading', 'ready', 'refused', 'taken_in', 'discarded'])), name='selfassessment_upload_state_is_known', violation_error_message='Choose one of the values offered for state.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('state__in', ('waiting', 'reading'))), models.Q(models.Q(('state__in', ('waiting', 'reading')), _negated=True), ('content__isnull', True)), _connector='OR'), name='upload_keeps_its_file_only_until_it_is_read', violation_error_message='A file is kept until it is read, and no longer.'),
                    models.CheckConstraint(condition=models.Q(('state', 'ready'), ('found', {}), _connector='OR'), name='upload_keeps_what_it_says_only_until_it_is_taken_in', violation_error_message='What a file says is kept until it is taken in.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('role_group', ''), _negated=True), ('response__isnull', False), _connector='OR'), name='upload_is_for_somebody', violation_error_message='Choose a role group.'),
                ],
            },
        ),
    ]
