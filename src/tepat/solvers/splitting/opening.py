"""Counting a book from its trips alone: at the beginning, and whenever a knob is turned. Compiled."""

from tepat.solvers.splitting.book import (
    ACTIVE,
    CARRIED_AT,
    COST,
    COUNTED_AT,
    LEVELS_N,
    LOTS_N,
    LUMPS_N,
    MONEY,
    ORDER_AT,
    OVER,
    OVER_S,
    POOLS_N,
    STOPS,
    TOTAL,
    TRIPS_N,
    TURN,
    USED_S,
    Ints,
    Shorts,
)
from tepat.solvers.splitting.compiling import kept
from tepat.solvers.splitting.metering import (
    count_trip,
    guard,
    meter,
    pool_row,
    remember,
    settle,
    trip_row,
    use_hours,
)


@kept
def count_all(arcs: Shorts, book: Ints) -> bool:
    """Count everything anew from stops and pools; tell whether each trip may be driven by its vehicle."""
    book[book[CARRIED_AT] : book[CARRIED_AT] + book[LUMPS_N]] = 0
    book[book[COUNTED_AT] : book[COUNTED_AT] + book[LOTS_N] * book[LEVELS_N]] = 0
    for pool in range(book[POOLS_N]):
        book[pool_row(book, pool) + USED_S] = 0
        book[pool_row(book, pool) + OVER_S] = 0
    book[OVER], book[ACTIVE] = 0, 0
    free, sound = book[TRIPS_N], True
    for trip in range(book[TRIPS_N]):
        row = trip_row(book, trip)
        sound = meter(arcs, book, trip) and sound
        if book[row + STOPS] == 0:
            free -= 1
            book[row + TURN] = free
        else:
            book[row + TURN] = book[ACTIVE]
            book[ACTIVE] += 1
            use_hours(book, trip, 1)
            count_trip(book, trip, 1)
            remember(book, trip)
        book[book[ORDER_AT] + book[row + TURN]] = trip
    recount_money(book)
    return sound


@kept
def recount_money(book: Ints) -> None:
    """Count the total anew; needed whenever a knob was turned."""
    total = 0
    for pool in range(book[POOLS_N]):
        settle(book, pool)
        total += book[pool_row(book, pool) + COST]
    for trip in range(book[TRIPS_N]):
        if book[trip_row(book, trip) + STOPS] > 0:
            total += book[trip_row(book, trip) + MONEY]
    for lot in range(book[LOTS_N]):
        total += guard(book, lot)
    book[TOTAL] = total
