"""Who may speak from the field: cards, invitations and devices, as they stand. Reading only.

An invitation is printed and handed over in person. Its code is 128 random bits and kept as a hash; the first
phone that shows it becomes the device, every other one is refused. Actions: `identity_actions.py`.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import rfc8785
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from tepat.common.acting import Actor, Standing
from tepat.common.models import Post as HeldPost
from tepat.common.permissions import Role, covers
from tepat.custody import signing
from tepat.custody.models import Card, Device, Invitation
from tepat.custody.parties import PREFIXES, read_post

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: typed codes are not misread
NUMBER_LENGTH = 8
CODE_LENGTH = 26
PIN_DIGITS = 6


@dataclass(frozen=True)
class Issued:
    """A printed card: the only moment at which its code is known.

    Args:
        number: The number on the card.
        code: The invitation's code, or empty for a card without a phone.
        name: The name from the vault, or empty for a spare card.
        role: The role in words.
        area_code: Where.
        post: The post, or empty where the role has several.
        valid_from: From when.
        valid_to: Until when.
        spare: Whether it is a spare card.
    """

    number: str
    code: str
    name: str
    role: str
    area_code: str
    post: str
    valid_from: datetime
    valid_to: datetime
    spare: bool = False


def new_number() -> str:
    """Return a new card number; no secret."""
    return "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))


def new_code() -> str:
    """Return a new secret code of 130 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def code_hash(code: str) -> str:
    """Return under what a code is kept; fast, for the code is long and random."""
    return hashlib.sha256(code.encode()).hexdigest()


def device_id(key: Mapping[str, str]) -> str:
    """Return the name of a device: the thumbprint of its key (RFC 7638), base64url."""
    members = {name: key[name] for name in ("crv", "kty", "x", "y")}
    return signing.encode(hashlib.sha256(rfc8785.dumps(members)).digest())


def post_of(held: HeldPost) -> str:
    """Return the one post at which a role stands, or empty where it may be several.

    A KPPS's number stands in no register of posts, and a driver has another trip each day.
    """
    role = Role[held.role]
    prefix = PREFIXES.get(role, "")
    if prefix in {"ppk", "pps"}:
        return f"{prefix}:{held.area_code}"
    if prefix == "gudang" and held.place:
        return f"gudang:{held.place.code}"
    return ""


def stands_at(device: Device, post: str) -> bool:
    """Return whether a device may speak at a post."""
    if device.post:
        return post == device.post
    claimed = read_post(post)
    if claimed is None or claimed.kind != PREFIXES.get(Role[device.role]):
        return False
    return not claimed.area_code or covers(device.area_code, claimed.area_code)


def was_replaced(device: Device) -> bool:
    """Return whether a spare card took a device's place: it ended before its own card does."""
    return device.valid_to < device.invitation.valid_to


def actor_with(device: Device) -> Actor:
    """Return who speaks by a device, with what its post allows."""
    assert device.person_id is not None, "nobody yet"
    return Actor(device.person_id, (Standing(Role[device.role], device.area_code),), device.pk)


def hash_pin(card: str, pin: str) -> str:
    """Return a PIN as it is kept: with the office's secret, salted, slow."""
    return make_password(signing.peppered(str(settings.SECRET_KEY), card, pin))


def pin_fits(card: Card, pin: str) -> bool:
    """Return whether this is the card's PIN."""
    return bool(card.pin_hash) and check_password(
        signing.peppered(str(settings.SECRET_KEY), card.number, pin), card.pin_hash
    )


def is_pin(text: str) -> bool:
    """Return whether a text is six digits."""
    return len(text) == PIN_DIGITS and text.isascii() and text.isdigit()


def office_jwk() -> dict[str, str]:
    """Return the office's public key, for PINs that travel sealed."""
    return signing.as_jwk(signing.office_key(str(settings.SECRET_KEY)).public_key())


def card_of(invitation: Invitation) -> str:
    """Return the number of the person's card, or of the spare card itself."""
    return invitation.card_id or invitation.number
