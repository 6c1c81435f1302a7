"""A changed list gives the least difference; after printing, ballots move and their sum stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.planning.changes import compare_needs
from tepat.planning.columns import columns
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set
from tepat.planning.shifts import NO_DAPIL_KNOWN, NOT_ENOUGH, plan_shifts, shift_totals

PEMILU = load_rule_set("pemilu-2024")
PILKADA = load_rule_set("pilkada-2024")
DESA = "33.16.09.1015"


def pilkada(voters, *, desa=DESA, dptb=None):
    return compute_needs(columns([desa] * len(voters), range(1, len(voters) + 1), voters, dptb=dptb), PILKADA)


class TestDifference:
    def test_the_same_list_changes_nothing(self, blora_pemilu):
        needs = compute_needs(blora_pemilu, PEMILU)
        assert compare_needs(needs, needs) == ()

    def test_one_more_voter_touches_one_tps_and_only_what_depends_on_voters(self):
        (change,) = compare_needs(pilkada([400, 300]), pilkada([401, 300]))
        assert change.tps == (DESA, 1)
        assert change.kind == "diubah"
        assert change.reopens_box
        assert {row.item: row.difference for row in change.items} == {
            "SS-PGUB": 2,
            "SS-PBUP": 2,
            "F-CPEMBERITAHUAN": 1,
        }

    def test_dptb_changes_the_allocation_only(self):
        before, after = pilkada([400]), pilkada([400], dptb=[3])
        (change,) = compare_needs(before, after)
        assert [row.difference for row in change.items] == [3, 3]
        assert compare_needs(before, after, "cetak") == ()

    def test_todanan_splits_its_tps_of_601_voters(self):
        changes = compare_needs(pilkada([601]), pilkada([300, 301]))
        assert [(change.kind, change.tps[1]) for change in changes] == [("diubah", 1), ("ditambah", 2)]
        boxes = {row.item: row for row in changes[1].items}["KOTAK-TPS"]
        assert (boxes.before, boxes.after) == (0, 2)
        assert not changes[1].reopens_box

    def test_a_removed_tps_gives_everything_back(self):
        (change,) = compare_needs(pilkada([100, 100]), pilkada([100]))
        assert change.kind == "dihapus"
        assert all(row.after == 0 for row in change.items)

    def test_the_order_of_the_rows_does_not_matter(self):
        one = columns([DESA, DESA], [1, 2], [100, 200])
        two = columns([DESA, DESA], [2, 1], [200, 100])
        assert compare_needs(compute_needs(one, PILKADA), compute_needs(two, PILKADA)) == ()

    @given(
        st.lists(st.integers(0, 600), min_size=1, max_size=12),
        st.lists(st.integers(0, 600), min_size=1, max_size=12),
    )
    def test_the_differences_lead_from_one_list_to_the_other(self, old, new):
        before, after = pilkada(old), pilkada(new)
        difference: dict[str, int] = {}
        for change in compare_needs(before, after):
            assert change.items or change.voters_before != change.voters_after
            for row in change.items:
                assert row.difference
                difference[row.item] = difference.get(row.item, 0) + row.difference
        for item in after.tps_items:
            moved = after.total(item.code, "alokasi") - before.total(item.code, "alokasi")
            assert moved == difference.get(item.code, 0)


RUTAN = ("33.16.09.1015", 901)


def rutan(voters: int, neighbours: int = 30):
    """TPS 901 of the detention house beside neighbours of 360 voters, each with a reserve of 9."""
    desa = [DESA] + ["33.16.09.1001"] * neighbours
    return compute_needs(
        columns(desa, [901, *range(1, neighbours + 1)], [voters] + [360] * neighbours),
        PILKADA,
    )


class TestShifts:
    def test_rutan_blora_from_51_to_202_voters(self):
        """116 sheets short in practice, taken from 13 TPS: the counted stock was 86."""
        stock = {"SS-PGUB": {RUTAN: 86}, "SS-PBUP": {RUTAN: 86}}
        plan = plan_shifts(rutan(51), rutan(202), stock=stock)
        assert plan.covered
        assert shift_totals(plan) == {"SS-PGUB": 116, "SS-PBUP": 116}
        given_by = [shift for shift in plan.shifts if shift.item == "SS-PGUB"]
        assert len(given_by) == 13
        assert {shift.target for shift in given_by} == {RUTAN}
        assert all(shift.source_before - shift.sheets >= shift.source_keeps == 360 for shift in given_by)
        assert len(plan.minutes_lines()) == 26
        assert plan.minutes_lines()[0] == (
            "9 lembar SS-PGUB dari 33.16.09.1001 TPS 001 ke 33.16.09.1015 TPS 901; "
            "33.16.09.1001 TPS 001: 369 menjadi 360, pemilihnya 360"
        )

    def test_the_printed_allocation_alone_leaves_149_to_find(self):
        plan = plan_shifts(rutan(51), rutan(202))
        assert plan.covered
        assert shift_totals(plan)["SS-PGUB"] == 202 - 53
        assert len([shift for shift in plan.shifts if shift.item == "SS-PGUB"]) == 17

    def test_what_cannot_be_covered_is_said_clearly(self):
        plan = plan_shifts(rutan(51, neighbours=3), rutan(202, neighbours=3))
        assert not plan.covered
        short = plan.shortages[0]
        assert (short.tps, short.sheets, short.reason) == (RUTAN, 149 - 27, NOT_ENOUGH)
        assert plan.minutes_lines()[-1].endswith(
            "tidak dapat ditutup: sisa surat suara di dapil ini tidak cukup"
        )

    def test_a_tps_that_is_gone_gives_all_its_sheets(self):
        before = compute_needs(columns([DESA, DESA], [1, 2], [300, 300]), PILKADA)
        after = compute_needs(columns([DESA], [1], [600]), PILKADA)
        plan = plan_shifts(before, after)
        assert plan.covered
        assert plan.stock["SS-PGUB"] == {(DESA, 1): 600, (DESA, 2): 16}

    def test_ballots_never_cross_a_dapil(self):
        def listed(first):
            return compute_needs(
                columns(
                    [DESA] * 3,
                    [1, 2, 3],
                    [first, 250, 250],
                    dapil={"dprdk": ["Blora 1", "Blora 2", "Blora 2"]},
                ),
                PEMILU,
            )

        plan = plan_shifts(listed(100), listed(105))
        assert [row.item for row in plan.shortages if row.reason == NOT_ENOUGH] == ["SS-DPRDK"]
        assert {row.item for row in plan.shortages if row.reason == NO_DAPIL_KNOWN} == {"SS-DPR", "SS-DPRDP"}
        assert {shift.item for shift in plan.shifts} == {"SS-PPWP", "SS-DPD"}

    def test_sheets_stay_in_the_dapil_they_were_printed_for(self):
        def listed(dapil):
            return compute_needs(columns([DESA] * 2, [1, 2], [100, 100], dapil={"dprdk": dapil}), PEMILU)

        plan = plan_shifts(listed(["Blora 1", "Blora 1"]), listed(["Blora 1", "Blora 2"]))
        (short,) = [row for row in plan.shortages if row.item == "SS-DPRDK"]
        assert (short.tps, short.sheets) == ((DESA, 2), 100)

    def test_the_same_desa_helps_first_when_that_takes_no_more_tps(self):
        desa = [DESA, DESA, "33.16.01.2001"]
        before = compute_needs(columns(desa, [1, 2, 1], [400, 400, 600]), PILKADA)
        after = compute_needs(columns(desa, [1, 2, 1], [418, 400, 600]), PILKADA)
        assert {shift.source for shift in plan_shifts(before, after).shifts} == {(DESA, 2)}

    def test_with_reserve_the_receiver_gets_its_reserve_too(self):
        plan = plan_shifts(rutan(51), rutan(202), with_reserve=True)
        assert plan.stock["SS-PGUB"][RUTAN] == 202 + 6

    @given(
        st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=15),
        st.integers(0, 14),
    )
    def test_sums_stay_and_nobody_loses_a_voters_ballot(self, pairs, added):
        before = pilkada([old for old, _ in pairs])
        after = pilkada([new for _, new in pairs] + [50] * added)
        plan = plan_shifts(before, after)
        printed = before.per_tps("SS-PGUB", "alokasi")
        assert sum(plan.stock["SS-PGUB"].values()) == printed.sum()
        short = {row.tps: row.sheets for row in plan.shortages if row.item == "SS-PGUB"}
        voters = {(DESA, number): int(count) for number, count in enumerate(after.tps.dpt, 1)}
        for key, count in voters.items():
            assert plan.stock["SS-PGUB"][key] + short.get(key, 0) >= count
        for shift in plan.shifts:
            assert shift.sheets > 0
            assert shift.source != shift.target
        if sum(voters.values()) <= printed.sum():
            assert not short

    @given(st.lists(st.integers(40, 600), min_size=1, max_size=10), st.integers(1, 120))
    def test_one_receiver_is_helped_from_as_few_tps_as_possible(self, neighbours, more):
        def listed(voters):
            return pilkada([voters, *neighbours])

        plan = plan_shifts(listed(100), listed(100 + more))
        sources = [shift for shift in plan.shifts if shift.item == "SS-PGUB"]
        spares = sorted((-(-count * 25 // 1000) for count in neighbours), reverse=True)
        deficit = 100 + more - 103
        fewest = next(
            (count for count in range(len(spares) + 1) if sum(spares[:count]) >= deficit), len(spares)
        )
        assert len(sources) == max(0, fewest if deficit > 0 else 0)


def test_lists_of_two_elections_are_never_compared(blora_pemilu):
    with pytest.raises(AssertionError):
        compare_needs(compute_needs(blora_pemilu, PEMILU), compute_needs(blora_pemilu, PILKADA))
