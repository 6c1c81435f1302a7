"""What is still to be brought beside trips that stand: a problem of its own, and both as one plan again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter

from msgspec.structs import replace

from tepat.common.messages import say
from tepat.distribution.assembly import hand_over
from tepat.distribution.case import Case
from tepat.distribution.costing import Ledger
from tepat.distribution.errands import arrival_dues, warehouse_of
from tepat.distribution.plans import Plan, Trip, Unserved
from tepat.distribution.problems import Interval, Pin, Problem, Unit, Vehicle
from tepat.distribution.working_time import Span, moment, second

FREE_HOURS = "sisa-"
"""What the hours of a vehicle that are left are named after, before its id."""


@dataclass
class Rest:
    """What is still to be brought, beside the trips that stand.

    Args:
        case: The problem and the strategy of the old plan.
        old: The old plan.
        at: Nothing new begins to load before this moment.
        lost: Ids of vehicles that drive no more.
        kept: The trips that stand, in the order of loading.
        late: Sets that no trip can bring in time.
    """

    case: Case
    old: Plan
    at: datetime
    lost: tuple[str, ...]
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
            pins=(*pins, *(self._onward(unit) for unit in sorted(waiting.keys() - done))),
            locks=(),
            strategies=(over,),
        )

    def _onward(self, unit: str) -> Pin:
        """Return the pin of a unit that waits at a PPK: from there straight on, as it was pinned."""
        return replace(self.case.pin.get(unit, Pin(unit=unit)), path="langsung")

    def _vehicle(self, vehicle: Vehicle) -> tuple[Vehicle, tuple[Interval, ...]] | None:
        """Return a vehicle as far as it is free, and its hours; None if it drives no more."""
        if vehicle.id in self.lost or vehicle.id not in self.case.strategy.vehicles:
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
        start = max([second(self.at), *back, *rested])
        end = min([shift.closes, *(second(trip.load_at) - rest_s for trip in people if trip.date > day)])
        clipped = [(max(opens, start), min(closes, end)) for opens, closes in shift.spans]
        return [(opens, closes) for opens, closes in clipped if opens < closes]

    def joined(self, found: Plan) -> tuple[Plan, set[str]]:
        """Return the trips that stand and the new ones as one plan; and the sets that would come too late."""
        new = [replace(trip, id=f"T-{number:03d}") for number, trip in enumerate(found.trips, self._next())]
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
            trips=trips,
            deliveries=deliveries,
            unserved=unserved,
            costs=costs,
            totals=ledger.totals(sum(line.amount_rupiah for line in costs), len(unserved)),
        )
        return plan, set(late)

    def _next(self) -> int:
        """Return the number of the first new trip."""
        names = [trip.id.rpartition("-")[2] for trip in self.old.trips]
        return 1 + max((int(name) for name in names if name.isdecimal()), default=0)


def completed(rest: Rest, search: Callable[[Problem], Plan]) -> Plan:
    """Return the trips that stand with what a search adds; the caller says whose plan it is.

    Args:
        rest: What is still to be brought.
        search: Solves a problem under the strategy of the rest.

    Returns:
        A plan whose `problem_sha256` is still that of the rest's own problem.
    """
    while True:
        joined, missed = rest.joined(search(rest.problem()))
        if not missed - rest.late:
            return joined
        rest.late |= missed


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
