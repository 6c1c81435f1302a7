import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('distribution', '0008_schedule_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='StressTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=13)),
                ('sha256', models.CharField(max_length=64)),
                ('replays', models.PositiveIntegerField()),
                ('seed', models.PositiveIntegerField()),
                ('hold_percent', models.PositiveSmallIntegerField(help_text='the promise; empty: only measured', null=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.UUIDField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stress_tests', to='distribution.planversion')),
            ],
            options={
                'ordering': ('-made_at', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('plan', 'sha256'), name='stress_test_once')],
            },
        ),
    ]
