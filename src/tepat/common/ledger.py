"""Writing and reading the ledger. Events are written by actions only, and never change; readers upcast.

A leaf is SHA-256 of 0x00 and the RFC 8785 form of the envelope, in which the payload stands as a salted hash:
leaves can be published and proved, and nobody can guess the payload. docs/decisions/0001-ground.md.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from tepat.common import identity
from tepat.common.acting import Actor, running
from tepat.common.bulk import insert, insert_values
from tepat.common.canonical import canonical
from tepat.common.models import Event, EventSalt
from tepat.common.models.ledger import REAL, REHEARSAL

LEAF_PREFIX = b"\x00"
SALT_BYTES = 32
PAYLOAD_BYTES_MAX = 32_768
OBJECTS_MAX = 500

type Payload = dict[str, Any]
type Upcaster = Callable[[Payload], Payload]


class About(msgspec.Struct, frozen=True):
    """What an event says beside its payload.

    Args:
        objects: Ids of the things it is about.
        place: The code of a place or an area, or empty.
        evidence: SHA-256 of documents that show it.
        device: The device that made it, or empty.
        counter: The device's own running number.
        occurred_at: When it happened, if not now.
        occurred_uncertainty_s: How wrong that may be, in seconds.
        made: The event's id, version and salt where a device made it, or None.
    """

    objects: tuple[str, ...] = ()
    place: str = ""
    evidence: tuple[str, ...] = ()
    device: str = ""
    counter: int = 0
    occurred_at: datetime | None = None
    occurred_uncertainty_s: int = 0
    made: "Made | None" = None


class Made(msgspec.Struct, frozen=True):
    """What a device gave its event, and its signature holds on to.

    Args:
        id: The event's id.
        kind_version: The version of the payload, not above the one written now.
        salt: The payload's salt, hexadecimal.
        payload_hash: What `hash_payload` says of payload and salt, where whoever took it in has just looked.
    """

    id: UUID
    kind_version: int
    salt: str
    payload_hash: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One event that is about to be written.

    Args:
        kind: A declared kind.
        payload: Plain values without names, contacts or fractions.
        about: Objects, place, evidence, device.
    """

    kind: str
    payload: Mapping[str, Any]
    about: About


type Listener = Callable[[Sequence[Event]], None]

_listeners: list[Listener] = []


def listen(function: Listener) -> Listener:
    """Have a function told of events right after they are written, in the same transaction.

    Args:
        function: Gets the stored events; whatever it raises undoes them too.
    """
    if function not in _listeners:
        _listeners.append(function)
    return function


_versions: dict[str, int] = {}
_upcasters: dict[tuple[str, int], Upcaster] = {}


def kind(name: str, *, version: int = 1) -> str:
    """Declare a kind of event and the version that is written now; return its name.

    Args:
        name: ``stage.past-tense``, such as ``register.loaded``.
        version: Raise it when the payload changes shape, and add an `upcast` from the version before.
    """
    assert _versions.get(name, version) == version, f"{name} declared twice"
    _versions[name] = version
    return name


def version_of(name: str) -> int:
    """Return the version of a kind that is written now; 0 for a kind that nobody declared."""
    return _versions.get(name, 0)


def kinds() -> tuple[str, ...]:
    """Return every kind of event that is declared in this process."""
    return tuple(sorted(_versions))


def upcast(name: str, *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Declare how a payload of an older version reads in the next one."""

    def declare(function: Upcaster) -> Upcaster:
        assert (name, from_version) not in _upcasters, f"{name} {from_version} has two upcasters"
        _upcasters[name, from_version] = function
        return function

    return declare


def read(event: Event) -> Payload:
    """Return an event's payload as the version that is written now; the stored one stays as it is."""
    return upcast_payload(event.kind, event.payload, event.kind_version)


def upcast_payload(name: str, payload: Mapping[str, Any], version: int) -> Payload:
    """Return a payload of an older version as the one that is written now.

    Args:
        name: The kind.
        payload: As it was written.
        version: The version in which it was written.
    """
    current = dict(payload)
    for old in range(version, _versions.get(name, version)):
        current = _upcasters[name, old](current)
    return current


def mode() -> str:
    """Return the mode of this process's ledger: ``resmi`` or ``latihan``."""
    return REHEARSAL if settings.LATIHAN else REAL


def record(
    kind_name: str, payload: Mapping[str, Any], *, by: Actor, at: datetime, about: About | None = None
) -> Event:
    """Write one event, inside the transaction of the action that causes it.

    Args:
        kind_name: A declared kind.
        payload: Plain values without names, contacts or fractions: text, whole numbers, yes/no, lists,
            tables.
        by: Who did it.
        at: When it is recorded, with a zone.
        about: Objects, place, evidence, device; and when it occurred, if not at `at`.

    Returns:
        The stored event.
    """
    return record_all([Entry(kind_name, payload, about or About())], by=by, at=at)[0]


def record_all(entries: Sequence[Entry], *, by: Actor, at: datetime) -> list[Event]:
    """Write some events at once, inside the transaction of the action that causes them.

    Args:
        entries: What is written, in this order.
        by: Who did it.
        at: When it is recorded, with a zone.

    Returns:
        The stored events, in the same order.
    """
    now_running = running.get()
    assert now_running is not None, "events are recorded by actions only"
    assert transaction.get_connection().in_atomic_block, "events are recorded inside the action's transaction"
    made = [_make(entry, by, at.astimezone(UTC)) for entry in entries]
    events = [event for event, _ in made]
    insert(events)
    insert_values(EventSalt, [(event.id, salt) for event, salt in made])
    now_running.entries += len(events)
    for listener in _listeners:
        listener(events)
    return events


def _make(entry: Entry, by: Actor, at: datetime) -> tuple[Event, str]:
    about = entry.about
    assert entry.kind in _versions, f"{entry.kind} is not declared"
    assert len(about.objects) <= OBJECTS_MAX, len(about.objects)
    plain = dict(entry.payload)
    _refuse_fractions(plain)
    made = about.made or Made(identity.event_id(), _versions[entry.kind], secrets.token_hex(SALT_BYTES))
    event = Event(
        id=made.id,
        kind=entry.kind,
        kind_version=made.kind_version,
        occurred_at=(about.occurred_at or at).astimezone(UTC),
        occurred_uncertainty_s=about.occurred_uncertainty_s,
        recorded_at=at,
        actor=by.person,
        device=about.device or by.device,
        counter=about.counter,
        mode=mode(),
        objects_named=list(about.objects),
        place=about.place,
        payload=plain,
        payload_hash=made.payload_hash or hash_payload(plain, made.salt),
        evidence=list(about.evidence),
    )
    event.leaf_hash = leaf_hash(event)
    return event, made.salt


def _refuse_fractions(value: Any) -> None:
    assert not isinstance(value, float), f"fractions have no place in the ledger: {value}"
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return
    for part in value:
        if type(part) is not str:  # most are
            _refuse_fractions(part)


def hash_payload(payload: Mapping[str, Any], salt: str) -> str:
    """Return the salted hash under which a payload stands in its leaf.

    Args:
        payload: Plain values.
        salt: Hexadecimal.
    """
    raw = canonical(dict(payload))
    assert len(raw) <= PAYLOAD_BYTES_MAX, f"a payload of {len(raw)} bytes: store a document instead"
    return hashlib.sha256(bytes.fromhex(salt) + raw).hexdigest()


def leaf_hash(event: Event) -> str:
    """Return the leaf of an event from its envelope; needs no salt and no payload."""
    return hashlib.sha256(LEAF_PREFIX + canonical(commitment(event))).hexdigest()


def commitment(event: Event) -> dict[str, Any]:
    """Return what an event's leaf commits to: the envelope, without personal data."""
    return {
        "id": str(event.id),
        "kind": event.kind,
        "kind_version": event.kind_version,
        "occurred_at": moment(event.occurred_at),
        "occurred_uncertainty_s": event.occurred_uncertainty_s,
        "recorded_at": moment(event.recorded_at),
        "actor": str(event.actor),
        "device": event.device,
        "counter": event.counter,
        "mode": event.mode,
        "objects": event.objects_named,
        "place": event.place,
        "payload_hash": event.payload_hash,
        "evidence": event.evidence,
    }


def moment(at: datetime) -> str:
    """Return a moment as leaves write it: UTC, microseconds, ``Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def faults(events: Iterable[Event], salts: Mapping[Any, str]) -> list[str]:
    """Return what is wrong with stored events: one line for each whose hash no longer fits.

    Args:
        events: Events as stored.
        salts: Salts by event id; an erased one is no fault, the payload is then no longer provable.
    """
    found = []
    for event in events:
        if leaf_hash(event) != event.leaf_hash:
            found.append(f"{event.id}: leaf")
        salt = salts.get(event.id)
        if salt is not None and hash_payload(event.payload, salt) != event.payload_hash:
            found.append(f"{event.id}: payload")
    return found


def head(leaves: Iterable[str]) -> str:
    """Return one hash over a set of leaves, whatever their order: what two copies compare."""
    return hashlib.sha256("\n".join(sorted(leaves)).encode()).hexdigest()
