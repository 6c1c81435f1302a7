"""What an office could loosen so that sets left behind find a place, each as a change of the problem."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tepat.distribution.case import Case
from tepat.distribution.problems import Path, PlaceKind, Problem, Unit, Vehicle, VehicleClass
from tepat.distribution.reasons import widening
from tepat.distribution.reasons.widening import OTHER_PATH, PATH_WORDS

HOUR_S = 3600
NAMES_SHOWN_MAX = 3
"""Places named in one sentence; of more, the number."""


@dataclass(frozen=True)
class Relaxation:
    """One thing an office could decide.

    Args:
        kind: What is loosened.
        says: The decision in the office's words.
        apply: Returns the problem with it.
        priced: Whether the price list knows what it costs; if not, only what follows from it is in the price.
        again: Whether it can be decided twice over, as one vehicle more and another.
    """

    kind: str
    says: str
    apply: Callable[[Problem], Problem]
    priced: bool = True
    again: bool = False


def relaxations(case: Case, units: Sequence[str]) -> tuple[Relaxation, ...]:
    """Return what could be loosened for units left behind, each of which changes the problem.

    Args:
        case: The plan's problem and strategy.
        units: The units to serve.
    """
    asked = [case.unit[unit] for unit in units]
    makers = (_vehicles, _hours, _receiving, _days, _paths, _warehouses, _access, _bonds, _stores, _teams)
    found = (each for maker in makers for each in maker(case, asked))
    return tuple(each for each in found if each.apply(case.problem) != case.problem)


def _places(units: Sequence[Unit]) -> list[str]:
    return list(dict.fromkeys(unit.place for unit in units))


def _names(case: Case, places: Sequence[str]) -> str:
    if len(places) > NAMES_SHOWN_MAX:
        return f"{len(places)} tempat"
    return ", ".join(case.place[place].name for place in places)


def _origins(case: Case, units: Sequence[Unit]) -> list[str]:
    """Return the places from which vehicles leave for these units, warehouses first."""
    found = list(case.strategy.warehouses)
    over = [unit for unit in units if case.path(unit) == "lewat-ppk"]
    parents = [case.place[unit.place].parent for unit in over]
    return [*found, *dict.fromkeys(parent for parent in parents if parent is not None)]


def _vehicles(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    """Yield one more vehicle of each kind at each origin; a kind nobody drives yet is no offer."""
    strategy = case.strategy.name
    likes = {vehicle.type: vehicle for vehicle in reversed(case.problem.vehicles)}
    likes |= {case.vehicle[name].type: case.vehicle[name] for name in reversed(case.strategy.vehicles)}
    for origin in _origins(case, units):
        for kind in sorted(likes):
            like = likes[kind]

            def apply(problem: Problem, like: Vehicle = like, origin: str = origin) -> Problem:
                return widening.one_more_vehicle(problem, strategy, like, origin)

            if case.type[kind].vehicle_class in case.place[origin].access:
                says = f"satu {case.type[kind].name} lagi dari {case.place[origin].name}"
                yield Relaxation("kendaraan", says, apply, again=True)


def _hours(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    del units
    strategy = case.strategy.name
    yield Relaxation(
        "jam",
        "kendaraan dan gudang mulai 1 jam lebih awal",
        lambda problem: widening.longer_work(problem, strategy, earlier_s=HOUR_S),
        priced=False,
    )
    yield Relaxation(
        "jam",
        "kendaraan dan gudang selesai 1 jam lebih lama",
        lambda problem: widening.longer_work(problem, strategy, later_s=HOUR_S),
        priced=False,
    )


def _receiving(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    places = _places(units)
    yield Relaxation(
        "jam terima",
        f"{_names(case, places)} menerima 1 jam lebih awal dan 1 jam lebih lama",
        lambda problem: widening.longer_receiving(problem, places, HOUR_S),
        priced=False,
    )


def _days(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    """Yield a date before the first and after the last on which vehicles drive, up to H-1."""
    strategy = case.strategy.name
    kinds = dict.fromkeys(case.place[origin].kind for origin in _origins(case, units))
    for kind in kinds:
        dates = case.strategy.dates_by_origin.get(kind, ())
        for day in (min(dates) - timedelta(days=1), max(dates) + timedelta(days=1)) if dates else ():

            def apply(problem: Problem, kind: PlaceKind = kind, day: date = day) -> Problem:
                return widening.another_day(problem, strategy, kind, day)

            if day <= case.eve:
                says = f"berangkat juga {day:%d-%m-%Y} dari {'gudang' if kind == 'gudang' else 'PPK'}"
                yield Relaxation("hari", says, apply)


def _paths(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    """Yield the other path for the places, each kind of path by itself."""
    strategy = case.strategy.name
    pps = [unit for unit in units if case.place[unit.place].kind == "pps" and case.place[unit.place].parent]
    for path in sorted({case.path(unit) for unit in pps}):
        places = _places([unit for unit in pps if case.path(unit) == path])

        def apply(
            problem: Problem, places: Sequence[str] = places, other: Path = OTHER_PATH[path]
        ) -> Problem:
            return widening.other_path(problem, strategy, places, other)

        yield Relaxation("jalur", f"{_names(case, places)} {PATH_WORDS[OTHER_PATH[path]]}", apply)


def _warehouses(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    del units
    strategy = case.strategy.name
    for place in case.problem.places:
        if place.kind == "gudang" and place.id not in case.strategy.warehouses:

            def apply(problem: Problem, warehouse: str = place.id) -> Problem:
                return widening.also_from(problem, strategy, warehouse)

            yield Relaxation("gudang", f"berangkat juga dari {place.name}", apply)


def _access(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    """Yield places opened to each class of vehicles that the strategy has and they don't admit."""
    classes: list[VehicleClass] = sorted(
        {case.type_of(vehicle).vehicle_class for vehicle in case.strategy.vehicles}
    )
    for vehicle_class in classes:
        places = [place for place in _places(units) if vehicle_class not in case.place[place].access]

        def apply(
            problem: Problem, places: Sequence[str] = places, to: VehicleClass = vehicle_class
        ) -> Problem:
            return widening.opened_to(problem, places, to)

        says = f"{vehicle_class} boleh masuk {_names(case, places)}"
        yield Relaxation("akses", says, apply, priced=False)


def _bonds(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    """Yield pins and fixed dates undone."""
    ids, places, strategy = {unit.id for unit in units}, _places(units), case.strategy.name
    parents = [case.place[place].parent for place in places]
    dated = [*places, *dict.fromkeys(parent for parent in parents if parent is not None)]
    yield Relaxation(
        "sematan",
        f"sematan set untuk {_names(case, places)} dilepas",
        lambda problem: widening.without_pins(problem, ids),
    )
    yield Relaxation(
        "tanggal tetap",
        f"tanggal tetap untuk {_names(case, places)} dilepas",
        lambda problem: widening.without_dates(problem, strategy, dated),
    )


def _stores(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    places = _places(units)
    parents = [case.place[place].parent for place in places]
    stores = [*places, *dict.fromkeys(parent for parent in parents if parent is not None)]
    yield Relaxation(
        "tempat simpan",
        f"tempat simpan di {_names(case, stores)} diperluas",
        lambda problem: widening.roomier_store(problem, stores),
        priced=False,
    )


def _teams(case: Case, units: Sequence[Unit]) -> Iterator[Relaxation]:
    del case
    if any(unit.kind == "tps" for unit in units):
        yield Relaxation(
            "regu",
            "satu regu lagi di tiap PPS pada H-1",
            widening.one_more_team,
            priced=False,
            again=True,
        )


def relaxed(problem: Problem, chosen: Sequence[Relaxation]) -> Problem:
    """Return a problem with several things loosened, one after another."""
    for each in chosen:
        problem = each.apply(problem)
    return problem
