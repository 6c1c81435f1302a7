"""Buku peristiwa on the screen: narrowed, paged, exported, proved; names only beside it."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from tests.common.conftest import page, signed_in
from tests.conftest import CEPU, KUNDEN, NOW

from tepat.common import event_views, ledger
from tepat.common.acting import system_actor
from tepat.common.actions import (
    Contact,
    NoteText,
    add_person,
    write_note,
)
from tepat.common.documents import add_document, keep, path_of
from tepat.common.event_words import EVENT_WORDS
from tepat.common.models import Event

pytestmark = pytest.mark.usefixtures("office_clock")


def test_every_declared_kind_of_event_has_words():
    import tepat.urls  # noqa: F401 -- imports every stage's actions

    declared = {kind for kind in ledger.kinds() if kind.partition(".")[0] not in {"uji", "test"}}
    assert {kind for kind in declared if kind not in EVENT_WORDS} == set()


def test_the_ledger_is_narrowed_by_kind_object_actor_and_local_day(office, kasubbag, dewi):
    late = datetime(2024, 2, 1, 17, 30, tzinfo=UTC)
    first = write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("satu"))
    second = write_note(by=dewi.actor, at=late, area_code="33.16.09", note=NoteText("dua"))
    client = signed_in(kasubbag)

    def ids(**asked):
        found = client.get(reverse("peristiwa-unduh"), asked).getvalue().decode().splitlines()
        return [json.loads(line)["objects"] for line in found]

    assert ids(jenis="note.written") == [[f"catatan:{first.pk}"], [f"catatan:{second.pk}"]]
    assert ids(objek=f"catatan:{second.pk}") == [[f"catatan:{second.pk}"]]
    assert ids(pelaku=str(dewi.actor.person)) == ids(jenis="note.written")
    assert ids(jenis="note.written", sampai="2024-02-01") == [[f"catatan:{first.pk}"]]
    assert ids(dari="2024-02-02") == [[f"catatan:{second.pk}"]], "00.30 in Blora is the next day"
    assert ids(dari="2024-02-03", sampai="2024-02-02") == []


def test_a_wrong_filter_shows_nothing_and_says_why(office, kasubbag):
    text = page(signed_in(kasubbag), reverse("peristiwa"), pelaku="bukan-id")
    assert "Id pelaku terdiri dari" in text
    assert "0 peristiwa" in text


def test_pages_of_the_ledger_hold_every_event_once(office, kasubbag, system, monkeypatch):
    monkeypatch.setattr(event_views, "EVENTS_A_PAGE", 4)
    for number in range(7):
        add_person(by=system, at=NOW + timedelta(minutes=number), contact=Contact(f"Orang {number}"))
    client = signed_in(kasubbag)
    seen, count = [], Event.objects.count()
    for number in range(1, -(-count // 4) + 1):
        shown = client.get(reverse("peristiwa"), {"halaman": number})
        seen += [row[0].href for row in shown.context["table"].rows]
    assert len(seen) == len(set(seen)) == count
    beyond = client.get(reverse("peristiwa"), {"halaman": "9999"})
    assert beyond.context["page"] == -(-count // 4)
    assert client.get(reverse("peristiwa"), {"halaman": "-1"}).context["page"] == 1


def test_names_stand_beside_ids_for_the_office_and_never_for_supervisors(office, kasubbag, dewi, bawaslu):
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    assert "Dewi" in page(signed_in(kasubbag), reverse("peristiwa"))
    for reader in (bawaslu, dewi):
        assert "Dewi" not in page(signed_in(reader), reverse("peristiwa"))
    raw = signed_in(kasubbag).get(reverse("peristiwa-unduh")).getvalue().decode()
    sheet = (
        signed_in(kasubbag).get(reverse("peristiwa"), {"unduh": "csv", "tabel": "peristiwa"}).content.decode()
    )
    assert "dewi" not in (raw + sheet).lower()


def test_an_exported_line_proves_its_own_leaf(office, bawaslu, dewi):
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    answer = signed_in(bawaslu).get(reverse("peristiwa-unduh"))
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert len(lines) == Event.objects.count()
    import hashlib

    import rfc8785

    for line in lines:
        leaf, _payload = line.pop("leaf_hash"), line.pop("payload")
        assert hashlib.sha256(b"\x00" + rfc8785.dumps(line)).hexdigest() == leaf


def test_a_panwascam_reads_the_events_of_its_own_kecamatan_only(areas, dewi, bawaslu):
    inside = write_note(by=bawaslu.actor, at=NOW, area_code=KUNDEN, note=NoteText("di Kunden"))
    outside = write_note(by=bawaslu.actor, at=NOW, area_code=CEPU, note=NoteText("di Cepu"))
    events = {event.objects_named[0]: event for event in Event.objects.filter(kind="note.written")}
    client = signed_in(dewi)
    lines = client.get(reverse("peristiwa-unduh")).getvalue().decode().splitlines()
    places = {json.loads(line)["place"] for line in lines}
    assert all(place == "33.16.09" or place.startswith("33.16.09.") for place in places)
    near, far = events[f"catatan:{inside.pk}"], events[f"catatan:{outside.pk}"]
    assert client.get(reverse("peristiwa-satu", args=[near.pk])).status_code == 200
    assert client.get(reverse("peristiwa-satu", args=[far.pk])).status_code == 404
    assert "di Cepu" not in page(client, reverse("pengawasan"))
    assert client.get(reverse("pengawasan-satu", args=[outside.pk])).status_code == 404
    assert signed_in(bawaslu).get(reverse("peristiwa-satu", args=[far.pk])).status_code == 200


def test_one_event_shows_its_envelope_and_that_its_hashes_fit(office, kasubbag, dewi):
    row = write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    event = Event.objects.get(kind="note.written")
    text = page(signed_in(kasubbag), reverse("peristiwa-satu", args=[event.pk]))
    assert all(part in text for part in (event.leaf_hash, event.payload_hash, f"catatan:{row.pk}", "COCOK"))
    assert "TIDAK COCOK" not in text
    assert event.salt.salt not in text
    event.salt.delete()
    assert "GARAM DIHAPUS" in page(signed_in(kasubbag), reverse("peristiwa-satu", args=[event.pk]))


def test_an_event_whose_salt_was_exchanged_no_longer_fits(office, kasubbag, dewi):
    write_note(by=dewi.actor, at=NOW, area_code="33.16.09", note=NoteText("Dilihat"))
    event = Event.objects.get(kind="note.written")
    event.salt.salt = "00" * 32
    event.salt.save()
    assert "TIDAK COCOK" in page(signed_in(kasubbag), reverse("peristiwa-satu", args=[event.pk]))


def test_evidence_that_the_store_lost_is_named(office, kasubbag):
    kept = keep(io.BytesIO(b"%PDF-1.7 bukti"))
    add_document(by=system_actor(), at=NOW, file=kept, label="Berita acara", area_code="33.16")
    event = Event.objects.get(kind="document.added")
    client = signed_in(kasubbag)

    def evidence():
        return client.get(reverse("peristiwa-satu", args=[event.pk])).context["evidence"].rows

    assert [(row[0], row[1], row[2].word) for row in evidence()] == [("Berita acara", kept.sha256, "ADA")]
    path_of(kept.sha256).unlink()
    assert evidence()[0][2].word == "TIDAK ADA DI PENYIMPANAN"


def test_too_many_events_for_one_download_are_refused_with_the_number(office, kasubbag, monkeypatch):
    monkeypatch.setattr(event_views, "EXPORT_EVENTS_MAX", 1)
    monkeypatch.setattr(event_views, "TABLE_ROWS_MAX", 1)
    for address in (reverse("peristiwa-unduh"), reverse("peristiwa") + "?unduh=csv&tabel=peristiwa"):
        answer = signed_in(kasubbag).get(address)
        assert (answer.status_code, "EVENTS-TOO-MANY" in answer.content.decode()) == (409, True)
