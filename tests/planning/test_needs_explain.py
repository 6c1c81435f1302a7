"""Every number explains itself, and the explanation computes to the number."""

import re

import pytest

from tepat.planning.columns import columns
from tepat.planning.explain import explain, explain_boxes
from tepat.planning.needs import QUANTITIES, compute_needs
from tepat.planning.rules import Overrides
from tepat.planning.rulesets import CODES, load_rule_set

PEMILU = load_rule_set("pemilu-2024")


def test_why_fourteen_thousand_boxes(blora_pemilu):
    needs = compute_needs(blora_pemilu, PEMILU)
    why = explain(needs, "KOTAK-TPS")
    assert why.filled == "5 kotak × 2.977 TPS = 14.885"
    assert why.amount == 14_885
    assert why.verified
    assert "Blora" in why.source
    assert explain(needs, "KOTAK-PPK").filled == "2 kotak × 16 PPK = 32"
    assert explain_boxes(needs) == "14.885 + 32 = 14.917"


def test_why_a_tps_gets_its_ballots():
    tps = columns(["33.16.01.2001"], [7], [236], dptb=[4])
    needs = compute_needs(tps, PEMILU)
    why = explain(needs, "SS-DPR", 0, "alokasi")
    assert why.place == "33.16.01.2001 TPS 007"
    assert why.filled == "236 + 4 + ⌈0,02 × 236⌉ = 236 + 4 + 5 = 245 lembar"
    assert [(entry.name, entry.value) for entry in why.inputs] == [("d", 236), ("t", 4)]


def test_a_total_shows_the_other_rounding_beside_it_without_a_verdict():
    tps = columns(["33.16.01.2001"] * 3, [1, 2, 3], [101, 101, 101])
    why = explain(compute_needs(tps, PEMILU), "SS-PPWP")
    assert why.filled == "jumlah (d + ⌈0,02 × d⌉) di 3 TPS: 303 pemilih DPT + 9 cadangan = 312"
    assert why.beside == "dibulatkan sekali per kabupaten/kota: 310 (selisih 2 lembar)"


def test_jakarta_and_blora_in_one_list_are_shown_as_groups():
    tps = columns(["31.71.01.1001", "33.16.01.2001", "33.16.01.2001"], [1, 1, 2], [100, 100, 100])
    needs = compute_needs(tps, PEMILU)
    assert explain(needs, "KOTAK-TPS").filled == "5 kotak × 2 TPS + 4 kotak × 1 TPS = 14"
    assert explain(needs, "KOTAK-TPS").inputs == ()
    assert explain(needs, "KOTAK-TPS", 0).inputs[0].value == 4
    assert explain(needs, "SS-DPRDK", 0).filled.endswith("tidak diadakan di daerah ini = 0 lembar")
    assert "200 pemilih DPT + 4 cadangan = 204" in explain(needs, "SS-DPRDK").filled


def test_a_rule_by_the_number_of_tps_beneath_a_ppk():
    tps = columns(["33.16.01.2001", "33.16.01.2001", "33.16.02.2001"], [1, 2, 1], [10, 10, 10])
    needs = compute_needs(tps, PEMILU, Overrides(formulas={"F-PPK": "2*n", "KARET": "n"}))
    assert explain(needs, "F-PPK").filled == "4 set × 1 PPK + 2 set × 1 PPK = 6"
    assert explain(needs, "F-PPK").inputs[0].value == 3
    assert explain(needs, "KARET", 0).inputs[0].value == 1


def test_a_parameter_nobody_verified_is_marked():
    why = explain(compute_needs(columns(["33.16.01.2001"], [1], [9]), PEMILU), "SEGEL")
    assert why.status == "[B*] belum diverifikasi"
    assert "rata-rata nasional" in why.source


@pytest.mark.parametrize("code", CODES)
def test_the_last_number_of_every_explanation_is_the_total(code, blora_pemilu):
    needs = compute_needs(blora_pemilu, load_rule_set(code))
    for item in needs.rule_set.items:
        for quantity in QUANTITIES:
            why = explain(needs, item.code, quantity=quantity)
            total = needs.total(item.code, quantity)
            assert why.amount == total
            assert int(re.findall(r"[\d.]+$", why.filled)[0].replace(".", "")) == total, why.filled
            assert set(why.as_document()) >= {"rule", "formula", "filled", "source", "mark"}
            if item.level == "tps":
                single = explain(needs, item.code, 11, quantity)
                number = re.findall(r"([\d.]+) \S+$", single.filled)[0].replace(".", "")
                assert int(number) == single.amount == needs.per_tps(item.code, quantity)[11]
