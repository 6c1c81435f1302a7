"""One day of a plan as a Gantt chart, drawn on the server as SVG: a row for each vehicle. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tepat.distribution.error_bands import Bands
from tepat.distribution.plan_tables import boxes_of
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Interval, Problem

LABEL_WIDTH = 150
HOUR_WIDTH = 62
ROW_HEIGHT = 24
HEAD_HEIGHT = 22
TEXT_WIDTH_LEAST = 26
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Bar:
    """One trip: where it is drawn, what it says on and beside it."""

    x: int
    y: int
    width: int
    kind: str
    text: str
    title: str


@dataclass(frozen=True)
class Row:
    """One vehicle: its name, where its row lies, and the hours in which it rests."""

    name: str
    y: int
    text_y: int
    rests: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Gantt:
    """A whole chart, in units of the drawing."""

    width: int
    height: int
    label_width: int
    row_height: int
    hours: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]


def gantt_of(plan: Plan, problem: Problem, day: date, bands: Bands) -> Gantt:
    """Return the chart of one day; no rows where nothing drives.

    Args:
        plan: The plan.
        problem: Its problem.
        day: A local date of the office.
        bands: How far the plan's moments may be off.
    """
    zone = ZoneInfo(problem.office.time_zone)
    trips = sorted(
        (trip for trip in plan.trips if trip.date == day), key=lambda trip: (trip.vehicle, trip.load_at)
    )
    names = list(dict.fromkeys(trip.vehicle for trip in trips))
    units = {unit.id: unit for unit in problem.units}
    kinds = {place.id: place.kind for place in problem.places}
    hours_of = {vehicle.id: problem.hours[vehicle.hours] for vehicle in problem.vehicles}
    first = min((_minute(trip.load_at, day, zone) for trip in trips), default=7 * 60) // 60
    last = -(-max((_minute(trip.return_at, day, zone) for trip in trips), default=17 * 60) // 60)

    def x_of(minute: int) -> int:
        return LABEL_WIDTH + (min(max(minute, first * 60), last * 60) - first * 60) * HOUR_WIDTH // 60

    rows = tuple(
        Row(
            name=name,
            y=HEAD_HEIGHT + number * ROW_HEIGHT,
            text_y=HEAD_HEIGHT + number * ROW_HEIGHT + 16,
            rests=tuple(
                (x_of(start), x_of(end) - x_of(start))
                for start, end in _rests(hours_of[name], day, zone)
                if x_of(end) > x_of(start)
            ),
        )
        for number, name in enumerate(names)
    )
    bars = []
    for trip in trips:
        x = x_of(_minute(trip.load_at, day, zone))
        width = max(3, x_of(_minute(trip.return_at, day, zone)) - x)
        boxes = boxes_of(trip, units)
        start, end = trip.load_at.astimezone(zone), trip.return_at.astimezone(zone)
        bars.append(
            Bar(
                x=x,
                y=HEAD_HEIGHT + names.index(trip.vehicle) * ROW_HEIGHT + 3,
                width=width,
                kind="ppk" if kinds[trip.origin] == "ppk" else "gudang",
                text=str(boxes) if width >= TEXT_WIDTH_LEAST else "",
                title=f"{trip.id}, {trip.vehicle}: {start:%H.%M}–{end:%H.%M}{bands.back[trip.id].aside}, "
                f"{boxes} kotak, "
                f"{len(trip.stops)} perhentian",
            )
        )
    return Gantt(
        width=LABEL_WIDTH + (last - first) * HOUR_WIDTH + 10,
        height=HEAD_HEIGHT + len(rows) * ROW_HEIGHT + 4,
        label_width=LABEL_WIDTH,
        row_height=ROW_HEIGHT,
        hours=tuple((x_of(hour * 60), f"{hour:02d}.00") for hour in range(first, last + 1)),
        rows=rows,
        bars=tuple(bars),
    )


def _minute(at: datetime, day: date, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return (local.date() - day).days * MINUTES_A_DAY + local.hour * 60 + local.minute


def _rests(intervals: tuple[Interval, ...], day: date, zone: ZoneInfo) -> list[tuple[int, int]]:
    """Return the minutes of the day in which a vehicle does not work."""
    worked = sorted(
        (_minute(one.opens_at, day, zone), _minute(one.closes_at, day, zone))
        for one in intervals
        if one.opens_at.astimezone(zone).date() == day or one.closes_at.astimezone(zone).date() == day
    )
    rests, free_from = [], 0
    for start, end in worked:
        if start > free_from:
            rests.append((free_from, start))
        free_from = max(free_from, end)
    return [*rests, (free_from, MINUTES_A_DAY)]
