import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("distribution", "0006_endings")]

    operations = [
        migrations.CreateModel(
            name="StrategyBound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("strategy", models.CharField(max_length=60)),
                ("bound_rupiah", models.BigIntegerField()),
                ("converged", models.BooleanField(help_text="more time could not have raised it")),
                (
                    "assumed",
                    models.JSONField(
                        help_text="sentences: what a plan must have in common with the planner's reading"
                    ),
                ),
                ("proved_at", models.DateTimeField()),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bounds",
                        to="distribution.problemfile",
                    ),
                ),
            ],
            options={
                "ordering": ("problem", "strategy"),
                "constraints": [models.UniqueConstraint(fields=("problem", "strategy"), name="bound_once")],
            },
        ),
    ]
