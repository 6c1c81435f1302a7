"""Who does what in a plan: a row for each filled seat, one for each person, and who cannot come when."""

from datetime import date

from django.db import models
from django.db.models import Q

SEAT_LENGTH_MAX = 80


class RosterSeat(models.Model):
    """One filled seat of a plan. A published plan never changes; who does it still can."""

    plan = models.ForeignKey("distribution.PlanVersion", on_delete=models.PROTECT, related_name="roster")
    seat = models.CharField(max_length=SEAT_LENGTH_MAX, help_text="such as T-001:2:penerima")
    person = models.ForeignKey("common.Person", on_delete=models.PROTECT, related_name="roster")
    area_code = models.CharField(max_length=13, help_text="whose people do it")
    by_hand = models.BooleanField(help_text="put there by a person: a proposal keeps it")
    set_at = models.DateTimeField()
    set_by = models.UUIDField()

    class Meta:
        ordering = ("plan", "seat")
        constraints = (models.UniqueConstraint(fields=("plan", "seat"), name="roster_seat_once"),)

    def __str__(self) -> str:
        return self.seat


class RosterPerson(models.Model):
    """One person of a plan's roster: since when the duties are as they are, and whether they said yes."""

    class How(models.TextChoices):
        OWN = "sendiri", "di layarnya sendiri"
        PHONED = "telepon", "lewat telepon"

    plan = models.ForeignKey(
        "distribution.PlanVersion", on_delete=models.PROTECT, related_name="roster_people"
    )
    person = models.ForeignKey("common.Person", on_delete=models.PROTECT, related_name="roster_people")
    area_code = models.CharField(max_length=13, help_text="of the first duty")
    changed_at = models.DateTimeField(help_text="when their duties became what they are")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True, help_text="who wrote it down")
    answered_how = models.CharField(max_length=8, choices=How, blank=True)

    class Meta:
        ordering = ("plan", "area_code", "person")
        constraints = (
            models.UniqueConstraint(fields=("plan", "person"), name="roster_person_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answered_how="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answered_how="")),
                name="roster_answered_whole_or_not",
            ),
        )

    def __str__(self) -> str:
        return f"petugas {self.person_id}"


class Availability(models.Model):
    """What the office noted of somebody beside the post: the driving licence, and when they cannot come."""

    class Licence(models.TextChoices):
        UNKNOWN = "", "belum dicatat"
        CAR = "A", "SIM A"
        LORRY = "B1", "SIM B I"
        TRAILER = "B2", "SIM B II"
        MOTORCYCLE = "C", "SIM C"

    person = models.OneToOneField("common.Person", on_delete=models.PROTECT, related_name="availability")
    area_code = models.CharField(max_length=13)
    licence = models.CharField(max_length=2, choices=Licence, blank=True)
    away = models.JSONField(default=list, help_text="local dates on which they cannot come")
    set_at = models.DateTimeField()
    set_by = models.UUIDField()

    class Meta:
        verbose_name_plural = "availabilities"

    def __str__(self) -> str:
        return f"halangan {self.person_id}"

    @property
    def days(self) -> frozenset[date]:
        """The dates on which they cannot come."""
        return frozenset(date.fromisoformat(day) for day in self.away)
