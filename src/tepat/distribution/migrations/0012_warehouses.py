import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_replace_by_index'),
        ('distribution', '0011_roster'),
    ]

    operations = [
        migrations.AddField(
            model_name='warehousesurvey',
            name='contact',
            field=models.ForeignKey(help_text='the owner or whoever has the key; the name lies in the vault', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warehouses', to='common.person'),
        ),
        migrations.AddField(
            model_name='warehousesurvey',
            name='docks',
            field=models.PositiveIntegerField(help_text='vehicles that load at once', null=True),
        ),
        migrations.AddField(
            model_name='warehousesurvey',
            name='flood_history',
            field=models.CharField(blank=True, help_text='when, how deep; never who', max_length=200),
        ),
        migrations.AddField(
            model_name='warehousesurvey',
            name='gate_height_mm',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='warehousesurvey',
            name='gate_width_mm',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='warehousesurvey',
            name='road_class',
            field=models.CharField(blank=True, choices=[('truck', 'truk'), ('pickup', 'pikap'), ('motorcycle', 'motor')], help_text='the largest that the road to it bears', max_length=12),
        ),
        migrations.AddField(
            model_name='warehousesurvey',
            name='stack_mm',
            field=models.PositiveIntegerField(help_text='how high boxes may stand', null=True),
        ),
        migrations.CreateModel(
            name='WarehouseChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area_code', models.CharField(max_length=13)),
                ('sha256', models.CharField(max_length=64)),
                ('winner', models.CharField(blank=True, help_text="the cheapest set's short name", max_length=40)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.UUIDField()),
                ('plan', models.ForeignKey(help_text='the plan of the cheapest set; empty where no set serves everything', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warehouse_choices', to='distribution.planversion')),
                ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warehouse_choices', to='distribution.problemfile')),
            ],
            options={
                'ordering': ('-made_at', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('problem', 'sha256'), name='warehouse_choice_once')],
            },
        ),
    ]
