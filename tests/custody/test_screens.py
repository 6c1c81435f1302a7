"""Serah terima on the office's screens: what is urgent, one box's history, cards and the tray."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import NOW
from tests.custody.conftest import BOXES, PPS
from tests.custody.test_actions import at_pps, to_budi

from tepat.common.models import Account, Area, Place
from tepat.custody import holdings
from tepat.custody.actions import Count, Hands, accept
from tepat.custody.events import RefusedObject
from tepat.custody.models import Card, Invitation, TrayItem
from tepat.custody.settling_actions import note_seen


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    from tepat.common import screens, table_answers
    from tepat.custody.views import cards, objects, overview

    for module in (screens, table_answers, cards, objects, overview):
        monkeypatch.setattr(module, "now", lambda: NOW + timedelta(hours=1))


def enter(somebody):
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


def page(somebody, path, status=200):
    answer = enter(somebody).get(path)
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


@pytest.fixture
def trouble(sari, budi, citra, boxes):
    """One refused box, one missing, one in dispute, and an open offer."""
    made = to_budi(sari, BOXES[:4])
    count = Count(missing=(BOXES[0],), refused=(RefusedObject(BOXES[1], "basah"),))
    accept(by=budi.actor, at=NOW + timedelta(minutes=2), offer_id=made, hands=at_pps(budi), count=count)
    found = Hands(citra.actor.person, "pps:33.16.05.1014")
    note_seen(by=citra.actor, at=NOW + timedelta(minutes=3), objects=BOXES[2:3], hands=found, found=True)
    to_budi(sari, BOXES[4:], minutes=4)


def test_the_office_sees_what_has_to_be_settled_and_by_whom(trouble, kasubbag):
    shown = page(kasubbag, "/serah-terima/")
    for words in (
        "SENGKETA",
        "BELUM TERLIHAT",
        "basah",
        "TANPA RENCANA",
        "Sari",
        "PPS Kunden",
        "091015-001-3",
    ):
        assert words in shown, words


def test_each_table_can_be_downloaded(trouble, kasubbag):
    answer = enter(kasubbag).get("/serah-terima/?unduh=csv&tabel=masalah")
    assert answer.status_code == 200
    assert "091015-001-1" in answer.content.decode("utf-8-sig")


def test_another_village_sees_none_of_it(trouble, citra):
    shown = page(citra, "/serah-terima/")
    assert "091015" not in shown.replace('placeholder="091015-001-3"', "")
    page(citra, "/serah-terima/kotak/091015-001-1/", status=404)


def test_supervisors_read_without_names_and_change_nothing(trouble, dewi):
    shown = page(dewi, "/serah-terima/kotak/091015-001-3/")
    assert "Sari" not in shown
    assert "Tetapkan" not in shown
    page(dewi, "/serah-terima/kartu/", status=403)


def test_a_box_tells_its_history_in_words(trouble, kasubbag):
    shown = page(kasubbag, "/serah-terima/kotak/091015-001-3/")
    for words in ("Disegel dan dicatat", "Ditawarkan", "Diterima", "Citra", "temuan", "TERBUKA"):
        assert words in shown, words


@pytest.mark.parametrize("typed", ["091015-001-3", "091015-001-3k", "T1:3316:PEMILU-2024:091015-001-3K"])
def test_a_box_is_found_by_what_is_typed_or_scanned(trouble, kasubbag, typed):
    answer = enter(kasubbag).get("/serah-terima/cari/", {"kode": typed})
    assert (answer.status_code, answer.url) == (302, "/serah-terima/kotak/091015-001-3/")


def test_an_unknown_code_gets_a_sentence(trouble, kasubbag):
    answer = enter(kasubbag).get("/serah-terima/cari/", {"kode": "099999-001-1"})
    assert answer.status_code == 409
    assert "CUSTODY-NO-SUCH-BOX" in answer.content.decode()


def test_a_dispute_is_settled_only_with_the_box_s_own_label(trouble, kasubbag, budi):
    client, path = enter(kasubbag), "/serah-terima/kotak/091015-001-3/"
    asked = {"person": str(budi.actor.person), "post": PPS, "note": ""}
    wrong = client.post(path, asked | {"scanned": "091015-001-4"})
    assert (wrong.status_code, "CUSTODY-OTHER-LABEL" in wrong.content.decode()) == (409, True)
    scanned = "t1:3316:pemilu-2024:091015-001-3k"
    right = client.post(path, asked | {"scanned": scanned, "kunci": "sekali"})
    assert right.status_code == 302
    assert "DIPEGANG" in page(kasubbag, path)


def test_cards_come_as_a_pdf_with_the_codes_and_once(office, kasubbag, budi, monkeypatch):
    import pypdfium2
    import zxingcpp

    asked = {
        "langkah": "terbitkan",
        "roles": ["PPS"],
        "area_code": "33.16",
        "valid_from": "2024-02-01",
        "valid_to": "2024-02-20",
    }
    answer = enter(kasubbag).post("/serah-terima/kartu/", asked)
    assert answer["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as pdf:
        codes = {found.text for found in zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil())}
    card = Card.objects.get(person=budi.actor.person)
    assert f"TK1:3316:{card.pk}" in codes
    assert any(text.startswith("http://testserver/lapangan/#kode=") for text in codes)
    again = enter(kasubbag).post("/serah-terima/kartu/", asked)
    assert (again.status_code, "CARDS-NOBODY" in again.content.decode()) == (409, True)
    assert "Budi" in page(kasubbag, "/serah-terima/kartu/")


def test_spare_cards_are_made_for_a_kecamatan(office, kasubbag):
    asked = {"langkah": "cadangan", "area_code": "33.16.09", "count": "3"}
    dates = {"valid_from": "2024-02-01", "valid_to": "2024-02-20"}
    assert enter(kasubbag).post("/serah-terima/kartu/", asked | dates).status_code == 200
    assert Invitation.objects.filter(kind="cadangan", area_code="33.16.09").count() == 3


def test_a_card_is_revoked_with_a_reason(office, kasubbag, budi):
    asked = {"langkah": "terbitkan", "roles": ["PPS"], "area_code": "33.16"}
    dates = {"valid_from": "2024-02-01", "valid_to": "2024-02-20"}
    enter(kasubbag).post("/serah-terima/kartu/", asked | dates)
    path = f"/serah-terima/kartu/{Card.objects.get().pk}/"
    assert "BELUM DIIKAT" in page(kasubbag, path)
    assert enter(kasubbag).post(path, {"reason": ""}).status_code == 409
    assert enter(kasubbag).post(path, {"reason": "HP hilang"}).status_code == 302
    assert "DICABUT" in page(kasubbag, path)


def test_empty_screens_say_what_to_do(office, kasubbag):
    assert "Tidak ada sengketa" in page(kasubbag, "/serah-terima/")
    assert "Nampan kosong" in page(kasubbag, "/serah-terima/nampan/")
    assert "Belum ada kartu" in page(kasubbag, "/serah-terima/kartu/")


def test_the_tray_shows_the_reason_and_the_bytes(office, kasubbag, budi):
    item = TrayItem.objects.create(
        raw_hash="0" * 64, raw='{"statement": "<script>"}', code="FIELD-FORGED", received_at=NOW
    )
    assert "tidak cocok" in page(kasubbag, "/serah-terima/nampan/")
    shown = page(kasubbag, f"/serah-terima/nampan/{item.pk}/")
    assert "&lt;script&gt;" in shown
    page(budi, f"/serah-terima/nampan/{item.pk}/", status=404)
    with pytest.raises(AssertionError):
        item.delete()


def test_a_warehouse_is_called_by_its_name(boxes, kasubbag):
    holdings.refresh()
    assert "Gudang utama" in page(kasubbag, f"/garis-waktu/kotak/{BOXES[0].rpartition(':')[2]}/")
    area = Area.objects.get(code="33.16")
    Place.objects.create(
        code="gudang-utama", kind="gudang", name="Gudang Jalan Nusantara", area=area, position_source="uji"
    )
    for path in ("garis-waktu/kotak", "serah-terima/kotak"):
        shown = page(kasubbag, f"/{path}/{BOXES[0].rpartition(':')[2]}/")
        assert "Gudang Jalan Nusantara" in shown
        assert "gudang-utama" not in shown
