"""Proofs that a unit, or a whole part, cannot be served, each naming its rule and its numbers.

What passes here may still not be found by a search; then the plan says "not found", never "impossible".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tepat.common.quantities import ceil_div, decimal_comma, grouped
from tepat.distribution.case import DRIVE_S, Case, clock_text
from tepat.distribution.errands import Errand
from tepat.distribution.problems import Unit
from tepat.distribution.routing import ORIGIN, FleetGroup, Part
from tepat.distribution.vehicle_days import VehicleDay

if TYPE_CHECKING:
    from tepat.distribution.working_time import Span

NO_LIMIT_S = 10**9
"""A window's end that nothing reaches."""

CLOSURE_ROWS_MAX = 1_500
"""Rows of a part up to which shortest drives are computed; beyond, no proof by hours is tried."""


@dataclass(frozen=True)
class Proof:
    """Why something cannot be: a message code and its numbers."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chance:
    """A vehicle-day that may serve an errand.

    Args:
        day: The vehicle-day.
        opens_s: Working second from which unloading may begin.
        closes_s: Working second by which it must end; `NO_LIMIT_S` if only the shift's end counts.
        due_s: Working second by which the due moment wants it unloaded; `NO_LIMIT_S` if later than the shift.
    """

    day: VehicleDay
    opens_s: int
    closes_s: int
    due_s: int


def chances(case: Case, errand: Errand, days: Sequence[VehicleDay]) -> tuple[list[Chance], Proof | None]:
    """Return the vehicle-days that may serve an errand; if none, the rule that leaves none."""
    place = case.place[errand.place]
    facts = {"place": place.name, "origin": case.place[errand.origin].name}
    alike: dict[tuple[object, ...], list[VehicleDay]] = {}
    for day in days:
        if errand.vehicle in {None, day.vehicle}:
            kind = (case.vehicle[day.vehicle].type, day.date, case.vehicle[day.vehicle].hours, day.closes)
            alike.setdefault(kind, []).append(day)
    left = [same[0] for same in alike.values()]
    if days and not left:
        return [], Proof("SOLVE-UNIT-PIN", facts | {"vehicle": errand.vehicle})
    if not left:
        return [], Proof("SOLVE-UNIT-NO-VEHICLE", facts)
    for code, holds in FILTERS:
        kept = [day for day in left if holds(case, errand, day)]
        if not kept:
            return [], Proof(code, facts | _facts(case, errand, left))
        left = kept
    twins = {same[0]: same for same in alike.values()}
    found = [
        replace(chance, day=twin)
        for day in left
        for chance in _windows(case, errand, day)
        for twin in twins[day]
    ]
    if not found:
        return [], Proof("SOLVE-UNIT-NO-WINDOW", facts | _facts(case, errand, left))
    return found, None


def _may_enter(case: Case, errand: Errand, day: VehicleDay) -> bool:
    vehicle_class = case.type_of(day.vehicle).vehicle_class
    return (
        vehicle_class in case.place[errand.place].access and vehicle_class in case.place[errand.origin].access
    )


def _on_date(case: Case, errand: Errand, day: VehicleDay) -> bool:
    del case
    early = errand.not_before is not None and day.date < errand.not_before
    return errand.on_date in {None, day.date} and not early


def _has_road(case: Case, errand: Errand, day: VehicleDay) -> bool:
    drive = case.matrix(case.type_of(day.vehicle).vehicle_class, day.date)[DRIVE_S]
    start, end = case.row[errand.origin], case.row[errand.place]
    return bool(drive[start, end] >= 0 and drive[end, start] >= 0)


def _in_time(case: Case, errand: Errand, day: VehicleDay) -> bool:
    """Tell whether the shortest thinkable trip fits between ready, due and the shift's end."""
    kind = case.type_of(day.vehicle)
    drive = case.matrix(kind.vehicle_class, day.date)[DRIVE_S]
    start, end = case.row[errand.origin], case.row[errand.place]
    depart = day.shift.advance(max(day.shift.opens, errand.ready or 0), kind.load_fixed_s)
    out_s = int(drive[start, end]) + case.place[errand.place].stop_s
    done = None if depart is None else day.shift.advance(depart, out_s)
    back = None if done is None else day.shift.advance(done, int(drive[end, start]))
    late = done is None or (errand.due is not None and done > errand.due)
    return back is not None and back <= day.closes and not late


Filter = Callable[[Case, Errand, VehicleDay], bool]

FILTERS: tuple[tuple[str, Filter], ...] = (
    ("SOLVE-UNIT-NO-ACCESS", _may_enter),
    ("SOLVE-UNIT-NO-DATE", _on_date),
    ("SOLVE-UNIT-NO-ROAD", _has_road),
    ("SOLVE-UNIT-NO-TIME", _in_time),
)


def _windows(case: Case, errand: Errand, day: VehicleDay) -> list[Chance]:
    """Return the widest stretch in which the place receives during the shift, long enough for a stop."""
    hours = case.opening[case.place[errand.place].hours]
    best: Span | None = None
    for opens, closes in day.shift.receiving(hours):
        low, high = day.shift.worked(opens), day.shift.worked(min(closes, day.closes))
        if high - low > max(0, case.place[errand.place].stop_s) and (
            best is None or high - low > best[1] - best[0]
        ):
            best = (low, high)
    if best is None:
        return []
    due = NO_LIMIT_S if errand.due is None or errand.due >= day.closes else day.shift.worked(errand.due)
    closes_s = NO_LIMIT_S if best[1] >= day.limit_s else best[1]
    return [Chance(day, best[0], closes_s, due)]


def _facts(case: Case, errand: Errand, days: Iterable[VehicleDay]) -> dict[str, Any]:
    place, gate = case.place[errand.place], case.place[errand.origin].access
    classes = sorted({case.type_of(day.vehicle).vehicle_class for day in days})
    dates = sorted({day.date for day in days})
    return {
        "access": ", ".join(place.access) or "tidak ada kendaraan",
        "gate": ", ".join(gate) or "tidak ada kendaraan",
        "classes": ", ".join(classes),
        "date": f"{errand.on_date or errand.not_before or dates[0]:%d-%m-%Y}",
        "dates": ", ".join(f"{each:%d-%m}" for each in dates),
        "due": clock_text(errand.due, case.zone) if errand.due is not None else "akhir jam kerja",
        "hours": place.hours,
    }


def size_proof(case: Case, unit: Unit, found: Iterable[Chance]) -> Proof | None:
    """Return the proof that a unit is bigger than every vehicle that may bring it, or None."""
    types = {case.vehicle[chance.day.vehicle].type for chance in found}
    for name in types:
        kind = case.type[name]
        if (
            unit.boxes <= kind.boxes_max
            and unit.volume_ml <= kind.volume_ml_max
            and unit.weight_g <= kind.weight_g_max
        ):
            return None
    largest = [case.type[name] for name in types]
    return Proof(
        "SOLVE-UNIT-TOO-LARGE",
        {
            "unit": unit.id,
            "boxes": unit.boxes,
            "volume_l": grouped(ceil_div(unit.volume_ml, 1000)),
            "weight_kg": grouped(ceil_div(unit.weight_g, 1000)),
            "boxes_max": max(kind.boxes_max for kind in largest),
            "volume_l_max": grouped(max(kind.volume_ml_max for kind in largest) // 1000),
            "weight_kg_max": grouped(max(kind.weight_g_max for kind in largest) // 1000),
        },
    )


def last_mile_room(case: Case) -> int:
    """Return how many sets the teams of one PPS can hand over before the law's end."""
    shift = case.last_mile_shift
    if shift is None:
        return 0
    if case.last_mile.handover_s <= 0:
        return len(case.problem.units)
    return max(0, case.last_mile.teams) * (shift.length_s // case.last_mile.handover_s)


def hours_proof(part: Part) -> Proof | None:
    """Return the proof that a part needs more working hours than its vehicle-days have, or None.

    A trip with a stop at a place lasts at least the loading and the shortest drive there and back; full in
    boxes, litres and grams alike, each unit bears at least its share of that, and its own handling. The sum
    over all units, each by the vehicle cheapest in hours, is a bound that no plan can go under.
    """
    if part.rows > CLOSURE_ROWS_MAX or not part.groups:
        return None
    shares = np.full((len(part.lots), len(part.groups)), np.inf)
    reach = {matrix: _there_and_back(part, matrix) for matrix in {group.matrix for group in part.groups}}
    for index, lot in enumerate(part.lots):
        for position in lot.groups:
            group = part.groups[position]
            trip_s = group.load_fixed_s + float(reach[group.matrix][lot.place])
            shares[index, position] = _seconds_of(part, index, group, trip_s)
    needs_s = float(shares.min(axis=1).sum())
    has_s = sum(group.count * max(0, group.closes_s - group.opens_s) for group in part.groups)
    if not np.isfinite(needs_s) or needs_s <= has_s:
        return None
    facts = {
        "part": part.name,
        "needs": decimal_comma(needs_s / 3600, 1),
        "has": decimal_comma(has_s / 3600, 1),
    }
    return Proof("SOLVE-UNIT-NO-HOURS", facts)


def _seconds_of(part: Part, index: int, group: FleetGroup, trip_s: float) -> float:
    """Return the fewest seconds of a group's vehicles that a lot can cost."""
    cargo = part.lots[index].cargo
    boxes = sum(each.boxes for each in cargo)
    loads = max(
        boxes / max(1, group.boxes_max),
        sum(each.volume_ml for each in cargo) / max(1, group.volume_ml_max),
        sum(each.weight_g for each in cargo) / max(1, group.weight_g_max),
    )
    return loads * trip_s + boxes * (group.load_s_per_box + group.unload_s_per_box)


def _there_and_back(part: Part, matrix: int) -> NDArray[np.float64]:
    """Return the shortest drive from the origin to each row and back, over any other rows."""
    drive = np.where(part.table(matrix)[DRIVE_S] < 0, np.inf, part.table(matrix)[DRIVE_S]).astype(float)
    for over in range(part.rows):
        np.minimum(drive, drive[:, over, None] + drive[None, over, :], out=drive)
    there: NDArray[np.float64] = drive[ORIGIN] + drive[:, ORIGIN]
    return there
