"""Rule sets are data: complete, sourced, marked, valid for their days, editable where not verified."""

import copy
from datetime import date

import pytest

from tepat.common.errors import Refused
from tepat.planning.columns import columns
from tepat.planning.explain import explain
from tepat.planning.needs import compute_needs
from tepat.planning.rule_documents import read_rule_set
from tepat.planning.rules import LEVELS, Overrides, with_overrides
from tepat.planning.rulesets import CODES, load_rule_set, rule_sets_for

PEMILU = load_rule_set("pemilu-2024")


@pytest.mark.parametrize("code", CODES)
class TestEveryRuleSet:
    def test_each_row_has_a_source_a_mark_a_wave_a_deadline_and_an_owner(self, code):
        for item in load_rule_set(code).items:
            assert item.source
            assert item.mark in {"A", "B", "B*", "C", "D"}
            assert item.wave in {"tahap 1", "tahap 2", "kab", "kpps"}
            assert item.owner
            assert item.deadline_days >= 1
            assert item.rule

    def test_what_nobody_verified_can_be_edited(self, code):
        rules = load_rule_set(code)
        for item in rules.items:
            if (
                item.mark in {"B*", "C", "D"}
                and not item.ballot
                and code not in {"nasional-2029", "daerah-2031"}
            ):
                assert item.editable, item.code

    def test_invitations_come_before_the_boxes(self, code):
        rules = load_rule_set(code)
        invitation, box = rules.item("F-CPEMBERITAHUAN"), rules.item("KOTAK-TPS")
        assert invitation.deadline_days > 3 >= box.deadline_days
        assert invitation.placement == "mendahului"

    def test_booths_stay_outside_the_boxes(self, code):
        assert load_rule_set(code).item("BILIK").placement == "luar"

    def test_its_days_are_in_order(self, code):
        rules = load_rule_set(code)
        assert rules.valid_from <= (rules.polling_date or rules.valid_from) <= rules.valid_to


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2019, 4, 17), ["pemilu-2019"]),
        (date(2024, 2, 14), ["pemilu-2024"]),
        (date(2024, 2, 24), ["pemilu-2024"]),
        (date(2024, 11, 27), ["pemilu-2024", "pilkada-2024"]),
        (date(2029, 2, 14), ["nasional-2029"]),
        (date(2031, 11, 1), ["daerah-2031"]),
        (date(2018, 6, 27), []),
    ],
)
def test_rule_sets_by_polling_day(day, codes):
    assert [rules.code for rules in rule_sets_for(day)] == codes


def test_the_split_after_mk_135_has_three_national_and_four_regional_ballots():
    national, regional = load_rule_set("nasional-2029"), load_rule_set("daerah-2031")
    assert [ballot.code for ballot in national.ballots] == ["ppwp", "dpr", "dpd"]
    assert [ballot.code for ballot in regional.ballots] == ["pgub", "pbup", "dprdp", "dprdk"]
    tps = columns(["33.16.01.2001"], [1], [200])
    assert compute_needs(tps, national).total("KOTAK-TPS") == 3
    needs = compute_needs(tps, regional)
    assert needs.total("KOTAK-TPS") == 4
    assert needs.total("SS-PGUB") == 205
    assert needs.total("SS-DPRDK") == 204
    assert national.polling_date is None


@pytest.mark.parametrize(
    ("code", "area", "ballots"),
    [
        ("pemilu-2024", "31.71", 4),
        ("pemilu-2024", "33.16", 5),
        ("pilkada-2024", "31.71", 1),
        ("pilkada-2024", "34.04", 1),
        ("pilkada-2024", "33.16", 2),
        ("nasional-2029", "31.71", 3),
        ("daerah-2031", "31.71", 2),
        ("daerah-2031", "34.04", 3),
    ],
)
def test_elections_per_area(code, area, ballots):
    assert len(load_rule_set(code).ballots_at(area)) == ballots


def test_deadlines_count_back_from_h():
    assert PEMILU.item("F-CPEMBERITAHUAN").deadline_on(date(2024, 2, 14)) == date(2024, 2, 8)
    assert PEMILU.item("KOTAK-TPS").deadline_on(date(2024, 2, 14)) == date(2024, 2, 13)


class TestOverrides:
    TPS = columns(["33.16.01.2001"], [1], [200])

    def test_a_parameter_of_the_office_is_used_and_says_so(self):
        needs = compute_needs(self.TPS, PEMILU, Overrides(params={"segel": 96}))
        assert needs.total("SEGEL") == 96
        why = explain(needs, "SEGEL")
        assert "ditetapkan kantor" in why.source
        assert not why.verified

    def test_a_formula_of_the_office_replaces_both_quantities(self):
        needs = compute_needs(self.TPS, PEMILU, Overrides(formulas={"SEGEL": "10*e+2"}))
        assert needs.total("SEGEL") == needs.total("SEGEL", "alokasi") == 52
        assert needs.rule_set.item("SEGEL").mark == "D"

    def test_late_abtn_travels_outside_the_box_with_its_own_deadline(self):
        rules = with_overrides(
            PEMILU, Overrides(placements={"ABTN-PPWP": "luar"}, deadline_days={"ABTN-PPWP": 2})
        )
        assert rules.item("ABTN-PPWP").placement == "luar"
        assert rules.item("ABTN-PPWP").deadline_days == 2
        assert PEMILU.item("ABTN-PPWP").placement == "kotak"

    @pytest.mark.parametrize(
        ("overrides", "code"),
        [
            (Overrides(params={"segl": 1}), "NEEDS-UNKNOWN-PARAM"),
            (Overrides(params={"segel": -1}), "NEEDS-NUMBER-OUT-OF-RANGE"),
            (Overrides(formulas={"SS-PPWP": "d"}), "NEEDS-NOT-EDITABLE"),
            (Overrides(formulas={"KOTAK-TPS": "4"}), "NEEDS-NOT-EDITABLE"),
            (Overrides(formulas={"SEGEL": "segl"}), "NEEDS-FORMULA-NAME"),
            (Overrides(formulas={"SEGEL": "d//2"}), "NEEDS-FORMULA-INVALID"),
            (Overrides(formulas={"SEGELL": "d"}), "NEEDS-UNKNOWN-ITEM"),
            (Overrides(deadline_days={"SEGEL": 999}), "NEEDS-NUMBER-OUT-OF-RANGE"),
            (Overrides(placements={"SEGEL": "saku"}), "NEEDS-RULESET-INVALID"),  # type: ignore[dict-item]
            (Overrides(tps_limit=-1), "NEEDS-NUMBER-OUT-OF-RANGE"),
        ],
    )
    def test_what_an_office_may_not_set(self, overrides, code):
        with pytest.raises(Refused, match=code) as refusal:
            with_overrides(PEMILU, overrides)
        assert "[" in str(refusal.value)


GOOD = {
    "election": {
        "code": "uji",
        "name": "Uji",
        "valid_from": date(2030, 1, 1),
        "valid_to": date(2030, 12, 31),
        "law": "contoh",
        "tps_limit": 300,
        "tps_limit_mark": "D",
        "tps_limit_source": "contoh",
    },
    "ballots": [{"code": "satu", "name": "Satu"}],
    "params": {"segel": {"value": 3, "mark": "D", "source": "contoh"}},
    "items": [
        {
            "code": "X", "name": "X", "unit": "buah", "class": "utama", "level": "tps", "formula": "segel*e",
            "rule": "contoh", "wave": "kab", "deadline_days": 1, "owner": "contoh", "mark": "D",
            "source": "contoh", "placement": "kotak", "weight_mg": 1, "volume_ml": 0,
            "physical_mark": "contoh",
        },
    ],
}  # fmt: skip


def test_a_new_event_is_a_new_document_and_no_new_code():
    rules = read_rule_set(GOOD, {})
    assert compute_needs(columns(["33.16.01.2001"], [1], [10]), rules).totals() == {"X": 3}


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        ("items", "level", "rt"),
        ("items", "formula", 5),
        ("items", "deadline_days", -1),
        ("items", "deadline_days", True),
        ("items", "ballot", "dua"),
        ("items", "editable", "ya"),
        ("items", "mark", "E"),
        ("items", "source", ""),
        ("election", "valid_from", "2030"),
        ("election", "tps_limit", "300"),
    ],
)
def test_a_broken_document_names_row_and_field(where, name, value):
    document = copy.deepcopy(GOOD)
    row = document[where][0] if where == "items" else document[where]
    row[name] = value
    with pytest.raises(Refused, match="NEEDS-RULESET-INVALID") as refusal:
        read_rule_set(document, {})
    assert refusal.value.facts["field"] == name


def test_the_same_item_twice_or_no_item_is_refused():
    twice = copy.deepcopy(GOOD)
    twice["items"].append(twice["items"][0])
    for document in (twice, {**GOOD, "items": []}):
        with pytest.raises(Refused, match="NEEDS-RULESET-INVALID"):
            read_rule_set(document, {})


def test_unknown_election_and_item():
    with pytest.raises(Refused, match="NEEDS-UNKNOWN-ELECTION"):
        load_rule_set("pemilu-1955")
    with pytest.raises(Refused, match="NEEDS-UNKNOWN-ITEM"):
        PEMILU.item("KERTAS")


def test_every_level_is_used():
    used = {item.level for code in CODES for item in load_rule_set(code).items}
    assert used == set(LEVELS)
