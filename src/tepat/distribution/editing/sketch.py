"""A plan under change: its terms, its trips on the clock, and what may not be touched."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tepat.common.errors import Refused
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.plans import Plan, Stop, Trip, Unserved
from tepat.distribution.problems import Problem
from tepat.distribution.working_time import second

type Post = tuple[str, date]
"""A vehicle on a date."""


@dataclass(frozen=True)
class Sketch:
    """A plan while it is changed; nothing in it is judged yet.

    Args:
        case: The problem as it now reads (its locks stand in `locked`), its strategy and travel.
        base: The plan from which the changes start.
        trips: Trips by id, on the clock.
        unserved: What is left behind, by unit.
        locked: Ids of trips that may not change.
    """

    case: Case
    base: Plan
    trips: Mapping[str, Trip]
    unserved: Mapping[str, Unserved]
    locked: frozenset[str]

    @cached_property
    def first(self) -> dict[str, Trip]:
        """The trips of the base plan by id."""
        return {trip.id: trip for trip in self.base.trips}

    @cached_property
    def in_order(self) -> list[Trip]:
        """Trips in the order of loading."""
        return sorted(self.trips.values(), key=lambda each: (each.load_at, each.vehicle, each.id))

    def trip(self, name: str) -> Trip:
        """Return a trip.

        Raises:
            Refused: EDIT-NO-TRIP.
        """
        if name not in self.trips:
            raise Refused("EDIT-NO-TRIP", trip=name)
        return self.trips[name]

    def stop(self, name: str, place: str) -> Stop:
        """Return a trip's stop at a place.

        Raises:
            Refused: EDIT-NO-TRIP, EDIT-NO-STOP.
        """
        for stop in self.trip(name).stops:
            if stop.place == place:
                return stop
        raise Refused("EDIT-NO-STOP", trip=name, place=self.name(place))

    def name(self, place: str) -> str:
        """Return a place's name; its id where it is unknown."""
        found = self.case.place.get(place)
        return found.name if found is not None else place

    def require_free(self, *names: str, wanted: str) -> None:
        """Refuse to touch locked trips.

        Args:
            names: Ids of trips.
            wanted: What was asked, in words.

        Raises:
            Refused: EDIT-LOCKED.
        """
        for name in names:
            if name in self.locked:
                raise Refused("EDIT-LOCKED", trip=name, wanted=wanted)

    def bringers(self, units: Iterable[str]) -> dict[str, list[Trip]]:
        """Return the trips that carry each of these units."""
        wanted = set(units)
        found: dict[str, list[Trip]] = {unit: [] for unit in wanted}
        for trip in self.trips.values():
            for stop in trip.stops:
                for unit in wanted.intersection(stop.units):
                    found[unit].append(trip)
        return found

    def lying(self) -> dict[tuple[str, str], int]:
        """Return the second from which each unit lies at a place where it waits for its second leg."""
        kinds, units = self.case.place, self.case.unit
        return {
            (unit, stop.place): second(stop.done_at)
            for trip in self.trips.values()
            for stop in trip.stops
            if kinds[stop.place].kind == "ppk"
            for unit in stop.units
            if units[unit].place != stop.place
        }

    def untouched(self, start: tuple[Problem, Plan]) -> bool:
        """Tell whether nothing differs from the documents that the sketch was made of."""
        problem, plan = start
        return (
            self.case.problem == problem
            and self.locked == {lock.trip for lock in problem.locks}
            and self.unserved == {one.unit: one for one in plan.unserved}
            and self.trips == {trip.id: trip for trip in plan.trips}
        )

    def new_id(self) -> str:
        """Return the id of the next trip."""
        numbers = [int(found[1]) for name in {*self.trips, *self.first} if (found := _NUMBERED.match(name))]
        return f"T-{max(numbers, default=0) + 1:03d}"

    def with_problem(self, problem: Problem) -> "Sketch":
        """Return the same trips under other terms."""
        return replace(self, case=Case(problem, self.case.strategy, self.case.matrices))


_NUMBERED = re.compile(r"T-(\d+)$")


def sketch_of(problem: Problem, plan: Plan, matrices: Matrices) -> Sketch:
    """Return a plan ready to be changed.

    Raises:
        Refused: SOLVE-NO-STRATEGY.
    """
    return Sketch(
        case=open_case(problem, plan.strategy, matrices),
        base=plan,
        trips={trip.id: trip for trip in plan.trips},
        unserved={one.unit: one for one in plan.unserved},
        locked=frozenset(lock.trip for lock in problem.locks),
    )


def broken_pins(sketch: Sketch, units: Iterable[str]) -> Iterator[str]:
    """Yield those of some units whose pin is not kept by any of their trips."""
    pins = {unit: sketch.case.pin[unit] for unit in units if unit in sketch.case.pin}
    for unit, trips in sketch.bringers(pins).items():
        pin = pins[unit]
        kept = any(pin.vehicle in {None, each.vehicle} and pin.date in {None, each.date} for each in trips)
        if trips and not kept:
            yield unit
