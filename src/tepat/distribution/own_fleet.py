"""A problem with the office's own vehicles and warehouses in the place of the examples; pure.

The builder makes a problem with an example fleet. Here the pools of the usual fleet and of rentable trucks
are taken out and the vehicles of the office's list put in, with their own measures, rents and rupiah per km.
What the list does not say (loading times, crews, escorts) comes from the example type that is most like them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace

from tepat.distribution.building.fleet import person_id, type_settings
from tepat.distribution.problems import Escort, Person, Price, Problem, Vehicle, VehicleClass, VehicleType

OWN_OWNER = "sewa kantor"
LARGE_BOXES_MIN = 80
EXAMPLE_SENTENCE = "Armada, jam kerja"
SOURCE = "daftar kendaraan kantor"
WAREHOUSE_SENTENCE = "Letak, ukuran dan hasil survei calon gudang"
WAREHOUSE_SOURCE = "daftar gudang kantor"
PRICED = frozenset({"vehicle_day", "vehicle_km", "vehicle_box"})


@dataclass(frozen=True)
class OwnVehicle:
    """One vehicle of the office's list.

    Args:
        plate: Its number plate.
        vehicle_class: How it is taken on roads.
        boxes_max: Upright boxes it carries.
        volume_ml: Volume of its bed; None = as the like example.
        weight_g: What it may carry; None = as the like example.
        rent_rupiah: Rent a day; None = the example price.
        rupiah_per_km: Rupiah per km; None = the example price.
        owner: A firm or an office, or empty.
        driver: The driver's random id, or empty.
        days: Dates on which it can be had; empty = all.
    """

    plate: str
    vehicle_class: VehicleClass
    boxes_max: int
    volume_ml: int | None = None
    weight_g: int | None = None
    rent_rupiah: int | None = None
    rupiah_per_km: int | None = None
    owner: str = ""
    driver: str = ""
    days: tuple[date, ...] = ()


@dataclass
class _Own:
    """The office's part of a problem while it is made."""

    types: dict[str, VehicleType] = field(default_factory=dict)
    like: dict[str, str] = field(default_factory=dict)
    first: dict[str, OwnVehicle] = field(default_factory=dict)
    vehicles: list[Vehicle] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    escorts: list[Escort] = field(default_factory=list)


def with_own_fleet(problem: Problem, listed: Sequence[OwnVehicle]) -> Problem:
    """Return a problem in which the office's vehicles replace the example ones.

    Vehicles of PPK, of the carrier, and those that really drove stay. A vehicle of a class without travel
    times stays out and is named among what is not real.

    Args:
        problem: As the builder made it.
        listed: The office's vehicles; none leaves the problem as it is.
    """
    classes = {matrix.vehicle_class for matrix in problem.matrices}
    usable = [vehicle for vehicle in listed if vehicle.vehicle_class in classes]
    if not usable:
        return problem
    out = _replaced(problem)
    example = next(vehicle for vehicle in problem.vehicles if vehicle.id in out)
    own = _Own()
    for vehicle in usable:
        _add(own, vehicle, example)
    kept = tuple(vehicle for vehicle in problem.vehicles if vehicle.id not in out)
    types = _types(problem, kept, own)
    held = {part for vehicle in kept for part in (vehicle.driver, vehicle.in_charge, vehicle.deputy)}
    escorts = {vehicle.escort for vehicle in kept}
    ids = tuple(vehicle.id for vehicle in own.vehicles)
    return replace(
        problem,
        contoh=_sentences(problem.contoh, len(usable), len(listed) - len(usable)),
        vehicle_types=tuple(types.values()),
        vehicles=(*own.vehicles, *kept),
        people=(*own.people, *(person for person in problem.people if person.id in held)),
        escorts=(*own.escorts, *(escort for escort in problem.escorts if escort.id in escorts)),
        prices=_prices(problem.prices, types, own),
        strategies=tuple(
            replace(one, vehicles=(*ids, *(name for name in one.vehicles if name not in out)))
            if out & set(one.vehicles)
            else one
            for one in problem.strategies
        ),
    )


def _replaced(problem: Problem) -> set[str]:
    """Return the example vehicles of the office that only plans, and not the baseline, use."""
    own_types = {kind.id for kind in problem.vehicle_types if kind.owner == OWN_OWNER}
    real = {name for one in problem.strategies if one.baseline for name in one.vehicles}
    return {vehicle.id for vehicle in problem.vehicles if vehicle.type in own_types} - real


def _add(own: _Own, vehicle: OwnVehicle, example: Vehicle) -> None:
    settings = type_settings()[example_type(vehicle)]
    measures = (vehicle.vehicle_class, vehicle.boxes_max, vehicle.volume_ml, vehicle.weight_g)
    money = (vehicle.rent_rupiah, vehicle.rupiah_per_km, vehicle.owner)
    digest = hashlib.sha256(repr((measures, money)).encode()).hexdigest()[:8]
    kind = f"kantor-{vehicle.vehicle_class}-{vehicle.boxes_max}-{digest}"
    own.like[kind] = settings.id
    own.first.setdefault(kind, vehicle)
    own.types.setdefault(
        kind,
        VehicleType(
            id=kind,
            name=f"{vehicle.vehicle_class.capitalize()} kantor, {vehicle.boxes_max} kotak",
            vehicle_class=vehicle.vehicle_class,
            boxes_max=vehicle.boxes_max,
            volume_ml_max=vehicle.volume_ml or settings.volume_ml_max,
            weight_g_max=vehicle.weight_g or settings.weight_g_max,
            load_fixed_s=settings.load_fixed_s,
            load_s_per_box=settings.load_s_per_box,
            unload_s_per_box=settings.unload_s_per_box,
            owner=vehicle.owner or OWN_OWNER,
        ),
    )
    name = vehicle.plate.replace(" ", "-")
    crew = [Person(id=person_id(name, post), label=post.format(vehicle=name)) for post in settings.crew]
    if vehicle.driver:
        crew[0] = Person(id=vehicle.driver, label=crew[0].label)
    escort = Escort(id=f"KAWAL-{name}", label=f"Pengawal Polri {name}")
    own.people += crew
    own.escorts.append(escort)
    dates = tuple(day for day in example.dates if day in vehicle.days) if vehicle.days else example.dates
    own.vehicles.append(
        Vehicle(
            id=name,
            type=kind,
            home=None,
            hours=example.hours,
            dates=dates,
            driver=crew[0].id,
            in_charge=crew[1].id,
            deputy=crew[2].id,
            escort=escort.id,
        )
    )


def example_type(vehicle: OwnVehicle) -> str:
    """Return the example type that is most like a vehicle: what its list leaves out is taken from there."""
    if vehicle.vehicle_class != "truk":
        return "pikap"
    return "truk-cdd" if vehicle.boxes_max >= LARGE_BOXES_MIN else "truk-cde"


def _types(problem: Problem, kept: Sequence[Vehicle], own: _Own) -> dict[str, VehicleType]:
    used = {vehicle.type for vehicle in kept}
    return {**own.types, **{kind.id: kind for kind in problem.vehicle_types if kind.id in used}}


def _prices(prices: Sequence[Price], types: Mapping[str, VehicleType], own: _Own) -> tuple[Price, ...]:
    """Return the lines with those of the own types; lines that apply to no type any more go."""
    found = []
    for price in prices:
        if price.basis not in PRICED or not price.applies_to:
            found.append(price)
            continue
        still = tuple(name for name in price.applies_to if name in types)
        if still:
            found.append(replace(price, applies_to=still))
        found += [
            _own_price(price, types[kind], own.first[kind])
            for kind, like in own.like.items()
            if like in price.applies_to
        ]
    return tuple(found)


def _own_price(price: Price, kind: VehicleType, vehicle: OwnVehicle) -> Price:
    given = {"vehicle_day": vehicle.rent_rupiah, "vehicle_km": vehicle.rupiah_per_km}.get(price.basis)
    line = replace(
        price, id=f"{price.id}-{kind.id}", label=f"{price.label}: {kind.name}", applies_to=(kind.id,)
    )
    return line if given is None else replace(line, rupiah=given, contoh=False, source=SOURCE)


def _sentences(contoh: Sequence[str], used: int, unused: int) -> tuple[str, ...]:
    sentence = (
        f"Armada dari daftar kantor ({used} kendaraan); armada penyedia dan PPK, jam kerja, awak dan "
        "pengawal contoh; nomor telepon pengawal belum ada."
    )
    changed = tuple(sentence if line.startswith(EXAMPLE_SENTENCE) else line for line in contoh)
    return (
        (*changed, f"{unused} kendaraan tanpa waktu tempuh menurut jenisnya tidak dipakai.")
        if unused
        else changed
    )


@dataclass(frozen=True)
class WarehouseMoney:
    """What the office's list says a warehouse costs, for the whole time; None = the example price."""

    rent_rupiah: int | None = None
    repair_rupiah: int | None = None


def with_own_warehouses(problem: Problem, money: Mapping[str, WarehouseMoney], unused: int) -> Problem:
    """Return a problem whose warehouses, which are the office's, cost what its list says.

    Args:
        problem: Built with the office's warehouses.
        money: By the warehouse's id in the problem; none leaves the problem as it is.
        unused: Listed warehouses beyond those that can be compared.
    """
    if not money:
        return problem
    given: dict[str, int | None] = {}
    for name, costs in money.items():
        number = name.removeprefix("GUDANG-")
        given[f"gudang-{number}-sewa"] = costs.rent_rupiah
        given[f"gudang-{number}-perbaikan"] = costs.repair_rupiah
    prices = []
    for price in problem.prices:
        rupiah = given.get(price.id)
        own = rupiah is not None
        prices.append(replace(price, rupiah=rupiah, contoh=False, source=WAREHOUSE_SOURCE) if own else price)
    sentences = [line for line in problem.contoh if not line.startswith(WAREHOUSE_SENTENCE)]
    sentences.append("Calon gudang dari daftar kantor; jumlah dok contoh di mana belum disurvei.")
    if unused:
        sentences.append(f"{unused} calon gudang lain dari daftar kantor belum dibandingkan.")
    return replace(problem, prices=tuple(prices), contoh=tuple(sentences))
