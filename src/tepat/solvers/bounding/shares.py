"""The shares of `distribution.warehouses.pruning` from the hauls of a bound, in whole micro-rupiah."""

import numpy as np
from msgspec.structs import replace

from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.errands import errands
from tepat.distribution.feasibility import chances
from tepat.distribution.problems import Problem, Strategy
from tepat.distribution.vehicle_days import vehicle_days
from tepat.distribution.warehouses.pruning import DropShare, Shares
from tepat.distribution.warehouses.sets import prices_of, problem_of_set
from tepat.solvers.bounding.hauls import NO_ROAD, Drop, Haul, Team
from tepat.solvers.bounding.relaxing import relax

ORIGIN = 0


def shares_of(problem: Problem, template: Strategy, warehouse: str, matrices: Matrices) -> Shares:
    """Return what is proved of the cost of serving each place from one warehouse.

    Args:
        problem: The problem of all candidates.
        template: The strategy whose path, vehicles and dates are used.
        warehouse: The candidate.
        matrices: Travel by vehicle class and weather.

    Raises:
        Refused: SOLVE-NO-MATRIX.
    """
    alone = problem_of_set(problem, template, (warehouse,))
    case = open_case(alone, alone.strategies[0].name, matrices)
    reached = _reached(case)
    served = replace(alone, units=tuple(unit for unit in alone.units if unit.id in reached))
    relaxed = relax(open_case(served, alone.strategies[0].name, matrices))
    rent = sum(price.rupiah for price in prices_of(problem, warehouse))
    drops = {drop.name: _share(haul, drop) for haul in relaxed.hauls for drop in haul.drops}
    return Shares(drops=drops, fixed_rupiah=relaxed.fixed_rupiah - rent, guarded=relaxed.guarded)


def _reached(case: Case) -> set[str]:
    """Return the units that some vehicle-day can bring from the case's warehouse."""
    wanted = errands(case, case.problem.units)
    boxes = {each: sum(unit.boxes for unit in case.problem.units) or 1 for each in case.strategy.warehouses}
    days = vehicle_days(case, boxes)
    return {
        unit.id
        for errand, units in wanted.first.items()
        if chances(case, errand, days.get(errand.origin, ()))[0]
        for unit in units
    }


def _share(haul: Haul, drop: Drop) -> DropShare:
    """Return the least that a drop's boxes and stops cost, over the teams that may bring them."""
    boxes, stops = [], []
    for team, extra in zip(haul.teams, drop.box_micro, strict=True):
        trip = _radial_micro(haul, drop, team)
        if extra is None or trip is None or team.boxes_max <= 0 or team.hours_s <= 0:
            continue
        handling = team.day_micro * team.box_s // team.hours_s
        boxes.append(drop.least_micro + extra + handling + trip // team.boxes_max)
        stops.append(drop.stop_micro + team.day_micro * drop.stop_s // team.hours_s)
    return DropShare(
        place=drop.name.rsplit("|", 3)[0],
        boxes=drop.boxes,
        box_micro=min(boxes, default=drop.least_micro),
        visits_micro=drop.visits_min * min(stops, default=0),
    )


def _radial_micro(haul: Haul, drop: Drop, team: Team) -> int | None:
    """Return what a trip of a team to this drop costs at least, rounded down; None without a road."""
    seconds, metres = np.frombuffer(haul.matrices[team.matrix], dtype="<i8").reshape(2, haul.rows, haul.rows)
    there_s = int(seconds[ORIGIN, drop.place]) + int(seconds[drop.place, ORIGIN])
    there_m = int(metres[ORIGIN, drop.place]) + int(metres[drop.place, ORIGIN])
    if max(there_s, there_m) >= NO_ROAD:
        return None
    day = team.day_micro * (team.load_s + there_s) // team.hours_s if team.hours_s > 0 else 0
    return team.trip_micro + team.metre_micro * there_m + day
