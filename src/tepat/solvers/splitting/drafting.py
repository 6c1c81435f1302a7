"""Trips as a move would leave them: copies with stops added and stops taken away. Compiled."""

from tepat.solvers.splitting.book import (
    ACTIVE,
    CARRIED_AT,
    KM,
    MATRIX,
    NEAR_AT,
    NEAR_N,
    NOWHERE,
    ORDER_AT,
    PLACE,
    POOL,
    SECOND,
    STOP_S,
    STOPS,
    TRIPS_N,
    TURN,
    WHERE,
    WHERE_AT,
    WIDTH,
    Ints,
    Shorts,
)
from tepat.solvers.splitting.compiling import compiled, inlined
from tepat.solvers.splitting.metering import arc, below, group_of, group_row, lump_row, stop_row, trip_row


@compiled
def begin(book: Ints, slot: int, trip: int) -> int:
    """Begin a draft of a trip without stops; return the draft."""
    draft = book[TRIPS_N] + slot
    row = trip_row(book, draft)
    book[row + TURN] = trip
    book[row + STOPS] = 0
    book[row + POOL] = book[trip_row(book, trip) + POOL]
    return draft


@compiled
def copy(book: Ints, slot: int, trip: int) -> int:
    """Begin a draft of a trip as it is; return the draft."""
    draft = begin(book, slot, trip)
    stops = book[trip_row(book, trip) + STOPS]
    source, target = stop_row(book, trip, 0), stop_row(book, draft, 0)
    for place in range(2 * stops):
        book[target + place] = book[source + place]
    book[trip_row(book, draft) + STOPS] = stops
    return draft


@compiled
def find(book: Ints, trip: int, lump: int) -> int:
    """Return where a trip stops for a lump, or `NOWHERE`."""
    stop = stop_row(book, trip, 0)
    for position in range(book[trip_row(book, trip) + STOPS]):
        if book[stop + 2 * position] == lump:
            return position
    return NOWHERE


@compiled
def put(book: Ints, draft: int, position: int, lump: int, quantity: int) -> bool:
    """Add units to a draft: to their lump's stop if there is one, else as a new stop."""
    here = find(book, draft, lump)
    if here >= 0:
        book[stop_row(book, draft, here) + 1] += quantity
        return True
    row = trip_row(book, draft)
    if book[row + STOPS] == book[WIDTH]:
        return False
    target = stop_row(book, draft, position)
    for place in range(stop_row(book, draft, book[row + STOPS]) - 1, target - 1, -1):
        book[place + 2] = book[place]
    book[target], book[target + 1] = lump, quantity
    book[row + STOPS] += 1
    return True


@compiled
def take(book: Ints, draft: int, lump: int, quantity: int) -> None:
    """Take units of a lump from a draft, and the stop when none is left."""
    stop = stop_row(book, draft, find(book, draft, lump))
    book[stop + 1] -= quantity
    if book[stop + 1] > 0:
        return
    row = trip_row(book, draft)
    book[row + STOPS] -= 1
    for place in range(stop, stop_row(book, draft, book[row + STOPS])):
        book[place] = book[place + 2]


@compiled
def best_position(arcs: Shorts, book: Ints, draft: int, lump: int) -> int:
    """Return where a new stop makes a draft least dearer."""
    group = group_row(book, group_of(book, draft))
    stops = book[trip_row(book, draft) + STOPS]
    matrix, second, km = book[group + MATRIX], book[group + SECOND], book[group + KM]
    if matrix < 0:
        return stops
    place, stop_s = book[lump_row(book, lump) + PLACE], book[lump_row(book, lump) + STOP_S]
    best, where, before = 0, stops, 0
    stop = stop_row(book, draft, 0)
    for position in range(stops + 1):
        after = 0
        if position < stops:
            after = book[lump_row(book, book[stop + 2 * position]) + PLACE]
        to, on, old = (
            arc(book, matrix, before, place),
            arc(book, matrix, place, after),
            arc(book, matrix, before, after),
        )
        price = (arcs[to] + arcs[on] - arcs[old]) * second + (
            arcs[to + 1] + arcs[on + 1] - arcs[old + 1]
        ) * km
        if place not in (before, after):
            price += stop_s * second
        if position == 0 or price < best:
            best, where = price, position
        before = after
    return where


@compiled
def put_best(arcs: Shorts, book: Ints, draft: int, lump: int, quantity: int) -> bool:
    """Add units to a draft where they cost least."""
    return put(book, draft, best_position(arcs, book, draft, lump), lump, quantity)


@inlined
def any_trip(book: Ints) -> int:
    """Return a random trip in use."""
    return book[book[ORDER_AT] + below(book, book[ACTIVE])]


@inlined
def lump_near(book: Ints, lump: int) -> int:
    """Return a random lump near another."""
    return book[book[NEAR_AT] + lump * book[NEAR_N] + below(book, book[NEAR_N])]


@inlined
def trip_with(book: Ints, lump: int) -> int:
    """Return a random trip that carries a lump, or `NOWHERE`."""
    carried = book[book[CARRIED_AT] + lump]
    if carried == 0:
        return NOWHERE
    return book[book[WHERE_AT] + book[lump_row(book, lump) + WHERE] + below(book, carried)]


@compiled
def push(book: Ints, draft: int, trip: int, start: int, end: int) -> bool:
    """Add a stretch of a trip's stops to the end of a draft, backwards where `end` is before `start`."""
    step = 1 if end >= start else -1
    for position in range(start, end, step):
        stop = stop_row(book, trip, position)
        if not put(book, draft, book[trip_row(book, draft) + STOPS], book[stop], book[stop + 1]):
            return False
    return True
