"""What phone and office say to each other, in strict shapes. Pure: no Django, no clock.

The phone signs statements, not requests, so none of these doors needs a cookie or a CSRF token:

``POST /lapangan/ikat/``   `Bind` → `Bound`: an invitation's code makes this phone's key somebody's device.
``POST /lapangan/kirim/``  `Sending` → `Receipt`: events; each is judged for itself.
``GET  /lapangan/tugas/``  signed by `proof_of_asking` → `Tasks`.
``POST /lapangan/foto/``   the bytes of one JPEG; believed by its SHA-256, which an event named before.
``GET  /lapangan/kunci/``  → `Keys`: the office's public key, for PINs that travel sealed.

Binary values are base64url without padding; hashes and salts are hexadecimal; moments are UTC with
milliseconds and ``Z``. docs/decisions/0009-custody.md.
"""

import base64
import binascii
import hashlib
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import rfc8785

EVENTS_PER_SENDING_MAX = 100
SENDING_BYTES_MAX = 2 * 1024 * 1024
PHOTO_BYTES_MAX = 150 * 1024
CODE_LENGTH_MAX = 64
SALT_HEX_LENGTH = 64
SIGNATURE_BYTES = 64
TASKS_MAX = 200

type Answered = Literal["diterima", "sudah", "nampan"]


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """Unknown fields are left alone, so that a newer phone may say more to an older office."""


class PublicKey(Wire, frozen=True):
    """A P-256 public key as a JWK; `x` and `y` are base64url."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str


class SealedPin(Wire, frozen=True):
    """Six digits that only the office can read: ECDH P-256, HKDF-SHA-256 (`PIN_INFO`), AES-256-GCM.

    The text inside is ``{"card", "pin"}`` in RFC 8785 form; `aad` of the sealing is the event's id, or the
    invitation's code hash when a PIN is chosen.
    """

    key: PublicKey
    iv: str
    box: str


PIN_INFO = b"tepat pin 1"


class Bind(Wire, frozen=True):
    """A phone asks to become the device of an invitation."""

    code: str
    public_key: PublicKey
    pin: SealedPin | None = None


class OfficeWords(Wire, frozen=True):
    """The office as the phone shows it."""

    code: str
    name: str
    time_zone: str
    phone: str = ""


class Bound(Wire, frozen=True):
    """What the phone keeps: who it now is, where and until when.

    `post` is empty for a spare card that nobody has activated yet; `card` is the number on the person's card.
    """

    device: str
    person: str
    name: str
    role: str
    role_word: str
    post: str
    area_code: str
    valid_from: str
    valid_to: str
    mode: str
    card: str
    office: OfficeWords
    office_key: PublicKey
    received_at: str


class Statement(Wire, frozen=True, forbid_unknown_fields=True):
    """What the phone signs, in RFC 8785 form."""

    id: str
    kind: str
    kind_version: int
    claimed_at: str
    device: str
    counter: int
    mode: str
    actor: str
    objects: list[str]
    place: str
    payload_hash: str
    evidence: list[str]


class SentEvent(Wire, frozen=True):
    """One event as sent: statement, payload, salt, signature over the statement; perhaps a sealed PIN."""

    statement: Statement
    payload: dict[str, Any]
    salt: str
    signature: str
    pin: SealedPin | None = None


class Sending(Wire, frozen=True):
    """A batch: its events are read one by one, so that one bad event spoils no other.

    `left` is how many events stay on the phone besides these: at 0 whatever comes later was also made later.
    """

    device: str
    sent_at: str
    events: list[msgspec.Raw]
    left: int = 0


class Answer(Wire, frozen=True):
    """What became of one event; any of the three answers is a receipt."""

    id: str
    answer: Answered
    code: str = ""
    text: str = ""


class Receipt(Wire, frozen=True):
    """The answers to a batch, in its order."""

    received_at: str
    answers: list[Answer]


class Party(Wire, frozen=True):
    """Somebody at a post, in words."""

    post: str
    word: str
    person: str = ""
    name: str = ""


class OpenOffer(Wire, frozen=True):
    """An offer to this post that nobody has answered yet."""

    id: str
    list_hash: str
    objects: list[str]


class Task(Wire, frozen=True):
    """One thing to give or to receive today; ``hadir``: be there and see, hold nothing.

    `objects` are the objects expected by the plan or on the offer; `count` may be more than are listed.
    `departed_at` and `arrived_at` are when the trip's driver said so.
    """

    direction: Literal["terima", "serahkan", "hadir"]
    other: Party
    count: int
    objects: list[str]
    leg: str = ""
    trip: str = ""
    place: str = ""
    expected_at: str = ""
    offer: OpenOffer | None = None
    place_word: str = ""
    vehicle: str = ""
    paper: str = ""
    departed_at: str = ""
    arrived_at: str = ""


class KnownCard(Wire, frozen=True):
    """A card that may be shown on this phone ("satu HP"), with the person it stands for.

    Its QR says ``TK1:3316:<number>``: version, office, number.
    """

    card: str
    person: str
    name: str
    post: str
    role: str = ""


class AreaWords(Wire, frozen=True):
    """A desa or PPK of the office, by the first six digits of its labels."""

    name: str
    dapil: str


class Tasks(Wire, frozen=True):
    """What this device needs for today, small enough for a slow line."""

    received_at: str
    tasks: list[Task]
    held: list[str]
    cards: list[KnownCard]
    day: str
    refused_devices: int = 0
    areas: dict[str, AreaWords] = {}
    seals: dict[str, list[str]] = {}


class Keys(Wire, frozen=True):
    """The office's public key, and the office it belongs to."""

    office_key: PublicKey
    office: OfficeWords
    mode: str
    received_at: str


class Trouble(Wire, frozen=True):
    """A refusal of a whole request; the phone keeps everything and tries again when `again` says so."""

    code: str
    text: str
    again: bool


class WrongForm(ValueError):  # noqa: N818 -- the house word
    """Bytes or text that are not what this wire says; the message is for the tray."""


def decode(text: str, *, length: int | None = None) -> bytes:
    """Return base64url without padding as bytes.

    Args:
        text: As sent.
        length: The only length that is right, in bytes.

    Raises:
        WrongForm: Other letters, or another length.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise WrongForm("bukan base64url") from wrong
    if length is not None and len(raw) != length:
        raise WrongForm(f"panjangnya {len(raw)}, bukan {length}")
    return raw


def encode(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def device_id(key: PublicKey) -> str:
    """Return the name of a device: the thumbprint of its key (RFC 7638), base64url."""
    members = {"crv": key.crv, "kty": key.kty, "x": key.x, "y": key.y}
    return encode(hashlib.sha256(rfc8785.dumps(members)).digest())


def code_hash(code: str) -> str:
    """Return under what an invitation's code is kept: its SHA-256, for it is random and long."""
    return hashlib.sha256(code.encode()).hexdigest()


def proof_of_asking(device: str, at: str, path: str) -> bytes:
    """Return what a device signs when it asks for its tasks.

    The header is ``Authorization: Tepat <device> <at> <signature>``.
    """
    return rfc8785.dumps({"ask": path, "at": at, "device": device})


def moment(at: datetime) -> str:
    """Return a moment as the wire writes it: UTC, milliseconds, ``Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def read_moment(text: str) -> datetime:
    """Return a moment of the wire.

    Raises:
        WrongForm: No moment in UTC.
    """
    if not text.endswith("Z"):
        raise WrongForm(f"bukan waktu UTC: {text[:40]}")
    try:
        return datetime.fromisoformat(text)
    except ValueError as wrong:
        raise WrongForm(f"bukan waktu: {text[:40]}") from wrong
