"""The cheapest trip for given duals, by dynamic programming over load and last place, in whole numbers.

A trip is a *q-route* (Christofides, Mingozzi and Toth, 1981, Mathematical Programming 20): it may come back
to a place, but not at once after one other (2-cycle elimination), and leaves any multiple of a drop's step.
Every real trip is one, so the least reduced cost here is never above that of a real trip. All sums are
int64 micro-rupiah and therefore exact.

Compiled by Numba; without it the functions are plain Python and good for tests only.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

HAVE_COMPILER = find_spec("numba") is not None and find_spec("highspy") is not None
"""Whether the extra `cepat` is installed."""

Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]

FAR = 1 << 60
"""More than any trip costs; sums of two still fit."""

ORIGIN, PLACE, BOXES, STEP, SECONDS = 0, 0, 1, 2, 3


def kept[F: Callable[..., Any]](function: F) -> F:
    """Return a function compiled and kept on disk, where Numba is installed."""
    if not HAVE_COMPILER:
        return function
    import numba

    return cast("F", numba.njit(cache=True, nogil=True)(function))


@kept
def cheapest(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one compiled function over plain arrays
    way: Ints,
    start: Ints,
    near: Ints,
    gain: Ints,
    most: Ints,
    step: Ints,
    capacity: int,
    cost: Ints,
    before: Shorts,
    amount: Shorts,
    rank: Shorts,
) -> None:
    """Fill the tables of the cheapest and second cheapest ways to stand at a drop with a load handed out.

    Args:
        way: `way[j, i]` is what it costs to come from drop i to drop j, the stop's own price in it.
        start: What it costs to come to each drop from the origin.
        near: For each drop those from which it may be come to; all for a proof, the nearest for a quick look.
        gain: What each box handed out brings in at each drop.
        most: The most boxes of one stop at each drop; 0 = the vehicle does not go there.
        step: In what steps.
        capacity: Boxes on a trip.
        cost: Filled, shape (2, capacity + 1, drops): best, and best with another drop before it.
        before: Filled likewise: the drop before, -1 = the origin.
        amount: Filled likewise: boxes handed out at this stop.
        rank: Filled likewise: which of the two entries before it came from.
    """
    count = way.shape[0]
    cost[:] = FAR
    before[:] = -2
    for load in range(capacity):
        lives = 0
        for i in range(count):
            lives += cost[0, load, i] < FAR
        if load and not lives:
            continue
        for j in range(count):
            if most[j] == 0 or load + step[j] > capacity:
                continue
            first = second = FAR
            first_at = second_at = -2
            if load == 0:
                first, first_at = start[j], -1
            for position in range(near.shape[1] if lives else 0):
                i = near[j, position]
                held = cost[1, load, i] if before[0, load, i] == j else cost[0, load, i]
                value = held + way[j, i]
                if value < second and i != j:
                    if value < first:
                        second, second_at = first, first_at
                        first, first_at = value, i
                    else:
                        second, second_at = value, i
            last = min(most[j], capacity - load)
            for way_in in range(2):
                value = first if way_in == 0 else second
                at = first_at if way_in == 0 else second_at
                if value >= FAR >> 1:
                    continue
                came = 0
                if at >= 0 and before[0, load, at] == j:
                    came = 1
                for boxes in range(step[j], last + 1, step[j]):
                    then = load + boxes
                    total = value - boxes * gain[j]
                    if total < cost[0, then, j]:
                        if before[0, then, j] != at:
                            cost[1, then, j] = cost[0, then, j]
                            before[1, then, j] = before[0, then, j]
                            amount[1, then, j] = amount[0, then, j]
                            rank[1, then, j] = rank[0, then, j]
                        cost[0, then, j] = total
                        before[0, then, j] = at
                        amount[0, then, j] = boxes
                        rank[0, then, j] = came
                    elif total < cost[1, then, j] and before[0, then, j] != at:
                        cost[1, then, j] = total
                        before[1, then, j] = at
                        amount[1, then, j] = boxes
                        rank[1, then, j] = came


Stops = tuple[tuple[int, int], ...]
"""A trip: drops in order, and the boxes left at each."""


class Tables:
    """Room for the tables of one team, used again for each pricing."""

    def __init__(self, capacity: int, drops: int) -> None:
        shape = (2, capacity + 1, drops)
        self.cost = np.empty(shape, dtype=np.int64)
        self.before = np.empty(shape, dtype=np.int32)
        self.amount = np.empty(shape, dtype=np.int32)
        self.rank = np.empty(shape, dtype=np.int32)

    def trip(self, load: int, drop: int) -> Stops:
        """Return the trip behind the best entry for a load and a last drop."""
        stops, which = [], 0
        while drop >= 0:
            boxes = int(self.amount[which, load, drop])
            stops.append((drop, boxes))
            entry = which, load, drop
            drop, which, load = int(self.before[entry]), int(self.rank[entry]), load - boxes
        assert load == 0, load
        return tuple(reversed(stops))
