"""How far the clock of a plan may be off, because its travel times are estimates. Pure.

Each travel matrix names its band: the true time is at most so much shorter or longer, nine times in ten.
Along a trip the bands of its legs are added up, because what makes one leg slow (the speed assumed, the
weather) makes the next one slow too. Waiting for a place to open eats lateness up; a vehicle or a set that
comes late begins its next trip late. Handling times, breaks met because of a delay, and early departures are
left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tepat.common.quantities import clock
from tepat.distribution.plans import Plan, Stop, Trip
from tepat.distribution.problems import Problem
from tepat.distribution.working_time import Shift, second, spans_by_date

LONG_MINUTES = 120
NOTE = (
    "Jam memakai perkiraan waktu tempuh. “Bisa meleset” menyebut batasnya, lebih cepat dan lebih lambat, "
    "sembilan dari sepuluh kali."
)


@dataclass(frozen=True)
class Band:
    """How far one moment may be off.

    Args:
        early_s: It may come this much earlier, in seconds.
        late_s: It may come this much later.
    """

    early_s: int = 0
    late_s: int = 0

    @property
    def text(self) -> str:
        """``−12/+32 menit`` or ``±12 menit``, never narrower than it is; empty where nothing is estimated.

        From two hours on in hours, as other long times are written: ``−40 m/+2 j 05 m``.
        """
        early, late = (-(-seconds // 60) for seconds in (self.early_s, self.late_s))
        long = max(early, late) >= LONG_MINUTES
        words, unit = (_hours, "") if long else (str, " menit")
        if early == late:
            return f"±{words(late)}{unit}" if late else ""
        return f"−{words(early)}/+{words(late)}{unit}"

    @property
    def said(self) -> str:
        """The same as a remark, such as ``bisa meleset −12/+32 menit``; empty likewise."""
        return f"bisa meleset {self.text}" if self.text else ""

    @property
    def aside(self) -> str:
        """The same in brackets after a time, with the space before it; empty likewise."""
        return f" ({self.said})" if self.text else ""

    def driven(self, seconds: int, share: "tuple[int, int]") -> "Band":
        """Return the band after a drive.

        Args:
            seconds: The drive as planned.
            share: The percent by which it may be shorter and longer.
        """
        low, high = share
        return Band(self.early_s - (-seconds * low // 100), self.late_s - (-seconds * high // 100))

    def waited(self, seconds: int) -> "Band":
        """Return the band after a wait for something that opens at a fixed moment."""
        return Band(self.early_s if not seconds else 0, max(0, self.late_s - seconds))


NONE = Band()

type LastBands = tuple[Band, Band, Band]


def _hours(minutes: int) -> str:
    return clock(minutes * 60) if minutes >= 60 else f"{minutes} m"


def widest(bands: Iterable[Band]) -> Band:
    """Return the band that holds all of these."""
    found = list(bands)
    return Band(max((b.early_s for b in found), default=0), max((b.late_s for b in found), default=0))


@dataclass(frozen=True)
class Bands:
    """The bands of a whole plan.

    Args:
        arrive: By trip, those of the arrivals at its stops, in order.
        done: By trip, those of the ends of unloading, in order.
        back: By trip, that of its return.
        place: By place, the widest of the ends of unloading there.
        delivery: By unit, that of its hand-over to the KPPS; those that need not move are left out.
    """

    arrive: dict[str, tuple[Band, ...]] = field(default_factory=dict)
    done: dict[str, tuple[Band, ...]] = field(default_factory=dict)
    back: dict[str, Band] = field(default_factory=dict)
    place: dict[str, Band] = field(default_factory=dict)
    delivery: dict[str, Band] = field(default_factory=dict)


def bands_of(problem: Problem, plan: Plan) -> Bands:
    """Return how far each moment of a plan may be off.

    Args:
        problem: The problem; its matrices name their bands in percent.
        plan: A plan of it.
    """
    return _Propagation(problem).run(plan)


def last_bands(plan: Plan, problem: Problem, bands: Bands) -> LastBands:
    """Return the bands of the last ends of unloading at PPK and PPS, and of the last hand-over to a KPPS."""
    given = [(each.done_at, bands.delivery.get(each.unit, NONE)) for each in plan.deliveries]
    return (
        _last(_arrivals(plan, problem, bands, "ppk")),
        _last(_arrivals(plan, problem, bands, "pps")),
        _last(given),
    )


def _arrivals(plan: Plan, problem: Problem, bands: Bands, kind: str) -> list[tuple[datetime, Band]]:
    kinds = {place.id: place.kind for place in problem.places}
    return [
        (stop.done_at, band)
        for trip in plan.trips
        for stop, band in zip(trip.stops, bands.done[trip.id], strict=True)
        if kinds[stop.place] == kind
    ]


def _last(ends: Sequence[tuple[datetime, Band]]) -> Band:
    latest = max((at for at, _ in ends), default=None)
    return widest(band for at, band in ends if at == latest)


class _Propagation:
    """Carries lateness through a plan in the order of its clock."""

    def __init__(self, problem: Problem) -> None:
        zone = ZoneInfo(problem.office.time_zone)
        types = {kind.id: kind.vehicle_class for kind in problem.vehicle_types}
        self.weather = {day.date: day.weather for day in problem.days}
        self.share = {
            (matrix.vehicle_class, matrix.weather): (matrix.error_low_percent, matrix.error_high_percent)
            for matrix in problem.matrices
        }
        self.vehicle_class = {vehicle.id: types[vehicle.type] for vehicle in problem.vehicles}
        self.hours = {vehicle.id: vehicle.hours for vehicle in problem.vehicles}
        self.spans = {name: spans_by_date(hours, zone) for name, hours in problem.hours.items()}
        self.place_of = {unit.id: unit.place for unit in problem.units}
        self.bands = Bands()
        self.free: dict[str, tuple[datetime, Band]] = {}
        self.there: dict[str, tuple[datetime, Band]] = {}

    def run(self, plan: Plan) -> Bands:
        for trip in sorted(plan.trips, key=lambda trip: (trip.load_at, trip.id)):
            self._trip(trip)
        self._deliver(plan)
        return self.bands

    def _trip(self, trip: Trip) -> None:
        weather = self.weather.get(trip.date, "kering")
        share = self.share.get((self.vehicle_class[trip.vehicle], weather), (0, 0))
        shift = self._shift(trip.vehicle, trip.date)
        band, at = Band(0, self._held_up_s(trip)), trip.depart_at
        arrive, done = [], []
        for stop in trip.stops:
            band = band.driven(_worked_s(shift, at, stop.arrive_at), share)
            arrive.append(band)
            band = band.waited(int((stop.unload_at - stop.arrive_at).total_seconds()))
            done.append(band)
            self._keep(stop, band)
            at = stop.done_at
        self.bands.arrive[trip.id], self.bands.done[trip.id] = tuple(arrive), tuple(done)
        back = band.driven(_worked_s(shift, at, trip.return_at), share)
        self.bands.back[trip.id] = back
        self.free[trip.vehicle] = trip.return_at, back

    def _keep(self, stop: Stop, band: Band) -> None:
        self.bands.place[stop.place] = widest((band, self.bands.place.get(stop.place, NONE)))
        for unit in stop.units:
            self.there[unit] = stop.done_at, band

    def _shift(self, vehicle: str, day: date) -> Shift | None:
        spans = self.spans[self.hours[vehicle]].get(day)
        return Shift(spans) if spans else None

    def _held_up_s(self, trip: Trip) -> int:
        """Return by how much its vehicle or its load may come too late for a trip."""
        waits = [self.there[unit] for stop in trip.stops for unit in stop.units if unit in self.there]
        if trip.vehicle in self.free:
            waits.append(self.free[trip.vehicle])
        return max((_over_s(at, band, trip.load_at) for at, band in waits), default=0)

    def _deliver(self, plan: Plan) -> None:
        """A set that comes late holds up its PPS from there on."""
        late: dict[str, int] = {}
        for each in plan.deliveries:
            if each.unit in self.there:
                place = self.place_of[each.unit]
                late[place] = max(late.get(place, 0), _over_s(*self.there[each.unit], each.start_at))
        for each in plan.deliveries:
            if late_s := late.get(self.place_of[each.unit], 0):
                self.bands.delivery[each.unit] = Band(0, late_s)


def _over_s(at: datetime, band: Band, planned: datetime) -> int:
    return max(0, int((at - planned).total_seconds()) + band.late_s)


def _worked_s(shift: Shift | None, start: datetime, end: datetime) -> int:
    """Return the seconds of driving between two moments, breaks left out."""
    if shift is None:
        return int((end - start).total_seconds())
    return shift.worked(second(end)) - shift.worked(second(start))
