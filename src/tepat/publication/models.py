"""The log's rows: what was numbered, signed and witnessed stays; only the sequencer's place moves on."""

from django.db import models

from tepat.common.models import Event


class LogState(models.Model):
    """Where the sequencer stands. Its row is the lock: who holds it is the only one who numbers and signs."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    edge = models.BinaryField(default=b"")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="log_state_is_one"),)

    def __str__(self) -> str:
        return f"{self.size} entri"


class LogEntry(models.Model):
    """One event with its number in the log, and its entry exactly as published."""

    number = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, related_name="log_entry")
    entry = models.TextField()
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "log entries"
        ordering = ("number",)
        constraints = (models.CheckConstraint(condition=models.Q(number__gte=0), name="log_entry_number"),)

    def __str__(self) -> str:
        return f"entri {self.number}"


class LogTile(models.Model):
    """A full tile of hashes, and the hash under which it stands one level up."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="log_tile_once"),)

    def __str__(self) -> str:
        return f"petak {self.level}/{self.index}"


class ObjectCount(models.Model):
    """How many entries name an object, and the last of them; follows from the entries."""

    object = models.CharField(max_length=200, primary_key=True)
    count = models.BigIntegerField()
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.object} {self.count}"


class Checkpoint(models.Model):
    """A state of the log that was signed."""

    origin = models.CharField(max_length=120)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("origin", "size"), name="checkpoint_once"),)

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Witness(models.Model):
    """Somebody outside the office whose cosignatures count: Bawaslu, the province, a newsroom."""

    name = models.CharField(max_length=120, unique=True)
    vkey = models.CharField(max_length=200, unique=True)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "witnesses"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Witnessed(models.Model):
    """A witness's cosignature on one checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.DO_NOTHING, related_name="witnessed")
    witness = models.ForeignKey(Witness, on_delete=models.DO_NOTHING, related_name="witnessed")
    line = models.CharField(max_length=400)
    cosigned_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "witnessed"
        constraints = (models.UniqueConstraint(fields=("checkpoint", "witness"), name="witnessed_once"),)

    def __str__(self) -> str:
        return f"saksi {self.witness_id}"
