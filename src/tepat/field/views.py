"""The field's doors on the server. They ask for no cookie: a device proves itself by its signature.

So a page of another site cannot make them do anything in somebody's name, and they need no CSRF token. Each
event is judged by its own signature; the list of tasks by a signed question; a photo by the hash that an
event named before; an invitation by its code. docs/decisions/0009-custody.md.
"""

import functools
import logging
from collections.abc import Callable
from datetime import datetime

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from tepat.common import ledger
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused, TepatError
from tepat.common.messages import say
from tepat.common.models import Office
from tepat.common.permissions import Permission, Role
from tepat.common.screens import screen
from tepat.common.unread import why_unread
from tepat.custody import identities, signing
from tepat.custody.identity_binding import Key, SealedText, bind_device
from tepat.custody.models import Device, Invitation
from tepat.custody.pin_actions import PINS_AT_ONCE_MAX, check_pins
from tepat.field import intake, photos, tasks, wire, writer

AGAIN = frozenset({"FIELD-BUSY", "FIELD-TRAY-FULL", "FIELD-PHOTO-UNEXPECTED", "STORE-BUSY", "STORE-FULL"})
LATER = 503

log = logging.getLogger(__name__)

type Door = Callable[[HttpRequest], HttpResponseBase]


def door(view: Callable[[HttpRequest], msgspec.Struct]) -> Door:
    """Answer with JSON, and with a `Trouble` where the whole request is refused."""

    @functools.wraps(view)
    def run(request: HttpRequest) -> HttpResponse:
        try:
            return _json(view(request))
        except TepatError as error:
            return _refused(error)

    return run


def _json(answer: msgspec.Struct, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json", status=status)


def _refused(error: TepatError) -> HttpResponse:
    message = say(error.code, error.facts)
    text = " ".join(part for part in (message.happened, message.safe, message.todo) if part)
    again = error.code in AGAIN
    status = LATER if again else 403 if isinstance(error, NotAllowed) else 409
    return _json(wire.Trouble(code=error.code, text=text, again=again), status)


def _read[S: msgspec.Struct](request: HttpRequest, shape: type[S]) -> S:
    """Return the request's body.

    Raises:
        Refused: FIELD-TOO-MUCH, FIELD-UNREADABLE.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > wire.SENDING_BYTES_MAX:
        raise Refused("FIELD-TOO-MUCH", limit=wire.EVENTS_PER_SENDING_MAX)
    try:
        return msgspec.json.decode(request.body, type=shape)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as wrong:
        raise Refused("FIELD-UNREADABLE", reason=why_unread(wrong)) from wrong


@csrf_exempt
@require_POST
@never_cache
@screen(Permission.PUBLIC_READ)
@door
def send(request: HttpRequest) -> wire.Receipt:
    """Take in a batch of events; answered once it is durable."""
    sending = _read(request, wire.Sending)
    if len(sending.events) > wire.EVENTS_PER_SENDING_MAX:
        raise Refused("FIELD-TOO-MUCH", limit=wire.EVENTS_PER_SENDING_MAX)
    at = now()
    receipt = writer.write(sending, at=at)
    _check_pins(sending, at)
    return receipt


def _check_pins(sending: wire.Sending, at: datetime) -> None:
    """Compare the PINs that came along, here and not in the writer's transaction: they are slow by design.

    The receipt stands whatever becomes of it; what is left over is compared with the next one.
    """
    brought = sum(b'"tersegel"' in bytes(raw) for raw in sending.events)
    if not brought:
        return
    try:
        check_pins(at=at, most=min(brought, PINS_AT_ONCE_MAX))
    except DatabaseError:
        log.exception("PIN belum dapat diperiksa")


@csrf_exempt
@require_POST
@never_cache
@screen(Permission.PUBLIC_READ)
@door
def bind(request: HttpRequest) -> wire.Bound:
    """Make this phone the device of an invitation."""
    asked = _read(request, wire.Bind)
    if not 0 < len(asked.code) <= wire.CODE_LENGTH_MAX:
        raise Refused("FIELD-CODE-UNKNOWN")
    at = now()
    device = bind_device(at=at, code=asked.code, key=_key(asked))
    intake.retry_device(device.pk, at=at)
    device = Device.objects.select_related("invitation", "person__vault").get(pk=device.pk)
    return _bound(device, at)


def _key(asked: wire.Bind) -> Key:
    jwk = msgspec.to_builtins(asked.public_key)
    if asked.pin is None:
        return Key(jwk)
    sealed = asked.pin
    parts = SealedText(msgspec.to_builtins(sealed.key), signing.decode(sealed.iv), signing.decode(sealed.box))
    return Key(jwk, parts)


def _bound(device: Device, at: datetime) -> wire.Bound:
    invitation: Invitation = device.invitation
    return wire.Bound(
        device=device.pk,
        person=str(device.person_id or ""),
        name=device.person.shown_name if device.person else "",
        role=device.role,
        role_word=Role[device.role].value,
        post=device.post,
        area_code=device.area_code,
        valid_from=wire.moment(device.valid_from),
        valid_to=wire.moment(device.valid_to),
        mode=ledger.mode(),
        card=identities.card_of(invitation),
        office=_office(),
        office_key=_office_key(),
        received_at=wire.moment(at),
    )


def _office() -> wire.OfficeWords:
    office = Office.objects.first()
    if office is None:
        raise Refused("SCREEN-NO-OFFICE")
    return wire.OfficeWords(code=office.area_code, name=office.name, time_zone=office.time_zone)


def _office_key() -> wire.PublicKey:
    return msgspec.convert(identities.office_jwk(), wire.PublicKey)


@require_GET
@never_cache
@screen(Permission.PUBLIC_READ)
@door
def keys(request: HttpRequest) -> wire.Keys:  # noqa: ARG001 -- a view
    """Tell the office's public key."""
    return wire.Keys(
        office_key=_office_key(), office=_office(), mode=ledger.mode(), received_at=wire.moment(now())
    )


@require_GET
@never_cache
@screen(Permission.PUBLIC_READ)
@door
def today(request: HttpRequest) -> wire.Tasks:
    """Tell a device what it has to give and to receive today."""
    at = now()
    device = _asking(request, at)
    return tasks.tasks_for(device, at=at)


def _asking(request: HttpRequest, at: datetime) -> Device:
    """Return the device that signed this question.

    Its age is not asked: a phone whose clock is years off needs its tasks too, and the question only reads.

    Raises:
        NotAllowed: FIELD-NOT-SIGNED, or why its identity does not hold.
    """
    words = request.headers.get("Authorization", "").split(" ")
    if len(words) != 4 or words[0] != "Tepat":
        raise NotAllowed("FIELD-NOT-SIGNED")
    _, name, asked_at, signature = words
    device: Device | None = Device.objects.select_related("invitation").filter(pk=name).first()
    question = wire.proof_of_asking(name, asked_at, request.path)
    if device is None or not signing.verifies(device.public_key, question, signing.decode(signature)):
        raise NotAllowed("FIELD-NOT-SIGNED")
    if device.revoked_at is not None:
        raise NotAllowed("FIELD-REVOKED", at=f"{device.revoked_at:%d-%m-%Y %H:%M} UTC")
    if at >= device.valid_to and identities.was_replaced(device):
        raise NotAllowed("FIELD-REPLACED", at=f"{device.valid_to:%d-%m-%Y %H:%M} UTC")
    if at >= device.valid_to:
        raise NotAllowed(
            "FIELD-EXPIRED", start=f"{device.valid_from:%d-%m-%Y}", end=f"{device.valid_to:%d-%m-%Y}"
        )
    return device


class PhotoTaken(msgspec.Struct, frozen=True):
    """A photo is safe here."""

    sha256: str


@csrf_exempt
@require_POST
@never_cache
@screen(Permission.PUBLIC_READ)
@door
def photo(request: HttpRequest) -> PhotoTaken:
    """Take in one photo that an event named."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > wire.PHOTO_BYTES_MAX:
        raise Refused("FIELD-PHOTO-LARGE", limit=wire.PHOTO_BYTES_MAX // 1024)
    return PhotoTaken(photos.receive_photo(request.body, at=now()))
