"""Planning on from the middle of a day: what has left stays to the letter, the rest is planned anew.

A vehicle that is lost finishes the trip it is on; what it had still to drive is taken from it. Two ways are
offered. *Keep* moves nothing else: only what the lost vehicle had still to bring, and what waits for it at a
PPK, looks for room behind the trips that stand. *Cheapest* frees every trip that has not begun to load.

Either is an ordinary plan, of a problem in which the trips that have left are locked: the checker sees that
they did not change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.distribution.assembly import hand_over
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.costing import Ledger
from tepat.distribution.documents import sha256
from tepat.distribution.errands import arrival_dues, warehouse_of
from tepat.distribution.plans import Plan, Trip, Unserved
from tepat.distribution.problems import Interval, Lock, Pin, Problem, Unit, Vehicle
from tepat.distribution.routing import Budget, Listener, RoutingEngine
from tepat.distribution.solving import solve
from tepat.distribution.working_time import Span, moment, second

Way = Literal["tetap", "termurah"]
WAYS: tuple[Way, ...] = ("tetap", "termurah")
WAY_WORDS: dict[Way, str] = {"tetap": "yang lain tetap", "termurah": "termurah"}
SINCE = ", disusun ulang "
"""What stands in a title between the strategy and the moment."""

FREE_HOURS = "sisa-"
"""What the hours of a vehicle that are left are named after, before its id."""


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
    rest = Rest(case, plan, setback, kept_trips(plan, setback, way))
    while True:
        found = solve(
            rest.problem(),
            plan.strategy,
            matrices,
            engine=engine,
            seed=seed,
            budget=budget,
            progress=progress,
        )
        joined, missed = rest.joined(
            found, locked_problem(problem, plan, setback.at), strategy_name(plan.strategy, way)
        )
        if not missed - rest.late:
            return joined
        rest.late |= missed


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


@dataclass
class Rest:
    """What is still to be brought, beside the trips that stand.

    Args:
        case: The problem and the strategy of the old plan.
        old: The old plan.
        setback: What happened.
        kept: The trips that stand.
        late: Sets that no trip can bring in time.
    """

    case: Case
    old: Plan
    setback: Setback
    kept: tuple[Trip, ...]
    late: set[str] = field(default_factory=set)

    def problem(self) -> Problem:
        """Return the problem of the rest, with the hours that are left."""
        case, strategy = self.case, self.case.strategy
        stops = [stop for trip in self.kept for stop in trip.stops]
        reached = {unit: (stop.place, stop.done_at) for stop in stops for unit in stop.units}
        waiting = {unit: at for unit, at in reached.items() if at[0] != case.unit[unit].place}
        done = {unit for unit in reached if unit not in waiting} | self.late
        dues = arrival_dues(case)
        vehicles = [each for vehicle in case.problem.vehicles if (each := self._vehicle(vehicle))]
        names = {vehicle.id for vehicle, _ in vehicles}
        pins = [pin for pin in case.problem.pins if pin.unit not in waiting and pin.unit not in done]
        onward = [
            replace(case.pin.get(unit, Pin(unit=unit)), path="langsung")
            for unit in sorted(waiting.keys() - done)
        ]
        origins = dict.fromkeys([*strategy.warehouses, *(place for place, _ in waiting.values())])
        over = replace(
            strategy,
            warehouses=tuple(origins),
            vehicles=tuple(name for name in strategy.vehicles if name in names),
        )
        return replace(
            case.problem,
            units=tuple(
                _free_unit(case, unit, waiting.get(unit.id), dues)
                for unit in case.problem.units
                if unit.id not in done
            ),
            vehicles=tuple(vehicle for vehicle, _ in vehicles),
            hours=case.problem.hours | {vehicle.hours: hours for vehicle, hours in vehicles},
            pins=(*pins, *onward),
            locks=(),
            strategies=(over,),
        )

    def _vehicle(self, vehicle: Vehicle) -> tuple[Vehicle, tuple[Interval, ...]] | None:
        """Return a vehicle as far as it is free, and its hours; None if it drives no more."""
        if vehicle.id in self.setback.lost or vehicle.id not in self.case.strategy.vehicles:
            return None
        free = {day: spans for day in vehicle.dates if (spans := self._spans(vehicle, day))}
        if not free:
            return None
        used = next((trip.origin for trip in self.old.trips if trip.vehicle == vehicle.id), None)
        home = vehicle.home or used or self.case.strategy.warehouses[0]
        hours = tuple(
            Interval(opens_at=moment(opens), closes_at=moment(closes))
            for spans in free.values()
            for opens, closes in spans
        )
        return replace(vehicle, home=home, hours=FREE_HOURS + vehicle.id, dates=tuple(free)), hours

    def _spans(self, vehicle: Vehicle, day: date) -> list[Span]:
        """Return the hours of a vehicle on a date that lie behind now and behind its last trip of that date.

        Nothing is squeezed in before a trip that stands; people rest before and after what stands on other
        days, and drive one vehicle a day.
        """
        shift = self.case.shift(vehicle, day)
        crew = _crew(vehicle)
        people = [trip for trip in self.kept if trip.vehicle == vehicle.id or crew & _crew(trip)]
        if shift is None or any(trip.date == day and trip.vehicle != vehicle.id for trip in people):
            return []
        rest_s = self.case.problem.rules.rest_s_min
        back = [second(trip.return_at) for trip in people if trip.date == day]
        rested = [second(trip.return_at) + rest_s for trip in people if trip.date < day]
        start = max([second(self.setback.at), *back, *rested])
        end = min([shift.closes, *(second(trip.load_at) - rest_s for trip in people if trip.date > day)])
        clipped = [(max(opens, start), min(closes, end)) for opens, closes in shift.spans]
        return [(opens, closes) for opens, closes in clipped if opens < closes]

    def joined(self, found: Plan, answers: Problem, strategy: str) -> tuple[Plan, set[str]]:
        """Return the trips that stand and the new ones as one plan; and the sets that would come too late.

        Args:
            found: A plan of `problem`.
            answers: The problem that the whole is an answer to.
            strategy: The name of its strategy there.
        """
        last = max((int(trip.id.rpartition("-")[2]) for trip in self.old.trips), default=0)
        new = [replace(trip, id=f"T-{number:03d}") for number, trip in enumerate(found.trips, last + 1)]
        trips = tuple(sorted([*self.kept, *new], key=attrgetter("load_at", "vehicle")))
        arrived = {
            unit: second(stop.done_at)
            for trip in trips
            for stop in trip.stops
            for unit in stop.units
            if self.case.unit[unit].place == stop.place
        }
        deliveries, late = hand_over(self.case, arrived)
        unserved = (*found.unserved, *(_too_late(unit) for unit in sorted(self.late)))
        ledger = Ledger(self.case, trips, deliveries)
        costs = ledger.lines()
        plan = replace(
            found,
            problem_sha256=sha256(answers),
            strategy=strategy,
            trips=trips,
            deliveries=deliveries,
            unserved=unserved,
            costs=costs,
            totals=ledger.totals(sum(line.amount_rupiah for line in costs), len(unserved)),
        )
        return plan, set(late)


def _free_unit(case: Case, unit: Unit, waits: tuple[str, datetime] | None, dues: Mapping[str, int]) -> Unit:
    """Return a unit with the origin it leaves from now, and the due moment that all of its place share."""
    ends = [second(unit.due_at)] if unit.due_at is not None else []
    if unit.kind == "tps" and unit.place in dues:
        ends.append(dues[unit.place])
    due_at = moment(min(ends)) if ends else None
    if waits is not None:
        return replace(unit, origin=waits[0], ready_at=waits[1], due_at=due_at)
    stop = case.place[unit.place].parent if case.path(unit) == "lewat-ppk" else unit.place
    origin = warehouse_of(case, unit, stop) if stop in case.place else None
    return replace(unit, origin=origin or unit.origin, due_at=due_at)


def _crew(of: Trip | Vehicle) -> set[str]:
    return {each for each in (of.driver, of.in_charge, of.deputy, of.escort) if each}


def _too_late(unit: str) -> Unserved:
    code = "SOLVE-UNIT-NO-SLOT"
    return Unserved(unit=unit, code=code, reason=say(code, {"unit": unit}).happened)
