"""Kesiapan from the ledger: exactly the TPS without a receipt, as known now and as known then."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import CEPU, KUNDEN, make_somebody
from tests.publication.small_office import (
    NOON,
    OFFICE,
    SETS,
    hand_over,
    kpps,
    make_office,
    objects_of,
    register,
)

from tepat.common import ledger
from tepat.common.acting import action
from tepat.common.models import Account, Office, VaultEntry
from tepat.common.permissions import Permission, Role
from tepat.custody import holdings, signing
from tepat.custody.actions import Count, Hands, To, accept, offer
from tepat.custody.events import RefusedObject
from tepat.custody.identity_actions import Wanted, issue_cards
from tepat.custody.identity_binding import Key, bind_device
from tepat.custody.identity_revoking import revoke
from tepat.custody.models import Offer
from tepat.custody.readiness_contacts import call_book
from tepat.custody.timeline_states import Instant, counted, standings
from tepat.custody.timeline_sweep import facts_until, objects_after
from tepat.publication.readiness import board, without_receipt
from tepat.publication.readiness_tables import contact_of

HOUR = timedelta(hours=1)
PPS, KPPS_1, KPPS_2 = f"pps:{KUNDEN}", f"kpps:{KUNDEN}-001", f"kpps:{KUNDEN}-002"


@pytest.fixture
def office(db, system):
    return make_office()


@pytest.fixture
def day(office, sari, budi):
    """H-1: TPS 001 of Kunden has its set since 10.10; 002 waits at the PPS; Cepu's lies in the warehouse."""
    register(sari)
    ketua = kpps("Ketua", KUNDEN)
    for unit in ("091015-001", "091015-002"):
        hand_over(sari, budi, PPS, objects_of(unit), NOON - timedelta(days=2))
    hand_over(budi, ketua, KPPS_1, objects_of("091015-001"), NOON - 2 * HOUR)
    return ketua


def rows(office, instant=None, areas=(OFFICE,), now=NOON):
    return board(office, Office.objects.get(), areas, instant or Instant(), now=now)


def missing(office, *given, **more):
    return [row.unit for row in without_receipt(rows(office, *given, **more))]


def test_at_noon_exactly_the_tps_without_a_receipt_the_farthest_back_first(office, day):
    assert missing(office) == ["051014-001", "091015-002"]
    first = next(row for row in rows(office) if row.unit == "091015-001")
    assert first.readiness.hands.words == "diterima KPPS"
    assert first.evidence.hands.since_us


def test_before_anybody_reported_all_is_grey(office):
    found = rows(office)
    assert {row.readiness.level for row in found} <= {"belum", "gawat"}
    assert all(row.readiness.hands.level != "aman" for row in found)


def test_the_past_is_told_as_it_is_known_now_and_as_it_was_known_then(office, day, budi):
    """Let TPS 002 take its set at 11.30, on paper that the office hears of at 15.00."""
    (made,) = offer(by=budi.actor, at=NOON - HOUR, objects=objects_of("091015-002"), to=To(KPPS_2))
    holdings.refresh()
    said = Offer.objects.get(pk=made)

    @action(Permission.CUSTODY_ACT)
    def late(*, by, at) -> int:
        payload = {
            "offer": str(made),
            "list_hash": said.list_hash,
            "giver": str(budi.actor.person),
            "receiver": str(day.actor.person),
            "post": KPPS_2,
        }
        about = ledger.About(objects=tuple(objects_of("091015-002")), occurred_at=NOON - HOUR / 2)
        ledger.record("custody.accepted", payload, by=by, at=at, about=about)
        return 1

    late(by=day.actor, at=NOON + 3 * HOUR)
    evening = NOON + 8 * HOUR
    assert missing(office, now=evening) == ["051014-001"]
    assert missing(office, Instant(NOON), now=evening) == ["051014-001"]
    assert missing(office, Instant(NOON, NOON), now=evening) == ["051014-001", "091015-002"]
    morning = missing(office, Instant(NOON - 3 * HOUR), now=evening)
    assert morning == ["051014-001", "091015-002", "091015-001"], "the larger of two alike first"


def test_a_receipt_still_counts_once_the_boxes_are_on_their_way_back(office, day, budi):
    hand_over(day, budi, PPS, objects_of("091015-001"), NOON + 20 * HOUR)
    assert missing(office, now=NOON + 22 * HOUR) == ["051014-001", "091015-002"]
    found = standings("pemilu-2024", (OFFICE,))
    assert {found.received[name].post for name in objects_of("091015-001")} == {KPPS_1}


def test_a_part_refused_is_grave_and_the_rest_is_counted(office, day, budi):
    things = objects_of("091015-002")
    (made,) = offer(by=budi.actor, at=NOON - HOUR, objects=things, to=To(KPPS_2))
    count = Count(refused=(RefusedObject(things[0], "basah"),))
    hands = Hands(day.actor.person, KPPS_2)
    accept(by=day.actor, at=NOON - HOUR / 2, offer_id=made, hands=hands, count=count)
    row = next(row for row in rows(office) if row.unit == "091015-002")
    assert row.readiness.hands.words == "1 ditolak"
    assert (row.evidence.hands.received, row.evidence.hands.objects) == (2, 3)


def test_the_call_list_names_who_holds_it_and_the_telephone_only_where_it_may(
    office, day, budi, kasubbag, dewi
):
    VaultEntry.objects.filter(person=budi.actor.person).update(phone="0812-555-0101")
    waiting = without_receipt(rows(office))[1]
    wanted = [(waiting.area_code, waiting.holders)]

    def seen_by(somebody):
        return call_book(wanted, NOON, somebody.actor, OFFICE).contact(*wanted[0])

    shown = seen_by(kasubbag)
    assert (shown.name, shown.phone, shown.role) == ("Budi", "0812-555-0101", "PPS")
    assert (seen_by(budi).name, seen_by(budi).phone) == ("Budi", ""), "names, no telephone numbers"
    assert (seen_by(dewi).name, seen_by(dewi).person) == ("", str(budi.actor.person))


def test_on_a_trip_the_carrier_is_called_and_not_who_waits(office, day, sari, budi, kasubbag, clock):
    """The set is on a truck and was offered to a PPS, which can do nothing about it."""
    joko = make_somebody("Joko", Role.PENGEMUDI, OFFICE)
    VaultEntry.objects.filter(person=joko.actor.person).update(phone="0812-555-0177")
    things = objects_of("051014-001")
    hand_over(sari, joko, "angkutan:T-07", things, NOON - 5 * HOUR)
    offer(by=joko.actor, at=NOON - HOUR, objects=things, to=To("pps:33.16.05.1014"))
    csv = page(kasubbag, "/kesiapan/", unduh="csv", tabel="telepon").content.decode()
    (line,) = [line for line in csv.splitlines() if "di kendaraan" in line]
    assert "Joko" in line
    assert "0812-555-0177" in line
    assert "PPS Cepu" in line
    (waits,) = [row for row in without_receipt(rows(office)) if row.unit == "091015-002"]
    assert waits.holders == (str(budi.actor.person),)
    assert waits.waits.post == KPPS_2


def test_what_nobody_has_yet_is_asked_of_the_warehouse(office, sari, kasubbag):
    VaultEntry.objects.filter(person=sari.actor.person).update(phone="0812-555-0199")
    waiting = without_receipt(rows(office))
    book = call_book([(row.area_code, row.holders) for row in waiting], NOON, kasubbag.actor, OFFICE)
    assert {contact_of(row, book).phone for row in waiting} == {"0812-555-0199"}


@pytest.mark.parametrize("known", [None, NOON])
def test_the_ledger_read_in_one_sweep_tells_what_is_looked_up_object_by_object(
    office, day, budi, kasubbag, known
):
    """Also of a receipt from a phone whose identity was revoked since."""
    start, end = NOON - timedelta(days=3), NOON + timedelta(days=3)
    wanted = Wanted(KUNDEN, (Role.KPPS,), start, end)
    (card,) = issue_cards(by=kasubbag.actor, at=start, wanted=wanted)
    key = Key(signing.as_jwk(signing.office_key("hp Ketua").public_key()))
    phone = bind_device(at=start, code=card.code, key=key)
    speaker = replace(day, actor=replace(day.actor, device=phone.pk))
    hand_over(budi, speaker, KPPS_2, objects_of("091015-002"), NOON - HOUR)
    hand_over(day, budi, PPS, objects_of("091015-001"), NOON + 20 * HOUR)
    revoke(by=kasubbag.actor, at=NOON + 30 * HOUR, number=card.number, reason="bukan miliknya")
    names = [name for unit in SETS for name in objects_of(unit)]
    instant = Instant(NOON, known)
    looked_up = {name: counted(facts, instant) for name, facts in holdings.facts_of(names).items()}
    swept = facts_until(names, at=NOON, known=known)
    assert sum(fact.revoked for facts in swept.values() for fact in facts) == len(objects_of("091015-002"))
    for name in names:
        assert sorted(swept[name], key=by_id) == sorted(looked_up[name], key=by_id)
    assert objects_after(NOON, known) >= set(objects_of("091015-001"))
    assert not objects_after(NOON, known) & set(objects_of("051014-001"))


def by_id(fact):
    return fact.id


def page(somebody, address, **asked):
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client.get(address, asked)


@pytest.fixture
def clock(monkeypatch):
    from tepat.publication import views_readiness

    monkeypatch.setattr(views_readiness, "now", lambda: NOON)


def test_the_board_of_the_office_and_of_one_ppk(office, day, kasubbag, clock):
    whole = page(kasubbag, "/kesiapan/").content.decode()
    assert "Belum ada tanda terima KPPS" in whole
    assert "masih di gudang" in whole
    blora = page(kasubbag, "/kesiapan/kecamatan/33.16.09/").content.decode()
    assert "Kunden" in blora
    assert "Cepu" not in blora
    paper = page(
        kasubbag, "/kesiapan/kecamatan/33.16.09/", unduh="cetak", tabel="papan", kertas="f4-mendatar"
    )
    assert "kertas-f4-mendatar" in paper.content.decode()
    csv = page(kasubbag, "/kesiapan/", unduh="csv", tabel="telepon").content.decode()
    assert len(csv.strip().splitlines()) == 3


def test_a_village_sees_its_own_tps_and_no_other(office, day, budi, citra, clock):
    assert "Cepu" not in page(budi, "/kesiapan/").content.decode()
    assert page(budi, "/kesiapan/kecamatan/33.16.05/").status_code == 404
    assert "Kunden" not in page(citra, "/kesiapan/").content.decode()


def test_a_ppk_may_ask_of_a_past_moment(office, day, clock):
    wahyu = make_somebody("Wahyu", Role.PPK, "33.16.09")
    said = page(wahyu, "/kesiapan/", per="2024-02-13T09:00", diketahui="saat-itu").content.decode()
    assert "menurut yang diketahui saat itu" in said
    assert said.count(">001<") >= 1
    wrong = page(wahyu, "/kesiapan/", per="kemarin")
    assert wrong.status_code == 200


def test_after_polling_began_the_board_stays_at_its_last_moment(office, day, kasubbag, monkeypatch):
    from tepat.publication import views_readiness

    monkeypatch.setattr(views_readiness, "now", lambda: NOON + timedelta(days=3))
    assert "Pemungutan sudah dimulai" in page(kasubbag, "/kesiapan/").content.decode()


def test_another_office_has_no_such_kecamatan(office, day, kasubbag, clock):
    assert page(kasubbag, "/kesiapan/kecamatan/33.17.01/").status_code == 404
    assert CEPU.startswith("33.16.05")
