"""A book made from trips and pools, and trips read from a book."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from tepat.solvers.splitting.book import (
    ALLOWED_AT,
    CARRIED_AT,
    COUNTED_AT,
    DAYS,
    DRAFTS,
    FILL,
    GROUP,
    GROUPS_AT,
    GROUPS_N,
    GUARDS_AT,
    KEPT_AT,
    LEVELS_N,
    LOTS_N,
    LUMPS_AT,
    LUMPS_N,
    NEAR_AT,
    NEAR_N,
    NIGHTS_AT,
    ORDER_AT,
    POOL,
    POOL_COLUMNS,
    POOLS_AT,
    POOLS_N,
    ROWS,
    STOPS,
    STOPS_AT,
    TRIP_COLUMNS,
    TRIPS_AT,
    TRIPS_N,
    UNITS,
    WHERE_AT,
    WIDTH,
    Ints,
    bound,
    table,
)
from tepat.solvers.splitting.reading import Field, PlannedTrip

STOPS_MIN, STOPS_SPARE = 16, 12
"""Stops that a trip has room for: the most of the start and some more."""

TRIPS_SPARE = 24
"""Trips beside four thirds of those of the start."""


def pools_of_groups(field: Field) -> Ints:
    """Return one pool for each group, the last for what is left behind."""
    counts = [group.count for group in field.part.groups]
    return _pools(list(enumerate([*counts, 1])))


def pools_of_days(field: Field) -> Ints:
    """Return one pool for each vehicle-day, the last for what is left behind."""
    counts = [group.count for group in field.part.groups]
    days = [(group, 1) for group, count in enumerate(counts) for _ in range(count)]
    return _pools([*days, (field.left_behind, 1)])


def _pools(rows: Sequence[tuple[int, int]]) -> Ints:
    pools = np.zeros((len(rows), POOL_COLUMNS), dtype=np.int64)
    pools[:, GROUP] = [group for group, _ in rows]
    pools[:, DAYS] = [count for _, count in rows]
    return pools


def book_of(field: Field, trips: Sequence[PlannedTrip], pools: Ints) -> Ints:
    """Return a book with these trips, not yet counted.

    Args:
        field: The part's arrays.
        trips: Never on more days of a group than `pools` has.
        pools: Of groups or of days.
    """
    width = max(STOPS_MIN, STOPS_SPARE + max((len(trip.stops) for trip in trips), default=0))
    number = len(trips) + TRIPS_SPARE + len(trips) // 3
    sizes = {
        ROWS: field.part.rows,
        LUMPS_N: len(field.lumps),
        GROUPS_N: len(field.group_rows),
        NEAR_N: field.near.shape[1],
        LOTS_N: len(field.guards),
        LEVELS_N: len(field.nights),
        TRIPS_N: number,
        WIDTH: width,
        POOLS_N: len(pools),
        FILL: 1000,
    }
    tables = {
        LUMPS_AT: field.lump_rows,
        GROUPS_AT: field.group_rows,
        NEAR_AT: field.near,
        ALLOWED_AT: field.allowed,
        GUARDS_AT: field.guards,
        NIGHTS_AT: field.nights,
        POOLS_AT: pools,
        WHERE_AT: _empty(int(field.lump_rows[:, UNITS].sum())),
        CARRIED_AT: _empty(len(field.lumps)),
        COUNTED_AT: _empty(len(field.guards) * len(field.nights)),
        ORDER_AT: _empty(number),
        TRIPS_AT: _empty((number + DRAFTS) * TRIP_COLUMNS),
        STOPS_AT: _empty((number + DRAFTS) * width * 2),
        KEPT_AT: _empty(number * (TRIP_COLUMNS + width * 2)),
    }
    book = bound(sizes, tables)
    rows, stops = table(book, TRIPS_AT, number, TRIP_COLUMNS), table(book, STOPS_AT, number, width * 2)
    for row, stop, trip, pool in zip(rows, stops, trips, _pool_numbers(pools, trips), strict=False):
        row[STOPS], row[POOL] = len(trip.stops), pool
        stop[: 2 * len(trip.stops)] = np.ravel(trip.stops)
    return book


def _empty(size: int) -> Ints:
    return np.zeros(size, dtype=np.int64)


def _pool_numbers(pools: Ints, trips: Sequence[PlannedTrip]) -> list[int]:
    """Return the pool of each trip: its group's, or where each day has one, each day of a group in turn."""
    members = {
        int(group): np.flatnonzero(pools[:, GROUP] == group).tolist() for group in set(pools[:, GROUP])
    }
    seen: dict[int, dict[int, int]] = defaultdict(dict)
    found = []
    for trip in trips:
        own, days = members[trip.group], seen[trip.group]
        found.append(own[days.setdefault(trip.day, len(days))] if len(own) > 1 else own[0])
    return found


def trips_in(book: Ints, *, kept: bool) -> list[PlannedTrip]:
    """Return the trips of a book, or its copy of the best ones; each with its pool as its day."""
    number, width = int(book[TRIPS_N]), int(book[WIDTH])
    pools = table(book, POOLS_AT, int(book[POOLS_N]), POOL_COLUMNS)
    if kept:
        rows = table(book, KEPT_AT, number, TRIP_COLUMNS)
        at = int(book[KEPT_AT]) + number * TRIP_COLUMNS
    else:
        rows, at = table(book, TRIPS_AT, number, TRIP_COLUMNS), int(book[STOPS_AT])
    stops = book[at : at + number * width * 2].reshape(number, width, 2)
    return [
        PlannedTrip(
            int(row[POOL]),
            int(pools[row[POOL], GROUP]),
            tuple((lump, quantity) for lump, quantity in stop[: row[STOPS]].tolist()),
        )
        for row, stop in zip(rows, stops, strict=True)
        if row[STOPS]
    ]
