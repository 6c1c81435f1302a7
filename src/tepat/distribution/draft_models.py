"""What somebody is changing in a plan and has not saved yet."""

from django.db import models
from django.db.models import Q


class PlanDraft(models.Model):
    """One person's changes of one plan version; saving makes a version, and nobody writes over anybody."""

    plan = models.ForeignKey("distribution.PlanVersion", on_delete=models.PROTECT, related_name="drafts")
    area_code = models.CharField(max_length=13)
    changes = models.JSONField(default=list, help_text="what was done, oldest first")
    undone = models.JSONField(default=list, help_text="what was taken back, the next to redo last")
    revision = models.PositiveIntegerField(default=0, help_text="counts every change of this row")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    changed_at = models.DateTimeField()
    saved = models.ForeignKey(
        "distribution.PlanVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="saved_drafts",
        help_text="the version it became; empty while it is open",
    )

    class Meta:
        ordering = ("-changed_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "made_by"), condition=Q(saved__isnull=True), name="one_open_draft_each"
            ),
        )

    def __str__(self) -> str:
        return f"suntingan {self.plan}"
