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

    A vehicle without a home goes to an open warehouse, in proportion to the boxes that leave it. People and
    escorts answer for one vehicle a day: where two vehicles of a date share somebody, the one listed first
    drives.

    Args:
        case: Problem and strategy.
        boxes_by_warehouse: Boxes that leave each open warehouse.
    """
    homes = _homes(case, boxes_by_warehouse)
    found: dict[str, list[VehicleDay]] = defaultdict(list)
    busy: set[tuple[date, str]] = set()
    usable = [
        case.vehicle[name] for name in case.strategy.vehicles if name in homes and _is_manned(case, name)
    ]
    starts = _starts(case, {vehicle: _dates(case, vehicle, homes[vehicle.id]) for vehicle in usable})
    for vehicle in usable:
        origin = homes[vehicle.id]
        for day in _rested(case, vehicle, _dates(case, vehicle, origin), starts):
            posts = {(day.date, each) for each in _crew(vehicle)}
            if not posts & busy:
                busy |= posts
                found[origin].append(day)
    return {origin: tuple(days) for origin, days in found.items()}


def _crew(vehicle: Vehicle) -> list[str]:
    return [each for each in (vehicle.driver, vehicle.in_charge, vehicle.deputy, vehicle.escort) if each]


def _is_manned(case: Case, name: str) -> bool:
    """Tell whether a vehicle has someone in charge, a person for each post, an escort where due."""
    vehicle = case.vehicle[name]
    posts = [each for each in (vehicle.driver, vehicle.in_charge, vehicle.deputy) if each]
    escorted = vehicle.escort is not None or not case.problem.rules.escort_required
    return vehicle.in_charge is not None and len(set(posts)) == len(posts) and escorted


def _starts(case: Case, dates: Mapping[Vehicle, list[date]]) -> dict[str, dict[date, int]]:
    """Return when each vehicle and each of its people may first be at work on each date."""
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for vehicle, days in dates.items():
        for day in days:
            shift = case.shift(vehicle, day)
            if shift is None:
                continue
            for who in (vehicle.id, *_crew(vehicle)):
                found[who][day] = min(shift.opens, found[who].get(day, shift.opens))
    return found


def _homes(case: Case, boxes_by_warehouse: Mapping[str, int]) -> dict[str, str]:
    """Return the origin of each vehicle; a shared pool is dealt by type, largest need first."""
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


def _rested(
    case: Case, vehicle: Vehicle, dates: Iterable[date], starts: Mapping[str, Mapping[date, int]]
) -> list[VehicleDay]:
    """Return the days of a vehicle, each ended early enough for the rest of its people before their next."""
    days = []
    for day in dates:
        shift = case.shift(vehicle, day)
        if shift is None:
            continue
        later = [
            at for who in (vehicle.id, *_crew(vehicle)) for other, at in starts[who].items() if other > day
        ]
        closes = min([shift.closes, *(at - case.problem.rules.rest_s_min for at in later)])
        if closes > shift.opens:
            days.append(VehicleDay(vehicle.id, day, shift, closes))
    return days
