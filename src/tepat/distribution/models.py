"""What the office keeps: problems, checked plans with their way to the pleno, prices it set itself."""

from django.db import models
from django.db.models import Q

from tepat.common.models import Election, Person, Place
from tepat.distribution import (  # noqa: F401 -- rows of this app, in files of their own
    bound_models,
    draft_models,
    ending_models,
    notice_models,
    roster_models,
    stress_models,
    warehouse_models,
)


class ProblemFile(models.Model):
    """A `problem.json` in the documents store, with its matrices; plans are compared within one."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="problems")
    area_code = models.CharField(max_length=13)
    sha256 = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    variant_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="variants",
        help_text="the problem it is a what-if of, such as rain; empty: it stands for itself",
    )

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.title


class PlanVersion(models.Model):
    """One checked plan. A plan that breaches a rule never becomes a row; a published one never changes."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", "diterima pemeriksa"
        INCOMPLETE = "incomplete", "belum lengkap"

    class State(models.TextChoices):
        DRAFT = "draf", "Draf KUL"
        PROPOSED = "diajukan", "Di sekretaris"
        FORWARDED = "diteruskan", "Di pleno"
        PUBLISHED = "ditetapkan", "Ditetapkan"

    problem = models.ForeignKey(ProblemFile, on_delete=models.PROTECT, related_name="plans")
    area_code = models.CharField(max_length=13)
    number = models.PositiveIntegerField()
    strategy = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status)
    verdict = models.JSONField(help_text="summary, findings and corridor of rules")
    column = models.JSONField(help_text="its column in the comparison")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    returned_reason = models.CharField(max_length=400, blank=True)
    minutes_number = models.CharField(max_length=80, blank=True)
    minutes_date = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=2000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("problem", "sha256"), name="plan_once"),
            models.UniqueConstraint(fields=("area_code", "number"), name="plan_number_once"),
            models.CheckConstraint(
                condition=~Q(state="ditetapkan")
                | (
                    Q(published_at__isnull=False, published_by__isnull=False, minutes_date__isnull=False)
                    & ~Q(minutes_number="")
                    & ~Q(reason="")
                ),
                name="published_plan_has_minutes",
            ),
            models.CheckConstraint(
                condition=Q(state="draf") | Q(status="accepted"), name="only_whole_plans_leave_the_draft"
            ),
        )

    def __str__(self) -> str:
        return f"Versi {self.number}: {self.title}"

    @property
    def frozen(self) -> bool:
        """Whether it was published and can no longer change."""
        return self.state == self.State.PUBLISHED


class PriceSetting(models.Model):
    """A price that the office set itself; without a row the example holds, marked so."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="prices")
    area_code = models.CharField(max_length=13)
    price = models.CharField(max_length=60)
    rupiah = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("election", "price")
        constraints = (
            models.UniqueConstraint(fields=("election", "area_code", "price"), name="price_setting_once"),
        )

    def __str__(self) -> str:
        return f"{self.price} = {self.rupiah}"


class PaperSetting(models.Model):
    """What the office decided about its papers; without a row the defaults hold."""

    area_code = models.CharField(max_length=13, unique=True)
    values = models.JSONField(help_text="the fields of PaperSettings")
    set_at = models.DateTimeField()
    set_by = models.UUIDField()

    def __str__(self) -> str:
        return f"setelan kertas {self.area_code}"


class PrintedPaper(models.Model):
    """One printed paper: a line of "dokumen yang belum ada" until all its pages came back."""

    class Kind(models.TextChoices):
        SURAT_JALAN = "surat-jalan", "Surat jalan"
        BAST = "bast", "BAST"
        TANDA_TERIMA = "tanda-terima", "Tanda terima"
        STRATEGY = "strategi", "Naskah strategi"
        BILL = "rab", "RAB"
        ESCORT = "pengawalan", "Rencana pengawalan"
        EXTRACT = "petikan", "Petikan rencana"
        SCHEDULE = "jadwal", "Jadwal untuk Bawaslu"
        LETTER = "surat-tugas", "Surat tugas"

    id = models.CharField(primary_key=True, max_length=10)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="papers")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="papers")
    area_code = models.CharField(max_length=13, help_text="whose people read it and bring it back")
    kind = models.CharField(max_length=12, choices=Kind)
    draft = models.BooleanField(help_text="printed before the plan was published")
    running = models.PositiveIntegerField()
    number = models.CharField(max_length=120)
    day = models.DateField()
    about = models.CharField(max_length=200)
    trip = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=80, blank=True)
    group = models.CharField(max_length=80, help_text="what the papers of its file share")
    file = models.CharField(max_length=64, help_text="SHA-256 of the PDF it stands in")
    first_page = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    page_totals = models.JSONField(help_text="all numbers of pages it was ever printed with")
    printed_at = models.DateTimeField()

    class Meta:
        ordering = ("day", "kind", "running")
        indexes = (models.Index(fields=("plan", "draft"), name="paper_of_plan"),)
        constraints = (
            models.UniqueConstraint(
                fields=("election", "kind", "number"), condition=Q(draft=False), name="paper_number_once"
            ),
            models.CheckConstraint(condition=Q(pages__gte=1, first_page__gte=1), name="paper_has_a_page"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class ReturnedScan(models.Model):
    """A scan or photo that came back; the file lies in the documents store by its hash."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="scans")
    area_code = models.CharField(max_length=13, help_text="of the post that brought it")
    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    pages = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()
    received_by = models.UUIDField()

    class Meta:
        ordering = ("-received_at", "-pk")

    def __str__(self) -> str:
        return self.name


class ReturnedPage(models.Model):
    """One page of a scan and the page of a paper that it shows; nothing while nobody knows which.

    A page that is none of the office's papers is set aside with a reason; its file stays.
    """

    scan = models.ForeignKey(ReturnedScan, on_delete=models.PROTECT, related_name="read_pages")
    page = models.PositiveSmallIntegerField(help_text="in the scan, from 1")
    paper = models.ForeignKey(PrintedPaper, on_delete=models.PROTECT, null=True, related_name="returned")
    paper_page = models.PositiveSmallIntegerField(null=True)
    paper_pages = models.PositiveSmallIntegerField(null=True)
    typed = models.BooleanField(default=False, help_text="matched by a typed id, not by the QR")
    matched_at = models.DateTimeField(null=True)
    matched_by = models.UUIDField(null=True)
    aside_reason = models.CharField(max_length=200, blank=True, help_text="why it is none of our papers")
    aside_at = models.DateTimeField(null=True)
    aside_by = models.UUIDField(null=True)

    class Meta:
        ordering = ("scan", "page")
        constraints = (
            models.UniqueConstraint(fields=("scan", "page"), name="scan_page_once"),
            models.CheckConstraint(
                condition=Q(
                    paper__isnull=True,
                    paper_page__isnull=True,
                    paper_pages__isnull=True,
                    matched_at__isnull=True,
                    matched_by__isnull=True,
                )
                | Q(
                    paper__isnull=False,
                    paper_page__gte=1,
                    paper_page__lte=models.F("paper_pages"),
                    matched_at__isnull=False,
                    matched_by__isnull=False,
                ),
                name="page_matched_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(aside_reason="", aside_at__isnull=True, aside_by__isnull=True)
                | (
                    Q(paper__isnull=True, aside_at__isnull=False, aside_by__isnull=False)
                    & ~Q(aside_reason="")
                ),
                name="page_aside_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scan} halaman {self.page}"

    @property
    def area_code(self) -> str:
        """Whose people may see it: those of the paper, or of the scan while the paper is unknown."""
        return self.paper.area_code if self.paper else self.scan.area_code


class OfficeVehicle(models.Model):
    """A vehicle that the office can have, from its own list; plans are then made with these."""

    class VehicleClass(models.TextChoices):
        TRUCK = "truck", "truk"
        PICKUP = "pickup", "pikap"
        MOTORCYCLE = "motorcycle", "motor"

    area_code = models.CharField(max_length=13)
    plate = models.CharField(max_length=20)
    vehicle_class = models.CharField(max_length=12, choices=VehicleClass)
    boxes_max = models.PositiveIntegerField()
    volume_ml = models.PositiveBigIntegerField(null=True)
    weight_g = models.PositiveBigIntegerField(null=True)
    rent_rupiah = models.PositiveBigIntegerField(null=True, help_text="a day")
    rupiah_per_km = models.PositiveIntegerField(null=True)
    home_code = models.CharField(max_length=13, blank=True, help_text="its kecamatan, or empty")
    owner = models.CharField(max_length=120, blank=True, help_text="a firm or an office, never a person")
    driver = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="vehicles")
    days = models.JSONField(default=list, help_text="local dates on which it can be had; empty: all")
    source = models.CharField(max_length=200)
    listed_at = models.DateTimeField()

    class Meta:
        ordering = ("plate",)
        constraints = (
            models.UniqueConstraint(fields=("area_code", "plate"), name="vehicle_once"),
            models.CheckConstraint(condition=Q(boxes_max__gte=1), name="vehicle_carries_something"),
        )

    def __str__(self) -> str:
        return self.plate


class WarehouseSurvey(models.Model):
    """What the office's list says of a candidate warehouse; None is not yet known."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="survey")
    area_code = models.CharField(max_length=13)
    address = models.CharField(max_length=200, blank=True)
    usable_m2 = models.PositiveIntegerField()
    rent_rupiah = models.PositiveBigIntegerField(null=True, help_text="for the whole time")
    repair_rupiah = models.PositiveBigIntegerField(null=True)
    stack_mm = models.PositiveIntegerField(null=True, help_text="how high boxes may stand")
    gate_class = models.CharField(max_length=12, choices=OfficeVehicle.VehicleClass, blank=True)
    gate_width_mm = models.PositiveIntegerField(null=True)
    gate_height_mm = models.PositiveIntegerField(null=True)
    road_class = models.CharField(
        max_length=12,
        choices=OfficeVehicle.VehicleClass,
        blank=True,
        help_text="the largest that the road to it bears",
    )
    docks = models.PositiveIntegerField(null=True, help_text="vehicles that load at once")
    guards = models.PositiveIntegerField(null=True)
    flood = models.BooleanField(null=True)
    flood_history = models.CharField(max_length=200, blank=True, help_text="when, how deep; never who")
    cctv = models.BooleanField(null=True)
    fire_extinguisher = models.BooleanField(null=True)
    contact = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="warehouses",
        help_text="the owner or whoever has the key; the name lies in the vault",
    )
    source = models.CharField(max_length=200)
    listed_at = models.DateTimeField()

    class Meta:
        ordering = ("place__name",)

    def __str__(self) -> str:
        return self.place.name
