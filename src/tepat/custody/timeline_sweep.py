"""The facts of very many objects up to a moment, read from the ledger in one sweep.

`holdings.facts_of` looks each object's events up; that is best for few objects. For all of a kabupaten it is
faster to read each event once and to give it to the objects that it names.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast

from tepat.common import ledger
from tepat.common.models import Event
from tepat.custody import indexing
from tepat.custody.events import KINDS, Accepted, Payload, read_payload
from tepat.custody.facts import Fact, microseconds
from tepat.custody.models import ConfirmedEvent, Device

ROWS_AT_ONCE = 2_000

_objects = msgspec.json.Decoder(tuple[str, ...])
_plain = msgspec.json.Decoder(dict[str, Any])
_payloads = {kind: msgspec.json.Decoder(struct) for kind, struct in KINDS.items()}


class _Row(NamedTuple):
    """An event as it is read: objects and payload still as text."""

    id: UUID
    kind: str
    kind_version: int
    occurred_at: datetime
    occurred_uncertainty_s: int
    recorded_at: datetime
    actor: UUID
    device: str
    counter: int
    place: str
    objects_text: str
    payload_text: str


def facts_until(
    names: Collection[str], *, at: datetime | None, known: datetime | None
) -> dict[str, list[Fact]]:
    """Return the custody facts of objects that count at a moment, by object; what `holdings.facts_of` tells.

    Args:
        names: The objects.
        at: What occurred later does not count; None: all of it counts.
        known: What was recorded later does not count; None: all of it counts.
    """
    found: dict[str, list[Fact]] = {name: [] for name in names}
    doubts, pins = _Doubts(), _pins()
    for row in _rows(at, known):
        objects = _objects.decode(row.objects_text)
        mine = [found[name] for name in dict.fromkeys(objects) if name in found]
        if mine:
            fact = _fact(row, objects, pins, revoked=doubts.of(row))
            for facts in mine:
                facts.append(fact)
    return found


def objects_after(at: datetime | None, known: datetime | None) -> set[str]:
    """Return every object with an event that does not count yet at a moment.

    Args:
        at: What occurred later does not count; None: all of it counts.
        known: What was recorded later does not count; None: all of it counts.
    """
    rows = Event.objects.filter(kind__in=tuple(KINDS)).order_by()
    found: set[str] = set()
    # Nothing occurs after it was recorded: the index on the recording narrows both searches.
    wanted = [rows.filter(recorded_at__gt=at, occurred_at__gt=at)] if at else []
    wanted += [rows.filter(recorded_at__gt=known)] if known else []
    for some in wanted:
        texts = some.annotate(objects_text=Cast("objects_named", TextField())).values_list(
            "objects_text", flat=True
        )
        for text in texts.iterator(ROWS_AT_ONCE):
            found.update(_objects.decode(text))
    return found


def _rows(at: datetime | None, known: datetime | None) -> Iterator[_Row]:
    rows = Event.objects.filter(kind__in=tuple(KINDS)).order_by()
    if at:
        rows = rows.filter(occurred_at__lte=at)
    if known:
        rows = rows.filter(recorded_at__lte=known)
    texts = rows.annotate(
        objects_text=Cast("objects_named", TextField()), payload_text=Cast("payload", TextField())
    )
    for values in texts.values_list(*_Row._fields).iterator(ROWS_AT_ONCE):
        yield _Row._make(values)


def _fact(row: _Row, objects: tuple[str, ...], pins: dict[str, Any], *, revoked: bool) -> Fact:
    payload = _payload(row)
    if isinstance(payload, Accepted) and payload.pin == "tersegel" and str(row.id) in pins:
        payload = msgspec.structs.replace(payload, pin=pins[str(row.id)])
    return Fact(
        id=str(row.id),
        kind=row.kind,
        payload=payload,
        at_us=microseconds(row.occurred_at),
        uncertainty_s=row.occurred_uncertainty_s,
        recorded_us=microseconds(row.recorded_at),
        actor=str(row.actor),
        device=row.device,
        counter=row.counter,
        objects=objects,
        place=row.place,
        revoked=revoked,
    )


def _payload(row: _Row) -> Payload:
    if row.kind_version == ledger.version_of(row.kind):
        return _payloads[row.kind].decode(row.payload_text)
    return read_payload(
        row.kind, ledger.upcast_payload(row.kind, _plain.decode(row.payload_text), row.kind_version)
    )


class _Doubts:
    """Which events are of revoked identities, and not confirmed."""

    def __init__(self) -> None:
        revoked = Device.objects.filter(revoked_at__isnull=False)
        self.devices = set(revoked.values_list("pk", flat=True))
        confirmed = ConfirmedEvent.objects.values_list("pk", flat=True) if self.devices else ()
        self.confirmed = set(confirmed)

    def of(self, row: _Row) -> bool:
        return row.device in self.devices and row.id not in self.confirmed


def _pins() -> dict[str, Any]:
    """Return what the office found when it opened sealed PINs, by the receipt's id; the last one counts."""
    rows = Event.objects.filter(kind=indexing.PIN_CHECKED).order_by("recorded_at", "id")
    return {
        str(payload["event"]): payload["pin"]
        for payload in rows.values_list("payload", flat=True).iterator(ROWS_AT_ONCE)
    }
