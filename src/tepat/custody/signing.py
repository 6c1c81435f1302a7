"""Keys: what a device signed, and what was sealed so that only the office can read it. Pure.

Devices sign with ECDSA P-256 and SHA-256, raw r‖s. PINs travel by ECDH P-256, HKDF-SHA-256 and AES-256-GCM.
The office's own key follows from its secret, so that a copy of the office restores it too.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

COORDINATE_BYTES = 32
SIGNATURE_BYTES = 64
PIN_INFO = b"tepat pin 1"
KEYS_CACHED_MAX = 4096
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_SCHEME = ec.ECDSA(hashes.SHA256())


class WrongKeyError(ValueError):
    """Not a point of P-256."""


@lru_cache(maxsize=KEYS_CACHED_MAX)
def public_key(x: str, y: str) -> ec.EllipticCurvePublicKey:
    """Return a P-256 public key from its coordinates.

    Args:
        x: Base64url, 32 bytes.
        y: The same.

    Raises:
        WrongKeyError: Another length, or no point of the curve.
    """
    raw = [_coordinate(part) for part in (x, y)]
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + raw[0] + raw[1])
    except ValueError as wrong:
        raise WrongKeyError("bukan titik P-256") from wrong


def decode(text: str) -> bytes:
    """Return base64url without padding as bytes; what is no base64url becomes nothing."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""


def encode(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _coordinate(text: str) -> bytes:
    raw = decode(text)
    if len(raw) != COORDINATE_BYTES:
        raise WrongKeyError(f"koordinat {len(raw)} byte")
    return raw


def verifies(key: Mapping[str, str], statement: bytes, signature: bytes) -> bool:
    """Return whether a device's key signed exactly these bytes.

    Args:
        key: A JWK.
        statement: What was signed, in RFC 8785 form.
        signature: Raw r‖s.
    """
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public_key(key["x"], key["y"]).verify(encode_dss_signature(r, s), statement, _SCHEME)
    except (InvalidSignature, WrongKeyError, ValueError):
        return False
    return True


@lru_cache(maxsize=2)
def office_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """Return the office's key for sealed PINs, always the same for the same secret.

    Args:
        secret: The office's secret.
    """
    wide = HKDF(hashes.SHA256(), 48, None, b"tepat kunci kantor 1").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(wide, "big") % (P256_ORDER - 1) + 1, ec.SECP256R1())


def as_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Return a public key as a JWK."""
    numbers = key.public_numbers()
    x, y = (encode(part.to_bytes(COORDINATE_BYTES, "big")) for part in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


class CardPin(msgspec.Struct, frozen=True):
    """What a sealed PIN says: of which card, and the six digits."""

    card: str
    pin: str


def open_pin(secret: str, *, key: Mapping[str, str], iv: bytes, box: bytes, about: str) -> CardPin | None:
    """Return what was sealed for the office; None where it cannot be opened.

    Args:
        secret: The office's secret.
        key: The JWK made for this once.
        iv: 12 bytes.
        box: Ciphertext with its tag.
        about: What it was sealed for: the event's id, or the hash of an invitation's code.
    """
    try:
        shared = office_key(secret).exchange(ec.ECDH(), public_key(key["x"], key["y"]))
        wrap = HKDF(hashes.SHA256(), 32, b"", PIN_INFO).derive(shared)
        return msgspec.json.decode(AESGCM(wrap).decrypt(iv, box, about.encode()), type=CardPin)
    except (InvalidTag, WrongKeyError, ValueError, KeyError):
        return None


def peppered(secret: str, card: str, pin: str) -> str:
    """Return a PIN as it goes into the slow hash: useless to whoever has the database without the secret."""
    return hmac.new(secret.encode(), f"{card} {pin}".encode(), hashlib.sha256).hexdigest()
