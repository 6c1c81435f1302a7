"""The ways compared: over the PPK, straight, mixed, by a carrier, from other warehouses, as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tepat.distribution.building.baseline import Baseline
from tepat.distribution.building.calendar import Calendar
from tepat.distribution.building.fleet import Fleet
from tepat.distribution.building.warehouses import CANDIDATES_MAX
from tepat.distribution.problems import Path, Place, PlaceKind, Strategy

REGULAR = ("armada", "cadangan")
CARRIER = ("penyedia",)
LOCAL = ("ppk",)
BASELINE = ("nyata",)

Dates = dict[PlaceKind, tuple[date, ...]]


@dataclass(frozen=True)
class Scene:
    """What strategies are made from.

    Args:
        places: All places of the problem.
        fleet: The vehicles by pool.
        calendar: The days.
        distance_m: Road metres from the first warehouse to a place by its id; negative where no road leads.
        baseline: What really happened, if it is known.
    """

    places: Sequence[Place]
    fleet: Fleet
    calendar: Calendar
    distance_m: Callable[[str], int]
    baseline: Baseline | None = None
    ppk: tuple[Place, ...] = field(init=False)
    pps: tuple[Place, ...] = field(init=False)

    def __post_init__(self) -> None:
        for kind in ("ppk", "pps"):
            object.__setattr__(self, kind, tuple(place for place in self.places if place.kind == kind))

    @property
    def direct_dates(self) -> Dates:
        """H-5 to H-2, so that the goods lie at the PPS in time for H-1."""
        return {"gudang": self.calendar.dates(5, 2)}

    @property
    def staged_dates(self) -> Dates:
        """H-6 to H-3 to the PPK, H-3 to the morning of H-1 to the PPS."""
        return {"gudang": self.calendar.dates(6, 3), "ppk": self.calendar.dates(3, 1)}


def strategies(scene: Scene) -> tuple[Strategy, ...]:
    """Return the strategies of a problem, those that can't differ from another left out."""
    warehouses = [place for place in scene.places if place.kind == "gudang"]
    found = [
        _over_ppk(scene),
        _direct(scene, "langsung-pps", "Gudang langsung ke PPS", warehouses[0]),
        *([_mixed(scene)] if len(scene.ppk) > 1 else []),
        _carrier(scene),
    ]
    for number, place in enumerate(warehouses[1:CANDIDATES_MAX], 2):
        found.append(_direct(scene, f"langsung-gudang-{number}", f"Langsung ke PPS dari {place.name}", place))
    if scene.baseline:
        found.append(_as_it_was(scene, scene.baseline))
    return tuple(found)


def _over_ppk(scene: Scene) -> Strategy:
    return Strategy(
        name="lewat-ppk",
        title="Gudang ke PPK, lalu ke PPS",
        warehouses=("GUDANG-1",),
        path="lewat-ppk",
        vehicles=scene.fleet.ids(*REGULAR, *LOCAL),
        dates_by_origin=scene.staged_dates,
        note="Gudang ke PPK H-6 sampai H-3, PPK ke PPS H-3 sampai pagi H-1.",
    )


def _direct(scene: Scene, name: str, title: str, warehouse: Place) -> Strategy:
    return Strategy(
        name=name,
        title=title,
        warehouses=(warehouse.id,),
        path="langsung",
        vehicles=scene.fleet.ids(*REGULAR),
        dates_by_origin=scene.direct_dates,
        note="H-5 sampai H-2; PPK mengawasi dan menandatangani, tidak menyimpan.",
    )


def nearest_half(scene: Scene) -> tuple[Place, ...]:
    """Return the half of the PPK nearest to the first warehouse by road; half is rounded down."""

    def key(place: Place) -> tuple[bool, int, str]:
        metres = scene.distance_m(place.id)
        return metres < 0, metres, place.id

    return tuple(sorted(scene.ppk, key=key)[: len(scene.ppk) // 2])


def _mixed(scene: Scene) -> Strategy:
    near = {place.id for place in nearest_half(scene)}
    direct: dict[str, Path] = {place.id: "langsung" for place in scene.pps if place.parent in near}
    return Strategy(
        name="campuran",
        title="Campuran: dekat langsung, jauh lewat PPK",
        warehouses=("GUDANG-1",),
        path="lewat-ppk",
        path_by_place=direct,
        vehicles=scene.fleet.ids(*REGULAR, *LOCAL),
        dates_by_origin={"gudang": scene.calendar.dates(6, 2), "ppk": scene.calendar.dates(3, 1)},
        note=(
            f"{len(near)} kecamatan terdekat dari gudang langsung ke PPS, "
            f"{len(scene.ppk) - len(near)} lainnya lewat PPK."
        ),
    )


def _carrier(scene: Scene) -> Strategy:
    return Strategy(
        name="penyedia-per-kotak",
        title="Penyedia dibayar per kotak, langsung ke PPS",
        warehouses=("GUDANG-1",),
        path="langsung",
        vehicles=scene.fleet.ids(*CARRIER),
        dates_by_origin=scene.direct_dates,
        note="Harga per kotak Lampung Barat 2024; sewa, bahan bakar dan sopir ditanggung penyedia.",
    )


def _as_it_was(scene: Scene, baseline: Baseline) -> Strategy:
    path_by_place: dict[str, Path] = {}
    date_by_place: dict[str, date] = {}
    planned = {place.id for place in scene.places}
    for arrivals in baseline.arrivals:
        for code in arrivals.kecamatan:
            date_by_place[code] = arrivals.date
            if arrivals.path == "langsung":
                inside = [place.id for place in scene.pps if place.parent == code]
                path_by_place |= dict.fromkeys(inside, arrivals.path)
                date_by_place |= dict.fromkeys(inside, arrivals.date)
    return Strategy(
        name=baseline.name,
        title=baseline.title,
        warehouses=("GUDANG-1",),
        path="lewat-ppk",
        path_by_place=path_by_place,
        vehicles=scene.fleet.ids(*BASELINE, *LOCAL),
        dates_by_origin={
            "gudang": tuple(sorted({arrivals.date for arrivals in baseline.arrivals})),
            "ppk": scene.calendar.dates(3, 1),
        },
        date_by_place={code: day for code, day in date_by_place.items() if code in planned},
        baseline=True,
        note=baseline.note,
    )
