"""Terms of a problem loosened, one at a time: what an office could decide so that more fits."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tepat.distribution.problems import (
    Day,
    Escort,
    Interval,
    Path,
    Person,
    Pin,
    Place,
    PlaceKind,
    Problem,
    Strategy,
    Vehicle,
    VehicleClass,
)
from tepat.distribution.reasons.trying import changed_strategy

POSTS = {"driver": "pengemudi", "in_charge": "penanggung jawab", "deputy": "wakil"}
ADDED = "TAMBAHAN"
DAY = timedelta(days=1)

PATH_WORDS: dict[Path, str] = {"langsung": "langsung ke PPS", "lewat-ppk": "lewat PPK"}
OTHER_PATH: dict[Path, Path] = {"langsung": "lewat-ppk", "lewat-ppk": "langsung"}


def strategy_of(problem: Problem, name: str) -> Strategy:
    """Return a strategy by name."""
    return next(each for each in problem.strategies if each.name == name)


def one_more_vehicle(problem: Problem, strategy: str, like: Vehicle, home: str) -> Problem:
    """Return a problem with one more vehicle of a kind, manned by people of its own.

    Args:
        problem: The problem.
        strategy: The strategy that may use it.
        like: Whose type, hours and escort rule it has.
        home: Where it starts.
    """
    there = {vehicle.id for vehicle in problem.vehicles}
    number = next(each for each in range(1, len(there) + 2) if f"{ADDED}-{like.type}-{each}" not in there)
    name = f"{ADDED}-{like.type}-{number}"
    crew = {post: f"{name}-{words.replace(' ', '-')}" for post, words in POSTS.items() if getattr(like, post)}
    people = tuple(Person(id=each, label=f"{POSTS[post]} {name}") for post, each in crew.items())
    escort = f"{name}-pengawal" if like.escort is not None else None
    escorts = (Escort(id=escort, label=f"Pengawal {name}"),) if escort else ()
    chosen = strategy_of(problem, strategy)
    kind = next(place.kind for place in problem.places if place.id == home)
    dates = tuple(sorted({*like.dates, *chosen.dates_by_origin.get(kind, ())}))
    added = replace(like, id=name, home=home, dates=dates, escort=escort, **crew)
    grown = replace(
        problem,
        vehicles=(*problem.vehicles, added),
        people=(*problem.people, *people),
        escorts=(*problem.escorts, *escorts),
    )
    return changed_strategy(grown, strategy, vehicles=(*chosen.vehicles, name))


def longer_work(problem: Problem, strategy: str, *, earlier_s: int = 0, later_s: int = 0) -> Problem:
    """Return a problem in which the vehicles of a strategy, and where they load, work longer each day."""
    chosen = strategy_of(problem, strategy)
    drive = set(chosen.vehicles)
    grown = _with_hours(problem, earlier_s, later_s, lambda place: place.kind in {"gudang", "ppk"})
    names = {vehicle.hours for vehicle in problem.vehicles if vehicle.id in drive}
    named = {name: f"{name}/{earlier_s}+{later_s}" for name in names}
    hours = {new: _longer(problem, name, earlier_s, later_s) for name, new in named.items()}
    vehicles = tuple(
        replace(vehicle, hours=named[vehicle.hours]) if vehicle.id in drive else vehicle
        for vehicle in problem.vehicles
    )
    return replace(grown, vehicles=vehicles, hours=grown.hours | hours)


def longer_receiving(problem: Problem, places: Collection[str], wider_s: int) -> Problem:
    """Return a problem in which places receive earlier and later by so many seconds each day."""
    return _with_hours(problem, wider_s, wider_s, lambda place: place.id in places)


def _with_hours(problem: Problem, earlier_s: int, later_s: int, chosen: Callable[[Place], bool]) -> Problem:
    names = {place.hours for place in problem.places if chosen(place)}
    named = {name: f"{name}/{earlier_s}+{later_s}" for name in names}
    hours = {new: _longer(problem, name, earlier_s, later_s) for name, new in named.items()}
    places = tuple(
        replace(place, hours=named[place.hours]) if chosen(place) else place for place in problem.places
    )
    return replace(problem, places=places, hours=problem.hours | hours)


def _longer(problem: Problem, name: str, earlier_s: int, later_s: int) -> tuple[Interval, ...]:
    """Return hours whose first stretch of each local date begins earlier and whose last one ends later.

    Stretches never run into the ones before and after them.
    """
    zone = ZoneInfo(problem.office.time_zone)
    ordered = sorted(problem.hours[name], key=lambda each: each.opens_at)
    dates = [_local(each.opens_at, zone) for each in ordered]
    found: list[Interval] = []
    for number, each in enumerate(ordered):
        first = number == 0 or dates[number - 1] != dates[number]
        last = number == len(ordered) - 1 or dates[number + 1] != dates[number]
        opens = each.opens_at - timedelta(seconds=earlier_s if first else 0)
        closes = each.closes_at + timedelta(seconds=later_s if last else 0)
        if found:
            opens = max(opens, found[-1].closes_at)
        if number + 1 < len(ordered):
            closes = max(each.closes_at, min(closes, ordered[number + 1].opens_at))
        found.append(Interval(opens_at=opens, closes_at=closes))
    return tuple(found)


def _local(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def another_day(problem: Problem, strategy: str, kind: PlaceKind, day: date) -> Problem:
    """Return a problem in which vehicles of one kind of origin may also drive on a date.

    Where a list of hours has nothing on that date, it gets those of its nearest date; the weather likewise.
    The teams from PPS to KPPS work as before.
    """
    zone = ZoneInfo(problem.office.time_zone)
    chosen = strategy_of(problem, strategy)
    days = problem.days
    if days and day not in {each.date for each in days}:
        near = min(days, key=lambda each: (abs((each.date - day).days), each.date))
        added = Day(date=day, weather=near.weather, note="ditambah")
        days = tuple(sorted((*days, added), key=lambda each: each.date))
    dates = chosen.dates_by_origin | {kind: tuple(sorted({*chosen.dates_by_origin.get(kind, ()), day}))}
    own = f"{problem.last_mile.hours}/kpps"
    hours = {name: _on_day(each, day, zone) for name, each in problem.hours.items()}
    grown = replace(
        problem,
        days=days,
        hours=hours | {own: problem.hours[problem.last_mile.hours]},
        last_mile=replace(problem.last_mile, hours=own),
        vehicles=tuple(
            replace(vehicle, dates=tuple(sorted({*vehicle.dates, day})))
            if vehicle.id in chosen.vehicles
            else vehicle
            for vehicle in problem.vehicles
        ),
    )
    return changed_strategy(grown, strategy, dates_by_origin=dates)


def _on_day(hours: tuple[Interval, ...], day: date, zone: ZoneInfo) -> tuple[Interval, ...]:
    dates = {_local(each.opens_at, zone) for each in hours}
    if not dates or day in dates:
        return hours
    near = min(dates, key=lambda each: (abs((each - day).days), each))
    moved = [
        Interval(opens_at=each.opens_at + (day - near), closes_at=each.closes_at + (day - near))
        for each in hours
        if _local(each.opens_at, zone) == near
    ]
    return tuple(sorted((*hours, *moved), key=lambda each: each.opens_at))


def other_path(problem: Problem, strategy: str, places: Collection[str], path: Path) -> Problem:
    """Return a problem in which places are reached over another path.

    The vehicles of their PPK join the strategy, and where it has no dates from a PPK yet, the last three
    before the poll.
    """
    chosen = strategy_of(problem, strategy)
    parents = {place.parent for place in problem.places if place.id in places}
    local = [each.id for each in problem.vehicles if each.home in parents and each.id not in chosen.vehicles]
    dates = chosen.dates_by_origin
    if path == "lewat-ppk" and not dates.get("ppk"):
        polling = problem.election.polling_date
        known = [each.date for each in problem.days if timedelta(0) < polling - each.date <= 3 * DAY]
        dates = dates | {"ppk": tuple(sorted(known))}
    return changed_strategy(
        problem,
        strategy,
        path_by_place=chosen.path_by_place | dict.fromkeys(places, path),
        vehicles=(*chosen.vehicles, *(local if path == "lewat-ppk" else ())),
        dates_by_origin=dates,
    )


def also_from(problem: Problem, strategy: str, warehouse: str) -> Problem:
    """Return a problem in which one more warehouse is open."""
    chosen = strategy_of(problem, strategy)
    return changed_strategy(problem, strategy, warehouses=(*chosen.warehouses, warehouse))


def moved_warehouse(problem: Problem, strategy: str, old: str, new: str) -> Problem:
    """Return a problem in which all that a warehouse has, with its vehicles, is at another."""
    chosen = strategy_of(problem, strategy)
    moved = replace(
        problem,
        vehicles=tuple(replace(each, home=new) if each.home == old else each for each in problem.vehicles),
        units=tuple(replace(each, origin=new) if each.origin == old else each for each in problem.units),
    )
    warehouses = tuple(new if each == old else each for each in chosen.warehouses)
    return changed_strategy(moved, strategy, warehouses=warehouses)


def opened_to(problem: Problem, places: Collection[str], vehicle_class: VehicleClass) -> Problem:
    """Return a problem in which a class of vehicles may enter places."""
    return _with_places(problem, places, lambda place: replace(place, access=(*place.access, vehicle_class)))


def roomier_store(problem: Problem, places: Collection[str]) -> Problem:
    """Return a problem in which places hold whatever comes."""
    return _with_places(problem, places, lambda place: replace(place, boxes_max=None))


def _with_places(problem: Problem, places: Collection[str], change: Callable[[Place], Place]) -> Problem:
    return replace(
        problem,
        places=tuple(change(place) if place.id in places else place for place in problem.places),
    )


def one_more_team(problem: Problem) -> Problem:
    """Return a problem with one more team at each PPS on H-1."""
    return replace(problem, last_mile=replace(problem.last_mile, teams=problem.last_mile.teams + 1))


def without_pins(problem: Problem, units: Collection[str]) -> Problem:
    """Return a problem in which units are bound by no pin."""
    return replace(problem, pins=tuple(pin for pin in problem.pins if pin.unit not in units))


def without_dates(problem: Problem, strategy: str, places: Collection[str]) -> Problem:
    """Return a problem in which a strategy fixes no date for places."""
    dates = strategy_of(problem, strategy).date_by_place
    kept = {place: day for place, day in dates.items() if place not in places}
    return changed_strategy(problem, strategy, date_by_place=kept)


def pinned(problem: Problem, units: Iterable[str], **terms: object) -> Problem:
    """Return a problem in which units are pinned, in the place of what bound them so."""
    pins = {pin.unit: pin for pin in problem.pins}
    for unit in units:
        pins[unit] = replace(pins.get(unit, Pin(unit=unit)), **terms)
    return replace(problem, pins=tuple(pins.values()))
