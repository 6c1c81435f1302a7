"""A difference between two totals is named with its likely reason, and neither number is ever changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.errors import Refused
from tepat.planning.columns import columns
from tepat.planning.needs import compute_needs
from tepat.planning.reconcile import read_totals, reconcile
from tepat.planning.rulesets import load_rule_set
from tepat.planning.silog import NO_LINE, NOT_ENTERED, not_in_silog

PILKADA = load_rule_set("pilkada-2024")


@pytest.fixture
def blora(blora_pilkada):
    return compute_needs(blora_pilkada, PILKADA)


def only(needs, theirs, item, against="silog"):
    (row,) = [row for row in reconcile(needs, theirs, against) if row.item == item]
    return row


def test_5813_booths_received_is_one_more_than_the_rule(blora):
    row = only(blora, {"BILIK": 5_813}, "BILIK", "diterima")
    assert (row.ours, row.theirs, row.difference) == (5_812, 5_813, 1)
    assert row.status == "beda"
    assert row.reason.startswith("lebih 1 dari aturan")
    assert row.owner == "tim gudang"


def test_equal_totals_need_nobody(blora):
    row = only(blora, {"TINTA": 2_906}, "TINTA")
    assert (row.status, row.reason, row.owner, row.difference) == ("sama", "", "", 0)


def test_likely_reasons(blora, blora_pilkada):
    dpt = int(blora_pilkada.dpt.sum())
    cases = {
        "dibulatkan sekali": ("SS-PGUB", blora.rounded_per_kab()["SS-PGUB"]),
        "alokasi": ("SS-PGUB", blora.total("SS-PGUB", "alokasi")),
        "hanya DPT": ("SS-PGUB", dpt),
        "PSU": ("SS-PBUP", blora.total("SS-PBUP") + 2_000),
        "TPS dan PPK": ("KOTAK-TPS", 2_938),
        "10 TPS lebih": ("SEGEL-P", 17_436 + 120),
        "tertukar": ("SEGEL-P", 17_463),
        "belum diketahui": ("SEGEL-P", 17_001),
    }
    for reason, (item, theirs) in cases.items():
        row = only(blora, {item: theirs}, item)
        assert reason in row.reason, (reason, row)
        assert row.theirs == theirs
        assert row.ours == blora.total(item)


def test_missing_and_unknown_rows_stand_beside_the_others(blora):
    rows = reconcile(blora, {"PITA": 5})
    statuses = {row.item: row.status for row in rows}
    assert statuses["PITA"] == "tidak dikenal di sini"
    assert statuses["BILIK"] == "tidak ada di sana"
    assert only(blora, {}, "LABEL-KOTAK").reason == "tidak ada barisnya di SILOG"
    assert all(row.difference is None for row in rows)


@given(st.dictionaries(st.sampled_from([item.code for item in PILKADA.items]), st.integers(0, 10**9)))
def test_no_number_is_ever_evened_out(theirs):
    needs = compute_needs(columns(["33.16.01.2001"] * 2, [1, 2], [480, 481]), PILKADA)
    for row in reconcile(needs, theirs):
        assert row.theirs == theirs.get(row.item)
        assert row.ours == needs.total(row.item)
        assert (row.status == "sama") == (row.ours == row.theirs)
        assert bool(row.reason) == bool(row.owner) == (row.status != "sama")


def test_totals_are_read_from_a_plain_file():
    assert read_totals("\ufeffitem;jumlah\r\nBILIK;5813\r\n\r\n".encode()) == {"BILIK": 5_813}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("barang,jumlah\n", 1),
        ("item,jumlah\nBILIK,5.813\n", 2),
        ("item,jumlah\nBILIK,1\nBILIK,2\n", 3),
        ("item,jumlah\nBILIK\n", 2),
        ("item,jumlah\nBILIK,99999999999999999999\n", 2),
    ],
)
def test_unreadable_totals_name_their_line(text, line):
    with pytest.raises(Refused, match="NEEDS-TOTALS-INVALID") as refusal:
        read_totals(text.encode())
    assert refusal.value.facts["line"] == line


def test_totals_that_are_too_large_or_not_text_are_refused(monkeypatch):
    with pytest.raises(Refused, match="NEEDS-TOTALS-INVALID"):
        read_totals(b"item,jumlah\nBILIK,\xe9\n")
    monkeypatch.setattr("tepat.planning.reconcile.TOTALS_BYTES_MAX", 5)
    with pytest.raises(Refused, match="NEEDS-LIST-TOO-LARGE"):
        read_totals(b"item,jumlah\n")


def test_what_silog_lacks_comes_by_deadline_with_owner(blora):
    rows = not_in_silog(blora, {"BILIK"})
    assert rows[0].item == "F-CPEMBERITAHUAN"
    assert rows[0].deadline_date.isoformat() == "2024-11-21"
    assert "BILIK" not in {row.item for row in rows}
    assert all(row.owner for row in rows)
    reasons = {row.item: row.reason for row in rows}
    assert reasons["TINTA"] == NOT_ENTERED
    assert reasons["LABEL-KOTAK"] == NO_LINE


def test_no_deadline_date_while_h_is_not_fixed():
    needs = compute_needs(columns(["33.16.01.2001"], [1], [9]), load_rule_set("nasional-2029"))
    assert {row.deadline_date for row in not_in_silog(needs)} == {None}
