"""Taking in what phones send: each event once, in any order; what cannot be taken goes to the tray.

`examine` reads and checks outside any write; `commit` writes everything of one batch in one transaction. A
phone that sends the same again gets the same answer. Between the two another phone may have sent the same
event: the database's own uniqueness decides, and the batch is examined anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, connection, transaction

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.bulk import gathered, insert, insert_values
from tepat.common.errors import NotAllowed, Refused
from tepat.common.messages import say
from tepat.common.models import Election, Event, Office
from tepat.common.permissions import Permission
from tepat.custody import identities
from tepat.custody.identity_actions import ACTIVATED, Activation, give_spare, spare_for
from tepat.custody.models import Device, ExpectedPhoto, PinToCheck, SignedStatement, TrayItem
from tepat.field.checking import (
    CannotTakeError,
    Desk,
    Opened,
    Ready,
    SpareActivated,
    check_event,
    open_event,
    photos_of,
)
from tepat.field.known import known_events, used_counters
from tepat.field.tray import Tray, put_in_tray
from tepat.field.wire import Answer, Receipt, Sending, WrongForm, moment, read_moment

CLOCK_ERROR_S_MAX = 2_000_000_000
ATTEMPTS_MAX = 3
# What a tray item may be waiting for: its phone to be bound, or its spare card to be given to somebody.
WAITING = ("FIELD-NOT-ACTIVATED", "FIELD-DEVICE-UNKNOWN")


@dataclass
class Batch:
    """One batch, examined.

    Args:
        sending: As sent.
        received_at: When.
        order: For each event its id and what it became: ready, known already, or for the tray.
        devices: The devices named in it, by id.
    """

    sending: Sending
    received_at: datetime
    order: list[tuple[str, Ready | Tray | None]] = field(default_factory=list)
    devices: dict[str, Device] = field(default_factory=dict)

    @property
    def ready(self) -> list[Ready]:
        """What goes into the ledger."""
        return [what for _, what in self.order if isinstance(what, Ready)]

    @property
    def trays(self) -> list[Tray]:
        """What goes to the tray."""
        return [what for _, what in self.order if isinstance(what, Tray)]


def examine(sending: Sending, *, at: datetime) -> Batch:
    """Read and check a batch; nothing is written.

    Args:
        sending: As sent.
        at: When the office received it.
    """
    return examine_all([(sending, at)])[0]


def examine_all(sendings: Sequence[tuple[Sending, datetime]]) -> list[Batch]:
    """Read and check some batches with as few questions to the database as one; nothing is written.

    What one of them brings is not yet known to the others: the first may still be refused.

    Args:
        sendings: As sent, each with the moment at which the office received it.
    """
    opened = [[_open(bytes(raw)) for raw in sending.events] for sending, _ in sendings]
    statements = [one.statement for some in opened for _, one in some if isinstance(one, Opened)]
    names = {statement.device for statement in statements} | {sending.device for sending, _ in sendings}
    rows = Device.objects.filter(pk__in=names).select_related("invitation")
    devices = {row.pk: row for row in rows}
    office = Office.objects.values_list("area_code", flat=True).first() or ""
    elections = frozenset(Election.objects.values_list("code", flat=True))
    known = known_events([statement.id for statement in statements])
    counters = used_counters(statements)
    batches = []
    for (sending, at), some in zip(sendings, opened, strict=True):
        desk = Desk(at, _moment(sending.sent_at), sending.device, ledger.mode(), office, elections, devices)
        seen = (dict(known), dict(counters)) if len(sendings) > 1 else (known, counters)
        order = [_judge(text, one, desk, *seen) for text, one in some]
        batches.append(Batch(sending, at, order, devices))
    return batches


def _open(text: bytes) -> tuple[bytes, Opened | CannotTakeError]:
    try:
        return text, open_event(text)
    except CannotTakeError as fault:
        return text, fault


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except WrongForm:
        return None


def _judge(
    text: bytes,
    one: Opened | CannotTakeError,
    desk: Desk,
    known: dict[str, bytes | None],
    counters: dict[tuple[str, int], str],
) -> tuple[str, Ready | Tray | None]:
    if isinstance(one, CannotTakeError):
        return _said_id(text), Tray(text, one, event_id=_said_id(text))
    statement = one.statement
    if known.get(statement.id) == one.signed:
        return statement.id, None
    device = desk.devices.get(statement.device)
    area = device.area_code if device else ""
    try:
        ready = check_event(one, desk)
    except CannotTakeError as fault:
        honest = fault.code not in {"FIELD-FORGED", "FIELD-DEVICE-UNKNOWN"}
        photos = photos_of(statement, None) if honest else ()
        return statement.id, Tray(text, fault, statement.id, statement.device, area, photos)
    used = None
    if statement.id in known:
        used = CannotTakeError("FIELD-ID-REUSED")
    elif counters.get((statement.device, statement.counter), statement.id) != statement.id:
        used = CannotTakeError("FIELD-COUNTER", counter=statement.counter)
    if used is not None:
        return statement.id, Tray(text, used, statement.id, statement.device, area, ready.photos)
    known[statement.id] = one.signed
    counters[statement.device, statement.counter] = statement.id
    return statement.id, ready


def _said_id(text: bytes) -> str:
    """Return the id that something unreadable gives itself, so that the phone knows which one it was."""
    try:
        said = msgspec.json.decode(text)["statement"]["id"]
    except (msgspec.MsgspecError, KeyError, TypeError, RecursionError):
        return ""
    return said[:64] if isinstance(said, str) else ""


def commit(batch: Batch) -> Receipt:
    """Write a batch in one transaction and return its receipt.

    Args:
        batch: What `examine` returned.

    Raises:
        Refused: FIELD-TRAY-FULL; nothing of the batch was written then.
    """
    with transaction.atomic():
        _write(batch)
        _note_devices([batch])
    return receipt_of(batch)


def commit_together(batches: Sequence[Batch]) -> list[Receipt]:
    """Write some batches in one transaction, all or none, with one statement for each table.

    Args:
        batches: What `examine_all` returned; none of them `stands_alone`.

    Raises:
        Refused, IntegrityError: One of them cannot be written like this; nothing of any was written then.
    """
    with transaction.atomic():
        with gathered():
            for batch in batches:
                _write(batch)
        _note_devices(batches)
    return [receipt_of(batch) for batch in batches]


def stands_alone(batch: Batch) -> bool:
    """Return whether a batch must see what it wrote itself, or may be written in part."""
    return any(one.statement.kind == ACTIVATED for one in batch.ready)


def _write(batch: Batch) -> None:
    refused: dict[str, Tray] = {}
    for device, some in _by_device(batch.ready).items():
        actor = identities.actor_with(batch.devices[device])
        for one, fault in _receive(by=actor, at=batch.received_at, ready=some):
            refused[str(one.id)] = Tray(_raw(batch, one), fault, str(one.id), device, one.device.area_code)
    if refused:
        batch.order = [(said, refused.get(said, what)) for said, what in batch.order]
    if trays := batch.trays:
        put_in_tray(trays, sent_at=batch.sending.sent_at, received_at=batch.received_at)


def _raw(batch: Batch, one: Ready) -> bytes:
    at = next(place for place, (said, _) in enumerate(batch.order) if said == str(one.id))
    return bytes(batch.sending.events[at])


def _by_device(ready: Sequence[Ready]) -> dict[str, list[Ready]]:
    found: dict[str, list[Ready]] = defaultdict(list)
    for one in ready:
        found[one.device.pk].append(one)
    return found


@action(Permission.FIELD_USE, silent=True)
def _receive(*, by: Actor, at: datetime, ready: Sequence[Ready]) -> list[tuple[Ready, CannotTakeError]]:
    """Write events of one device, all at once; return the activations that could not be carried out."""
    refused = []
    taken = []
    for one in ready:
        try:
            _activate(by, one, at)
            taken.append(one)
        except (Refused, NotAllowed) as fault:
            refused.append((one, CannotTakeError(fault.code, **fault.facts)))
    events = ledger.record_all([one.entry for one in taken], by=by, at=at) if taken else []
    insert_values(
        SignedStatement,
        [
            (event.id, one.signed, one.signature, one.claimed_at)
            for event, one in zip(events, taken, strict=True)
        ],
    )
    _expect(events, taken)
    return refused


def _activate(by: Actor, one: Ready, at: datetime) -> None:
    if one.statement.kind != ACTIVATED:
        return
    said = one.payload
    assert isinstance(said, SpareActivated)
    activation = Activation(said.number, UUID(said.person), said.post)
    give_spare(spare_for(by, activation), activation, at=one.entry.about.occurred_at or at)


def _expect(events: Sequence[Event], taken: Sequence[Ready]) -> None:
    """Note which photos and PINs belong to the events."""
    photos = [
        ExpectedPhoto(sha256=sha256, event=event, area_code=one.device.area_code)
        for event, one in zip(events, taken, strict=True)
        for sha256 in one.photos
    ]
    pins = [
        PinToCheck(event=event, sealed=msgspec.to_builtins(one.pin))
        for event, one in zip(events, taken, strict=True)
        if one.pin is not None and getattr(one.payload, "pin", "") == "tersegel"
    ]
    insert(photos)
    insert(pins)


_NOTE = """UPDATE custody_device SET
    last_counter = CASE WHEN last_counter < %s THEN %s ELSE last_counter END,
    seen_at = COALESCE(%s, seen_at), clock_error_s = COALESCE(%s, clock_error_s),
    heard_at = COALESCE(%s, heard_at), heard_counter = COALESCE(%s, heard_counter)
    WHERE id = %s"""


def _note_devices(batches: Iterable[Batch]) -> None:
    """Keep what each device was last heard to say, for its clock and for gaps in its counter."""
    notes = []
    for batch in batches:
        highest = {
            device: max(one.statement.counter for one in some)
            for device, some in _by_device(batch.ready).items()
        }
        carrier = batch.devices.get(batch.sending.device)
        if carrier is not None:
            highest.setdefault(carrier.pk, 0)
        for device, counter in highest.items():
            heard: tuple[Any, ...] = (None, None, None, None)
            if carrier is not None and device == carrier.pk:
                heard = _heard(batch, max(counter, carrier.last_counter))
            notes.append((counter, counter, *heard, device))
    if notes:
        with connection.cursor() as cursor:
            cursor.executemany(_NOTE, notes)


def _heard(batch: Batch, counter: int) -> tuple[Any, ...]:
    """Return what is noted of the phone that brought a batch: seen, its clock's error, heard, its counter."""
    at = connection.ops.adapt_datetimefield_value(batch.received_at)
    sent_at = _moment(batch.sending.sent_at)
    error_s = None
    if sent_at is not None:
        error_s = round((sent_at - batch.received_at).total_seconds())
        error_s = max(-CLOCK_ERROR_S_MAX, min(CLOCK_ERROR_S_MAX, error_s))
    return (at, error_s, at, counter) if batch.sending.left == 0 else (at, error_s, None, None)


def receipt_of(batch: Batch) -> Receipt:
    """Return the answers to a batch that is written."""
    return Receipt(
        received_at=moment(batch.received_at), answers=[_answer(said, what) for said, what in batch.order]
    )


def _answer(said: str, what: Ready | Tray | None) -> Answer:
    if what is None:
        return Answer(id=said, answer="sudah")
    if isinstance(what, Ready):
        return Answer(id=said, answer="diterima")
    message = say(what.fault.code, what.fault.facts)
    text = " ".join(part for part in (message.happened, message.safe, message.todo) if part)
    return Answer(id=said, answer="nampan", code=what.fault.code, text=text)


def take(sending: Sending, *, at: datetime) -> Receipt:
    """Examine and write a batch in a transaction of its own.

    Args:
        sending: As sent.
        at: When the office received it.

    Raises:
        Refused: FIELD-TRAY-FULL.
    """
    return settle(examine(sending, at=at))


def settle(batch: Batch) -> Receipt:
    """Write an examined batch; examined anew where another writer was first.

    Args:
        batch: What `examine` returned.

    Raises:
        Refused: FIELD-TRAY-FULL.
    """
    for _ in range(ATTEMPTS_MAX):
        try:
            receipt = commit(batch)
        except IntegrityError:
            batch = examine(batch.sending, at=batch.received_at)
        else:
            retry_waiting(batch, at=batch.received_at)
            return receipt
    return commit(batch)


def retry_waiting(batch: Batch, *, at: datetime) -> int:
    """Take in what lay in the tray because its spare card was not yet activated; return how many.

    Args:
        batch: What was just written.
        at: When.
    """
    numbers = [one.payload.number for one in batch.ready if one.statement.kind == ACTIVATED]
    if not numbers:
        return 0
    devices = Device.objects.filter(invitation__number__in=numbers, person__isnull=False)
    return sum(retry_device(device.pk, at=at) for device in devices)


def retry_device(device: str, *, at: datetime) -> int:
    """Take in a device's events from the tray, now that it may speak; return how many."""
    items = TrayItem.objects.filter(device=device, taken_in_at=None, code__in=WAITING)
    taken = 0
    for item in items.order_by("pk"):
        sending = Sending(
            device=device, sent_at=item.sent_at, events=[msgspec.Raw(item.raw.encode())], left=1
        )
        batch = examine(sending, at=item.received_at)
        if batch.ready:
            commit(batch)
        if batch.ready or batch.order[0][1] is None:
            TrayItem.objects.filter(pk=item.pk).update(taken_in_at=at)
            taken += 1
    return taken
