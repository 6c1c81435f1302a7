"""Catatan terbuka on the screen: what stands, who signed, the proof of one thing, and alarms that shout."""

import pytest
from django.db import transaction
from django.test import Client
from tests.conftest import KUNDEN, NOW, make_somebody
from tests.publication.conftest import note_events

from tepat.common.models import Account
from tepat.common.permissions import Role
from tepat.publication import background
from tepat.publication.actions import number_all, sign_head, trust_witness
from tepat.publication.notes import COSIGNATURE, new_signer, read_note
from tepat.publication.proofs import read_proof
from tepat.publication.standing import entries_of

ADDRESS = "/publikasi/log/"


def client_of(somebody) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


def page(somebody, **asked) -> str:
    answer = client_of(somebody).get(ADDRESS, asked)
    assert answer.status_code in {200, 409}, answer.content[:300]
    return answer.content.decode()


@pytest.fixture
def reader(office, kasubbag):
    return kasubbag


def test_before_anything_is_signed_it_says_so(reader):
    said = page(reader)
    assert "belum pernah ditandatangani" in said
    assert "BELUM ADA BUKTI" in said


def test_a_signed_log_shows_its_size_its_key_and_that_nobody_witnessed_it(reader, system):
    background.tick(NOW)
    said = page(reader)
    assert "kpu-kabupaten-blora/tepat/resmi+" in said.replace("<wbr>", "")
    assert "belum ada saksi di luar kantor" in said
    assert "PRIVATE" not in said


def test_witnesses_are_listed_with_how_far_they_signed(reader, system):
    background.tick(NOW)
    trust_witness(by=system, at=NOW, vkey=new_signer("bawaslu-blora", COSIGNATURE).verifier.vkey)
    assert "bawaslu-blora" in page(reader)


def test_the_alarm_of_a_ledger_that_went_back_is_the_first_thing_one_reads(reader, system, now):
    number_all(by=system, at=now)
    with transaction.atomic():
        note_events(by=system, at=now, count=9, first=100)
        number_all(by=system, at=now)
        sign_head(by=system, at=now)
        transaction.set_rollback(True)
    said = page(reader)
    assert "LOG-SHRUNK" in said
    assert "GAWAT" in said


def test_one_things_entries_and_their_proofs(reader, system):
    background.tick(NOW)
    said = page(reader, objek="kotak:1")
    assert "Entri kotak:1" in said
    assert "Unduh bukti" in said
    number = entries_of("kotak:1")[0].number
    assert f"{ADDRESS}bukti/{number}.tlog-proof" in said
    file = client_of(reader).get(f"{ADDRESS}bukti/{number}.tlog-proof")
    assert file.status_code == 200
    assert read_proof(file.content).holds()
    assert read_note(str(read_proof(file.content).note).encode())


def test_what_waits_for_its_signature_has_no_proof_yet(reader, system):
    background.tick(NOW)
    note_events(by=system, at=NOW, count=1, objects=("baru:1",))
    number_all(by=system, at=NOW)
    assert "menunggu tanda tangan" in page(reader, objek="baru:1")
    answer = client_of(reader).get(f"{ADDRESS}bukti/{entries_of('baru:1')[0].number}.tlog-proof")
    assert answer.status_code == 409
    assert b"LOG-UNSIGNED" in answer.content


@pytest.mark.parametrize("number", ["999999", "9" * 40, "x"])
def test_a_proof_that_does_not_exist_is_not_found(reader, system, number):
    background.tick(NOW)
    assert client_of(reader).get(f"{ADDRESS}bukti/{number}.tlog-proof").status_code == 404


def test_an_unknown_thing_is_said_with_its_code(reader, system):
    background.tick(NOW)
    assert "LOG-OBJECT-UNKNOWN" in page(reader, objek="tidak-ada")


def test_a_supervisor_sees_the_entries_of_the_own_area_only(reader, dewi, system):
    note_events(by=system, at=NOW, count=1, objects=("kotak:jauh",), place="33.16.05.1014")
    note_events(by=system, at=NOW, count=1, objects=("kotak:dekat",), place=KUNDEN)
    background.tick(NOW)
    assert "Unduh bukti" in page(dewi, objek="kotak:dekat")
    assert "Unduh bukti" not in page(dewi, objek="kotak:jauh")
    far, near = (
        f"{ADDRESS}bukti/{entries_of(name)[0].number}.tlog-proof" for name in ("kotak:jauh", "kotak:dekat")
    )
    assert [client_of(dewi).get(address).status_code for address in (far, near)] == [404, 200]


def test_a_village_official_has_no_business_there(office, budi):
    assert client_of(budi).get(ADDRESS).status_code == 403


def test_bawaslu_of_the_kabupaten_reads_it(office):
    assert "Catatan terbuka" in page(make_somebody("Bambang", Role.BAWASLU, "33.16"))
