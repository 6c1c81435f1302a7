"""What the office keeps of a comparison of warehouses, beside the problem with all candidates."""

from django.db import models


class WarehouseChoice(models.Model):
    """One comparison; its report lies in the documents store by its hash, the cheapest plan beside it."""

    problem = models.ForeignKey(
        "distribution.ProblemFile", on_delete=models.PROTECT, related_name="warehouse_choices"
    )
    plan = models.ForeignKey(
        "distribution.PlanVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="warehouse_choices",
        help_text="the plan of the cheapest set; empty where no set serves everything",
    )
    area_code = models.CharField(max_length=13)
    sha256 = models.CharField(max_length=64)
    winner = models.CharField(max_length=40, blank=True, help_text="the cheapest set's short name")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("problem", "sha256"), name="warehouse_choice_once"),)

    def __str__(self) -> str:
        return f"pilihan gudang {self.winner or 'belum ada'}"
