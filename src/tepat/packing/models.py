"""What is packed: sets, their boxes and bundles, cartons of ballots, tables, seals, openings, re-checks."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from tepat.common.models import Election, Place
from tepat.common.models.places import InArea
from tepat.packing.rules import Box


class SetRows(InArea["PackingSet"]):
    area_field = "area_code"


class PackingSet(models.Model):
    """The set of one TPS, PPS or PPK, with what it must hold as the needs were when it was prepared."""

    class Level(models.TextChoices):
        TPS = "tps", "TPS"
        PPS = "pps", "PPS"
        PPK = "ppk", "PPK"

    class State(models.TextChoices):
        WAITING = "belum", "Belum dikepak"
        BEGUN = "dikepak", "Sedang dikepak"
        COMPLETE = "lengkap", "Lengkap dan tersegel"

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="packing_sets")
    area_code = models.CharField(max_length=13, help_text="the desa, or the kecamatan of a PPK")
    level = models.CharField(max_length=3, choices=Level)
    tps_number = models.PositiveSmallIntegerField(null=True)
    unit = models.CharField(max_length=12, help_text="such as 091015-001")
    kit = models.JSONField(default=list, help_text="what lies in the kit: goods and quantities")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    needs_changed = models.BooleanField(default=False, help_text="the needs changed after packing began")
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    registered_at = models.DateTimeField(null=True, help_text="when custody began; once, for good")

    objects = SetRows.as_manager()

    class Meta:
        ordering = ("election", "area_code", "tps_number")
        indexes = (models.Index(fields=("election", "area_code", "state"), name="set_by_area"),)
        constraints = (
            models.UniqueConstraint(fields=("election", "unit"), name="packing_set_once"),
            models.CheckConstraint(
                condition=Q(level="tps", tps_number__isnull=False)
                | (~Q(level="tps") & Q(tps_number__isnull=True)),
                name="only_a_tps_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state="lengkap", completed_at__isnull=False)
                | (~Q(state="lengkap") & Q(completed_at__isnull=True)),
                name="complete_set_has_a_moment",
            ),
        )

    def __str__(self) -> str:
        return self.unit


class PackedRows(InArea["PackedObject"]):
    area_field = "set__area_code"


class PackedObject(models.Model):
    """One box or bundle: its label, what must lie in it and what was scanned into it."""

    class State(models.TextChoices):
        WAITING = "belum", "Belum diisi"
        FILLING = "diisi", "Sedang diisi"
        CLOSED = "tertutup", "Tertutup"
        SEALED = "tersegel", "Tersegel"
        OPENED = "dibuka", "Dibuka lagi"

    class Later(models.TextChoices):
        """What became of a sealed box after it was sent, as far as it is known here."""

        AS_SENT = "", "Seperti dikirim"
        OPENED = "dibuka", "Dibuka sesuai rencana"
        RETURN = "pulang", "Tersegel untuk pulang"

    set = models.ForeignKey(PackingSet, on_delete=models.CASCADE, related_name="packed")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="packed")
    code = models.CharField(max_length=14, help_text="such as 091015-001-3")
    object_id = models.CharField(max_length=80, unique=True)
    slot = models.CharField(max_length=1)
    is_box = models.BooleanField()
    ballot = models.CharField(max_length=10, blank=True)
    dapil = models.CharField(max_length=40, blank=True)
    mark = models.CharField(max_length=2, blank=True)
    sheets = models.PositiveIntegerField(default=0)
    contents = models.JSONField(default=list, help_text="goods and quantities that it must hold")
    packed = models.JSONField(default=dict, help_text="quantities scanned, by goods")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    sealed_at = models.DateTimeField(null=True)
    later = models.CharField(max_length=6, choices=Later, blank=True, default=Later.AS_SENT)

    objects = PackedRows.as_manager()

    class Meta:
        ordering = ("election", "code")
        indexes = (models.Index(fields=("election", "state"), name="packed_by_state"),)
        constraints = (models.UniqueConstraint(fields=("election", "code"), name="label_code_once"),)

    def __str__(self) -> str:
        return self.code

    @property
    def area_code(self) -> str:
        """The area of its set."""
        return self.set.area_code

    @property
    def closed(self) -> bool:
        """Whether nothing more goes in."""
        return self.state in {self.State.CLOSED, self.State.SEALED}

    def as_box(self) -> Box:
        """Return it as the rules see it."""
        needs: dict[str, int] = dict(self.contents)
        return Box(self.code, self.ballot, self.mark, needs, self.packed, closed=self.closed)


class BallotLot(models.Model):
    """A carton of ballots of one ballot and dapil, as it was received and sorted."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="lots")
    area_code = models.CharField(max_length=13)
    code = models.CharField(max_length=20, help_text="such as DPRDK-3-0007")
    ballot = models.CharField(max_length=10)
    dapil = models.CharField(max_length=40, blank=True)
    mark = models.CharField(max_length=2, blank=True)
    number = models.PositiveSmallIntegerField()
    sheets = models.PositiveIntegerField()
    origin = models.CharField(max_length=120, help_text="carton or delivery it came from")
    received_at = models.DateTimeField()
    received_by = models.UUIDField()

    class Meta:
        ordering = ("election", "ballot", "mark", "number")
        constraints = (
            models.UniqueConstraint(fields=("election", "code"), name="lot_once"),
            models.CheckConstraint(condition=Q(sheets__gte=1), name="lot_holds_sheets"),
        )

    def __str__(self) -> str:
        return self.code


class PackingTable(models.Model):
    """A table (*meja*) in a warehouse where sets are packed."""

    area_code = models.CharField(max_length=13)
    name = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="packing_tables")

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("area_code", "name"), name="table_once"),)

    def __str__(self) -> str:
        return self.name


class PackingSession(models.Model):
    """Two people at a table for a while: what they scan carries their session."""

    table = models.ForeignKey(PackingTable, on_delete=models.PROTECT, related_name="sessions")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="packing_sessions")
    first = models.UUIDField(help_text="who scans and answers for the table")
    second = models.UUIDField()
    second_proof = models.CharField(max_length=13, blank=True, help_text="as `SecondProof` of custody")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("table",), condition=Q(closed_at__isnull=True), name="one_session_at_a_table"
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="two_people_at_a_table"),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.opened_at:%d-%m %H:%M}"

    @property
    def area_code(self) -> str:
        """The area of its table."""
        return self.table.area_code


class PackedLine(models.Model):
    """One scan that put goods into a box, once by its id: which lot, at which table, when."""

    id = models.UUIDField(primary_key=True)
    object = models.ForeignKey(PackedObject, on_delete=models.CASCADE, related_name="lines")
    session = models.ForeignKey(PackingSession, on_delete=models.PROTECT, related_name="lines")
    item = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    lot = models.ForeignKey(BallotLot, on_delete=models.PROTECT, null=True, related_name="lines")
    scanned_at = models.DateTimeField(help_text="by the table's own clock, never after it was received")

    class Meta:
        ordering = ("scanned_at", "id")
        indexes = (
            models.Index(fields=("session", "scanned_at"), name="line_by_table_and_hour"),
            models.Index(fields=("lot",), name="line_by_lot"),
        )

    def __str__(self) -> str:
        return f"{self.object_id} {self.item}"


class ScanReceipt(models.Model):
    """A scan that was answered, so that it counts once however often it is sent."""

    id = models.UUIDField(primary_key=True)
    session = models.ForeignKey(PackingSession, on_delete=models.PROTECT, related_name="receipts")
    answer = models.JSONField()

    def __str__(self) -> str:
        return str(self.id)


class Seal(models.Model):
    """One seal; a printed number once in an election, whatever became of it.

    A return seal waits in box 1 until the paper says on which box it was put after the count.
    """

    class SealSet(models.TextChoices):
        OUT = "keluar", "pergi"
        BACK = "kembali", "pulang"

    object = models.ForeignKey(PackedObject, on_delete=models.PROTECT, related_name="seals")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="seals")
    number = models.CharField(max_length=24, blank=True, help_text="empty: none is printed on it")
    seal_set = models.CharField(max_length=8, choices=SealSet, default=SealSet.OUT)
    waiting = models.BooleanField(default=False, help_text="given for the way back, not yet on a box")
    first = models.UUIDField()
    second = models.UUIDField(null=True, help_text="empty: only the paper names the second person")
    second_proof = models.CharField(max_length=13, blank=True, help_text="as `SecondProof` of custody")
    photo = models.CharField(max_length=64, blank=True, help_text="SHA-256")
    put_at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True, help_text="when it was written down later, from paper")
    removed_at = models.DateTimeField(null=True)
    removed_as_planned = models.BooleanField(default=False)

    class Meta:
        ordering = ("object", "put_at", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("election", "number"), condition=~Q(number=""), name="seal_number_once"
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="two_people_seal"),
            models.CheckConstraint(condition=~Q(number="") | ~Q(photo=""), name="unnumbered_seal_has_photo"),
        )

    def __str__(self) -> str:
        return self.number or "tanpa nomor"

    @property
    def area_code(self) -> str:
        """The area of its box."""
        return self.object.area_code


class Opening(models.Model):
    """A sealed box that was opened: why, by whom, who was there; minutes are made of one before its day."""

    object = models.ForeignKey(PackedObject, on_delete=models.PROTECT, related_name="openings")
    event = models.UUIDField(help_text="the ledger's event")
    first = models.UUIDField()
    second = models.UUIDField(null=True, help_text="empty: only the paper names the second person")
    second_proof = models.CharField(max_length=13, blank=True, help_text="as `SecondProof` of custody")
    reason = models.CharField(max_length=400)
    panwascam = models.BooleanField()
    polri = models.BooleanField()
    old_seals = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    planned = models.BooleanField(default=False, help_text="by KPPS on polling day, or at the recapitulation")
    noted_at = models.DateTimeField(null=True, help_text="when it was written down later, from paper")
    paper = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the paper's photo")

    class Meta:
        ordering = ("-opened_at", "-pk")

    def __str__(self) -> str:
        return f"pembukaan {self.object}"

    @property
    def area_code(self) -> str:
        """The area of its box."""
        return self.object.area_code


class Recheck(models.Model):
    """A blind re-check: a sample drawn from a seed, so that anybody can draw it again."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="rechecks")
    area_code = models.CharField(max_length=13)
    seed = models.CharField(max_length=40)
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.UUIDField()

    class Meta:
        ordering = ("-drawn_at", "-pk")

    def __str__(self) -> str:
        return f"periksa ulang {self.seed}"


class RecheckLine(models.Model):
    """One box of a sample and what the checker found, who did not see what was expected."""

    class Result(models.TextChoices):
        WAITING = "belum", "Belum diperiksa"
        RIGHT = "sesuai", "Sesuai"
        WRONG = "salah", "Salah"

    recheck = models.ForeignKey(Recheck, on_delete=models.CASCADE, related_name="lines")
    object = models.ForeignKey(PackedObject, on_delete=models.PROTECT, related_name="rechecks")
    rank = models.PositiveIntegerField()
    result = models.CharField(max_length=6, choices=Result, default=Result.WAITING)
    found = models.JSONField(default=dict, help_text="what the checker counted and read")
    faults = models.JSONField(default=list, help_text="what differs, in words")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField(null=True)

    class Meta:
        ordering = ("recheck", "rank")
        constraints = (models.UniqueConstraint(fields=("recheck", "object"), name="box_once_in_a_recheck"),)

    def __str__(self) -> str:
        return f"{self.recheck} {self.rank}"

    @property
    def area_code(self) -> str:
        """The area of its recheck."""
        return self.recheck.area_code


def rows_of(object_: PackedObject) -> dict[str, Any]:
    """Return what a page of a table needs of a box, as plain values."""
    return {
        "code": object_.code,
        "ballot": object_.ballot,
        "mark": object_.mark,
        "needs": object_.contents,
        "packed": object_.packed,
        "closed": object_.closed,
        "sealed": object_.state == PackedObject.State.SEALED,
    }
