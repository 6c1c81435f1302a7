"""What a bound is computed from: one leg with everything relaxed that a route could hardly notice.

Money is whole micro-rupiah (`MICRO` to a rupiah), so that a sum over a route is exact: no claim of this
package rests on a floating-point number.
"""

from msgspec import Struct

MICRO = 1_000_000
"""Micro-rupiah in a rupiah."""


class Drop(Struct, frozen=True, kw_only=True):
    """Boxes that leave the origin for one place, divisible into steps.

    Args:
        place: Row in the haul's tables.
        boxes: How many.
        step: The greatest common divisor of its units' boxes: every delivery is a multiple of it.
        visits_min: Stops that bring something to it in every plan.
        stop_s: Seconds of one stop.
        stop_micro: Price of one stop.
        box_micro: For each vehicle group the price of bringing one box by it, beyond `least_micro`; None
            where it may not go.
        least_micro: What a box costs whoever brings it; the haul's `fixed_micro` holds it for all boxes.
        name: What it is, whichever origin it leaves: hauls of other origins call the same boxes the same.
    """

    place: int
    boxes: int
    step: int
    visits_min: int
    stop_s: int
    stop_micro: int
    box_micro: tuple[int | None, ...]
    least_micro: int = 0
    name: str = ""


class Team(Struct, frozen=True, kw_only=True):
    """Vehicle-days that differ in nothing that the bound looks at.

    Args:
        count: How many vehicle-days.
        boxes_max: Boxes on one trip, volume and weight counted in.
        hours_s: Working seconds of one vehicle-day.
        load_s: Seconds of loading once per trip.
        box_s: Seconds of handling for each box, loading and unloading.
        day_micro: Price of one vehicle-day.
        metre_micro: Price of one metre.
        trip_micro: Price of one trip.
        matrix: Which of the haul's tables it drives by.
    """

    count: int
    boxes_max: int
    hours_s: int
    load_s: int
    box_s: int
    day_micro: int
    metre_micro: int
    trip_micro: int
    matrix: int


class Haul(Struct, frozen=True, kw_only=True):
    """One leg whose drops and vehicle-days have nothing to do with another's.

    Args:
        name: Shown in progress.
        rows: Rows of each table; row 0 is the origin.
        matrices: Each int64 little-endian, shape (2, rows, rows): seconds and metres, both the shortest
            over any other rows; `NO_ROAD` where there is no way.
        drops: What leaves the origin.
        teams: What may carry it.
        fixed_micro: What every plan pays beside its routes.
    """

    name: str
    rows: int
    matrices: tuple[bytes, ...]
    drops: tuple[Drop, ...]
    teams: tuple[Team, ...]
    fixed_micro: int = 0


class Proved(Struct, frozen=True, kw_only=True):
    """How far the bound of one haul is.

    Args:
        bound_micro: No plan's share is cheaper. Valid at every moment, sharp only at the end.
        master_micro: What the relaxation costs with the columns found so far: the bound can rise up to here.
        rounds: Rounds of pricing.
        columns: Trips found.
        converged: Whether bound and master have met.
    """

    bound_micro: int
    master_micro: int | None
    rounds: int
    columns: int
    converged: bool


NO_ROAD = 1 << 40
"""Seconds or metres of a way that does not exist; no trip in time drives it."""
