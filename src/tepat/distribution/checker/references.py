"""Whether a plan is a plan for this problem: version, hash, strategy, ids and moments."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from tepat.distribution.checker.reading import sound
from tepat.distribution.checker.verdict import Finding, found
from tepat.distribution.documents import sha256
from tepat.distribution.plans import PLAN_VERSION, Plan
from tepat.distribution.problems import Problem


def plan_findings(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Return the faults that make a plan unreadable beside this problem: nothing more can be computed.

    Args:
        problem: Sound in itself.
        plan: As read.
    """
    if plan.schema_version != PLAN_VERSION:
        return (found("CHECK-VERSION", found=str(plan.schema_version), expected=str(PLAN_VERSION)),)
    return (*_strategy(problem, plan), *_duplicates(plan), *_unknown(problem, plan), *_moments(plan))


def hash_findings(problem: Problem, plan: Plan) -> Iterator[Finding]:
    """Yield where the plan names another problem, by id or by the hash of its canonical bytes."""
    if plan.problem_id != problem.id:
        yield found("CHECK-PROBLEM-ID", found=plan.problem_id, expected=problem.id)
    expected = sha256(problem)
    if plan.problem_sha256 != expected:
        yield found("CHECK-PROBLEM-HASH", found=plan.problem_sha256, expected=expected)


def _strategy(problem: Problem, plan: Plan) -> Iterator[Finding]:
    names = [strategy.name for strategy in problem.strategies]
    if plan.strategy not in names:
        yield found("CHECK-STRATEGY", strategy=plan.strategy, known=", ".join(names) or "tidak ada")


def _duplicates(plan: Plan) -> Iterator[Finding]:
    for field, code, ids in (
        ("trip", "CHECK-TRIP-TWICE", [trip.id for trip in plan.trips]),
        ("unit", "CHECK-UNSERVED-TWICE", [one.unit for one in plan.unserved]),
    ):
        for name, count in Counter(ids).items():
            if count > 1:
                yield found(code, **{field: name}, count=count)


def _unknown(problem: Problem, plan: Plan) -> Iterator[Finding]:
    places = {place.id for place in problem.places}
    units = {unit.id for unit in problem.units}
    vehicles = {vehicle.id for vehicle in problem.vehicles}
    for trip in plan.trips:
        where = f"perjalanan {trip.id}"
        if trip.vehicle not in vehicles:
            yield found("CHECK-UNKNOWN-VEHICLE", trip=trip.id, vehicle=trip.vehicle)
        stops = [stop.place for stop in trip.stops]
        for place in dict.fromkeys([trip.origin, *stops]):
            if place not in places:
                yield found("CHECK-UNKNOWN-PLACE", trip=trip.id, place=place)
        yield from _unknown_units(where, (unit for stop in trip.stops for unit in stop.units), units)
    yield from _unknown_units("pengantaran ke KPPS", (one.unit for one in plan.deliveries), units)
    yield from _unknown_units("daftar yang belum terlayani", (one.unit for one in plan.unserved), units)


def _unknown_units(where: str, names: Iterable[str], known: set[str]) -> Iterator[Finding]:
    for name in dict.fromkeys(names):
        if name not in known:
            yield found("CHECK-UNKNOWN-UNIT", unit=name, place_in_plan=where)


def _moments(plan: Plan) -> Iterator[Finding]:
    for trip in plan.trips:
        moments = [trip.load_at, trip.depart_at, trip.return_at]
        for stop in trip.stops:
            moments += [stop.arrive_at, stop.unload_at, stop.done_at]
        yield from _broken(f"perjalanan {trip.id}", moments)
    for one in plan.deliveries:
        yield from _broken(f"pengantaran {one.unit}", [one.start_at, one.done_at])
    totals = plan.totals
    yield from _broken("totals", [totals.last_ppk_at, totals.last_pps_at, totals.last_kpps_at])


def _broken(where: str, moments: Iterable[datetime | None]) -> Iterator[Finding]:
    if not all(sound(moment) for moment in moments):
        yield found("CHECK-MOMENT", place_in_plan=where)
