"""Candidates that cannot be compared: set aside or refused, by name."""

import pytest
from msgspec.structs import replace
from tests.distribution.choosing import (
    BUDGET,
    PAIR,
    SIZE,
    compared,
    with_place,
    with_rent,
)
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import small_problem

from tepat.common.errors import Refused
from tepat.distribution.case import open_case
from tepat.distribution.documents import decode_problem, encode
from tepat.distribution.legs import build_legs
from tepat.distribution.problems import WarehouseFacts
from tepat.distribution.warehouses.joining import boxes_by_owner, join
from tepat.distribution.warehouses.sets import (
    candidates_of,
    problem_of_set,
    template_of,
)


def test_driving_that_costs_nothing_is_no_comparison():
    problem, matrices = small_problem(1, SIZE)
    prices = [replace(each, rupiah=0) if each.id == "km-truk" else each for each in problem.prices]
    with pytest.raises(Refused) as refused:
        compared(replace(problem, prices=tuple(prices)), matrices)
    assert refused.value.code == "WAREHOUSES-PRICE-ZERO"
    assert "harga per km" in str(refused.value)
    assert "CDD" in str(refused.value)


def test_a_warehouse_that_costs_nothing_at_all_is_set_aside_with_its_name():
    problem, matrices = small_problem(1, SIZE)
    report = compared(with_rent(problem, gudang_2=0), matrices).report
    assert [(each.warehouse, each.code) for each in report.asides] == [("GUDANG-2", "WAREHOUSES-NO-COST")]
    assert [each.name for each in report.sets] == ["gudang-1"]


def test_a_warehouse_in_the_sea_is_set_aside_and_the_other_is_still_compared():
    problem, matrices = small_problem(1, SIZE)
    row = [place.id for place in problem.places].index("GUDANG-2")
    lonely = {key: table.copy() for key, table in matrices.items()}
    for table in lonely.values():
        table[:, row, :] = table[:, :, row] = -1
        table[:, row, row] = 0
    report = compared(problem, lonely).report
    assert [(each.warehouse, each.code) for each in report.asides] == [("GUDANG-2", "WAREHOUSES-NO-ROAD")]
    assert report.winner.members == ("GUDANG-1",)


def test_a_gate_that_no_vehicle_passes_is_named():
    problem, matrices = small_problem(1, SIZE)
    report = compared(with_place(problem, "GUDANG-2", access=("motor",)), matrices).report
    assert [each.code for each in report.asides] == ["WAREHOUSES-GATE"]
    assert "motor" in report.asides[0].reason


def test_a_narrow_gate_is_served_by_smaller_vehicles_only():
    problem, matrices = small_problem(1, SIZE)
    narrow = with_place(problem, "GUDANG-1", access=("pikap",))
    answered = compared(narrow, matrices, sets=1)
    own, plan = answered.found["gudang-1"]
    kinds = {vehicle.id: vehicle.type for vehicle in own.vehicles}
    assert {kinds[trip.vehicle] for trip in plan.trips} == {"PIKAP"}


def test_no_candidate_left_is_refused_with_the_first_reason():
    problem, matrices = small_problem(1, SIZE)
    with pytest.raises(Refused) as refused:
        compared(with_rent(problem, gudang_1=0, gudang_2=0), matrices)
    assert refused.value.code == "WAREHOUSES-NONE-LEFT"
    assert "GUDANG-1" in str(refused.value)


@pytest.mark.parametrize(("members", "code"), [(0, "WAREHOUSES-SETS"), (3, "WAREHOUSES-SETS")])
def test_sets_of_none_or_three_are_refused(members, code):
    problem, matrices = small_problem(1, SIZE)
    with pytest.raises(Refused) as refused:
        compared(problem, matrices, sets=members)
    assert refused.value.code == code


def test_a_problem_without_warehouses_or_with_too_many_is_refused():
    problem, matrices = small_problem(1, SIZE)
    first = problem.places[0]
    none = replace(problem, places=tuple(each for each in problem.places if each.kind != "gudang"))
    many = replace(problem, places=(*(replace(first, id=f"G-{at}") for at in range(21)), *problem.places))
    for each, code in ((none, "WAREHOUSES-NONE"), (many, "WAREHOUSES-MANY")):
        with pytest.raises(Refused) as refused:
            candidates_of(each)
        assert refused.value.code == code
    del matrices


def test_only_a_strategy_that_goes_straight_can_be_the_pattern():
    problem, _ = small_problem()
    assert template_of(problem).name == "langsung"
    with pytest.raises(Refused) as refused:
        template_of(problem, "lewat-ppk")
    assert "langsung" in str(refused.value)


def test_old_problems_keep_their_hash_and_a_given_height_is_kept():
    problem, _ = small_problem()
    plain = with_place(problem, "GUDANG-1", warehouse=WarehouseFacts(usable_m2=10))
    assert b"stack_mm" not in encode(plain)
    high = with_place(problem, "GUDANG-1", warehouse=WarehouseFacts(usable_m2=10, stack_mm=2400))
    assert decode_problem(encode(high)).places[0].warehouse.stack_mm == 2400


def test_boxes_are_counted_for_the_warehouse_that_brings_them():
    problem, matrices = small_problem(1, SIZE)
    template = template_of(problem)
    legs = {}
    for each in PAIR:
        own = problem_of_set(problem, template, (each,))
        legs[each] = build_legs(open_case(own, own.strategies[0].name, matrices)).legs
    joined = join(legs)
    (answer,) = FirstAnswer().route([joined.part], seed=1, budget=BUDGET)
    boxes = boxes_by_owner(joined, answer)
    assert boxes.keys() == set(joined.places)
    assert all(set(own) <= set(PAIR) for own in boxes.values())
