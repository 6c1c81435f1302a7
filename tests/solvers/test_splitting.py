"""The splitting search: what it counts is true, its answers can be driven, and it splits where that pays."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tepat.distribution.routing import Cargo, FleetGroup, Halt, Lot, Part, Route
from tepat.solvers.exact_fill import first_answer
from tepat.solvers.loads import Piece, Travel
from tepat.solvers.splitting.binding import book_of, pools_of_days, pools_of_groups, trips_in
from tepat.solvers.splitting.book import (
    LATE,
    OVER,
    POOL_COLUMNS,
    POOLS_AT,
    POOLS_N,
    RANDOM,
    SOFT,
    TOTAL,
    table,
)
from tepat.solvers.splitting.compiling import HAVE_COMPILER
from tepat.solvers.splitting.moves import anneal
from tepat.solvers.splitting.opening import count_all, recount_money
from tepat.solvers.splitting.reading import field_of, fitting, routes_of, trips_of
from tepat.solvers.splitting.search import Found, improve

pytestmark = pytest.mark.skipif(not HAVE_COMPILER, reason="needs the extra cepat")

TRUCK = FleetGroup(
    name="truk",
    count=3,
    boxes_max=120,
    volume_ml_max=14_000_000,
    weight_g_max=4_000_000,
    load_fixed_s=1800,
    load_s_per_box=0,
    unload_s_per_box=15,
    opens_s=0,
    closes_s=36_000,
    day_rupiah=1_400_000,
    km_rupiah=5_500,
    box_rupiah=0,
    matrix=0,
)


def made_up(seed, lots=8):
    """Return a random part: units of many sizes, some without boxes; groups of two kinds on two dates."""
    rng = Random(seed)
    rows = 1 + lots
    points = np.array([(rng.uniform(0, 40_000), rng.uniform(0, 40_000)) for _ in range(rows)])
    metres = np.abs(points[:, None] - points[None]).sum(axis=2)
    tables = [np.stack([metres / speed, metres]).astype("<i4").tobytes() for speed in (9, 11)]
    pickup = replace(
        TRUCK, name="pikap", boxes_max=20, volume_ml_max=1_900_000, day_rupiah=450_000, km_rupiah=2_500,
        matrix=1, round_rupiah=50_000, load_s_per_box=3, box_rupiah=200,
    )  # fmt: skip
    groups = tuple(
        replace(kind, nights=nights, count=rng.randint(1, 3)) for kind in (TRUCK, pickup) for nights in (2, 3)
    )
    return Part(
        name="contoh",
        rows=rows,
        matrices=tuple(tables),
        lots=tuple(_lot(rng, place) for place in range(1, rows)),
        groups=groups,
    )


def _lot(rng, place):
    boxes = [rng.choice((0, 1, 5, 5, 5, 5)) for _ in range(rng.randint(1, 40))]
    cargo = tuple(
        Cargo(f"{place}-{number}", count, 90_000 * count + rng.randint(0, 50_000), 9_000 * count + 500)
        for number, count in enumerate(boxes)
    )
    return Lot(
        place=place,
        cargo=cargo,
        stop_s=300,
        groups=rng.choice([(0, 1, 2, 3), (0, 1, 2, 3), (0, 1), (2, 3)]),
        opens_s=0,
        closes_s=10**9,
        night_rupiah=100_000 + 50 * sum(boxes),
        guard_rupiah=100_000,
    )


def in_line(*boxes, trucks=3):
    """Return a part of lots of so many boxes in units of five, 20 km away and 1 km from each other."""
    places = np.array([0, *(20_000 + 1_000 * number for number in range(len(boxes)))])
    metres = np.abs(places[:, None] - places[None])
    lots = tuple(
        Lot(
            place=place,
            cargo=tuple(Cargo(f"{place}-{number}", 5, 450_000, 50_000) for number in range(count // 5)),
            stop_s=300,
            groups=(0,),
            opens_s=0,
            closes_s=10**9,
        )
        for place, count in enumerate(boxes, 1)
    )
    matrix = np.stack([metres // 10, metres]).astype("<i4").tobytes()
    return Part(
        name="contoh", rows=len(places), matrices=(matrix,), lots=lots, groups=(replace(TRUCK, count=trucks),)
    )


def searched(part, iterations=12, seed=1, start=None):
    routes, left = start or first_answer(part)
    told = []
    found = improve(
        part,
        Found(routes, left, 0),
        seed=seed,
        share=lambda done: done / iterations,
        tell=lambda _, better: told.append(better) if better else None,
    )
    return found, told


def pieces(part, round_):
    cargo = {each.unit: each for lot in part.lots for each in lot.cargo}
    return tuple(Piece(halt.lot, tuple(cargo[unit] for unit in halt.units)) for halt in round_)


def price(part, routes):
    """Return what routes cost, counted from the part alone."""
    travel, total = Travel(part), 0.0
    nights = {}
    for route in routes:
        group = part.groups[route.group]
        total += group.day_rupiah
        for round_ in (pieces(part, each) for each in route.rounds):
            boxes = sum(piece.boxes for piece in round_)
            total += group.round_rupiah + group.box_rupiah * boxes
            total += group.km_rupiah * travel.distance_m(round_, group) / 1000
            for piece in round_:
                lot = part.lots[piece.lot]
                nights[piece.lot] = max(nights.get(piece.lot, 0), group.nights)
                share = piece.boxes / max(1, sum(each.boxes for each in lot.cargo))
                total += group.nights * (lot.night_rupiah - lot.guard_rupiah) * share
    return total + sum(count * part.lots[lot].guard_rupiah for lot, count in nights.items())


def assert_drivable(part, routes, left):
    travel = Travel(part)
    carried = [unit for route in routes for round_ in route.rounds for halt in round_ for unit in halt.units]
    assert Counter(carried) + Counter(left) == Counter(each.unit for lot in part.lots for each in lot.cargo)
    used = Counter(route.group for route in routes)
    assert all(used[number] <= group.count for number, group in enumerate(part.groups))
    for route in routes:
        group = part.groups[route.group]
        rounds = [pieces(part, round_) for round_ in route.rounds]
        assert sum(travel.duration_s(each, group) for each in rounds) <= group.closes_s - group.opens_s
        for each in rounds:
            assert sum(piece.boxes for piece in each) <= group.boxes_max
            assert sum(piece.volume_ml for piece in each) <= group.volume_ml_max
            assert sum(piece.weight_g for piece in each) <= group.weight_g_max
            assert all(route.group in part.lots[piece.lot].groups for piece in each)


@given(seed=st.integers(0, 10_000), heat=st.sampled_from([0.0, 3e6, 1e9]), by_day=st.booleans())
@settings(max_examples=25, deadline=None)
def test_what_is_counted_along_the_way_is_what_a_full_count_finds(seed, heat, by_day):
    part = made_up(seed)
    field = field_of(part)
    pools = pools_of_days(field) if by_day else pools_of_groups(field)
    book = book_of(field, fitting(field, trips_of(field, *first_answer(part))), pools)
    assert count_all(field.roads, book)
    book[SOFT], book[LATE], book[RANDOM] = 300, 200_000, 2 * seed + 1
    recount_money(book)
    for moves in (1, 10, 3_000):
        anneal(field.roads, book, heat, moves)
        again = book.copy()
        assert count_all(field.roads, again)
        assert (again[TOTAL], again[OVER]) == (book[TOTAL], book[OVER])
        counted, anew = (table(each, POOLS_AT, int(each[POOLS_N]), POOL_COLUMNS) for each in (book, again))
        assert counted.tolist() == anew.tolist()
        carried = Counter()
        for trip in trips_in(book, kept=False):
            carried.update(dict(trip.stops))
        assert carried == {number: len(lump.cargo) for number, lump in enumerate(field.lumps)}


@given(seed=st.integers(0, 10_000), lots=st.integers(1, 12))
@example(seed=959, lots=6)
@settings(max_examples=20, deadline=None)
def test_an_answer_can_be_driven_and_costs_what_it_says(seed, lots):
    part = made_up(seed, lots)
    found, told = searched(part)
    assert_drivable(part, found.routes, found.left)
    if not found.left:
        assert found.rupiah == pytest.approx(price(part, found.routes), abs=1)
    assert all(each.rupiah >= found.rupiah for each in told)


@given(seed=st.integers(0, 10_000))
@example(seed=240)
@settings(max_examples=10, deadline=None)
def test_an_answer_is_never_dearer_than_the_start_and_leaves_no_more(seed):
    part = made_up(seed)
    start = first_answer(part)
    found, told = searched(part, start=start)
    assert found.rupiah <= told[0].rupiah
    assert len(found.left) <= len(start[1])
    again, _ = searched(part, start=(found.routes, found.left))
    assert again.rupiah <= found.rupiah


def test_the_same_seed_and_iterations_give_the_same_answer():
    part = made_up(5)
    one, other = searched(part)[0], searched(part)[0]
    assert one == other


def test_three_lots_of_eighty_boxes_go_in_two_trips_of_a_hundred_and_twenty():
    part = in_line(80, 80, 80)
    rounds = tuple(
        (Halt(number, tuple(each.unit for each in lot.cargo)),) for number, lot in enumerate(part.lots)
    )
    found, _ = searched(part, start=((Route(0, rounds),), ()))
    assert sorted(len(route.rounds) for route in found.routes) == [2]
    assert_drivable(part, found.routes, found.left)


def test_what_the_start_left_behind_is_picked_up_where_there_is_room():
    part = in_line(60, 60)
    start = ((), tuple(each.unit for lot in part.lots for each in lot.cargo))
    found, _ = searched(part, start=start)
    assert found.left == ()
    assert_drivable(part, found.routes, found.left)


def test_without_enough_hours_the_rest_is_left_and_named():
    part = replace(in_line(240, 240), groups=(replace(TRUCK, count=1, closes_s=9_000),))
    found, _ = searched(part)
    assert found.left
    assert_drivable(part, found.routes, found.left)


def test_a_search_ends_when_its_budget_is_used():
    part = made_up(3)
    asked = []

    def share(done):
        asked.append(done)
        return done / 4

    routes, left = first_answer(part)
    improve(part, Found(routes, left, 0), seed=1, share=share, tell=lambda *_: None)
    assert max(asked) == 4


def test_a_part_without_lots_or_vehicles_is_answered_by_its_start():
    bare = replace(in_line(60), groups=())
    start = ((), tuple(each.unit for each in bare.lots[0].cargo))
    assert searched(bare, start=start)[0].left == start[1]


def test_units_survive_the_way_into_the_search_and_back():
    part = made_up(7)
    field = field_of(part)
    routes, left = first_answer(part)
    back, still_left = routes_of(field, trips_of(field, routes, left))
    assert_drivable(part, back, still_left)
    assert price(part, back) == pytest.approx(price(part, routes), rel=0.02)
