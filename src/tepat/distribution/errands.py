"""Errands: which units leave which origin for which place, and what binds them there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tepat.common.quantities import ceil_div
from tepat.distribution.case import DRIVE_S, Case
from tepat.distribution.problems import Unit
from tepat.distribution.working_time import second


@dataclass(frozen=True)
class Errand:
    """What units have in common that go from one origin to one place under the same terms.

    Args:
        origin: A warehouse, or a PPK for the second leg.
        place: Where they are unloaded.
        on_date: The only date on which they may arrive; None = any.
        not_before: The first date on which they may leave; None = any.
        vehicle: The only vehicle that may bring them; None = any.
        ready: The second from which they may be loaded; None = at once.
        due: The second by which they must be unloaded; None = by the last date.
    """

    origin: str
    place: str
    on_date: date | None = None
    not_before: date | None = None
    vehicle: str | None = None
    ready: int | None = None
    due: int | None = None


@dataclass(frozen=True)
class Errands:
    """All errands of a strategy.

    Args:
        first: Units by errand, from the warehouses.
        second: Units by errand, from the PPK.
        stranded: Units with no origin at all: no warehouse is open, or a PPS on the path over a PPK has none.
    """

    first: dict[Errand, list[Unit]]
    second: dict[Errand, list[Unit]]
    stranded: list[Unit]


def errands(case: Case, units: Iterable[Unit]) -> Errands:
    """Return the errands of these units.

    A unit over a PPK has two: warehouse to PPK, and PPK to PPS; one that lies at its PPK has only the latter.
    Pins bind the one that ends at the unit's own place.
    """
    first: dict[Errand, list[Unit]] = defaultdict(list)
    second_leg: dict[Errand, list[Unit]] = defaultdict(list)
    stranded = []
    dues = arrival_dues(case)
    for unit in units:
        over = case.path(unit) == "lewat-ppk"
        stop = case.place[unit.place].parent if over else unit.place
        origin = warehouse_of(case, unit, stop) if stop in case.place else None
        if origin is None or stop is None:
            stranded.append(unit)
            continue
        due = _due(dues, unit)
        if over:
            second_leg[_last_errand(case, unit, stop, due)].append(unit)
            first[_first_errand(case, unit, origin, stop)].append(unit)
        else:  # what waits at a PPK already has its second leg before it, and shares that leg's vehicles
            leg = first if case.origin_kind(origin) == "gudang" else second_leg
            leg[_last_errand(case, unit, origin, due)].append(unit)
    return Errands(dict(first), dict(second_leg), stranded)


def warehouse_of(case: Case, unit: Unit, stop: str | None) -> str | None:
    """Return the open warehouse a unit leaves: its own, or the nearest by road to its first stop."""
    if unit.origin is not None:
        return unit.origin if unit.origin in case.strategy.warehouses else None
    if stop is None or not case.strategy.warehouses:
        return None
    return min(case.strategy.warehouses, key=lambda each: (_drive_s(case, each, stop), each))


def arrival_dues(case: Case) -> dict[str, int]:
    """Return by when all sets must lie at each PPS so that its teams finish by the target.

    The dues are safe rather than sharp: as if all sets came at that moment. Where even an early arrival
    cannot meet the target, the law's end counts instead.
    """
    counts: dict[str, int] = defaultdict(int)
    for unit in case.problem.units:
        if unit.kind == "tps":
            counts[unit.place] += 1
    shift = case.last_mile_shift
    if shift is None:
        return {}
    found = {}
    for place, count in counts.items():
        needs_s = ceil_div(count, max(1, case.last_mile.teams)) * case.last_mile.handover_s
        spare_s = shift.worked(second(case.problem.target_at)) - needs_s
        if spare_s < 0:
            spare_s = shift.length_s - needs_s
        found[place] = shift.clock(spare_s)
    return found


def _due(dues: dict[str, int], unit: Unit) -> int | None:
    own = second(unit.due_at) if unit.due_at is not None else None
    common = dues.get(unit.place)
    return min(own, common) if own is not None and common is not None else own or common


def _first_errand(case: Case, unit: Unit, origin: str, stop: str) -> Errand:
    return Errand(
        origin=origin,
        place=stop,
        on_date=case.strategy.date_by_place.get(stop),
        ready=second(unit.ready_at) if unit.ready_at is not None else None,
    )


def _last_errand(case: Case, unit: Unit, origin: str, due: int | None) -> Errand:
    pin = case.pin.get(unit.id)
    from_warehouse = case.origin_kind(origin) == "gudang"
    fixed = case.strategy.date_by_place.get(unit.place) if from_warehouse else None
    ready = second(unit.ready_at) if unit.ready_at is not None and from_warehouse else None
    return Errand(
        origin=origin,
        place=unit.place,
        on_date=(pin.date if pin is not None and pin.date is not None else fixed),
        not_before=None if from_warehouse else _after_fixed(case, origin),
        vehicle=pin.vehicle if pin is not None else None,
        ready=ready,
        due=due,
    )


def _after_fixed(case: Case, ppk: str) -> date | None:
    """Return the first date of the second leg where the arrival at the PPK is fixed: the next, if any."""
    fixed = case.strategy.date_by_place.get(ppk)
    if fixed is None:
        return None
    later = [day for day in case.strategy.dates_by_origin.get("ppk", ()) if day > fixed]
    return fixed + timedelta(days=1) if later else fixed


def _drive_s(case: Case, origin: str, place: str) -> int:
    """Return the quickest drive of any class; places without a road count as infinitely far."""
    start, end = case.row[origin], case.row[place]
    times = [int(table[DRIVE_S, start, end]) for table in case.matrices.values()]
    return min((time_s for time_s in times if time_s >= 0), default=2**31)
