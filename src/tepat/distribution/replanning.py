"""Planning on from the middle of a day: what has left stays to the letter, the rest is planned anew.

A vehicle that is lost finishes the trip it is on; what it had still to drive is taken from it. Two ways are
offered. *Keep* moves nothing else: only what the lost vehicle had still to bring, and what waits for it at a
PPK, looks for room behind the trips that stand. *Cheapest* frees every trip that has not begun to load.

Either is an ordinary plan, of a problem in which the trips that have left are locked: the checker sees that
they did not change.
"""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tepat.common.errors import Refused
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.documents import sha256
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Lock, Problem
from tepat.distribution.remaining import Rest, completed
from tepat.distribution.routing import Budget, Listener, RoutingEngine
from tepat.distribution.solving import solve

Way = Literal["tetap", "termurah"]
WAYS: tuple[Way, ...] = ("tetap", "termurah")
WAY_WORDS: dict[Way, str] = {"tetap": "yang lain tetap", "termurah": "termurah"}
SINCE = ", disusun ulang "
"""What stands in a title between the strategy and the moment."""


@dataclass(frozen=True)
class Setback:
    """What happened.

    Args:
        at: Now: a trip that began to load before this moment has left.
        lost: Ids of vehicles that drive no more.
    """

    at: datetime
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """How a new plan differs from the old one.

    Args:
        units: Sets that had not left yet.
        unaffected: Those of them that the lost vehicles had nothing to do with.
        moved: Unaffected sets that another vehicle brings now, or that come on another date.
        cost_rupiah: The new bill less the old one.
        unserved: Sets left behind now.
    """

    units: int
    unaffected: int
    moved: int
    cost_rupiah: int
    unserved: int


def departed(plan: Plan, at: datetime) -> tuple[Trip, ...]:
    """Return the trips that have begun to load by a moment."""
    return tuple(trip for trip in plan.trips if trip.load_at <= at)


def locked_problem(problem: Problem, plan: Plan, at: datetime) -> Problem:
    """Return the problem with every trip that has left locked as it is.

    Its strategies are the two ways of going on, named after the old plan's: ``langsung-pps-tetap``.
    """
    locks = tuple(Lock(trip=trip.id, sha256=sha256(trip)) for trip in departed(plan, at))
    old = next(each for each in problem.strategies if each.name == plan.strategy)
    title = old.title.partition(SINCE)[0]
    since = f"{SINCE}{at.astimezone(ZoneInfo(problem.office.time_zone)):%d-%m-%Y %H.%M}"
    ways = tuple(
        replace(
            old, name=strategy_name(plan.strategy, way), title=f"{title}{since}, {WAY_WORDS[way]}", note=""
        )
        for way in WAYS
    )
    return replace(problem, locks=locks, strategies=ways)


def strategy_name(strategy: str, way: Way) -> str:
    """Return the name of a way of going on from a plan of a strategy, or of such a way before."""
    for each in WAYS:
        strategy = strategy.removesuffix(f"-{each}")
    return f"{strategy}-{way}"


def both_ways(  # noqa: PLR0913 - as `replan`
    problem: Problem,
    plan: Plan,
    matrices: Matrices,
    *,
    setback: Setback,
    engine: RoutingEngine,
    seed: int = 0,
    budget: Budget,
    progress: Listener | None = None,
) -> dict[Way, Plan]:
    """Return both ways of going on; where freeing all finds nothing better, *cheapest* is what *keep* is.

    Args:
        problem: As `replan`.
        plan: As `replan`.
        matrices: As `replan`.
        setback: As `replan`.
        engine: As `replan`.
        seed: As `replan`.
        budget: For each of both.
        progress: As `replan`.

    Raises:
        Refused: Those of `replan`.
    """
    found: dict[Way, Plan] = {
        way: replan(
            problem,
            plan,
            matrices,
            setback=setback,
            way=way,
            engine=engine,
            seed=seed,
            budget=budget,
            progress=progress,
        )
        for way in WAYS
    }
    if _worth(found["termurah"]) >= _worth(found["tetap"]):
        found["termurah"] = replace(found["tetap"], strategy=strategy_name(plan.strategy, "termurah"))
    return found


def _worth(plan: Plan) -> tuple[int, int]:
    return len(plan.unserved), plan.totals.cost_rupiah


def replan(  # noqa: PLR0913 - what stands, what happened, and four terms of the search, all by name
    problem: Problem,
    plan: Plan,
    matrices: Matrices,
    *,
    setback: Setback,
    way: Way,
    engine: RoutingEngine,
    seed: int = 0,
    budget: Budget,
    progress: Listener | None = None,
) -> Plan:
    """Return a plan of `locked_problem` that goes on from a moment.

    Args:
        problem: The problem that the old plan answers.
        plan: The old plan.
        matrices: As `solve`.
        setback: What happened.
        way: ``tetap`` moves only what must move, ``termurah`` all that has not left.
        engine: Whoever routes.
        seed: As `solve`.
        budget: As `solve`.
        progress: As `solve`.

    Raises:
        Refused: REPLAN-OTHER-PROBLEM, REPLAN-VEHICLE, REPLAN-OVER (all has left already), and what `solve`
            refuses.
    """
    case = open_case(problem, plan.strategy, matrices)
    _require(case, plan, setback)
    rest = Rest(case, plan, setback.at, setback.lost, kept_trips(plan, setback, way))

    def search(left: Problem) -> Plan:
        return solve(
            left, plan.strategy, matrices, engine=engine, seed=seed, budget=budget, progress=progress
        )

    return replace(
        completed(rest, search),
        problem_sha256=sha256(locked_problem(problem, plan, setback.at)),
        strategy=strategy_name(plan.strategy, way),
    )


def kept_trips(plan: Plan, setback: Setback, way: Way) -> tuple[Trip, ...]:
    """Return the trips of a plan that stand."""
    gone = set(departed(plan, setback.at))
    if way == "termurah":
        return tuple(trip for trip in plan.trips if trip in gone)
    lost = [trip for trip in plan.trips if trip not in gone and trip.vehicle in setback.lost]
    waiting = {unit for trip in lost for stop in trip.stops for unit in stop.units}
    return tuple(
        trip
        for trip in plan.trips
        if trip in gone or (trip.vehicle not in setback.lost and not waiting & set(trip.load_order))
    )


def changes(old: Plan, new: Plan, setback: Setback) -> Changes:
    """Return how two plans differ in what had not left."""
    gone = {trip.id for trip in departed(old, setback.at)}
    before, after = _bringers(old), _bringers(new)
    open_units = {unit for unit, trip in before.items() if trip.id not in gone}
    stand = {trip.id for trip in kept_trips(old, setback, "tetap")}
    unaffected = {unit for unit in open_units if before[unit].id in stand}
    moved = [
        unit
        for unit in unaffected
        if unit not in after
        or (after[unit].vehicle, after[unit].date) != (before[unit].vehicle, before[unit].date)
    ]
    cost = new.totals.cost_rupiah - old.totals.cost_rupiah
    return Changes(len(open_units), len(unaffected), len(moved), cost, len(new.unserved))


def _bringers(plan: Plan) -> dict[str, Trip]:
    """Return the last trip of each unit."""
    ordered = sorted(plan.trips, key=attrgetter("load_at"))
    return {unit: trip for trip in ordered for stop in trip.stops for unit in stop.units}


def _require(case: Case, plan: Plan, setback: Setback) -> None:
    if plan.problem_sha256 != sha256(case.problem):
        raise Refused("REPLAN-OTHER-PROBLEM", problem=case.problem.id)
    for vehicle in setback.lost:
        if vehicle not in case.vehicle:
            raise Refused("REPLAN-VEHICLE", vehicle=vehicle, known=", ".join(case.strategy.vehicles))
    if len(departed(plan, setback.at)) == len(plan.trips) and not plan.unserved:
        raise Refused("REPLAN-OVER", at=f"{setback.at.astimezone(case.zone):%d-%m-%Y %H.%M}")
