"""A phone of the demo: it signs what it says as the field page does, and the office takes it in the same way.

Its key lives in memory only and is gone when the example is made.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tepat.common import identity, ledger
from tepat.common.canonical import canonical
from tepat.custody import signing
from tepat.custody.events import Payload
from tepat.custody.identity_binding import Key, bind_device
from tepat.custody.models import Device
from tepat.field import intake, wire

HALF_BYTES = signing.SIGNATURE_BYTES // 2


@dataclass
class Phone:
    """One bound phone.

    Args:
        device: What the office knows of it.
        key: Its private key.
        counter: How often it has spoken.
    """

    device: Device
    key: ec.EllipticCurvePrivateKey
    counter: int = 0

    def says(self, payload: Payload, kind: str, objects: Sequence[str], *, at: datetime, place: str) -> bytes:
        """Return one signed event.

        Args:
            payload: What is said.
            kind: Its kind.
            objects: What it is about.
            at: When, by the phone's clock.
            place: Where.
        """
        self.counter += 1
        said, salt = msgspec.to_builtins(payload), secrets.token_hex(ledger.SALT_BYTES)
        statement = {
            "id": str(identity.event_id()),
            "kind": kind,
            "kind_version": ledger.version_of(kind),
            "claimed_at": wire.moment(at),
            "device": self.device.pk,
            "counter": self.counter,
            "mode": ledger.mode(),
            "actor": str(self.device.person_id),
            "objects": list(objects),
            "place": place,
            "payload_hash": ledger.hash_payload(said, salt),
            "evidence": [],
        }
        signature = self._sign(canonical(statement))
        return msgspec.json.encode(
            {"statement": statement, "payload": said, "salt": salt, "signature": signature}
        )

    def send(self, events: Sequence[bytes], *, at: datetime) -> None:
        """Send everything that was said; each is taken in, or it is our mistake."""
        raw = [msgspec.Raw(event) for event in events]
        receipt = intake.take(wire.Sending(device=self.device.pk, sent_at=wire.moment(at), events=raw), at=at)
        refused = [answer.text for answer in receipt.answers if answer.answer != "diterima"]
        assert not refused, refused

    def _sign(self, raw: bytes) -> str:
        r, s = decode_dss_signature(self.key.sign(raw, ec.ECDSA(hashes.SHA256())))
        return signing.encode(r.to_bytes(HALF_BYTES, "big") + s.to_bytes(HALF_BYTES, "big"))


def bound_phone(code: str, *, at: datetime) -> Phone:
    """Return a new phone that an invitation has bound.

    Args:
        code: The printed code.
        at: When.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    return Phone(bind_device(at=at, code=code, key=Key(signing.as_jwk(key.public_key()))), key)


def spread(name: str, below: int) -> int:
    """Return a number below a limit that looks random and is the same in every run.

    Args:
        name: What it is for.
        below: The limit.
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % below
