"""Whether the goods fit: floor by volume, stack height and a fill factor; vehicles that load at once."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from tepat.common.quantities import ceil_div
from tepat.distribution.case import Case
from tepat.distribution.plans import Trip
from tepat.distribution.problems import Place, Unit, VehicleClass

MM_PER_CM, CM2_PER_M2, PERCENT = 10, 10_000, 100


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The clear width and height that a vehicle class needs, in millimetres."""

    width_mm: int
    height_mm: int


class RoomSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`room.toml`.

    Args:
        stack_mm: How high boxes stand where the survey does not say, in millimetres.
        fill_percent: The share of floor times height that goods really fill; the rest is aisles.
        box_ml: One assembled box.
        gates: What each vehicle class needs of a gate.
    """

    stack_mm: int
    fill_percent: int
    box_ml: int
    gates: dict[VehicleClass, Gate]


@cache
def room_settings() -> RoomSettings:
    """Return the settings that come with Tepat."""
    text = (resources.files(__package__) / "room.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), RoomSettings)


class StockDay(Struct, frozen=True, kw_only=True):
    """What lies in a warehouse on the morning of a day, before anything leaves.

    Args:
        date: The day.
        boxes: Boxes.
        volume_ml: Boxes and goods beside them.
    """

    date: date
    boxes: int
    volume_ml: int

    @property
    def box_ml(self) -> int:
        """The boxes' part of the volume."""
        return min(self.volume_ml, self.boxes * room_settings().box_ml)

    @property
    def loose_ml(self) -> int:
        """What the goods beside the boxes take: booths, forms."""
        return self.volume_ml - self.box_ml


def stack_mm(place: Place) -> int:
    """Return how high boxes may stand in a warehouse, in millimetres."""
    facts = place.warehouse
    given = facts.stack_mm if facts else None
    return given or room_settings().stack_mm


def floor_m2(volume_ml: int, place: Place) -> int:
    """Return the floor that a volume needs in a warehouse, in whole square metres, rounded up."""
    filled = stack_mm(place) * room_settings().fill_percent * CM2_PER_M2
    return ceil_div(volume_ml * MM_PER_CM * PERCENT, filled)


def room_ml(place: Place) -> int | None:
    """Return the volume that a warehouse holds, in millilitres; None while nobody knows its floor."""
    floor = place.warehouse.usable_m2 if place.warehouse else None
    if floor is None:
        return None
    return floor * CM2_PER_M2 * stack_mm(place) * room_settings().fill_percent // (MM_PER_CM * PERCENT)


def stock_days(case: Case, units: Iterable[Unit], leaves: Mapping[str, date]) -> tuple[StockDay, ...]:
    """Return the stock of units on the morning of each day of the problem.

    Args:
        case: Problem and strategy.
        units: The units of one warehouse.
        leaves: By unit, the date on which it is loaded; units without one stay to the end.
    """
    days = [day.date for day in case.problem.days]
    boxes: dict[date, int] = defaultdict(int)
    volume: dict[date, int] = defaultdict(int)
    for unit in units:
        since = case.local_date(unit.ready_at) if unit.ready_at is not None else days[0]
        until = leaves.get(unit.id, days[-1])
        for day in days:
            if since <= day <= until:
                boxes[day] += unit.boxes
                volume[day] += unit.volume_ml
    return tuple(StockDay(date=day, boxes=boxes[day], volume_ml=volume[day]) for day in days)


def peak_of(days: Iterable[StockDay]) -> StockDay:
    """Return the fullest day, the first of several."""
    return max(days, key=lambda day: (day.volume_ml, -day.date.toordinal()))


def loading_at_once(trips: Iterable[Trip]) -> tuple[int, datetime | None]:
    """Return how many vehicles load at the same time at most, and when that first is so."""
    moments = sorted(
        [(trip.load_at, 1) for trip in trips] + [(trip.depart_at, -1) for trip in trips],
        key=lambda each: (each[0], each[1]),
    )
    now, most, when = 0, 0, None
    for at, change in moments:
        now += change
        if now > most:
            most, when = now, at
    return most, when
