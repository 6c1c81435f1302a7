"""What else could be done with one subject of a plan, each as a change to try."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from msgspec.structs import replace

from tepat.distribution.case import DRIVE_M, Case
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Vehicle
from tepat.distribution.reasons.subjects import Subject
from tepat.distribution.reasons.trying import Trial, bringers, changed_strategy, nearest, scopes
from tepat.distribution.reasons.widening import (
    OTHER_PATH,
    PATH_WORDS,
    also_from,
    another_day,
    moved_warehouse,
    one_more_vehicle,
    other_path,
    pinned,
    without_dates,
)

TRIALS_MAX = 12
"""Changes tried for one subject."""

SAME_KIND_MAX = 2
"""Other vehicles of the same kind tried for one place: the nearest at work."""


def alternatives(case: Case, plan: Plan, subject: Subject) -> tuple[Trial, ...]:
    """Return what could be done instead, all of it; nothing for the plan as a whole.

    Args:
        case: The plan's problem and strategy.
        plan: The plan.
        subject: A part of it.
    """
    makers = {
        "set": _for_units,
        "tempat": _for_place,
        "perjalanan": _for_trip,
        "kendaraan": _for_vehicle,
        "tanggal": _for_day,
        "gudang": _for_warehouse,
        "jalur": _for_path,
    }
    maker = makers.get(subject.kind)
    return tuple(maker(_Scene(case, plan), subject)) if maker is not None else ()


@dataclass(frozen=True)
class _Scene:
    """A plan that is asked about."""

    case: Case
    plan: Plan

    @cached_property
    def trip_of(self) -> dict[str, Trip]:
        """The last trip of each unit."""
        return bringers(self.plan)

    @property
    def strategy(self) -> str:
        return self.plan.strategy

    def at(self, place: str) -> list[Trip]:
        """Return the trips that stop at a place."""
        return [trip for trip in self.plan.trips if any(stop.place == place for stop in trip.stops)]

    def scope(self, trips: Iterable[Trip], places: Iterable[str] = ()) -> tuple[frozenset[str], ...]:
        """Return what is planned anew when trips must change."""
        chosen = list(trips)
        around = list(dict.fromkeys([*places, *(stop.place for trip in chosen for stop in trip.stops)]))
        return scopes(self.case, self.plan, [trip.id for trip in chosen], around)

    def nearest_on(self, day: date, places: Collection[str], origin: str) -> list[Trip]:
        """Return the trips of the vehicle that on a date comes nearest to places from an origin."""
        leaves = [trip for trip in self.plan.trips if trip.date == day and trip.origin == origin]
        posts = {(trip.vehicle, trip.date) for trip in leaves}
        post = next((each for each in nearest(self.case, self.plan, list(places)) if each in posts), None)
        return [trip for trip in leaves if (trip.vehicle, trip.date) == post]

    def dates(self, trip: Trip) -> tuple[date, ...]:
        """Return the dates on which vehicles drive from where a trip starts."""
        return self.case.strategy.dates_by_origin.get(self.case.origin_kind(trip.origin), ())


def _for_units(scene: _Scene, subject: Subject) -> Iterator[Trial]:
    unit = subject.id
    trip = scene.trip_of.get(unit)
    if trip is not None:
        yield from _other_dates(scene, [unit], [trip])
        yield from _other_vehicles(scene, [unit], [trip], scene.case.unit[unit].place)
        yield from _other_unit_path(scene, unit)


def _other_unit_path(scene: _Scene, unit: str) -> Iterator[Trial]:
    case = scene.case
    place = case.place[case.unit[unit].place]
    if place.kind != "pps" or place.parent is None:
        return
    path = OTHER_PATH[case.path(case.unit[unit])]
    grown = other_path(case.problem, scene.strategy, [place.id], path)
    alone = changed_strategy(grown, scene.strategy, path_by_place=case.strategy.path_by_place)
    trips = [trip for trip in scene.plan.trips if any(unit in stop.units for stop in trip.stops)]
    says = f"Set {unit} {PATH_WORDS[path]}"
    yield Trial("jalur", says, pinned(alone, [unit], path=path), scene.scope(trips))


def _for_place(scene: _Scene, subject: Subject) -> Iterator[Trial]:
    trips = scene.at(subject.id)
    if not trips:
        return
    place = scene.case.place[subject.id]
    if place.kind == "ppk":
        yield from _other_arrival(scene, subject.id, trips)
        posts = {(trip.vehicle, trip.date): trip for trip in trips}
        yield from (trial for trip in posts.values() for trial in _without_post(scene, trip))
    else:
        units = [unit for unit, trip in scene.trip_of.items() if scene.case.unit[unit].place == subject.id]
        yield from _other_dates(scene, units, trips)
        yield from _other_vehicles(scene, units, trips, subject.id)
        if place.parent is not None:
            yield from _other_path(scene, place.parent)


def _other_arrival(scene: _Scene, ppk: str, trips: list[Trip]) -> Iterator[Trial]:
    """Yield other dates of arrival for all that a PPK gets from the warehouse."""
    used = {trip.date for trip in trips}
    for day in scene.dates(trips[0]):
        if used != {day}:
            fixed = scene.case.strategy.date_by_place | {ppk: day}
            problem = changed_strategy(scene.case.problem, scene.strategy, date_by_place=fixed)
            says = f"{scene.case.place[ppk].name} dikirim {day:%d-%m-%Y}"
            yield Trial("tanggal", says, problem, scene.scope(trips))


def _other_dates(scene: _Scene, units: list[str], trips: list[Trip]) -> Iterator[Trial]:
    used = {trip.date for trip in trips if any(unit in stop.units for stop in trip.stops for unit in units)}
    last = max(trips, key=lambda trip: trip.load_at)
    for day in scene.dates(last):
        if used != {day}:
            places = {scene.case.unit[unit].place for unit in units}
            undated = without_dates(scene.case.problem, scene.strategy, places)
            problem = pinned(undated, units, date=day)
            beside = scene.nearest_on(day, places, last.origin)
            scope = scene.scope([*trips, *beside], places)
            yield Trial("tanggal", f"Berangkat {day:%d-%m-%Y}", problem, scope)


def _other_vehicles(scene: _Scene, units: list[str], trips: list[Trip], place: str) -> Iterator[Trial]:
    used = {trip.vehicle for trip in trips}
    origin = trips[-1].origin
    for vehicle in _vehicles_to_try(scene, used, origin, place):
        at_work = [trip for trip in scene.plan.trips if trip.vehicle == vehicle]
        days = {trip.date for trip in trips}
        near = [trip for trip in at_work if trip.date in days]
        problem = pinned(scene.case.problem, units, vehicle=vehicle)
        yield Trial(
            "kendaraan",
            f"Dengan {vehicle} ({scene.case.type_of(vehicle).name})",
            problem,
            scene.scope([*trips, *near], [place]),
        )


def _vehicles_to_try(scene: _Scene, used: set[str], origin: str, place: str) -> list[str]:
    """Return other vehicles that may start there: the nearest at work of the same kind, one of each other."""
    case = scene.case
    starts = {trip.vehicle: trip.origin for trip in scene.plan.trips}
    free_at = origin if case.origin_kind(origin) == "gudang" else None
    may = [
        name
        for name in case.strategy.vehicles
        if name not in used
        and starts.get(name, case.vehicle[name].home or free_at) == origin
        and case.type_of(name).vehicle_class in case.place[place].access
    ]
    metres = next(iter(case.matrices.values()))[DRIVE_M]
    row = case.row[place]
    far = {
        name: min(
            (
                int(metres[case.row[stop.place], row])
                for trip in scene.plan.trips
                if trip.vehicle == name
                for stop in trip.stops
            ),
            default=2**31,
        )
        for name in may
    }
    may.sort(key=lambda name: (far[name], name))
    kinds = {case.vehicle[name].type for name in used}
    same = [name for name in may if case.vehicle[name].type in kinds][:SAME_KIND_MAX]
    others = {case.vehicle[name].type: name for name in reversed(may) if case.vehicle[name].type not in kinds}
    return [*same, *others.values()]


def _other_path(scene: _Scene, ppk: str) -> Iterator[Trial]:
    """Yield the other path of all PPS of a kecamatan that take the same one now."""
    case = scene.case
    inside = [place for place in case.problem.places if place.kind == "pps" and place.parent == ppk]
    now = {place.id: case.strategy.path_by_place.get(place.id, case.strategy.path) for place in inside}
    for path in sorted(set(now.values())):
        chosen = {place for place, taken in now.items() if taken == path}
        units = {unit.id for unit in case.problem.units if unit.place in chosen}
        trips = [
            trip for trip in scene.plan.trips if any(units.intersection(stop.units) for stop in trip.stops)
        ]
        problem = other_path(case.problem, scene.strategy, chosen, OTHER_PATH[path])
        area = case.place[ppk].name.removeprefix("PPK ")
        says = f"Kecamatan {area} {PATH_WORDS[OTHER_PATH[path]]} ({len(chosen)} PPS)"
        yield Trial("jalur", says, problem, scene.scope(trips, chosen))


def _for_path(scene: _Scene, subject: Subject) -> Iterator[Trial]:
    yield from _other_path(scene, subject.id)


def _for_trip(scene: _Scene, subject: Subject) -> Iterator[Trial]:
    trip = next(each for each in scene.plan.trips if each.id == subject.id)
    yield from _without_post(scene, trip)
    units = [unit for stop in trip.stops for unit in stop.units]
    last = [unit for unit in units if scene.trip_of[unit].id == trip.id]
    if len(last) == len(units):
        yield from _other_dates(scene, units, [trip])


def _without_post(scene: _Scene, trip: Trip) -> Iterator[Trial]:
    """Yield the plan without a trip's vehicle on that date."""
    vehicles = tuple(
        replace(each, dates=tuple(day for day in each.dates if day != trip.date))
        if each.id == trip.vehicle
        else each
        for each in scene.case.problem.vehicles
    )
    says = f"Tanpa {trip.vehicle} pada {trip.date:%d-%m-%Y}"
    problem = replace(scene.case.problem, vehicles=vehicles)
    yield Trial("kendaraan", says, problem, scene.scope([trip]))


def _for_vehicle(scene: _Scene, subject: Subject) -> Iterator[Trial]:
    case, mine = scene.case, [trip for trip in scene.plan.trips if trip.vehicle == subject.id]
    vehicle = case.vehicle[subject.id]
    others = tuple(name for name in case.strategy.vehicles if name != subject.id)
    without = changed_strategy(case.problem, scene.strategy, vehicles=others)
    home = vehicle.home or (mine[0].origin if mine else case.strategy.warehouses[0])
    scope = scene.scope(mine, [] if mine else [home])
    if mine:
        yield Trial("kendaraan", f"Tanpa {subject.id}", without, scope)
    more = one_more_vehicle(case.problem, scene.strategy, vehicle, home)
    yield Trial("kendaraan", f"Satu {case.type[vehicle.type].name} lagi", more, scope)
    if mine:
        for like in _one_of_each_other_kind(case, vehicle):
            instead = one_more_vehicle(without, scene.strategy, like, home)
            says = f"Tanpa {subject.id}, satu {case.type[like.type].name} lagi"
            yield Trial("kendaraan", says, instead, scope)


def _one_of_each_other_kind(case: Case, vehicle: Vehicle) -> list[Vehicle]:
    found = {
        case.vehicle[name].type: case.vehicle[name]
        for name in reversed(case.strategy.vehicles)
        if case.vehicle[name].type != vehicle.type
    }
    return [found[kind] for kind in sorted(found)]


def _for_day(scene: _Scene, subject: Subject) -> Iterator[Trial]:
    case, day = scene.case, date.fromisoformat(subject.id)
    kept = {
        kind: tuple(each for each in dates if each != day)
        for kind, dates in case.strategy.dates_by_origin.items()
    }
    mine = [trip for trip in scene.plan.trips if trip.date == day]
    fixed = {place: each for place, each in case.strategy.date_by_place.items() if each != day}
    problem = changed_strategy(case.problem, scene.strategy, dates_by_origin=kept, date_by_place=fixed)
    if mine:
        yield Trial("tanggal", f"Tanpa {day:%d-%m-%Y}", problem, scene.scope(mine))
    for kind, dates in case.strategy.dates_by_origin.items():
        if dates:
            leaves = [trip for trip in mine if case.origin_kind(trip.origin) == kind]
            for new in (min(dates) - timedelta(days=1), max(dates) + timedelta(days=1)):
                if new <= case.eve and leaves:
                    says = f"Berangkat juga {new:%d-%m-%Y} dari {'gudang' if kind == 'gudang' else 'PPK'}"
                    grown = another_day(case.problem, scene.strategy, kind, new)
                    yield Trial("tanggal", says, grown, scene.scope(leaves))


def _for_warehouse(scene: _Scene, subject: Subject) -> Iterator[Trial]:
    case, everything = scene.case, (frozenset(trip.id for trip in scene.plan.trips),)
    open_now, own = case.strategy.warehouses, case.place[subject.id].name
    if subject.id not in open_now:
        yield Trial(
            "gudang", f"Juga dari {own}", also_from(case.problem, scene.strategy, subject.id), everything
        )
        return
    for place in case.problem.places:
        if place.kind == "gudang" and place.id not in open_now:
            problem = moved_warehouse(case.problem, scene.strategy, subject.id, place.id)
            yield Trial("gudang", f"{place.name} sebagai ganti {own}", problem, everything)
    if len(open_now) > 1:
        fewer = tuple(each for each in open_now if each != subject.id)
        problem = changed_strategy(case.problem, scene.strategy, warehouses=fewer)
        yield Trial("gudang", f"Tanpa {own}", problem, everything)
