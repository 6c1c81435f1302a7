"""One round on the clock: loading, driving, unloading, the way home; breaks and receiving hours kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tepat.distribution.case import DRIVE_M, DRIVE_S, Case
from tepat.distribution.duties import Drop
from tepat.distribution.vehicle_days import VehicleDay
from tepat.distribution.working_time import Span


@dataclass(frozen=True)
class TimedStop:
    """A stop in seconds since 1970."""

    drop: Drop
    arrive: int
    unload: int
    done: int


@dataclass(frozen=True)
class TimedTrip:
    """A round in seconds since 1970."""

    day: VehicleDay
    origin: str
    load: int
    depart: int
    stops: tuple[TimedStop, ...]
    back: int
    distance_m: int


class Clockwork:
    """Times rounds of a case.

    Args:
        case: Problem and strategy.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._receiving: dict[tuple[str, tuple[Span, ...]], tuple[Span, ...]] = {}

    def time(
        self, day: VehicleDay, origin: str, drops: Sequence[Drop], start: int, due: Mapping[str, int]
    ) -> TimedTrip | None:
        """Return a round on the clock, begun as early as `start` lets it; None if it does not fit.

        Args:
            day: The vehicle-day; breaks and the end of its shift count.
            origin: Where it is loaded and comes back to.
            drops: Where it halts, in order.
            start: The first second at which loading may begin.
            due: By unit, the second by which it must be unloaded.
        """
        case, shift = self.case, day.shift
        kind = case.type_of(day.vehicle)
        table = case.matrix(kind.vehicle_class, day.date)
        boxes = sum(case.unit[unit].boxes for drop in drops for unit in drop.units)
        loading_s = kind.load_fixed_s + boxes * kind.load_s_per_box
        span = self._work(day, case.place[origin].hours, start, loading_s)
        if span is None:
            return None
        load, depart = span
        at, row, distance_m, stops = depart, case.row[origin], 0, []
        for drop in drops:
            target = case.row[drop.place]
            stop = self._stop(day, drop, at, int(table[DRIVE_S, row, target]))
            if stop is None or any(stop.done > due.get(unit, stop.done) for unit in drop.units):
                return None
            stops.append(stop)
            distance_m += int(table[DRIVE_M, row, target])
            at, row = stop.done, target
        home = case.row[origin]
        home_s = int(table[DRIVE_S, row, home])
        back = shift.advance(at, home_s) if home_s >= 0 else None
        if back is None or back > day.closes:
            return None
        distance_m += int(table[DRIVE_M, row, home])
        return TimedTrip(day, origin, load, depart, tuple(stops), back, distance_m)

    def _stop(self, day: VehicleDay, drop: Drop, at: int, drive_s: int) -> TimedStop | None:
        arrive = day.shift.advance(at, drive_s) if drive_s >= 0 else None
        if arrive is None:
            return None
        place = self.case.place[drop.place]
        kind = self.case.type_of(day.vehicle)
        boxes = sum(self.case.unit[unit].boxes for unit in drop.units)
        span = self._work(day, place.hours, arrive, place.stop_s + boxes * kind.unload_s_per_box)
        return TimedStop(drop, arrive, *span) if span is not None else None

    def _work(self, day: VehicleDay, hours: str, at: int, duration_s: int) -> Span | None:
        """Return the first stretch of handling at a place with these hours, at or after a moment."""
        for opens, closes in self._open(day, hours):
            begin = day.shift.snap(max(at, opens))
            end = None if begin is None or begin > closes else day.shift.advance(begin, duration_s)
            if begin is not None and end is not None and end <= closes:
                return begin, end
        return None

    def _open(self, day: VehicleDay, hours: str) -> tuple[Span, ...]:
        key = (hours, day.shift.spans)
        if key not in self._receiving:
            near = [
                span
                for span in self.case.opening[hours]
                if span[1] > day.shift.opens and span[0] < day.shift.closes
            ]
            self._receiving[key] = day.shift.receiving(tuple(near))
        return self._receiving[key]
