"""The tray: what came and could not be taken, with its reason. Nothing leaves it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from tepat.common.errors import Refused
from tepat.custody.models import ExpectedPhoto, TrayItem
from tepat.field.checking import CannotTakeError

TRAY_RAW_LENGTH_MAX = 100_000
TRAY_STRANGERS_MAX = 5_000


@dataclass
class Tray:
    """One event for the tray.

    Args:
        raw: As sent.
        fault: Why it cannot be taken.
        event_id: As it says itself.
        device: As it says itself.
        area_code: Of the device, where that is known.
        photos: The photos that it names; only believed where the signature is right.
    """

    raw: bytes
    fault: CannotTakeError
    event_id: str = ""
    device: str = ""
    area_code: str = ""
    photos: tuple[str, ...] = ()


def put_in_tray(trays: Sequence[Tray], *, sent_at: str, received_at: datetime) -> None:
    """Keep what cannot be taken; the same bytes again are counted and not kept twice.

    Args:
        trays: What cannot be taken.
        sent_at: When it was sent, as the phone says.
        received_at: When.

    Raises:
        Refused: FIELD-TRAY-FULL: too much from phones that nobody knows.
    """
    strangers = TrayItem.objects.filter(area_code="", taken_in_at=None)
    if any(not one.area_code for one in trays) and strangers.count() >= TRAY_STRANGERS_MAX:
        raise Refused("FIELD-TRAY-FULL", limit=TRAY_STRANGERS_MAX)
    for one in trays:
        digest = hashlib.sha256(one.raw).hexdigest()
        item, new = TrayItem.objects.get_or_create(
            raw_hash=digest,
            defaults={
                "raw": _storable(one.raw.decode("utf-8", "replace"), TRAY_RAW_LENGTH_MAX),
                "event_id": _storable(one.event_id, 64),
                "device": _storable(one.device, 64),
                "area_code": one.area_code,
                "code": one.fault.code,
                "facts": {name: _storable(str(value), 300) for name, value in one.fault.facts.items()},
                "sent_at": _storable(sent_at, 40),
                "received_at": received_at,
            },
        )
        if not new:
            TrayItem.objects.filter(pk=item.pk).update(times=F("times") + 1)
        elif one.photos:
            ExpectedPhoto.objects.bulk_create(
                [ExpectedPhoto(sha256=sha, tray=item, area_code=one.area_code) for sha in one.photos]
            )


def _storable(text: str, length: int) -> str:
    """Return a text as every database keeps it: without zero bytes and lone halves of letters."""
    clean = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    return clean[:length]
