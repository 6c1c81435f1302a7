"""Office, elections, areas and polling stations: what is where, and since when."""

from datetime import date
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q


def validate_zone(name: str) -> None:
    """Refuse a time zone that the zone tables do not know.

    Raises:
        ValidationError: No such IANA zone.
    """
    if name not in available_timezones():
        raise ValidationError(
            "Zona waktu %(name)s tidak dikenal; tulis misalnya Asia/Jakarta.", params={"name": name}
        )


class InArea[M: models.Model](models.QuerySet[M]):
    """Rows that lie in an area, by the prefix of the official code."""

    area_field = "area_code"

    def in_area(self, code: str) -> Self:
        """Return the rows whose area is this one or lies within it; all for the empty code."""
        if not code:
            return self
        return self.filter(Q(**{self.area_field: code}) | Q(**{f"{self.area_field}__startswith": code + "."}))


class Office(models.Model):
    """One election office; one cell has one."""

    code = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=120)
    area_code = models.CharField(max_length=13)
    time_zone = models.CharField(max_length=40, validators=[validate_zone])
    letterhead = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it; a zone that does not exist never reaches the table."""
        validate_zone(self.time_zone)
        super().save(*args, **kwargs)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which H-n, curfews and deadlines are meant."""
        return ZoneInfo(self.time_zone)


class Election(models.Model):
    """One election event; lists, sets, boxes and plans all belong to one."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    polling_date = models.DateField()
    rule_set = models.CharField(max_length=40)

    class Meta:
        ordering = ("polling_date", "code")

    def __str__(self) -> str:
        return self.name


class AreaRows(InArea["Area"]):
    area_field = "code"

    def on(self, day: date) -> Self:
        """Return the areas that existed on a day."""
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))


class Area(models.Model):
    """An official area under one code for one span of time; never found by name."""

    class Level(models.TextChoices):
        PROVINSI = "provinsi"
        KABKOTA = "kabkota"
        KECAMATAN = "kecamatan"
        DESA = "desa"

    code = models.CharField(max_length=13)
    level = models.CharField(max_length=10, choices=Level)
    kind = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120)
    parent_code = models.CharField(max_length=13, blank=True, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successor_code = models.CharField(max_length=13, blank=True)
    source = models.CharField(max_length=200)

    objects = AreaRows.as_manager()

    class Meta:
        ordering = ("code", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("code", "valid_from"), name="area_code_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="area_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def area_code(self) -> str:
        """Its own code: the right to see an area is a right in that area."""
        return self.code


class AreaShape(models.Model):
    """The polygon of an area and a point proved inside it."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="shape")
    polygon = models.TextField(help_text="GeoJSON geometry, WGS84")
    inner_lat = models.FloatField(null=True, blank=True)
    inner_lon = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"bentuk {self.area}"


class Dapil(models.Model):
    """An electoral district of one ballot in one election."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="dapil")
    ballot = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    areas = models.ManyToManyField(Area, related_name="dapil")
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("election", "ballot", "code")
        constraints = (
            models.UniqueConstraint(fields=("election", "ballot", "code"), name="dapil_once_for_each_ballot"),
        )

    def __str__(self) -> str:
        return self.name


class TpsRows(InArea["Tps"]):
    area_field = "desa__code"


class Tps(models.Model):
    """A polling station: (election, desa code, number); special ones are numbered 901 and up.

    Accessibility that nobody looked at is None, never "no".
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="tps")
    desa = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="tps")
    number = models.PositiveSmallIntegerField()
    special = models.BooleanField(default=False)
    dpt = models.PositiveIntegerField()
    dptb = models.PositiveIntegerField(default=0)
    voters = models.JSONField(default=dict, help_text="voters by ballot code")
    dapil = models.JSONField(default=dict, help_text="dapil code by ballot code")
    voters_fisik = models.PositiveSmallIntegerField(default=0)
    voters_intelektual = models.PositiveSmallIntegerField(default=0)
    voters_mental = models.PositiveSmallIntegerField(default=0)
    voters_wicara = models.PositiveSmallIntegerField(default=0)
    voters_rungu = models.PositiveSmallIntegerField(default=0)
    voters_netra = models.PositiveSmallIntegerField(default=0)
    step_free = models.BooleanField(null=True, blank=True)
    low_table = models.BooleanField(null=True, blank=True)
    abtn = models.BooleanField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    position_source = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200)
    source_kind = models.CharField(max_length=12, help_text="daftar, contoh, perkiraan")
    accessibility_source = models.CharField(max_length=60, blank=True)

    objects = TpsRows.as_manager()

    class Meta:
        ordering = ("election", "desa__code", "number")
        constraints = (
            models.UniqueConstraint(fields=("election", "desa", "number"), name="tps_once"),
            models.CheckConstraint(
                condition=Q(special=False, number__gte=1, number__lte=900) | Q(special=True, number__gte=901),
                name="tps_special_from_901",
            ),
        )

    def __str__(self) -> str:
        return f"TPS {self.number:03d} {self.desa.name}"

    @property
    def area_code(self) -> str:
        """The desa's code."""
        return self.desa.code

    @property
    def disabled_voters(self) -> int:
        """Voters with any of the six disabilities, in people."""
        return (
            self.voters_fisik
            + self.voters_intelektual
            + self.voters_mental
            + self.voters_wicara
            + self.voters_rungu
            + self.voters_netra
        )


class PlaceRows(InArea["Place"]):
    area_field = "area__code"


class Place(models.Model):
    """A place that holds goods: warehouse, PPK or PPS. Its position says how it is known."""

    class Kind(models.TextChoices):
        GUDANG = "gudang"
        PPK = "ppk"
        PPS = "pps"

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="places")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    position_source = models.CharField(max_length=60)

    objects = PlaceRows.as_manager()

    class Meta:
        ordering = ("kind", "code")

    def __str__(self) -> str:
        return self.name

    @property
    def area_code(self) -> str:
        """The code of the area it lies in."""
        return self.area.code
