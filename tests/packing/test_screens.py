"""The packing screens: who may see and do what, and the whole way of a box through them."""

import json
from uuid import uuid4

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.packing.conftest import OFFICE

from tepat.common.models import Event, Place
from tepat.packing.codes import Code
from tepat.packing.models import (
    BallotLot,
    Opening,
    PackedObject,
    PackingSession,
    PackingSet,
    Recheck,
    Seal,
)
from tepat.returns.models import FieldPaper

UNIT = "091015-001"


@pytest.fixture
def signed_in(client):
    def enter(somebody):
        client.logout()
        assert client.login(username=somebody.username, password=somebody.password)
        return client

    return enter


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch, now):
    """The screens read the clock where the people of the tests hold their posts."""
    from tepat.common import clock

    for module in ("overview", "sets", "desks", "lots", "rechecks"):
        monkeypatch.setattr(f"tepat.packing.views.{module}.now", lambda: now)
    monkeypatch.setattr("tepat.common.screens.now", lambda: now)
    monkeypatch.setattr(clock, "now", lambda: now)


def address(name, *args):
    return reverse(f"pengepakan{name}", args=args)


def body(answer):
    return answer.content.decode()


READS = ["", "-karton", "-label", "-segel", "-periksa", "-telusur"]


@pytest.mark.parametrize("name", READS)
def test_each_screen_says_what_to_do_before_anything_is_prepared(office, sari, signed_in, name):
    page = signed_in(sari).get(address(name))
    assert page.status_code == 200
    assert "kosong" in body(page)


def test_sets_are_prepared_by_a_button(office, sari, signed_in):
    client = signed_in(sari)
    page = client.post(address("-siapkan"), follow=True)
    assert "8 set dengan 30 kotak dan bundel siap; 8 baru." in body(page)
    assert "BELUM DIMULAI" in body(page)


@pytest.mark.parametrize("name", READS)
def test_supervisors_read_their_own_kecamatan(prepared, dewi, signed_in, name):
    page = signed_in(dewi).get(address(name))
    assert page.status_code == 200
    assert "Kec. Cepu" not in body(page).split("Kemajuan tiap kecamatan")[-1]


def test_who_only_reads_changes_nothing(prepared, dewi, signed_in):
    client = signed_in(dewi)
    row = PackingSet.objects.get(unit=UNIT)
    for name, args in (
        ("-siapkan", ()),
        ("-set-segel", (row.pk,)),
        ("-set-selesai", (row.pk,)),
        ("-set-keluarkan", (row.pk,)),
        ("-meja-kirim", (1,)),
        ("-label-berkas", ()),
    ):
        assert client.post(address(name, *args)).status_code == 403, name
    assert client.post(
        address("-karton"), {"kind": "PPWP:", "cartons": 1, "sheets": 1, "origin": "x"}
    ).status_code in {403, 404}
    assert Event.objects.filter(kind__startswith="packing.").count() == 1
    assert (
        "Segel" not in body(client.get(address("-set", row.pk))).split("Kotak dan bundel")[0].split("menu")[0]
    )


def test_a_set_of_another_village_is_not_found(prepared, dewi, signed_in):
    client = signed_in(dewi)
    cepu = PackingSet.objects.get(unit="051014-001")
    assert client.get(address("-set", cepu.pk)).status_code == 404
    assert client.get(address("-wilayah", "33.16.05.1014")).status_code == 404
    assert client.get(address("-kecamatan", "33.16.05")).status_code == 404
    assert client.get(address("-set", PackingSet.objects.get(unit=UNIT).pk)).status_code == 200


def test_two_people_sit_down_and_the_page_holds_the_checklists(prepared, sari, joko, signed_in):
    client = signed_in(sari)
    place = Place.objects.get(kind="gudang")
    client.post(address("-meja"), {"langkah": "meja", "name": "Meja 7", "place": place.pk})
    page = client.get(address("-meja"))
    assert "Joko" in body(page)
    assert "Dewi" not in body(page)
    table = page.context["tables"].get()
    sat = client.post(
        address("-meja"), {"langkah": "giliran", "table": table.pk, "second": joko.actor.person}, follow=True
    )
    content = json.loads(body(sat).split('id="data-meja" type="application/json">')[1].split("</script>")[0])
    assert content["office"] == OFFICE
    assert {box["code"] for box in content["boxes"]} == {"050000-PPK-1", "050000-PPK-2"}
    assert "PACK-WRONG-DAPIL" in content["sentences"]
    other = client.get(sat.redirect_chain[-1][0] + "?wilayah=33.16.09.1015")
    assert "091015-001-5" in body(other)
    session = PackingSession.objects.get()
    assert client.post(address("-meja-selesai", session.pk)).status_code == 302
    assert client.get(address("-meja-satu", session.pk)).status_code == 409


def send(client, table, *scans):
    sent = {
        "scans": [
            {"id": str(uuid4()), "box": box, "text": text, "count": None, "at": "2024-02-01T03:10:00.000Z"}
            for box, text in scans
        ]
    }
    return client.post(
        address("-meja-kirim", table.session.pk), json.dumps(sent), content_type="application/json"
    )


def test_scans_come_in_by_the_wire(table, lots, sari, signed_in):
    box = "091015-001-5"
    answer = send(signed_in(sari), table, (box, lots["DPRDK"]), (box, lots["DPR"]))
    assert answer.status_code == 200
    said = answer.json()
    assert [each["code"] for each in said["answers"]] == ["", "PACK-WRONG-BALLOT"]
    assert said["boxes"][box]["packed"] == {"SS-DPRDK": 206}


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b'{"scans": [{}]}',
        b'{"scans": [{"id": "x", "box": "", "text": "", "count": null, "at": "x"}]}',
        b'{"scans": ' + b"[" * 50_000,
        b"x" * 300_000,
    ],
    ids=["empty", "a list", "no fields", "no id", "deep", "long"],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(table, sari, signed_in, sent):
    answer = signed_in(sari).post(
        address("-meja-kirim", table.session.pk), sent, content_type="application/json"
    )
    assert answer.status_code == 409
    assert "PACK-SCANS-UNREADABLE" in answer.json()["refused"]


def test_seals_come_in_by_the_wire_and_the_page_learns_of_others(table, lots, sari, joko, signed_in):
    box = table.fill("091015-001-5", lots["DPRDK"])
    client = signed_in(sari)
    page = client.get(address("-meja-satu", table.session.pk), {"wilayah": "33.16.09.1015"})
    content = page.context["page_content"]
    assert (content["seals"]["upto"], content["rehearsal"], content["area"]) == (0, False, "33.16.09.1015")
    sent = {
        "scans": [],
        "sealings": [
            {"id": str(uuid4()), "box": box.code, "numbers": ["s 1"], "at": "2024-02-01T03:10:00.000Z"}
        ],
        "seals_after": 0,
    }
    answer = client.post(
        address("-meja-kirim", table.session.pk), json.dumps(sent), content_type="application/json"
    ).json()
    assert [each["answer"] for each in answer["answers"]] == ["diterima"]
    assert answer["boxes"][box.code]["sealed"]
    assert answer["seals"]["numbers"] == ["S1"]
    again = client.get(address("-meja-satu", table.session.pk)).context["page_content"]["seals"]
    assert (again["upto"], again["counted"]) == (answer["seals"]["upto"], {"S 1": [1, 1]})


def test_the_worker_of_the_table_is_handed_out_to_anybody_and_never_from_a_cache(client):
    answer = client.get(address("-meja-pekerja"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "no-cache" in answer.headers["Cache-Control"]


def test_another_table_takes_nothing_from_me(table, lots, kasubbag, signed_in):
    answer = send(signed_in(kasubbag), table, ("091015-001-5", lots["DPRDK"]))
    assert answer.status_code == 409
    assert "PACK-OTHER-SESSION" in answer.json()["refused"]


def seals(row, joko, **more):
    boxes = row.packed.filter(is_box=True)
    return {f"seal_{box.slot}": f"S{box.slot}" for box in boxes} | {"second": joko.actor.person, **more}


def test_the_last_seal_completes_the_set(table, lots, sari, joko, signed_in):
    row = table.fill_set(UNIT, lots)
    page = signed_in(sari).post(address("-set-segel", row.pk), seals(row, joko), follow=True)
    assert "5 kotak tersegel. Set 091015-001 lengkap" in body(page)
    assert "LENGKAP DAN TERSEGEL" in body(page)
    assert "S5" in body(signed_in(sari).get(address("-segel"), {"nomor": "s5"}))
    assert Event.objects.filter(kind="custody.registered").count() == 1


def test_what_was_typed_stays_when_seals_are_refused(table, lots, sari, joko, signed_in):
    row = table.fill_set(UNIT, lots)
    page = signed_in(sari).post(address("-set-segel", row.pk), seals(row, joko, seal_2="S1"))
    assert page.status_code == 409
    assert "SEAL-USED" in body(page)
    assert 'value="S5"' in body(page)
    assert not Seal.objects.exists()


def test_a_seal_without_a_number_comes_with_its_photo(table, lots, sari, joko, signed_in):
    row = PackingSet.objects.get(unit=UNIT)
    table.fill("091015-001-5", lots["DPRDK"])
    client = signed_in(sari)
    asked = {"unnumbered": "on", "second": joko.actor.person}
    assert "SEAL-NO-PHOTO" in body(client.post(address("-set-segel", row.pk), asked))
    wrong = SimpleUploadedFile("a.jpg", b"bukan foto")
    assert "SEAL-NO-PHOTO" in body(client.post(address("-set-segel", row.pk), {**asked, "photo": wrong}))
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff foto")
    page = client.post(address("-set-segel", row.pk), {**asked, "photo": photo}, follow=True)
    assert "1 kotak tersegel" in body(page)
    assert "foto dan dua nama" in body(client.get(address("-segel")))


def test_a_box_is_opened_with_its_minutes(table, lots, sari, joko, signed_in):
    row = table.fill_set(UNIT, lots)
    table.seal_set(row)
    box = PackedObject.objects.get(code="091015-001-5")
    client = signed_in(sari)
    assert client.get(address("-buka", box.pk)).status_code == 200
    asked = {
        "reason": "surat suara dapil lain ditemukan",
        "second": joko.actor.person,
        "panwascam": "ada",
        "polri": "tidak",
    }
    assert client.post(address("-buka", box.pk), {**asked, "polri": ""}).status_code == 409
    page = client.post(address("-buka", box.pk), asked, follow=True)
    assert "Pernah dibuka" in body(page)
    opening = Opening.objects.get()
    minutes = reverse("kertas-peristiwa", args=[opening.event])
    assert minutes in body(page), "one paper of an opening: the one that comes back by its QR"
    pdf = client.post(minutes, {"jenis": "pembukaan"})
    with pypdfium2.PdfDocument(pdf.content) as document:
        text = document[0].get_textpage().get_text_range()
        assert len(document) == 1
    for words in (
        "PEMBUKAAN KOTAK TERSEGEL",
        "surat suara dapil lain ditemukan",
        "Polisi (tidak hadir)",
        "Joko",
    ):
        assert words in text, words
    paper = FieldPaper.objects.get()
    assert paper.number.startswith("1/BA-BUKA/33.16/")
    assert "Unduh lagi" in body(client.get(minutes))


def test_goods_come_out_again_with_a_reason(table, lots, sari, signed_in):
    box = table.fill("091015-001-5", lots["DPRDK"])
    client = signed_in(sari)
    row = PackingSet.objects.get(unit=UNIT)
    asked = {"item": f"{box.pk}:SS-DPRDK", "reason": "salah karton, ditukar"}
    page = client.post(address("-set-keluarkan", row.pk), asked, follow=True)
    assert "Dikeluarkan dari 091015-001-5" in body(page)
    assert "SS-DPRDK" not in PackedObject.objects.get(pk=box.pk).packed


def test_cartons_get_codes_and_labels(prepared, sari, signed_in):
    client = signed_in(sari)
    asked = {"kind": "DPRDK:3", "cartons": 3, "sheets": 1000, "origin": "SJ-7"}
    page = client.post(address("-karton"), asked, follow=True)
    assert "3 karton terdaftar: DPRDK-3-0001 sampai DPRDK-3-0003" in body(page)
    pdf = client.post(
        address("-karton-label"), {"dari": "DPRDK-3-0001", "sampai": "DPRDK-3-0003", "paper": "thermal"}
    )
    with pypdfium2.PdfDocument(pdf.content) as document:
        assert len(document) == BallotLot.objects.count() == 3


@pytest.mark.parametrize(("which", "labels"), [("kotak", 10), ("bundel", 3), ("semua", 13)])
def test_labels_of_a_village(prepared, sari, signed_in, which, labels):
    asked = {"area": "33.16.09.1015", "which": which, "paper": "thermal"}
    pdf = signed_in(sari).post(address("-label-berkas"), asked)
    with pypdfium2.PdfDocument(pdf.content) as document:
        assert len(document) == labels
    assert Event.objects.get(kind="packing.labels-printed").payload["count"] == labels


def test_labels_of_goods_and_too_many_labels(prepared, sari, signed_in, monkeypatch):
    client = signed_in(sari)
    goods = client.post(address("-label-barang"), {"paper": "thermal"})
    with pypdfium2.PdfDocument(goods.content) as document:
        words = "".join(page.get_textpage().get_text_range() for page in document)
    assert "F-CHASIL" in words
    assert "SS-DPRDK" not in words
    monkeypatch.setattr("tepat.packing.views.lots.LABELS_AT_ONCE_MAX", 5)
    refused = client.post(address("-label-berkas"), {"area": "33.16.09", "which": "semua", "paper": "a4"})
    assert (refused.status_code, "LABELS-MANY" in body(refused)) == (409, True)


def test_a_recheck_is_blind_and_prints_what_it_proves(table, lots, kasubbag, signed_in):
    for unit in (UNIT, "091015-002"):
        table.fill_set(unit, lots)
    client = signed_in(kasubbag)
    page = client.post(address("-periksa"), {"size": 3, "seed": "3 1 4"}, follow=True)
    drawn = Recheck.objects.get()
    line = drawn.lines.select_related("object").first()
    asked = body(page).split('id="hitung"')[1].split("</form>")[0]
    assert str(line.object.sheets) not in asked
    answer = {"baris": line.pk, "sheets": line.object.sheets, "mark": line.object.mark, "whole": "ya"}
    page = client.post(address("-periksa-satu", drawn.pk), answer, follow=True)
    assert page.status_code == 200
    assert "100,0 %" in body(page)  # one box proves nothing
    second = drawn.lines.select_related("object")[1]
    wrong = {"baris": second.pk, "sheets": 1, "mark": "", "whole": "tidak"}
    page = client.post(address("-periksa-satu", drawn.pk), wrong, follow=True)
    assert "SALAH" in body(page)
    assert f"?kode={second.object.code}" in body(page)


def test_tracing_by_a_scanned_label(table, lots, sari, joko, signed_in):
    table.fill("091015-001-5", lots["DPRDK"])
    table.fill("091015-002-5", lots["DPRDK"])
    client = signed_in(sari)
    for asked in ("091015-001-5", Code("kotak", "091015-001-5").checked):
        page = client.get(address("-telusur"), {"kode": asked})
        assert "PERIKSA DULU" in body(page)
        assert "091015-002" in body(page)
    assert client.get(address("-telusur"), {"kode": "091015-001-4"}).status_code == 409
    assert client.get(address("-telusur"), {"kode": "<script>"}).status_code == 409


def test_a_trace_that_is_cut_says_so(table, lots, sari, signed_in, monkeypatch):
    for unit in ("091015-001", "091015-002"):
        table.fill(f"{unit}-5", lots["DPRDK"])
    table.fill("091015-002-4", lots["DPRDP"])
    for module in ("tracing", "views.rechecks"):
        monkeypatch.setattr(f"tepat.packing.{module}.LINES_TRACED_MAX", 1)
    page = signed_in(sari).get(address("-telusur"), {"kode": "091015-001-5"})
    assert "daftar ini belum semuanya" in body(page)


def test_a_scanned_card_names_the_second_person(prepared, sari, joko, signed_in, card_of):
    client = signed_in(sari)
    place = Place.objects.get(kind="gudang")
    client.post(address("-meja"), {"langkah": "meja", "name": "Meja 7", "place": place.pk})
    table = client.get(address("-meja")).context["tables"].get()
    nobody = client.post(address("-meja"), {"langkah": "giliran", "table": table.pk})
    assert "Pilih petugas kedua, atau pindai kartunya." in body(nobody)
    asked = {"langkah": "giliran", "table": table.pk, "card": "ZZZZ9999"}
    assert "SECOND-CARD-UNKNOWN" in body(client.post(address("-meja"), asked))
    client.post(address("-meja"), asked | {"card": card_of(joko)})
    session = PackingSession.objects.get()
    assert (session.second, session.second_proof) == (joko.actor.person, "kartu")


def test_the_progress_of_a_village(table, lots, sari, signed_in):
    table.seal_set(table.fill_set(UNIT, lots))
    client = signed_in(sari)
    page = body(client.get(address("-kecamatan", "33.16.09")))
    assert "BERJALAN" in page
    assert "33,3 %" in page
    assert "5 tersegel, 1 tertutup" in body(client.get(address("-wilayah", "33.16.09.1015")))
    csv = client.get(address(""), {"unduh": "csv", "tabel": "kecamatan"}).content.decode("utf-8-sig")
    assert "Kec. Blora" in csv
