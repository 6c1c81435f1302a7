"""Which warehouse: the sets, the floor under each, what is too small, and what would change the choice."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import POLLING, Size, small_problem

from tepat.common.errors import Refused
from tepat.distribution.case import open_case
from tepat.distribution.documents import decode_problem, encode, sha256
from tepat.distribution.legs import build_legs
from tepat.distribution.problems import WarehouseFacts
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.distribution.warehouses.choosing import Terms
from tepat.distribution.warehouses.comparing import compare_warehouses
from tepat.distribution.warehouses.joining import boxes_by_owner, join
from tepat.distribution.warehouses.room import floor_m2, room_ml
from tepat.distribution.warehouses.serving import (
    chosen_origins,
    fitting_origins,
    held_ml,
    nearest_origins,
)
from tepat.distribution.warehouses.sets import (
    at_flood_risk,
    candidates_of,
    problem_of_set,
    set_name,
    sets_of,
    template_of,
)
from tepat.solvers.bounding.shares import shares_of

SIZE = Size(ppk=2, pps_per_ppk=2, tps_max=6, trucks=4)
BUDGET = Budget(iterations=1)
PAIR = ("GUDANG-1", "GUDANG-2")


def compared(problem, matrices, *, shares=None, anyway=0, sets=2, engine=None):
    terms = Terms(template_of(problem), BUDGET, sets, 1, anyway)
    return compare_warehouses(problem, matrices, terms, engine=engine or FirstAnswer(), shares=shares or {})


def floors(problem, matrices):
    template = template_of(problem)
    return {each.id: shares_of(problem, template, each.id, matrices) for each in candidates_of(problem)}


def with_rent(problem, **rents):
    """Return the problem with other prices of its warehouses: ``gudang_1=…``."""
    named = {name.replace("_", "-"): rupiah for name, rupiah in rents.items()}
    prices = [
        replace(price, rupiah=named[price.id]) if price.id in named else price for price in problem.prices
    ]
    return replace(problem, prices=tuple(prices))


def with_place(problem, name, **changes):
    places = [replace(place, **changes) if place.id == name else place for place in problem.places]
    return replace(problem, places=tuple(places))


def by_name(answered):
    return {each.name: each for each in answered.report.sets}


def plan_of_set(problem, matrices, members, origins):
    own = problem_of_set(problem, template_of(problem), members, origins)
    return solve(own, own.strategies[0].name, matrices, engine=FirstAnswer(), budget=BUDGET)


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


def test_most_boxes_decide_who_serves_a_place_and_the_rest_go_to_the_nearest():
    problem, matrices = small_problem(1, SIZE)
    own = problem_of_set(problem, template_of(problem), PAIR)
    case = open_case(own, own.strategies[0].name, matrices)
    near = nearest_origins(case)
    place = min(near)
    other = next(each for each in PAIR if each != near[place])
    chosen = chosen_origins(case, {place: {near[place]: 20, other: 25}})
    assert chosen == near | {place: other}


def both_open(problem, matrices):
    own = problem_of_set(problem, template_of(problem), PAIR)
    return open_case(own, own.strategies[0].name, matrices)


def sized(problem, first_m2, second_m2):
    problem = with_place(problem, "GUDANG-1", warehouse=WarehouseFacts(usable_m2=first_m2))
    return with_place(problem, "GUDANG-2", warehouse=WarehouseFacts(usable_m2=second_m2))


@given(seed=st.integers(0, 30), first=st.integers(1, 40), second=st.integers(1, 40))
def test_goods_are_spread_so_that_no_warehouse_is_too_full(seed, first, second):
    problem, matrices = small_problem(seed, SIZE)
    case = both_open(sized(problem, first, second), matrices)
    fitted = fitting_origins(case, nearest_origins(case))
    rooms = {each: room_ml(case.place[each]) for each in PAIR}
    if fitted is not None:
        assert fitted.keys() == nearest_origins(case).keys()
        assert all(held <= rooms[each] for each, held in held_ml(case, fitted).items())
    else:
        assert any(held > rooms[each] for each, held in held_ml(case, nearest_origins(case)).items())


def test_a_warehouse_too_small_alone_is_not_routed_but_serves_in_a_pair():
    problem, matrices = small_problem(1, SIZE)
    whole_m2 = floor_m2(sum(unit.volume_ml for unit in problem.units), candidates_of(problem)[0])
    problem = sized(problem, whole_m2 - 1, whole_m2 - 1)
    sets = by_name(compared(problem, matrices))
    assert sets["gudang-1"].state == sets["gudang-2"].state == "tidak-muat"
    assert f"butuh {whole_m2} m² lantai, yang ada {whole_m2 - 1} m²" in sets["gudang-1"].reason
    both = sets["gudang-1+2"]
    assert both.state == "dihitung"
    assert all(holding.needs_m2 <= holding.usable_m2 for holding in both.holdings)


def test_stacking_higher_makes_room():
    place = candidates_of(small_problem()[0])[0]
    low = replace(place, warehouse=WarehouseFacts(usable_m2=100, stack_mm=1200))
    high = replace(place, warehouse=WarehouseFacts(usable_m2=100, stack_mm=2400))
    assert room_ml(high) == 2 * room_ml(low)
    assert floor_m2(room_ml(low), low) == floor_m2(room_ml(high), high) == 100
    assert floor_m2(room_ml(low) + 1, low) == 101


def test_the_boxes_of_blora_need_the_floor_that_its_candidates_were_made_for():
    place = candidates_of(small_problem()[0])[0]
    assert floor_m2(14_885 * 96_000, place) == 1185


def test_the_fullest_day_is_the_first_with_everything_inside():
    problem, matrices = small_problem(1, SIZE)
    one = by_name(compared(problem, matrices))["gudang-1"].holdings[0]
    assert one.peak_boxes == one.boxes == sum(unit.boxes for unit in problem.units)
    assert one.box_ml + one.loose_ml == sum(unit.volume_ml for unit in problem.units)
    assert (POLLING - one.peak_date).days == 6


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("subject", PAIR)
def test_beyond_the_rent_that_is_named_another_set_really_wins(seed, subject):
    problem, matrices = small_problem(seed, SIZE)
    report = compared(problem, matrices).report
    flip = next(each for each in report.flips if each.subject == subject and each.about == "gudang")
    line = subject.lower()
    if flip.value is None:
        changed = with_rent(problem, **{line.replace("-", "_"): 1 if not flip.rises else 10**11})
        assert compared(changed, matrices).report.winner.members == report.winner.members
        return
    step = 1 if flip.rises else -1
    before, after = flip.value - 2 * step, max(1, flip.value + 2 * step)
    kept = compared(with_rent(problem, **{line.replace("-", "_"): before}), matrices).report
    turned = compared(with_rent(problem, **{line.replace("-", "_"): after}), matrices).report
    assert kept.winner.members == report.winner.members
    assert turned.winner.members != report.winner.members


def test_the_price_by_the_kilometre_at_which_the_order_turns_turns_it():
    problem, matrices = small_problem(3, Size(ppk=3, pps_per_ppk=5, trucks=4))
    report = compared(problem, matrices).report
    flip = next(each for each in report.flips if each.about == "jarak" and not each.rises)
    assert flip.value is not None

    def bill(result, percent):
        return result.cost_rupiah - result.by_basis["vehicle_km"] * (100 - percent) / 100

    def cheapest(percent):
        return min(report.ranked, key=lambda each: bill(each, percent)).members

    assert cheapest(flip.value + 2) == report.winner.members
    assert cheapest(flip.value - 2) != report.winner.members


@pytest.mark.parametrize(
    ("words", "risk"),
    [("tidak pernah banjir", False), ("Tidak pernah", False), ("genangan 2021", True), ("", True)],
)
def test_only_what_was_found_dry_is_dry(words, risk):
    place = candidates_of(small_problem()[0])[0]
    assert at_flood_risk(replace(place, warehouse=WarehouseFacts(flood=words))) is risk


def test_a_winner_that_may_be_flooded_says_from_which_loss_on_the_dry_one_wins():
    problem, matrices = small_problem(1, SIZE)
    first = compared(problem, matrices).report
    other = next(each for each in PAIR if each not in first.winner.members)
    dry = with_place(problem, other, warehouse=WarehouseFacts(flood="tidak pernah banjir"))
    report = compared(dry, matrices).report
    (flip,) = [each for each in report.flips if each.about == "banjir"]
    alone = next(each for each in report.ranked if each.members == (other,))
    assert flip.value == alone.cost_rupiah - report.winner.cost_rupiah


def test_why_says_what_the_choice_saves_and_the_parts_add_up():
    problem, matrices = small_problem(1, SIZE)
    report = compared(problem, matrices).report
    best, second = report.ranked[:2]
    apart = f"{second.cost_rupiah - best.cost_rupiah:,}".replace(",", ".")
    assert f"Rp{apart} lebih murah daripada" in report.why[0]
    assert any("butuh" in line and "m²" in line for line in report.why)


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
