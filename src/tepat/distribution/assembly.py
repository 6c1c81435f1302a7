"""From duties to the plan's trips and deliveries, to the second, each with its people."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from tepat.distribution.case import Case
from tepat.distribution.clockwork import Clockwork, TimedTrip
from tepat.distribution.docks import DockBook
from tepat.distribution.duties import Drop, Duty
from tepat.distribution.plans import Delivery, Stop, Trip
from tepat.distribution.vehicle_days import VehicleDay
from tepat.distribution.working_time import moment

WAITS_MAX = 50
"""Times a trip is begun later because a dock on its way is taken."""


@dataclass
class Timetable:
    """Rounds on the clock.

    Args:
        trips: Those that fit.
        failed: Units of rounds that fit no vehicle-day.
    """

    trips: list[TimedTrip] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def arrivals(self) -> dict[str, int]:
        """Return the second at which each unit is unloaded."""
        return {unit: stop.done for trip in self.trips for stop in trip.stops for unit in stop.drop.units}


class Timetabler:
    """Puts duties on the clock.

    Args:
        case: Problem and strategy.
        ready: By unit, the second from which it may be loaded.
        due: By unit, the second by which it must be unloaded.
        docks: Shared by both legs.
    """

    def __init__(self, case: Case, ready: Mapping[str, int], due: Mapping[str, int], docks: DockBook) -> None:
        self.case, self.ready, self.due, self.docks = case, ready, due, docks
        self.clockwork = Clockwork(case)
        self.free_at: dict[tuple[str, object], int] = {}
        self.table = Timetable()

    def run(self, duties: Sequence[Duty]) -> Timetable:
        """Return the timetable of duties; a round that does not fit its day is tried on every other."""
        spare: list[tuple[Duty, tuple[Drop, ...]]] = []
        turns = [(duty.day.shift.opens, index, 0) for index, duty in enumerate(duties) if duty.rounds]
        heapq.heapify(turns)
        while turns:
            at, index, number = heapq.heappop(turns)
            duty = duties[index]
            trip = self._drive(duty.day, duty.leg.origin, duty.rounds[number], at)
            if trip is None:
                spare.append((duty, duty.rounds[number]))
            if number + 1 < len(duty.rounds):
                heapq.heappush(turns, (trip.back if trip else at, index, number + 1))
        for duty, round_ in spare:
            if not self._elsewhere(duty, round_):
                self.table.failed += [unit for drop in round_ for unit in drop.units]
        self.table.trips.sort(key=attrgetter("load", "day.vehicle"))
        return self.table

    def _drive(self, day: VehicleDay, origin: str, round_: Sequence[Drop], at: int) -> TimedTrip | None:
        start = max([at, *(self.ready[unit] for drop in round_ for unit in drop.units if unit in self.ready)])
        for _ in range(WAITS_MAX):
            trip = self.clockwork.time(day, origin, round_, start, self.due)
            wait_s = self.docks.wait_s(trip) if trip is not None else 0
            if trip is None or not wait_s:
                break
            start = trip.load + wait_s
        else:
            return None
        if trip is not None:
            self.docks.take(trip)
            self.free_at[day.vehicle, day.date] = trip.back
            self.table.trips.append(trip)
        return trip

    def _elsewhere(self, duty: Duty, round_: tuple[Drop, ...]) -> bool:
        """Try a round after the last trip of each vehicle-day that may serve it; tell whether one took it."""
        lots = {errand.place: lot for errand, lot in zip(duty.leg.errands, duty.leg.part.lots, strict=True)}
        groups = set.intersection(*(set(lots[drop.place].groups) for drop in round_))
        days = [day for group in sorted(groups) for day in duty.leg.days[group] if self._holds(day, round_)]
        days.sort(key=lambda day: ((day.vehicle, day.date) not in self.free_at, day.date, day.vehicle))
        return any(
            self._drive(
                day, duty.leg.origin, round_, self.free_at.get((day.vehicle, day.date), day.shift.opens)
            )
            for day in days
        )

    def _holds(self, day: VehicleDay, round_: Sequence[Drop]) -> bool:
        kind = self.case.type_of(day.vehicle)
        units = [self.case.unit[unit] for drop in round_ for unit in drop.units]
        return (
            sum(unit.boxes for unit in units) <= kind.boxes_max
            and sum(unit.volume_ml for unit in units) <= kind.volume_ml_max
            and sum(unit.weight_g for unit in units) <= kind.weight_g_max
        )


def documents(case: Case, timed: Iterable[TimedTrip]) -> tuple[Trip, ...]:
    """Return timed trips as the plan's, numbered in the order of loading."""
    ordered = sorted(timed, key=attrgetter("load", "day.vehicle"))
    return tuple(_trip(case, each, f"T-{number:03d}") for number, each in enumerate(ordered, 1))


def _trip(case: Case, timed: TimedTrip, name: str) -> Trip:
    vehicle = case.vehicle[timed.day.vehicle]
    stops = tuple(
        Stop(
            place=stop.drop.place,
            arrive_at=moment(stop.arrive),
            unload_at=moment(stop.unload),
            done_at=moment(stop.done),
            units=stop.drop.units,
        )
        for stop in timed.stops
    )
    return Trip(
        id=name,
        vehicle=vehicle.id,
        date=timed.day.date,
        origin=timed.origin,
        load_at=moment(timed.load),
        depart_at=moment(timed.depart),
        stops=stops,
        return_at=moment(timed.back),
        distance_m=timed.distance_m,
        driver=vehicle.driver,
        in_charge=vehicle.in_charge,
        deputy=vehicle.deputy,
        escort=vehicle.escort,
        load_order=tuple(unit for stop in reversed(stops) for unit in reversed(stop.units)),
    )


def hand_over(case: Case, arrived: Mapping[str, int]) -> tuple[tuple[Delivery, ...], list[str]]:
    """Return the leg PPS to KPPS, each set by the first free team; and the sets too late for the law.

    Args:
        case: Problem and strategy.
        arrived: The second at which each unit was unloaded at its own place.
    """
    waiting: dict[str, list[str]] = defaultdict(list)
    for unit in case.problem.units:
        if unit.kind == "tps" and unit.id in arrived:
            waiting[unit.place].append(unit.id)
    deliveries: list[Delivery] = []
    late: list[str] = []
    shift = case.last_mile_shift
    for place in case.problem.places:
        sets = sorted(waiting.get(place.id, ()), key=arrived.__getitem__)
        teams = [(0, number) for number in range(1, case.last_mile.teams + 1)]
        for each in sets:
            free, team = teams[0] if teams else (0, 0)
            start = shift.snap(max(free, arrived[each])) if shift is not None and teams else None
            done = (
                shift.advance(start, case.last_mile.handover_s)
                if shift is not None and start is not None
                else None
            )
            if start is None or done is None:
                late.append(each)
                continue
            heapq.heapreplace(teams, (done, team))
            deliveries.append(Delivery(unit=each, team=team, start_at=moment(start), done_at=moment(done)))
    return tuple(deliveries), late
