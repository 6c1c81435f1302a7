"""A phone as the office meets it: it makes a key, counts, signs and sends as the field page does."""

import hashlib
import json
import secrets
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import rfc8785
import uuid_utils
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tepat.custody import signing
from tepat.custody.events import list_hash
from tepat.field import wire

BOXES = tuple(f"kotak:pemilu-2024:091015-001-{number}" for number in range(1, 6))

# path, body or None for a GET, headers -> status, answer
type Ask = Callable[[str, bytes | None, dict[str, str]], tuple[int, Any]]


def by_client(client: Any) -> Ask:
    """Return a way to ask through Django's test client."""

    def ask(path, body, headers):
        if body is None:
            answer = client.get(path, headers=headers)
        else:
            answer = client.post(
                path, data=body, content_type=headers.get("content-type", "application/json")
            )
        return answer.status_code, answer.json()

    return ask


def by_http(address: str, *, timeout_s: int = 60) -> Ask:
    """Return a way to ask a real server."""

    def ask(path, body, headers):
        sent = {"content-type": "application/json", **headers}
        request = urllib.request.Request(address + path, data=body, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    return ask


@dataclass
class Phone:
    """One phone: its key, its counter, its clock, and what the office said it is."""

    ask: Ask
    now: Callable[[], datetime]
    error: timedelta = timedelta()
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    bound: dict[str, Any] = field(default_factory=dict)
    counter: int = 0

    @property
    def jwk(self):
        return signing.as_jwk(self.key.public_key())

    @property
    def person(self):
        return self.bound["person"]

    @property
    def device(self):
        return self.bound.get("device") or wire.device_id(wire.PublicKey(**self.jwk))

    def shows(self):
        """Return what this phone's clock shows."""
        return wire.moment(self.now() + self.error)

    def bind(self, code, pin=None):
        """Show an invitation's code; return the status and the answer."""
        asked = {"code": code, "public_key": self.jwk}
        if pin:
            asked["pin"] = self.seal(pin[0], pin[1], wire.code_hash(code))
        status, answer = self.ask("/lapangan/ikat/", json.dumps(asked).encode(), {})
        if status == 200:
            self.bound = answer
        return status, answer

    def seal(self, card, pin, about):
        """Seal a PIN for the office."""
        _, keys = self.ask("/lapangan/kunci/", None, {})
        once = ec.generate_private_key(ec.SECP256R1())
        office = signing.public_key(keys["office_key"]["x"], keys["office_key"]["y"])
        wrap = HKDF(hashes.SHA256(), 32, b"", wire.PIN_INFO).derive(once.exchange(ec.ECDH(), office))
        iv = secrets.token_bytes(12)
        box = AESGCM(wrap).encrypt(iv, rfc8785.dumps({"card": card, "pin": pin}), about.encode())
        key = signing.as_jwk(once.public_key())
        return {"key": key, "iv": signing.encode(iv), "box": signing.encode(box)}

    def sign(self, raw):
        r, s = decode_dss_signature(self.key.sign(raw, ec.ECDSA(hashes.SHA256())))
        return signing.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def says(self, kind, payload, objects=BOXES, /, **change):
        """Return one signed event; `change` alters the statement before it is signed."""
        self.counter += 1
        salt = secrets.token_hex(32)
        statement = {
            "id": str(uuid.UUID(bytes=uuid_utils.uuid7().bytes)),
            "kind": kind,
            "kind_version": 1,
            "claimed_at": self.shows(),
            "device": self.device,
            "counter": self.counter,
            "mode": self.bound.get("mode", "resmi"),
            "actor": self.bound.get("person", ""),
            "objects": list(objects),
            "place": "",
            "payload_hash": hashlib.sha256(bytes.fromhex(salt) + rfc8785.dumps(payload)).hexdigest(),
            "evidence": [],
        } | change
        signature = self.sign(rfc8785.dumps(statement))
        return {"statement": statement, "payload": payload, "salt": salt, "signature": signature}

    def registers(self, objects=BOXES, post="gudang:gudang-utama"):
        return self.says("custody.registered", {"holder": self.person, "post": post}, objects)

    def offers(self, to_post, objects=BOXES, **more):
        payload = {"to_post": to_post, "list_hash": list_hash(objects), **more}
        return self.says("custody.offered", payload, objects)

    def accepts(self, offer, objects=None, **more):
        said = offer["statement"]
        payload = {
            "offer": said["id"],
            "list_hash": list_hash(said["objects"]),
            "giver": said["actor"],
            "receiver": self.person,
            "post": self.bound["post"],
            **more,
        }
        return self.says("custody.accepted", payload, objects or said["objects"])

    def scans(self, objects=BOXES, person=None, post="pps:33.16.09.1015"):
        return self.says("custody.seen", {"with_person": person or self.person, "post": post}, objects)

    def send(self, *events, left=0, device=None):
        """Send a batch; return the status and the answer."""
        body = {
            "device": device or self.device,
            "sent_at": self.shows(),
            "events": list(events),
            "left": left,
        }
        return self.ask("/lapangan/kirim/", json.dumps(body).encode(), {})

    def sends(self, *events, **more):
        """Send a batch that is answered; return what became of each event."""
        status, answer = self.send(*events, **more)
        assert status == 200, answer
        assert [one["id"] for one in answer["answers"]] == [one["statement"]["id"] for one in events]
        return [one["code"] or one["answer"] for one in answer["answers"]]

    def sends_photo(self, raw):
        return self.ask("/lapangan/foto/", raw, {"content-type": "image/jpeg"})

    def tasks(self):
        """Ask for today's tasks; return the status and the answer."""
        at, path = self.shows(), "/lapangan/tugas/"
        signature = self.sign(wire.proof_of_asking(self.device, at, path))
        return self.ask(path, None, {"authorization": f"Tepat {self.device} {at} {signature}"})
