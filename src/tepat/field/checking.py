"""Whether one event from a phone can be taken: every reason against it, in a fixed order. Writes nothing.

What cannot be taken gets a code; its sentence is in `common/messages/field.toml`. The checks that prove who
speaks come first, so that a forged event is called forged whatever it says.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import rfc8785

from tepat.common import ledger
from tepat.common.canonical import canonical, canonical_struct
from tepat.common.ledger import OBJECTS_MAX, PAYLOAD_BYTES_MAX, Entry
from tepat.common.permissions import TABLE, Permission, Role
from tepat.common.unread import why_unread
from tepat.custody import events, identities, signing
from tepat.custody.clocks import estimate
from tepat.custody.facts import microseconds, moment_of
from tepat.custody.identity_actions import ACTIVATED
from tepat.custody.models import OBJECT_LENGTH_MAX, POST_LENGTH_MAX, Device
from tepat.custody.parties import area_of_object, is_offer, read_post
from tepat.field.wire import SALT_HEX_LENGTH, SealedPin, SentEvent, Statement, WrongForm, read_moment

EVIDENCE_MAX = 40
PLACE_LENGTH_MAX = 64
COUNTER_MAX = 2**53
HEX = frozenset("0123456789abcdef")
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Between making an event and asking for the time, a phone may take a moment.
HEARD_SLACK = timedelta(minutes=1)


class CannotTakeError(Exception):
    """One event that goes to the tray.

    Args:
        code: A message of `field.toml`.
        facts: What its sentence needs.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


class SpareActivated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`identity.spare-activated`: the PPK's own device says whose a spare card is."""

    number: str
    person: str
    post: str


@dataclass(frozen=True)
class Desk:
    """What is known when a batch comes in.

    Args:
        received_at: When the office received it.
        sent_at: When the phone that brings it says it sent it; None: unreadable.
        carrier: The device that brings it.
        mode: This ledger's mode.
        office: The office's area code.
        elections: The codes of the elections that it holds.
        devices: The devices that are named in the batch, by id.
    """

    received_at: datetime
    sent_at: datetime | None
    carrier: str
    mode: str
    office: str
    elections: frozenset[str]
    devices: Mapping[str, Device]


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """One event that can be taken.

    Args:
        statement: As sent.
        signed: The bytes that were signed.
        signature: Raw r‖s.
        device: Whose key signed.
        entry: What goes into the ledger.
        payload: The payload as its struct.
        photos: The hashes of the photos that it names.
        pin: A sealed PIN beside it, or None.
        claimed_at: The phone's clock.
    """

    statement: Statement
    signed: bytes
    signature: bytes
    device: Device
    entry: Entry
    payload: Any
    photos: tuple[str, ...] = ()
    pin: SealedPin | None = None
    claimed_at: datetime

    @property
    def id(self) -> UUID:
        """The event's id."""
        return UUID(self.statement.id)


class Opened(msgspec.Struct, frozen=True):
    """An event whose outer form could be read; nothing in it is believed yet."""

    sent: SentEvent
    statement: Statement
    signed: bytes


def open_event(raw: bytes) -> Opened:
    """Return an event whose form is right.

    Raises:
        CannotTakeError: FIELD-UNREADABLE.
    """
    try:
        sent = _read_event(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise CannotTakeError("FIELD-UNREADABLE", reason=why_unread(wrong)) from wrong
    statement = sent.statement
    if not (_is_uuid(statement.id) and _is_hex(sent.salt, SALT_HEX_LENGTH) and _plain_statement(statement)):
        raise CannotTakeError("FIELD-UNREADABLE", reason="id, salt, hash atau urutan tidak berbentuk benar")
    return Opened(sent, statement, canonical_struct(statement))


_read_event = msgspec.json.Decoder(SentEvent).decode


def _plain_statement(statement: Statement) -> bool:
    return (
        0 < statement.counter < COUNTER_MAX
        and -COUNTER_MAX < statement.kind_version < COUNTER_MAX
        and len(statement.place) <= PLACE_LENGTH_MAX
        and len(statement.evidence) <= EVIDENCE_MAX
        and all(_is_hex(one) for one in (statement.payload_hash, *statement.evidence))
        and len(statement.objects) <= OBJECTS_MAX
        and all(_is_object(name) for name in statement.objects)
    )


def _is_object(name: str) -> bool:
    return 0 < len(name) <= OBJECT_LENGTH_MAX and not is_offer(name) and not name.startswith("pin:")


def _is_hex(text: str, length: int = 64) -> bool:
    return len(text) == length and HEX.issuperset(text)


def check_event(opened: Opened, desk: Desk) -> Ready:
    """Return an event ready for the ledger.

    Args:
        opened: What `open_event` returned.
        desk: What is known.

    Raises:
        CannotTakeError: The first reason against it.
    """
    statement, sent = opened.statement, opened.sent
    device = desk.devices.get(statement.device)
    signature = signing.decode(sent.signature)
    if device is None:
        raise CannotTakeError("FIELD-DEVICE-UNKNOWN")
    if not signing.verifies(device.public_key, opened.signed, signature):
        raise CannotTakeError("FIELD-FORGED")
    _check_speaker(statement, device, desk)
    payload = _read_payload(opened)
    occurred_at, uncertainty_s, claimed_at = _when(statement, device, desk)
    _check_objects(statement, desk)
    _check_right(statement, payload, device)
    evidence = [*statement.evidence, hashlib.sha256(opened.signed).hexdigest()]
    about = ledger.About(
        objects=tuple(statement.objects),
        place=statement.place,
        evidence=(*evidence, hashlib.sha256(signature).hexdigest()),
        device=device.pk,
        counter=statement.counter,
        occurred_at=occurred_at,
        occurred_uncertainty_s=uncertainty_s,
        made=ledger.Made(UUID(statement.id), statement.kind_version, sent.salt, statement.payload_hash),
    )
    return Ready(
        statement=statement,
        signed=opened.signed,
        signature=signature,
        device=device,
        entry=Entry(statement.kind, sent.payload, about),
        payload=payload,
        photos=photos_of(statement, payload),
        pin=sent.pin,
        claimed_at=claimed_at,
    )


def _check_speaker(statement: Statement, device: Device, desk: Desk) -> None:
    if statement.mode != desk.mode:
        raise CannotTakeError("FIELD-OTHER-MODE", mode=statement.mode[:20], own=desk.mode)
    if device.person_id is None:
        raise CannotTakeError("FIELD-NOT-ACTIVATED", number=device.invitation.number)
    if statement.actor != str(device.person_id):
        raise CannotTakeError("FIELD-OTHER-PERSON")
    if device.revoked_at is not None:
        raise CannotTakeError("FIELD-REVOKED", at=f"{device.revoked_at:%d-%m-%Y %H:%M} UTC")


def _read_payload(opened: Opened) -> Any:
    statement, sent = opened.statement, opened.sent
    newest = ledger.version_of(statement.kind)
    if statement.kind not in events.KINDS and statement.kind != ACTIVATED:
        raise CannotTakeError("FIELD-KIND", kind=statement.kind[:60])
    if not 0 < statement.kind_version <= newest:
        raise CannotTakeError("FIELD-NEWER", kind=statement.kind, version=statement.kind_version)
    try:
        raw = canonical(sent.payload)
        if len(raw) > PAYLOAD_BYTES_MAX:
            raise CannotTakeError("FIELD-TOO-LARGE", limit=PAYLOAD_BYTES_MAX)
        if hashlib.sha256(bytes.fromhex(sent.salt) + raw).hexdigest() != statement.payload_hash:
            raise CannotTakeError("FIELD-OTHER-PAYLOAD")
        current = ledger.upcast_payload(statement.kind, sent.payload, statement.kind_version)
        if statement.kind == ACTIVATED:
            return msgspec.convert(current, SpareActivated)
        payload = events.read_sent(statement.kind, current)
        _check_words(payload)
        return payload  # noqa: TRY300 -- every way out of the reading stands here
    except (msgspec.ValidationError, rfc8785.CanonicalizationError, RecursionError) as wrong:
        raise CannotTakeError("FIELD-PAYLOAD", reason=why_unread(wrong)) from wrong


PEOPLE = ("holder", "giver", "receiver", "to_person", "from_person", "with_person", "person", "offer")
POSTS = ("post", "to_post")
LENGTHS_MAX = {"leg": 120, "expected_at": 32, "trip": 80, "note": 200, "reason": 200}


def _check_words(payload: events.Payload) -> None:
    """Refuse what is no id, no post, or longer than anything that is shown: people are ids, nothing else."""
    people, posts, texts = _words_of(type(payload))
    for name in people:
        if (said := getattr(payload, name)) and not _is_uuid(said):
            raise CannotTakeError("FIELD-PAYLOAD", reason=f"{name} bukan id")
    for name in posts:
        said = getattr(payload, name)
        if len(said) > POST_LENGTH_MAX or read_post(said) is None:
            raise CannotTakeError("FIELD-PAYLOAD", reason=f"{name} bukan pos")
    for name in texts:
        if len(getattr(payload, name) or "") > LENGTHS_MAX[name]:
            raise CannotTakeError("FIELD-PAYLOAD", reason=f"{name} lebih dari {LENGTHS_MAX[name]} huruf")


@cache
def _words_of(payload: type[events.Payload]) -> tuple[tuple[str, ...], ...]:
    """Return the names under which a kind of payload names people, posts and free text."""
    there = frozenset(payload.__struct_fields__)
    return tuple(tuple(name for name in names if name in there) for names in (PEOPLE, POSTS, LENGTHS_MAX))


def _when(statement: Statement, device: Device, desk: Desk) -> tuple[datetime, int, datetime]:
    """Return when it happened as far as can be told, how wrong that may be, and what the phone claimed."""
    try:
        claimed = read_moment(statement.claimed_at)
    except WrongForm as wrong:
        raise CannotTakeError("FIELD-UNREADABLE", reason=str(wrong)) from wrong
    # What was heard with this event or after it says nothing of it: so it is when it waited in the tray.
    before = device.heard_at is not None and device.heard_at < desk.received_at
    heard = device.heard_at if before and statement.counter > device.heard_counter else None
    received_us = microseconds(desk.received_at)
    error_us = None if device.clock_error_s is None else device.clock_error_s * 1_000_000
    not_before_us = min(microseconds((heard or _since(device)) - HEARD_SLACK), received_us)
    sent_us = _sent_us(device, desk, error_us)
    if sent_us is None:
        half_us = (received_us - not_before_us) // 2
        believed = received_us - half_us, -(-half_us // 1_000_000) + 1
    else:
        believed = estimate(
            microseconds(claimed),
            sent_us,
            received_us,
            not_before_us,
            error_before_us=error_us if heard else None,
        )
    occurred, uncertainty_s = moment_of(believed[0]), believed[1]
    wide = timedelta(seconds=uncertainty_s)
    if occurred - wide >= device.valid_to and identities.was_replaced(device):
        raise CannotTakeError("FIELD-REPLACED", at=f"{device.valid_to:%d-%m-%Y %H:%M} UTC")
    if occurred + wide < device.valid_from or occurred - wide >= device.valid_to:
        raise CannotTakeError(
            "FIELD-EXPIRED", start=f"{device.valid_from:%d-%m-%Y}", end=f"{device.valid_to:%d-%m-%Y}"
        )
    return occurred, uncertainty_s, claimed


def _since(device: Device) -> datetime:
    """Return from when a device may have worked: on a spare card also before the office heard of it."""
    invitation = device.invitation
    spare = invitation.kind == invitation.Kind.SPARE
    return max(invitation.issued_at, device.valid_from) if spare else device.bound_at


def _sent_us(device: Device, desk: Desk, error_us: int | None) -> int | None:
    """Return what the device's own clock showed at sending; None where nobody knows.

    A phone that carries another's events says nothing about the other's clock: what that one's was when it
    last came itself is the best there is.
    """
    if desk.carrier == device.pk and desk.sent_at is not None:
        return microseconds(desk.sent_at)
    return None if error_us is None else microseconds(desk.received_at) + error_us


def _check_objects(statement: Statement, desk: Desk) -> None:
    for name in statement.objects:
        parts = name.split(":")
        labelled = len(parts) == 3 and area_of_object(name, desk.office)
        if labelled and desk.elections and parts[1] not in desk.elections:
            raise CannotTakeError("FIELD-OTHER-ELECTION", election=parts[1][:40])


def _check_right(statement: Statement, payload: Any, device: Device) -> None:
    """Refuse what this post may not say, or what it says in somebody else's name."""
    permission = PERMISSIONS.get(statement.kind, Permission.CUSTODY_ACT)
    if permission not in TABLE[Role[device.role]]:
        raise CannotTakeError("FIELD-NO-RIGHT", permission=permission.value)
    if not _speaks_for_itself(statement, payload, device):
        raise CannotTakeError("FIELD-NOT-YOURS")


PERMISSIONS: dict[str, Permission] = {
    "custody.settled": Permission.CUSTODY_SETTLE,
    "custody.present": Permission.FIELD_USE,
    ACTIVATED: Permission.CARDS_ISSUE,
}


def _speaks_for_itself(statement: Statement, payload: Any, device: Device) -> bool:
    """Return whether the actor is one of those who may say it; two people stand in each hand-over.

    A one-phone receipt is signed by the phone that one of the two has; the other shows card or signature.
    """
    me = statement.actor
    match payload:
        case events.Accepted(one_phone=True):
            return me in {payload.giver, payload.receiver} and payload.giver != payload.receiver
        case events.Accepted() | events.Refused():
            return payload.receiver == me and identities.stands_at(device, payload.post)
        case events.CountDiffers():
            return me in {payload.giver, payload.receiver}
        case events.TakenOver():
            return me in {payload.to_person, payload.from_person}
        case events.Registered():
            return payload.holder == me
        case SpareActivated():
            return _is_uuid(payload.person) and payload.person != me
    return True


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def photos_of(statement: Statement, payload: Any) -> tuple[str, ...]:
    """Return the hashes of the photos that an event names, in its evidence or in its payload."""
    named = [getattr(one, "photo", "") for one in getattr(payload, "refused", ())]
    named += [getattr(one, "photo", "") for one in getattr(payload, "seals", ()) if not isinstance(one, str)]
    return tuple(dict.fromkeys([*statement.evidence, *(one for one in named if _is_hex(one))]))
