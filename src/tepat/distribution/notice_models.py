"""Who was told of which published schedule, when, and who said that it arrived."""

from django.db import models
from django.db.models import Q

HOURS_DEFAULT = 24
"""Hours before departure in which supervisors are told, until the office sets its own."""

HOURS_MAX = 336
NOTE_LENGTH_MAX = 200


class NoticeSetting(models.Model):
    """`jam_pemberitahuan`: hours before departure in which supervisors are told; no row: the default."""

    area_code = models.CharField(max_length=13, unique=True)
    hours = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=HOURS_MAX), name="notice_hours_sane"),
        )

    def __str__(self) -> str:
        return f"{self.hours} jam"


class ScheduleNotice(models.Model):
    """One published schedule, told to Bawaslu or to one Panwascam; what was told never changes."""

    class Recipient(models.TextChoices):
        BAWASLU = "bawaslu", "Bawaslu"
        PANWASCAM = "panwascam", "Panwascam"

    plan = models.ForeignKey("distribution.PlanVersion", on_delete=models.PROTECT, related_name="notices")
    supersedes = models.ForeignKey(
        "distribution.PlanVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="the schedule that held before; empty: the first one",
    )
    area_code = models.CharField(max_length=13)
    recipient = models.CharField(max_length=12, choices=Recipient)
    given_at = models.DateTimeField()
    given_by = models.UUIDField()
    hours = models.PositiveSmallIntegerField(help_text="that were asked for when it was given")
    departure_at = models.DateTimeField(
        null=True, help_text="the first departure it is about; empty: nothing changed in this area"
    )
    halts = models.PositiveIntegerField(help_text="halts that are new or no longer hold")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    phoned_at = models.DateTimeField(null=True, help_text="the office reached them by telephone")
    phoned_by = models.UUIDField(null=True, help_text="who of the office wrote it down")
    phoned_note = models.CharField(max_length=NOTE_LENGTH_MAX, blank=True)

    class Meta:
        ordering = ("-given_at", "area_code")
        constraints = (
            models.UniqueConstraint(fields=("plan", "area_code"), name="notice_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="notice_acknowledged_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(phoned_at__isnull=True, phoned_by__isnull=True)
                | (Q(phoned_at__isnull=False, phoned_by__isnull=False) & ~Q(phoned_note="")),
                name="notice_phoned_with_a_note",
            ),
        )

    def __str__(self) -> str:
        return f"pemberitahuan {self.plan_id} {self.area_code}"
