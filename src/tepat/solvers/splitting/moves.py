"""The moves of the search: each drafts one to three trips and has them decided. Compiled."""

from tepat.solvers.splitting.book import (
    ACTIVE,
    CARRIED_AT,
    DIMENSIONS,
    LOAD,
    NOWHERE,
    ORDER_AT,
    POOL,
    POOLS_N,
    RIDERS,
    ROOM,
    STOPS,
    TRIPS_N,
    UNIT,
    Ints,
    Shorts,
)
from tepat.solvers.splitting.compiling import compiled, kept
from tepat.solvers.splitting.deciding import decide
from tepat.solvers.splitting.drafting import (
    any_trip,
    begin,
    copy,
    find,
    lump_near,
    push,
    put,
    put_best,
    take,
    trip_with,
)
from tepat.solvers.splitting.metering import (
    below,
    group_of,
    group_row,
    lump_row,
    room_for,
    stop_row,
    trip_row,
)

NEW_TRIP_ONCE_IN = 40
PART_ONCE_IN = 4


@compiled
def any_stop(book: Ints, trip: int) -> int:
    """Return where a random stop of a trip is."""
    return stop_row(book, trip, below(book, book[trip_row(book, trip) + STOPS]))


@compiled
def some_of(book: Ints, quantity: int) -> int:
    """Return mostly all, sometimes a part of a quantity."""
    if quantity == 1 or below(book, PART_ONCE_IN):
        return quantity
    return 1 + below(book, quantity)


@compiled
def relocate(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Bring some or all units of a stop by a trip that passes nearby, or by a trip of their own."""
    source = any_trip(book)
    stop = any_stop(book, source)
    lump, quantity = book[stop], book[stop + 1]
    if below(book, NEW_TRIP_ONCE_IN) == 0:
        if book[ACTIVE] == book[TRIPS_N]:
            return False
        draft = begin_empty(book, 1, book[book[ORDER_AT] + book[ACTIVE]])
        book[trip_row(book, draft) + POOL] = below(book, book[POOLS_N])
        fits = room_for(book, lump, draft)
    else:
        target = trip_with(book, lump_near(book, lump))
        if target in (NOWHERE, source):
            return False
        fits = room_for(book, lump, target)
        draft = copy(book, 1, target)
    amount = min(some_of(book, quantity), fits)
    if amount == 0:
        return False
    take(book, copy(book, 0, source), lump, amount)
    return put_best(arcs, book, draft, lump, amount) and decide(arcs, book, 2, heat)


@compiled
def too_many(book: Ints, trip: int, comes: int, amount: int, goes: int, less: int) -> int:
    """Return how many of the units that come are too many for a trip, when other units go."""
    come, go = lump_row(book, comes), lump_row(book, goes)
    has = trip_row(book, trip) + LOAD
    room = group_row(book, group_of(book, trip)) + ROOM
    most = 0
    for each in range(DIMENSIONS):
        unit = book[come + UNIT + each]
        over = book[has + each] + amount * unit + book[come + RIDERS + each]
        over -= less * book[go + UNIT + each] + book[room + each]
        if over <= 0:
            continue
        if unit == 0:
            return amount
        most = max(most, -(-over // unit))
    return most


@compiled
def swap(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Exchange two stops near each other; what does not fit stays where it is, which splits its lump."""
    one = any_trip(book)
    stop = any_stop(book, one)
    mine, amount = book[stop], some_of(book, book[stop + 1])
    other = trip_with(book, lump_near(book, mine))
    if other in (NOWHERE, one):
        return False
    stop = any_stop(book, other)
    theirs, back = book[stop], some_of(book, book[stop + 1])
    if theirs == mine:
        return False
    amount -= too_many(book, other, mine, amount, theirs, back)
    if amount <= 0:
        return False
    back -= too_many(book, one, theirs, back, mine, amount)
    if back <= 0:
        return False
    first, second = copy(book, 0, one), copy(book, 1, other)
    take(book, first, mine, amount)
    take(book, second, theirs, back)
    if not put_best(arcs, book, first, theirs, back) or not put_best(arcs, book, second, mine, amount):
        return False
    return decide(arcs, book, 2, heat)


@compiled
def exchange_tails(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Cut two trips where they pass near each other, and join their ends crosswise."""
    one = any_trip(book)
    ends = book[trip_row(book, one) + STOPS]
    at = below(book, ends)
    near = lump_near(book, book[stop_row(book, one, at)])
    other = trip_with(book, near)
    if other in (NOWHERE, one):
        return False
    cut, others = find(book, other, near), book[trip_row(book, other) + STOPS]
    first, second = begin(book, 0, one), begin(book, 1, other)
    whole = push(book, first, one, 0, at + 1)
    if below(book, 2):
        whole = whole and push(book, first, other, cut, others) and push(book, second, other, 0, cut)
        whole = whole and push(book, second, one, at + 1, ends)
    else:
        whole = whole and push(book, first, other, cut, -1) and push(book, second, one, ends - 1, at)
        whole = whole and push(book, second, other, cut + 1, others)
    return whole and decide(arcs, book, 2, heat)


@compiled
def reorder(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Turn round a stretch of one trip, or move one of its stops."""
    trip = any_trip(book)
    stops = book[trip_row(book, trip) + STOPS]
    first, last = below(book, stops), below(book, stops)
    if first == last:
        return False
    if below(book, 2):
        first, last = min(first, last), max(first, last)
        draft = begin(book, 0, trip)
        push(book, draft, trip, 0, first)
        push(book, draft, trip, last, first - 1)
        push(book, draft, trip, last + 1, stops)
    else:
        draft = copy(book, 0, trip)
        stop = stop_row(book, trip, first)
        take(book, draft, book[stop], book[stop + 1])
        put(book, draft, last, book[stop], book[stop + 1])
    return decide(arcs, book, 1, heat)


@compiled
def eject(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Bring a stop by a second trip, and a stop of that by a third."""
    one = any_trip(book)
    stop = any_stop(book, one)
    lump, amount = book[stop], book[stop + 1]
    two = trip_with(book, lump_near(book, lump))
    if two in (NOWHERE, one):
        return False
    stop = any_stop(book, two)
    out = book[stop]
    three = trip_with(book, lump_near(book, out))
    if out == lump or three in (NOWHERE, one, two):
        return False
    less = min(book[stop + 1], room_for(book, out, three))
    if less == 0:
        return False
    amount -= too_many(book, two, lump, amount, out, less)
    if amount <= 0:
        return False
    second, third = copy(book, 1, two), copy(book, 2, three)
    take(book, copy(book, 0, one), lump, amount)
    take(book, second, out, less)
    if not put_best(arcs, book, second, lump, amount) or not put_best(arcs, book, third, out, less):
        return False
    return decide(arcs, book, 3, heat)


@compiled
def gather(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Bring units of a lump that several trips carry by another of them."""
    source = any_trip(book)
    stop = any_stop(book, source)
    lump, quantity = book[stop], book[stop + 1]
    if book[book[CARRIED_AT] + lump] < 2:
        return False
    target = trip_with(book, lump)
    if target == source:
        return False
    amount = min(some_of(book, quantity), room_for(book, lump, target))
    if amount == 0:
        return False
    take(book, copy(book, 0, source), lump, amount)
    put(book, copy(book, 1, target), 0, lump, amount)
    return decide(arcs, book, 2, heat)


@compiled
def pour(book: Ints, draft: int, rest: int, trip: int) -> bool:
    """Add a trip's stops to a draft as far as there is room, and what is left over to another."""
    row = trip_row(book, draft)
    for position in range(book[trip_row(book, trip) + STOPS]):
        stop = stop_row(book, trip, position)
        lump, quantity = book[stop], book[stop + 1]
        amount = min(quantity, room_for(book, lump, draft))
        if amount > 0:
            if not put(book, draft, book[row + STOPS], lump, amount):
                return False
            its = lump_row(book, lump)
            for each in range(DIMENSIONS):
                book[row + LOAD + each] += amount * book[its + UNIT + each] + book[its + RIDERS + each]
        if amount < quantity and not put(
            book, rest, book[trip_row(book, rest) + STOPS], lump, quantity - amount
        ):
            return False
    return True


@compiled
def begin_empty(book: Ints, slot: int, trip: int) -> int:
    """Begin a draft of a trip without stops or load; return the draft."""
    draft = begin(book, slot, trip)
    row = trip_row(book, draft)
    book[row + LOAD], book[row + LOAD + 1], book[row + LOAD + 2] = 0, 0, 0
    return draft


@compiled
def change_pool(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Let other hours, perhaps of a smaller vehicle, drive a trip; what it cannot hold makes a second."""
    trip, pool = any_trip(book), below(book, book[POOLS_N])
    if pool == book[trip_row(book, trip) + POOL] or book[ACTIVE] == book[TRIPS_N]:
        return False
    draft = begin_empty(book, 0, trip)
    rest = begin_empty(book, 1, book[book[ORDER_AT] + book[ACTIVE]])
    book[trip_row(book, draft) + POOL] = pool
    book[trip_row(book, rest) + POOL] = pool
    if not pour(book, draft, rest, trip) or book[trip_row(book, draft) + STOPS] == 0:
        return False
    return decide(arcs, book, 1 if book[trip_row(book, rest) + STOPS] == 0 else 2, heat)


@compiled
def combine(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Let one trip, perhaps of a larger vehicle, take what it can of another nearby."""
    one = any_trip(book)
    other = trip_with(book, lump_near(book, book[any_stop(book, one)]))
    if other in (NOWHERE, one):
        return False
    draft, rest = begin_empty(book, 0, one), begin_empty(book, 1, other)
    if below(book, 2):
        book[trip_row(book, draft) + POOL] = below(book, book[POOLS_N])
    if not pour(book, draft, rest, one) or not pour(book, draft, rest, other):
        return False
    return decide(arcs, book, 2, heat)


@compiled
def swap_pools(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Let two trips exchange the hours that drive them."""
    one, other = any_trip(book), any_trip(book)
    pool, there = book[trip_row(book, one) + POOL], book[trip_row(book, other) + POOL]
    if pool == there:
        return False
    book[trip_row(book, copy(book, 0, one)) + POOL] = there
    book[trip_row(book, copy(book, 1, other)) + POOL] = pool
    return decide(arcs, book, 2, heat)


@compiled
def move(arcs: Shorts, book: Ints, heat: float) -> bool:
    """Try one random move."""
    dice = below(book, 100)
    if dice < 22:
        return relocate(arcs, book, heat)
    if dice < 54:
        return swap(arcs, book, heat)
    if dice < 64:
        return exchange_tails(arcs, book, heat)
    if dice < 80:
        return eject(arcs, book, heat)
    return lesser_move(arcs, book, heat, dice)


@compiled
def lesser_move(arcs: Shorts, book: Ints, heat: float, dice: int) -> bool:
    """Try one of the moves within a trip or a lump, or between pools."""
    if dice < 84:
        return reorder(arcs, book, heat)
    if dice < 87:
        return gather(arcs, book, heat)
    if dice < 91:
        return change_pool(arcs, book, heat)
    if dice < 95:
        return combine(arcs, book, heat)
    return swap_pools(arcs, book, heat)


@kept
def anneal(arcs: Shorts, book: Ints, heat: float, moves: int) -> None:
    """Try so many moves at one heat."""
    if book[ACTIVE] == 0:
        return
    for _ in range(moves):
        move(arcs, book, heat)
