"""One tour over many places: nearest neighbour, then 2-opt and moves of short chains."""

import numpy as np
from numpy.typing import NDArray

CHAIN_MAX = 3
"""Places moved together."""

PASSES_MAX = 60
"""Sweeps of improvement before the tour is taken as it is."""

Distances = NDArray[np.float64]


def tour(distance: Distances) -> list[int]:
    """Return an order of the rows 1…n-1 that starts and ends at row 0, short and always the same.

    Args:
        distance: Square; made symmetric first, because direction matters little for a first answer.
    """
    symmetric: Distances = (distance + distance.T) / 2
    order = _nearest(symmetric)
    for _ in range(PASSES_MAX):
        if not (_two_opt(order, symmetric) | _move_chains(order, symmetric)):
            break
    return order[1:]


def _nearest(distance: Distances) -> list[int]:
    left = np.ones(len(distance), dtype=bool)
    left[0] = False
    order = [0]
    while left.any():
        row = np.where(left, distance[order[-1]], np.inf)
        order.append(int(row.argmin()))
        left[order[-1]] = False
    return order


def _two_opt(order: list[int], distance: Distances) -> bool:
    """Reverse, for each place, the stretch after it that saves most; tell whether any did."""
    improved = False
    for first in range(len(order) - 2):
        path = np.array([*order, order[0]])
        here, after = path[first], path[first + 1]
        ends, nexts = path[first + 2 : -1], path[first + 3 :]
        if not len(nexts):
            break
        ends = path[first + 2 : first + 2 + len(nexts)]
        saved = distance[here, after] + distance[ends, nexts] - distance[here, ends] - distance[after, nexts]
        best = int(saved.argmax())
        if saved[best] > 1e-9:
            last = first + 2 + best
            order[first + 1 : last + 1] = order[first + 1 : last + 1][::-1]
            improved = True
    return improved


def _move_chains(order: list[int], distance: Distances) -> bool:
    """Move chains of up to three places to where they lengthen the tour least; tell whether any moved."""
    improved = False
    for size in range(1, CHAIN_MAX + 1):
        for start in range(1, len(order) - size):
            chain = order[start : start + size]
            rest = order[:start] + order[start + size :]
            path = np.array([*rest, rest[0]])
            head, tail = chain[0], chain[-1]
            before, after = rest[start - 1], path[start]
            gain = distance[before, head] + distance[tail, after] - distance[before, after]
            added = distance[path[:-1], head] + distance[tail, path[1:]] - distance[path[:-1], path[1:]]
            best = int(added.argmin())
            if gain - added[best] > 1e-9:
                order[:] = rest[: best + 1] + chain + rest[best + 1 :]
                improved = True
    return improved
