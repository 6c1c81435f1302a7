"""Writing and reading the ledger. Events are written by actions only, and never change; readers upcast.

A leaf is SHA-256 of 0x00 and the RFC 8785 form of the envelope, in which the payload stands as a salted hash:
leaves can be published and proved, and nobody can guess the payload. docs/decisions/0001-ground.md.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.conf import settings
from django.db import transaction

from tepat.common import identity
from tepat.common.acting import Actor, running
from tepat.common.models import Event, EventSalt
from tepat.common.models.ledger import REAL, REHEARSAL

LEAF_PREFIX = b"\x00"
SALT_BYTES = 32
PAYLOAD_BYTES_MAX = 32_768
OBJECTS_MAX = 500

type Payload = dict[str, Any]
type Upcaster = Callable[[Payload], Payload]


@dataclass(frozen=True)
class About:
    """What an event says beside its payload.

    Args:
        objects: Ids of the things it is about.
        place: The code of a place or an area, or empty.
        evidence: SHA-256 of documents that show it.
        device: The device that made it, or empty.
        counter: The device's own running number.
        occurred_at: When it happened, if not now.
        occurred_uncertainty_s: How wrong that may be, in seconds.
    """

    objects: tuple[str, ...] = ()
    place: str = ""
    evidence: tuple[str, ...] = ()
    device: str = ""
    counter: int = 0
    occurred_at: datetime | None = None
    occurred_uncertainty_s: int = 0


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
    payload, version = dict(event.payload), event.kind_version
    while version < _versions.get(event.kind, version):
        payload = _upcasters[event.kind, version](payload)
        version += 1
    return payload


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
    now_running = running.get()
    assert now_running is not None, "events are recorded by actions only"
    assert transaction.get_connection().in_atomic_block, "events are recorded inside the action's transaction"
    assert kind_name in _versions, f"{kind_name} is not declared"
    about = about or About()
    assert len(about.objects) <= OBJECTS_MAX, len(about.objects)
    plain = dict(payload)
    _refuse_fractions(plain)
    salt = secrets.token_hex(SALT_BYTES)
    event = Event(
        id=identity.event_id(),
        kind=kind_name,
        kind_version=_versions[kind_name],
        occurred_at=(about.occurred_at or at).astimezone(UTC),
        occurred_uncertainty_s=about.occurred_uncertainty_s,
        recorded_at=at.astimezone(UTC),
        actor=by.person,
        device=about.device or by.device,
        counter=about.counter,
        mode=mode(),
        objects_named=list(about.objects),
        place=about.place,
        payload=plain,
        payload_hash=hash_payload(plain, salt),
        evidence=list(about.evidence),
    )
    event.leaf_hash = leaf_hash(event)
    event.save(force_insert=True)
    EventSalt.objects.create(event=event, salt=salt)
    now_running.entries += 1
    return event


def _refuse_fractions(value: Any) -> None:
    assert not isinstance(value, float), f"fractions have no place in the ledger: {value}"
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_fractions(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _refuse_fractions(part)


def hash_payload(payload: Mapping[str, Any], salt: str) -> str:
    """Return the salted hash under which a payload stands in its leaf.

    Args:
        payload: Plain values.
        salt: Hexadecimal.
    """
    canonical = rfc8785.dumps(dict(payload))
    assert len(canonical) <= PAYLOAD_BYTES_MAX, (
        f"a payload of {len(canonical)} bytes: store a document instead"
    )
    return hashlib.sha256(bytes.fromhex(salt) + canonical).hexdigest()


def leaf_hash(event: Event) -> str:
    """Return the leaf of an event from its envelope; needs no salt and no payload."""
    return hashlib.sha256(LEAF_PREFIX + rfc8785.dumps(commitment(event))).hexdigest()


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
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
