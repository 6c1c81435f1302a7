"""A phone becomes the device of an invitation: the first one does, every other one is refused and seen."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tepat.common import ledger
from tepat.common.acting import Actor, action, system_actor
from tepat.common.errors import Refused
from tepat.common.permissions import Permission
from tepat.custody import identities, signing
from tepat.custody.models import Card, Device, Invitation

SECOND_TRIES_RECORDED_MAX = 20
SECOND_TRIES_COUNTED_MAX = 10_000

BOUND = ledger.kind("identity.bound")
SECOND_DEVICE = ledger.kind("identity.second-device")


@dataclass(frozen=True)
class Key:
    """A phone's public key with the PIN chosen on it, still sealed.

    Args:
        jwk: The P-256 key.
        pin: The sealed PIN's parts `key`, `iv`, `box`, or None.
    """

    jwk: dict[str, str]
    pin: "SealedText | None" = None


@dataclass(frozen=True)
class SealedText:
    """Something sealed for the office.

    Args:
        key: The JWK made for this once.
        iv: 12 bytes.
        box: Ciphertext with its tag.
    """

    key: dict[str, str]
    iv: bytes
    box: bytes


def bind_device(*, at: datetime, code: str, key: Key) -> Device:
    """Make a phone the device of an invitation; the same phone again gets the same answer.

    Args:
        at: When.
        code: The printed code, in the hands of whoever shows it.
        key: The phone's key, and perhaps a PIN.

    Raises:
        Refused: FIELD-CODE-UNKNOWN, FIELD-CODE-USED (recorded, and shown to the person in charge),
            FIELD-CODE-REVOKED, FIELD-CODE-DATES, FIELD-KEY.
    """
    try:
        signing.public_key(key.jwk["x"], key.jwk["y"])
    except signing.WrongKeyError as wrong:
        raise Refused("FIELD-KEY") from wrong
    hashed = identities.code_hash(code.strip().upper())
    invitation = Invitation.objects.filter(code_hash=hashed).select_related("device").first()
    if invitation is None:
        raise Refused("FIELD-CODE-UNKNOWN")
    if invitation.revoked_at:
        raise Refused("FIELD-CODE-REVOKED", number=invitation.number)
    pin = _chosen_pin(invitation, key, hashed)
    device = _bind(by=system_actor(), at=at, number=invitation.number, jwk=key.jwk, pin=pin)
    if device is None:
        raise Refused("FIELD-CODE-USED", number=invitation.number)
    return device


def _chosen_pin(invitation: Invitation, key: Key, hashed: str) -> str:
    """Return the slow hash of the chosen PIN: made before the transaction, for it takes its time."""
    if key.pin is None or invitation.card_id is None:
        return ""
    opened = signing.open_pin(
        str(settings.SECRET_KEY), key=key.pin.key, iv=key.pin.iv, box=key.pin.box, about=hashed
    )
    if opened is None or not identities.is_pin(opened.pin):
        return ""
    return identities.hash_pin(invitation.card_id, opened.pin)


@action(Permission.CARDS_ISSUE, silent=True)
def _bind(*, by: Actor, at: datetime, number: str, jwk: dict[str, str], pin: str) -> Device | None:
    """Bind, or record that a second phone tried; None is the second phone."""
    invitation = Invitation.objects.select_for_update().get(number=number)
    device: Device | None = Device.objects.filter(invitation=invitation).first()
    name = identities.device_id(jwk)
    objects = (f"kartu:{number}", *((f"orang:{invitation.person_id}",) if invitation.person_id else ()))
    about = ledger.About(objects, invitation.area_code)
    if device is not None and device.pk != name:
        # Counted for ever, recorded some times: a leaked code must not fill the ledger.
        tries = invitation.second_tries + 1
        Invitation.objects.filter(pk=invitation.pk).update(second_tries=min(tries, SECOND_TRIES_COUNTED_MAX))
        if tries <= SECOND_TRIES_RECORDED_MAX:
            ledger.record(SECOND_DEVICE, {"device": name, "try": tries}, by=by, at=at, about=about)
        return None
    if device is not None:
        return device
    device = _new_device(invitation, name, jwk, at)
    if pin and invitation.card_id:
        Card.objects.filter(pk=invitation.card_id, pin_hash="").update(pin_hash=pin, pin_set_at=at)
    payload = {"number": number, "device": name, "key": jwk, "pin": bool(pin)}
    ledger.record(BOUND, payload, by=by, at=at, about=about)
    return device


def _new_device(invitation: Invitation, name: str, jwk: dict[str, str], at: datetime) -> Device:
    if at >= invitation.valid_to:
        raise Refused("FIELD-CODE-DATES", number=invitation.number, end=f"{invitation.valid_to:%d-%m-%Y}")
    if Device.objects.filter(pk=name).exists():
        raise Refused("FIELD-KEY-TAKEN")
    Invitation.objects.filter(pk=invitation.pk).update(used_at=at)
    return Device.objects.create(
        id=name,
        public_key=jwk,
        invitation=invitation,
        person=invitation.person,
        role=invitation.role,
        area_code=invitation.area_code,
        post=invitation.post,
        valid_from=invitation.valid_from,
        valid_to=invitation.valid_to,
        bound_at=at,
    )
