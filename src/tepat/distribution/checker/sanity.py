"""Whether a problem can be meant at all, before any plan is looked at."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tepat.distribution.checker.hours import Hours
from tepat.distribution.checker.reading import epoch, sound
from tepat.distribution.checker.verdict import Finding, found
from tepat.distribution.problems import PROBLEM_VERSION, Place, Problem, Strategy

PLACE_KINDS = frozenset({"gudang", "ppk", "pps"})
BY_TYPE = frozenset({"vehicle_day", "vehicle_km", "vehicle_box"})
BY_KIND = frozenset({"unload_box", "guard_night", "box_night", "escort_trip"})
UNIT_PLACE = {"tps": "pps", "pps": "pps", "ppk": "ppk"}


def problem_findings(problem: Problem) -> tuple[Finding, ...]:
    """Return what is wrong with a problem itself.

    A breach means that no plan can be judged by it (an id that stands twice or points nowhere, a negative
    price, a vehicle that holds nothing). A warning names what will leave units unserved: a place that no
    vehicle may reach, hours that exclude each other.

    Args:
        problem: As read.
    """
    if problem.schema_version != PROBLEM_VERSION:
        return (
            found("CHECK-PROBLEM-VERSION", found=str(problem.schema_version), expected=str(PROBLEM_VERSION)),
        )
    broken = [
        *_zone(problem),
        *_moments(problem),
        *_duplicates(problem),
        *_references(problem),
        *_strategy_references(problem),
        *_kinds(problem),
        *_negative(problem),
        *_capacity(problem),
    ]
    broken += [] if any(one.code == "CHECK-PROBLEM-MOMENT" for one in broken) else _intervals(problem)
    if broken:
        return tuple(broken)
    return (*_deadlines(problem), *_access(problem), *_windows(problem))


def _zone(problem: Problem) -> Iterator[Finding]:
    try:
        ZoneInfo(problem.office.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield found("CHECK-PROBLEM-ZONE", zone=problem.office.time_zone)


def _moments(problem: Problem) -> Iterator[Finding]:
    moments: list[tuple[str, datetime | None]] = [
        ("law_at", problem.law_at),
        ("target_at", problem.target_at),
    ]
    for name, intervals in problem.hours.items():
        moments += [(f"hours.{name}", one) for it in intervals for one in (it.opens_at, it.closes_at)]
    for unit in problem.units:
        moments += [(f"units.{unit.id}", unit.ready_at), (f"units.{unit.id}", unit.due_at)]
    for field in dict.fromkeys(name for name, moment in moments if not sound(moment)):
        yield found("CHECK-PROBLEM-MOMENT", field=field)


def _intervals(problem: Problem) -> list[Finding]:
    wrong = []
    for name, intervals in problem.hours.items():
        ends_early = any(one.closes_at <= one.opens_at for one in intervals)
        if ends_early or any(later.opens_at < one.closes_at for one, later in pairwise(intervals)):
            wrong.append(found("CHECK-PROBLEM-INTERVAL", hours=name))
    return wrong


def _duplicates(problem: Problem) -> Iterator[Finding]:
    lists: list[tuple[str, Iterable[str]]] = [
        ("days", (one.date.isoformat() for one in problem.days)),
        ("places", (one.id for one in problem.places)),
        ("matrices", (f"{one.vehicle_class}/{one.weather}" for one in problem.matrices)),
        ("vehicle_types", (one.id for one in problem.vehicle_types)),
        ("vehicles", (one.id for one in problem.vehicles)),
        ("people", (one.id for one in problem.people)),
        ("escorts", (one.id for one in problem.escorts)),
        ("units", (one.id for one in problem.units)),
        ("units (TPS)", (f"{one.place}/{one.tps}" for one in problem.units if one.kind == "tps" and one.tps)),
        ("prices", (one.id for one in problem.prices)),
        ("strategies", (one.name for one in problem.strategies)),
        ("locks", (one.trip for one in problem.locks)),
        ("pins", (one.unit for one in problem.pins)),
    ]
    lists += [(f"strategies.{one.name}.warehouses", one.warehouses) for one in problem.strategies]
    for field, ids in lists:
        for name, count in Counter(ids).items():
            if count > 1:
                yield found("CHECK-PROBLEM-DUPLICATE", field=field, id=name, count=count)


def _missing(field: str, ids: Iterable[str | None], known: Iterable[str]) -> Iterator[Finding]:
    there = set(known)
    for name in dict.fromkeys(ids):
        if name is not None and name not in there:
            yield found("CHECK-PROBLEM-REFERENCE", field=field, id=name)


def _of_kind(places: Iterable[Place], *kinds: str) -> list[str]:
    return [place.id for place in places if place.kind in kinds]


def _references(problem: Problem) -> Iterator[Finding]:
    places = problem.places
    people = [one.id for one in problem.people]
    vehicles = problem.vehicles
    yield from _missing("places.hours", (one.hours for one in places), problem.hours)
    yield from _missing("vehicles.hours", (one.hours for one in vehicles), problem.hours)
    yield from _missing("last_mile.hours", (problem.last_mile.hours,), problem.hours)
    yield from _missing(
        "vehicles.type", (one.type for one in vehicles), (one.id for one in problem.vehicle_types)
    )
    yield from _missing("vehicles.home", (one.home for one in vehicles), _of_kind(places, "gudang", "ppk"))
    for field in ("driver", "in_charge", "deputy"):
        yield from _missing(f"vehicles.{field}", (getattr(one, field) for one in vehicles), people)
    yield from _missing(
        "vehicles.escort", (one.escort for one in vehicles), (one.id for one in problem.escorts)
    )
    yield from _missing("units.place", (one.place for one in problem.units), (one.id for one in places))
    yield from _missing("units.origin", (one.origin for one in problem.units), _of_kind(places, "gudang"))
    yield from _missing("pins.unit", (one.unit for one in problem.pins), (one.id for one in problem.units))
    yield from _missing("pins.vehicle", (one.vehicle for one in problem.pins), (one.id for one in vehicles))
    for basis_set, known in (
        (BY_TYPE, [one.id for one in problem.vehicle_types]),
        (BY_KIND, PLACE_KINDS),
        ({"warehouse"}, _of_kind(places, "gudang")),
        ({"late_set_day"}, _of_kind(places, "ppk", "pps")),
    ):
        for price in (one for one in problem.prices if one.basis in basis_set):
            yield from _missing(f"prices.{price.id}.applies_to", price.applies_to, known)


def _strategy_references(problem: Problem) -> Iterator[Finding]:
    warehouses = _of_kind(problem.places, "gudang")
    pps = _of_kind(problem.places, "pps")
    receiving = _of_kind(problem.places, "pps", "ppk")
    vehicles = [one.id for one in problem.vehicles]
    for strategy in problem.strategies:
        name = f"strategies.{strategy.name}"
        yield from _missing(f"{name}.warehouses", strategy.warehouses, warehouses)
        yield from _missing(f"{name}.path_by_place", strategy.path_by_place, pps)
        yield from _missing(f"{name}.vehicles", strategy.vehicles, vehicles)
        yield from _missing(f"{name}.date_by_place", strategy.date_by_place, receiving)


def _kinds(problem: Problem) -> Iterator[Finding]:
    kinds = {place.id: place.kind for place in problem.places}
    for place in problem.places:
        if place.kind == "pps" and kinds.get(place.parent or "") != "ppk":
            yield found("CHECK-PROBLEM-PARENT", place=place.id, parent=place.parent or "-")
    for unit in problem.units:
        if unit.place in kinds and kinds[unit.place] != UNIT_PLACE[unit.kind]:
            yield found("CHECK-PROBLEM-UNIT-PLACE", unit=unit.id, kind=unit.kind.upper(), place=unit.place)


def _negative(problem: Problem) -> Iterator[Finding]:
    rows: list[tuple[str, Any, tuple[str, ...]]] = [
        ("rules", problem.rules, ("rest_s_min",)),
        ("last_mile", problem.last_mile, ("teams", "handover_s")),
    ]
    rows += [(f"places.{one.id}", one, ("stop_s", "boxes_max", "docks")) for one in problem.places]
    rows += [
        (f"vehicle_types.{one.id}", one, ("load_fixed_s", "load_s_per_box", "unload_s_per_box"))
        for one in problem.vehicle_types
    ]
    rows += [
        (f"vehicle_types.{one.id}.bed", one.bed, ("length_mm", "width_mm", "height_mm", "layers_max"))
        for one in problem.vehicle_types
        if one.bed is not None
    ]
    rows += [(f"prices.{one.id}", one, ("rupiah",)) for one in problem.prices]
    rows += [(f"units.{one.id}", one, ("boxes", "volume_ml", "weight_g", "voters")) for one in problem.units]
    rows += [(f"units.{one.id}.loose", loose, ("count",)) for one in problem.units for loose in one.loose]
    for name, row, fields in rows:
        for field in fields:
            value = getattr(row, field)
            if value is not None and value < 0:
                yield found("CHECK-PROBLEM-NEGATIVE", field=f"{name}.{field}", value=value)


def _capacity(problem: Problem) -> Iterator[Finding]:
    for kind in problem.vehicle_types:
        if min(kind.boxes_max, kind.volume_ml_max, kind.weight_g_max) <= 0:
            yield found(
                "CHECK-PROBLEM-CAPACITY",
                type=kind.id,
                boxes=kind.boxes_max,
                volume_ml=kind.volume_ml_max,
                weight_g=kind.weight_g_max,
            )


def _deadlines(problem: Problem) -> Iterator[Finding]:
    zone = ZoneInfo(problem.office.time_zone)
    polling_day = datetime.combine(problem.election.polling_date, time(), zone)
    if problem.law_at > polling_day:
        yield found("CHECK-PROBLEM-LAW", law_at=problem.law_at.astimezone(zone), latest_at=polling_day)
    if problem.target_at > problem.law_at:
        yield found(
            "CHECK-PROBLEM-TARGET",
            target_at=problem.target_at.astimezone(zone),
            law_at=problem.law_at.astimezone(zone),
        )


def _with_units(problem: Problem) -> Iterator[Place]:
    used = {unit.place for unit in problem.units}
    return (place for place in problem.places if place.id in used)


def _access(problem: Problem) -> Iterator[Finding]:
    class_of = {kind.id: kind.vehicle_class for kind in problem.vehicle_types}
    of_vehicle = {vehicle.id: class_of[vehicle.type] for vehicle in problem.vehicles}
    for strategy in problem.strategies:
        classes = {of_vehicle[vehicle] for vehicle in strategy.vehicles}
        for place in _with_units(problem):
            if not classes.intersection(place.access):
                yield found(
                    "CHECK-PROBLEM-ACCESS",
                    place=place.id,
                    name=place.name,
                    strategy=strategy.name,
                    access=", ".join(place.access) or "tidak ada",
                )


def _windows(problem: Problem) -> Iterator[Finding]:
    hours = {
        name: Hours.of((epoch(one.opens_at), epoch(one.closes_at)) for one in intervals)
        for name, intervals in problem.hours.items()
    }
    meets = {
        (one, other): bool(hours[one].common(hours[other]).opens)
        for one in {place.hours for place in problem.places}
        for other in {vehicle.hours for vehicle in problem.vehicles}
    }
    for strategy in problem.strategies:
        working = _working_hours(problem, strategy)
        for place in _with_units(problem):
            if not any(meets[place.hours, name] for name in working):
                yield found(
                    "CHECK-PROBLEM-WINDOWS",
                    place=place.id,
                    name=place.name,
                    strategy=strategy.name,
                    hours=place.hours,
                )


def _working_hours(problem: Problem, strategy: Strategy) -> set[str]:
    used = set(strategy.vehicles)
    return {vehicle.hours for vehicle in problem.vehicles if vehicle.id in used}
