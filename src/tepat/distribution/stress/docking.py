"""Docks in the replays: where the office counts them, a vehicle waits until one is free."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from tepat.distribution.case import Case
from tepat.distribution.stress.axis import Moments, Rows

Handled = tuple[Moments, Moments, Rows]
"""Begin and end of handling, and where it is possible."""

WAITS_MAX = 20
"""Times that a vehicle lets others go first at one place."""


class Docks:
    """Who stands at which place, in each replay.

    Whoever's turn comes first in the plan chooses first; a vehicle takes the first gap that holds it. The
    time that it waits for a dock is not held against breaks and closing: who stands in the yard is served.
    """

    def __init__(self, case: Case, replays: int) -> None:
        counted = case.problem.rules.docks_apply
        self.limit = {
            place.id: place.docks for place in case.problem.places if counted and place.docks is not None
        }
        self.replays = replays
        self.taken: dict[str, list[tuple[Moments, Moments]]] = defaultdict(list)

    def wait(self, place: str, rows: NDArray[np.int64], handled: Handled) -> Handled:
        """Return the handling, begun when a dock is free, and note it."""
        if place not in self.limit or not len(rows):
            return handled
        begin, end, good = handled
        lasts = end - begin
        for _ in range(WAITS_MAX):
            full, free = self._full(place, rows, begin, end)
            if not full.any():
                break
            begin = np.where(full, free, begin)
            end = begin + lasts
        since, until = np.zeros(self.replays, dtype=np.int64), np.zeros(self.replays, dtype=np.int64)
        since[rows], until[rows] = np.where(good, begin, 0), np.where(good, end, 0)
        self.taken[place].append((since, until))
        return begin, end, good

    def _full(
        self, place: str, rows: NDArray[np.int64], begin: Moments, end: Moments
    ) -> tuple[Rows, Moments]:
        """Tell where all docks are taken at some moment of a stretch, and when the first of them is free."""
        taken = [(since[rows], until[rows]) for since, until in self.taken[place]]
        most = np.zeros(len(rows), dtype=np.int64)
        for at in [begin, *(since for since, _ in taken)]:
            inside = (begin <= at) & (at < end)
            count = np.sum([(since <= at) & (at < until) for since, until in taken], axis=0)
            most = np.maximum(most, np.where(inside, count, 0))
        clash = [
            np.where((since < end) & (begin < until), until, np.iinfo(np.int64).max) for since, until in taken
        ]
        free = np.minimum.reduce(clash) if clash else begin
        return most >= self.limit[place], free
