"""Which warehouse: the sets, the floor under each, and what is skipped."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.distribution.choosing import (
    PAIR,
    SIZE,
    by_name,
    compared,
    floors,
    plan_of_set,
    with_rent,
)
from tests.distribution.small import Size, small_problem

from tepat.distribution.case import open_case
from tepat.distribution.documents import sha256
from tepat.distribution.legs import build_legs
from tepat.distribution.warehouses.joining import join
from tepat.distribution.warehouses.sets import (
    problem_of_set,
    set_name,
    sets_of,
    template_of,
)


def test_twenty_candidates_make_two_hundred_and_ten_sets():
    assert len(sets_of([str(number) for number in range(20)], 2)) == 210


def test_each_set_has_a_short_name_from_the_order_of_the_list():
    problem, _ = small_problem()
    assert [set_name(problem, each) for each in sets_of(PAIR, 2)] == ["gudang-1", "gudang-2", "gudang-1+2"]


def test_a_set_of_one_and_of_both_are_routed_with_a_whole_bill():
    problem, matrices = small_problem(1, SIZE)
    answered = compared(problem, matrices)
    assert {each.state for each in answered.report.sets} == {"dihitung"}
    assert [each.cost_rupiah for each in answered.report.sets] == sorted(
        each.cost_rupiah for each in answered.report.sets
    )
    for each in answered.report.sets:
        own, plan = answered.found[each.name]
        assert sum(each.by_basis.values()) == each.cost_rupiah == plan.totals.cost_rupiah
        assert (each.problem_sha256, each.plan_sha256) == (sha256(own), sha256(plan))
        assert {trip.origin for trip in plan.trips} <= set(each.members)


@pytest.mark.parametrize("seed", range(6))
def test_in_a_pair_each_place_is_served_from_one_warehouse_only(seed):
    problem, matrices = small_problem(seed, SIZE)
    both = by_name(compared(problem, matrices))["gudang-1+2"]
    places = [place for holding in both.holdings for place in holding.places]
    assert sorted(places) == sorted({unit.place for unit in problem.units})


@pytest.mark.parametrize("seed", range(6))
def test_no_plan_of_any_assignment_is_cheaper_than_the_floor(seed):
    problem, matrices = small_problem(seed, Size(ppk=2, pps_per_ppk=1, tps_max=6, trucks=4))
    shares = floors(problem, matrices)
    sets = by_name(compared(problem, matrices, shares=shares, anyway=9))
    places = list(dict.fromkeys(unit.place for unit in problem.units))
    for own in product(PAIR, repeat=len(places)):
        members = tuple(each for each in PAIR if each in own)
        plan = plan_of_set(problem, matrices, members, dict(zip(places, own, strict=True)))
        assert plan.unserved or plan.totals.cost_rupiah >= sets[set_name(problem, members)].floor_rupiah


@given(
    seed=st.integers(0, 40),
    rents=st.tuples(st.integers(1, 30_000_000), st.integers(1, 30_000_000)),
)
def test_skipping_never_loses_the_cheapest_set(seed, rents):
    problem, matrices = small_problem(seed, SIZE)
    problem = with_rent(problem, gudang_1=rents[0], gudang_2=rents[1])
    every = compared(problem, matrices)
    fewer = compared(problem, matrices, shares=floors(problem, matrices))
    assert fewer.report.winner.cost_rupiah == every.report.winner.cost_rupiah
    costs = {each.name: each.cost_rupiah for each in every.report.sets}
    for each in fewer.report.sets:
        if each.state == "dilewati":
            assert fewer.report.winner.cost_rupiah <= each.floor_rupiah <= costs[each.name]


def test_a_dear_second_warehouse_is_skipped_with_both_numbers():
    problem, matrices = small_problem(1, SIZE)
    problem = with_rent(problem, gudang_2=900_000_000)
    sets = by_name(compared(problem, matrices, shares=floors(problem, matrices)))
    assert sets["gudang-1"].state == "dihitung"
    for name in ("gudang-2", "gudang-1+2"):
        assert sets[name].state == "dilewati"
        assert sets[name].cost_rupiah is None
        assert "Rp9" in sets[name].reason
        assert sets[name].reason.endswith("rutenya tidak perlu dihitung.")


def test_a_joined_part_has_the_roads_of_each_warehouse_in_its_first_row():
    problem, matrices = small_problem(1, SIZE)
    template = template_of(problem)
    legs = {}
    for each in PAIR:
        own = problem_of_set(problem, template, (each,))
        legs[each] = build_legs(open_case(own, own.strategies[0].name, matrices)).legs
    joined = join(legs)
    row = {place.id: at for at, place in enumerate(problem.places)}
    classes = {"CDD (contoh)": "truk", "PIKAP (contoh)": "pikap"}
    for group, owner in zip(joined.part.groups, joined.owners, strict=True):
        table = joined.part.table(group.matrix)
        real = matrices[classes[group.name], "kering"]
        to_places = [row[place] for place in joined.places]
        assert np.array_equal(table[:, 0, 1:], real[:, row[owner], to_places])
        assert np.array_equal(table[:, 1:, 1:], real[np.ix_((0, 1), to_places, to_places)])
    assert set(joined.owners) == set(PAIR)
    assert all(len(lot.groups) == len(joined.part.groups) for lot in joined.part.lots)
