"""How the boxes of a trip stand in its vehicle: upright, last out first in, never higher than allowed. Pure.

The floor is a grid of box places, rows from the cab to the door and columns across. A stack is filled before
the next one is begun, a row before the next row, from the cab on, with the boxes that leave last: so a box
never stands behind or under one that leaves later. Layers are as few as the load needs, because what stands
lower sways less and hits no branch (Sikka 2018).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from tepat.common.quantities import ceil_div
from tepat.distribution.building.fleet import type_settings
from tepat.distribution.own_fleet import LARGE_BOXES_MIN
from tepat.distribution.plans import Trip
from tepat.distribution.problems import Bed, Problem, Unit, VehicleClass, VehicleType

BOX_SIDE_MM = 400
BOX_HEIGHT_MM = 600
"""A ballot box stands on 40 × 40 cm and is 60 cm high. Source: PKPU 12/2024."""

MOTOR_BED = Bed(
    length_mm=400,
    width_mm=800,
    height_mm=600,
    layers_max=1,
    contoh=True,
    source="contoh: satu kotak di tiap sisi motor",
)
LIKE: Mapping[VehicleClass, str] = {"truk": "truk-cde", "pikap": "pikap"}
LIKE_LARGE = "truk-cdd"
"""Types that come with Tepat, whose beds are taken while nobody measured a type's own."""


@dataclass(frozen=True)
class Grid:
    """The places for boxes in a vehicle.

    Args:
        rows: From the cab to the door.
        columns: Across.
        layers: How many may stand on one another.
    """

    rows: int
    columns: int
    layers: int

    @property
    def floor(self) -> int:
        """Boxes that stand on the floor."""
        return self.rows * self.columns

    @property
    def boxes(self) -> int:
        """Boxes that stand in all."""
        return self.floor * self.layers


@dataclass(frozen=True)
class Standing:
    """One box where it stands; row, column and layer count from 0: cab, left side, floor.

    Args:
        unit: The set it belongs to.
        box: Its number within the set, from 1.
        stop: The stop at which it leaves, from 0.
        row: From the cab.
        column: From the left, looking forward.
        layer: From the floor.
    """

    unit: str
    box: int
    stop: int
    row: int
    column: int
    layer: int


@dataclass(frozen=True)
class LoadPlan:
    """How one trip is loaded.

    Args:
        trip: Its id.
        vehicle: Its vehicle.
        bed: The measures that were used.
        grid: Box places within the height limit.
        boxes: In the order in which they are loaded.
        aboard: Boxes that the trip carries; more than `boxes` only where not one fits on the floor.
    """

    trip: str
    vehicle: str
    bed: Bed
    grid: Grid
    boxes: tuple[Standing, ...]
    aboard: int

    @property
    def layers(self) -> int:
        """Layers in use."""
        return max((box.layer + 1 for box in self.boxes), default=0)

    @property
    def too_many(self) -> int:
        """Boxes that cannot stand within the height limit."""
        return max(0, self.aboard - self.grid.boxes)

    def is_over(self, box: Standing) -> bool:
        """Return whether a box stands higher than allowed."""
        return box.layer >= self.grid.layers


def bed_of(kind: VehicleType) -> Bed:
    """Return the bed of a type: its own, or the example most like it."""
    if kind.bed is not None:
        return kind.bed
    large = kind.vehicle_class == "truk" and kind.boxes_max >= LARGE_BOXES_MIN
    like = LIKE_LARGE if large else LIKE.get(kind.vehicle_class)
    if like is None:
        return MOTOR_BED
    taken = type_settings()[like]
    return replace(taken.bed, contoh=True, source=f"contoh, seperti {taken.name}: {taken.source}")


def grid_of(bed: Bed) -> Grid:
    """Return the places that upright boxes have in a bed."""
    return Grid(
        rows=bed.length_mm // BOX_SIDE_MM,
        columns=bed.width_mm // BOX_SIDE_MM,
        layers=min(bed.layers_max, bed.height_mm // BOX_HEIGHT_MM),
    )


def load_plan(trip: Trip, problem: Problem) -> LoadPlan:
    """Return how the boxes of a trip stand.

    Boxes beyond the height limit are put on top all the same, so that the picture shows them; `too_many`
    counts them and `is_over` tells each.

    Args:
        trip: A trip of a plan of this problem.
        problem: The problem.
    """
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    vehicle = next(one for one in problem.vehicles if one.id == trip.vehicle)
    bed = bed_of(kinds[vehicle.type])
    grid = grid_of(bed)
    order = list(_loaded(trip, {unit.id: unit for unit in problem.units}))
    return LoadPlan(
        trip=trip.id,
        vehicle=trip.vehicle,
        bed=bed,
        grid=grid,
        boxes=tuple(_stand(order, grid)) if grid.floor else (),
        aboard=len(order),
    )


def _loaded(trip: Trip, units: Mapping[str, Unit]) -> Iterator[tuple[str, int, int]]:
    """Yield set, box and stop of each box in the order of loading: what leaves last comes first."""
    leaves = {unit: number for number, stop in enumerate(trip.stops) for unit in stop.units}
    order = trip.load_order if set(trip.load_order) == set(leaves) else tuple(reversed(leaves))
    for unit in sorted(order, key=lambda unit: -leaves[unit]):
        for box in range(1, units[unit].boxes + 1):
            yield unit, box, leaves[unit]


def _stand(order: list[tuple[str, int, int]], grid: Grid) -> Iterator[Standing]:
    layers = ceil_div(len(order), grid.floor)
    for number, (unit, box, stop) in enumerate(order):
        stack, layer = divmod(number, layers)
        row, column = divmod(stack, grid.columns)
        yield Standing(unit, box, stop, row, column, layer)


def stop_letter(stop: int) -> str:
    """Return the letter of a stop: A to Z, then AA, AB and on."""
    first, last = divmod(stop, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)
