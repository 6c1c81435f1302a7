"""Published totals come out exactly; published ballots lie within reach of this rule, not of the other."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.areas import rows
from tepat.common.errors import Refused
from tepat.planning.columns import columns, columns_of
from tepat.planning.needs import compute_needs, reach
from tepat.planning.rules import Overrides
from tepat.planning.rulesets import CODES, load_rule_set

PEMILU = load_rule_set("pemilu-2024")
PILKADA = load_rule_set("pilkada-2024")
TWO_PERCENT, TWO_AND_A_HALF = Fraction(2, 100), Fraction(25, 1000)


def listed(tps: int, *, area: str = "33.16", kecamatan: int = 1, voters: int = 200):
    """So many TPS, dealt over so many kecamatan of one desa each."""
    desa = [f"{area}.{1 + place % kecamatan:02d}.2001" for place in range(tps)]
    return columns(desa, [1 + place // kecamatan for place in range(tps)], [voters] * tps)


class TestBlora:
    def test_pemilu_2024_boxes_booths_and_cepu(self, blora_pemilu):
        needs = compute_needs(blora_pemilu, PEMILU)
        assert len(blora_pemilu) == 2977
        assert needs.total("KOTAK-TPS") == 14_885
        assert needs.total("KOTAK-TPS") + needs.total("KOTAK-PPK") == 14_917
        assert needs.total("BILIK") == 11_908
        cepu = blora_pemilu.kecamatan.names.index("33.16.05")
        assert needs.by_kecamatan()["KOTAK-TPS"][cepu] == 1_205

    def test_pilkada_2024_ink_ties_and_boxes(self, blora_pilkada):
        needs = compute_needs(blora_pilkada, PILKADA)
        assert len(blora_pilkada) == 1453
        assert needs.total("TINTA") == 2_906
        assert needs.total("SEGEL-P") == 17_436
        assert needs.total("KOTAK-TPS") == 2_906
        assert needs.total("KOTAK-TPS") + needs.total("KOTAK-PPK") == 2_938
        assert needs.total("BILIK") == 5_812

    def test_2019_kabupaten_rule_gives_the_published_721079(self):
        # 706,940 voters on 2,950 TPS: the other rounding, shown beside ours, is what the press printed.
        voters = [240] * 1900 + [239] * 1049
        tps = columns(["33.16.01.2001"] * 2950, range(2950), [*voters, 706_940 - sum(voters)])
        needs = compute_needs(tps, load_rule_set("pemilu-2019"))
        assert needs.rounded_per_kab()["SS-PPWP"] == 721_079
        assert needs.total("SS-PPWP") > 721_079

    def test_each_of_the_sixteen_kecamatan_matches_the_table_of_boxes(self, blora_pemilu):
        boxes = compute_needs(blora_pemilu, PEMILU).by_kecamatan()["KOTAK-TPS"]
        ours = dict(zip(blora_pemilu.kecamatan.names, boxes.tolist(), strict=True))
        assert ours == {row["kode_kec"]: int(row["kotak_tps_2024"]) for row in rows("blora_kecamatan.csv")}


def published_facts():
    """Each row of the two tables of published totals that a rule can be tested on."""
    items = {
        "kotak suara": "kotak",
        "bilik suara": "BILIK",
        "tinta": "TINTA",
        "tinta diterima": "TINTA",
        "kabel ties diterima": "SEGEL-P",
    }
    tables = [("Kabupaten Blora", row) for row in rows("blora_fakta_logistik.csv")]
    tables += [(row["daerah"], row) for row in rows("kota_fakta_logistik.csv")]
    counts = {(place, row["pemilihan"]): int(row["nilai"]) for place, row in tables if row["butir"] == "TPS"}
    for place, row in tables:
        tps, item = counts.get((place, row["pemilihan"])), items.get(row["butir"])
        if tps and item and place != "Nasional":
            yield pytest.param(row["pemilihan"], tps, item, int(row["nilai"]), id=f"{place}: {row['butir']}")


@pytest.mark.parametrize(("election", "tps", "item", "published"), list(published_facts()))
def test_published_totals_of_many_offices(election, tps, item, published):
    needs = compute_needs(listed(tps), load_rule_set(election.lower().replace(" ", "-")))
    assert needs.total("KOTAK-TPS" if item == "kotak" else item) == published


@pytest.mark.parametrize(
    ("election", "tps", "ppk", "boxes"),
    [
        ("pemilu-2024", 2_977, 16, 14_917),
        ("pilkada-2024", 1_453, 16, 2_938),
        ("pilkada-2024", 1_743, 16, 3_518),
        ("pilkada-2024", 301, 4, 610),
        ("pilkada-2024", 430, 4, 868),
        ("pemilu-2024", 7_761, 33, 38_871),
        ("pemilu-2019", 5_437, 27, 27_482),
    ],
    ids=["Blora", "Blora pilkada", "Jepara", "Salatiga", "Kota Pekalongan", "Kab. Malang", "Banyumas 2019"],
)
def test_boxes_with_ppk(election, tps, ppk, boxes):
    needs = compute_needs(listed(tps, kecamatan=ppk), load_rule_set(election))
    assert needs.total("KOTAK-TPS") + needs.total("KOTAK-PPK") == boxes


@pytest.mark.parametrize(
    ("tps", "item", "published"),
    [
        (7_761, "BILIK", 31_044),
        (7_761, "TINTA", 15_522),
        (7_761, "SEGEL-P", 201_786),
        (2_012, "BILIK", 8_048),
    ],
)
def test_other_sourced_counts_of_2024(tps, item, published):
    assert compute_needs(listed(tps), PEMILU).total(item) == published


def test_national_goods_of_2024():
    """Boxes: 5 each outside Jakarta, 4 in it, 13 per PPK and 11 in Jakarta; booths 4 and ink 2 each."""
    outside = listed(820_161 - 30_766, area="33.16", kecamatan=99)
    jakarta = listed(30_766, area="31.71", kecamatan=44)
    thirteen = compute_needs(outside, PEMILU, Overrides(params={"kotak_ppk": 13}), ppk_count=7_233)
    eleven = compute_needs(jakarta, PEMILU, Overrides(params={"kotak_ppk": 11}))
    parts = (thirteen, eleven)
    assert sum(needs.total("KOTAK-TPS") + needs.total("KOTAK-PPK") for needs in parts) == 4_164_552
    assert sum(needs.total("BILIK") for needs in parts) == 3_280_644
    assert sum(needs.total("TINTA") for needs in parts) == 1_640_322
    assert eleven.total("ABTN-PPWP") == 30_766


def test_the_real_national_table_has_the_tps_of_jakarta_apart():
    desa, number, voters = [], [], []
    for row in rows("tps_per_desa_pemilu2024.csv.gz"):
        code, count = row["kode_kpu"], int(row["tps_reguler"])
        if row["tps_khusus_dari"]:
            count += int(row["tps_khusus_sampai"]) - int(row["tps_khusus_dari"]) + 1
        desa += [f"{code[:2]}.{code[2:4]}.{code[4:6]}.{code[6:]}"] * count
        number += range(1, count + 1)
        voters += [247] * count
    needs = compute_needs(columns(desa, number, voters), PEMILU)
    assert needs.units("tps") == 820_161
    assert needs.units("ppk") == 7_277
    assert needs.total("KOTAK-TPS") == 4_164_552 - 94_513
    assert needs.total("SS-DPRDK") == (820_161 - 30_766) * (247 + 5)


PUBLISHED_BALLOTS = [
    ("Pemilu 2024 Salatiga", 146_267, TWO_PERCENT, 149_514, 652),
    ("Pemilu 2024 Kab. Blitar", 956_873, TWO_PERCENT, 977_521, 3_536),
    ("Pemilu 2024 Kudus", 642_666, TWO_PERCENT, 656_665, None),
    ("Pemilu 2024 Boyolali", 825_630, TWO_PERCENT, 843_809, None),
    ("Pilkada 2024 Jepara", 919_276, TWO_AND_A_HALF, 943_093, 1_743),
    ("Pilkada 2024 Kab. Magelang", 1_014_525, TWO_AND_A_HALF, 1_040_808, 2_011),
    ("Pilkada 2024 Kota Semarang", 1_265_192, TWO_AND_A_HALF, 1_297_910, None),
    ("Pilkada 2024 Kota Magelang", 97_825, TWO_AND_A_HALF, 100_354, None),
    ("Pilgub 2018 Kota Magelang", 89_294, TWO_AND_A_HALF, 91_626, None),
]


@pytest.mark.parametrize(
    ("voters", "rate", "published", "tps"),
    [row[1:] for row in PUBLISHED_BALLOTS],
    ids=[row[0] for row in PUBLISHED_BALLOTS],
)
def test_published_ballots_need_rounding_per_tps(voters, rate, published, tps):
    lower, upper = reach(voters, tps, rate)
    assert lower <= published
    if tps is not None:
        assert published <= upper
    once = compute_needs(columns(["33.16.01.2001"], [1], [voters]), _rules(rate)).rounded_per_kab()
    assert published not in once.values()
    assert published > max(value for code, value in once.items() if code in ("SS-PPWP", "SS-PGUB")) + 1


def _rules(rate):
    return PEMILU if rate == TWO_PERCENT else PILKADA


@given(st.lists(st.integers(0, 600), min_size=1, max_size=60), st.sampled_from([TWO_PERCENT, TWO_AND_A_HALF]))
def test_no_spread_of_voters_leaves_the_reach(voters, rate):
    tps = columns(["33.16.01.2001"] * len(voters), range(len(voters)), voters)
    total = compute_needs(tps, _rules(rate)).total("SS-PPWP" if rate == TWO_PERCENT else "SS-PGUB")
    lower, upper = reach(sum(voters), len(voters), rate)
    assert lower <= total <= upper
    assert total == sum(count + -(-count * rate.numerator // rate.denominator) for count in voters)


@given(st.integers(1, 40), st.sampled_from([TWO_PERCENT, TWO_AND_A_HALF]))
def test_both_ends_of_the_reach_are_reached(tps, rate):
    rules, item = _rules(rate), "SS-PPWP" if rate == TWO_PERCENT else "SS-PGUB"
    for each, end in ((rate.denominator, 0), (rate.denominator + 1, 1)):
        listed_tps = columns(["33.16.01.2001"] * tps, range(tps), [each] * tps)
        assert compute_needs(listed_tps, rules).total(item) == reach(each * tps, tps, rate)[end]


class TestTwoQuantities:
    def test_dptb_adds_to_the_allocation_and_never_to_the_print(self):
        tps = columns(["33.16.01.2001"], [1], [236], dptb=[9])
        needs = compute_needs(tps, PEMILU)
        assert needs.total("SS-PPWP") == 236 + 5
        assert needs.total("SS-PPWP", "alokasi") == 236 + 9 + 5
        assert needs.total("KOTAK-TPS", "alokasi") == needs.total("KOTAK-TPS") == 5

    def test_loksus_voters_from_elsewhere_get_only_the_governors_ballot(self):
        tps = columns(["33.16.09.1015"], [901], [202], voters={"pgub": [202], "pbup": [174]})
        needs = compute_needs(tps, PILKADA)
        assert needs.total("SS-PGUB") == 202 + 6
        assert needs.total("SS-PBUP") == 174 + 5
        assert needs.total("F-CPEMBERITAHUAN") == 202

    def test_jakarta_has_four_ballots_and_boxes(self):
        needs = compute_needs(listed(10, area="31.71"), PEMILU)
        assert needs.total("KOTAK-TPS") == 40
        assert needs.total("SS-DPRDK") == 0
        assert needs.rounded_per_kab()["SS-DPRDK"] == 0
        assert needs.total("SS-DPR") > 0

    def test_a_list_over_two_provinces_counts_each_by_its_own_rule(self):
        tps = columns(["31.71.01.1001", "33.16.01.2001", "33.16.01.2001"], [1, 1, 2], [100, 100, 100])
        needs = compute_needs(tps, PEMILU)
        assert needs.per_tps("KOTAK-TPS").tolist() == [4, 5, 5]
        assert needs.per_tps("SS-DPRDK").tolist() == [0, 102, 102]
        assert needs.units("prov") == 2


class TestLevels:
    def test_ppk_count_can_be_told(self):
        assert compute_needs(listed(8, kecamatan=4), PEMILU).total("KOTAK-PPK") == 8
        assert compute_needs(listed(8, kecamatan=4), PEMILU, ppk_count=5).total("KOTAK-PPK") == 10

    def test_a_rule_that_differs_per_ppk_is_not_multiplied_blindly(self):
        rules = Overrides(formulas={"F-PPK": "n"})
        tps = columns(["33.16.01.2001", "33.16.01.2001", "33.16.02.2001"], [1, 2, 1], [10, 10, 10])
        assert compute_needs(tps, PEMILU, rules).total("F-PPK") == 3
        with pytest.raises(Refused, match="NEEDS-PPK-UNEVEN"):
            compute_needs(tps, PEMILU, rules, ppk_count=5).total("F-PPK")

    def test_psu_ballots_follow_dapil_kabupaten_and_province(self, blora_pemilu, blora_pilkada):
        pemilu = compute_needs(blora_pemilu, PEMILU)
        dapil = len(set(blora_pemilu.dapil["dprdk"].names))
        assert pemilu.total("SS-PSU-DPRDK") == 1_000 * dapil
        assert compute_needs(blora_pilkada, PILKADA).total("SS-PSU-PBUP") == 2_000

    def test_an_item_of_another_level_has_no_number_per_tps(self, blora_pemilu):
        with pytest.raises(Refused, match="NEEDS-NOT-PER-TPS"):
            compute_needs(blora_pemilu, PEMILU).per_tps("KOTAK-PPK")

    def test_a_negative_result_is_refused(self):
        with pytest.raises(Refused, match="NEEDS-NEGATIVE"):
            compute_needs(listed(2), PEMILU, Overrides(formulas={"KARET": "3-5"}))

    def test_an_empty_list_needs_nothing(self):
        needs = compute_needs(columns([], [], []), PEMILU)
        assert set(needs.totals().values()) == {0}


@pytest.mark.parametrize("code", CODES)
def test_vectorised_equals_row_by_row_for_every_rule_set(code, blora_pemilu):
    rules = load_rule_set(code)
    needs = compute_needs(blora_pemilu, rules)
    e, params = len(rules.ballots), {name: param.value for name, param in rules.params.items()}
    for item in needs.tps_items:
        voters, moved = blora_pemilu.voters_for(item.ballot), blora_pemilu.dptb_for(item.ballot)
        plain = [
            item.allocation.evaluate({**params, "d": int(d), "t": int(t), "n": 1, "e": e})
            for d, t in zip(voters, moved, strict=True)
        ]
        assert needs.per_tps(item.code, "alokasi").tolist() == plain, item.code


def test_sums_by_kecamatan_add_up_to_the_totals(blora_pilkada):
    needs = compute_needs(blora_pilkada, PILKADA)
    for quantity in ("cetak", "alokasi"):
        sums = needs.by_kecamatan(quantity)
        assert {code: int(column.sum()) for code, column in sums.items()} == {
            item.code: needs.total(item.code, quantity) for item in needs.tps_items
        }


def test_rows_and_columns_are_the_same_list(blora_pemilu):
    from tepat.common.samples import sample_tps

    again = columns_of(sample_tps("33.16", "pemilu-2024"))
    assert np.array_equal(again.dpt, blora_pemilu.dpt)
    assert again.labels == blora_pemilu.labels
