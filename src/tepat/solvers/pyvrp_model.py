"""A part as PyVRP understands it, and its solutions read back.

- Each piece is a client at its own location; loading, stop and unloading are folded into the leg that leads
  there, so that a second piece at the same place costs no second stop and each vehicle type handles boxes
  at its own pace.
- "Distance" is money in units of `UNIT_RUPIAH`: small whole numbers, as the penalties want them.
- What a group may not bring is a load dimension in which that group has no capacity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tepat.distribution.routing import ORIGIN, FleetGroup, Part, Route
from tepat.solvers.exact_fill import Filling, halts
from tepat.solvers.loads import Piece, Travel

UNIT_RUPIAH = 100
RELOADS_MAX = 40
"""Rounds of one vehicle-day."""

WINDOW_END_S = 10**9
VOLUME_STEP_ML = 100
WEIGHT_STEP_G = 100
PRIZE_DAYS = 5
"""A piece left behind costs as much as this many of the dearest vehicle-days and rounds."""


@dataclass(frozen=True)
class Model:
    """PyVRP's data and the pieces behind its clients."""

    data: Any
    pieces: tuple[Piece, ...]
    all_required: bool


def build(part: Part, filling: Filling) -> Model:
    """Return the model; if the first answer left something, every piece may be left, at a high price."""
    import pyvrp

    travel = Travel(part)
    carried = [piece for day in filling.days for round_ in day.rounds for piece in round_]
    pieces = (*carried, *filling.left)
    profiles = sorted({_pace(group) for group in part.groups})
    demands, capacities = _dimensions(part, pieces)
    costs = [_legs(travel, pieces, profile) for profile in profiles]
    prize = _prize(part, costs)
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * (1 + len(pieces)),
        clients=[
            _client(part, piece, location, demands[location - 1], 0 if not filling.left else prize)
            for location, piece in enumerate(pieces, 1)
        ],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=group.count,
                capacity=capacities[position],
                fixed_cost=group.day_rupiah // UNIT_RUPIAH,
                tw_early=group.opens_s,
                tw_late=group.closes_s,
                unit_distance_cost=1,
                profile=profiles.index(_pace(group)),
                reload_depots=[0],
                max_reloads=RELOADS_MAX,
                name=group.name,
            )
            for position, group in enumerate(part.groups)
        ],
        distance_matrices=[money for money, _ in costs],
        duration_matrices=[seconds for _, seconds in costs],
    )
    return Model(data, pieces, not filling.left)


def start(model: Model, filling: Filling) -> Any:
    """Return the first answer as a PyVRP solution."""
    import pyvrp

    client = 0
    routes = []
    for day in filling.days:
        activities = []
        for number, round_ in enumerate(day.rounds):
            if number:
                activities.append(pyvrp.Activity(pyvrp.ActivityType.DEPOT, 0))
            for _ in round_:
                activities.append(pyvrp.Activity(pyvrp.ActivityType.CLIENT, client))
                client += 1
        routes.append(pyvrp.Route(model.data, activities, day.group))
    return pyvrp.Solution(model.data, routes)


def read(model: Model, solution: Any) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """Return a solution's routes and the units left behind."""
    routes = []
    carried: set[int] = set()
    for each in solution.routes():
        rounds: list[list[Piece]] = [[]]
        for activity in each:
            if activity.is_depot():
                rounds.append([])
                continue
            carried.add(activity.idx)
            rounds[-1].append(model.pieces[activity.idx])
        routes.append(Route(each.vehicle_type(), tuple(halts(tuple(round_)) for round_ in rounds if round_)))
    left = tuple(
        cargo.unit
        for index, piece in enumerate(model.pieces)
        if index not in carried
        for cargo in piece.cargo
    )
    return tuple(routes), left


Pace = tuple[int, int, int, int, int, int, int]


def _pace(group: FleetGroup) -> Pace:
    """Return what decides a group's seconds and rupiah on a leg."""
    per_box_s = group.load_s_per_box + group.unload_s_per_box
    return (
        group.matrix,
        group.load_fixed_s,
        per_box_s,
        group.km_rupiah,
        group.box_rupiah,
        group.round_rupiah,
        group.nights,
    )


def _legs(travel: Travel, pieces: Sequence[Piece], pace: Pace) -> tuple[Any, Any]:
    """Return rupiah (in units) and seconds from each location to each."""
    matrix, load_fixed_s, per_box_s, km_rupiah, box_rupiah, round_rupiah, nights = pace
    lots = travel.part.lots
    rows = np.array([ORIGIN, *(lots[piece.lot].place for piece in pieces)])
    boxes = np.array([0, *(piece.boxes for piece in pieces)])
    stop_s = np.array([0, *(lots[piece.lot].stop_s for piece in pieces)])
    grid = np.ix_(rows, rows)
    elsewhere = rows[:, None] != rows[None, :]
    seconds = (
        travel.seconds_array[matrix][grid] * elsewhere
        + stop_s[None, :] * elsewhere
        + boxes[None, :] * per_box_s
    )
    seconds[0, 1:] += load_fixed_s
    rupiah = travel.metres_array[matrix][grid] * elsewhere * (km_rupiah / 1000) + boxes[None, :] * box_rupiah
    rupiah[0, 1:] += round_rupiah
    rupiah[:, 1:] += nights * np.array([travel.night_rupiah(piece) for piece in pieces])
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(rupiah, 0)
    return np.rint(rupiah / UNIT_RUPIAH).astype(np.int64), seconds.astype(np.int64)


def _prize(part: Part, costs: Sequence[tuple[Any, Any]]) -> int:
    dearest = max(group.day_rupiah for group in part.groups) // UNIT_RUPIAH
    farthest = max(int(money[0].max() + money[:, 0].max()) for money, _ in costs)
    return PRIZE_DAYS * (dearest + farthest) + 1


def _client(part: Part, piece: Piece, location: int, demand: list[int], prize: int) -> Any:
    import pyvrp

    lot = part.lots[piece.lot]
    groups = [part.groups[position] for position in lot.groups]
    handling_s = min(group.unload_s_per_box for group in groups) * piece.boxes + lot.stop_s
    closes_s = WINDOW_END_S
    if lot.closes_s < WINDOW_END_S:
        others_s = max((group.boxes_max - piece.boxes) * group.load_s_per_box for group in groups)
        closes_s = max(1, lot.closes_s - max(0, others_s))
    return pyvrp.Client(
        location,
        demand,
        tw_early=min(lot.opens_s + handling_s, closes_s) if lot.opens_s else 0,
        tw_late=closes_s,
        prize=prize,
        required=not prize,
    )


def _dimensions(part: Part, pieces: Sequence[Piece]) -> tuple[list[list[int]], list[list[int]]]:
    """Return the loads of pieces and the capacities of groups, in the dimensions that can bind."""
    demands: list[list[int]] = [[piece.boxes] for piece in pieces]
    capacities: list[list[int]] = [[group.boxes_max] for group in part.groups]
    measures = (
        (
            [-(-piece.volume_ml // VOLUME_STEP_ML) for piece in pieces],
            [group.volume_ml_max // VOLUME_STEP_ML for group in part.groups],
        ),
        (
            [-(-piece.weight_g // WEIGHT_STEP_G) for piece in pieces],
            [group.weight_g_max // WEIGHT_STEP_G for group in part.groups],
        ),
    )
    for loads, limits in measures:
        if _may_bind(part, pieces, loads, limits):
            _append(demands, loads)
            _append(capacities, limits)
    every = tuple(range(len(part.groups)))
    for allowed in sorted({part.lots[piece.lot].groups for piece in pieces} - {every}):
        _append(demands, [int(part.lots[piece.lot].groups == allowed) for piece in pieces])
        _append(capacities, [len(pieces) if position in allowed else 0 for position in every])
    return demands, capacities


def _may_bind(part: Part, pieces: Sequence[Piece], loads: Sequence[int], limits: Sequence[int]) -> bool:
    """Tell whether some vehicle could be loaded so that it passes this limit before its boxes run out."""
    loose = sum(load for piece, load in zip(pieces, loads, strict=True) if not piece.boxes)
    densest = max(
        (load / piece.boxes for piece, load in zip(pieces, loads, strict=True) if piece.boxes), default=0.0
    )
    return any(
        group.boxes_max * densest + loose > limit for group, limit in zip(part.groups, limits, strict=True)
    )


def _append(rows: list[list[int]], column: Sequence[int]) -> None:
    for row, value in zip(rows, column, strict=True):
        row.append(value)
