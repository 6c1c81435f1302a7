"""How a plan stood up to what may go wrong, beside the plan."""

from django.db import models


class StressTest(models.Model):
    """One stress test of a checked plan; its report lies in the documents store by its hash."""

    plan = models.ForeignKey(
        "distribution.PlanVersion", on_delete=models.PROTECT, related_name="stress_tests"
    )
    area_code = models.CharField(max_length=13)
    sha256 = models.CharField(max_length=64)
    replays = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    hold_percent = models.PositiveSmallIntegerField(null=True, help_text="the promise; empty: only measured")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("plan", "sha256"), name="stress_test_once"),)

    def __str__(self) -> str:
        return f"uji ketahanan {self.plan}"
