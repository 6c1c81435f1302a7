"""The example fleet: vehicle types, and so many vehicles that the demand can be carried in time."""

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from tepat.common.quantities import ceil_div
from tepat.distribution.building.places import STOP_S
from tepat.distribution.problems import Bed, Escort, Person, Vehicle, VehicleClass, VehicleType

VEHICLES_MAX = 2_000
"""Vehicles of one pool; more is a demand that no office drives."""

DIRECT_DAYS = 4
PPK_DAYS_TENTHS = 20
"""Days of work that PPK vehicles count on, in tenths: H-3 and H-2; the morning of H-1 is spare."""

WASTE_PERCENT = 115
"""What trips that are not full, and days that are not, take beside the bare work."""


class TypeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of `fleet.toml`; the fields of `VehicleType`, and what vehicles of the type have in common.

    Args:
        prefix: Start of its vehicles' ids.
        crew: Posts of driver, person in charge and deputy.
        escorted: Whether an escort is foreseen for each vehicle.
        source: Where its measures come from.
        bed: Where boxes stand in it.
    """

    id: str
    name: str
    prefix: str
    vehicle_class: VehicleClass
    boxes_max: int
    volume_ml_max: int
    weight_g_max: int
    load_fixed_s: int
    load_s_per_box: int
    unload_s_per_box: int
    owner: str
    crew: tuple[str, str, str]
    escorted: bool
    source: str
    bed: Bed


@cache
def type_settings() -> dict[str, TypeSettings]:
    """Return the vehicle types that come with Tepat, by id."""
    text = (resources.files(__package__) / "fleet.toml").read_text(encoding="utf-8")
    rows = msgspec.convert(tomllib.loads(text)["types"], tuple[TypeSettings, ...])
    return {row.id: row for row in rows}


class Counts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many vehicles an area has.

    Args:
        cdd: CDD of the office's usual fleet.
        cde: CDE of it.
        pikap: Pick-ups of it.
        reserve: CDD that can be rented beside it.
        carrier_cdd: CDD of the carrier that is paid per box.
        carrier_pikap: Pick-ups of that carrier.
    """

    cdd: int
    cde: int
    pikap: int
    reserve: int
    carrier_cdd: int
    carrier_pikap: int


@dataclass(frozen=True)
class Load:
    """What one place takes and how far it is.

    Args:
        boxes: Boxes it takes.
        drive_s: Seconds from the origin; negative where no road leads.
    """

    boxes: int
    drive_s: int


@dataclass
class Fleet:
    """Vehicles by pool, with their crews and escorts. Strategies name pools."""

    types: dict[str, VehicleType] = field(default_factory=dict)
    pools: dict[str, list[Vehicle]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    escorts: list[Escort] = field(default_factory=list)

    @property
    def vehicles(self) -> tuple[Vehicle, ...]:
        """All vehicles, pool by pool."""
        return tuple(vehicle for pool in self.pools.values() for vehicle in pool)

    def ids(self, *pools: str) -> tuple[str, ...]:
        """Return the ids of the vehicles of some pools."""
        return tuple(vehicle.id for pool in pools for vehicle in self.pools.get(pool, ()))

    def add(self, pool: "Pool", count: int) -> None:
        """Add vehicles to a pool, numbered on from those of the type already in it."""
        settings = type_settings()[pool.type]
        self.types.setdefault(pool.type, vehicle_type(settings))
        members = self.pools.setdefault(pool.name, [])
        start = sum(vehicle.type == pool.type for vehicle in members)
        for number in range(start + 1, start + min(count, VEHICLES_MAX) + 1):
            members.append(self._vehicle(pool, settings, number))

    def _vehicle(self, pool: "Pool", settings: TypeSettings, number: int) -> Vehicle:
        name = f"{pool.prefix}{settings.prefix}-{number:02d}"
        crew = [Person(id=person_id(name, post), label=post.format(vehicle=name)) for post in settings.crew]
        self.people += crew
        escort = Escort(id=f"KAWAL-{name}", label=f"Pengawal Polri {name}") if settings.escorted else None
        if escort:
            self.escorts.append(escort)
        return Vehicle(
            id=name,
            type=settings.id,
            home=pool.home,
            hours=pool.hours,
            dates=pool.dates,
            driver=crew[0].id,
            in_charge=crew[1].id,
            deputy=crew[2].id,
            escort=escort.id if escort else None,
        )


@dataclass(frozen=True)
class Pool:
    """Vehicles that go together.

    Args:
        name: What strategies call it.
        type: Their type.
        hours: Their working hours.
        dates: When they can be had.
        prefix: Start of their ids, before the type's own.
        home: Their PPK, or None for a warehouse.
    """

    name: str
    type: str
    hours: str
    dates: tuple[date, ...]
    prefix: str = ""
    home: str | None = None


def vehicle_type(settings: TypeSettings) -> VehicleType:
    """Return the document's part of a type."""
    fields = {name: getattr(settings, name) for name in VehicleType.__struct_fields__}
    return VehicleType(**fields)


def person_id(vehicle: str, post: str) -> str:
    """Return an example person's id: without meaning, the same on every machine."""
    return "ORANG-" + hashlib.sha256(f"{vehicle}:{post}".encode()).hexdigest()[:12]


def work_s(loads: Iterable[Load], settings: TypeSettings) -> int:
    """Return the seconds of work that full trips of one type need to carry all this, one place at a time.

    Places that no road reaches are left out: no number of vehicles helps them.
    """
    total = 0
    for load in loads:
        if load.drive_s < 0 or not load.boxes:
            continue
        stops = ceil_div(settings.boxes_max, load.boxes)
        loading = settings.load_fixed_s + settings.boxes_max * settings.load_s_per_box
        unloading = stops * STOP_S + settings.boxes_max * settings.unload_s_per_box
        total += ceil_div(load.boxes * (loading + 2 * load.drive_s + unloading), settings.boxes_max)
    return total


def warehouse_counts(loads: Sequence[Load], day_s: int) -> Counts:
    """Return the fleet of an area: CDD for all the work in four days, smaller ones beside them.

    Args:
        loads: What each PPS takes, seen from the first candidate warehouse.
        day_s: Working seconds of one vehicle-day.
    """
    needed = work_s(loads, type_settings()["truk-cdd"]) * WASTE_PERCENT
    cdd = max(1, ceil_div(needed, 100 * DIRECT_DAYS * day_s))
    half = ceil_div(cdd, 2)
    return Counts(
        cdd=cdd,
        cde=half,
        pikap=ceil_div(3 * cdd, 4),
        reserve=half,
        carrier_cdd=cdd + half,
        carrier_pikap=half,
    )


def ppk_pickups(loads: Sequence[Load], day_s: int) -> int:
    """Return the pick-ups a PPK needs to carry its goods on in H-3 and H-2.

    Args:
        loads: What each of its PPS takes, seen from the PPK.
        day_s: Working seconds of one vehicle-day.
    """
    needed = work_s(loads, type_settings()["pikap-ppk"]) * WASTE_PERCENT
    return max(1, ceil_div(needed * 10, 100 * PPK_DAYS_TENTHS * day_s))
