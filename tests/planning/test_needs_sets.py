"""What distribution carries: boxes, what lies in them, what lies beside them, and what goes ahead."""

from tepat.planning.columns import columns
from tepat.planning.needs import compute_needs
from tepat.planning.rules import Overrides
from tepat.planning.rulesets import load_rule_set
from tepat.planning.sets import set_contents

PEMILU = load_rule_set("pemilu-2024")


def test_blora_has_2977_295_and_16_sets_with_14917_boxes(blora_pemilu):
    sets = set_contents(compute_needs(blora_pemilu, PEMILU))
    assert [len(level.units) for level in (sets.tps, sets.pps, sets.ppk)] == [2977, 295, 16]
    assert sets.tps.boxes.sum() + sets.ppk.boxes.sum() == 14_917
    assert sets.pps.boxes.sum() == 0
    assert sets.tps.outside["BILIK"].sum() == 11_908


def test_a_tps_set_of_300_voters():
    needs = compute_needs(columns(["33.16.01.2001"], [1], [300]), PEMILU)
    row = set_contents(needs).tps.row(0)
    assert row["unit"] == "33.16.01.2001 TPS 001"
    assert row["boxes"] == 5
    assert row["inside"]["SS-PPWP"] == 306
    assert row["outside"] == {"BILIK": 4}
    assert row["ahead"] == {"F-CPEMBERITAHUAN": 300}
    # Five assembled boxes of 0.096 m3, and four folded booths beside them.
    assert row["volume_ml"] - row["loose_volume_ml"] == 480_000
    # About 51 kg with its boxes, booths apart.
    assert 45_000 <= row["weight_g"] - 4 * 940 <= 56_000
    assert "GEMBOK" not in row["inside"]


def test_the_weight_is_the_sum_of_its_parts():
    needs = compute_needs(columns(["33.16.01.2001"], [1], [236], dptb=[9]), PEMILU)
    sets, total = set_contents(needs).tps, 0
    for item in needs.tps_items:
        if item.placement in ("kotak", "luar"):
            total += item.weight_mg * int(needs.per_tps(item.code, "alokasi")[0])
    assert sets.weight_g[0] == -(-total // 1000)
    assert sets.inside["SS-PPWP"][0] == 236 + 9 + 5


def test_a_ppk_set_holds_two_boxes_and_forms():
    needs = compute_needs(columns(["33.16.01.2001"], [1], [300]), PEMILU)
    row = set_contents(needs).ppk.row(0)
    assert (row["unit"], row["boxes"]) == ("33.16.01", 2)
    assert row["inside"]["F-PPK"] == 5
    assert row["volume_ml"] == 192_000


def test_late_abtn_is_carried_beside_the_box():
    needs = compute_needs(
        columns(["33.16.01.2001"], [1], [300]),
        PEMILU,
        Overrides(placements={"ABTN-PPWP": "luar", "BILIK": "setempat"}),
    )
    row = set_contents(needs).tps.row(0)
    assert row["outside"] == {"ABTN-PPWP": 1}
    assert "ABTN-PPWP" not in row["inside"]


def test_what_nobody_measured_is_named():
    sets = set_contents(compute_needs(columns(["33.16.01.2001"], [1], [300]), PEMILU))
    assert "BILIK" in sets.tps.examples
    assert "SS-PPWP" not in sets.tps.examples
