"""What a warehouse holds on its fullest day, and who serves which place."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.choosing import PAIR, SIZE, both_open, by_name, compared, sized
from tests.distribution.small import POLLING, small_problem

from tepat.distribution.case import open_case
from tepat.distribution.problems import WarehouseFacts
from tepat.distribution.warehouses.room import floor_m2, room_ml
from tepat.distribution.warehouses.serving import (
    chosen_origins,
    fitting_origins,
    held_ml,
    nearest_origins,
)
from tepat.distribution.warehouses.sets import (
    candidates_of,
    problem_of_set,
    template_of,
)


def test_most_boxes_decide_who_serves_a_place_and_the_rest_go_to_the_nearest():
    problem, matrices = small_problem(1, SIZE)
    own = problem_of_set(problem, template_of(problem), PAIR)
    case = open_case(own, own.strategies[0].name, matrices)
    near = nearest_origins(case)
    place = min(near)
    other = next(each for each in PAIR if each != near[place])
    chosen = chosen_origins(case, {place: {near[place]: 20, other: 25}})
    assert chosen == near | {place: other}


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
