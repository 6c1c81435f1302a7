"""What a search may change to make an edited plan whole: as little as will do, never a pin or a lock."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace as replace_round
from datetime import datetime

from msgspec.structs import replace

from tepat.distribution.case import Case, Matrices
from tepat.distribution.checker import Verdict, check
from tepat.distribution.documents import sha256
from tepat.distribution.duties import Drop
from tepat.distribution.editing.applying import Documents, Edited
from tepat.distribution.editing.changes import Change, Move, Repaired, SwapStops, SwapVehicles
from tepat.distribution.editing.retiming import retimed, round_of
from tepat.distribution.editing.sketch import Sketch
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Pin, Problem
from tepat.distribution.remaining import Rest, completed

Search = Callable[[Problem], Plan]
REASON = "dipindahkan dalam suntingan ini"


def repaired(edited: Edited, changes: Sequence[Change], matrices: Matrices, search: Search) -> Documents:
    """Return the problem and a plan that keeps every pin, lock and move of a draft.

    First only the trips that something is wrong with are freed; where that leaves sets behind, all but the
    locked ones. The better of both is returned: fewest breaches, fewest sets left behind, cheapest.

    Args:
        edited: What the draft has become.
        changes: Its changes, oldest first: what was moved by hand stays there.
        matrices: Travel by vehicle class and weather.
        search: Solves a problem under the plan's strategy.

    Raises:
        Refused: What `search` refuses.
    """
    problem, plan, sketch = edited.problem, edited.plan, edited.sketch
    held = held_pins(sketch, changes)
    pinned = replace(problem, pins=(*problem.pins, *held))
    found: list[tuple[tuple[int, int, int], Plan]] = []
    for kept in _stages(edited):
        rest = Rest(Case(pinned, sketch.case.strategy, matrices), plan, _before_all(problem), (), kept)
        new = replace(completed(rest, search), problem_sha256=sha256(problem), strategy=plan.strategy)
        worth = _worth(check(problem, new, matrices), new)
        found.append((worth, new))
        if worth[:2] == (0, 0):
            break
    return problem, min(found, key=lambda each: each[0])[1]


def held_pins(sketch: Sketch, changes: Sequence[Change]) -> list[Pin]:
    """Return pins for what was moved by hand and has no pin: it stays where it is.

    Only the leg that ends at a set's own place can be held; another vehicle to the PPK is free again. Swaps
    name trips, which a repair may make anew: those before the last repair are no more held.
    """
    moved: dict[str, None] = {}
    swapped: dict[str, None] = {}
    for each in changes:
        if isinstance(each, Repaired):
            swapped.clear()
        elif isinstance(each, Move):
            moved.update(dict.fromkeys(each.units))
        else:
            swapped.update(dict.fromkeys(_swapped(sketch, each)))
    pins = []
    for unit in {**moved, **swapped}:
        if unit not in sketch.case.pin:
            pins += [
                Pin(unit=unit, vehicle=trip.vehicle, date=trip.date, reason=REASON)
                for trip in sketch.bringers([unit])[unit]
                if any(
                    stop.place == sketch.case.unit[unit].place and unit in stop.units for stop in trip.stops
                )
            ]
    return pins


def _swapped(sketch: Sketch, change: Change) -> Iterable[str]:
    names: tuple[tuple[str, str], ...] = ()
    if isinstance(change, SwapStops):
        names = ((change.trip, change.other_place), (change.other_trip, change.place))
    elif isinstance(change, SwapVehicles):
        names = ((change.trip, ""), (change.other_trip, ""))
    return [
        unit
        for name, place in names
        if name in sketch.trips
        for stop in sketch.trips[name].stops
        if place in {"", stop.place}
        for unit in stop.units
    ]


def _stages(edited: Edited) -> list[tuple[Trip, ...]]:
    """Return the trips that stand, first as many as can be, then only the locked ones and what feeds them."""
    wrong, firm = blamed(edited), _firm(edited)
    trips = _lean(edited, wrong & (firm - edited.sketch.locked)).in_order
    few = tuple(trip for trip in trips if trip.id not in wrong or trip.id in firm)
    return [few, tuple(trip for trip in trips if trip.id in firm)]


def _lean(edited: Edited, names: set[str]) -> Sketch:
    """Return the plan in which some trips carry no more than what locked trips wait for."""
    sketch = edited.sketch
    wanted = _units(trip for trip in edited.plan.trips if trip.id in sketch.locked)
    for name in sorted(names):
        trip = sketch.trips[name]
        kept = wanted & _waiting(edited, trip)
        drops = (Drop(stop.place, tuple(unit for unit in stop.units if unit in kept)) for stop in trip.stops)
        left = replace_round(round_of(trip), drops=tuple(drop for drop in drops if drop.units))
        sketch = retimed(sketch, [left], wanted=f"{name} diperbaiki")
    return sketch


def _firm(edited: Edited) -> set[str]:
    """Return the ids of the locked trips, and of those that bring their goods to the PPK."""
    locked = edited.sketch.locked
    aboard = _units(trip for trip in edited.plan.trips if trip.id in locked)
    return set(locked) | {trip.id for trip in edited.plan.trips if aboard & _waiting(edited, trip)}


def blamed(edited: Edited) -> set[str]:
    """Return the ids of the trips that a breach names, by trip, vehicle, person, place or set.

    A trip that goes on from a PPK is freed with the one that brings its goods there.
    """
    found: set[str] = set()
    for finding in edited.verdict.findings:
        if finding.severity == "breach":
            found |= _named(edited.plan, finding.facts)
    waiting = {unit for trip in edited.plan.trips if trip.id in found for unit in _waiting(edited, trip)}
    return found | {
        trip.id
        for trip in edited.plan.trips
        if edited.sketch.case.origin_kind(trip.origin) == "ppk" and waiting & _units([trip])
    }


def _units(trips: Iterable[Trip]) -> set[str]:
    return {unit for trip in trips for stop in trip.stops for unit in stop.units}


def _waiting(edited: Edited, trip: Trip) -> set[str]:
    """Return the units that a trip leaves where they wait for their second leg."""
    units = edited.sketch.case.unit
    return {unit for stop in trip.stops for unit in stop.units if units[unit].place != stop.place}


def _named(plan: Plan, facts: dict[str, object]) -> set[str]:
    said = {str(value) for key, value in facts.items() if key in _NAMES}
    return {
        trip.id
        for trip in plan.trips
        if said & {trip.id, trip.driver, trip.in_charge, trip.deputy, trip.escort}
        or ("trip" not in facts and said & {trip.vehicle, *(stop.place for stop in trip.stops)})
        or any(not said.isdisjoint(stop.units) for stop in trip.stops)
    }


_NAMES = frozenset({"trip", "other_trip", "unit", "person", "escort", "vehicle", "place"})


def _before_all(problem: Problem) -> datetime:
    return min(one.opens_at for hours in problem.hours.values() for one in hours)


def _worth(verdict: Verdict, plan: Plan) -> tuple[int, int, int]:
    counts = verdict.summary()
    return counts["breaches"], counts["incomplete"], plan.totals.cost_rupiah
