"""The proved lower bound of a strategy, beside the plans it judges."""

from django.db import models


class StrategyBound(models.Model):
    """How cheap any plan of one strategy of a problem can be; the highest that was ever proved."""

    problem = models.ForeignKey("distribution.ProblemFile", on_delete=models.PROTECT, related_name="bounds")
    strategy = models.CharField(max_length=60)
    bound_rupiah = models.BigIntegerField()
    converged = models.BooleanField(help_text="more time could not have raised it")
    assumed = models.JSONField(
        help_text="sentences: what a plan must have in common with the planner's reading"
    )
    proved_at = models.DateTimeField()

    class Meta:
        ordering = ("problem", "strategy")
        constraints = (models.UniqueConstraint(fields=("problem", "strategy"), name="bound_once"),)

    def __str__(self) -> str:
        return f"{self.strategy} ≥ {self.bound_rupiah}"
