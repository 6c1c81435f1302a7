import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('distribution', '0009_stress_tests'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=13)),
                ('changes', models.JSONField(default=list, help_text='what was done, oldest first')),
                ('undone', models.JSONField(default=list, help_text='what was taken back, the next to redo last')),
                ('revision', models.PositiveIntegerField(default=0, help_text='counts every change of this row')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.UUIDField()),
                ('changed_at', models.DateTimeField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='distribution.planversion')),
                ('saved', models.ForeignKey(help_text='the version it became; empty while it is open', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='saved_drafts', to='distribution.planversion')),
            ],
            options={
                'ordering': ('-changed_at', '-pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('saved__isnull', True)), fields=('plan', 'made_by'), name='one_open_draft_each')],
            },
        ),
    ]
