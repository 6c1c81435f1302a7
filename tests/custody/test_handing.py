"""The office's own laptop: offered, counted, received with both people there; no box moves by a click."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.conftest import NOW, make_somebody
from tests.custody.conftest import BOXES, PPS
from tests.custody.test_actions import at_pps, holder, later, me, to_budi
from tests.custody.test_screens import enter, page

from tepat.common.errors import Refused
from tepat.common.models import Event
from tepat.common.permissions import Role
from tepat.custody import planned
from tepat.custody.actions import Count, To, offer, refuse
from tepat.custody.events import RefusedObject, SealRead, read_payload, read_sent
from tepat.custody.handing_actions import receive
from tepat.custody.handing_reading import PIN_TRIES_MAX, label_typed, read_card, read_scans
from tepat.custody.identities import hash_pin
from tepat.custody.models import Card, Holding, Offer, TrayItem

LABELS = [name.rpartition(":")[2] for name in BOXES]
PIN = "482915"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    from tepat.common import screens, table_answers
    from tepat.custody.views import handing, objects, overview

    for module in (screens, table_answers, handing, objects, overview):
        monkeypatch.setattr(module, "now", lambda: NOW + timedelta(hours=1))


@pytest.fixture
def card(budi):
    """Budi's card with its PIN."""
    from django.core.cache import cache

    cache.clear()
    dates = {"valid_from": NOW - timedelta(days=1), "valid_to": NOW + timedelta(days=9), "issued_at": NOW}
    return Card.objects.create(
        number="B0D1B0D1",
        person_id=budi.actor.person,
        role=Role.PPS.name,
        area_code="33.16.09.1015",
        post=PPS,
        pin_hash=hash_pin("B0D1B0D1", PIN),
        pin_set_at=NOW,
        **dates,
    )


def folded(made):
    holder()
    return Offer.objects.get(pk=made)


def counted(client, made, scanned, **said):
    path = f"/serah-terima/tawaran/{made}/terima/"
    return client.post(path, {"codes": "\n".join(scanned), "terima": "1", **said})


def test_sari_offers_by_scan_and_answers_until_budi_has_counted(sari, budi, boxes):
    shown = page(sari, "/serah-terima/serahkan/")
    assert "PPS Kunden" in shown
    path = f"/serah-terima/serahkan/?tujuan={PPS}"
    assert "Budi" in page(sari, path)
    answer = enter(sari).post(path, {"codes": "\n".join(LABELS), "person": me(budi), "kunci": "satu"})
    assert answer.status_code == 302
    holder()
    made = Offer.objects.get()
    assert (made.to_person, made.count, holder()) == (me(budi), 5, (me(sari), "ditawarkan"))
    client = enter(budi)
    compared = client.post(f"/serah-terima/tawaran/{made.pk}/terima/", {"codes": "\n".join(LABELS)})
    assert "cocok dengan daftar" in compared.content.decode()
    assert holder() == (me(sari), "ditawarkan")
    assert counted(client, made.pk, LABELS).status_code == 302
    assert holder() == (me(budi), "dipegang")


def test_what_is_not_held_or_no_label_is_named_and_nothing_is_offered(sari, budi, boxes):
    path = f"/serah-terima/serahkan/?tujuan={PPS}"
    unknown = enter(sari).post(path, {"codes": "091015-001-1\n091015-099-9"})
    assert (unknown.status_code, "091015-099-9" in unknown.content.decode()) == (409, True)
    to_other = enter(budi).post("/serah-terima/serahkan/?tujuan=pps:33.16.09.1015", {"codes": LABELS[0]})
    assert "CUSTODY-NOT-HOLDER" in to_other.content.decode()
    assert not Offer.objects.exists()


def test_a_count_that_differs_is_signed_by_both(sari, budi, boxes):
    made = to_budi(sari)
    path = f"/serah-terima/tawaran/{made}/terima/"
    compared = enter(budi).post(path, {"codes": "\n".join(LABELS[:3])}).content.decode()
    assert "Hitungan berbeda" in compared
    said = {f"nasib-{LABELS[3]}": "belum", f"nasib-{LABELS[4]}": "basah", "note": "terendam"}
    assert counted(enter(budi), made, LABELS[:3], **said).status_code == 302
    row = folded(made)
    assert (row.missing, [one["reason"] for one in row.refused]) == ([BOXES[3]], ["basah"])
    offer_page = f"/serah-terima/tawaran/{made}/"
    assert "Selisih belum ditandatangani oleh Sari" in page(sari, offer_page)
    assert enter(sari).post(f"{offer_page}selisih/").status_code == 302
    assert "Kedua pihak menandatangani" in page(sari, offer_page)
    assert holder(BOXES[3]) == (me(sari), "belum_terlihat")


def test_one_laptop_needs_the_receiver_s_own_card(sari, budi, boxes, card):
    made = to_budi(sari)
    nobody = counted(enter(sari), made, LABELS, card="")
    assert (nobody.status_code, "CUSTODY-NO-RECEIVER" in nobody.content.decode()) == (409, True)
    wrong = counted(enter(sari), made, LABELS, card="TK1:3316:B0D1B0D1", pin="111111")
    assert "CUSTODY-PIN" in wrong.content.decode()
    assert holder() == (me(sari), "ditawarkan")
    assert counted(enter(sari), made, LABELS, card="TK1:3316:B0D1B0D1", pin=PIN).status_code == 302
    said = Event.objects.get(kind="custody.accepted").payload
    assert (said["one_phone"], said["proof"], said["pin"]) == (True, "kartu-pin", "benar")
    assert holder() == (me(budi), "dipegang")


def test_a_forgotten_pin_is_marked_and_stops_nothing(sari, budi, boxes, card):
    made = to_budi(sari)
    assert counted(enter(sari), made, LABELS, card="b0d1b0d1", pin="").status_code == 302
    said = Event.objects.get(kind="custody.accepted").payload
    assert (said["proof"], said["pin"]) == ("kartu", "lupa")


def test_a_pin_cannot_be_guessed(card):
    for _ in range(PIN_TRIES_MAX):
        with pytest.raises(Refused, match="CUSTODY-PIN"):
            read_card("B0D1B0D1", "000000", at=NOW)
    with pytest.raises(Refused, match="CUSTODY-PIN-TRIES"):
        read_card("B0D1B0D1", PIN, at=NOW)


def test_a_card_of_another_village_receives_nothing_here(sari, budi, citra, boxes, card):
    Card.objects.update(person_id=citra.actor.person)
    made = to_budi(sari)
    refused = counted(enter(sari), made, LABELS, card="B0D1B0D1", pin=PIN)
    assert "CUSTODY-NOT-AT-POST" in refused.content.decode()
    assert holder() == (me(sari), "ditawarkan")


def test_another_village_neither_sees_nor_receives_it(sari, budi, citra, boxes):
    made = to_budi(sari)
    page(citra, f"/serah-terima/tawaran/{made}/terima/", status=404)


def test_all_of_it_can_be_refused_and_nothing_moves(sari, budi, boxes):
    made = to_budi(sari)
    said = {f"nasib-{label}": "belum" for label in LABELS} | {"semua": "basah", "note": "hujan"}
    assert counted(enter(budi), made, [], **said).status_code == 302
    row = folded(made)
    assert (row.state, {one["note"] for one in row.refused}) == ("ditolak", {"hujan"})
    assert holder() == (me(sari), "dipegang")


def test_an_offer_is_withdrawn_by_its_giver_only(sari, budi, boxes):
    made = to_budi(sari)
    assert enter(budi).post(f"/serah-terima/tawaran/{made}/tarik/").status_code == 404
    assert enter(sari).post(f"/serah-terima/tawaran/{made}/tarik/").status_code == 302
    assert holder() == (me(sari), "dipegang")


def test_the_deputy_takes_over_by_one_tap_with_acknowledgement(sari, boxes):
    deputy = make_somebody("Wakil", Role.GUDANG, "33.16")
    path = "/serah-terima/ambil-alih/"
    assert "Memegang 5" in page(deputy, path)
    asked = {"dari": me(sari), "pos": "gudang:gudang-utama", "reason": "berhalangan"}
    assert "CUSTODY-NO-ACKNOWLEDGEMENT" in enter(deputy).post(path, asked).content.decode()
    assert enter(deputy).post(path, asked | {"yes": "on"}).status_code == 302
    assert holder() == (me(deputy), "dipegang")


def test_who_is_not_on_duty_at_a_post_takes_nothing_over_there(sari, budi, boxes):
    asked = {"dari": me(sari), "pos": "gudang:gudang-utama", "reason": "iseng", "yes": "on"}
    refused = enter(budi).post("/serah-terima/ambil-alih/", asked)
    assert "CUSTODY-NOT-AT-POST" in refused.content.decode()
    assert holder() == (me(sari), "dipegang")


def test_where_to_look_names_the_stop_with_the_similar_label(sari, budi, citra, boxes, monkeypatch):
    leg = planned.PlannedLeg(
        id="T-1:p2",
        word="T-1 ke PPS Kunden",
        from_post="angkutan:T-1",
        to_post=PPS,
        labels=("091015-001-",),
        at=NOW,
        before=("pps:33.16.05.1014",),
        loaded_at="gudang:gudang-utama",
    )
    monkeypatch.setattr(planned, "_sources", [lambda: [leg]])
    made = offer(by=sari.actor, at=later(1), objects=BOXES, to=To(PPS, leg="T-1:p2"))[0]
    path = f"/serah-terima/tawaran/{made}/terima/"
    shown = enter(budi).post(path, {"codes": "\n".join(LABELS[:4])}).content.decode()
    assert "Cari di sini dulu" in shown
    assert "PPS Cepu" in shown


def test_a_refusal_with_reasons_can_be_sent_twice(sari, budi, boxes):
    made = to_budi(sari)
    said = {
        "by": budi.actor,
        "at": later(2),
        "offer_id": made,
        "hands": at_pps(budi),
        "refused": (RefusedObject(BOXES[0], "basah"),),
        "key": "sekali",
    }
    assert refuse(**said).pk == refuse(**said).pk
    assert Event.objects.filter(kind="custody.refused").count() == 1


def test_who_stood_by_a_seal_is_somebody_of_the_register(sari, budi, boxes):
    made = to_budi(sari)
    seals = (SealRead(BOXES[0], ("X1",), second="Pak Lurah"),)
    with pytest.raises(Refused, match="CUSTODY-PERSON"):
        receive(by=budi.actor, at=later(2), offer_id=made, hands=at_pps(budi), count=Count(seals=seals))


def test_a_name_instead_of_an_id_is_not_taken_in_from_a_phone():
    import msgspec

    said = {"seals": {"kotak:1": ["S1"]}, "second": "Pak Lurah"}
    assert read_payload("packing.sealed", said)
    with pytest.raises(msgspec.ValidationError, match="second"):
        read_sent("packing.sealed", said)


def test_scans_are_read_in_every_form(boxes):
    text = "T1:3316:PEMILU-2024:091015-001-1K\n091015-001-2\r\n\n091015-001-1\nxx"
    holder()
    read = read_scans(text, Holding.objects.all())
    assert (read.objects, read.unknown, read.twice) == (BOXES[:2], ("XX",), 1)
    assert label_typed(" 091015 -001-3k") == "091015-001-3"


@pytest.mark.parametrize("change", [{"raw": "lain"}, {"code": "LAIN"}, {"received_at": NOW}, {"times": 0}])
def test_what_lies_in_the_tray_cannot_be_changed_by_hand(db, change):
    item = TrayItem.objects.create(raw_hash="0" * 64, raw="{}", code="FIELD-FORGED", received_at=later(5))
    with pytest.raises(IntegrityError), transaction.atomic():
        TrayItem.objects.filter(pk=item.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrayItem.objects.filter(pk=item.pk).delete()
    TrayItem.objects.filter(pk=item.pk).update(times=2, taken_in_at=NOW, note="dilihat")
    with pytest.raises(IntegrityError), transaction.atomic():
        TrayItem.objects.filter(pk=item.pk).update(note="lain")
