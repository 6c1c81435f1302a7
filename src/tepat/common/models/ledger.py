"""The append-only truth: events in their final envelope, and what stands beside them."""

from django.db import models
from django.db.models import Q

from tepat.common import identity

REAL = "resmi"
REHEARSAL = "latihan"


class LedgerIdentity(models.Model):
    """Which ledger this database is; the triggers refuse an event of the other mode."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ledger = models.UUIDField(default=identity.person_id)
    mode = models.CharField(max_length=10)
    system_person = models.UUIDField(default=identity.person_id)

    class Meta:
        verbose_name_plural = "ledger identities"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="ledger_identity_is_one"),
            models.CheckConstraint(condition=Q(mode__in=(REAL, REHEARSAL)), name="ledger_identity_mode"),
        )

    def __str__(self) -> str:
        return f"{self.mode} {self.ledger}"


class Event(models.Model):
    """One thing that happened. The database refuses to change or delete it; a correction is a new event."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=60)
    kind_version = models.PositiveSmallIntegerField()
    occurred_at = models.DateTimeField()
    occurred_uncertainty_s = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(db_index=True)
    actor = models.UUIDField()
    device = models.CharField(max_length=64, blank=True)
    counter = models.PositiveBigIntegerField()
    mode = models.CharField(max_length=10)
    objects_named = models.JSONField(db_column="objects")
    place = models.CharField(max_length=64, blank=True)
    payload = models.JSONField()
    payload_hash = models.CharField(max_length=64)
    evidence = models.JSONField()
    leaf_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("recorded_at", "id")
        indexes = (models.Index(fields=("kind", "recorded_at"), name="event_kind_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(mode__in=(REAL, REHEARSAL)), name="event_mode"),
            models.CheckConstraint(condition=Q(kind_version__gte=1), name="event_kind_version"),
            models.UniqueConstraint(
                fields=("device", "counter"),
                condition=~Q(device=""),
                name="event_counter_once_a_device",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class EventSalt(models.Model):
    """The salt of one payload, in the vault: without it nobody can guess a payload from its hash."""

    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, primary_key=True, related_name="salt")
    salt = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"garam {self.pk}"


class ActionReceipt(models.Model):
    """What an action answered to a key; the same key again gets the same answer and does nothing."""

    key = models.CharField(max_length=120, unique=True)
    action = models.CharField(max_length=80)
    actor = models.UUIDField()
    arguments_hash = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
