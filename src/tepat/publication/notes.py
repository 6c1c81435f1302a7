"""Signed notes, checkpoints, witnesses' cosignatures and keys, as C2SP writes them. Pure.

A `ValueError` says in Indonesian what is wrong with a text that came from outside.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tepat.publication.tlog import HASH_BYTES, Head

ED25519 = 1
COSIGNATURE = 4
KEY_BYTES = 32
SIGNATURE_BYTES = 64
ID_BYTES = 4
TIME_BYTES = 8
NOTE_BYTES_MAX = 65_536
SIGNATURES_MAX = 64
NAME_LENGTH_MAX = 120
MARK = "— "
SEED_PREFIX = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+]+")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def b64(raw: bytes) -> str:
    """Return bytes in base 64."""
    return base64.b64encode(raw).decode()


def unb64(text: str) -> bytes:
    """Return what a text in strict base 64 holds.

    Raises:
        ValueError: It is not base 64, or not the one way to write these bytes.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise ValueError("bukan base64") from broken
    if b64(raw) != text:
        raise ValueError("base64 tidak baku")
    return raw


def decimal(text: str) -> int:
    """Return a whole number without leading zeroes.

    Raises:
        ValueError: It is none.
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"bukan bilangan: {text[:20]!r}")
    return int(text)


def check_name(name: str) -> str:
    """Return a key's name or an origin.

    Raises:
        ValueError: It is empty or too long, or holds a space, a plus or a control character.
    """
    if not _NAME.fullmatch(name) or not name.isprintable() or len(name) > NAME_LENGTH_MAX:
        raise ValueError("nama kunci kosong, terlalu panjang, atau memuat spasi atau tanda +")
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes by which a signature names its key.

    Source: C2SP signed-note, section Signatures
    """
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:ID_BYTES]


@dataclass(frozen=True)
class Verifier:
    """A public key with the name it signs under.

    Args:
        name: The log's origin, or a witness's name.
        kind: ``ED25519`` for a log, ``COSIGNATURE`` for a witness.
        public: 32 bytes.
    """

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which signatures name this key."""
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """The key as one line to hand out."""
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    def accepts(self, message: bytes, signature: bytes) -> bool:
        """Return whether a plain Ed25519 signature of a message is by this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_verifier(vkey: str) -> Verifier:
    """Return the key of a vkey line.

    Raises:
        ValueError: It is damaged, or of a kind not used here.
    """
    name, id_text, material = [*vkey.strip().split("+", 2), "", ""][:3]
    raw = unb64(material)
    if len(raw) != 1 + KEY_BYTES or raw[0] not in {ED25519, COSIGNATURE}:
        raise ValueError("jenis kunci tidak dikenal")
    found = Verifier(check_name(name), raw[0], raw[1:])
    if found.id.hex() != id_text:
        raise ValueError("sidik kunci tidak cocok dengan isinya")
    return found


@dataclass(frozen=True)
class Signer:
    """A private key with the name it signs under; its text never shows the seed."""

    name: str
    kind: int
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name})"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(self.name, self.kind, public)

    @property
    def text(self) -> str:
        """The key as one line for a file that nobody else may read."""
        half = self.verifier
        return f"{SEED_PREFIX}{self.name}+{half.id.hex()}+{b64(bytes([self.kind]) + self.seed)}"

    def sign(self, message: bytes) -> bytes:
        """Return the plain Ed25519 signature of a message."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def new_signer(name: str, kind: int) -> Signer:
    """Return a new key."""
    return Signer(check_name(name), kind, Ed25519PrivateKey.generate().private_bytes_raw())


def read_signer(text: str) -> Signer:
    """Return the key of a private line.

    Raises:
        ValueError: It is damaged.
    """
    name, id_text, material = [*text.strip().removeprefix(SEED_PREFIX).split("+", 2), "", ""][:3]
    raw = unb64(material)
    if not text.startswith(SEED_PREFIX) or len(raw) != 1 + KEY_BYTES:
        raise ValueError("berkas kunci rusak")
    found = Signer(check_name(name), raw[0], raw[1:])
    if found.verifier.id.hex() != id_text:
        raise ValueError("berkas kunci rusak")
    return found


@dataclass(frozen=True)
class Signature:
    """One signature line: who, by which key, and the signature itself."""

    name: str
    id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """The line without its newline."""
        return f"{MARK}{self.name} {b64(self.id + self.blob)}"

    def names(self, key: Verifier) -> bool:
        """Return whether this line claims to be by a key."""
        return (self.name, self.id) == (key.name, key.id)


@dataclass(frozen=True)
class Note:
    """A text and its signatures.

    Args:
        text: The signed text with its last newline.
        signatures: In the order of the lines.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        lines = "".join(f"{signature.line}\n" for signature in self.signatures)
        return f"{self.text}\n{lines}"

    def with_signatures(self, more: tuple[Signature, ...]) -> "Note":
        """Return the note with further signatures; one that is there already stays once."""
        return replace(self, signatures=tuple(dict.fromkeys((*self.signatures, *more))))


def read_note(raw: bytes) -> Note:
    """Return the note that some bytes hold; nothing in it is verified yet.

    Raises:
        ValueError: They are no signed note.

    Source:
        C2SP signed-note, section Format
    """
    if len(raw) > NOTE_BYTES_MAX:
        raise ValueError("catatan terlalu besar")
    try:
        whole = raw.decode()
    except UnicodeDecodeError as broken:
        raise ValueError("bukan teks UTF-8") from broken
    if any(letter < " " and letter != "\n" for letter in whole):
        raise ValueError("memuat karakter kendali")
    text, gap, tail = whole.rpartition("\n\n")
    lines = tail.removesuffix("\n").split("\n")
    if not gap or not tail.endswith("\n") or len(lines) > SIGNATURES_MAX:
        raise ValueError("bukan catatan bertanda tangan")
    return Note(f"{text}\n", tuple(_read_signature(line) for line in lines))


def _read_signature(line: str) -> Signature:
    name, gap, material = line.removeprefix(MARK).partition(" ")
    if not line.startswith(MARK) or not gap:
        raise ValueError("baris tanda tangan rusak")
    raw = unb64(material)
    if len(raw) <= ID_BYTES:
        raise ValueError("baris tanda tangan rusak")
    return Signature(check_name(name), raw[:ID_BYTES], raw[ID_BYTES:])


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its name, how many entries it has, and their root."""

    origin: str
    head: Head

    @property
    def text(self) -> str:
        """The text that is signed.

        Source: C2SP tlog-checkpoint, section Note text
        """
        return f"{self.origin}\n{self.head.size}\n{b64(self.head.root)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint of a note's text.

    Raises:
        ValueError: It has not exactly three lines, or one of them is damaged.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise ValueError("checkpoint tidak terdiri dari tiga baris")
    root = unb64(lines[2])
    if len(root) != HASH_BYTES:
        raise ValueError("akar checkpoint bukan 32 byte")
    return Checkpoint(check_name(lines[0]), Head(decimal(lines[1]), root))


def sign_checkpoint(checkpoint: Checkpoint, key: Signer) -> Note:
    """Return a checkpoint signed by its log."""
    assert key.kind == ED25519, key.kind
    assert key.name == checkpoint.origin, (key.name, checkpoint.origin)
    text = checkpoint.text
    return Note(text, (Signature(key.name, key.verifier.id, key.sign(text.encode())),))


def signed_by(note: Note, key: Verifier) -> bool:
    """Return whether a log's key signed a note; a false line under that key spoils the note."""
    lines = [line for line in note.signatures if line.names(key)]
    return len(lines) == 1 and key.accepts(note.text.encode(), lines[0].blob)


def _cosigned(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def cosign(text: str, key: Signer, *, at_s: int) -> Signature:
    """Return a witness's signature: at this moment, this was the largest consistent state it had seen.

    Args:
        text: The checkpoint's text.
        key: The witness's key.
        at_s: Seconds since 1970.

    Source:
        C2SP tlog-cosignature, section Ed25519 signed message
    """
    assert key.kind == COSIGNATURE, key.kind
    blob = at_s.to_bytes(TIME_BYTES, "big") + key.sign(_cosigned(text, at_s))
    return Signature(key.name, key.verifier.id, blob)


def cosigned_at_s(text: str, line: Signature, key: Verifier) -> int | None:
    """Return when a witness cosigned a checkpoint, in seconds since 1970; None if its key did not."""
    if key.kind != COSIGNATURE or not line.names(key) or len(line.blob) != TIME_BYTES + SIGNATURE_BYTES:
        return None
    at_s = int.from_bytes(line.blob[:TIME_BYTES], "big")
    return at_s if key.accepts(_cosigned(text, at_s), line.blob[TIME_BYTES:]) else None
