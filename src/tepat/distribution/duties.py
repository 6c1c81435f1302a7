"""Which vehicle drives which route on which date: equal vehicle-days are told apart only here.

Routes of a group fit any of its vehicle-days; the dates are chosen so that goods lie under guard for as few
nights as possible, and reach a PPK before they must leave it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tepat.distribution.case import Case
from tepat.distribution.parts import Leg
from tepat.distribution.routing import Route
from tepat.distribution.vehicle_days import VehicleDay

ROUNDS_OF_SWAPS_MAX = 20
"""Sweeps over all routes before the dates are taken as they are."""

TOO_LATE_RUPIAH = 10**10
"""What each date counts by which goods reach a PPK too late, or leave it too early."""


@dataclass(frozen=True)
class Drop:
    """Units left at one place."""

    place: str
    units: tuple[str, ...]


@dataclass
class Duty:
    """One vehicle-day at work: rounds from the origin, in order."""

    leg: Leg
    group: int
    day: VehicleDay
    rounds: list[tuple[Drop, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Bounds:
    """Dates that bind a leg to the other one, by place.

    Args:
        before: Goods should be at the PPK before this date.
        after: Goods can leave the PPK only after this date.
    """

    before: Mapping[str, date] = field(default_factory=dict)
    after: Mapping[str, date] = field(default_factory=dict)


class _Dating:
    """The search for dates of one leg's routes."""

    def __init__(self, case: Case, leg: Leg, routes: Sequence[Route], bounds: Bounds) -> None:
        self.case, self.leg, self.routes, self.bounds = case, leg, routes, bounds
        self.slot: list[VehicleDay] = []
        self.free: dict[int, list[VehicleDay]] = {}
        self.visits = [self._visits(route) for route in routes]
        self.sets = [self._sets(route) for route in routes]
        self.first = case.first_date(leg.origin)
        self.routes_of: dict[str, list[int]] = defaultdict(list)
        for index, visits in enumerate(self.visits):
            for place in visits:
                self.routes_of[place].append(index)
        self.polling = case.problem.election.polling_date
        self._take_own()

    def _visits(self, route: Route) -> dict[str, int]:
        """Return the boxes a route leaves at each place."""
        boxes: dict[str, int] = defaultdict(int)
        for round_ in route.rounds:
            for halt in round_:
                place = self.leg.errands[halt.lot].place
                boxes[place] += sum(self.case.unit[unit].boxes for unit in halt.units)
        return dict(boxes)

    def _sets(self, route: Route) -> dict[str, int]:
        """Return how many units a route brings to their own place, by place."""
        counted: dict[str, int] = defaultdict(int)
        for round_ in route.rounds:
            for halt in round_:
                place = self.leg.errands[halt.lot].place
                counted[place] += sum(self.case.unit[unit].place == place for unit in halt.units)
        return dict(counted)

    def _take_own(self) -> None:
        own = [list(days) for days in self.leg.days]
        self.slot = [own[route.group].pop(0) for route in self.routes]
        for group, left in enumerate(own):
            self.free.setdefault(self.leg.family[group], []).extend(left)
        self.family = [self.leg.family[route.group] for route in self.routes]

    def cost(self, place: str) -> int:
        """Return the rupiah of nights and of lateness at one place, and of dates that break the bounds."""
        kind = self.case.place[place].kind
        dates = [self.slot[index].date for index in self.routes_of[place]]
        total = self.case.rupiah_for("guard_night", kind) * (self.polling - min(dates)).days
        per_box = self.case.rupiah_for("box_night", kind)
        for index in self.routes_of[place]:
            total += per_box * self.visits[index][place] * (self.polling - self.slot[index].date).days
        total += self._late_rupiah(place)
        before = self.bounds.before.get(place)
        if before is not None:
            total += TOO_LATE_RUPIAH * sum(max(0, (day - before).days + 1) for day in dates)
        after = self.bounds.after.get(self.leg.origin)
        if after is not None:
            total += TOO_LATE_RUPIAH * sum(max(0, (after - day).days + 1) for day in dates)
        return total

    def _late_rupiah(self, place: str) -> int:
        """Return what the rule of who comes first asks for a place: a price for each set and day later."""
        rupiah = self.case.late_rupiah(place)
        if not rupiah or self.first is None:
            return 0
        days = {index: max(0, (self.slot[index].date - self.first).days) for index in self.routes_of[place]}
        return rupiah * sum(count * self.sets[index][place] for index, count in days.items())

    def improve(self) -> None:
        """Move routes to free vehicle-days and swap them in pairs while that makes the nights cheaper."""
        for _ in range(ROUNDS_OF_SWAPS_MAX):
            if not sum(self._improve(index) for index in range(len(self.routes))):
                return

    def _improve(self, index: int) -> bool:
        family = self.family[index]
        better = False
        for position in range(len(self.free[family])):
            better |= self._try_move(index, family, position)
        for other in range(index + 1, len(self.routes)):
            if self.family[other] == family and self.slot[other].date != self.slot[index].date:
                better |= self._try_swap(index, other)
        return better

    def _try_move(self, index: int, family: int, position: int) -> bool:
        if self.free[family][position].date == self.slot[index].date:
            return False
        places = self.visits[index].keys()
        before = sum(map(self.cost, places))
        self.slot[index], self.free[family][position] = self.free[family][position], self.slot[index]
        if sum(map(self.cost, places)) < before:
            return True
        self.slot[index], self.free[family][position] = self.free[family][position], self.slot[index]
        return False

    def _try_swap(self, one: int, other: int) -> bool:
        places = self.visits[one].keys() | self.visits[other].keys()
        before = sum(map(self.cost, places))
        self.slot[one], self.slot[other] = self.slot[other], self.slot[one]
        if sum(map(self.cost, places)) < before:
            return True
        self.slot[one], self.slot[other] = self.slot[other], self.slot[one]
        return False


def date_routes(case: Case, leg: Leg, routes: Sequence[Route], bounds: Bounds | None = None) -> list[Duty]:
    """Return a duty for each route of a leg.

    Args:
        case: Problem and strategy.
        leg: The leg.
        routes: An engine's routes for its part; never more of a group than it has vehicle-days.
        bounds: What the other leg asks of the dates.
    """
    dating = _Dating(case, leg, routes, bounds or Bounds())
    dating.improve()
    return [
        Duty(
            leg,
            route.group,
            day,
            [
                tuple(Drop(leg.errands[halt.lot].place, halt.units) for halt in round_)
                for round_ in route.rounds
            ],
        )
        for route, day in zip(routes, dating.slot, strict=True)
    ]


def first_departures(duties: Sequence[Duty]) -> dict[str, date]:
    """Return the first date on which goods leave each origin."""
    found: dict[str, date] = {}
    for duty in duties:
        found[duty.leg.origin] = min(duty.day.date, found.get(duty.leg.origin, duty.day.date))
    return found


def last_arrivals(duties: Sequence[Duty]) -> dict[str, date]:
    """Return the last date on which goods reach each place."""
    found: dict[str, date] = {}
    for duty in duties:
        for round_ in duty.rounds:
            for drop in round_:
                found[drop.place] = max(duty.day.date, found.get(drop.place, duty.day.date))
    return found
