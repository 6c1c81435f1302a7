"""Moving sets between trips, and swapping stops or vehicles: the structure first, then the clock."""

from collections.abc import Sequence
from dataclasses import replace

from tepat.common.errors import Refused
from tepat.distribution.duties import Drop
from tepat.distribution.editing.changes import Move, OwnTrip, SwapStops, SwapVehicles, ToTrip
from tepat.distribution.editing.retiming import Round, retimed, round_of
from tepat.distribution.editing.saying import pin_words
from tepat.distribution.editing.sketch import Sketch, broken_pins
from tepat.distribution.plans import Trip


def move(sketch: Sketch, change: Move, *, wanted: str) -> Sketch:
    """Return the plan with some sets moved to another trip, another turn in theirs, or a trip of their own.

    Args:
        sketch: The plan before.
        change: What was asked.
        wanted: The same in words, for refusals.

    Raises:
        Refused: EDIT-NO-TRIP, EDIT-NO-STOP, EDIT-NO-SETS, EDIT-LOCKED, EDIT-PINNED, EDIT-OTHER-ORIGIN,
            EDIT-UNSERVED-PATH, EDIT-SAME, and those of `retimed`.
    """
    source = _source(sketch, change, wanted)
    if isinstance(change.to, ToTrip) and source is not None and change.to.trip == source.id:
        return _reordered(sketch, source, change, change.to, wanted)
    target = _target(sketch, change, source, wanted)
    rounds = [_with(target, change)]
    if source is not None:
        rounds.append(_without(round_of(source), change.place, change.units))
    found = retimed(sketch, rounds, wanted=wanted)
    unserved = {unit: one for unit, one in found.unserved.items() if unit not in change.units}
    return _keeping_pins(sketch, replace(found, unserved=unserved), change.units, wanted)


def _source(sketch: Sketch, change: Move, wanted: str) -> Trip | None:
    """Return the trip that the sets leave; None where the plan left them behind."""
    if not change.units or len(set(change.units)) != len(change.units):
        raise Refused("EDIT-NO-SETS", place=sketch.name(change.place))
    if change.trip:
        sketch.require_free(change.trip, wanted=wanted)
        there = set(sketch.stop(change.trip, change.place).units)
    else:
        there = {unit for unit in sketch.unserved if sketch.case.unit[unit].place == change.place}
    if not there.issuperset(change.units):
        raise Refused("EDIT-NO-SETS", place=sketch.name(change.place))
    if change.trip:
        return sketch.trip(change.trip)
    over = [unit for unit in change.units if sketch.case.path(sketch.case.unit[unit]) != "langsung"]
    if over:
        raise Refused("EDIT-UNSERVED-PATH", place=sketch.name(change.place), sets=len(over))
    return None


def _target(sketch: Sketch, change: Move, source: Trip | None, wanted: str) -> Round:
    """Return the trip that the sets join, as it is before."""
    if isinstance(change.to, OwnTrip):
        warehouses = sketch.case.strategy.warehouses
        origin = source.origin if source is not None else (warehouses[0] if warehouses else "")
        if origin not in sketch.case.place:
            raise Refused("EDIT-OTHER-ORIGIN", trip="-", origin="-", other_trip="-", other_origin="-")
        return Round(sketch.new_id(), change.to.vehicle, change.to.date, origin, ())
    target = sketch.trip(change.to.trip)
    sketch.require_free(target.id, wanted=wanted)
    if source is not None and source.origin != target.origin:
        raise Refused(
            "EDIT-OTHER-ORIGIN",
            trip=source.id,
            origin=sketch.name(source.origin),
            other_trip=target.id,
            other_origin=sketch.name(target.origin),
        )
    return round_of(target)


def _with(target: Round, change: Move) -> Round:
    """Return a round with the sets: at its stop there, if it has one, else at a new one."""
    drops = list(target.drops)
    for number, drop in enumerate(drops):
        if drop.place == change.place:
            drops[number] = Drop(drop.place, (*drop.units, *change.units))
            return replace(target, drops=tuple(drops))
    at = change.to.position - 1 if isinstance(change.to, ToTrip) else 0
    drops.insert(max(0, at), Drop(change.place, change.units))
    return replace(target, drops=tuple(drops))


def _without(source: Round, place: str, units: Sequence[str]) -> Round:
    gone = set(units)
    drops = [
        Drop(drop.place, tuple(unit for unit in drop.units if unit not in gone))
        if drop.place == place
        else drop
        for drop in source.drops
    ]
    return replace(source, drops=tuple(drop for drop in drops if drop.units))


def _reordered(sketch: Sketch, source: Trip, change: Move, to: ToTrip, wanted: str) -> Sketch:
    """Return the plan with one stop at another turn of its own trip; always with all its sets."""
    drops = list(round_of(source).drops)
    before = next(number for number, drop in enumerate(drops) if drop.place == change.place)
    drop = drops.pop(before)
    after = min(max(0, to.position - 1), len(drops))
    if after == before:
        raise Refused("EDIT-SAME", trip=source.id, place=sketch.name(change.place))
    drops.insert(after, drop)
    return retimed(sketch, [replace(round_of(source), drops=tuple(drops))], wanted=wanted)


def swap_stops(sketch: Sketch, change: SwapStops, *, wanted: str) -> Sketch:
    """Return the plan with two stops of two trips exchanged, each at the other's turn.

    Raises:
        Refused: EDIT-NO-TRIP, EDIT-NO-STOP, EDIT-SAME, EDIT-LOCKED, EDIT-PINNED, EDIT-OTHER-ORIGIN,
            and those of `retimed`.
    """
    sketch.require_free(change.trip, change.other_trip, wanted=wanted)
    if change.trip == change.other_trip:
        raise Refused("EDIT-SAME", trip=change.trip, place=sketch.name(change.place))
    one, other = sketch.stop(change.trip, change.place), sketch.stop(change.other_trip, change.other_place)
    trips = sketch.trip(change.trip), sketch.trip(change.other_trip)
    if trips[0].origin != trips[1].origin:
        raise Refused(
            "EDIT-OTHER-ORIGIN",
            trip=trips[0].id,
            origin=sketch.name(trips[0].origin),
            other_trip=trips[1].id,
            other_origin=sketch.name(trips[1].origin),
        )
    rounds = [
        _exchanged(round_of(trips[0]), change.place, Drop(other.place, other.units)),
        _exchanged(round_of(trips[1]), change.other_place, Drop(one.place, one.units)),
    ]
    found = retimed(sketch, rounds, wanted=wanted)
    return _keeping_pins(sketch, found, (*one.units, *other.units), wanted)


def _exchanged(each: Round, place: str, drop: Drop) -> Round:
    """Return a round with another stop instead of one; a place that it then has twice is one stop."""
    drops: list[Drop] = []
    for old in each.drops:
        new = drop if old.place == place else old
        same = next((number for number, known in enumerate(drops) if known.place == new.place), None)
        if same is None:
            drops.append(new)
        else:
            drops[same] = Drop(new.place, (*drops[same].units, *new.units))
    return replace(each, drops=tuple(drops))


def swap_vehicles(sketch: Sketch, change: SwapVehicles, *, wanted: str) -> Sketch:
    """Return the plan with two trips on each other's vehicle; each keeps its date and its stops.

    Raises:
        Refused: EDIT-NO-TRIP, EDIT-SAME-VEHICLE, EDIT-LOCKED, EDIT-PINNED, and those of `retimed`.
    """
    sketch.require_free(change.trip, change.other_trip, wanted=wanted)
    one, other = sketch.trip(change.trip), sketch.trip(change.other_trip)
    if one.vehicle == other.vehicle:
        raise Refused(
            "EDIT-SAME-VEHICLE", trip=change.trip, other_trip=change.other_trip, vehicle=one.vehicle
        )
    rounds = [
        replace(round_of(one), vehicle=other.vehicle),
        replace(round_of(other), vehicle=one.vehicle),
    ]
    units = [unit for trip in (one, other) for stop in trip.stops for unit in stop.units]
    return _keeping_pins(sketch, retimed(sketch, rounds, wanted=wanted), units, wanted)


def _keeping_pins(before: Sketch, after: Sketch, units: Sequence[str], wanted: str) -> Sketch:
    """Return the plan after a change; refuse one that breaks a pin which was kept before."""
    already = set(broken_pins(before, units))
    for unit in broken_pins(after, units):
        if unit not in already:
            pin = before.case.pin[unit]
            raise Refused("EDIT-PINNED", set=unit, pin=pin_words(pin), wanted=wanted)
    return after
