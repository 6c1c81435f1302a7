"""What supervisors write: notes, and *saran perbaikan* that the office answers by a date."""

from django.db import models
from django.db.models import Q


class SupervisorNote(models.Model):
    """A note of Bawaslu, Panwascam or PKD; only its author writes it, only the office answers it."""

    class Kind(models.TextChoices):
        NOTE = "catatan"
        ADVICE = "saran perbaikan"

    kind = models.CharField(max_length=20, choices=Kind)
    area_code = models.CharField(max_length=13)
    subject = models.CharField(
        max_length=120, blank=True, help_text="what it is about: an object's id or a screen"
    )
    text = models.TextField(max_length=4000)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    answer_due_date = models.DateField(null=True, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-written_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="catatan") | Q(answer_due_date__isnull=False),
                name="advice_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="advice_answer_is_dated",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.written_at:%Y-%m-%d}"
