"""Where every unit goes: once on each of its legs or named as left behind, by vehicles that may go there."""

from collections.abc import Iterator

from tepat.distribution.checker.reading import Reading, Run, Visit
from tepat.distribution.checker.verdict import Finding, found
from tepat.distribution.documents import sha256
from tepat.distribution.problems import Pin, Unit

CLASS_SIZE = {"motor": 0, "pikap": 1, "truk": 2}


def path_findings(reading: Reading) -> Iterator[Finding]:
    """Yield units on a wrong path, twice, half-way or forgotten, closed places, broken pins and locks."""
    for run in reading.runs:
        yield from _trip(reading, run)
    for unit in reading.problem.units:
        yield from _unit(reading, unit)
    yield from _deliveries(reading)
    yield from _unserved(reading)
    for pin in reading.problem.pins:
        yield from _pin(reading, pin)
    yield from _locks(reading)


def _trip(reading: Reading, run: Run) -> Iterator[Finding]:
    trip, vehicle, strategy = run.trip, run.vehicle, reading.strategy
    if vehicle.id not in strategy.vehicles:
        yield found("CHECK-VEHICLE", trip=trip.id, vehicle=vehicle.id, strategy=strategy.name)
    yield from _origin(reading, run)
    if not run.halts:
        yield found("CHECK-EMPTY-TRIP", trip=trip.id, vehicle=vehicle.id)
    for halt in run.halts:
        if not halt.units:
            yield found("CHECK-EMPTY-STOP", trip=trip.id, place=halt.place.id)
    if reading.weather(run) is not None and run.drive_s is None:
        yield found(
            "CHECK-NO-MATRIX",
            trip=trip.id,
            vehicle_class=run.type.vehicle_class,
            weather=reading.weather(run),
        )
    yield from _reach(reading, run)


def _origin(reading: Reading, run: Run) -> Iterator[Finding]:
    home, origin, open_ones = run.vehicle.home, run.origin, reading.strategy.warehouses
    if home is not None and origin.id != home:
        yield found("CHECK-HOME", trip=run.trip.id, vehicle=run.vehicle.id, origin=origin.id, expected=home)
    elif (home is None or origin.kind == "gudang") and origin.id not in open_ones:
        known = ", ".join(open_ones) or "tidak ada"
        yield found("CHECK-WAREHOUSE", trip=run.trip.id, origin=origin.id, known=known)


def _reach(reading: Reading, run: Run) -> Iterator[Finding]:
    vehicle_class = run.type.vehicle_class
    for name in dict.fromkeys(run.places):
        place = reading.places[name]
        if vehicle_class not in place.access:
            yield found(
                "CHECK-ACCESS",
                trip=run.trip.id,
                place=name,
                vehicle=run.vehicle.id,
                vehicle_class=vehicle_class,
                access=", ".join(place.access) or "tidak ada",
            )
    gate = run.origin.warehouse.gate_class if run.origin.warehouse else None
    if gate is not None and CLASS_SIZE[vehicle_class] > CLASS_SIZE[gate]:
        yield found(
            "CHECK-GATE", trip=run.trip.id, place=run.origin.id, vehicle_class=vehicle_class, gate_class=gate
        )


def _unit(reading: Reading, unit: Unit) -> Iterator[Finding]:
    visits = reading.visits.get(unit.id, [])
    left_behind = unit.id in reading.unserved
    if not visits:
        if not left_behind:
            yield found("CHECK-MISSING", unit=unit.id, place=unit.place)
        return
    if left_behind:
        yield found("CHECK-BOTH", unit=unit.id, trip=visits[0].run.trip.id)
        return
    legs = reading.legs(unit)
    on_leg: list[list[Visit]] = [[] for _ in legs]
    strayed = False
    for visit in visits:
        leg = _leg(legs, visit)
        if leg is None:
            strayed = True
            yield _stray(reading, visit)
        else:
            on_leg[leg].append(visit)
    yield from _legs(reading, unit, on_leg, strayed=strayed)


def _leg(legs: tuple[tuple[str, str], ...], visit: Visit) -> int | None:
    origin = visit.run.origin
    for number, (kind, destination) in enumerate(legs):
        begins_right = origin.kind == "gudang" if kind == "gudang" else origin.id == legs[number - 1][1]
        if begins_right and visit.halt.place.id == destination:
            return number
    return None


def _stray(reading: Reading, visit: Visit) -> Finding:
    unit, place = visit.unit, visit.halt.place
    facts = {"unit": unit.id, "trip": visit.run.trip.id, "place": place.id, "expected": unit.place}
    near = {unit.place, reading.places[unit.place].parent} if unit.kind != "ppk" else {unit.place}
    if place.id not in near:
        return found("CHECK-PLACE", **facts)
    path = "langsung" if unit.kind == "ppk" else reading.path(unit)
    return found("CHECK-PATH", **facts, origin=visit.run.origin.id, path=path)


def _legs(reading: Reading, unit: Unit, on_leg: list[list[Visit]], *, strayed: bool) -> Iterator[Finding]:
    for visits in on_leg:
        if len(visits) > 1:
            trips = ", ".join(visit.run.trip.id for visit in visits)
            yield found(
                "CHECK-TWICE", unit=unit.id, place=visits[0].halt.place.id, count=len(visits), trips=trips
            )
    if not strayed and not all(on_leg):
        missing = next(leg for leg, visits in zip(reading.legs(unit), on_leg, strict=True) if not visits)
        yield found("CHECK-HALF-WAY", unit=unit.id, place=missing[1])
    first = on_leg[0][0] if on_leg[0] else None
    if first is not None and unit.origin is not None and first.run.origin.id != unit.origin:
        yield found(
            "CHECK-UNIT-ORIGIN",
            unit=unit.id,
            trip=first.run.trip.id,
            origin=first.run.origin.id,
            expected=unit.origin,
        )
    if first is not None and on_leg[-1] and len(on_leg) > 1:
        onward = on_leg[-1][0]
        if onward.run.load_at < first.halt.done_at:
            yield found(
                "CHECK-ONWARD-EARLY",
                unit=unit.id,
                trip=onward.run.trip.id,
                other_trip=first.run.trip.id,
                load_at=reading.local(onward.run.load_at),
                done_at=reading.local(first.halt.done_at),
            )


def _deliveries(reading: Reading) -> Iterator[Finding]:
    handed: set[str] = set()
    for one in reading.handed:
        unit = one.unit
        if unit.kind != "tps":
            yield found("CHECK-DELIVERY-KIND", unit=unit.id, kind=unit.kind.upper())
        elif unit.id in handed:
            yield found("CHECK-DELIVERY-TWICE", unit=unit.id)
        elif unit.id in reading.unserved:
            yield found("CHECK-DELIVERY-UNSERVED", unit=unit.id)
        handed.add(unit.id)
    for unit in reading.problem.units:
        if unit.kind == "tps" and unit.id in reading.last_visits and unit.id not in handed:
            yield found("CHECK-NO-DELIVERY", unit=unit.id, place=unit.place)


def _unserved(reading: Reading) -> Iterator[Finding]:
    for one in reading.plan.unserved:
        place = reading.units[one.unit].place
        if not one.code.strip() or not one.reason.strip():
            yield found("CHECK-UNSERVED-REASON", unit=one.unit)
        yield found("CHECK-UNSERVED", unit=one.unit, place=place, reason=one.reason, reason_code=one.code)


def _pin(reading: Reading, pin: Pin) -> Iterator[Finding]:
    visits = reading.visits.get(pin.unit, [])
    kept = any(
        pin.vehicle in (None, visit.run.vehicle.id) and pin.date in (None, visit.run.trip.date)
        for visit in visits
    )
    if visits and not kept:
        wanted = [pin.vehicle or "", pin.date.strftime("%d-%m-%Y") if pin.date else ""]
        yield found(
            "CHECK-PIN",
            unit=pin.unit,
            expected=", ".join(filter(None, wanted)),
            reason=pin.reason or "-",
        )


def _locks(reading: Reading) -> Iterator[Finding]:
    trips = {trip.id: trip for trip in reading.plan.trips}
    for lock in reading.problem.locks:
        if lock.trip not in trips:
            yield found("CHECK-LOCK-MISSING", trip=lock.trip)
        elif sha256(trips[lock.trip]) != lock.sha256:
            yield found("CHECK-LOCK-CHANGED", trip=lock.trip)
