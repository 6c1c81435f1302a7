"""Packing on the database: prepared from the needs, scanned, sealed, handed to custody, opened, traced."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.conftest import NOW
from tests.packing.conftest import ELECTION, OFFICE

from tepat.common import ledger
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event, Tps
from tepat.custody import holdings
from tepat.packing.actions import NewLots, add_lots, close_session, open_session, prepare_sets
from tepat.packing.codes import Code
from tepat.packing.models import Opening, PackedLine, PackedObject, PackingSet, Seal
from tepat.packing.rules_seals import Sealing
from tepat.packing.scan_actions import Scan, take_out, take_scans
from tepat.packing.seal_actions import (
    OpeningNote,
    complete_set,
    give_return_seals,
    open_box,
    seal_boxes,
)

KUNDEN_1, KUNDEN_2 = "091015-001", "091015-002"


def refusal(call, **arguments):
    with pytest.raises((Refused, NotAllowed)) as refused:
        call(**arguments)
    return refused.value.code


def prepare(sari, **more):
    return prepare_sets(by=sari.actor, at=NOW, area_code=OFFICE, election=ELECTION, **more)


def label(code):
    return Code("kotak", code).checked


def goods(item):
    return Code("barang", item).checked


def kinds(*names):
    return list(
        Event.objects.filter(kind__in=names).order_by("recorded_at", "id").values_list("kind", flat=True)
    )


# Prepared


def test_sets_are_prepared_from_the_needs(prepared):
    assert PackingSet.objects.filter(level="tps").count() == 4
    assert PackingSet.objects.filter(level="pps").count() == 2
    assert PackingSet.objects.filter(level="ppk").count() == 2
    box = PackedObject.objects.get(code="091015-001-5")
    assert (box.ballot, box.mark, box.sheets) == ("DPRDK", "3", 201 + 5)
    assert box.object_id == "kotak:pemilu-2024:091015-001-5"
    assert ["SS-DPRDK", 206] in box.contents


def test_preparing_again_changes_nothing(prepared, sari):
    before = list(PackedObject.objects.order_by("pk").values())
    done = prepare(sari)
    assert (done.new, done.updated, done.changed, done.removed) == (0, 0, 0, 0)
    assert list(PackedObject.objects.order_by("pk").values()) == before


def test_changed_needs_renew_what_waits_and_mark_what_is_begun(table, lots, sari):
    table.fill("091015-001-5", lots["DPRDK"], close=False)
    Tps.objects.filter(desa__code="33.16.09.1015").update(dpt=300)
    done = prepare(sari)
    assert (done.updated, done.changed) == (1, 1)
    begun, waiting = PackingSet.objects.get(unit=KUNDEN_1), PackingSet.objects.get(unit=KUNDEN_2)
    assert begun.needs_changed
    assert not waiting.needs_changed
    assert begun.packed.get(slot="5").sheets == 206
    assert waiting.packed.get(slot="5").sheets == 306
    box = begun.packed.get(slot="5")
    for item in list(box.packed):
        take_out(by=sari.actor, at=NOW, packed=box.pk, item=item, reason="kebutuhan berubah")
    assert prepare(sari).changed == 0
    begun.refresh_from_db()
    assert (begun.needs_changed, begun.packed.get(slot="5").sheets) == (False, 306)
    assert PackedLine.objects.filter(object__set=begun).exists()  # what was once scanned is not forgotten


def test_a_tps_that_is_no_longer_listed_leaves_no_set(prepared, sari):
    Tps.objects.filter(desa__code="33.16.05.1014", number=2).delete()
    assert prepare(sari).removed == 1
    assert not PackingSet.objects.filter(unit="051014-002").exists()


def test_without_a_list_there_is_nothing_to_prepare(office, sari):
    Tps.objects.all().delete()
    assert refusal(prepare_sets, by=sari.actor, at=NOW, area_code=OFFICE, election=ELECTION) == "PACK-NO-TPS"


def test_more_boxes_than_a_label_can_tell_apart_are_refused(office, sari, monkeypatch):
    monkeypatch.setattr("tepat.packing.contents.BOXES_MAX", 4)
    assert (
        refusal(prepare_sets, by=sari.actor, at=NOW, area_code=OFFICE, election=ELECTION) == "PACK-BOXES-MANY"
    )
    assert not PackingSet.objects.exists()


def test_who_may_not_pack_does_not(office, dewi, budi):
    for somebody in (dewi, budi):
        asked = {"by": somebody.actor, "at": NOW, "area_code": OFFICE, "election": ELECTION}
        assert refusal(prepare_sets, **asked) in {"COMMON-NOT-ALLOWED", "COMMON-NOT-FOUND"}


# At the table


def test_a_set_is_packed_sealed_and_in_somebodys_hands(table, lots, sari):
    row = table.fill_set(KUNDEN_1, lots)
    row.refresh_from_db()
    assert row.state == "dikepak"
    done = table.seal_set(row)
    assert done.state == "lengkap"
    ids = list(row.packed.values_list("object_id", flat=True))
    assert len(ids) == 6
    holdings.refresh()
    states = holdings.state_of(ids)
    assert {state.holder for state in states.values()} == {str(sari.actor.person)}
    assert {state.post for state in states.values()} == {"gudang:gudang-33.16"}
    assert kinds("packing.sealed", "packing.set-completed", "custody.registered") == [
        *["packing.sealed"] * 5,
        "packing.set-completed",
        "custody.registered",
    ]


def test_a_wrong_dapil_is_stopped_and_remembered(table, lots):
    (wrong,) = table.lots("DPRDK", "5")
    (answer,) = table.scan("091015-001-5", wrong)
    assert (answer.answer, answer.code) == ("ditolak", "PACK-WRONG-DAPIL")
    assert PackedObject.objects.get(code="091015-001-5").packed == {}
    event = Event.objects.get(kind="packing.scanned")
    assert event.payload["stops"] == [{"box": "091015-001-5", "text": wrong, "code": "PACK-WRONG-DAPIL"}]


def test_an_incomplete_box_cannot_be_closed(table, lots):
    answers = table.scan("091015-001-5", lots["DPRDK"], label("091015-001-5"))
    assert [each.code for each in answers] == ["", "PACK-INCOMPLETE"]
    assert "F-CHASIL" in answers[1].text or "C.HASIL" in answers[1].text
    assert not PackedObject.objects.get(code="091015-001-5").closed


def test_a_scan_sent_twice_counts_once(table, lots):
    ids = [uuid4(), uuid4()]
    first = table.scan("091015-001-5", lots["DPRDK"], goods("TINTA"), ids=ids)
    again = table.scan("091015-001-5", lots["DPRDK"], goods("TINTA"), ids=ids)
    assert [each.answer for each in first] == ["diterima", "ditolak"]
    assert [(each.answer, each.code) for each in again] == [("sudah", ""), ("sudah", "PACK-NOT-IN-BOX")]
    assert PackedLine.objects.count() == 1
    assert Event.objects.filter(kind="packing.scanned").count() == 1
    twice = uuid4()
    answers = table.scan("091015-001-4", lots["DPRDP"], lots["DPRDP"], ids=[twice, twice])
    assert [each.answer for each in answers] == ["diterima", "sudah"]


def test_two_cartons_fill_one_box(table):
    first, second = table.lots("DPRDK", "3", cartons=2)
    table.scan("091015-001-5", first, count=100)
    table.scan("091015-001-5", second)
    lines = PackedLine.objects.order_by("scanned_at").values_list("lot__code", "count")
    assert list(lines) == [("DPRDK-3-0001", 100), ("DPRDK-3-0002", 106)]


def test_an_unknown_carton_is_refused(table):
    (answer,) = table.scan("091015-001-5", Code("lot", "DPRDK-3-0999").checked)
    assert (answer.answer, answer.code) == ("ditolak", "PACK-LOT-UNKNOWN")


def test_the_clock_of_a_table_is_not_believed_beyond_what_can_be(table, lots, sari):
    late = Scan(uuid4(), "091015-001-5", lots["DPRDK"], None, NOW + timedelta(days=400))
    early = Scan(uuid4(), "091015-001-4", lots["DPRDP"], None, NOW - timedelta(days=400))
    at = NOW + timedelta(hours=1)
    take_scans(by=sari.actor, at=at, session=table.session.pk, scans=(late, early))
    assert set(PackedLine.objects.values_list("scanned_at", flat=True)) == {at, NOW}


def test_a_session_belongs_to_its_two_people_and_ends(table, lots, sari, joko, kasubbag):
    scan = Scan(uuid4(), "091015-001-5", lots["DPRDK"], None, NOW + timedelta(minutes=1))
    asked = {"at": NOW + timedelta(hours=2), "session": table.session.pk, "scans": (scan,)}
    assert refusal(take_scans, by=kasubbag.actor, **asked) == "PACK-OTHER-SESSION"
    close_session(by=sari.actor, at=NOW + timedelta(hours=1), session=table.session.pk)
    # Scanned while the session was open, arrived later: it counts.
    assert take_scans(by=joko.actor, **asked)[0].answer == "diterima"
    late = Scan(uuid4(), "091015-001-5", goods("F-CHASIL"), None, NOW + timedelta(hours=2))
    assert refusal(take_scans, by=sari.actor, **{**asked, "scans": (late,)}) == "PACK-SESSION-ENDED"


def test_one_person_alone_opens_no_session(prepared, table, sari, dewi):
    asked = {"by": sari.actor, "at": NOW, "table": table.session.table_id, "election": ELECTION}
    assert refusal(open_session, **asked, second=sari.actor.person) == "SEAL-ONE-PERSON"
    assert refusal(open_session, **asked, second=dewi.actor.person) == "PACK-SECOND-MAY-NOT"


def test_cartons_of_a_dapil_that_nobody_here_votes_in_are_refused(prepared, sari):
    asked = {"by": sari.actor, "at": NOW, "area_code": OFFICE, "election": ELECTION}
    for lots_, code in [
        (NewLots("DPRDK", "9", 1, 1000, "SJ"), "LOT-NO-SUCH-DAPIL"),
        (NewLots("PGUB", "", 1, 1000, "SJ"), "LOT-NO-SUCH-DAPIL"),
        (NewLots("DPRDK", "3", 0, 1000, "SJ"), "LOT-COUNT"),
        (NewLots("DPRDK", "3", 1, 10**6, "SJ"), "LOT-COUNT"),
        (NewLots("DPRDK", "3", 1, 1000, " "), "LOT-NO-ORIGIN"),
    ]:
        assert refusal(add_lots, **asked, lots=lots_) == code


# Seals


def seal(table, row, *sealings):
    return {
        "by": table.first.actor,
        "at": table.at,
        "packing_set": row.pk,
        "sealings": sealings,
        "second": table.second.actor.person,
    }


def test_a_seal_is_used_once_in_an_election(table, lots):
    row = table.fill_set(KUNDEN_1, lots)
    seal_boxes(**seal(table, row, Sealing("091015-001-1", ("a 1",))))
    assert refusal(seal_boxes, **seal(table, row, Sealing("091015-001-2", ("A1",)))) == "SEAL-USED"
    both = (Sealing("091015-001-2", ("B1",)), Sealing("091015-001-3", ("B1",)))
    assert refusal(seal_boxes, **seal(table, row, *both)) == "SEAL-USED"
    give = {**seal(table, row), "numbers": ("A1",)}
    del give["sealings"]
    assert refusal(give_return_seals, **give) == "SEAL-USED"
    give_return_seals(**{**give, "numbers": ("R1", "R2")})
    assert refusal(seal_boxes, **seal(table, row, Sealing("091015-001-2", ("R1",)))) == "SEAL-USED"
    assert Seal.objects.filter(seal_set="kembali").count() == 2


def test_a_box_that_is_open_is_not_sealed(table, lots):
    row = PackingSet.objects.get(unit=KUNDEN_1)
    table.fill("091015-001-5", lots["DPRDK"], close=False)
    assert refusal(seal_boxes, **seal(table, row, Sealing("091015-001-5", ("A1",)))) == "SEAL-BOX-NOT-CLOSED"
    assert refusal(seal_boxes, **seal(table, row, Sealing("091015-001-A", ("A1",)))) == "SEAL-BOX-UNKNOWN"
    assert refusal(seal_boxes, **seal(table, row, Sealing("051014-001-1", ("A1",)))) == "SEAL-BOX-UNKNOWN"


def test_a_seal_without_a_number_needs_a_photo_that_was_kept(table, lots, system):
    import io

    from tepat.common.documents import add_document, keep

    row = PackingSet.objects.get(unit=KUNDEN_1)
    table.fill("091015-001-5", lots["DPRDK"])
    without = Sealing("091015-001-5", unnumbered=True)
    assert refusal(seal_boxes, **seal(table, row, without)) == "SEAL-NO-PHOTO"
    invented = Sealing("091015-001-5", (), "ab" * 32, unnumbered=True)
    assert refusal(seal_boxes, **seal(table, row, invented)) == "SEAL-NO-PHOTO"
    kept = keep(io.BytesIO(b"\xff\xd8\xff foto"))
    add_document(by=system, at=NOW, file=kept, label="Segel", area_code=OFFICE)
    seal_boxes(**seal(table, row, Sealing("091015-001-5", (), kept.sha256, unnumbered=True)))
    event = Event.objects.get(kind="packing.sealed")
    assert event.evidence == [kept.sha256]
    assert event.payload["unnumbered"] == ["kotak:pemilu-2024:091015-001-5"]


def test_a_set_is_not_complete_before_its_last_box(table, lots, sari):
    row = table.fill_set(KUNDEN_1, lots)
    assert refusal(complete_set, by=sari.actor, at=NOW, packing_set=row.pk) == "SET-NOT-COMPLETE"
    table.seal_set(row)
    assert refusal(complete_set, by=sari.actor, at=NOW, packing_set=row.pk) == "SET-COMPLETE-ALREADY"


# Opened


def note(joko, **more):
    asked = {"reason": "surat suara dapil lain ditemukan", "panwascam": True, "polri": False, **more}
    return OpeningNote(joko.actor.person, **asked)


def test_an_opened_box_is_sealed_again_with_new_seals_and_custody_goes_on(table, lots, sari, joko):
    row = table.fill_set(KUNDEN_1, lots)
    table.seal_set(row)
    box = PackedObject.objects.get(code="091015-001-5")
    opened = open_box(by=sari.actor, at=table.at, packed=box.pk, note=note(joko))
    row.refresh_from_db()
    assert row.state == "dikepak"
    assert opened.old_seals == ["A004"]
    payload = Event.objects.get(kind="packing.opened").payload
    assert (payload["panwascam"], payload["polri"], payload["planned"]) == (True, False, False)
    assert refusal(complete_set, by=sari.actor, at=table.at, packing_set=row.pk) == "SET-NOT-COMPLETE"
    table.scan(box.code, label(box.code))
    assert refusal(seal_boxes, **seal(table, row, Sealing(box.code, ("A004",)))) == "SEAL-USED"
    seal_boxes(**seal(table, row, Sealing(box.code, ("N1",))))
    complete_set(by=sari.actor, at=table.at, packing_set=row.pk)
    assert Event.objects.filter(kind="custody.registered").count() == 1
    assert Event.objects.filter(kind="packing.set-completed").last().payload["again"]


def test_what_is_sealed_stays_until_it_is_opened(table, lots, sari, joko):
    row = table.fill_set(KUNDEN_1, lots)
    table.seal_set(row)
    box = PackedObject.objects.get(code="091015-001-5")
    taken = {"by": sari.actor, "at": NOW, "packed": box.pk, "item": "SS-DPRDK", "reason": "salah karton"}
    assert refusal(take_out, **taken) == "PACK-SEALED-STAYS"
    alone = {"by": sari.actor, "at": NOW, "packed": box.pk}
    assert refusal(open_box, **alone, note=note(sari)) == "SEAL-ONE-PERSON"
    assert refusal(open_box, **alone, note=note(joko, reason="ya")) == "OPEN-NO-REASON"
    open_box(**alone, note=note(joko))
    take_out(**{**taken, "reason": "surat suara dapil lain"})
    box.refresh_from_db()
    assert (box.state, "SS-DPRDK" in box.packed) == ("diisi", False)
    assert Opening.objects.count() == 1


def test_the_minutes_name_two_people_the_reason_and_who_was_there(table, lots, sari, joko):
    from tepat.packing.minutes import minutes_of

    row = table.fill_set(KUNDEN_1, lots)
    table.seal_set(row)
    box = PackedObject.objects.get(code="091015-001-5")
    opened = open_box(by=sari.actor, at=table.at, packed=box.pk, note=note(joko))
    said = minutes_of(opened)
    assert dict(said.parties)["Petugas pertama"] == "Sari"
    assert "Joko" in dict(said.parties)["Petugas kedua"]
    facts = dict(said.facts)
    assert (facts["Alasan dibuka"], facts["Polisi"]) == ("surat suara dapil lain ditemukan", "tidak hadir")
    assert "A004" in facts["Segel sebelum dibuka"]
    assert facts["Segel sesudah ditutup"] == "", "written by hand until new seals are on"
    assert facts["Untuk"].startswith("TPS 001")
    assert "Polisi (tidak hadir)" in said.signers


def test_the_ledger_holds_ids_and_no_names(table, lots):
    table.seal_set(table.fill_set(KUNDEN_1, lots))
    events = Event.objects.filter(kind__startswith="packing.")
    assert ledger.faults(events, {}) == []
    assert all("Sari" not in str(event.payload) and "Joko" not in str(event.payload) for event in events)
