"""The ending of a refusal: what the office decided, until a new receipt closes it."""

from django.db import models
from django.db.models import Q

from tepat.common.models import Person


class Ending(models.Model):
    """One refusal at a hand-over and how it ends: replacement, trip, minutes; a receipt closes it."""

    offer = models.UUIDField(primary_key=True, help_text="the offer that was refused, whole or in part")
    area_code = models.CharField(max_length=13, blank=True, help_text="the receiving post's area")
    to_post = models.CharField(max_length=80)
    refused_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    refused = models.JSONField(help_text="the refused objects with reason, note and photo")
    replaced = models.JSONField(default=dict, help_text="what comes instead, by refused object")
    trip = models.CharField(max_length=80, blank=True, help_text="a trip of the plan that takes it along")
    vehicle = models.CharField(max_length=80, blank=True, help_text="a vehicle beside the plan")
    driver = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    depart_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    planned_by = models.UUIDField(null=True)
    running = models.PositiveIntegerField(null=True, unique=True, help_text="of its minutes")
    number = models.CharField(max_length=120, blank=True)
    numbered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = (models.F("closed_at").desc(nulls_first=True), "refused_at", "offer")
        indexes = (models.Index(fields=("closed_at", "refused_at"), name="ending_open"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(running__isnull=True, number="", numbered_at__isnull=True)
                | (Q(running__isnull=False, numbered_at__isnull=False) & ~Q(number="")),
                name="ending_number_whole_or_not",
            ),
        )

    def __str__(self) -> str:
        return f"penggantian {self.offer}"

    @property
    def objects_refused(self) -> list[str]:
        """The refused objects."""
        return [entry["object"] for entry in self.refused]

    @property
    def planned(self) -> bool:
        """Whether it is known by what the replacement comes."""
        return bool(self.trip or self.vehicle)
