"""All changes of a draft one after another, then the plan, its bill, its verdict and what it costs more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from tepat.distribution.assembly import hand_over
from tepat.distribution.case import Matrices
from tepat.distribution.checker import Verdict, check
from tepat.distribution.costing import Ledger
from tepat.distribution.documents import sha256
from tepat.distribution.editing import moving, wishing
from tepat.distribution.editing.changes import (
    Change,
    Forbid,
    LockTrip,
    Move,
    PinUnits,
    Repaired,
    SwapStops,
    SwapVehicles,
    UnlockTrip,
    UnpinUnits,
)
from tepat.distribution.editing.saying import Names, words
from tepat.distribution.editing.sketch import Sketch, sketch_of
from tepat.distribution.plans import Delivery, Plan, Trip
from tepat.distribution.problems import Lock, Problem
from tepat.distribution.working_time import second

CHANGES_MAX = 300
"""Changes in one draft."""

TITLE_MARK = ", dengan syarat suntingan"
"""What the title of a problem says whose pins, locks or forbidden places came from editing."""

SOLVER_MARK = " + suntingan"
"""What the name of a plan's maker says once people changed it."""

Apply = Callable[..., Sketch]
_APPLY: Mapping[type, Apply] = {
    Move: moving.move,
    SwapStops: moving.swap_stops,
    SwapVehicles: moving.swap_vehicles,
    PinUnits: wishing.pin,
    UnpinUnits: wishing.unpin,
    LockTrip: wishing.lock,
    UnlockTrip: wishing.unlock,
    Forbid: wishing.forbid,
}


@dataclass(frozen=True)
class Edited:
    """What a draft has become.

    Args:
        problem: The problem with pins, locks and forbidden places; the base's own where none changed.
        plan: The plan on the clock, with its bill.
        sketch: What the next change starts from.
        verdict: The checker's, of the whole plan.
    """

    problem: Problem
    plan: Plan
    sketch: Sketch
    verdict: Verdict


Documents = tuple[Problem, Plan]
Load = Callable[[Repaired], Documents]


def edited(base: Documents, matrices: Matrices, changes: Sequence[Change], load: Load) -> Edited:
    """Return a plan with all changes of a draft.

    Args:
        base: The problem and the plan of the version that the draft starts from.
        matrices: Travel by vehicle class and weather, in the order of the problem's places.
        changes: In the order in which they were made.
        load: Returns the documents that a search left.

    Raises:
        Refused: What the changes themselves are refused for.
    """
    repairs = [number for number, each in enumerate(changes) if isinstance(each, Repaired)]
    start, later = base, list(changes)
    if repairs:
        last = changes[repairs[-1]]
        assert isinstance(last, Repaired), last
        start, later = load(last), list(changes[repairs[-1] + 1 :])
    sketch = sketch_of(*start, matrices)
    for each in later:
        sketch = applied(sketch, each)
    return judged(start, sketch)


def applied(sketch: Sketch, change: Change) -> Sketch:
    """Return a plan with one more change, not yet judged.

    Raises:
        Refused: What the change is refused for.
    """
    said = words(change, Names(sketch.case.problem))
    return _APPLY[type(change)](sketch, change, wanted=said)


def judged(start: Documents, sketch: Sketch) -> Edited:
    """Return a sketch as documents, with the checker's word on the whole plan.

    Args:
        start: What the sketch was made of.
        sketch: The plan after its changes, or before any.
    """
    problem, plan = start if sketch.untouched(start) else settled(start, sketch)
    return Edited(problem, plan, sketch, check(problem, plan, sketch.case.matrices))


def settled(start: Documents, sketch: Sketch) -> Documents:
    """Return a sketch as documents: the last leg, the bill and the totals follow the trips.

    Args:
        start: What the sketch was made of.
        sketch: The plan after its changes.
    """
    trips = tuple(sketch.in_order)
    problem = _terms(start[0], sketch)
    deliveries = _deliveries(sketch, trips)
    ledger = Ledger(sketch.case, trips, deliveries)
    costs = ledger.lines()
    unserved = tuple(sketch.unserved.values())
    maker = sketch.base.solver
    plan = msgspec.structs.replace(
        sketch.base,
        problem_sha256=sketch.base.problem_sha256 if problem is start[0] else sha256(problem),
        solver=msgspec.structs.replace(maker, name=maker.name.removesuffix(SOLVER_MARK) + SOLVER_MARK),
        trips=trips,
        deliveries=deliveries,
        unserved=unserved,
        costs=costs,
        totals=ledger.totals(sum(line.amount_rupiah for line in costs), len(unserved)),
    )
    return problem, plan


def _terms(problem: Problem, sketch: Sketch) -> Problem:
    """Return the problem as it now reads: the same object where no term changed."""
    locks = tuple(
        Lock(trip=name, sha256=sha256(sketch.trips[name]))
        for name in sorted(sketch.locked & sketch.trips.keys())
    )
    known = tuple(sorted(problem.locks, key=lambda each: each.trip))
    if sketch.case.problem == problem and locks == known:
        return problem
    title = problem.title.removesuffix(TITLE_MARK) + TITLE_MARK
    return msgspec.structs.replace(sketch.case.problem, locks=locks, title=title)


def _deliveries(sketch: Sketch, trips: Sequence[Trip]) -> tuple[Delivery, ...]:
    """Return the leg PPS to KPPS; where nothing arrives at another moment, it stays as it was."""
    case = sketch.case
    before, after = _arrivals(sketch, sketch.base.trips), _arrivals(sketch, trips)
    touched = {
        case.unit[unit].place for unit in before.keys() | after.keys() if before.get(unit) != after.get(unit)
    }
    moved = {unit: at for unit, at in after.items() if case.unit[unit].place in touched}
    anew, _ = hand_over(case, moved)
    kept = [each for each in sketch.base.deliveries if case.unit[each.unit].place not in touched]
    order = case.row
    return tuple(sorted([*kept, *anew], key=lambda each: order[case.unit[each.unit].place]))


def _arrivals(sketch: Sketch, trips: Sequence[Trip]) -> dict[str, int]:
    """Return the second at which each unit is unloaded at its own place."""
    units = sketch.case.unit
    return {
        unit: second(stop.done_at)
        for trip in trips
        for stop in trip.stops
        for unit in stop.units
        if units[unit].place == stop.place
    }
