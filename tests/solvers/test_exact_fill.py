"""The search's first answer: everything once, nothing over its room or hours."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.distribution.small import Size, small_problem

from tepat.distribution.case import open_case
from tepat.distribution.legs import build_legs
from tepat.solvers.exact_fill import fill, first_answer
from tepat.solvers.loads import Travel
from tepat.solvers.tours import tour


def parts(seed, size=None):
    problem, matrices = small_problem(seed, size)
    return [
        leg.part
        for strategy in problem.strategies
        for leg in build_legs(open_case(problem, strategy.name, matrices)).legs
    ]


@given(seed=st.integers(0, 10_000), tps_max=st.integers(1, 70), trucks=st.integers(1, 3))
@settings(max_examples=15, deadline=None)
def test_each_unit_is_carried_once_or_left_and_no_vehicle_day_is_overfull(seed, tps_max, trucks):
    for part in parts(seed, Size(ppk=2, pps_per_ppk=3, tps_max=tps_max, trucks=trucks)):
        filling = fill(part, seed)
        travel = Travel(part)
        carried = [
            each.unit
            for day in filling.days
            for round_ in day.rounds
            for piece in round_
            for each in piece.cargo
        ]
        left = [each.unit for piece in filling.left for each in piece.cargo]
        assert Counter(carried + left) == Counter(each.unit for lot in part.lots for each in lot.cargo)
        used = Counter(day.group for day in filling.days)
        assert all(used[position] <= group.count for position, group in enumerate(part.groups))
        for day in filling.days:
            group = part.groups[day.group]
            assert (
                sum(travel.duration_s(round_, group) for round_ in day.rounds)
                <= group.closes_s - group.opens_s
            )
            for round_ in day.rounds:
                assert sum(piece.boxes for piece in round_) <= group.boxes_max
                assert sum(piece.volume_ml for piece in round_) <= group.volume_ml_max
                assert sum(piece.weight_g for piece in round_) <= group.weight_g_max
                assert all(day.group in part.lots[piece.lot].groups for piece in round_)


def test_lots_are_split_rather_than_a_truck_more_sent():
    (part, *_) = parts(2, Size(ppk=2, pps_per_ppk=6, tps_max=30, trucks=3))
    routes, left = first_answer(part)
    boxes = {each.unit: each.boxes for lot in part.lots for each in lot.cargo}
    loads = sorted(
        sum(boxes[unit] for halt in round_ for unit in halt.units)
        for route in routes
        for round_ in route.rounds
    )
    assert not left
    assert len(loads) == -(-sum(loads) // 120)


def test_without_vehicle_days_everything_is_left():
    (part, *_) = parts(2)
    bare = replace(part, groups=tuple(replace(group, count=0) for group in part.groups))
    routes, left = first_answer(bare)
    assert routes == ()
    assert len(left) == sum(len(lot.cargo) for lot in part.lots)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 12])
def test_a_tour_visits_each_row_once(rows):
    points = np.random.default_rng(rows).random((rows, 2))
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    assert sorted(tour(distance)) == list(range(1, rows))


def test_a_tour_around_a_circle_goes_around_the_circle():
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    shuffled = np.random.default_rng(1).permutation(24)
    points = np.column_stack([np.cos(angles), np.sin(angles)])[shuffled]
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    order = [0, *tour(distance), 0]
    length = sum(distance[start, end] for start, end in itertools.pairwise(order))
    assert length == pytest.approx(24 * 2 * np.sin(np.pi / 24))
