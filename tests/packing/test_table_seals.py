"""Seals scanned at a packing table: once each, by its two people, flagged where the table could not know."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.conftest import NOW
from tests.packing.conftest import ELECTION
from tests.packing.test_actions import KUNDEN_1, refusal

from tepat.common.models import Event
from tepat.packing.actions import close_session, open_session
from tepat.packing.models import PackedObject, PackingSet, Seal
from tepat.packing.table_seals import SEALS_TOLD_MAX, TableSealing, seals_since, take_sealings, used_seals

BOXES = [f"{KUNDEN_1}-{slot}" for slot in "12345"]


def sealing(box, *numbers, id_=None, at=NOW):
    return TableSealing(id_ or uuid4(), box, numbers, at)


def take(table, *sealings, by=None, session=None):
    table.at += timedelta(seconds=30)
    asked = {"at": table.at, "session": (session or table.session).pk, "sealings": sealings}
    return take_sealings(by=(by or table.first).actor, **asked)


def test_the_last_seal_at_the_table_completes_the_set(table, lots, sari, joko):
    row = table.fill_set(KUNDEN_1, lots)
    early = take(table, *(sealing(box, f"a {n}") for n, box in enumerate(BOXES[:4])), by=joko)
    assert {answer.text for answer in early} == {""}
    (last,) = take(table, sealing(BOXES[4], "A4", "A5"))
    assert (last.answer, "lengkap dan tersegel" in last.text) == ("diterima", True)
    row.refresh_from_db()
    assert row.state == "lengkap"
    assert Event.objects.filter(kind="custody.registered").count() == 1
    one, two = Seal.objects.get(number="A1"), Seal.objects.get(number="A4")
    assert (one.first, one.second) == (joko.actor.person, sari.actor.person)
    assert (two.first, two.second, two.second_proof) == (
        *(sari.actor.person, joko.actor.person),
        "tanpa-bukti",
    )


def test_a_sealing_sent_twice_counts_once(table, lots):
    table.fill(BOXES[4], lots["DPRDK"])
    sent = sealing(BOXES[4], "A1", id_=uuid4())
    assert [take(table, sent)[0].answer, take(table, sent)[0].answer] == ["diterima", "sudah"]
    assert take(table, sent, sent)[1].answer == "sudah"
    assert Seal.objects.count() == 1
    assert Event.objects.filter(kind="packing.sealed").count() == 1


def test_both_times_are_kept_and_the_tables_clock_is_not_believed_beyond_what_can_be(table, lots):
    table.fill(BOXES[4], lots["DPRDK"])
    take(table, sealing(BOXES[4], "A1", at=NOW + timedelta(days=400)))
    event = Event.objects.get(kind="packing.sealed")
    assert event.occurred_at == event.recorded_at == table.at
    table.fill(BOXES[3], lots["DPRDP"])
    take(table, sealing(BOXES[3], "A2", at=NOW + timedelta(seconds=5)))
    late = Event.objects.filter(kind="packing.sealed").latest("recorded_at")
    assert (late.occurred_at, late.recorded_at) == (NOW + timedelta(seconds=5), table.at)


def test_what_the_table_could_not_know_is_refused_and_flagged(table, lots):
    """Two tables without a network put the same number on two boxes."""
    table.fill(BOXES[4], lots["DPRDK"])
    table.fill(BOXES[3], lots["DPRDP"])
    first, second = take(table, sealing(BOXES[4], "A1"), sealing(BOXES[3], "A1"))
    assert (first.answer, second.answer, second.code) == ("diterima", "ditolak", "SEAL-USED")
    assert BOXES[4] in second.text
    assert PackedObject.objects.get(code=BOXES[3]).state == "tertutup"
    event = Event.objects.get(kind="packing.seal-refused")
    assert event.objects_named == [f"kotak:{ELECTION}:{BOXES[3]}"]
    assert (event.payload["code"], event.payload["numbers"]) == ("SEAL-USED", ["A1"])


@pytest.mark.parametrize(
    ("box", "numbers", "code"),
    [
        ("091015-001-4", ("A1",), "SEAL-BOX-NOT-CLOSED"),
        ("091015-009-1", ("A1",), "SEAL-BOX-UNKNOWN"),
        ("", ("A1",), "SEAL-BOX-UNKNOWN"),
        ("091015-001-5", (), "SEAL-NONE"),
        ("091015-001-5", ("?" * 500,), "SEAL-UNREADABLE"),
        ("091015-001-5", tuple(f"A{n}" for n in range(400)), "SEAL-MANY"),
    ],
)
def test_a_sealing_that_proves_nothing_is_refused_with_a_trace(table, lots, box, numbers, code):
    table.fill("091015-001-5", lots["DPRDK"])
    (answer,) = take(table, sealing(box, *numbers))
    assert (answer.answer, answer.code) == ("ditolak", code)
    assert not Seal.objects.exists()
    assert Event.objects.get(kind="packing.seal-refused").payload["code"] == code


def test_a_session_takes_seals_of_its_two_people_until_it_ends(table, lots, sari, kasubbag):
    table.fill(BOXES[4], lots["DPRDK"])
    sent = sealing(BOXES[4], "A1", at=NOW + timedelta(minutes=1))
    asked = {"at": NOW + timedelta(hours=2), "session": table.session.pk}
    assert refusal(take_sealings, by=kasubbag.actor, **asked, sealings=(sent,)) == "PACK-OTHER-SESSION"
    close_session(by=sari.actor, at=NOW + timedelta(hours=1), session=table.session.pk)
    late = sealing(BOXES[4], "A2", at=NOW + timedelta(hours=2))
    assert refusal(take_sealings, by=sari.actor, **asked, sealings=(late,)) == "PACK-SESSION-ENDED"
    assert take_sealings(by=sari.actor, **asked, sealings=(sent,))[0].answer == "diterima"


def test_the_card_shown_on_sitting_down_is_named_as_such(table, lots, sari, joko, card_of):
    asked = {"by": sari.actor, "at": table.at, "table": table.session.table_id, "election": ELECTION}
    session = open_session(**asked, second=joko.actor.person, card=card_of(joko))
    table.session = session
    table.fill(BOXES[4], lots["DPRDK"])
    table.fill(BOXES[3], lots["DPRDP"])
    take(table, sealing(BOXES[4], "A1"))
    take(table, sealing(BOXES[3], "A2"), by=joko)  # Sari showed no card
    assert dict(Seal.objects.values_list("number", "second_proof")) == {
        "A1": "kartu-giliran",
        "A2": "tanpa-bukti",
    }


def test_a_table_learns_what_the_others_put_on(table, lots):
    row = table.fill_set(KUNDEN_1, lots)
    election = PackingSet.objects.get(pk=row.pk).election
    before = used_seals(election)
    assert (before.upto, before.runs.counted) == (0, {})
    table.seal_set(row)
    upto, numbers = seals_since(election, before.upto)
    assert numbers == ["A000", "A001", "A002", "A003", "A004"]
    assert seals_since(election, upto) == (upto, [])
    after = used_seals(election)
    assert (after.upto, after.runs.counted) == (upto, {"A 3": [0, 5]})
    assert len(numbers) < SEALS_TOLD_MAX
