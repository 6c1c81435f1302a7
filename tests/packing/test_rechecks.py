"""Packed boxes looked at again: the blind re-check, and from one wrong dapil to all that may share it."""

from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.packing.conftest import ELECTION, OFFICE, Table

from tepat.common.errors import NotAllowed, Refused
from tepat.packing.models import PackedObject
from tepat.packing.recheck_actions import Found, draw_recheck, note_recheck
from tepat.packing.tracing import trace

KUNDEN_1, KUNDEN_2 = "091015-001", "091015-002"


def refusal(call, **arguments):
    with pytest.raises((Refused, NotAllowed)) as refused:
        call(**arguments)
    return refused.value.code


def test_a_blind_recheck_finds_what_differs(table, lots, sari, kasubbag):
    for unit in (KUNDEN_1, KUNDEN_2):
        table.fill_set(unit, lots)
    drawn = draw_recheck(by=kasubbag.actor, at=NOW, area_code=OFFICE, election=ELECTION, seed="7 1 4", size=4)
    assert (drawn.population, drawn.size) == (10, 4)
    first, second, *_ = drawn.lines.select_related("object")
    right = Found(first.object.sheets, first.object.mark, whole=True)
    asked = {"at": NOW, "line": first.pk, "found": right}
    assert refusal(note_recheck, by=sari.actor, **asked) == "RECHECK-OWN"
    assert note_recheck(by=kasubbag.actor, **asked).result == "sesuai"
    assert refusal(note_recheck, by=kasubbag.actor, **asked) == "RECHECK-DONE"
    wrong = note_recheck(
        by=kasubbag.actor, at=NOW, line=second.pk, found=Found(second.object.sheets - 3, "9", whole=False)
    )
    assert wrong.result == "salah"
    assert len(wrong.faults) == 3


def test_sealed_boxes_are_not_drawn(table, lots, kasubbag):
    row = table.fill_set(KUNDEN_1, lots)
    table.seal_set(row)
    asked = {"by": kasubbag.actor, "at": NOW, "area_code": OFFICE, "election": ELECTION, "seed": "1"}
    assert refusal(draw_recheck, **asked, size=4) == "RECHECK-NOTHING"
    assert refusal(draw_recheck, **{**asked, "seed": " "}, size=4) == "RECHECK-SEED"
    assert refusal(draw_recheck, **asked, size=0) == "RECHECK-SIZE"


def test_a_wrong_dapil_leads_to_every_set_of_the_same_carton_and_of_the_same_table_and_hour(
    table, lots, sari, joko
):
    """One set shares table and hour, and a day later the carton; another shares neither."""
    table.fill("091015-001-5", lots["DPRDK"])
    table.fill("091015-002-4", lots["DPRDP"])  # another carton, the same table and hour
    table.at = NOW + timedelta(days=1)
    table.fill("091015-002-5", lots["DPRDK"])  # the same carton, a day later
    other = Table(joko, sari, "Meja 2")
    (cepu,) = other.lots("DPRDK", "5")
    other.at = NOW
    other.fill("051014-001-5", cepu)
    found = trace(PackedObject.objects.get(code="091015-001-5")).suspects
    (suspect,) = found
    assert suspect.packing_set.unit == KUNDEN_2
    assert suspect.lots == ("DPRDK-3-0001",)
    assert suspect.tables == ("Meja 1",)
    assert suspect.both


def test_a_trace_that_is_cut_says_so_and_keeps_what_is_nearest(table, lots, monkeypatch):
    for unit in (KUNDEN_1, KUNDEN_2):
        table.fill(f"{unit}-5", lots["DPRDK"])
    table.fill(f"{KUNDEN_2}-4", lots["DPRDP"])
    box = PackedObject.objects.get(code=f"{KUNDEN_1}-5")
    assert not trace(box).cut
    monkeypatch.setattr("tepat.packing.tracing.LINES_TRACED_MAX", 1)
    found = trace(box)
    assert found.cut
    assert [each.lots for each in found.suspects] == [("DPRDK-3-0001",)]


def test_a_box_without_ballots_leads_nowhere(table):
    assert trace(PackedObject.objects.get(code="091015-001-A")).suspects == ()
