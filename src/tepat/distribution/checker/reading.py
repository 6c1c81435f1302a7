"""A plan read beside its problem: ids turned into things and moments into seconds, nothing judged yet."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tepat.distribution.checker.hours import Hours
from tepat.distribution.plans import Delivery, Plan, Stop, Trip
from tepat.distribution.problems import (
    Path,
    Place,
    PlaceKind,
    Problem,
    Strategy,
    Unit,
    Vehicle,
    VehicleClass,
    VehicleType,
    Weather,
)

Matrices = Mapping[tuple[VehicleClass, Weather], NDArray[np.int32]]
NO_ROAD = -1


@dataclass(frozen=True)
class Halt:
    """A stop: its moments in seconds since 1970, its units as things."""

    stop: Stop
    place: Place
    arrive_at: int
    unload_at: int
    done_at: int
    units: tuple[Unit, ...]
    boxes: int


@dataclass(frozen=True)
class Run:
    """A trip: its moments in seconds since 1970; `drive_s` and `drive_m` by leg, None without a matrix."""

    trip: Trip
    vehicle: Vehicle
    type: VehicleType
    hours: Hours
    origin: Place
    load_at: int
    depart_at: int
    return_at: int
    halts: tuple[Halt, ...]
    drive_s: tuple[int, ...] | None
    drive_m: tuple[int, ...] | None

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All that is on board at departure."""
        return tuple(unit for halt in self.halts for unit in halt.units)

    @property
    def places(self) -> tuple[str, ...]:
        """The places in the order of driving, the origin first and last."""
        return (self.origin.id, *(halt.place.id for halt in self.halts), self.origin.id)

    @property
    def distance_m(self) -> int:
        """Metres by the matrix; by the trip's own word where the matrix has none."""
        if self.drive_m is None or NO_ROAD in self.drive_m:
            return self.trip.distance_m
        return sum(self.drive_m)


@dataclass(frozen=True)
class Visit:
    """One unit taken to one place."""

    unit: Unit
    run: Run
    halt: Halt


@dataclass(frozen=True)
class Handed:
    """One delivery to a KPPS, in seconds since 1970."""

    delivery: Delivery
    unit: Unit
    start_at: int
    done_at: int


@dataclass(frozen=True)
class Stay:
    """A unit lying at a place; `until` None = until polling day."""

    unit: Unit
    place: Place
    since: int
    until: int | None


class Reading:
    """All of a problem and a plan whose ids and moments are known to be sound.

    Args:
        problem: Without structural faults (`sanity.problem_findings`).
        plan: Without unknown ids or broken moments (`references.plan_findings`).
        matrices: Seconds and metres by vehicle class and weather, each of shape (2, N, N).
    """

    def __init__(self, problem: Problem, plan: Plan, matrices: Matrices) -> None:
        self.problem = problem
        self.plan = plan
        self.strategy: Strategy = next(one for one in problem.strategies if one.name == plan.strategy)
        self.zone = ZoneInfo(problem.office.time_zone)
        self.places = {place.id: place for place in problem.places}
        self.units = {unit.id: unit for unit in problem.units}
        self.types = {kind.id: kind for kind in problem.vehicle_types}
        self.vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
        self.hours = {
            name: Hours.of((epoch(one.opens_at), epoch(one.closes_at)) for one in intervals)
            for name, intervals in problem.hours.items()
        }
        self._matrices = matrices
        self._weather: dict[date, Weather] = {day.date: day.weather for day in problem.days}
        self._rows = {place.id: row for row, place in enumerate(problem.places)}
        self._common: dict[tuple[str, str], Hours] = {}
        self._dates: dict[int, date] = {}
        self._pinned_path = {pin.unit: pin.path for pin in problem.pins if pin.path is not None}
        self.law_at = epoch(problem.law_at)
        self.target_at = epoch(problem.target_at)
        self.runs = tuple(self._run(trip) for trip in plan.trips)
        self.handed = tuple(
            Handed(one, self.units[one.unit], epoch(one.start_at), epoch(one.done_at))
            for one in plan.deliveries
        )
        self.unserved = {one.unit: one for one in plan.unserved}
        visits: defaultdict[str, list[Visit]] = defaultdict(list)
        for run in self.runs:
            for halt in run.halts:
                for unit in halt.units:
                    visits[unit.id].append(Visit(unit, run, halt))
        self.visits: Mapping[str, list[Visit]] = visits

    def local(self, moment: int) -> datetime:
        """Return a moment in the office's time zone."""
        return datetime.fromtimestamp(moment, UTC).astimezone(self.zone)

    def local_date(self, moment: int) -> date:
        """Return the date of a moment in the office's time zone."""
        if moment not in self._dates:
            self._dates[moment] = self.local(moment).date()
        return self._dates[moment]

    def weather(self, run: Run) -> Weather | None:
        """Return the weather of the trip's day; None where no vehicle may drive on that day."""
        return self._weather.get(run.trip.date)

    def shared_hours(self, run: Run, place: Place) -> Hours:
        """Return when both the vehicle works and the place is open."""
        key = run.vehicle.hours, place.hours
        if key not in self._common:
            self._common[key] = run.hours.common(self.hours[place.hours])
        return self._common[key]

    def path(self, unit: Unit) -> Path:
        """Return how a unit for a PPS travels: its pin's path, else its PPS's, else the strategy's."""
        default = self.strategy.path_by_place.get(unit.place, self.strategy.path)
        return self._pinned_path.get(unit.id, default)

    def legs(self, unit: Unit) -> tuple[tuple[PlaceKind, str], ...]:
        """Return the legs a unit must travel: (kind of the origin, destination), in order."""
        if unit.kind == "ppk" or self.path(unit) == "langsung":
            return (("gudang", unit.place),)
        parent = self.places[unit.place].parent
        assert parent is not None, unit.place
        return (("gudang", parent), ("ppk", unit.place))

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Each unit at each place where it lies, from its unloading to its leaving."""
        leaves_pps = {one.unit.id: one.start_at for one in reversed(self.handed)}
        stays = []
        for unit_visits in self.visits.values():
            for visit in unit_visits:
                place = visit.halt.place
                if place.kind == "pps":
                    until = leaves_pps.get(visit.unit.id)
                else:
                    onward = (one.run.load_at for one in unit_visits if one.run.origin.id == place.id)
                    until = next(onward, None)
                stays.append(Stay(visit.unit, place, visit.halt.done_at, until))
        return tuple(stays)

    @cached_property
    def last_visits(self) -> Mapping[str, int]:
        """By unit id: when it was unloaded at the place it is for; only units that got there."""
        return {
            unit: max(visit.halt.done_at for visit in visits if visit.halt.place.id == visit.unit.place)
            for unit, visits in self.visits.items()
            if any(visit.halt.place.id == visit.unit.place for visit in visits)
        }

    def _run(self, trip: Trip) -> Run:
        vehicle = self.vehicles[trip.vehicle]
        kind = self.types[vehicle.type]
        halts = tuple(self._halt(stop) for stop in trip.stops)
        places = [trip.origin, *(stop.place for stop in trip.stops), trip.origin]
        weather = self._weather.get(trip.date)
        table = None if weather is None else self._matrices.get((kind.vehicle_class, weather))
        drive_s = drive_m = None
        if table is not None:
            rows = [self._rows[place] for place in places]
            drive_s, drive_m = (tuple(map(int, table[layer, rows[:-1], rows[1:]])) for layer in (0, 1))
        return Run(
            trip=trip,
            vehicle=vehicle,
            type=kind,
            hours=self.hours[vehicle.hours],
            origin=self.places[trip.origin],
            load_at=epoch(trip.load_at),
            depart_at=epoch(trip.depart_at),
            return_at=epoch(trip.return_at),
            halts=halts,
            drive_s=drive_s,
            drive_m=drive_m,
        )

    def _halt(self, stop: Stop) -> Halt:
        units = tuple(self.units[unit] for unit in stop.units)
        return Halt(
            stop=stop,
            place=self.places[stop.place],
            arrive_at=epoch(stop.arrive_at),
            unload_at=epoch(stop.unload_at),
            done_at=epoch(stop.done_at),
            units=units,
            boxes=sum(unit.boxes for unit in units),
        )


def epoch(moment: datetime) -> int:
    """Return a moment in whole seconds since 1970-01-01 UTC; `sound` has said that it is one."""
    return int(moment.timestamp())


def sound(moment: datetime | None) -> bool:
    """Return whether a moment names its time zone and has no fraction of a second; None is sound."""
    return moment is None or (moment.tzinfo is not None and moment.microsecond == 0)
