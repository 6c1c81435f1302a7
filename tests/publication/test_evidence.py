"""An evidence pack that a stranger checks with nothing but Python; one change, and the record is named."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import KUNDEN
from tests.publication.small_office import NOON, hand_over, kpps, make_office, objects_of, register

from tepat.common import ledger
from tepat.common.acting import action
from tepat.common.documents import KeptFile, add_document, keep
from tepat.common.models import Account, Event
from tepat.common.permissions import Permission
from tepat.custody.models import Device, ExpectedPhoto, Invitation, SignedStatement
from tepat.custody.signing import encode
from tepat.publication import background, keeping
from tepat.publication.bukti import periksa

HOUR = timedelta(hours=1)
UNIT = "091015-001"
PHOTO = b"\xff\xd8\xff\xe0 bukan gambar sungguhan"


def jwk_of(key):
    numbers = key.public_key().public_numbers()
    return {
        "crv": "P-256",
        "kty": "EC",
        "x": encode(numbers.x.to_bytes(32, "big")),
        "y": encode(numbers.y.to_bytes(32, "big")),
    }


def sign(key, raw):
    r, s = decode_dss_signature(key.sign(raw, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@action(Permission.CUSTODY_ACT)
def scan_signed(*, by, at, secret: int, objects: tuple, photo: str) -> Event:
    """Record a scan as a phone signed it, with the photo that it names."""
    private = ec.derive_private_key(secret, ec.SECP256R1())
    jwk = jwk_of(private)
    device = encode(hashlib.sha256(rfc8785.dumps(jwk)).digest())
    payload = {"with_person": str(by.person), "post": f"pps:{KUNDEN}", "purpose": "periksa"}
    made = ledger.Made(ledger.identity.event_id(), 1, "ab" * 32)
    statement = rfc8785.dumps(
        {
            "id": str(made.id),
            "kind": "custody.seen",
            "kind_version": 1,
            "claimed_at": "2024-02-12T05:00:00.000Z",
            "device": device,
            "counter": 1,
            "mode": "resmi",
            "actor": str(by.person),
            "objects": list(objects),
            "place": KUNDEN,
            "payload_hash": ledger.hash_payload(payload, made.salt),
            "evidence": [photo],
        }
    )
    signature = sign(private, statement)
    about = ledger.About(
        objects=objects,
        place=KUNDEN,
        evidence=(photo, *(hashlib.sha256(part).hexdigest() for part in (statement, signature))),
        device=device,
        counter=1,
        made=made,
    )
    event = ledger.record("custody.seen", payload, by=by, at=at, about=about)
    invitation = Invitation.objects.create(
        code_hash="c" * 64, number="AAAAAAAA", kind="undangan", role="PPS", area_code=KUNDEN,
        valid_from=at, valid_to=at + HOUR, issued_at=at, issued_by=by.person,
    )  # fmt: skip
    Device.objects.create(
        id=device, public_key=jwk, invitation=invitation, person_id=by.person, role="PPS", area_code=KUNDEN,
        valid_from=at, valid_to=at + HOUR, bound_at=at,
    )  # fmt: skip
    SignedStatement.objects.create(event=event, statement=statement, signature=signature, claimed_at=at)
    ExpectedPhoto.objects.create(sha256=photo, event=event, area_code=KUNDEN, arrived_at=at)
    return event


@pytest.fixture
def day(db, system, sari, budi):
    """A set that went to its village, was scanned there by a signed phone, and to its KPPS."""
    make_office()
    register(sari)
    ketua = kpps("Ketua", KUNDEN)
    hand_over(sari, budi, f"pps:{KUNDEN}", objects_of(UNIT), NOON - timedelta(days=2))
    kept: KeptFile = keep(io.BytesIO(PHOTO))
    add_document(by=system, at=NOON - 26 * HOUR, file=kept, label="foto", area_code=KUNDEN)
    scan_signed(
        by=budi.actor, at=NOON - 25 * HOUR, secret=1234567, objects=tuple(objects_of(UNIT)), photo=kept.sha256
    )
    hand_over(budi, ketua, f"kpps:{KUNDEN}-001", objects_of(UNIT), NOON - 2 * HOUR)
    background.tick(NOON)
    return ketua


@pytest.fixture
def folder(day, kasubbag, tmp_path) -> Path:
    """Return the opened pack of the whole set."""
    where = tmp_path / "bukti"
    zipfile.ZipFile(io.BytesIO(asked(kasubbag, UNIT).content)).extractall(where)
    return where


def asked(somebody, code):
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client.get(f"/bukti/{code}.zip")


def check(place, *more):
    """Run the script as a stranger would: nothing of ours, nothing installed."""
    script = place / "periksa.py" if place.is_dir() else place.with_name("periksa.py")
    given = [*more, *([] if place.is_dir() else [str(place)])]
    done = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", str(script), *given],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def spoil(folder, change, name="bukti.json"):
    whole = json.loads((folder / name).read_text(encoding="utf-8"))
    change(whole)
    (folder / name).write_text(json.dumps(whole), encoding="utf-8")


def event_of(whole, kind):
    return next(event for event in whole["events"] if event["commitment"]["kind"] == kind)


def test_a_stranger_accepts_the_pack_and_reads_what_it_does_not_prove(folder):
    code, said = check(folder)
    assert code == 0, said
    assert "COCOK: semua yang dapat diperiksa cocok." in said
    assert "1 ditandatangani alat lapangan" in said
    assert "asalnya belum terbukti" in said
    code, said = check(folder, "--kunci", keeping.signer().verifier.vkey)
    assert code == 0, said
    assert "asalnya belum terbukti" not in said


def test_the_zip_is_checked_as_it_came_and_holds_no_name(day, kasubbag, tmp_path):
    started = time.monotonic()
    answer = asked(kasubbag, f"{UNIT}-1")
    assert answer.status_code == 200
    assert time.monotonic() - started < 60, "nobody waits a minute for a pack of one box"
    file = tmp_path / "bukti.zip"
    file.write_bytes(answer.content)
    whole = zipfile.ZipFile(file)
    (tmp_path / "periksa.py").write_bytes(whole.read("periksa.py"))
    assert check(file)[0] == 0
    assert whole.read("laporan.pdf").startswith(b"%PDF")
    assert all(name not in whole.read("bukti.json").decode() for name in ("Budi", "Sari", "Ketua"))


def test_gaps_stand_first_in_the_report(day, kasubbag, sari, budi):
    import pypdfium2

    from tepat.custody.actions import To, offer

    offer(by=day.actor, at=NOON, objects=objects_of(UNIT), to=To(f"pps:{KUNDEN}"))
    raw = zipfile.ZipFile(io.BytesIO(asked(kasubbag, f"{UNIT}-1").content)).read("laporan.pdf")
    with pypdfium2.PdfDocument(raw) as pdf:
        said = pdf[0].get_textpage().get_text_range()
    assert said.index("Celah") < said.index("Siapa memegang")


def _other_signature(whole):
    """Let a forger replace the signature, its hash, and the leaf: only the key tells."""
    event = event_of(whole, "custody.seen")
    forged = sign(ec.generate_private_key(ec.SECP256R1()), base64.b64decode(event["statement"]))
    event["signature"] = base64.b64encode(forged).decode()
    event["commitment"]["evidence"].append(hashlib.sha256(forged).hexdigest())
    raw = rfc8785.dumps(event["commitment"])
    event["leaf"] = hashlib.sha256(b"\0" + raw).hexdigest()


TAMPERINGS = {
    "isinya bukan yang dicatat": lambda whole: event_of(whole, "custody.accepted")["payload"].update(
        post="pps:33.16.05.1014"
    ),
    "sampulnya bukan yang dicatat": lambda whole: event_of(whole, "custody.offered")["commitment"].update(
        occurred_at="2024-02-01T00:00:00.000000Z"
    ),
    "hilang dari berkas ini": lambda whole: whole["events"].remove(event_of(whole, "custody.seen")),
    "tanda tangan alat palsu": _other_signature,
    "tanda tangannya tidak disertakan": lambda whole: event_of(whole, "custody.seen").update(
        statement=None, signature=None
    ),
    "kunci alatnya tidak cocok": lambda whole: whole["devices"].update(
        dict.fromkeys(whole["devices"], jwk_of(ec.generate_private_key(ec.SECP256R1())))
    ),
}


@pytest.mark.parametrize("sentence", [pytest.param(said, id=said) for said in TAMPERINGS])
def test_what_was_tampered_with_is_named(folder, sentence):
    spoil(folder, TAMPERINGS[sentence])
    code, said = check(folder)
    assert code == 1
    assert sentence in said, said
    assert "TIDAK COCOK" in said


def test_a_changed_photo_a_lost_one_and_a_changed_proof_are_named(folder, tmp_path):
    photo = next((folder / "foto").iterdir())
    other = shutil.copytree(folder, tmp_path / "lain")
    photo.write_bytes(PHOTO + b"x")
    assert "bukan foto yang dicatat" in check(folder)[1]
    (other / "foto" / photo.name).unlink()
    proof = next((other / "bukti").iterdir())
    lines = proof.read_text(encoding="utf-8").split("\n")
    at = next(place for place, line in enumerate(lines) if line.startswith("index "))
    lines[at] = "index 0" if lines[at] != "index 0" else "index 1"
    proof.write_text("\n".join(lines), encoding="utf-8")
    said = check(other)[1]
    assert "tidak ada dalam berkas" in said
    assert "tidak terbukti ada dalam catatan terbuka" in said


def test_a_log_signed_by_another_key_is_refused(folder):
    from tepat.publication.notes import ED25519, new_signer

    code, said = check(folder, "--kunci", new_signer(keeping.origin(), ED25519).verifier.vkey)
    assert code == 1
    assert "tidak ditandatangani kunci" in said


def test_who_may_not_read_raw_events_of_that_place_gets_no_pack(day, budi, citra, dewi):
    assert asked(dewi, f"{UNIT}-1").status_code == 200, "Panwascam of the kecamatan"
    assert asked(dewi, "051014-001-1").status_code == 404, "another kecamatan"
    assert asked(budi, f"{UNIT}-1").status_code == 403
    assert asked(dewi, "091015-009-1").status_code == 404


def test_a_pack_before_anything_was_signed_says_so(db, system, sari, kasubbag, tmp_path):
    make_office()
    register(sari)
    zipfile.ZipFile(io.BytesIO(asked(kasubbag, UNIT).content)).extractall(tmp_path)
    code, said = check(tmp_path)
    assert code == 0, said
    assert "BELUM masuk catatan bertanda tangan" in said


# The script's own cryptography, held against the library's


@settings(max_examples=15)
@given(st.binary(max_size=80), st.integers(1, 2**250), st.integers(0, 511))
def test_p256_signatures_as_the_library_sees_them(message, secret, bit):
    key = ec.derive_private_key(secret, ec.SECP256R1())
    signature = bytearray(sign(key, message))
    assert periksa.ecdsa(jwk_of(key), message, bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not periksa.ecdsa(jwk_of(key), message, bytes(signature))


@settings(max_examples=15)
@given(st.binary(max_size=80), st.binary(min_size=32, max_size=32), st.integers(0, 511))
def test_ed25519_signatures_as_the_library_sees_them(message, seed, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(message))
    assert periksa.ed25519(public, message, bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not periksa.ed25519(public, message, bytes(signature))
