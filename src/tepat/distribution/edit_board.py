"""One day of a plan under change as cards: trips, their stops, and what may be chosen. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tepat.common.tables import long_date
from tepat.distribution.editing.applying import Edited
from tepat.distribution.editing.changes import Change, Move, SwapStops
from tepat.distribution.editing.saying import Names, pin_words
from tepat.distribution.plans import Plan, Stop, Trip

LEFT = "-"
"""What stands for a trip's id where sets were left behind."""


@dataclass(frozen=True)
class StopCard:
    """One stop: where, when, how much, and what is special about it."""

    trip: str
    place: str
    name: str
    number: int
    clock: str
    boxes: int
    units: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.trip}/{self.place}"


@dataclass(frozen=True)
class TripCard:
    """One trip with its stops."""

    id: str
    vehicle: str
    kind: str
    vehicle_class: str
    origin: str
    clock: str
    boxes: int
    room: int
    locked: bool
    changed: bool
    stops: tuple[StopCard, ...]


@dataclass(frozen=True)
class Board:
    """One day.

    Args:
        days: Every date on which vehicles may drive, with its words.
        day: The one shown.
        trips: In the order of vehicles, then of loading.
        left: Stops of what no trip brings, as cards without a trip.
    """

    days: tuple[tuple[date, str], ...]
    day: date
    trips: tuple[TripCard, ...]
    left: tuple[StopCard, ...]


@dataclass(frozen=True)
class Choice:
    """What may be done with a chosen stop or trip.

    Args:
        stop: The chosen stop, or None where a trip is chosen.
        trip: Its trip; None for what was left behind.
        targets: Trips it can join, by date: (date in words, ((id, words), …)).
        partners: Stops of the same day it can change places with: (key, words).
        vehicles: Vehicles of the strategy: (id, words).
        exchanges: Trips of the same day on other vehicles: (id, words).
    """

    stop: StopCard | None
    trip: TripCard | None
    targets: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    partners: tuple[tuple[str, str], ...] = ()
    vehicles: tuple[tuple[str, str], ...] = ()
    exchanges: tuple[tuple[str, str], ...] = ()


class BoardMaker:
    """Makes cards of an edited plan.

    Args:
        found: The plan under change.
        base: The version that it started from.
        zone: The office's zone.
    """

    def __init__(self, found: Edited, base: Plan, zone: ZoneInfo) -> None:
        self.found, self.zone = found, zone
        self.case = found.sketch.case
        self.names = Names(found.problem)
        self.before = {trip.id: trip for trip in base.trips}

    def board(self, asked: str) -> Board:
        """Return the day asked for (``2024-02-12``), else the first with a trip."""
        days = tuple((one.date, long_date(one.date)) for one in self.found.problem.days)
        driven = sorted({trip.date for trip in self.found.plan.trips})
        first = driven[0] if driven else days[0][0]
        day = next((one for one, _ in days if one.isoformat() == asked), first)
        trips = [trip for trip in self.found.plan.trips if trip.date == day]
        trips.sort(key=lambda trip: (trip.vehicle, trip.load_at))
        return Board(days, day, tuple(map(self.trip, trips)), self._left())

    def trip(self, trip: Trip) -> TripCard:
        """Return a trip's card."""
        kind = self.case.type_of(trip.vehicle)
        stops = tuple(self._stop(trip, number, stop) for number, stop in enumerate(trip.stops, 1))
        return TripCard(
            id=trip.id,
            vehicle=trip.vehicle,
            kind=kind.name,
            vehicle_class=kind.vehicle_class,
            origin=self.names.place(trip.origin),
            clock=f"{self._clock(trip.load_at)}–{self._clock(trip.return_at)}",
            boxes=sum(stop.boxes for stop in stops),
            room=kind.boxes_max,
            locked=trip.id in self.found.sketch.locked,
            changed=self.before.get(trip.id) != trip,
            stops=stops,
        )

    def _stop(self, trip: Trip, number: int, stop: Stop) -> StopCard:
        marks = [] if self._was_there(trip, stop) else ["dipindah"]
        pins = [self.case.pin[unit] for unit in stop.units if unit in self.case.pin]
        marks += dict.fromkeys(f"disematkan ke {pin_words(pin)}" for pin in pins)
        return self._card(trip.id, stop.place, stop.units).with_clock(
            number, f"{self._clock(stop.arrive_at)}–{self._clock(stop.done_at)}", tuple(marks)
        )

    def _was_there(self, trip: Trip, stop: Stop) -> bool:
        old = self.before.get(trip.id)
        same = old is not None and (old.vehicle, old.date) == (trip.vehicle, trip.date)
        there = [set(each.units) for each in old.stops if each.place == stop.place] if old and same else []
        return any(units.issuperset(stop.units) for units in there)

    def _card(self, trip: str, place: str, units: Iterable[str]) -> "_Card":
        carried = [self.case.unit[unit] for unit in units]
        return _Card(
            trip=trip,
            place=place,
            name=self.names.place(place),
            boxes=sum(unit.boxes for unit in carried),
            units=tuple(
                (unit.id, f"TPS {unit.tps or unit.id}" if unit.kind == "tps" else f"set {unit.kind.upper()}")
                for unit in carried
            ),
        )

    def _left(self) -> tuple[StopCard, ...]:
        by_place: dict[str, list[str]] = {}
        for unit in self.found.sketch.unserved:
            by_place.setdefault(self.case.unit[unit].place, []).append(unit)
        return tuple(
            self._card(LEFT, place, units).with_clock(0, "", ()) for place, units in by_place.items()
        )

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%H.%M}"

    def choice(self, board: Board, asked: str) -> Choice | None:
        """Return what may be done with ``T-001/PLACE`` or ``T-001``; None where neither is shown."""
        for left in board.left:
            if left.key == asked:
                return self._with_targets(Choice(left, None), board)
        for card in board.trips:
            for stop in card.stops:
                if stop.key == asked:
                    return self._with_targets(Choice(stop, card), board)
            if card.id == asked:
                others = [each for each in board.trips if each.vehicle != card.vehicle]
                return Choice(None, card, exchanges=tuple((each.id, _said(each)) for each in others))
        return None

    def _with_targets(self, choice: Choice, board: Board) -> Choice:
        assert choice.stop is not None
        origin = self.found.sketch.trips[choice.trip.id].origin if choice.trip else None
        by_date: dict[date, list[tuple[str, str]]] = {}
        for trip in self.found.plan.trips:
            alike = origin == trip.origin or (
                origin is None and self.case.origin_kind(trip.origin) == "gudang"
            )
            if alike and trip.id != choice.stop.trip:
                by_date.setdefault(trip.date, []).append((trip.id, _said(self.trip(trip))))
        partners = [
            stop
            for card in board.trips
            if card.id != choice.stop.trip and self.found.sketch.trips[card.id].origin == origin
            for stop in card.stops
        ]
        return Choice(
            stop=choice.stop,
            trip=choice.trip,
            targets=tuple((long_date(day), tuple(sorted(by_date[day]))) for day in sorted(by_date)),
            partners=tuple((stop.key, f"{stop.name} ({stop.trip}, ke-{stop.number})") for stop in partners),
            vehicles=tuple(
                (name, f"{name}, {self.case.type_of(name).name}") for name in self.case.strategy.vehicles
            ),
        )


@dataclass(frozen=True)
class _Card:
    """A stop's card without its moment."""

    trip: str
    place: str
    name: str
    boxes: int
    units: tuple[tuple[str, str], ...]

    def with_clock(self, number: int, clock: str, marks: tuple[str, ...]) -> StopCard:
        return StopCard(self.trip, self.place, self.name, number, clock, self.boxes, self.units, marks)


def _said(card: TripCard) -> str:
    return f"{card.id}, {card.vehicle}, {card.clock}, {card.boxes} dari {card.room} kotak"


def where(change: Change, found: Edited) -> tuple[str, str]:
    """Return which day and which card show what a change did; empty where the page stays as it was.

    Args:
        change: What was done.
        found: The plan after it.
    """
    if isinstance(change, SwapStops):
        return _shown(found, change.other_trip, change.place)
    if not isinstance(change, Move):
        return "", ""
    for trip in found.sketch.bringers(change.units[:1])[change.units[0]]:
        if any(stop.place == change.place and change.units[0] in stop.units for stop in trip.stops):
            return _shown(found, trip.id, change.place)
    return "", ""


def _shown(found: Edited, trip: str, place: str) -> tuple[str, str]:
    return found.sketch.trips[trip].date.isoformat(), f"{trip}/{place}"
