"""The second person: another one, allowed here, and known by a scanned card or honestly without proof."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW
from tests.packing.conftest import ELECTION
from tests.packing.test_actions import KUNDEN_1, note, refusal, seal

from tepat.common.errors import Refused
from tepat.common.models import Event
from tepat.custody.events import Opened, Sealed, read_payload
from tepat.packing.actions import open_session
from tepat.packing.minutes import minutes_of
from tepat.packing.models import Opening, PackedObject, PackingSession, Seal
from tepat.packing.rules_seals import Sealing, card_number
from tepat.packing.seal_actions import open_box, seal_boxes

BOX = f"{KUNDEN_1}-5"


@pytest.mark.parametrize(
    "text", ["TK1:3316:ABCD2345", " tk1:3316:abcd2345 ", "ABCD2345", "abcd 2345"], ids=range(4)
)
def test_a_card_is_scanned_or_its_number_typed(text):
    assert card_number(text, office="33.16") == "ABCD2345"


@pytest.mark.parametrize(
    "text", ["TK1:3317:ABCD2345", "TK2:3316:ABCD2345", "ABCD234", "T1:3316:X:Y", "", "x" * 99]
)
def test_what_is_no_card_of_this_office_is_refused(text):
    assert refusal(card_number, text=text, office="33.16") == "SECOND-CARD"


@given(st.text(max_size=60))
def test_nothing_that_is_scanned_as_a_card_breaks_it(text):
    with contextlib.suppress(Refused):
        assert len(card_number(text, office="33.16")) == 8


def test_without_a_card_it_is_said_so(table, lots):
    row = table.fill_set(KUNDEN_1, lots)
    seal_boxes(**seal(table, row, Sealing(BOX, ("A1",))))
    assert Seal.objects.get().second_proof == "tanpa-bukti"
    assert Event.objects.get(kind="packing.sealed").payload["second_proof"] == "tanpa-bukti"
    assert table.session.second_proof == "tanpa-bukti"


def test_a_scanned_card_proves_who_was_there(table, lots, joko, card_of):
    row = table.fill_set(KUNDEN_1, lots)
    seal_boxes(**seal(table, row, Sealing(BOX, ("A1",))), card=card_of(joko))
    assert Seal.objects.get().second_proof == "kartu"
    assert Event.objects.get(kind="packing.sealed").payload["second_proof"] == "kartu"


def test_a_card_of_somebody_else_or_of_another_day_is_refused(table, lots, sari, joko, card_of):
    row = table.fill_set(KUNDEN_1, lots)
    asked = seal(table, row, Sealing(BOX, ("A1",)))
    own = card_of(sari)
    old = card_of(joko, "OLDC2345", valid_to=NOW - timedelta(days=1))
    gone = card_of(joko, "GNEC2345", revoked_at=NOW - timedelta(days=1))
    for card, code in (
        (own, "SECOND-CARD-OTHER"),
        (old, "SECOND-CARD-UNKNOWN"),
        (gone, "SECOND-CARD-UNKNOWN"),
        ("ZZZZ9999", "SECOND-CARD-UNKNOWN"),
        ("apa saja", "SECOND-CARD"),
    ):
        assert refusal(seal_boxes, **asked, card=card) == code, card
    assert not Seal.objects.exists()


def test_the_card_is_asked_for_at_the_table_and_at_an_opening(table, lots, sari, joko, card_of):
    card = card_of(joko)
    asked = {"by": sari.actor, "at": table.at, "table": table.session.table_id, "election": ELECTION}
    open_session(**asked, second=joko.actor.person, card=card)
    assert PackingSession.objects.order_by("pk").last().second_proof == "kartu"
    table.session = PackingSession.objects.order_by("pk").last()
    table.seal_set(table.fill_set(KUNDEN_1, lots))
    box = PackedObject.objects.get(code=BOX)
    opened = open_box(by=sari.actor, at=table.at, packed=box.pk, note=note(joko, card=card))
    assert (opened.second_proof, Opening.objects.get().second_proof) == ("kartu", "kartu")
    assert "kartunya dipindai" in dict(minutes_of(opened).parties)["Petugas kedua"]


def test_the_minutes_say_where_there_was_no_proof(table, lots, sari, joko):
    table.seal_set(table.fill_set(KUNDEN_1, lots))
    box = PackedObject.objects.get(code=BOX)
    opened = open_box(by=sari.actor, at=table.at, packed=box.pk, note=note(joko))
    assert "hadir tanpa bukti kartu" in dict(minutes_of(opened).parties)["Petugas kedua"]


def test_events_from_before_it_was_asked_are_still_read():
    sealed = read_payload("packing.sealed", {"seals": {"kotak:x:1": ["A1"]}, "second": "s"})
    opened = read_payload(
        "packing.opened", {"second": "s", "reason": "r", "panwascam": True, "polri": False, "planned": True}
    )
    assert isinstance(sealed, Sealed)
    assert isinstance(opened, Opened)
    assert (sealed.second_proof, opened.second_proof, sealed.first) == ("", "", "")
