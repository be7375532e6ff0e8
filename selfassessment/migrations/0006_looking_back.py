import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('selfassessment', '0005_agreed_and_unnamed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='what it was')),
                ('taken_on', models.DateField(help_text='The first day of what is known.', verbose_name='when')),
                ('exactness', models.CharField(choices=[('day', 'The day'), ('month', 'The month'), ('school_year', 'The academic year'), ('year', 'The calendar year')], default='day', max_length=12)),
                ('lowest', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='lowest level')),
                ('highest', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='highest level')),
                ('brought_in_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('brought_in_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='baselines', to='portal.musicservice')),
            ],
            options={
                'ordering': ['-taken_on', 'name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='BaselineTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(blank=True, max_length=120, verbose_name='area')),
                ('total', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='total')),
                ('most', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='out of')),
                ('statements', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='statements')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('baseline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='totals', to='selfassessment.baseline')),
            ],
            options={
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EditionMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('newer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mappings_back', to='selfassessment.questionnaire')),
                ('older', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mappings_onward', to='selfassessment.questionnaire')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MappingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('became', models.CharField(choices=[('unchanged', 'Unchanged'), ('reworded', 'Reworded'), ('split', 'Split'), ('merged', 'Merged'), ('new', 'New'), ('dropped', 'Dropped')], max_length=12, verbose_name='what became of it')),
                ('mapping', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='selfassessment.editionmapping')),
                ('new', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='selfassessment.statement')),
                ('old', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='selfassessment.statement')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='baseline',
            constraint=models.CheckConstraint(condition=models.Q(('exactness__in', ['day', 'month', 'school_year', 'year'])), name='selfassessment_baseline_exactness_is_known', violation_error_message='Choose one of the values offered for exactness.'),
        ),
        migrations.AddConstraint(
            model_name='baseline',
            constraint=models.UniqueConstraint(fields=('service', 'name', 'taken_on', 'exactness'), name='one_baseline_per_name_and_date', violation_error_message='There are totals of this name and date already.'),
        ),
        migrations.AddConstraint(
            model_name='baseline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('highest__isnull', True), ('lowest__isnull', True)), models.Q(('highest__gt', models.F('lowest')), ('lowest__isnull', False)), _connector='OR'), name='baseline_scale_rises_or_is_not_known', violation_error_message='Give both ends of the scale, the lower one first.'),
        ),
        migrations.AddConstraint(
            model_name='baselinetotal',
            constraint=models.UniqueConstraint(fields=('baseline', 'area'), name='one_total_per_area_of_a_baseline', violation_error_message='This area has a total already.'),
        ),
        migrations.AddConstraint(
            model_name='baselinetotal',
            constraint=models.CheckConstraint(condition=models.Q(('most__gt', 0), ('total__gte', 0), ('total__lte', models.F('most'))), name='baseline_total_lies_within_what_there_could_be', violation_error_message='A total is not more than it could be.'),
        ),
        migrations.AddConstraint(
            model_name='baselinetotal',
            constraint=models.CheckConstraint(condition=models.Q(('statements__isnull', True), ('statements__gte', 1), _connector='OR'), name='baseline_total_has_statements_or_does_not_say', violation_error_message='Give the number of statements, or leave it out.'),
        ),
        migrations.AddConstraint(
            model_name='editionmapping',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', True), ('reviewed_by__isnull', True)), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='selfassessment_editionmapping_reviewed_at_with_reviewed_by', violation_error_message='Say both when it happened and who did it.'),
        ),
        migrations.AddConstraint(
            model_name='editionmapping',
            constraint=models.UniqueConstraint(fields=('older', 'newer'), name='one_mapping_per_pair_of_editions', violation_error_message='These two editions are compared already.'),
        ),
        migrations.AddConstraint(
            model_name='editionmapping',
            constraint=models.CheckConstraint(condition=models.Q(('older', models.F('newer')), _negated=True), name='mapping_is_between_two_editions', violation_error_message='Choose two different editions.'),
        ),
        migrations.AddConstraint(
            model_name='mappingline',
            constraint=models.CheckConstraint(condition=models.Q(('became__in', ['unchanged', 'reworded', 'split', 'merged', 'new', 'dropped'])), name='selfassessment_mappingline_became_is_known', violation_error_message='Choose one of the values offered for became.'),
        ),
        migrations.AddConstraint(
            model_name='mappingline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('became', 'new'), ('new__isnull', False), ('old__isnull', True)), models.Q(('became', 'dropped'), ('new__isnull', True), ('old__isnull', False)), models.Q(models.Q(('became__in', ['new', 'dropped']), _negated=True), ('new__isnull', False), ('old__isnull', False)), _connector='OR'), name='mapping_line_has_the_sides_of_its_kind', violation_error_message='A new one has none before it, a dropped one none after.'),
        ),
        migrations.AddConstraint(
            model_name='mappingline',
            constraint=models.UniqueConstraint(condition=models.Q(('became', 'split'), _negated=True), fields=('mapping', 'old'), name='an_old_statement_becomes_one_unless_split', violation_error_message='This statement is accounted for already.'),
        ),
        migrations.AddConstraint(
            model_name='mappingline',
            constraint=models.UniqueConstraint(condition=models.Q(('became', 'merged'), _negated=True), fields=('mapping', 'new'), name='a_new_statement_comes_from_one_unless_merged', violation_error_message='This statement is accounted for already.'),
        ),
    ]
