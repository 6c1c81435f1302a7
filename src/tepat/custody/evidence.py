"""Everything that is on record about some objects, as plain values that anybody can check without us.

No name stands in it: people are their random ids. Payloads, salts, what devices signed and with which key are
there to the byte, so that each event can be held against the log.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tepat.common import ledger
from tepat.common.errors import Refused
from tepat.common.models import Event, EventSalt
from tepat.custody.facts import moment_of
from tepat.custody.models import Device, ExpectedPhoto, ObjectEvent, SignedStatement
from tepat.custody.tiling import Segment
from tepat.custody.timeline_reading import Line, lines_of

EVENTS_MAX = 5_000
FORMAT = "tepat/bukti-1"


@dataclass(frozen=True)
class Dossier:
    """What is on record about some objects.

    Args:
        objects: Their ids.
        lines: Their timelines.
        events: Every event that names one of them, by time.
        plain: The same as plain values, with what each device signed.
        devices: The public keys of the devices among them.
        photos: Hashes of the photos that these events name.
    """

    objects: tuple[str, ...]
    lines: tuple[Line, ...]
    events: tuple[Event, ...]
    plain: tuple[dict[str, Any], ...]
    devices: dict[str, dict[str, str]]
    photos: tuple[str, ...]


def dossier(objects: Sequence[str], *, now_us: int, also: Sequence[str] = ()) -> Dossier:
    """Return all that is on record about some objects.

    Args:
        objects: Boxes and bundles.
        now_us: This moment.
        also: Other objects whose events belong to it, such as the set.

    Raises:
        Refused: EVIDENCE-TOO-LARGE.
    """
    wanted = [*objects, *also]
    ids = set(ObjectEvent.objects.filter(object_id__in=wanted).values_list("event_id", flat=True))
    if len(ids) > EVENTS_MAX:
        raise Refused("EVIDENCE-TOO-LARGE", count=len(ids), limit=EVENTS_MAX)
    events = list(Event.objects.filter(pk__in=ids).order_by("occurred_at", "id"))
    devices = {event.device for event in events if event.device}
    keys = dict(Device.objects.filter(pk__in=devices).values_list("pk", "public_key"))
    photos = ExpectedPhoto.objects.filter(event__in=ids).order_by("sha256")
    by_event: dict[str, list[str]] = {}
    for event, sha256 in photos.values_list("event_id", "sha256"):
        by_event.setdefault(str(event), []).append(sha256)
    return Dossier(
        objects=tuple(objects),
        lines=tuple(lines_of(objects, now_us=now_us)),
        events=tuple(events),
        plain=tuple(_plain(events, by_event)),
        devices=keys,
        photos=tuple(sorted({sha256 for some in by_event.values() for sha256 in some})),
    )


def _plain(events: Sequence[Event], photos: dict[str, list[str]]) -> Iterable[dict[str, Any]]:
    salts = dict(EventSalt.objects.filter(event__in=events).values_list("event_id", "salt"))
    signed = {each.event_id: each for each in SignedStatement.objects.filter(event__in=events)}
    for event in events:
        said = signed.get(event.id)
        yield {
            "commitment": ledger.commitment(event),
            "leaf": event.leaf_hash,
            "payload": event.payload,
            "salt": salts.get(event.id),
            "statement": _b64(said.statement) if said else None,
            "signature": _b64(said.signature) if said else None,
            "photos": photos.get(str(event.id), []),
        }


def _b64(raw: bytes | memoryview) -> str:
    return base64.b64encode(bytes(raw)).decode()


def line_values(line: Line) -> dict[str, Any]:
    """Return one timeline as plain values."""
    state = line.history.state
    return {
        "object": line.object_id,
        "status": state.status,
        "holder": state.holder,
        "post": state.post,
        "flags": [str(flag) for flag in line.history.flags],
        "left_out": list(line.history.left_out),
        "segments": [segment_values(segment) for segment in line.segments],
    }


def segment_values(segment: Segment) -> dict[str, Any]:
    """Return a stretch of time as plain values, with moments as the log writes them."""
    return {
        "kind": segment.kind,
        "holder": segment.holder,
        "post": segment.post,
        "from": ledger.moment(moment_of(segment.from_us)),
        "to": ledger.moment(moment_of(segment.to_us)),
        "cause": segment.cause,
        "doubtful": segment.doubtful,
    }
