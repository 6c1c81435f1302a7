"""What the new plan must keep: pins, locks and forbidden places; contradictions are refused at once."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.distribution.case import Case
from tepat.distribution.editing.changes import Forbid, LockTrip, PinUnits, UnlockTrip, UnpinUnits
from tepat.distribution.editing.saying import pin_words, wish_words
from tepat.distribution.editing.sketch import Sketch
from tepat.distribution.errands import Errand, errands
from tepat.distribution.feasibility import chances
from tepat.distribution.problems import Pin
from tepat.distribution.vehicle_days import VehicleDay, vehicle_days


def pin(sketch: Sketch, change: PinUnits, *, wanted: str) -> Sketch:
    """Return the plan with sets that must come by a vehicle and/or on a date.

    The trips stay as they are; where they do not keep the pin, the checker says so and a search repairs it.

    Raises:
        Refused: EDIT-NO-SETS, EDIT-NO-REASON, EDIT-PIN-EMPTY, EDIT-NO-VEHICLE, EDIT-PIN-TWICE (another pin
            asks for something else), EDIT-LOCKED (a locked trip brings them otherwise), EDIT-PIN-IMPOSSIBLE.
    """
    _require_sets(sketch, change.units)
    if not change.reason.strip():
        raise Refused("EDIT-NO-REASON")
    if change.vehicle is None and change.date is None:
        raise Refused("EDIT-PIN-EMPTY")
    if change.vehicle is not None and change.vehicle not in sketch.case.strategy.vehicles:
        raise Refused("EDIT-NO-VEHICLE", vehicle=change.vehicle)
    joined = {unit: _joined(sketch, unit, change) for unit in change.units}
    _require_unlocked(sketch, joined, wanted)
    kept = [each for each in sketch.case.problem.pins if each.unit not in joined]
    problem = msgspec.structs.replace(sketch.case.problem, pins=(*kept, *joined.values()))
    found = sketch.with_problem(problem)
    _require_possible(found, change)
    return found


def _require_sets(sketch: Sketch, units: Sequence[str]) -> None:
    if not units or any(unit not in sketch.case.unit for unit in units):
        raise Refused("EDIT-NO-SETS", place="-")


def _joined(sketch: Sketch, unit: str, change: PinUnits) -> Pin:
    """Return a unit's pin with what is asked now; refuse what contradicts the pin it has."""
    old = sketch.case.pin.get(unit)
    if old is None:
        return Pin(unit=unit, vehicle=change.vehicle, date=change.date, reason=change.reason.strip())
    other_vehicle = None not in {old.vehicle, change.vehicle} and old.vehicle != change.vehicle
    other_date = None not in {old.date, change.date} and old.date != change.date
    if other_vehicle or other_date:
        asked = wish_words(change.vehicle, change.date)
        raise Refused("EDIT-PIN-TWICE", set=unit, pin=pin_words(old), asked=asked)
    return msgspec.structs.replace(
        old,
        vehicle=change.vehicle or old.vehicle,
        date=change.date or old.date,
        reason=change.reason.strip(),
    )


def _require_unlocked(sketch: Sketch, pins: dict[str, Pin], wanted: str) -> None:
    """Refuse a pin on sets that a locked trip already takes to their place in another way."""
    for unit, trips in sketch.bringers(pins).items():
        each = pins[unit]
        for trip in trips:
            last = any(
                unit in stop.units and stop.place == sketch.case.unit[unit].place for stop in trip.stops
            )
            kept = each.vehicle in {None, trip.vehicle} and each.date in {None, trip.date}
            if trip.id in sketch.locked and last and not kept:
                raise Refused("EDIT-LOCKED", trip=trip.id, wanted=wanted)


def _require_possible(sketch: Sketch, change: PinUnits) -> None:
    """Refuse a pin that is proved impossible: no road, no access, not that day, not in time."""
    case = sketch.case
    wanted = errands(case, [case.unit[unit] for unit in change.units])
    sides = {**wanted.second, **wanted.first}
    last: list[Errand] = [
        each for each, units in sides.items() if any(unit.place == each.place for unit in units)
    ]
    days = [each for found in _all_days(case).values() for each in found]
    for errand in last:
        found, proof = chances(case, errand, [each for each in days if _may_start(case, each, errand.origin)])
        if not found and proof is not None:
            reason = say(proof.code, proof.facts).happened
            pinned = wish_words(change.vehicle, change.date)
            raise Refused("EDIT-PIN-IMPOSSIBLE", pin=pinned, place=sketch.name(errand.place), reason=reason)


def _all_days(case: Case) -> dict[str, tuple[VehicleDay, ...]]:
    return vehicle_days(case, dict.fromkeys(case.strategy.warehouses, 1))


def _may_start(case: Case, day: VehicleDay, origin: str) -> bool:
    """Tell whether a vehicle may load at an origin; one of the shared pool at any open warehouse."""
    home = case.vehicle[day.vehicle].home
    return home == origin or (home is None and case.origin_kind(origin) == "gudang")


def unpin(sketch: Sketch, change: UnpinUnits, *, wanted: str) -> Sketch:
    """Return the plan without the pins of these sets.

    Raises:
        Refused: EDIT-NO-PIN.
    """
    del wanted
    gone = set(change.units) & sketch.case.pin.keys()
    if not gone:
        raise Refused("EDIT-NO-PIN")
    kept = tuple(each for each in sketch.case.problem.pins if each.unit not in gone)
    return sketch.with_problem(msgspec.structs.replace(sketch.case.problem, pins=kept))


def lock(sketch: Sketch, change: LockTrip, *, wanted: str) -> Sketch:
    """Return the plan with one more trip that may not change.

    Raises:
        Refused: EDIT-NO-TRIP, EDIT-LOCKED.
    """
    sketch.trip(change.trip)
    sketch.require_free(change.trip, wanted=wanted)
    return replace(sketch, locked=sketch.locked | {change.trip})


def unlock(sketch: Sketch, change: UnlockTrip, *, wanted: str) -> Sketch:
    """Return the plan with a trip free again that this draft had locked.

    Raises:
        Refused: EDIT-NO-LOCK, EDIT-OLD-LOCK (it was locked before: it may have left).
    """
    del wanted
    if change.trip not in sketch.locked:
        raise Refused("EDIT-NO-LOCK", trip=change.trip)
    if any(each.trip == change.trip for each in sketch.case.problem.locks):
        raise Refused("EDIT-OLD-LOCK", trip=change.trip)
    return replace(sketch, locked=sketch.locked - {change.trip})


def forbid(sketch: Sketch, change: Forbid, *, wanted: str) -> Sketch:
    """Return the plan with a place that vehicles of a class may not go to.

    Raises:
        Refused: EDIT-NO-REASON, EDIT-NO-STOP, EDIT-FORBID-LAST (nothing could go there), EDIT-FORBID-PIN
            (a pin asks for such a vehicle), EDIT-LOCKED (a locked trip goes there with one).
    """
    case = sketch.case
    place = case.place.get(change.place)
    if not change.reason.strip():
        raise Refused("EDIT-NO-REASON")
    if place is None or change.vehicle_class not in place.access:
        raise Refused("EDIT-NO-STOP", trip="-", place=sketch.name(change.place))
    left = tuple(each for each in place.access if each != change.vehicle_class)
    if not left:
        raise Refused("EDIT-FORBID-LAST", place=place.name, vehicle_class=change.vehicle_class)
    for each in case.problem.pins:
        pinned = each.vehicle is not None and case.unit[each.unit].place == place.id
        if pinned and case.type_of(each.vehicle or "").vehicle_class == change.vehicle_class:
            raise Refused("EDIT-FORBID-PIN", set=each.unit, pin=pin_words(each), wanted=wanted)
    for name in sketch.locked & sketch.trips.keys():
        trip = sketch.trips[name]
        there = any(stop.place == place.id for stop in trip.stops)
        if there and case.type_of(trip.vehicle).vehicle_class == change.vehicle_class:
            raise Refused("EDIT-LOCKED", trip=name, wanted=wanted)
    note = f"{change.vehicle_class} dilarang: {change.reason.strip()}"
    shut = msgspec.structs.replace(place, access=left, note=f"{place.note} {note}".strip())
    places = tuple(shut if each.id == place.id else each for each in case.problem.places)
    return sketch.with_problem(msgspec.structs.replace(case.problem, places=places))
