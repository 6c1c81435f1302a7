import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_replace_by_index'),
        ('distribution', '0010_plan_drafts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='printedpaper',
            name='kind',
            field=models.CharField(choices=[('surat-jalan', 'Surat jalan'), ('bast', 'BAST'), ('tanda-terima', 'Tanda terima'), ('strategi', 'Naskah strategi'), ('rab', 'RAB'), ('pengawalan', 'Rencana pengawalan'), ('petikan', 'Petikan rencana'), ('jadwal', 'Jadwal untuk Bawaslu'), ('surat-tugas', 'Surat tugas')], max_length=12),
        ),
        migrations.CreateModel(
            name='Availability',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=13)),
                ('licence', models.CharField(blank=True, choices=[('', 'belum dicatat'), ('A', 'SIM A'), ('B1', 'SIM B I'), ('B2', 'SIM B II'), ('C', 'SIM C')], max_length=2)),
                ('away', models.JSONField(default=list, help_text='local dates on which they cannot come')),
                ('set_at', models.DateTimeField()),
                ('set_by', models.UUIDField()),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='availability', to='common.person')),
            ],
            options={
                'verbose_name_plural': 'availabilities',
            },
        ),
        migrations.CreateModel(
            name='RosterPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(help_text='of the first duty', max_length=13)),
                ('changed_at', models.DateTimeField(help_text='when their duties became what they are')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.UUIDField(help_text='who wrote it down', null=True)),
                ('answered_how', models.CharField(blank=True, choices=[('sendiri', 'di layarnya sendiri'), ('telepon', 'lewat telepon')], max_length=8)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster_people', to='common.person')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster_people', to='distribution.planversion')),
            ],
            options={
                'ordering': ('plan', 'area_code', 'person'),
                'constraints': [models.UniqueConstraint(fields=('plan', 'person'), name='roster_person_once'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('answered_how', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answered_how', ''), _negated=True)), _connector='OR'), name='roster_answered_whole_or_not')],
            },
        ),
        migrations.CreateModel(
            name='RosterSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seat', models.CharField(help_text='such as T-001:2:penerima', max_length=80)),
                ('area_code', models.CharField(help_text='whose people do it', max_length=13)),
                ('by_hand', models.BooleanField(help_text='put there by a person: a proposal keeps it')),
                ('set_at', models.DateTimeField()),
                ('set_by', models.UUIDField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='common.person')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='distribution.planversion')),
            ],
            options={
                'ordering': ('plan', 'seat'),
                'constraints': [models.UniqueConstraint(fields=('plan', 'seat'), name='roster_seat_once')],
            },
        ),
    ]
