"""What the office's registers of vehicles and warehouses say to a problem."""

from dataclasses import dataclass, field
from datetime import date

from tepat.common.areas import Area
from tepat.distribution.building.places import ALL_CLASSES
from tepat.distribution.building.warehouses import CANDIDATES_MAX
from tepat.distribution.models import OfficeVehicle, WarehouseSurvey
from tepat.distribution.own_fleet import OwnVehicle, WarehouseMoney
from tepat.distribution.problems import Place, VehicleClass, WarehouseFacts

CLASSES: dict[str, VehicleClass] = {"truck": "truk", "pickup": "pikap", "motorcycle": "motor"}
FLOOD = {None: "belum diperiksa", True: "pernah banjir", False: "tidak pernah banjir"}
DOCKS = 4
"""Vehicles that can be loaded at once; no list says it (contoh)."""


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


def own_warehouses(area: Area) -> OwnWarehouses:
    """Return the office's candidate warehouses, first listed first; else at the desa's point."""
    points = {desa.code: (desa.lat, desa.lon) for desa in area.desa}
    rows = list(
        WarehouseSurvey.objects.filter(area_code=area.code).select_related("place__area").order_by("pk")
    )
    located = []
    for row in rows:
        known = (row.place.lat, row.place.lon)
        lat, lon = known if None not in known else points.get(row.place.area.code, (None, None))
        if lat is not None and lon is not None:
            located.append((row, lat, lon))
    chosen = located[:CANDIDATES_MAX]
    places = tuple(_place(row, at, lat, lon) for at, (row, lat, lon) in enumerate(chosen, 1))
    money = {
        f"GUDANG-{at}": WarehouseMoney(row.rent_rupiah, row.repair_rupiah)
        for at, (row, _, _) in enumerate(chosen, 1)
    }
    return OwnWarehouses(places, money, len(rows) - len(places) if places else 0)


def _place(row: WarehouseSurvey, number: int, lat: float, lon: float) -> Place:
    gate = CLASSES.get(row.gate_class)
    return Place(
        id=f"GUDANG-{number}",
        kind="gudang",
        code=row.place.area.code,
        name=row.place.name,
        lat=lat,
        lon=lon,
        hours="gudang",
        access=ALL_CLASSES[ALL_CLASSES.index(gate) :] if gate else ALL_CLASSES,
        docks=DOCKS,
        warehouse=WarehouseFacts(
            usable_m2=row.usable_m2,
            gate_class=gate,
            flood=FLOOD[row.flood],
            cctv=row.cctv,
            fire_extinguisher=row.fire_extinguisher,
            guards=row.guards,
        ),
        note=f"Dari {row.source}." + (f" {row.address}" if row.address else ""),
    )
