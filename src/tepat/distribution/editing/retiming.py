"""The clock of changed trips: only what changed, what follows it, and what waits for its goods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import msgspec

from tepat.common.errors import Refused
from tepat.distribution.assembly import documents
from tepat.distribution.case import DRIVE_S, Case, clock_text
from tepat.distribution.clockwork import Clockwork, TimedStop, TimedTrip
from tepat.distribution.docks import DockBook
from tepat.distribution.duties import Drop
from tepat.distribution.editing.sketch import Post, Sketch
from tepat.distribution.plans import Trip
from tepat.distribution.vehicle_days import VehicleDay
from tepat.distribution.working_time import Shift, second

DOCK_WAITS_MAX = 50
"""Times a trip is begun later because a dock on its way is taken."""

OVERTIME_S = 24 * 3600
"""How far beyond the day it is looked when a trip that does not fit would be back."""


@dataclass(frozen=True)
class Round:
    """One trip as it shall be, not yet on the clock.

    Args:
        id: The trip's id.
        vehicle: Who drives it.
        date: When.
        origin: Where it is loaded.
        drops: Where it halts, in order.
    """

    id: str
    vehicle: str
    date: date
    origin: str
    drops: tuple[Drop, ...]

    @property
    def post(self) -> Post:
        """Its vehicle and date."""
        return self.vehicle, self.date


def round_of(trip: Trip) -> Round:
    """Return a trip without its clock."""
    drops = tuple(Drop(stop.place, stop.units) for stop in trip.stops)
    return Round(trip.id, trip.vehicle, trip.date, trip.origin, drops)


def retimed(sketch: Sketch, rounds: Iterable[Round], *, wanted: str) -> Sketch:
    """Return the plan with these trips as they shall be; those without a stop are gone.

    A trip that need not move keeps its moments. What a later arrival at a PPK pushes is pushed too.

    Args:
        sketch: The plan before.
        rounds: Changed and new trips.
        wanted: The change in words, for refusals.

    Raises:
        Refused: EDIT-NO-TIME, EDIT-NO-ROAD, EDIT-NO-DAY, EDIT-LOCK-PUSHED, EDIT-ONWARD, SOLVE-NO-MATRIX.
    """
    work = _Work(sketch, {each.id: each for each in rounds}, wanted)
    posts = {each.post for each in work.changed.values()}
    posts |= {(trip.vehicle, trip.date) for name in work.changed if (trip := sketch.trips.get(name))}
    while True:
        found = work.timed(posts)
        early = _too_early(found)
        if not early:
            return found
        if {(trip.vehicle, trip.date) for trip in early} <= posts:
            first = min(early, key=lambda trip: (trip.load_at, trip.id))
            raise Refused("EDIT-ONWARD", trip=first.id, place=sketch.name(first.origin), wanted=wanted)
        posts |= {(trip.vehicle, trip.date) for trip in early}


def _too_early(sketch: Sketch) -> list[Trip]:
    """Return the trips that load goods at a PPK before they lie there."""
    lying = sketch.lying()
    return [
        trip
        for trip in sketch.trips.values()
        if sketch.case.place[trip.origin].kind == "ppk"
        and any(
            lying.get((unit, trip.origin), 0) > second(trip.load_at)
            for stop in trip.stops
            for unit in stop.units
        )
    ]


@dataclass(frozen=True)
class _Work:
    """One change on its way to the clock."""

    sketch: Sketch
    changed: Mapping[str, Round]
    wanted: str

    def timed(self, posts: set[Post]) -> Sketch:
        """Return the plan with the trips of these vehicle-days timed anew."""
        case = self.sketch.case
        kept = {
            name: trip
            for name, trip in self.sketch.trips.items()
            if name not in self.changed and (trip.vehicle, trip.date) not in posts
        }
        book = DockBook(case)
        if book.limits:
            for trip in kept.values():
                book.take(_in_seconds(case, trip))
        found = replace(self.sketch, trips=kept)
        for post in sorted(posts, key=lambda each: (each[1], self._second_leg(each), each[0])):
            found = replace(found, trips={**found.trips, **self._day(found, post, book)})
        return found

    def _second_leg(self, post: Post) -> bool:
        return any(self.sketch.case.place[each.origin].kind == "ppk" for each in self._rounds(post))

    def _rounds(self, post: Post) -> list[Round]:
        """Return the rounds of a vehicle-day in the order of driving; new ones come last."""
        old = [self.changed.get(trip.id) or round_of(trip) for trip in self.sketch.in_order]
        known = {each.id for each in old}
        new = [each for each in self.changed.values() if each.id not in known]
        return [each for each in (*old, *new) if each.post == post and each.drops]

    def _day(self, sketch: Sketch, post: Post, book: DockBook) -> dict[str, Trip]:
        day = _vehicle_day(sketch.case, post)
        free, found = day.shift.opens, {}
        lying = sketch.lying()
        for each in self._rounds(post):
            trip = self._trip(day, each, max(free, _ready(sketch.case, each, lying)), book)
            found[each.id] = trip
            free = second(trip.return_at)
            lying |= replace(sketch, trips={each.id: trip}).lying()
        return found

    def _trip(self, day: VehicleDay, each: Round, start: int, book: DockBook) -> Trip:
        case, old = self.sketch.case, self.sketch.trips.get(each.id)
        stays = self._as_it_was(each)
        if stays is not None and second(stays.load_at) >= start:
            timed = _in_seconds(case, stays)
            if not book.wait_s(timed):
                book.take(timed)
                return stays
        if each.id in self.sketch.locked:
            raise Refused("EDIT-LOCK-PUSHED", trip=each.id, wanted=self.wanted)
        wished = self._wished(each)
        timed_at_last = _fit(case, day, each, wished, book) if wished > start else None
        timed_at_last = timed_at_last or _fit(case, day, each, start, book)
        if timed_at_last is None:
            raise _why_not(case, day, each, start)
        book.take(timed_at_last)
        return _written(case, timed_at_last, each, old)

    def _as_it_was(self, each: Round) -> Trip | None:
        """Return the trip with the moments it should have if nothing pushes it.

        A locked one keeps those it has; any other those of the plan that the changes start from, so that
        what a change had pushed comes back when it is taken back.
        """
        if each.id in self.sketch.locked:
            return self.sketch.trips.get(each.id)
        first = self.sketch.first.get(each.id)
        return first if first is not None and round_of(first) == each else None

    def _wished(self, each: Round) -> int:
        """Return when the trip began in the plan that the changes start from, where it still is that trip."""
        first = self.sketch.first.get(each.id)
        same = first is not None and (first.vehicle, first.date) == each.post
        return second(first.load_at) if first is not None and same else 0


def _vehicle_day(case: Case, post: Post) -> VehicleDay:
    vehicle, day = post
    if vehicle not in case.vehicle:
        raise Refused("EDIT-NO-VEHICLE", vehicle=vehicle)
    shift = case.shift(case.vehicle[vehicle], day) if day in case.weather else None
    if shift is None:
        raise Refused("EDIT-NO-DAY", vehicle=vehicle, date=f"{day:%d-%m-%Y}")
    return VehicleDay(vehicle, day, shift, shift.closes)


def _ready(case: Case, each: Round, lying: Mapping[tuple[str, str], int]) -> int:
    """Return the second from which all goods of a round can be loaded."""
    moments = [0]
    for drop in each.drops:
        for unit in drop.units:
            at = case.unit[unit].ready_at
            moments += [lying.get((unit, each.origin), 0), second(at) if at is not None else 0]
    return max(moments)


def _fit(case: Case, day: VehicleDay, each: Round, start: int, book: DockBook) -> TimedTrip | None:
    clockwork = Clockwork(case)
    for _ in range(DOCK_WAITS_MAX):
        timed = clockwork.time(day, each.origin, each.drops, start, {})
        wait_s = book.wait_s(timed) if timed is not None else 0
        if timed is None or not wait_s:
            return timed
        start = timed.load + wait_s
    return None


def _why_not(case: Case, day: VehicleDay, each: Round, start: int) -> Refused:
    """Return why a round does not fit its day: no road, or when it would be back."""
    table = case.matrix(case.type_of(each.vehicle).vehicle_class, day.date)
    places = [each.origin, *(drop.place for drop in each.drops), each.origin]
    facts = {"trip": each.id, "vehicle": each.vehicle, "date": f"{day.date:%d-%m-%Y}"}
    for one, other in pairwise(places):
        if table[DRIVE_S, case.row[one], case.row[other]] < 0:
            return Refused("EDIT-NO-ROAD", **facts, origin=case.place[one].name, place=case.place[other].name)
    opens, closes = day.shift.spans[-1]
    longer = Shift((*day.shift.spans[:-1], (opens, closes + OVERTIME_S)))
    late = Clockwork(case).time(
        VehicleDay(day.vehicle, day.date, longer, longer.closes), each.origin, each.drops, start, {}
    )
    back = f"baru kembali {clock_text(late.back, case.zone)}" if late is not None else "tidak selesai"
    return Refused("EDIT-NO-TIME", **facts, closes=clock_text(closes, case.zone), back=back)


def _written(case: Case, timed: TimedTrip, each: Round, old: Trip | None) -> Trip:
    """Return a timed trip; on the vehicle it had, its people stay, and its load order if nothing moved."""
    trip = msgspec.structs.replace(documents(case, [timed])[0], id=each.id)
    if old is None or old.vehicle != trip.vehicle:
        return trip
    crew = {post: getattr(old, post) for post in ("driver", "in_charge", "deputy", "escort")}
    if round_of(old).drops == each.drops:
        crew["load_order"] = old.load_order
    return msgspec.structs.replace(trip, **crew)


def _in_seconds(case: Case, trip: Trip) -> TimedTrip:
    shift = case.shift(case.vehicle[trip.vehicle], trip.date)
    load = second(trip.load_at)
    shift = shift or Shift(((load, second(trip.return_at) + 1),))
    stops: Sequence[TimedStop] = [
        TimedStop(
            Drop(stop.place, stop.units), second(stop.arrive_at), second(stop.unload_at), second(stop.done_at)
        )
        for stop in trip.stops
    ]
    return TimedTrip(
        VehicleDay(trip.vehicle, trip.date, shift, shift.closes),
        trip.origin,
        load,
        second(trip.depart_at),
        tuple(stops),
        second(trip.return_at),
        trip.distance_m,
    )
