"""Candidate warehouses (contoh): in the seat, near the middle of the demand, in the second town."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from tepat.common.areas import Desa
from tepat.common.quantities import ceil_div
from tepat.distribution.building.places import ALL_CLASSES, Ground, flat_m, namesake, point
from tepat.distribution.problems import Place, VehicleClass, WarehouseFacts

CANDIDATES_MAX = 3
"""Candidates of an example, and those that strategies go straight from; choosing compares `COMPARED_MAX`."""
MEDIAN_DESA_MAX = 400
"""Desa tried as the middle of the demand, those with most TPS first; all are counted as demand."""

BOX_FOOTPRINT_CM2 = 40 * 40
BOXES_STACKED = 3
CM2_PER_M2 = 10_000


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a visit to a candidate would find; `warehouses.toml`.

    Args:
        size_percent: Usable floor in percent of what the boxes need.
        gate_class: The largest vehicle class that fits through the gate.
        flood: What is known of floods.
        cctv: Whether there are cameras.
        fire_extinguisher: Whether there is an APAR.
        guards: Guards by day and night.
        docks: Vehicles that can be loaded at once.
        stop_s: Seconds once per stop.
    """

    size_percent: int
    gate_class: VehicleClass
    flood: str
    cctv: bool
    fire_extinguisher: bool
    guards: int
    docks: int


class WarehouseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`warehouses.toml`.

    Args:
        aisle_percent: Floor needed for a stack and the aisles around it, in percent of the stack's own.
        round_m2: Sizes are whole multiples of this.
        candidates: One survey for each candidate.
    """

    aisle_percent: int
    round_m2: int
    candidates: tuple[Survey, ...]


@cache
def warehouse_settings() -> WarehouseSettings:
    """Return the settings that come with Tepat."""
    text = (resources.files(__package__) / "warehouses.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), WarehouseSettings)


class Candidate(NamedTuple):
    """A desa in which a warehouse could stand, and why there."""

    desa: Desa
    reason: str


@dataclass(frozen=True)
class NamedWarehouse:
    """A warehouse whose name is known though its place is not; for the first candidate of an area."""

    name: str
    note: str


def warehouse_places(ground: Ground, boxes: int, named: NamedWarehouse | None = None) -> list[Place]:
    """Return the candidate warehouses, ``GUDANG-1`` to ``GUDANG-3`` (fewer where there are fewer desa).

    Args:
        ground: The desa.
        boxes: All boxes of the distribution; they decide the floor.
        named: The known name of the first.
    """
    settings = warehouse_settings()
    places = []
    for number, (candidate, facts) in enumerate(
        zip(candidates(ground), settings.candidates, strict=False), 1
    ):
        lat, lon = point(candidate.desa)
        name = f"Gudang {number} ({candidate.desa.name})"
        note = f"Calon gudang (contoh) di {candidate.desa.kind} {candidate.desa.name}: {candidate.reason}."
        if named and number == 1:
            name, note = named.name, f"{named.note} {note}"
        places.append(
            Place(
                id=f"GUDANG-{number}",
                kind="gudang",
                code=candidate.desa.code,
                name=name,
                lat=lat,
                lon=lon,
                hours="gudang",
                access=ALL_CLASSES[ALL_CLASSES.index(facts.gate_class) :],
                docks=facts.docks,
                warehouse=WarehouseFacts(
                    usable_m2=_usable_m2(boxes, facts, settings),
                    gate_class=facts.gate_class,
                    flood=facts.flood,
                    cctv=facts.cctv,
                    fire_extinguisher=facts.fire_extinguisher,
                    guards=facts.guards,
                ),
                note=note,
            ),
        )
    return places


def _usable_m2(boxes: int, facts: Survey, settings: WarehouseSettings) -> int:
    floor_cm2 = ceil_div(boxes, BOXES_STACKED) * BOX_FOOTPRINT_CM2
    needed = ceil_div(floor_cm2 * settings.aisle_percent, CM2_PER_M2 * 100)
    return ceil_div(ceil_div(needed * facts.size_percent, 100), settings.round_m2) * settings.round_m2


def candidates(ground: Ground) -> list[Candidate]:
    """Return up to three different desa: seat, middle of the demand, second town."""
    seat = seat_kecamatan(ground)
    found = [
        Candidate(_largest(ground, seat), f"ibu kota, kecamatan {ground.area.kecamatan.get(seat, seat)}")
    ]
    middle = _middle(ground, found[0].desa)
    if middle:
        found.append(Candidate(middle, "dekat titik tengah kebutuhan"))
    taken = {candidate.desa.code for candidate in found}
    towns = [code for code in by_town(ground) if code != seat]
    for desa in [namesake(ground, code) for code in towns] + list(ground.located):
        if len(found) < CANDIDATES_MAX and desa.code not in taken:
            name = ground.area.kecamatan.get(desa.kecamatan, desa.kecamatan)
            found.append(Candidate(desa, f"kota kedua, kecamatan {name}"))
            break
    return found[:CANDIDATES_MAX]


def seat_kecamatan(ground: Ground) -> str:
    """Return the kecamatan that bears the area's name, else the one with most TPS in kelurahan (towns)."""
    name = ground.area.name.removeprefix("Kabupaten ").removeprefix("Kota ").casefold()
    for code in ground.kecamatan:
        if ground.area.kecamatan.get(code, "").casefold() == name:
            return code
    return by_town(ground)[0]


def by_town(ground: Ground) -> list[str]:
    """Return the kecamatan, those with most TPS in kelurahan first, then by all TPS."""
    town, whole = dict.fromkeys(ground.kecamatan, 0), dict.fromkeys(ground.kecamatan, 0)
    for desa in ground.located:
        whole[desa.kecamatan] += ground.tps[desa.code]
        town[desa.kecamatan] += ground.tps[desa.code] if desa.kind == "kelurahan" else 0
    return sorted(ground.kecamatan, key=lambda code: (-town[code], -whole[code], code))


def _largest(ground: Ground, kecamatan: str) -> Desa:
    inside = [desa for desa in ground.located if desa.kecamatan == kecamatan]
    return min(inside, key=lambda desa: (-ground.tps[desa.code], desa.code))


def _middle(ground: Ground, seat: Desa) -> Desa | None:
    """Return the desa from which all others are nearest, weighted by their TPS."""
    by_size = sorted(ground.located, key=lambda desa: (-ground.tps[desa.code], desa.code))
    tried = [desa for desa in by_size[:MEDIAN_DESA_MAX] if desa.code != seat.code]
    return min(
        tried,
        key=lambda desa: (sum(ground.tps[o.code] * flat_m(desa, o) for o in ground.located), desa.code),
        default=None,
    )
