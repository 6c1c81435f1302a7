"""How long the drive from a PPK to the warehouse takes: the office's word, the plan's matrix, the model."""

from dataclasses import dataclass

from tepat.common.areas import load_area
from tepat.common.models import Place
from tepat.distribution.archive import matrices_of, plan_of, problem_of
from tepat.distribution.case import DRIVE_S
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem, VehicleClass
from tepat.roads.matrix import NO_ROAD
from tepat.roads.places import Place as Point
from tepat.roads.travel import ModelRoads, travel

SAID = "menurut kantor"


@dataclass(frozen=True)
class Road:
    """How long a drive takes, and how that is known.

    Args:
        drive_s: Seconds one way.
        source: How it is known, in words.
    """

    drive_s: int
    source: str


def road_between(
    kecamatan: str, warehouse: Place | None, vehicle_class: VehicleClass, *, office: str
) -> Road | None:
    """Return the drive from a PPK to a warehouse; None where nothing says how long it takes.

    Args:
        kecamatan: The kecamatan of the PPK.
        warehouse: The warehouse, or None where the register has none.
        vehicle_class: By what.
        office: The office's area code.
    """
    return _planned(kecamatan, vehicle_class) or _model(kecamatan, warehouse, vehicle_class, office)


def _planned(kecamatan: str, vehicle_class: VehicleClass) -> Road | None:
    """Return what the matrix of the newest published plan says."""
    rows = PlanVersion.objects.filter(state=PlanVersion.State.PUBLISHED).select_related("problem")
    row = rows.order_by("-number").first()
    if row is None:
        return None
    problem = problem_of(row.problem.sha256)
    ends = _ends(problem, plan_of(row.sha256), kecamatan)
    table = matrices_of(row.problem.sha256).get((vehicle_class, "kering"))
    if ends is None or table is None:
        return None
    drive_s = int(table[DRIVE_S][ends[0]][ends[1]])
    return Road(drive_s, f"matriks rencana versi {row.number}") if drive_s not in {NO_ROAD, 0} else None


def _ends(problem: Problem, plan: Plan, kecamatan: str) -> tuple[int, int] | None:
    """Return the rows of the PPK and of the plan's warehouse in a problem's matrices."""
    origins = {trip.origin for trip in plan.trips}
    ppk = [row for row, place in enumerate(problem.places) if (place.kind, place.code) == ("ppk", kecamatan)]
    store = [
        row for row, place in enumerate(problem.places) if place.kind == "gudang" and place.id in origins
    ]
    return (ppk[0], store[0]) if ppk and store else None


def _model(kecamatan: str, warehouse: Place | None, vehicle_class: VehicleClass, office: str) -> Road | None:
    row = Place.objects.filter(kind=Place.Kind.PPK, area__code=kecamatan).first()
    start = _point("ppk", row, kecamatan, office)
    end = _point("gudang", warehouse, warehouse.area_code if warehouse else office, office)
    if start is None or end is None:
        return None
    found = travel([start, end], vehicle_class, "kering", provider=ModelRoads())
    drive_s = int(found.duration_s[0][1])
    return Road(drive_s, "model jalan, tanpa peta") if drive_s > 0 else None


def _point(name: str, place: Place | None, area_code: str, office: str) -> Point | None:
    """Return where a place lies: by its own point, else by that of the desa in it that comes first."""
    if place is not None and place.lat is not None and place.lon is not None:
        return Point(name, place.lat, place.lon)
    for desa in load_area(office).desa:
        if desa.code.startswith(area_code) and desa.lat is not None and desa.lon is not None:
            return Point(name, desa.lat, desa.lon)
    return None
