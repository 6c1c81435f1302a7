"""What stands where in the book, and what trips, pools and guards cost. Compiled."""

import numpy as np

from tepat.solvers.splitting.book import (
    ALLOWED_AT,
    BOX,
    BOX_S,
    CARRIED_AT,
    COST,
    COUNTED_AT,
    DAY,
    DAYS,
    DIMENSIONS,
    FILL,
    FIXED_S,
    GROUP,
    GROUP_COLUMNS,
    GROUPS_AT,
    GROUPS_N,
    GUARDS_AT,
    KM,
    LATE,
    LEAVE,
    LEVEL,
    LEVELS_N,
    LOAD,
    LOT,
    LUMP_COLUMNS,
    LUMPS_AT,
    MATRIX,
    MONEY,
    NIGHT,
    NIGHTS,
    NIGHTS_AT,
    OVER,
    OVER_S,
    PLACE,
    POOL,
    POOL_COLUMNS,
    POOLS_AT,
    RANDOM,
    RIDERS,
    ROOM,
    ROUND,
    ROWS,
    SECONDS,
    SHIFT_S,
    SOFT,
    STOP_S,
    STOPS,
    STOPS_AT,
    TRIP_COLUMNS,
    TRIPS_AT,
    UNIT,
    USED_S,
    WHERE,
    WHERE_AT,
    WIDTH,
    Ints,
    Shorts,
)
from tepat.solvers.splitting.compiling import compiled, inlined


@inlined
def draw(book: Ints) -> np.uint64:
    """Return 64 random bits (xorshift64*)."""
    bits = np.uint64(book[RANDOM])
    bits ^= bits >> np.uint64(12)
    bits ^= bits << np.uint64(25)
    bits ^= bits >> np.uint64(27)
    book[RANDOM] = np.int64(bits)
    return bits * np.uint64(0x2545F4914F6CDD1D)


@inlined
def below(book: Ints, limit: int) -> int:
    """Return a random number of 0 … limit-1."""
    share: int = np.int64(((draw(book) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))  # type: ignore[assignment]
    return share


@inlined
def trip_row(book: Ints, trip: int) -> int:
    """Return where a trip's row begins."""
    return book[TRIPS_AT] + trip * TRIP_COLUMNS


@inlined
def stop_row(book: Ints, trip: int, position: int) -> int:
    """Return where a stop of a trip is: its lump, then its quantity."""
    return book[STOPS_AT] + 2 * (trip * book[WIDTH] + position)


@inlined
def lump_row(book: Ints, lump: int) -> int:
    """Return where a lump's row begins."""
    return book[LUMPS_AT] + lump * LUMP_COLUMNS


@inlined
def pool_row(book: Ints, pool: int) -> int:
    """Return where a pool's row begins."""
    return book[POOLS_AT] + pool * POOL_COLUMNS


@inlined
def group_of(book: Ints, trip: int) -> int:
    """Return the fleet group of a trip."""
    return book[pool_row(book, book[trip_row(book, trip) + POOL]) + GROUP]


@inlined
def group_row(book: Ints, group: int) -> int:
    """Return where a group's row begins."""
    return book[GROUPS_AT] + group * GROUP_COLUMNS


@inlined
def arc(book: Ints, matrix: int, start: int, end: int) -> int:
    """Return where in `arcs` a road is: its seconds, then its metres."""
    return 2 * ((matrix * book[ROWS] + start) * book[ROWS] + end)


@compiled
def room_for(book: Ints, lump: int, trip: int) -> int:
    """Return how many units of a lump still fit on a trip."""
    row, has = lump_row(book, lump), trip_row(book, trip) + LOAD
    room = group_row(book, group_of(book, trip)) + ROOM
    fits = 1 << 40
    for each in range(DIMENSIONS):
        unit = book[row + UNIT + each]
        left = book[room + each] - book[has + each] - book[row + RIDERS + each]
        if left < 0:
            return 0
        if unit > 0:
            fits = min(fits, left // unit)
    return fits


@compiled
def meter(arcs: Shorts, book: Ints, trip: int) -> bool:
    """Work out seconds, money and load of a trip; tell whether its vehicle may and can carry it."""
    row = trip_row(book, trip)
    number = group_of(book, trip)
    group = group_row(book, number)
    matrix, nights = book[group + MATRIX], book[group + NIGHTS]
    seconds, metres, units, money, at = 0, 0, 0, 0, 0
    boxes, volume, weight = 0, 0, 0
    stop = stop_row(book, trip, 0)
    for _ in range(book[row + STOPS]):
        lump, quantity = book[stop], book[stop + 1]
        stop += 2
        if book[book[ALLOWED_AT] + lump * book[GROUPS_N] + number] == 0:
            return False
        its = lump_row(book, lump)
        boxes += quantity * book[its + UNIT]
        volume += quantity * book[its + UNIT + 1] + book[its + RIDERS + 1]
        weight += quantity * book[its + UNIT + 2] + book[its + RIDERS + 2]
        units += quantity
        money += quantity * book[its + NIGHT] * nights
        place = book[its + PLACE]
        if place != at and matrix >= 0:
            leg = arc(book, matrix, at, place)
            seconds += arcs[leg] + book[its + STOP_S]
            metres += arcs[leg + 1]
            at = place
    book[row + LOAD], book[row + LOAD + 1], book[row + LOAD + 2] = boxes, volume, weight
    if units > 0 and matrix >= 0:
        leg = arc(book, matrix, at, 0)
        seconds += arcs[leg] + boxes * book[group + BOX_S] + book[group + FIXED_S]
        metres += arcs[leg + 1]
        money += book[group + ROUND]
    book[row + SECONDS] = seconds
    book[row + MONEY] = (
        money + metres * book[group + KM] + boxes * book[group + BOX] + units * book[group + LEAVE]
    )
    if boxes > book[group + ROOM] or volume > book[group + ROOM + 1] or weight > book[group + ROOM + 2]:
        return False
    return seconds <= book[group + SHIFT_S]


@compiled
def pool_over_s(book: Ints, pool: int) -> int:
    """Return the seconds a pool's trips use beyond those it has."""
    row = pool_row(book, pool)
    shift_s = book[group_row(book, book[row + GROUP]) + SHIFT_S]
    return max(0, book[row + USED_S] - shift_s * book[row + DAYS] * book[FILL] // 1000)


@compiled
def pool_cost(book: Ints, pool: int) -> int:
    """Return the price of a pool's vehicle-days, and of its seconds beyond them."""
    row = pool_row(book, pool)
    group = group_row(book, book[row + GROUP])
    shift_s, day, used_s = book[group + SHIFT_S], book[group + DAY], book[row + USED_S]
    full = used_s // shift_s
    begun = min(day, (used_s - full * shift_s) * day // max(1, shift_s * book[SOFT] // 1000))
    return min(book[row + DAYS] * day, full * day + begun) + pool_over_s(book, pool) * book[LATE]


@compiled
def guard(book: Ints, lot: int) -> int:
    """Return what guarding a lot costs: from the earliest of its deliveries."""
    levels = book[LEVELS_N]
    counted = book[COUNTED_AT] + lot * levels
    for level in range(levels - 1, 0, -1):
        if book[counted + level] > 0:
            return book[book[NIGHTS_AT] + level] * book[book[GUARDS_AT] + lot]
    return 0


@compiled
def count_level(book: Ints, lot: int, level: int, by: int) -> int:
    """Count one delivery of a lot more or less at a level; return what its guard costs more."""
    place = book[COUNTED_AT] + lot * book[LEVELS_N] + level
    before = book[place]
    if before > 0 and before + by > 0:
        book[place] = before + by
        return 0
    old = guard(book, lot)
    book[place] = before + by
    return guard(book, lot) - old


@compiled
def count_trip(book: Ints, trip: int, by: int) -> int:
    """Count the deliveries of a trip, or strike them out; return what guards cost more."""
    level = book[group_row(book, group_of(book, trip)) + LEVEL]
    price = 0
    for position in range(book[trip_row(book, trip) + STOPS]):
        lot = book[lump_row(book, book[stop_row(book, trip, position)]) + LOT]
        price += count_level(book, lot, level, by)
    return price


@inlined
def use_hours(book: Ints, trip: int, by: int) -> None:
    """Let a trip use its pool's hours (`by` 1) or give them back (-1)."""
    row = trip_row(book, trip)
    book[pool_row(book, book[row + POOL]) + USED_S] += by * book[row + SECONDS]


@compiled
def settle(book: Ints, pool: int) -> None:
    """Write down a pool's cost and its seconds beyond its hours."""
    row = pool_row(book, pool)
    over = pool_over_s(book, pool)
    book[OVER] += over - book[row + OVER_S]
    book[row + OVER_S] = over
    book[row + COST] = pool_cost(book, pool)


@compiled
def remember(book: Ints, trip: int) -> None:
    """Enter a trip in the lists of who carries what."""
    for position in range(book[trip_row(book, trip) + STOPS]):
        lump = book[stop_row(book, trip, position)]
        carried = book[CARRIED_AT] + lump
        book[book[WHERE_AT] + book[lump_row(book, lump) + WHERE] + book[carried]] = trip
        book[carried] += 1
