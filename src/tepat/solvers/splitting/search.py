"""The search for one part: hours pooled by fleet group first, then trips packed into vehicle-days."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tepat.distribution.routing import Part, Route
from tepat.solvers.splitting.binding import book_of, pools_of_days, pools_of_groups, trips_in
from tepat.solvers.splitting.book import (
    BEST,
    BOX_S,
    FILL,
    FIXED_S,
    KM,
    LATE,
    MATRIX,
    MILLI,
    OVER,
    PENDING,
    PLACE,
    RANDOM,
    ROUND,
    SECOND,
    SOFT,
    STOP_S,
    TOTAL,
    UNIT,
    Ints,
)
from tepat.solvers.splitting.deciding import keep
from tepat.solvers.splitting.moves import anneal
from tepat.solvers.splitting.opening import count_all, recount_money
from tepat.solvers.splitting.reading import (
    METRES,
    SECS,
    Field,
    PlannedTrip,
    field_of,
    fitting,
    routes_of,
    trips_of,
)

MOVES_PER_ITERATION = 20_000
"""Moves tried at one heat; what an iteration is when a budget counts them."""

POOLED_SHARE = 0.75
"""The part of the search in which hours are pooled."""

HOT, POOLED, PACKED, COLD = 0.12, 0.01, 0.03, 0.0006
"""Heat at the beginning and end of both phases, as shares of the mean price of a stop."""

SOFT_FIRST, SOFT_LAST_OF_FEW, DAYS_FEW = 1000, 150, 12
"""Begun vehicle-days cost their share of hours while hours are pooled; in parts of few days ever more of the
full price: there the whole days decide."""

FILL_POOLED = 995
LATE_FIRST, LATE_LAST = 2.0, 30.0
"""A second beyond the hours, as multiples of the mean price of a second's work."""

DEARER, CHEAPER, DEAR_MAX = 1.1, 0.95, 200.0
"""How the price of late seconds follows whether there are any."""

NEVER = -(1 << 62)
SEED_STEP = 0x9E3779B97F4A7C15
SEEDS = 1 << 63


@dataclass(frozen=True)
class Found:
    """An answer and its price."""

    routes: tuple[Route, ...]
    left: tuple[str, ...]
    rupiah: int


Share = Callable[[int], float]
"""How much of the budget is used (0 to 1) after so many iterations."""

Tell = Callable[[float, Found | None], None]
"""Hears how much is used, and of a better answer."""


def improve(part: Part, start: Found, *, seed: int, share: Share, tell: Tell) -> Found:
    """Return the best answer found from a start; never a dearer one.

    Args:
        part: What to route.
        start: A sound answer; its price is not looked at.
        seed: Of the random numbers; with the same shares it fixes the answer.
        share: How much of the budget is used; asked once per iteration.
        tell: Hears of progress once per iteration.
    """
    field = field_of(part)
    if not field.lumps or not part.groups:
        return start
    search = _Search(field, share, tell)
    search.run(start, seed)
    return search.best


class _Search:
    """One search on its way."""

    best: Found

    def __init__(self, field: Field, share: Share, tell: Tell) -> None:
        self.field, self.share, self.tell = field, share, tell
        self.iterations = 0
        self.random = np.int64(0)
        self.stop_price = 1.0
        self.second_price = 1.0
        self.soft_last = SOFT_FIRST

    def run(self, start: Found, seed: int) -> None:
        """Search until the budget is used; the answer is `best`."""
        self.soft_last = SOFT_LAST_OF_FEW if len(start.routes) < DAYS_FEW else SOFT_FIRST
        self.random = np.int64((seed + 1) * SEED_STEP % SEEDS | 1)
        trips = trips_of(self.field, start.routes, start.left)
        price, fits = self._counted(trips)
        if not fits:
            trips = fitting(self.field, trips)
        self.best = Found(start.routes, start.left, price)
        trips = self._warm(trips)
        self.tell(0.0, self.best)
        ways = [_way(self.field, trip) for trip in trips if trip.group != self.field.left_behind]
        spread = int(self.field.nights[-1] - self.field.nights[1:2].sum())
        nights = int(self.field.guards.sum()) * spread // 2
        money = max(MILLI, nights, sum(price for price, _ in ways))
        self.stop_price = money / max(1, sum(len(trip.stops) for trip in trips))
        self.second_price = money / max(1, sum(seconds for _, seconds in ways))
        self._pack_and_anneal(self._pooled(trips))

    def _warm(self, trips: list[PlannedTrip]) -> list[PlannedTrip]:
        """Return the trips of the part's own start, if it has one; sound and cheaper, they are the best."""
        begun = self.field.part.start
        if not begun:
            return trips
        carried = {
            unit for route in begun for round_ in route.rounds for halt in round_ for unit in halt.units
        }
        lots = self.field.part.lots
        left = tuple(each.unit for lot in lots for each in lot.cargo if each.unit not in carried)
        warm = trips_of(self.field, begun, left)
        price, fits = self._counted(warm)
        if not fits:
            return fitting(self.field, warm)
        if price < self.best.rupiah:
            self.best = Found(begun, left, price)
        return warm

    def _pooled(self, trips: Sequence[PlannedTrip]) -> list[PlannedTrip]:
        """Anneal with one pool of hours for each group; return the trips, without days."""
        book = book_of(self.field, trips, pools_of_groups(self.field))
        count_all(self.field.roads, book)
        book[FILL], book[BEST] = FILL_POOLED, NEVER
        used = self._used()
        while used < POOLED_SHARE:
            way = used / POOLED_SHARE
            book[SOFT] = round(_between(SOFT_FIRST, self.soft_last, way))
            book[LATE] = round(self.second_price * _between(LATE_FIRST, LATE_LAST, way))
            self._iterate(book, _between(HOT, POOLED, way))
            self.tell(used, None)
            used = self._used()
        return trips_in(book, kept=False)

    def _pack_and_anneal(self, trips: Sequence[PlannedTrip]) -> None:
        """Pack trips into vehicle-days and anneal with each day's own hours."""
        book = book_of(self.field, _packed(self.field, trips), pools_of_days(self.field))
        count_all(self.field.roads, book)
        book[BEST] = self.best.rupiah * MILLI
        used = began = self._used()
        dear = 1.0
        while used < 1:
            way = (used - began) / (1 - began)
            late = dear * self.second_price * _between(LATE_FIRST, LATE_LAST, min(1.0, 1.5 * way))
            book[LATE] = round(late)
            self._iterate(book, _between(PACKED, COLD, way))
            dear = min(DEAR_MAX, dear * DEARER) if book[OVER] else max(1.0, dear * CHEAPER)
            self._note(book)
            used = self._used()

    def _iterate(self, book: Ints, heat: float) -> None:
        book[RANDOM] = self.random
        recount_money(book)
        anneal(self.field.roads, book, heat * self.stop_price, MOVES_PER_ITERATION)
        self.random = book[RANDOM]
        self.iterations += 1

    def _used(self) -> float:
        return self.share(self.iterations)

    def _note(self, book: Ints) -> None:
        """Note the best trips if they are better than all before, and tell of them."""
        better = None
        if int(book[BEST]) // MILLI < self.best.rupiah:
            if book[PENDING]:
                keep(book)
            better = self._answer(trips_in(book, kept=True))
        if better:
            self.best = better
        self.tell(self._used(), better)

    def _answer(self, trips: Sequence[PlannedTrip]) -> Found | None:
        """Return trips as an answer, unless it is no better than the best.

        A trip may halt twice at a lot whose units are of two sizes; the answer halts there once. Roads are
        whole metres and seconds, so that may be a metre or a second more: it is counted anew.
        """
        routes, left = routes_of(self.field, trips)
        price, fits = self._counted(trips_of(self.field, routes, left))
        return Found(routes, left, price) if fits and price < self.best.rupiah else None

    def _counted(self, trips: Sequence[PlannedTrip]) -> tuple[int, bool]:
        """Return the rupiah of trips on their days, and whether vehicles and hours allow them."""
        book = book_of(self.field, trips, pools_of_days(self.field))
        fits = count_all(self.field.roads, book)
        return int(book[TOTAL]) // MILLI, bool(fits and not book[OVER])


def _packed(field: Field, trips: Sequence[PlannedTrip]) -> list[PlannedTrip]:
    """Return trips with days: in each group the longest first, each on the day that is least busy."""
    packed = [trip for trip in trips if trip.group == field.left_behind]
    for number, group in enumerate(field.part.groups):
        timed = [
            (_way(field, trip)[1], turn, trip) for turn, trip in enumerate(trips) if trip.group == number
        ]
        shift_s = max(1, group.closes_s - group.opens_s)
        days = min(group.count, -(-sum(seconds for seconds, _, _ in timed) // shift_s))
        busy = [0] * days
        for seconds, _, trip in sorted(timed, key=lambda each: (-each[0], each[1])):
            day = busy.index(min(busy))
            busy[day] += seconds
            packed.append(PlannedTrip(day, number, trip.stops))
    return packed


def _way(field: Field, trip: PlannedTrip) -> tuple[int, int]:
    """Return what a trip's kilometres, its round and its share of the day cost, and its seconds."""
    group, lumps = field.group_rows[trip.group], field.lump_rows[[lump for lump, _ in trip.stops]]
    rows = [0, *lumps[:, PLACE].tolist(), 0]
    legs = field.arcs[group[MATRIX], rows[:-1], rows[1:]].sum(axis=0)
    boxes = sum(quantity * int(lump[UNIT]) for (_, quantity), lump in zip(trip.stops, lumps, strict=True))
    moved = np.diff(rows[:-1]) != 0
    seconds = int(group[FIXED_S] + legs[SECS] + lumps[moved, STOP_S].sum() + boxes * group[BOX_S])
    return int(group[ROUND] + legs[METRES] * group[KM] + seconds * group[SECOND]), seconds


def _between(first: float, last: float, way: float) -> float:
    return first * math.exp(way * math.log(last / first))
