"""What each set holds: nothing of the needs is lost, each ballot lies in its own box with its dapil."""

from collections import Counter

import pytest

from tepat.common.errors import Refused
from tepat.common.samples import sample_tps
from tepat.packing.ballots import ballot_words, dapil_marks
from tepat.packing.contents import plan_sets
from tepat.planning.columns import columns_of
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set


def needs_of(area, election):
    return compute_needs(columns_of(sample_tps(area, election)), load_rule_set(election))


@pytest.fixture(scope="module", params=["pemilu-2024", "pilkada-2024"])
def blora(request):
    needs = needs_of("blora", request.param)
    return needs, plan_sets(needs)


@pytest.fixture(scope="module")
def pemilu():
    return plan_sets(needs_of("blora", "pemilu-2024"))


def test_blora_has_its_published_boxes(pemilu):
    boxes = Counter(each.level for each in pemilu for one in each.objects if one.is_box)
    assert boxes == {"tps": 14_885, "ppk": 32}
    assert Counter(each.level for each in pemilu) == {"tps": 2977, "pps": 295, "ppk": 16}


def test_boxes_and_bundles_hold_exactly_what_is_allocated(blora):
    needs, planned = blora
    held = Counter()
    for each in planned:
        held.update(dict(each.kit))
        for one in each.objects:
            held.update(dict(one.contents))
    travels = [
        item
        for item in needs.rule_set.items
        if item.level in {"tps", "pps", "ppk"} and item.placement in {"kotak", "luar"} and not item.is_box
    ]
    expected = {item.code: needs.total(item.code, "alokasi") for item in travels}
    del expected["LABEL-KOTAK"]  # it is the label on the box
    assert {code: held[code] for code in expected} == expected


def test_each_ballot_lies_in_its_own_box_with_its_dapil(pemilu):
    for each in (row for row in pemilu if row.level == "tps"):
        boxes = [one for one in each.objects if one.is_box]
        assert [one.ballot for one in boxes] == ["PPWP", "DPR", "DPD", "DPRDP", "DPRDK"]
        for one in boxes:
            sheets = {item: count for item, count in one.contents if item.startswith("SS-")}
            assert sheets == {f"SS-{one.ballot}": one.sheets}
        assert boxes[4].mark in {"1", "2", "3", "4", "5"}
        assert boxes[0].mark == boxes[2].mark == ""


def test_label_codes_are_unique(blora):
    codes = [one.code for each in blora[1] for one in each.objects]
    assert len(codes) == len(set(codes))


def test_jakarta_has_no_box_for_a_ballot_that_is_not_held_there():
    from tepat.common.areas import load_area

    planned = plan_sets(needs_of(load_area("31.74"), "pemilu-2024"))
    ballots = {
        tuple(one.ballot for one in each.objects if one.is_box) for each in planned if each.level == "tps"
    }
    assert ballots == {("PPWP", "DPR", "DPD", "DPRDP")}


@pytest.mark.parametrize(
    ("dapil", "marks"),
    [
        (["DPRDK-33.16-1-contoh", "DPRDK-33.16-2-contoh"], ["1", "2"]),
        (["Blora 3", "Blora 12"], ["12", "3"]),
        (["Jawa Tengah III"], ["3"]),
        (["DPR-33-contoh"], ["A"]),
        (["timur", "barat"], ["A", "B"]),
        (["Blora 1", "Cepu 1"], ["A", "B"]),
        ([""], []),
    ],
    ids=["example", "numbers", "roman", "province is no number", "names", "same number twice", "none"],
)
def test_the_mark_of_a_dapil_is_its_number_or_a_letter(dapil, marks):
    assert sorted(dapil_marks(dapil, "33.16.09.1015").values()) == marks


def test_more_unnumbered_dapil_than_letters_are_refused():
    with pytest.raises(Refused, match="PACK-DAPIL-MANY"):
        dapil_marks([f"wilayah {letter}" for letter in "klmnopqrs"], "33.16")


def test_colours_are_words_and_a_city_elects_a_mayor():
    assert ballot_words("DPRDK", "33.16.09").colour == "HIJAU"
    assert ballot_words("PBUP", "33.16").name == "BUPATI DAN WAKIL BUPATI"
    assert ballot_words("PBUP", "33.71").name == "WALI KOTA DAN WAKIL WALI KOTA"
