"""What custody keeps: an index into the ledger, projections that can be dropped, identities, and the tray.

`Holding` and `Offer` are projections: `holdings.rebuild` makes the same bytes again. The rest is state of its
own: who may speak (devices, invitations, cards), what was signed, what could not be taken.
"""

from datetime import datetime
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q

from tepat.common.models import Event, Person
from tepat.common.permissions import Role

OBJECT_LENGTH_MAX = 120
POST_LENGTH_MAX = 80
ROLES = [(role.name, role.value) for role in Role]


class ObjectEvent(models.Model):
    """One event that names one object: how the events of an object are found."""

    object_id = models.CharField(max_length=OBJECT_LENGTH_MAX)
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="named", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("object_id", "event"), name="object_event_once"),)
        indexes = (models.Index(fields=("event",), name="object_event_event"),)

    def __str__(self) -> str:
        return f"{self.object_id} {self.event_id}"


class Dirty(models.Model):
    """An object (or offer) with an event that its projection has not read yet."""

    object_id = models.CharField(primary_key=True, max_length=OBJECT_LENGTH_MAX)
    # Written again with each event, so that the row is locked: who folds at this moment leaves it for later.
    again = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.object_id


class Holding(models.Model):
    """Who holds one object, as folded from its events; a projection."""

    object_id = models.CharField(primary_key=True, max_length=OBJECT_LENGTH_MAX)
    area_code = models.CharField(max_length=13, blank=True, help_text="where the object belongs, or empty")
    status = models.CharField(max_length=20)
    holder = models.CharField(
        max_length=36, blank=True, help_text="a person's id, or empty before there is one"
    )
    post = models.CharField(max_length=POST_LENGTH_MAX, blank=True)
    place = models.CharField(max_length=64, blank=True)
    since_us = models.BigIntegerField(null=True)
    last_evidence_us = models.BigIntegerField(null=True)
    offer = models.CharField(max_length=36, blank=True)
    to_post = models.CharField(max_length=POST_LENGTH_MAX, blank=True)
    one_sided = models.BooleanField()
    claims = models.PositiveSmallIntegerField(help_text="how many claims are kept")
    refused = models.BooleanField(help_text="refused by a receiver and not yet taken by one")
    flags = models.JSONField(help_text="what is marked, such as satu HP")
    state = models.TextField(help_text="the whole state in RFC 8785 form")

    class Meta:
        indexes = (
            models.Index(fields=("area_code", "object_id"), name="holding_area"),
            models.Index(fields=("holder",), name="holding_holder"),
            models.Index(fields=("post",), name="holding_post"),
            models.Index(fields=("offer",), name="holding_offer", condition=~Q(offer="")),
            models.Index(fields=("status",), name="holding_status"),
        )

    def __str__(self) -> str:
        return f"{self.object_id}: {self.status}"


class Offer(models.Model):
    """One offer and what became of it; a projection."""

    class State(models.TextChoices):
        OPEN = "terbuka", "menunggu penerima"
        ACCEPTED = "diterima", "diterima utuh"
        PARTLY = "sebagian", "diterima sebagian"
        REFUSED = "ditolak", "ditolak"
        WITHDRAWN = "ditarik", "ditarik kembali"
        CLAIMED = "dua-klaim", "diterima dua kali"

    id = models.UUIDField(primary_key=True)
    giver = models.CharField(max_length=36)
    from_post = models.CharField(max_length=POST_LENGTH_MAX, blank=True)
    to_post = models.CharField(max_length=POST_LENGTH_MAX)
    to_person = models.CharField(max_length=36, blank=True)
    area_code = models.CharField(max_length=13, blank=True, help_text="the receiving post's area")
    place = models.CharField(max_length=64, blank=True)
    leg = models.CharField(max_length=120, blank=True)
    offered_us = models.BigIntegerField(null=True, help_text="None while only an answer has arrived")
    expected_at = models.CharField(max_length=32, blank=True)
    answered_us = models.BigIntegerField(null=True)
    receiver = models.CharField(max_length=36, blank=True)
    objects_named = models.JSONField(db_column="objects")
    list_hash = models.CharField(max_length=64, blank=True)
    taken = models.PositiveIntegerField()
    missing = models.JSONField()
    refused = models.JSONField(help_text="refused objects with reason and photo")
    extra = models.JSONField()
    differs = models.BooleanField(help_text="a signed difference")
    state = models.CharField(max_length=12, choices=State)

    class Meta:
        indexes = (
            models.Index(fields=("state", "to_post"), name="offer_state_post"),
            models.Index(fields=("giver",), name="offer_giver"),
        )

    def __str__(self) -> str:
        return f"tawaran {self.id}"

    @property
    def count(self) -> int:
        """How many objects were offered."""
        return len(self.objects_named)


class Dated(models.QuerySet[Any]):
    """Rows with `valid_from` and `valid_to`."""

    def valid_at(self, moment: datetime) -> Self:
        """Return the rows that hold at a moment and were not revoked."""
        return self.filter(valid_from__lte=moment, valid_to__gt=moment, revoked_at__isnull=True)


class Card(models.Model):
    """A person's card: what is shown on somebody else's phone. The PIN only as a salted slow hash."""

    number = models.CharField(primary_key=True, max_length=12)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cards")
    role = models.CharField(max_length=30, choices=ROLES)
    area_code = models.CharField(max_length=13)
    post = models.CharField(max_length=POST_LENGTH_MAX)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    issued_at = models.DateTimeField()
    pin_hash = models.CharField(max_length=160, blank=True)
    pin_set_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ("area_code", "role", "number")

    def __str__(self) -> str:
        return self.number


class Invitation(models.Model):
    """A printed code that binds one phone to a person, a post and dates; used once.

    A spare (`kartu cadangan`) has no person until the PPK's own device says whose it is.
    """

    class Kind(models.TextChoices):
        PERSONAL = "undangan", "undangan"
        SPARE = "cadangan", "kartu cadangan"

    code_hash = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=12, unique=True, help_text="printed; no secret")
    kind = models.CharField(max_length=10, choices=Kind)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="invitations")
    role = models.CharField(max_length=30, choices=ROLES)
    area_code = models.CharField(max_length=13)
    post = models.CharField(max_length=POST_LENGTH_MAX, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    second_tries = models.PositiveSmallIntegerField(default=0, help_text="other phones that were refused")

    objects = Dated.as_manager()

    class Meta:
        ordering = ("area_code", "role", "number")
        indexes = (models.Index(fields=("area_code", "kind"), name="invitation_area"),)

    def __str__(self) -> str:
        return self.number


class Device(models.Model):
    """A phone or laptop that signs: its public key, whose it is, at which post, how long.

    The id is the thumbprint of its key. A device on a spare card speaks for nobody until it is activated.
    """

    id = models.CharField(primary_key=True, max_length=64)
    public_key = models.JSONField(help_text="JWK, P-256")
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="device")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="devices")
    role = models.CharField(max_length=30, choices=ROLES)
    area_code = models.CharField(max_length=13)
    post = models.CharField(max_length=POST_LENGTH_MAX, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    bound_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    last_counter = models.PositiveBigIntegerField(default=0)
    heard_at = models.DateTimeField(null=True, help_text="when it last had nothing left to send")
    heard_counter = models.PositiveBigIntegerField(default=0, help_text="its counter then")
    seen_at = models.DateTimeField(null=True)
    clock_error_s = models.IntegerField(
        null=True, help_text="its clock minus the office's, when it last sent"
    )

    objects = Dated.as_manager()

    class Meta:
        ordering = ("area_code", "role", "bound_at")

    def __str__(self) -> str:
        return self.id[:12]


class SignedStatement(models.Model):
    """What a device signed, byte for byte, and its signature."""

    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, primary_key=True, related_name="signed")
    statement = models.BinaryField()
    signature = models.BinaryField()
    claimed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.event_id)


class ConfirmedEvent(models.Model):
    """An event of a revoked identity that somebody has looked at and confirmed; it counts again."""

    event = models.OneToOneField(
        Event, on_delete=models.DO_NOTHING, primary_key=True, related_name="confirmed"
    )
    confirmed_by = models.UUIDField()
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.event_id)


class ExpectedPhoto(models.Model):
    """A photo that an event, or something in the tray, names by its hash, and when it came."""

    sha256 = models.CharField(max_length=64)
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, null=True, related_name="photos")
    tray = models.ForeignKey("TrayItem", on_delete=models.PROTECT, null=True, related_name="photos")
    area_code = models.CharField(max_length=13, blank=True)
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("sha256",), name="photo_hash"),)
        constraints = (
            models.UniqueConstraint(
                fields=("sha256", "event"), condition=Q(tray=None), name="photo_once_an_event"
            ),
            models.UniqueConstraint(
                fields=("sha256", "tray"), condition=Q(event=None), name="photo_once_a_tray_item"
            ),
            models.CheckConstraint(
                condition=Q(event=None, tray__isnull=False) | Q(event__isnull=False, tray=None),
                name="photo_of_one_thing",
            ),
        )

    def __str__(self) -> str:
        return self.sha256[:12]


class PinToCheck(models.Model):
    """A PIN that came sealed beside a receipt; the row goes once the office has opened and compared it."""

    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, primary_key=True, related_name="pin")
    sealed = models.JSONField()

    def __str__(self) -> str:
        return str(self.event_id)


class TrayItem(models.Model):
    """Something that was sent and could not be taken, with the reason. It is never deleted."""

    raw_hash = models.CharField(max_length=64, unique=True)
    raw = models.TextField()
    event_id = models.CharField(max_length=64, blank=True, db_index=True, help_text="as it says itself")
    device = models.CharField(max_length=64, blank=True, db_index=True, help_text="as it says itself")
    area_code = models.CharField(max_length=13, blank=True, help_text="of the device, where that is known")
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    sent_at = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    taken_in_at = models.DateTimeField(null=True)
    taken_in_by = models.UUIDField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-received_at", "-pk")

    def __str__(self) -> str:
        return f"{self.code} {self.event_id}"

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Nothing leaves the tray."""
        raise AssertionError("a tray item is never deleted")
