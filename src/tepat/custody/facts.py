"""What the fold reads of an event: moments as whole microseconds, the payload as its struct."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tepat.custody.events import Payload, read_payload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Fact(msgspec.Struct, frozen=True, gc=False):
    """One event, as the rules see it.

    Args:
        id: The event's id; two facts of one id are one fact.
        kind: A key of `events.KINDS`.
        payload: Its struct.
        at_us: When it occurred, as the server believes: microseconds since 1970, UTC.
        uncertainty_s: How wrong `at_us` may be either way, in seconds.
        recorded_us: When the server recorded it; no rule sorts by it.
        actor: Who says it.
        device: The device that made it, or empty.
        counter: The device's running number, or 0.
        objects: Every object that it is about.
        place: Where, or empty.
        revoked: Its identity was revoked, and nobody has confirmed this event.
    """

    id: str
    kind: str
    payload: Payload
    at_us: int
    uncertainty_s: int = 0
    recorded_us: int = 0
    actor: str = ""
    device: str = ""
    counter: int = 0
    objects: tuple[str, ...] = ()
    place: str = ""
    revoked: bool = False


def fact_of(envelope: Mapping[str, Any], *, revoked: bool = False) -> Fact:
    """Return the fact of a stored event.

    Args:
        envelope: The names of the ledger's envelope with `payload`, upcast to the newest version; `objects`
            may be called `objects_named`, moments may be `datetime` or ISO 8601.
        revoked: Its identity was revoked, and nobody has confirmed this event.

    Raises:
        msgspec.ValidationError: The payload is not what its kind says.
        KeyError: No custody or packing event, or no whole envelope.
    """
    objects = envelope["objects"] if "objects" in envelope else envelope["objects_named"]
    return Fact(
        id=str(envelope["id"]),
        kind=envelope["kind"],
        payload=read_payload(envelope["kind"], envelope["payload"]),
        at_us=microseconds(envelope["occurred_at"]),
        uncertainty_s=envelope["occurred_uncertainty_s"],
        recorded_us=microseconds(envelope["recorded_at"]),
        actor=str(envelope["actor"]),
        device=envelope["device"],
        counter=envelope["counter"],
        objects=tuple(objects),
        place=envelope["place"],
        revoked=revoked,
    )


def microseconds(moment: datetime | str) -> int:
    """Return a moment as whole microseconds since 1970, UTC.

    Args:
        moment: With a zone; or ISO 8601 with one.
    """
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    assert at.tzinfo is not None, f"{moment} names no zone"
    return (at - _EPOCH) // _MICROSECOND


def moment_of(at_us: int) -> datetime:
    """Return microseconds since 1970 as a moment in UTC."""
    return _EPOCH + at_us * _MICROSECOND
