"""The vehicle-days a strategy may use, by the place they start from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tepat.distribution.case import Case
from tepat.distribution.problems import Vehicle
from tepat.distribution.working_time import Shift


@dataclass(frozen=True)
class VehicleDay:
    """One vehicle on one date.

    Args:
        vehicle: Its id.
        date: The office's local date.
        shift: Its hours.
        closes: The second by which it must be back; before the shift's end where rest wants it.
    """

    vehicle: str
    date: date
    shift: Shift
    closes: int

    @property
    def limit_s(self) -> int:
        """Working seconds it may use."""
        return self.shift.worked(self.closes)


def vehicle_days(case: Case, boxes_by_warehouse: Mapping[str, int]) -> dict[str, tuple[VehicleDay, ...]]:
    """Return the usable vehicle-days by origin.

    A vehicle without a home goes to an open warehouse, in proportion to the boxes that leave it. People and escorts
    answer for one vehicle a day: where two vehicles of a date share somebody, the one listed first drives.

    Args:
        case: Problem and strategy.
        boxes_by_warehouse: Boxes that leave each open warehouse.
    """
    homes = _homes(case, boxes_by_warehouse)
    found: dict[str, list[VehicleDay]] = defaultdict(list)
    busy: set[tuple[date, str]] = set()
    for name in case.strategy.vehicles:
        vehicle = case.vehicle[name]
        origin = homes.get(name)
        if origin is None or (case.problem.rules.escort_required and vehicle.escort is None):
            continue
        crew = {each for each in (vehicle.driver, vehicle.in_charge, vehicle.deputy, vehicle.escort) if each}
        for day in _rested(case, vehicle, _dates(case, vehicle, origin)):
            posts = {(day.date, each) for each in crew}
            if not posts & busy:
                busy |= posts
                found[origin].append(day)
    return {origin: tuple(days) for origin, days in found.items()}


def _homes(case: Case, boxes_by_warehouse: Mapping[str, int]) -> dict[str, str]:
    """Return the origin of each vehicle of the strategy; a shared pool is dealt by type, largest need first."""
    homes: dict[str, str] = {}
    dealt: dict[tuple[str, str], int] = defaultdict(int)
    total = sum(boxes_by_warehouse.values())
    pooled: dict[str, int] = defaultdict(int)
    for name in case.strategy.vehicles:
        vehicle = case.vehicle[name]
        if vehicle.home is not None:
            if vehicle.home in case.place:
                homes[name] = vehicle.home
            continue
        if not total:
            continue
        pooled[vehicle.type] += 1
        want = {
            warehouse: boxes * pooled[vehicle.type] - dealt[vehicle.type, warehouse] * total
            for warehouse, boxes in boxes_by_warehouse.items()
        }
        chosen = max(want, key=lambda warehouse: (want[warehouse], warehouse))
        dealt[vehicle.type, chosen] += 1
        homes[name] = chosen
    return homes


def _dates(case: Case, vehicle: Vehicle, origin: str) -> list[date]:
    allowed = case.strategy.dates_by_origin.get(case.origin_kind(origin), ())
    return sorted(day for day in set(vehicle.dates) & set(allowed) if day in case.weather)


def _rested(case: Case, vehicle: Vehicle, dates: Iterable[date]) -> list[VehicleDay]:
    """Return the days of a vehicle, each ended early enough for its rest before the next."""
    shifts = [(day, shift) for day in dates if (shift := case.shift(vehicle, day)) is not None]
    days = []
    for index, (day, shift) in enumerate(shifts):
        closes = shift.closes
        if index + 1 < len(shifts):
            closes = min(closes, shifts[index + 1][1].opens - case.problem.rules.rest_s_min)
        if closes > shift.opens:
            days.append(VehicleDay(vehicle.id, day, shift, closes))
    return days
