"""Small changes of a plan, put on the clock and priced anew: what a remedy would be."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from tepat.distribution.assembly import documents, hand_over
from tepat.distribution.case import Case
from tepat.distribution.checker import check
from tepat.distribution.clockwork import Clockwork, TimedStop, TimedTrip
from tepat.distribution.costing import Ledger
from tepat.distribution.docks import DockBook
from tepat.distribution.documents import sha256
from tepat.distribution.duties import Drop
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Interval, Problem
from tepat.distribution.vehicle_days import VehicleDay, vehicle_days
from tepat.distribution.working_time import second

EARLIER_S = 3600
"""How much earlier a crew begins."""

IDLE_TRIED_MAX = 1
"""Idle vehicles tried for one trip on one date: those of a kind are alike."""

DATES_TRIED_MAX = 2
"""Earlier dates tried for one trip, the nearest first."""

DOCK_WAITS_MAX = 50

type Post = tuple[str, date]
"""A vehicle on a date."""


@dataclass(frozen=True)
class Change:
    """One thing to try.

    Args:
        kind: ``lebih-awal``, ``kendaraan-lain``, ``tanggal-awal`` or ``tukar``.
        says: What the office would do, in words.
        case: The problem with it; the same as before unless working hours change.
        days: The trips of each vehicle and date that changes, in order.
    """

    kind: str
    says: str
    case: Case
    days: Mapping[Post, tuple[str, ...]]


def changes(case: Case, plan: Plan, trip: Trip) -> Iterator[Change]:
    """Yield what could be done about one trip."""
    days = _days(plan)
    mine = days[trip.vehicle, trip.date]
    yield _earlier(case, trip, mine)
    alone = {(trip.vehicle, trip.date): tuple(each for each in mine if each != trip.id)}
    idle = _idle(case, plan, trip)
    if len(mine) > 1:
        for vehicle in idle.get(trip.date, ())[:IDLE_TRIED_MAX]:
            says = f"Perjalanan {trip.id} dengan kendaraan tersendiri ({vehicle}) pada tanggal yang sama"
            yield Change("kendaraan-lain", says, case, {**alone, (vehicle, trip.date): (trip.id,)})
    earlier = sorted((day for day in idle if day < trip.date), reverse=True)[:DATES_TRIED_MAX]
    for day in earlier:
        says = f"Perjalanan {trip.id} lebih awal, {day:%d-%m-%Y}, dengan {idle[day][0]}"
        yield Change("tanggal-awal", says, case, {**alone, (idle[day][0], day): (trip.id,)})
    if mine[0] != trip.id:
        first = (trip.id, *(each for each in mine if each != trip.id))
        says = f"Perjalanan {trip.id} lebih dahulu dari {mine[0]}, dengan kendaraan yang sama"
        yield Change("tukar", says, case, {(trip.vehicle, trip.date): first})
    yield from _swaps(case, plan, trip, days)


def _earlier(case: Case, trip: Trip, mine: Sequence[str]) -> Change:
    vehicle = case.vehicle[trip.vehicle]
    name = f"{vehicle.hours}/{vehicle.id}"
    hours = list(case.problem.hours[vehicle.hours])
    number = next(number for number, each in enumerate(hours) if case.local_date(each.opens_at) == trip.date)
    sooner = hours[number].opens_at - timedelta(seconds=EARLIER_S)
    hours[number] = Interval(opens_at=sooner, closes_at=hours[number].closes_at)
    vehicles = tuple(
        msgspec.structs.replace(each, hours=name) if each.id == vehicle.id else each
        for each in case.problem.vehicles
    )
    problem = msgspec.structs.replace(
        case.problem, hours={**case.problem.hours, name: tuple(hours)}, vehicles=vehicles
    )
    says = f"{vehicle.id} mulai 1 jam lebih awal pada {trip.date:%d-%m-%Y}"
    days = {(trip.vehicle, trip.date): tuple(mine)}
    return Change("lebih-awal", says, Case(problem, case.strategy, case.matrices), days)


def _swaps(case: Case, plan: Plan, trip: Trip, days: Mapping[Post, Sequence[str]]) -> Iterator[Change]:
    """Yield the exchange with the first trip of the vehicle of the same kind that is home first that day."""
    by_name = {each.id: each for each in plan.trips}
    mine = days[trip.vehicle, trip.date]
    others = [
        (by_name[names[-1]].return_at, vehicle, names)
        for (vehicle, day), names in days.items()
        if day == trip.date
        and vehicle != trip.vehicle
        and by_name[names[0]].origin == trip.origin
        and case.vehicle[vehicle].type == case.vehicle[trip.vehicle].type
    ]
    if not others:
        return
    _, vehicle, names = min(others)
    swapped = {
        (trip.vehicle, trip.date): tuple(names[0] if each == trip.id else each for each in mine),
        (vehicle, trip.date): (trip.id, *names[1:]),
    }
    says = f"Perjalanan {trip.id} bertukar tempat dengan {names[0]} ({vehicle})"
    yield Change("tukar", says, case, swapped)


def _days(plan: Plan) -> dict[Post, tuple[str, ...]]:
    found: dict[Post, list[str]] = defaultdict(list)
    for trip in sorted(plan.trips, key=lambda trip: (trip.load_at, trip.id)):
        found[trip.vehicle, trip.date].append(trip.id)
    return {post: tuple(names) for post, names in found.items()}


def _idle(case: Case, plan: Plan, trip: Trip) -> dict[date, list[str]]:
    """Return by date the vehicles of a trip's kind and origin that have nothing to do."""
    boxes: dict[str, int] = dict.fromkeys(case.strategy.warehouses, 0)
    for each in plan.trips:
        if each.origin in boxes:
            boxes[each.origin] += sum(case.unit[unit].boxes for stop in each.stops for unit in stop.units)
    busy = {(each.vehicle, each.date) for each in plan.trips}
    found: dict[date, list[str]] = defaultdict(list)
    for day in vehicle_days(case, boxes).get(trip.origin, ()):
        if (day.vehicle, day.date) not in busy and case.type_of(day.vehicle) == case.type_of(trip.vehicle):
            found[day.date].append(day.vehicle)
    return found


def changed(plan: Plan, change: Change) -> Plan | None:
    """Return a plan with a change, timed and priced anew; None if it does not fit or is not accepted."""
    trips = _retimed(plan, change)
    if trips is None:
        return None
    case = change.case
    arrived = {
        unit: second(stop.done_at)
        for trip in trips
        for stop in trip.stops
        for unit in stop.units
        if case.unit[unit].place == stop.place
    }
    deliveries, late = hand_over(case, arrived)
    if late:
        return None
    ledger = Ledger(case, trips, deliveries)
    costs = ledger.lines()
    found = msgspec.structs.replace(
        plan,
        problem_sha256=_sha256(case.problem, plan, change),
        trips=trips,
        deliveries=deliveries,
        costs=costs,
        totals=ledger.totals(sum(line.amount_rupiah for line in costs), len(plan.unserved)),
    )
    return found if check(case.problem, found, case.matrices).status == "accepted" else None


def _sha256(problem: Problem, plan: Plan, change: Change) -> str:
    return sha256(problem) if change.kind == "lebih-awal" else plan.problem_sha256


def _retimed(plan: Plan, change: Change) -> tuple[Trip, ...] | None:
    """Return all trips, those of the changed vehicle-days begun as early as they can be."""
    case, by_name = change.case, {trip.id: trip for trip in plan.trips}
    moved = {name for names in change.days.values() for name in names}
    kept = [trip for trip in plan.trips if trip.id not in moved]
    book = DockBook(case)
    for trip in kept:
        book.take(_timed(case, trip))
    lies = {
        (unit, stop.place): second(stop.done_at)
        for trip in plan.trips
        for stop in trip.stops
        for unit in stop.units
    }
    found = list(kept)
    for (vehicle, day), names in sorted(change.days.items(), key=lambda each: (each[0][1], each[0][0])):
        shift = case.shift(case.vehicle[vehicle], day)
        if shift is None:
            return None
        post, start = VehicleDay(vehicle, day, shift, shift.closes), shift.opens
        for name in names:
            timed = _fit(case, post, by_name[name], start, lies, book)
            if timed is None:
                return None
            book.take(timed)
            start = timed.back
            lies |= {(unit, stop.drop.place): stop.done for stop in timed.stops for unit in stop.drop.units}
            found.append(msgspec.structs.replace(documents(case, [timed])[0], id=name))
    return tuple(sorted(found, key=lambda trip: (trip.load_at, trip.id)))


def _fit(
    case: Case,
    post: VehicleDay,
    trip: Trip,
    start: int,
    lies: Mapping[tuple[str, str], int],
    book: DockBook,
) -> TimedTrip | None:
    units = [unit for stop in trip.stops for unit in stop.units]
    goods = [lies[unit, trip.origin] for unit in units if (unit, trip.origin) in lies]
    ready = [second(at) for unit in units if (at := case.unit[unit].ready_at) is not None]
    start = max([start, *goods, *ready])
    drops = [Drop(stop.place, stop.units) for stop in trip.stops]
    for _ in range(DOCK_WAITS_MAX):
        timed = Clockwork(case).time(post, trip.origin, drops, start, {})
        wait_s = book.wait_s(timed) if timed is not None else 0
        if timed is None or not wait_s:
            return timed
        start = timed.load + wait_s
    return None


def _timed(case: Case, trip: Trip) -> TimedTrip:
    shift = case.shift(case.vehicle[trip.vehicle], trip.date)
    assert shift is not None, trip.id
    stops = tuple(
        TimedStop(
            Drop(stop.place, stop.units), second(stop.arrive_at), second(stop.unload_at), second(stop.done_at)
        )
        for stop in trip.stops
    )
    return TimedTrip(
        VehicleDay(trip.vehicle, trip.date, shift, shift.closes),
        trip.origin,
        second(trip.load_at),
        second(trip.depart_at),
        stops,
        second(trip.return_at),
        trip.distance_m,
    )
