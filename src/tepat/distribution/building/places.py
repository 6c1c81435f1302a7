"""Where PPK and PPS lie, as far as is known; what has no point on the map is named and put aside."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tepat.common.areas import Area, Desa
from tepat.distribution.problems import Place, VehicleClass

ALL_CLASSES: tuple[VehicleClass, ...] = ("truk", "pikap", "motor")
STOP_S = 300
"""Parking, papers and counting, once per stop, in seconds (contoh)."""

POINT_NOTES = {
    "dalam": "Titik dalam desa, bukan kantor desa.",
    "pusat": "Titik pusat desa, bukan kantor desa; dapat terletak di luar desa.",
}


@dataclass(frozen=True)
class AccessNote:
    """Which vehicle classes reach a desa, and who said so.

    Args:
        note: What a person reads.
        classes: The classes that get there.
    """

    note: str
    classes: tuple[VehicleClass, ...] = ALL_CLASSES


@dataclass(frozen=True)
class Aside:
    """What can't be planned because nobody knows where it lies.

    Args:
        kecamatan: The name of the kecamatan.
        code: Its code.
        desa: Names of the desa without a point that have TPS.
        tps: TPS in them.
        ppk: Whether the PPK set has to stay aside too, because no desa of the kecamatan has a point.
    """

    kecamatan: str
    code: str
    desa: tuple[str, ...]
    tps: int
    ppk: bool


@dataclass(frozen=True)
class Ground:
    """The desa of an area that have TPS in this election, by what is known of where they lie.

    Args:
        area: The area.
        tps: TPS of this election by desa code.
        located: Desa with TPS and a point, in the order of their codes.
        aside: What has no point, by kecamatan.
    """

    area: Area
    tps: Mapping[str, int]
    located: tuple[Desa, ...]
    aside: tuple[Aside, ...]

    @property
    def kecamatan(self) -> tuple[str, ...]:
        """The codes of the kecamatan that have a PPK with a point."""
        return tuple(sorted({desa.kecamatan for desa in self.located}))


def survey(area: Area, tps: Mapping[str, int]) -> Ground:
    """Return the desa with TPS, those without a point set aside by kecamatan.

    Args:
        area: The area.
        tps: TPS of this election by desa code, none of them 0.
    """
    voting = [desa for desa in area.desa if tps.get(desa.code)]
    located = tuple(desa for desa in voting if desa.lat is not None and desa.lon is not None)
    reached = {desa.kecamatan for desa in located}
    lost: dict[str, list[Desa]] = {}
    for desa in voting:
        if desa.lat is None or desa.lon is None:
            lost.setdefault(desa.kecamatan, []).append(desa)
    aside = tuple(
        Aside(
            kecamatan=area.kecamatan.get(code, code),
            code=code,
            desa=tuple(desa.name for desa in missing),
            tps=sum(tps[desa.code] for desa in missing),
            ppk=code not in reached,
        )
        for code, missing in sorted(lost.items())
    )
    return Ground(area=area, tps=tps, located=located, aside=aside)


def namesake(ground: Ground, kecamatan: str) -> Desa:
    """Return the desa that stands for a kecamatan's seat: the one of its name, else with most TPS."""
    name = ground.area.kecamatan.get(kecamatan, "").casefold()
    inside = [desa for desa in ground.located if desa.kecamatan == kecamatan]
    return min(inside, key=lambda desa: (desa.name.casefold() != name, -ground.tps[desa.code], desa.code))


def ppk_places(ground: Ground) -> list[Place]:
    """Return the PPK, each at the desa that stands for the seat of its kecamatan."""
    found = []
    for code in ground.kecamatan:
        desa = namesake(ground, code)
        name = ground.area.kecamatan.get(code, code)
        note = f"Titik {desa.kind} {desa.name} (contoh): letak kantor PPK belum diketahui."
        found.append(_place("ppk", code, f"PPK {name}", point(desa), note=note))
    return found


def pps_places(ground: Ground, access: Mapping[str, AccessNote]) -> list[Place]:
    """Return the PPS, each at its desa's point.

    Args:
        ground: The desa.
        access: What is known of vehicles that can't get to a desa, by desa code.
    """
    found = []
    for desa in ground.located:
        known = access.get(desa.code)
        note = POINT_NOTES[desa.point or "pusat"] + (f" {known.note}" if known else "")
        place = _place("pps", desa.code, f"PPS {desa.name}", point(desa), note=note, parent=desa.kecamatan)
        found.append(_restricted(place, known.classes) if known else place)
    return found


def _restricted(place: Place, classes: Sequence[VehicleClass]) -> Place:
    return replace(place, access=tuple(name for name in ALL_CLASSES if name in classes))


def _place(
    kind: str, code: str, name: str, at: tuple[float, float], *, note: str, parent: str | None = None
) -> Place:
    return Place(
        id=code,
        kind="ppk" if kind == "ppk" else "pps",
        code=code,
        name=name,
        lat=at[0],
        lon=at[1],
        parent=parent,
        hours=kind,
        access=ALL_CLASSES,
        stop_s=STOP_S,
        note=note,
    )


def point(desa: Desa) -> tuple[float, float]:
    """Return a located desa's point as (lat, lon)."""
    assert desa.lat is not None, desa.code
    assert desa.lon is not None, desa.code
    return desa.lat, desa.lon


def flat_m(one: Desa, other: Desa) -> int:
    """Return the straight distance between two located desa in whole metres; to compare, not to drive."""
    (lat, lon), (lat_other, lon_other) = point(one), point(other)
    east = (lon - lon_other) * math.cos(math.radians((lat + lat_other) / 2))
    return round(111_195 * math.hypot(lat - lat_other, east))
