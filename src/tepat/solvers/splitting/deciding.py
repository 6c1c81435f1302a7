"""A move is priced as a whole, then taken or undone. Compiled."""

from math import log

import numpy as np

from tepat.solvers.splitting.book import (
    ACTIVE,
    BEST,
    CARRIED_AT,
    COST,
    KEPT_AT,
    LEVEL,
    MONEY,
    NOWHERE,
    ORDER_AT,
    OVER,
    PENDING,
    POOL,
    STOPS,
    STOPS_AT,
    TAKEN,
    TOTAL,
    TRIED,
    TRIP_COLUMNS,
    TRIPS_AT,
    TRIPS_N,
    TURN,
    WHERE,
    WHERE_AT,
    WIDTH,
    Ints,
    Shorts,
)
from tepat.solvers.splitting.compiling import compiled, inlined, kept
from tepat.solvers.splitting.metering import (
    count_trip,
    draw,
    group_of,
    group_row,
    lump_row,
    meter,
    pool_cost,
    pool_over_s,
    pool_row,
    remember,
    settle,
    stop_row,
    trip_row,
    use_hours,
)

TWO_53 = 9007199254740992.0
NEVER_ZERO = 1e-300


@compiled
def count_drafts(book: Ints, drafts: int, by: int) -> int:
    """Count the drafts' deliveries instead of the old ones (`by` 1) or back (-1); return the price."""
    price = 0
    for slot in range(drafts):
        draft = book[TRIPS_N] + slot
        price += count_trip(book, draft, by)
    for slot in range(drafts):
        draft = book[TRIPS_N] + slot
        price += count_trip(book, book[trip_row(book, draft) + TURN], -by)
    return price


@compiled
def one_level(book: Ints, drafts: int) -> bool:
    """Tell whether all trips of a move lie at one level of nights, so that no guard changes."""
    level = NOWHERE
    for slot in range(2 * drafts):
        trip = book[TRIPS_N] + slot // 2
        if slot % 2:
            trip = book[trip_row(book, trip) + TURN]
        if book[trip_row(book, trip) + STOPS] > 0:
            its = book[group_row(book, group_of(book, trip)) + LEVEL]
            if level not in (NOWHERE, its):
                return False
            level = its
    return True


@compiled
def use_drafts(book: Ints, drafts: int, by: int) -> None:
    """Let the drafts use their pools' hours instead of the old trips (`by` 1) or back (-1)."""
    for slot in range(drafts):
        draft = book[TRIPS_N] + slot
        use_hours(book, draft, by)
        use_hours(book, book[trip_row(book, draft) + TURN], -by)


@inlined
def touched(book: Ints, turn: int) -> int:
    """Return a pool that a move touches: of each draft its own, then that of the trip it replaces."""
    trip = book[TRIPS_N] + turn // 2
    if turn % 2:
        trip = book[trip_row(book, trip) + TURN]
    return book[trip_row(book, trip) + POOL]


@compiled
def pools_dearer(book: Ints, drafts: int) -> int:
    """Return how much dearer the pools touched are than when they were settled, each counted once."""
    price = 0
    for turn in range(2 * drafts):
        pool = touched(book, turn)
        seen = False
        for earlier in range(turn):
            seen = seen or touched(book, earlier) == pool
        if not seen:
            price += pool_cost(book, pool) - book[pool_row(book, pool) + COST]
    return price


@compiled
def runs_late(book: Ints, drafts: int) -> bool:
    """Tell whether a pool touched uses more seconds than it has: cheaper then, but no answer."""
    over_s = 0
    for turn in range(2 * drafts):
        over_s += pool_over_s(book, touched(book, turn))
    return over_s > 0


@compiled
def decide(arcs: Shorts, book: Ints, drafts: int, heat: float) -> bool:
    """Price the drafts; take them if the heat allows it, else leave all as it was."""
    price = 0
    for slot in range(drafts):
        draft = book[TRIPS_N] + slot
        if not meter(arcs, book, draft):
            return False
        row = trip_row(book, draft)
        price += book[row + MONEY] - book[trip_row(book, book[row + TURN]) + MONEY]
    book[TRIED] += 1
    use_drafts(book, drafts, 1)
    price += pools_dearer(book, drafts)
    flat = one_level(book, drafts)
    if not flat:
        price += count_drafts(book, drafts, 1)
    if price > 0 and price > -heat * log((draw(book) >> np.uint64(11)) / TWO_53 + NEVER_ZERO):
        use_drafts(book, drafts, -1)
        if not flat:
            count_drafts(book, drafts, -1)
        return False
    if book[PENDING] and (price > 0 or runs_late(book, drafts)):
        keep(book)
    if flat:
        count_drafts(book, drafts, 1)
    _accept(book, drafts, price)
    return True


@kept
def keep(book: Ints) -> None:
    """Copy the best trips just before they are spoilt."""
    start, kept = book[TRIPS_AT], book[KEPT_AT]
    for place in range(book[TRIPS_N] * TRIP_COLUMNS):
        book[kept + place] = book[start + place]
    kept += book[TRIPS_N] * TRIP_COLUMNS
    start = book[STOPS_AT]
    for place in range(book[TRIPS_N] * book[WIDTH] * 2):
        book[kept + place] = book[start + place]
    book[PENDING] = 0


@compiled
def _accept(book: Ints, drafts: int, price: int) -> None:
    for slot in range(drafts):
        _forget(book, book[trip_row(book, book[TRIPS_N] + slot) + TURN])
    for slot in range(drafts):
        draft = book[TRIPS_N] + slot
        row = trip_row(book, draft)
        old = book[trip_row(book, book[row + TURN]) + POOL]
        _write(book, draft, book[row + TURN])
        settle(book, old)
        settle(book, book[row + POOL])
    book[TOTAL] += price
    book[TAKEN] += 1
    if book[OVER] == 0 and book[TOTAL] < book[BEST]:
        book[BEST] = book[TOTAL]
        book[PENDING] = 1


@compiled
def _forget(book: Ints, trip: int) -> None:
    """Strike a trip from the lists of who carries what."""
    for position in range(book[trip_row(book, trip) + STOPS]):
        lump = book[stop_row(book, trip, position)]
        start = book[WHERE_AT] + book[lump_row(book, lump) + WHERE]
        carried = book[CARRIED_AT] + lump
        at = start
        while book[at] != trip:
            at += 1
        book[carried] -= 1
        book[at] = book[start + book[carried]]


@compiled
def _write(book: Ints, draft: int, trip: int) -> None:
    """Make a draft the real trip."""
    source, target = trip_row(book, draft), trip_row(book, trip)
    used = book[source + STOPS] > 0
    if (book[target + STOPS] > 0) != used:
        _reorder(book, trip, used)
    for column in range(TRIP_COLUMNS):
        if column != TURN:
            book[target + column] = book[source + column]
    source, target = stop_row(book, draft, 0), stop_row(book, trip, 0)
    for place in range(2 * book[trip_row(book, draft) + STOPS]):
        book[target + place] = book[source + place]
    remember(book, trip)


@compiled
def _reorder(book: Ints, trip: int, used: bool) -> None:  # noqa: FBT001 - compiled functions know no keywords
    """Move a trip among those in use, or out of them."""
    if not used:
        book[ACTIVE] -= 1
    order = book[ORDER_AT]
    row = trip_row(book, trip)
    here, there = book[row + TURN], book[ACTIVE]
    other = book[order + there]
    book[order + here], book[order + there] = other, trip
    book[trip_row(book, other) + TURN], book[row + TURN] = here, there
    if used:
        book[ACTIVE] += 1
