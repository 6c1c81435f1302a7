"""A plan as rounds to be replayed: loading, stops and the way home, each with what it takes as planned."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tepat.common.quantities import ceil_div
from tepat.distribution.case import Case
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Unit, VehicleType
from tepat.distribution.working_time import second

type Key = tuple[str, int]
"""A stop: the name of its round and its number in it."""


@dataclass(frozen=True)
class Halt:
    """One stop of a round.

    Args:
        key: Where its end of unloading is kept.
        place: Where.
        boxes: What is unloaded.
        arrive: As planned; 0 = any time.
        unload: As planned.
    """

    key: Key
    place: str
    boxes: int
    arrive: int = 0
    unload: int = 0


@dataclass(frozen=True)
class Round:
    """One round of a vehicle.

    Args:
        name: The trip's id; an overflow round has a ``+`` behind it.
        vehicle: Who drives as planned.
        date: When.
        origin: Where it is loaded and comes back to.
        load: The planned second of loading; 0 = any.
        depart: The planned second of leaving; 0 = any.
        turn: The number of this round on its vehicle's date, from 0.
        rounds: How many the vehicle has on that date.
        halts: In order.
        needs: Stops of other rounds that bring what is loaded here.
        ready: The second before which it may not load.
        more: Percent of more goods for which an overflow round is driven; 0 = a planned round.
    """

    name: str
    vehicle: str
    date: date
    origin: str
    load: int
    depart: int
    turn: int
    rounds: int
    halts: tuple[Halt, ...]
    needs: frozenset[Key] = frozenset()
    ready: int = 0
    more: int = 0

    @property
    def boxes(self) -> int:
        """What is loaded."""
        return sum(halt.boxes for halt in self.halts)


@dataclass(frozen=True)
class Script:
    """A whole plan to be replayed.

    Args:
        rounds: In an order in which goods come before they leave, and a vehicle's rounds follow each other.
        last: By unit, the stops after all of which it lies at its own place.
    """

    rounds: tuple[Round, ...]
    last: Mapping[str, tuple[Key, ...]]


def script_of(case: Case, plan: Plan, more_percents: Iterable[int] = ()) -> Script:
    """Return a plan's rounds; for each percent of more goods also the rounds that then overflow."""
    trips = sorted(plan.trips, key=lambda trip: (trip.load_at, trip.id))
    by_day: dict[tuple[str, date], list[Trip]] = defaultdict(list)
    for trip in trips:
        by_day[trip.vehicle, trip.date].append(trip)
    brought: dict[str, dict[str, tuple[Key, ...]]] = defaultdict(dict)
    rounds = []
    for trip in trips:
        mine = by_day[trip.vehicle, trip.date]
        rounds.append(_round(case, trip, mine.index(trip), len(mine)))
        for number, stop in enumerate(trip.stops):
            for unit in stop.units:
                brought[unit][stop.place] = ((trip.id, number),)
    for percent in sorted(set(more_percents) - {0}):
        for trip in trips:
            rounds += _overflow(case, trip, percent, by_day[trip.vehicle, trip.date][-1], brought)
    loads = {trip.id: trip for trip in trips}
    rounds = [replace(each, needs=_needs(each, loads, brought)) for each in rounds]
    last = {unit: places.get(case.unit[unit].place, ()) for unit, places in brought.items()}
    return Script(_in_order(rounds), last)


def _round(case: Case, trip: Trip, turn: int, rounds: int) -> Round:
    units = [case.unit[unit] for stop in trip.stops for unit in stop.units]
    return Round(
        name=trip.id,
        vehicle=trip.vehicle,
        date=trip.date,
        origin=trip.origin,
        load=second(trip.load_at),
        depart=second(trip.depart_at),
        turn=turn,
        rounds=rounds,
        halts=tuple(
            Halt(
                (trip.id, number),
                stop.place,
                sum(case.unit[unit].boxes for unit in stop.units),
                second(stop.arrive_at),
                second(stop.unload_at),
            )
            for number, stop in enumerate(trip.stops)
        ),
        ready=max((second(unit.ready_at) for unit in units if unit.ready_at is not None), default=0),
    )


def _overflow(
    case: Case, trip: Trip, percent: int, last: Trip, brought: dict[str, dict[str, tuple[Key, ...]]]
) -> list[Round]:
    """Return the round that takes what a fuller load leaves behind: units from its last stops on.

    It is driven by the same vehicle after its last round of the date.
    """
    kind, name = case.type_of(trip.vehicle), f"{trip.id}+{percent}"
    rest = [(number, unit) for number, stop in enumerate(trip.stops) for unit in stop.units]
    moved: list[tuple[int, str]] = []
    while len(rest) > 1 and not _holds(kind, [case.unit[unit] for _, unit in rest], percent):
        moved.append(rest.pop())
    if not moved:
        return []
    halts = []
    for place_number, number in enumerate(sorted({number for number, _ in moved})):
        units = [unit for each, unit in moved if each == number]
        place = trip.stops[number].place
        halts.append(Halt((name, place_number), place, sum(case.unit[unit].boxes for unit in units)))
        for unit in units:
            brought[unit][place] = (*brought[unit][place], (name, place_number))
    after = Round(
        name=name,
        vehicle=trip.vehicle,
        date=trip.date,
        origin=trip.origin,
        load=second(last.return_at),
        depart=0,
        turn=0,
        rounds=0,
        halts=tuple(halts),
        more=percent,
    )
    return [after]


def _holds(kind: VehicleType, units: Sequence[Unit], percent: int) -> bool:
    """Tell whether a vehicle holds so many percent more than these units."""
    loads = (
        (sum(unit.boxes for unit in units), kind.boxes_max),
        (sum(unit.volume_ml for unit in units), kind.volume_ml_max),
        (sum(unit.weight_g for unit in units), kind.weight_g_max),
    )
    return all(grown(load, percent) <= room for load, room in loads)


def grown(boxes: int, percent: int) -> int:
    """Return so many percent more, rounded up."""
    return ceil_div(boxes * (100 + percent), 100)


def _needs(
    round_: Round, trips: Mapping[str, Trip], brought: Mapping[str, Mapping[str, tuple[Key, ...]]]
) -> frozenset[Key]:
    """Return the stops that bring a round's goods to its origin."""
    if round_.more:
        return frozenset()
    trip = trips[round_.name]
    return frozenset(
        key for stop in trip.stops for unit in stop.units for key in brought[unit].get(trip.origin, ())
    )


def _in_order(rounds: Sequence[Round]) -> tuple[Round, ...]:
    """Return rounds by their planned hour, but none before what it waits for."""
    maker = {halt.key: round_.name for round_ in rounds for halt in round_.halts}
    waits: dict[str, set[str]] = {round_.name: {maker[key] for key in round_.needs} for round_ in rounds}
    before: dict[tuple[str, date], str] = {}
    for round_ in sorted(rounds, key=lambda each: (each.more, each.load, each.name)):
        day = round_.vehicle, round_.date
        if day in before:
            waits[round_.name].add(before[day])
        before[day] = round_.name
    follow: dict[str, list[str]] = defaultdict(list)
    for name, others in waits.items():
        for other in others:
            follow[other].append(name)
    by_name = {round_.name: round_ for round_ in rounds}
    left = {name: len(others) for name, others in waits.items()}
    open_ = [(by_name[name].load, name) for name, count in left.items() if not count]
    heapq.heapify(open_)
    found = []
    while open_:
        _, name = heapq.heappop(open_)
        found.append(by_name[name])
        for other in follow[name]:
            left[other] -= 1
            if not left[other]:
                heapq.heappush(open_, (by_name[other].load, other))
    assert len(found) == len(rounds), "rounds wait for each other in a circle"
    return tuple(found)
