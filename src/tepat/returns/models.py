"""What the way back keeps: recapitulations that ended, and papers of the field with the photos of them."""

from django.db import models
from django.db.models import Q

from tepat.common.models import Election, Person


class Recap(models.Model):
    """The recapitulation of one PPK has ended: from here on its boxes may go to the warehouse."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="recaps")
    area_code = models.CharField(max_length=13, help_text="the kecamatan")
    minutes_number = models.CharField(max_length=80)
    ended_at = models.DateTimeField()
    ended_by = models.UUIDField()

    class Meta:
        ordering = ("area_code",)
        constraints = (models.UniqueConstraint(fields=("election", "area_code"), name="recap_ends_once"),)

    def __str__(self) -> str:
        return f"rekapitulasi {self.area_code}"


class FieldPaper(models.Model):
    """A numbered paper beside the plan's: a blank sheet for a night without phones, or minutes of an event.

    It is a line of "kertas belum kembali" until a photo of the signed sheet came, found by its QR.
    """

    class Kind(models.TextChoices):
        BLANK = "lembar-darurat", "Lembar darurat"
        HANDOVER = "serah-terima", "BAST serah terima"
        DIFFERENCE = "selisih", "BA selisih"
        REFUSAL = "penolakan", "BA penolakan"
        OPENING = "pembukaan", "BA pembukaan"
        RESEAL = "segel-ulang", "BA segel ulang"
        REPLACEMENT = "penggantian", "BA penggantian"
        RETURN = "jalan-pulang", "Surat jalan pulang"

    id = models.CharField(primary_key=True, max_length=10)
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="field_papers")
    area_code = models.CharField(max_length=13)
    kind = models.CharField(max_length=16, choices=Kind)
    running = models.PositiveIntegerField()
    number = models.CharField(max_length=120)
    about = models.CharField(max_length=200, blank=True)
    event = models.UUIDField(null=True, help_text="the event whose minutes it is; empty for a blank sheet")
    file = models.CharField(max_length=64, help_text="SHA-256 of the PDF it stands in")
    first_page = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    printed_at = models.DateTimeField()
    printed_by = models.UUIDField()

    class Meta:
        ordering = ("kind", "running")
        constraints = (
            models.UniqueConstraint(fields=("election", "kind", "running"), name="field_paper_number_once"),
            models.UniqueConstraint(
                fields=("event", "kind"), condition=Q(event__isnull=False), name="minutes_once_an_event"
            ),
            models.CheckConstraint(
                condition=Q(kind="lembar-darurat", event__isnull=True)
                | (~Q(kind="lembar-darurat") & Q(event__isnull=False)),
                name="only_a_blank_sheet_has_no_event",
            ),
        )

    def __str__(self) -> str:
        return self.number


class PaperPhoto(models.Model):
    """A photo or scan of a signed field paper; and the event that was written down from it, if one was."""

    paper = models.ForeignKey(FieldPaper, on_delete=models.PROTECT, related_name="photos")
    page = models.PositiveSmallIntegerField(help_text="of the paper, from 1")
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.UUIDField()
    event = models.UUIDField(null=True, help_text="what was written down later from this sheet")
    confirmed = models.UUIDField(
        null=True, help_text="with what a second person of the office confirmed both signatures"
    )

    class Meta:
        ordering = ("paper", "page", "pk")
        constraints = (models.UniqueConstraint(fields=("paper", "page", "sha256"), name="paper_photo_once"),)

    def __str__(self) -> str:
        return f"{self.paper_id} halaman {self.page}"

    @property
    def area_code(self) -> str:
        """The area of its paper."""
        return self.paper.area_code


class ReturnTrip(models.Model):
    """One planned trip from a PPK to the warehouse; its state is who holds what is on it."""

    id = models.CharField(primary_key=True, max_length=40, help_text="such as PULANG-33.16.09-1")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="return_trips")
    area_code = models.CharField(max_length=13, help_text="the kecamatan")
    to_post = models.CharField(max_length=80, help_text="the warehouse, such as gudang:gudang-33.16")
    vehicle = models.CharField(max_length=20, help_text="its number plate")
    boxes_max = models.PositiveIntegerField()
    driver = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    escort = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    depart_at = models.DateTimeField()
    arrive_at = models.DateTimeField()
    road_source = models.CharField(max_length=80, help_text="how the minutes on the road are known")
    things = models.JSONField(help_text="object ids, in the order of loading")
    boxes = models.PositiveIntegerField()
    critical = models.PositiveIntegerField()
    volume_ml = models.PositiveBigIntegerField()
    weight_g = models.PositiveBigIntegerField()
    event = models.UUIDField(help_text="with what it was planned")
    planned_at = models.DateTimeField()
    planned_by = models.UUIDField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("depart_at", "pk")
        indexes = (models.Index(fields=("election", "area_code"), name="return_trip_by_area"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(arrive_at__gt=models.F("depart_at")), name="return_trip_takes_time"
            ),
        )

    def __str__(self) -> str:
        return self.pk

    @property
    def post(self) -> str:
        """The post of who holds what is on it."""
        return f"angkutan:{self.pk}"
