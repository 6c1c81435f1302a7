"""The two arrays that the compiled search works on, and what stands where in them.

`arcs` holds seconds and metres of every road. The *book*, one long array of int64, holds all else: a head of
fixed places, then tables whose first place stands in the head. One array, because a compiled function is the
slower to compile the more arrays it is given.

Money is counted in thousandths of a rupiah, so that metres times rupiah per kilometre is a whole number; time
in seconds. A *lump* is what a lot holds of units with equally many boxes: inside it units are exchangeable,
so they are counted. A *pool* lends hours to trips: a fleet group as a whole at first, one vehicle-day later.
The last three trips are drafts, which moves write and `deciding.decide` takes or drops.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]

MILLI = 1000
DIMENSIONS = 3
"""Boxes, millilitres, grams."""

# The head: sizes.
(
    ROWS,
    LUMPS_N,
    GROUPS_N,
    NEAR_N,
    LOTS_N,
    LEVELS_N,
    TRIPS_N,
    WIDTH,
    POOLS_N,
) = range(9)

# The head: first place of each table.
(
    LUMPS_AT,
    GROUPS_AT,
    NEAR_AT,
    ALLOWED_AT,
    GUARDS_AT,
    NIGHTS_AT,
    POOLS_AT,
    WHERE_AT,
    CARRIED_AT,
    COUNTED_AT,
    ORDER_AT,
    TRIPS_AT,
    STOPS_AT,
    KEPT_AT,
) = range(10, 24)

# The head: totals, knobs and the random generator.
ACTIVE, TOTAL, OVER, BEST, PENDING, TRIED, TAKEN = range(24, 31)
SOFT, FILL, LATE = range(31, 34)
"""`SOFT`: thousandths of a shift in which a begun vehicle-day comes to its full price; `FILL`: thousandths of
a pool's hours that may be used; `LATE`: price of a second beyond them."""

RANDOM = 34
HEAD = 40

# Columns of a lump.
PLACE, STOP_S, UNITS, LOT, NIGHT, WHERE, UNIT, RIDERS = 0, 1, 2, 3, 4, 5, 6, 9
LUMP_COLUMNS = 12
"""`UNIT` and `RIDERS` are three columns each: what one unit takes, and what rides along with any number."""

# Columns of a group; the last group is no vehicle but what is left behind.
MATRIX, FIXED_S, BOX_S, SHIFT_S, DAY, KM, BOX, ROUND, NIGHTS, LEVEL, LEAVE, SECOND, ROOM = range(13)
GROUP_COLUMNS = 15
"""`ROOM` is three columns: what a vehicle holds. `SECOND` is a second's share of the vehicle-day."""

# Columns of a trip; `TURN` is its place in the order, of a draft the trip it would replace.
STOPS, POOL, SECONDS, MONEY, TURN, LOAD = 0, 1, 2, 3, 4, 5
TRIP_COLUMNS = 8
DRAFTS = 3

# Columns of a pool.
GROUP, DAYS, USED_S, COST, OVER_S = range(5)
POOL_COLUMNS = 5

NOWHERE = -1


def bound(sizes: Mapping[int, int], tables: Mapping[int, Ints]) -> Ints:
    """Return a book with this head and these tables, in their order."""
    at = HEAD
    head = np.zeros(HEAD, dtype=np.int64)
    for place, size in sizes.items():
        head[place] = size
    for place, table in tables.items():
        head[place] = at
        at += table.size
    return np.concatenate([head, *(table.ravel() for table in tables.values())])


def table(book: Ints, place: int, rows: int, columns: int) -> Ints:
    """Return a table of the book, to read or to write."""
    at = int(book[place])
    return book[at : at + rows * columns].reshape(rows, columns)
