"""What the office's registers of vehicles and warehouses say to a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from msgspec import UNSET

from tepat.common.areas import Area
from tepat.distribution.building.warehouses import CANDIDATES_MAX
from tepat.distribution.models import OfficeVehicle, WarehouseSurvey
from tepat.distribution.own_fleet import OwnVehicle, WarehouseMoney
from tepat.distribution.problems import Place, VehicleClass, WarehouseFacts
from tepat.distribution.warehouses.gate import class_through, classes_through

CLASSES: dict[str, VehicleClass] = {"truck": "truk", "pickup": "pikap", "motorcycle": "motor"}
FLOOD = {None: "belum diperiksa", True: "pernah banjir", False: "tidak pernah banjir"}
DOCKS = 4
"""Vehicles that can be loaded at once where no survey says it (contoh)."""


def own_vehicles(area_code: str) -> tuple[OwnVehicle, ...]:
    """Return the office's vehicles in the order of their plates."""
    return tuple(
        OwnVehicle(
            plate=row.plate,
            vehicle_class=CLASSES[row.vehicle_class],
            boxes_max=row.boxes_max,
            volume_ml=row.volume_ml,
            weight_g=row.weight_g,
            rent_rupiah=row.rent_rupiah,
            rupiah_per_km=row.rupiah_per_km,
            owner=row.owner,
            driver=str(row.driver_id or ""),
            days=tuple(date.fromisoformat(day) for day in row.days),
        )
        for row in OfficeVehicle.objects.filter(area_code=area_code)
    )


@dataclass(frozen=True)
class OwnWarehouses:
    """The office's candidate warehouses as places of a problem.

    Args:
        places: ``GUDANG-1`` and on.
        money: What each costs, by its id.
        unused: Listed ones without a point, or beyond those that can be compared.
    """

    places: tuple[Place, ...] = ()
    money: dict[str, WarehouseMoney] = field(default_factory=dict)
    unused: int = 0


def listed_warehouses(area_code: str) -> list[WarehouseSurvey]:
    """Return the office's candidate warehouses, first listed first."""
    rows = WarehouseSurvey.objects.filter(area_code=area_code)
    return list(rows.select_related("place__area", "contact__vault").order_by("pk"))


def points_of(area: Area) -> dict[str, tuple[float, float]]:
    """Return the point of each desa that has one, by code."""
    return {
        desa.code: (desa.lat, desa.lon) for desa in area.desa if desa.lat is not None and desa.lon is not None
    }


def point_of(row: WarehouseSurvey, points: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    """Return where a warehouse lies: its own point, else its desa's; None where nobody knows either."""
    if row.place.lat is not None and row.place.lon is not None:
        return row.place.lat, row.place.lon
    return points.get(row.place.area.code)


def own_warehouses(area: Area, most: int = CANDIDATES_MAX) -> OwnWarehouses:
    """Return the office's candidate warehouses, first listed first; else at the desa's point.

    Args:
        area: The office's area.
        most: How many are taken.
    """
    points = points_of(area)
    rows = listed_warehouses(area.code)
    located = []
    for row in rows:
        point = point_of(row, points)
        if point is not None:
            located.append((row, *point))
    chosen = located[:most]
    places = tuple(_place(row, at, lat, lon) for at, (row, lat, lon) in enumerate(chosen, 1))
    money = {
        f"GUDANG-{at}": WarehouseMoney(row.rent_rupiah, row.repair_rupiah)
        for at, (row, _, _) in enumerate(chosen, 1)
    }
    return OwnWarehouses(places, money, len(rows) - len(places) if places else 0)


def _place(row: WarehouseSurvey, number: int, lat: float, lon: float) -> Place:
    gate = class_through(
        CLASSES.get(row.gate_class), CLASSES.get(row.road_class), row.gate_width_mm, row.gate_height_mm
    )
    surveyed = any((row.gate_class, row.gate_width_mm, row.gate_height_mm))
    return Place(
        id=f"GUDANG-{number}",
        kind="gudang",
        code=row.place.area.code,
        name=row.place.name,
        lat=lat,
        lon=lon,
        hours="gudang",
        access=classes_through(gate),
        docks=row.docks or DOCKS,
        warehouse=WarehouseFacts(
            usable_m2=row.usable_m2,
            gate_class=gate if surveyed else None,
            flood=FLOOD[row.flood] + (f", {row.flood_history}" if row.flood_history else ""),
            cctv=row.cctv,
            fire_extinguisher=row.fire_extinguisher,
            guards=row.guards,
            stack_mm=row.stack_mm or UNSET,
        ),
        note=f"Dari {row.source}." + (f" {row.address}" if row.address else ""),
    )
