"""Memeriksa berkas bukti tanpa Tepat, tanpa internet, dan tanpa pustaka lain: cukup Python 3.8 ke atas.

    python3 -I periksa.py                      di dalam folder yang sudah dibuka
    python3 -I periksa.py berkas.zip           langsung dari ZIP
    python3 -I periksa.py --kunci KUNCI        dengan kunci catatan (atau saksi) yang Anda bawa sendiri

Kunci di dalam berkas hanya membuktikan bahwa isinya utuh. Asalnya baru terbukti dengan kunci yang Anda
terima lewat jalan lain: yang ditempel di kantor, atau yang dipegang Bawaslu.

Diperiksa: isi tiap peristiwa, tanda tangan alat, letaknya dalam catatan terbuka, tanda tangan catatan,
nomor urut tiap benda (yang hilang di tengah terlihat), dan tiap foto. Tidak diperiksa: ringkasan dan PDF,
apakah sesudah entri terakhir masih ada peristiwa, dan apakah orangnya memang orang itu.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Optional, Tuple  # noqa: UP035 -- Python 3.8 reads these

Point = Optional[Tuple[int, int]]  # noqa: UP006, UP045
Point3 = Tuple[int, int, int]  # noqa: UP006

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
P_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
P_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Q = 2**255 - 19
Q_ORDER = 2**252 + 27742317777372353535851937790883648493
Q_D = -121665 * pow(121666, Q - 2, Q) % Q
MARK = "— "
SAID_MAX = 20


def main(given: list[str]) -> int:
    """Check, say what was found, and return 0 where all fits."""
    keys: list[str] = []
    places: list[str] = []
    rest = list(given)
    while rest:
        word = rest.pop(0)
        if word == "--kunci" and rest:
            keys.append(rest.pop(0))
        else:
            places.append(word)
    check = Check(Pack(Path(places[0]) if places else Path(__file__).resolve().parent), keys)
    try:
        check.run()
    except (OSError, KeyError, ValueError, TypeError, IndexError, zipfile.BadZipFile) as broken:
        check.fault(f"berkas rusak atau tidak lengkap: {broken or type(broken).__name__}")
    for line in check.notes:
        tell(line)
    for line in check.faults[:SAID_MAX]:
        tell("SALAH: " + line)
    if check.faults:
        tell(f"TIDAK COCOK: {len(check.faults)} hal. Jangan dipakai sebagai bukti.")
        return 1
    tell("COCOK: semua yang dapat diperiksa cocok.")
    return 0


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


class Pack:
    """A folder or a ZIP."""

    def __init__(self, place: Path) -> None:
        self.zip = zipfile.ZipFile(place) if place.is_file() else None
        self.folder = place

    def read(self, name: str) -> bytes:
        if self.zip is not None:
            return self.zip.read(name)
        return (self.folder / name).read_bytes()

    def has(self, name: str) -> bool:
        if self.zip is not None:
            return name in self.zip.namelist()
        return (self.folder / name).is_file()


class Check:
    """One check: what is wrong, and what else is to be known."""

    def __init__(self, pack: Pack, keys: list[str]) -> None:
        self.pack, self.given = pack, keys
        self.keys: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.faults: list[str] = []
        self.numbers: dict[str, dict[int, tuple[int, int]]] = {}
        self.heads: dict[str, tuple[int, bytes]] = {}
        self.signed = self.unsigned = self.proved = self.hidden = 0

    def fault(self, line: str) -> None:
        self.faults.append(line)

    def run(self) -> None:
        whole = json.loads(self.pack.read("bukti.json").decode())
        if whole["format"] != "tepat/bukti-1":
            raise ValueError(f"bentuk berkas {whole['format']!r} tidak dikenal")
        own_key = whole["log"]["vkey"]
        keys = self.given or ([own_key] if own_key else [])
        self.keys = [read_key(key) for key in keys]
        self.notes.append("Tentang: " + ", ".join(whole["objects"]))
        for order, event in enumerate(whole["events"], 1):
            said = event["commitment"]
            name = f"peristiwa {order} ({said['kind']}, {said['id']})"
            self.event(name, event, whole["devices"])
        self.no_omission(whole["objects"])
        self.photos(whole["photos"])
        self.summary(whole, brought=bool(self.given))

    def event(self, name: str, event: dict[str, Any], devices: dict[str, Any]) -> None:
        """Check one event: its payload, its envelope, its signature, its place in the log."""
        commitment = event["commitment"]
        if event["salt"] is None:
            self.hidden += 1
        else:
            salted = bytes.fromhex(event["salt"]) + canonical(event["payload"])
            if hashlib.sha256(salted).hexdigest() != commitment["payload_hash"]:
                self.fault(name + ": isinya bukan yang dicatat")
        if leaf(canonical(commitment)).hex() != event["leaf"]:
            self.fault(name + ": sampulnya bukan yang dicatat")
        self.statement(name, event, devices)
        if event["proof"] is None:
            return
        try:
            self.proof(name, event, read_proof(self.pack.read(event["proof"]).decode()))
        except (OSError, KeyError, ValueError) as broken:
            self.fault(f"{name}: bukti letaknya rusak ({broken})")

    def statement(self, name: str, event: dict[str, Any], devices: dict[str, Any]) -> None:
        """Check what a device signed."""
        commitment = event["commitment"]
        if event["statement"] is None:
            if commitment["counter"] or commitment["device"] in devices:
                self.fault(name + ": dari alat lapangan, tetapi tanda tangannya tidak disertakan")
            self.unsigned += 1
            return
        raw, signature = base64.b64decode(event["statement"]), base64.b64decode(event["signature"])
        said, key = json.loads(raw.decode()), devices.get(commitment["device"])
        kept = set(commitment["evidence"])
        if not {hashlib.sha256(raw).hexdigest(), hashlib.sha256(signature).hexdigest()} <= kept:
            self.fault(name + ": pernyataan alat bukan yang dicatat")
        same = ("id", "kind", "kind_version", "device", "counter", "mode", "actor", "objects", "place")
        if any(said[part] != commitment[part] for part in (*same, "payload_hash")):
            self.fault(name + ": pernyataan alat mengatakan hal lain")
        if key is None or key_name(key) != commitment["device"]:
            self.fault(name + ": kunci alatnya tidak cocok dengan nama alat")
        elif not ecdsa(key, raw, signature):
            self.fault(name + ": tanda tangan alat palsu")
        self.signed += 1

    def proof(self, name: str, event: dict[str, Any], proof: dict[str, Any]) -> None:
        """Check that an event stands in the log."""
        entry = json.loads(proof["entry"].decode())
        if canonical(entry["commitment"]) != canonical(event["commitment"]):
            self.fault(name + ": catatan terbuka memuat hal lain")
        origin, size, root = read_head(proof["text"])
        if not included(proof["hashes"], leaf(proof["entry"]), proof["index"], size, root):
            self.fault(name + ": tidak terbukti ada dalam catatan terbuka")
        if self.heads.setdefault(origin, (size, root)) != (size, root):
            self.fault(name + ": memakai keadaan catatan yang lain")
        self.note(name, proof, origin)
        names = list(dict.fromkeys(entry["commitment"]["objects"]))
        for thing, (count, before) in zip(names, entry["numbers"]):  # noqa: B905 -- Python 3.8 has no strict
            self.numbers.setdefault(thing, {})[count] = (proof["index"], before)
        self.proved += 1

    def note(self, name: str, proof: dict[str, Any], origin: str) -> None:
        """One log key at least must have signed; a line under a key that is known must be true."""
        logs = [key for key in self.keys if key["kind"] == 1 and key["name"] == origin]
        if not logs:
            self.fault(name + ": tidak ada kunci untuk catatan " + origin)
        for key in logs:
            lines = [line for line in proof["lines"] if line[:2] == (key["name"], key["id"])]
            if len(lines) != 1 or not ed25519(key["public"], proof["text"].encode(), lines[0][2]):
                self.fault(name + ": catatan tidak ditandatangani kunci " + key["name"])
        for key in self.keys:
            for line in proof["lines"]:
                if key["kind"] == 4 and line[:2] == (key["name"], key["id"]):
                    at, said = int.from_bytes(line[2][:8], "big"), proof["text"].encode()
                    whole = b"cosignature/v1\ntime " + str(at).encode() + b"\n" + said
                    if not ed25519(key["public"], whole, line[2][8:]):
                        self.fault(name + ": tanda tangan saksi palsu: " + key["name"])

    def no_omission(self, objects: list[str]) -> None:
        """Each thing's entries are numbered from 1, and each names the one before."""
        for thing in objects:
            numbers = self.numbers.get(thing, {})
            before: int | None = -1
            for count in range(1, max(numbers, default=0) + 1):
                if count not in numbers:
                    self.fault(f"{thing}: entri ke-{count} hilang dari berkas ini")
                    before = None
                elif before not in (None, numbers[count][1]):
                    self.fault(f"{thing}: sebelum entri ke-{count} ada entri lain")
                    before = numbers[count][0]
                else:
                    before = numbers[count][0]

    def photos(self, photos: dict[str, str | None]) -> None:
        for sha256, name in sorted(photos.items()):
            if name is None:
                self.notes.append(f"Foto {sha256[:12]}… disebut, tetapi belum sampai di kantor.")
            elif not self.pack.has(name):
                self.fault(f"foto {sha256[:12]}… tidak ada dalam berkas")
            elif hashlib.sha256(self.pack.read(name)).hexdigest() != sha256:
                self.fault(f"foto {sha256[:12]}… bukan foto yang dicatat")

    def summary(self, whole: dict[str, Any], *, brought: bool) -> None:
        """Say what was checked and what was not."""
        count = len(whole["events"])
        self.notes.append(f"{count} peristiwa, {self.signed} ditandatangani alat lapangan.")
        if self.unsigned:
            self.notes.append(f"{self.unsigned} peristiwa dari akun kantor: tanpa tanda tangan alat.")
        if self.hidden:
            self.notes.append(
                f"{self.hidden} peristiwa: garamnya sudah dihapus, isinya tak dapat dibuktikan."
            )
        for origin, (size, _root) in self.heads.items():
            self.notes.append(f"{self.proved} terbukti dalam catatan {origin}, {size} entri.")
        if self.proved < count:
            rest = count - self.proved
            self.notes.append(f"{rest} peristiwa BELUM masuk catatan bertanda tangan: bisa diubah diam-diam.")
        if self.proved and not brought:
            self.notes.append("Kunci catatan diambil dari berkas ini sendiri: asalnya belum terbukti.")


def canonical(value: Any) -> bytes:
    """Return RFC 8785 for texts, whole numbers, lists and tables with ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf(raw: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + raw).digest()


def included(proof: list[bytes], found: bytes, index: int, size: int, root: bytes) -> bool:
    """Return whether a leaf is in a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    last = size - 1
    for part in proof:
        if last == 0:
            return False
        if index % 2 or index == last:
            found = hashlib.sha256(b"\x01" + part + found).digest()
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + part).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and found == root


def read_proof(text: str) -> dict[str, Any]:
    top, gap, note = text.partition("\n\n")
    lines = top.split("\n")
    if (
        not gap
        or lines[0] != "c2sp.org/tlog-proof@v1"
        or lines[1][:6] != "extra "
        or lines[2][:6] != "index "
    ):
        raise ValueError("bukan tlog-proof")
    body, _, signatures = note.rpartition("\n\n")
    found = []
    for line in signatures.rstrip("\n").split("\n"):
        name, _, material = line[len(MARK) :].partition(" ")
        raw = base64.b64decode(material)
        found.append((name, raw[:4], raw[4:]))
    return {
        "entry": base64.b64decode(lines[1][6:]),
        "index": int(lines[2][6:]),
        "hashes": [base64.b64decode(line) for line in lines[3:]],
        "text": body + "\n",
        "lines": found,
    }


def read_head(text: str) -> tuple[str, int, bytes]:
    """Return name, size and root of a checkpoint."""
    origin, size, root, end = text.split("\n")
    if end:
        raise ValueError("kepala catatan rusak")
    return origin, int(size), base64.b64decode(root)


def read_key(vkey: str) -> dict[str, Any]:
    name, number, material = vkey.strip().split("+", 2)
    raw = base64.b64decode(material)
    sha = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if sha.hex() != number or len(raw) != 33:
        raise ValueError(f"kunci {name} rusak")
    return {"name": name, "id": sha, "kind": raw[0], "public": raw[1:]}


def unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_name(key: dict[str, str]) -> str:
    """Return the name of a device: the thumbprint of its key (RFC 7638)."""
    plain = canonical({part: key[part] for part in ("crv", "kty", "x", "y")})
    return base64.urlsafe_b64encode(hashlib.sha256(plain).digest()).rstrip(b"=").decode()


def ecdsa(key: dict[str, str], message: bytes, signature: bytes) -> bool:
    """Return whether a device signed a message: P-256 with SHA-256, raw r and s."""
    x, y = (int.from_bytes(unb64url(key[part]), "big") for part in ("x", "y"))
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    on_curve = (y * y - x * x * x + 3 * x - P_B) % P == 0
    if len(signature) != 64 or not on_curve or not (0 < r < P_ORDER and 0 < s < P_ORDER):
        return False
    hashed, back = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, P_ORDER)
    point = p_add(p_times(P_BASE, hashed * back % P_ORDER), p_times((x, y), r * back % P_ORDER))
    return point is not None and point[0] % P_ORDER == r


def p_add(one: Point, two: Point) -> Point:
    """Return the sum of two points of P-256; None is the point at infinity."""
    if one is None or two is None:
        return one or two
    if one[0] == two[0]:
        if (one[1] + two[1]) % P == 0:
            return None
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, P)
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, P)
    x = (slope * slope - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def p_times(point: Point, times: int) -> Point:
    found: Point = None
    while times:
        if times & 1:
            found = p_add(found, point)
        point, times = p_add(point, point), times >> 1
    return found


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether a key signed a message (RFC 8032, 5.1.7, without cofactor)."""
    if len(signature) != 64:
        return False
    key, first, s = q_read(public), q_read(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or first is None or s >= Q_ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q_ORDER
    y = 4 * pow(5, -1, Q) % Q
    base = q_read(y.to_bytes(32, "little"))
    assert base is not None
    left, right = q_times(base, s), q_add(first, q_times(key, k))
    return all((left[axis] * right[2] - right[axis] * left[2]) % Q == 0 for axis in (0, 1))


def q_read(raw: bytes) -> Optional[Point3]:  # noqa: UP045
    """Return a point from its 32 bytes, as (x, y, 1); None where they are none."""
    y, odd = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    square = (y * y - 1) * pow(Q_D * y * y + 1, -1, Q) % Q
    x = pow(square, (Q + 3) // 8, Q)
    if (x * x - square) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    if y >= Q or (x * x - square) % Q or (x == 0 and odd):
        return None
    return (Q - x if x % 2 != odd else x, y, 1)


def q_add(one: Point3, two: Point3) -> Point3:
    """Return the sum of two points of the twisted Edwards curve in projective coordinates."""
    a = one[2] * two[2] % Q
    b, c, d = a * a % Q, one[0] * two[0] % Q, one[1] * two[1] % Q
    e = Q_D * c * d % Q
    f, g = (b - e) % Q, (b + e) % Q
    x = a * f * ((one[0] + one[1]) * (two[0] + two[1]) - c - d) % Q
    return x, a * g * (d + c) % Q, f * g % Q


def q_times(point: Point3, times: int) -> Point3:
    found: Point3 = (0, 1, 1)
    while times:
        if times & 1:
            found = q_add(found, point)
        point, times = q_add(point, point), times >> 1
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
