"""What lies in the tray and is taken in after somebody looked: never what may be forged."""

import copy
from collections.abc import Mapping
from datetime import UTC, datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Election, Event, Office
from tepat.common.permissions import Permission
from tepat.custody import identities
from tepat.custody.events import Accepted
from tepat.custody.events import Refused as RefusedOffer
from tepat.custody.models import Device, ExpectedPhoto, SignedStatement, TrayItem
from tepat.custody.words import LATE_CODES
from tepat.field.checking import CannotTakeError, Desk, Ready, check_event, open_event
from tepat.field.wire import WrongForm, read_moment

TAKEN_IN = ledger.kind("custody.tray-taken-in")
SETTLE = Permission.CUSTODY_SETTLE
REASON_LENGTH_MAX = 200


@action(SETTLE)
def take_in(*, by: Actor, at: datetime, item: int, reason: str) -> Event:
    """Take in what came too late or from another post: it was looked at, and it is true.

    It is written as its signer's, at the moment at which it happened as far as can be told, and recorded now;
    a second event says who took it in and why.

    Args:
        by: Who looked; not the one who signed it.
        at: When.
        item: What lies in the tray.
        reason: Why it is true after all; no names.

    Raises:
        NotAllowed: No such item in the actor's area.
        Refused: TRAY-TAKEN, TRAY-NO-REASON, TRAY-NOT-SAFE, TRAY-OWN, TRAY-USED.
    """
    row = TrayItem.objects.select_for_update().filter(pk=item).first()
    if row is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    by.require(SETTLE, row.area_code or Office.objects.get().area_code)
    if row.taken_in_at:
        raise Refused("TRAY-TAKEN")
    said = reason.strip()[:REASON_LENGTH_MAX]
    if not said:
        raise Refused("TRAY-NO-REASON")
    if row.code not in LATE_CODES:
        raise Refused("TRAY-NOT-SAFE", fault=row.code)
    ready = _ready(row)
    if ready.device.person_id == by.person:
        raise Refused("TRAY-OWN")
    event = _write(ready, at)
    TrayItem.objects.filter(pk=item).update(taken_in_at=at, taken_in_by=by.person, note=said)
    payload = {"event": str(event.pk), "code": row.code, "reason": said}
    about = ledger.About((*event.objects_named, f"nampan:{item}")[-ledger.OBJECTS_MAX :], event.place)
    ledger.record(TAKEN_IN, payload, by=by, at=at, about=about)
    return event


def _ready(row: TrayItem) -> Ready:
    """Return it checked in every way but the one that put it into the tray."""
    device = Device.objects.filter(pk=row.device).select_related("invitation").first()
    if device is None:
        raise Refused("TRAY-NOT-SAFE", fault="FIELD-DEVICE-UNKNOWN")
    try:
        opened = open_event(row.raw.encode())
        desk = _desk(row, _waived(device, row.code, opened.sent.payload))
        ready = check_event(opened, desk)
    except CannotTakeError as fault:
        raise Refused("TRAY-NOT-SAFE", fault=fault.code) from fault
    # Of another post: only that the own receipt names it, nothing else that was not this person's to say.
    if row.code == "FIELD-NOT-YOURS" and not isinstance(ready.payload, (Accepted, RefusedOffer)):
        raise Refused("TRAY-NOT-SAFE", fault=row.code)
    counted = Event.objects.filter(device=device.pk, counter=ready.statement.counter)
    if Event.objects.filter(pk=ready.id).exists() or counted.exists():
        raise Refused("TRAY-USED")
    return ready


def _waived(device: Device, code: str, payload: Mapping[str, object]) -> Device:
    """Return the device as if the one thing against it did not stand; it is never saved."""
    found = copy.copy(device)
    if code in {"FIELD-EXPIRED", "FIELD-REPLACED"}:
        found.valid_from = datetime.min.replace(tzinfo=UTC)
        found.valid_to = datetime.max.replace(tzinfo=UTC)
    else:
        found.post = str(payload.get("post", ""))
    return found


def _desk(row: TrayItem, device: Device) -> Desk:
    try:
        sent_at = read_moment(row.sent_at)
    except WrongForm:
        sent_at = None
    return Desk(
        received_at=row.received_at,
        sent_at=sent_at,
        carrier=device.pk,
        mode=ledger.mode(),
        office=Office.objects.get().area_code,
        elections=frozenset(Election.objects.values_list("code", flat=True)),
        devices={device.pk: device},
    )


def _write(ready: Ready, at: datetime) -> Event:
    """Write it as the phone's own intake does, with its signature and the photos that it names."""
    event = ledger.record_all([ready.entry], by=identities.actor_with(ready.device), at=at)[0]
    SignedStatement.objects.create(
        event=event, statement=ready.signed, signature=ready.signature, claimed_at=ready.claimed_at
    )
    known = set(ExpectedPhoto.objects.filter(event=event).values_list("sha256", flat=True))
    ExpectedPhoto.objects.bulk_create(
        ExpectedPhoto(sha256=sha256, event=event, area_code=ready.device.area_code)
        for sha256 in ready.photos
        if sha256 not in known
    )
    return event
