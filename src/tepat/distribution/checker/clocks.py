"""Every moment recomputed from working hours, travel matrix and handling times."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from tepat.distribution.checker.reading import NO_ROAD, Halt, Handed, Reading, Run
from tepat.distribution.checker.verdict import Finding, found


def clock_findings(reading: Reading) -> Iterator[Finding]:
    """Yield each wrong duration, each moment outside hours or dates, each overlap of a vehicle or dock."""
    for run in reading.runs:
        yield from _dates(reading, run)
        yield from _loading(reading, run)
        yield from _driving(run)
        for halt in run.halts:
            yield from _unloading(reading, run, halt)
    yield from _vehicle_days(reading)
    if reading.problem.rules.docks_apply:
        yield from _docks(reading)
    yield from _unit_moments(reading)
    yield from _deliveries(reading)


def _dates(reading: Reading, run: Run) -> Iterator[Finding]:
    trip = run.trip
    day = trip.date
    if not reading.local_date(run.load_at) == day == reading.local_date(run.return_at):
        yield found(
            "CHECK-DATE-TRIP",
            trip=trip.id,
            date=day,
            load_at=reading.local(run.load_at),
            return_at=reading.local(run.return_at),
        )
    for code, dates in (
        ("CHECK-DATE-DAY", [one.date for one in reading.problem.days]),
        ("CHECK-DATE-VEHICLE", run.vehicle.dates),
        ("CHECK-DATE-ORIGIN", reading.strategy.dates_by_origin.get(run.origin.kind, ())),
    ):
        if day not in dates:
            yield found(
                code,
                trip=trip.id,
                vehicle=run.vehicle.id,
                origin=run.origin.id,
                date=day,
                known=_listed(dates),
            )
            break
    if run.origin.kind == "gudang":
        for place in dict.fromkeys(halt.place.id for halt in run.halts):
            fixed = reading.strategy.date_by_place.get(place, day)
            if fixed != day:
                yield found("CHECK-DATE-PLACE", trip=trip.id, place=place, date=day, expected=fixed)


def _listed(dates: Iterable[date]) -> str:
    return ", ".join(one.strftime("%d-%m-%Y") for one in sorted(dates)) or "tidak ada"


def _loading(reading: Reading, run: Run) -> Iterator[Finding]:
    trip, kind = run.trip, run.type
    for moment_name, moment in (("mulai memuat", run.load_at), ("kembali", run.return_at)):
        if not run.hours.holds(moment):
            yield found(
                "CHECK-HOURS-VEHICLE",
                trip=trip.id,
                vehicle=run.vehicle.id,
                what=moment_name,
                at=reading.local(moment),
            )
    boxes = sum(halt.boxes for halt in run.halts)
    expected = kind.load_fixed_s + boxes * kind.load_s_per_box
    lasted = run.hours.elapsed_s(run.load_at, run.depart_at)
    if run.depart_at < run.load_at or lasted != expected:
        yield found("CHECK-LOADING", trip=trip.id, found=lasted, expected=expected, boxes=boxes)
    elif not _open(reading, run, run.origin.id, run.load_at, run.depart_at):
        yield found(
            "CHECK-HOURS-ORIGIN",
            trip=trip.id,
            place=run.origin.id,
            begins_at=reading.local(run.load_at),
            ends_at=reading.local(run.depart_at),
        )


def _open(reading: Reading, run: Run, place: str, begins: int, ends: int) -> bool:
    """Whether work lies in the place's hours, with gaps only where the vehicle rests too."""
    hours = reading.hours[reading.places[place].hours]
    if not (hours.holds(begins) and hours.holds(ends)):
        return False
    shared = reading.shared_hours(run, reading.places[place])
    return shared.elapsed_s(begins, ends) == run.hours.elapsed_s(begins, ends)


def _driving(run: Run) -> Iterator[Finding]:
    trip = run.trip
    if run.drive_s is None or run.drive_m is None:
        return
    leaves = [run.depart_at, *(halt.done_at for halt in run.halts)]
    arrives = [*(halt.arrive_at for halt in run.halts), run.return_at]
    legs = list(pairwise(run.places))
    for (start, end), seconds, left, arrived in zip(legs, run.drive_s, leaves, arrives, strict=True):
        if seconds == NO_ROAD:
            yield found(
                "CHECK-NO-ROAD", trip=trip.id, origin=start, place=end, vehicle_class=run.type.vehicle_class
            )
            continue
        lasted = run.hours.elapsed_s(left, arrived)
        if arrived < left or lasted != seconds:
            yield found("CHECK-DRIVE", trip=trip.id, origin=start, place=end, found=lasted, expected=seconds)
    if run.distance_m != trip.distance_m:
        yield found("CHECK-DISTANCE", trip=trip.id, found=trip.distance_m, expected=run.distance_m)


def _unloading(reading: Reading, run: Run, halt: Halt) -> Iterator[Finding]:
    where = {"trip": run.trip.id, "place": halt.place.id}
    if halt.unload_at < halt.arrive_at:
        yield found(
            "CHECK-UNLOAD-EARLY",
            **where,
            arrive_at=reading.local(halt.arrive_at),
            unload_at=reading.local(halt.unload_at),
        )
    expected = halt.place.stop_s + halt.boxes * run.type.unload_s_per_box
    lasted = run.hours.elapsed_s(halt.unload_at, halt.done_at)
    if halt.done_at < halt.unload_at or lasted != expected:
        yield found("CHECK-UNLOADING", **where, found=lasted, expected=expected, boxes=halt.boxes)
    elif not _open(reading, run, halt.place.id, halt.unload_at, halt.done_at):
        yield found(
            "CHECK-HOURS-PLACE",
            **where,
            begins_at=reading.local(halt.unload_at),
            ends_at=reading.local(halt.done_at),
        )


def _vehicle_days(reading: Reading) -> Iterator[Finding]:
    by_vehicle: defaultdict[str, list[Run]] = defaultdict(list)
    for run in sorted(reading.runs, key=lambda run: (run.load_at, run.return_at)):
        by_vehicle[run.vehicle.id].append(run)
    for vehicle, runs in by_vehicle.items():
        for first, second in overlapping(runs):
            yield found(
                "CHECK-OVERLAP",
                vehicle=vehicle,
                trip=second.trip.id,
                other_trip=first.trip.id,
                return_at=reading.local(first.return_at),
                load_at=reading.local(second.load_at),
            )
        for first, second in pairwise(runs):
            if first.trip.date == second.trip.date and first.origin.id != second.origin.id:
                yield found(
                    "CHECK-TWO-ORIGINS",
                    vehicle=vehicle,
                    trip=second.trip.id,
                    origin=second.origin.id,
                    other_origin=first.origin.id,
                    date=second.trip.date,
                )


def overlapping(runs: list[Run]) -> Iterator[tuple[Run, Run]]:
    """Yield (earlier run, run) where the run begins before the earlier one is over; sorted by `load_at`."""
    latest: Run | None = None
    for run in runs:
        if latest is not None and run.load_at < latest.return_at:
            yield latest, run
        if latest is None or run.return_at > latest.return_at:
            latest = run


def _docks(reading: Reading) -> Iterator[Finding]:
    moves: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for run in reading.runs:
        moves[run.origin.id] += [(run.load_at, 1), (run.depart_at, -1)]
        for halt in run.halts:
            moves[halt.place.id] += [(halt.unload_at, 1), (halt.done_at, -1)]
    for place, changes in moves.items():
        docks = reading.places[place].docks
        if docks is None:
            continue
        vehicles = 0
        for moment, change in sorted(changes):
            vehicles += change
            if vehicles > docks:
                yield found("CHECK-DOCKS", place=place, at=reading.local(moment), found=vehicles, limit=docks)
                break


def _unit_moments(reading: Reading) -> Iterator[Finding]:
    for unit in reading.problem.units:
        visits = reading.visits.get(unit.id, [])
        if unit.ready_at is not None:
            for visit in visits:
                if visit.run.trip.load_at < unit.ready_at:
                    yield found(
                        "CHECK-NOT-READY",
                        unit=unit.id,
                        trip=visit.run.trip.id,
                        load_at=reading.local(visit.run.load_at),
                        ready_at=unit.ready_at.astimezone(reading.zone),
                    )
                    break
        arrived = reading.last_visits.get(unit.id)
        if unit.due_at is not None and arrived is not None and arrived > unit.due_at.timestamp():
            yield found(
                "CHECK-DUE",
                unit=unit.id,
                place=unit.place,
                done_at=reading.local(arrived),
                due_at=unit.due_at.astimezone(reading.zone),
            )


def _deliveries(reading: Reading) -> Iterator[Finding]:
    teams: defaultdict[tuple[str, int], list[Handed]] = defaultdict(list)
    for one in reading.handed:
        yield from _delivery(reading, one)
        yield from _deadline(reading, one)
        teams[one.unit.place, one.delivery.team].append(one)
    for (place, team), handed in teams.items():
        if not 1 <= team <= reading.problem.last_mile.teams:
            yield found("CHECK-TEAM", place=place, team=team, limit=reading.problem.last_mile.teams)
        in_order = sorted(handed, key=lambda one: (one.start_at, one.done_at))
        for first, second in pairwise(in_order):
            if second.start_at < first.done_at:
                yield found(
                    "CHECK-TEAM-OVERLAP",
                    place=place,
                    team=team,
                    unit=second.unit.id,
                    other_unit=first.unit.id,
                    at=reading.local(second.start_at),
                )


def _delivery(reading: Reading, one: Handed) -> Iterator[Finding]:
    hours = reading.hours[reading.problem.last_mile.hours]
    expected = reading.problem.last_mile.handover_s
    lasted = hours.elapsed_s(one.start_at, one.done_at)
    where = {"unit": one.unit.id, "place": one.unit.place}
    if one.done_at < one.start_at or lasted != expected:
        yield found("CHECK-DELIVERY", **where, found=lasted, expected=expected)
    elif not (hours.holds(one.start_at) and hours.holds(one.done_at)):
        moments = {"start_at": reading.local(one.start_at), "done_at": reading.local(one.done_at)}
        yield found("CHECK-DELIVERY-HOURS", **where, **moments)
    arrived = reading.last_visits.get(one.unit.id)
    if arrived is not None and one.start_at < arrived:
        moments = {"start_at": reading.local(one.start_at), "arrived_at": reading.local(arrived)}
        yield found("CHECK-DELIVERY-EARLY", **where, **moments)


def _deadline(reading: Reading, one: Handed) -> Iterator[Finding]:
    for code, limit in (("CHECK-LAW", reading.law_at), ("CHECK-TARGET", reading.target_at)):
        if one.done_at > limit:
            yield found(
                code,
                unit=one.unit.id,
                place=one.unit.place,
                done_at=reading.local(one.done_at),
                limit_at=reading.local(limit),
                late_s=one.done_at - limit,
            )
            break
