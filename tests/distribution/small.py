"""Small made-up problems ("contoh"), each valid in every field: for tests of solving, checking and showing.

`small_problem(seed)` is deterministic; its switches make it tighter or stranger.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tepat.distribution.problems import (
    Day,
    Election,
    Interval,
    LastMile,
    MatrixFile,
    Office,
    Person,
    Place,
    Price,
    Problem,
    Rules,
    Strategy,
    Unit,
    Vehicle,
    VehicleType,
)

POLLING = date(2024, 2, 14)
ZONE = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Size:
    """How big the problem is."""

    ppk: int = 2
    pps_per_ppk: int = 4
    tps_max: int = 12
    trucks: int = 2
    pickups: int = 1


def clock(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a local moment as UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def days_before(*numbers: int) -> tuple[date, ...]:
    return tuple(POLLING - timedelta(days=number) for number in numbers)


def small_problem(
    seed: int = 0, size: Size | None = None
) -> tuple[Problem, dict[tuple[str, str], np.ndarray[Any, np.dtype[np.int32]]]]:
    """Return a random small problem and its matrices."""
    rng = Random(seed)
    size = size or Size()
    places = _places(rng, size)
    matrices = {("truk", "kering"): _matrix(places, 9.0), ("pikap", "kering"): _matrix(places, 11.0)}
    files = tuple(
        MatrixFile(
            vehicle_class=vehicle_class,
            weather=weather,
            file=f"{vehicle_class}-{weather}.npy",
            sha256=hashlib.sha256(npy(table)).hexdigest(),
            source="contoh",
            error_low_percent=20,
            error_high_percent=30,
        )
        for (vehicle_class, weather), table in matrices.items()
    )
    vehicles = _vehicles(size)
    problem = Problem(
        schema="tepat/problem",
        schema_version=1,
        id=f"contoh-kecil-{seed}",
        title="Contoh kecil",
        contoh=("semua angka",),
        office=Office(code="33.16", name="KPU Contoh", time_zone="Asia/Jakarta"),
        election=Election(code="pemilu-2024", name="Pemilu 2024", polling_date=POLLING),
        law_at=clock(POLLING, 0),
        target_at=clock(POLLING - timedelta(days=1), 18),
        days=tuple(Day(date=day) for day in days_before(6, 5, 4, 3, 2, 1)),
        hours=_hours(),
        places=places,
        matrices=files,
        vehicle_types=(
            _type("CDD", "truk", 120, 14_000_000, 4_000_000),
            _type("PIKAP", "pikap", 20, 2_500_000, 900_000),
        ),
        vehicles=vehicles,
        people=tuple(
            Person(id=f"orang-{vehicle.id}-{post}", label=f"{post} {vehicle.id} (contoh)")
            for vehicle in vehicles
            for post in ("sopir", "pj", "wakil")
        ),
        escorts=(),
        units=_units(rng, places, size),
        last_mile=LastMile(hours="kpps", teams=3, handover_s=1800),
        prices=_prices(),
        rules=Rules(),
        strategies=_strategies(places, vehicles),
    )
    return problem, matrices


def npy(table: np.ndarray[Any, np.dtype[np.int32]]) -> bytes:
    """Return the bytes of a matrix file."""
    stream = io.BytesIO()
    np.save(stream, table)
    return stream.getvalue()


def _places(rng: Random, size: Size) -> tuple[Place, ...]:
    places = [
        _place("GUDANG-1", "gudang", None, -6.97, 111.41),
        _place("GUDANG-2", "gudang", None, -7.10, 111.55),
    ]
    for number in range(1, size.ppk + 1):
        lat, lon = -7.0 + rng.uniform(-0.15, 0.15), 111.4 + rng.uniform(-0.2, 0.2)
        places.append(_place(f"PPK-{number}", "ppk", None, lat, lon))
        for inner in range(1, size.pps_per_ppk + 1):
            where = lat + rng.uniform(-0.05, 0.05), lon + rng.uniform(-0.05, 0.05)
            places.append(_place(f"PPS-{number}.{inner}", "pps", f"PPK-{number}", *where))
    return tuple(places)


def _place(name: str, kind: Any, parent: str | None, lat: float, lon: float) -> Place:
    return Place(
        id=name,
        kind=kind,
        code=name,
        name=f"{name} (contoh)",
        lat=lat,
        lon=lon,
        parent=parent,
        hours="terima",
        access=("truk", "pikap"),
        stop_s=0 if kind == "gudang" else 300,
    )


def _matrix(places: tuple[Place, ...], metres_per_s: float) -> np.ndarray[Any, np.dtype[np.int32]]:
    lat = np.array([place.lat for place in places]) * 111_000
    lon = np.array([place.lon for place in places]) * 110_000
    metres = 1.35 * np.hypot(lat[:, None] - lat[None], lon[:, None] - lon[None])
    return np.stack([np.ceil(metres / metres_per_s), metres]).astype("<i4")


def _hours() -> dict[str, tuple[Interval, ...]]:
    shifts, doors = [], []
    for day in days_before(6, 5, 4, 3, 2, 1):
        rest = (11, 30, 13, 0) if day.weekday() == 4 else (12, 0, 12, 45)
        shifts.append(Interval(opens_at=clock(day, 7), closes_at=clock(day, rest[0], rest[1])))
        shifts.append(Interval(opens_at=clock(day, rest[2], rest[3]), closes_at=clock(day, 17)))
        doors.append(Interval(opens_at=clock(day, 6), closes_at=clock(day, 22)))
    eve = POLLING - timedelta(days=1)
    return {
        "kerja": tuple(shifts),
        "terima": tuple(doors),
        "kpps": (Interval(opens_at=clock(eve, 7), closes_at=clock(eve, 22)),),
    }


def _type(name: str, vehicle_class: Any, boxes: int, volume_ml: int, weight_g: int) -> VehicleType:
    return VehicleType(
        id=name,
        name=f"{name} (contoh)",
        vehicle_class=vehicle_class,
        boxes_max=boxes,
        volume_ml_max=volume_ml,
        weight_g_max=weight_g,
        load_fixed_s=1800,
        load_s_per_box=0,
        unload_s_per_box=15,
        owner="penyedia",
    )


def _vehicles(size: Size) -> tuple[Vehicle, ...]:
    found = [_vehicle(f"TRUK-{number}", "CDD", None) for number in range(1, size.trucks + 1)]
    found += [_vehicle(f"PIKAP-{number}", "PIKAP", None) for number in range(1, size.pickups + 1)]
    for ppk in range(1, size.ppk + 1):
        found += [_vehicle(f"LOKAL-{ppk}.{number}", "PIKAP", f"PPK-{ppk}") for number in (1, 2)]
    return tuple(found)


def _vehicle(name: str, kind: str, home: str | None) -> Vehicle:
    return Vehicle(
        id=name,
        type=kind,
        home=home,
        hours="kerja",
        dates=days_before(6, 5, 4, 3, 2, 1),
        driver=f"orang-{name}-sopir",
        in_charge=f"orang-{name}-pj",
        deputy=f"orang-{name}-wakil",
    )


def _units(rng: Random, places: tuple[Place, ...], size: Size) -> tuple[Unit, ...]:
    units = []
    for place in places:
        if place.kind == "ppk":
            units.append(_unit(f"SET-{place.id}", "ppk", place.id, 2))
        if place.kind == "pps":
            units.append(_unit(f"SET-{place.id}", "pps", place.id, 0))
            units += [
                _unit(f"TPS-{place.id}-{number:03d}", "tps", place.id, 5)
                for number in range(1, rng.randint(1, size.tps_max) + 1)
            ]
    return tuple(units)


def _unit(name: str, kind: Any, place: str, boxes: int) -> Unit:
    return Unit(
        id=name,
        kind=kind,
        place=place,
        boxes=boxes,
        volume_ml=boxes * 90_000 + 20_000,
        weight_g=boxes * 20_000 + 5_000,
        voters=240 if kind == "tps" else 0,
    )


def _prices() -> tuple[Price, ...]:
    rows: list[tuple[str, Any, int, tuple[str, ...]]] = [
        ("sewa-truk", "vehicle_day", 1_400_000, ("CDD",)),
        ("sewa-pikap", "vehicle_day", 450_000, ("PIKAP",)),
        ("km-truk", "vehicle_km", 5_500, ("CDD",)),
        ("km-pikap", "vehicle_km", 2_500, ("PIKAP",)),
        ("bongkar", "unload_box", 500, ("ppk", "pps")),
        ("jaga-ppk", "guard_night", 200_000, ("ppk",)),
        ("jaga-pps", "guard_night", 100_000, ("pps",)),
        ("simpan", "box_night", 50, ()),
        ("gudang-1", "warehouse", 10_000_000, ("GUDANG-1",)),
        ("gudang-2", "warehouse", 8_000_000, ("GUDANG-2",)),
        ("kawal", "escort_trip", 150_000, ()),
        ("antar", "tps_delivery", 25_000, ()),
        ("serah", "handover", 0, ()),
    ]
    return tuple(
        Price(
            id=name,
            label=f"{name} (contoh)",
            basis=basis,
            unit="",
            rupiah=rupiah,
            applies_to=applies_to,
            payer="KPU",
            account="contoh",
            contoh=True,
        )
        for name, basis, rupiah, applies_to in rows
    )


def _strategies(places: tuple[Place, ...], vehicles: tuple[Vehicle, ...]) -> tuple[Strategy, ...]:
    pool = tuple(vehicle.id for vehicle in vehicles if vehicle.home is None)
    every = tuple(vehicle.id for vehicle in vehicles)
    first, last = days_before(6, 5, 4, 3), days_before(3, 2, 1)
    there = {place.id for place in places}
    direct = [name for name in ("PPS-1.1", "PPS-1.2") if name in there]
    fixed = {"PPK-1": days_before(3)[0], "PPK-2": days_before(4)[0]}
    return (
        Strategy(
            name="langsung",
            title="Langsung ke PPS",
            warehouses=("GUDANG-1",),
            path="langsung",
            vehicles=pool,
            dates_by_origin={"gudang": days_before(5, 4, 3, 2)},
        ),
        Strategy(
            name="lewat-ppk",
            title="Lewat PPK",
            warehouses=("GUDANG-1",),
            path="lewat-ppk",
            vehicles=every,
            dates_by_origin={"gudang": first, "ppk": last},
        ),
        Strategy(
            name="campuran",
            title="PPK 1 langsung, yang lain lewat PPK",
            warehouses=("GUDANG-1", "GUDANG-2"),
            path="lewat-ppk",
            path_by_place=dict.fromkeys(direct, "langsung"),
            vehicles=every,
            dates_by_origin={"gudang": first, "ppk": last},
        ),
        Strategy(
            name="nyata",
            title="Tanggal tetap",
            warehouses=("GUDANG-1",),
            path="lewat-ppk",
            vehicles=every,
            dates_by_origin={"gudang": days_before(6, 5, 4, 3), "ppk": last},
            date_by_place={name: day for name, day in fixed.items() if name in there},
            baseline=True,
        ),
    )
