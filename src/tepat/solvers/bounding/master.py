"""The linear program over the trips found so far, and column generation until its cost meets the bound.

Desaulniers, Desrosiers and Solomon, Column Generation, 2005; duals are smoothed towards those of the best
bound (Wentges, 1997, International Transactions in Operational Research 4). HiGHS only proposes duals; what
is proved stands in `duals.py`.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tepat.solvers.bounding.duals import BOX_MAX, SECOND_MAX, Duals, Prover, Trip
from tepat.solvers.bounding.hauls import Haul, Proved

SCALE = 1_000_000_000
"""The master counts in thousands of rupiah."""

HOUR_S = 3600
TRIPS_MAX = 25
"""Trips of one team taken from one pricing."""

LOOK_TRIPS_MAX = 40
"""The same for a quick look."""

ROUNDS_MAX = 2_000
SMOOTHING = 0.3
"""The weight of the best bound's duals in those that are priced next."""

LOOKS_MAX = 40
"""Quick looks for trips between two proofs."""

NEAR_MAX = 40
"""Drops that a quick look tries next to each."""

FEW = 30
"""Trips below which another quick look is not worth its master problem."""

CLOSE_SHARE = 0.01
"""Where bound and master are this close, smoothing only delays."""

IDLE_MAX = 3
"""Quick looks in a row that find few before the next proof."""

TIGHTEN_EVERY = 4
"""Every so many rounds the bound is tightened by more pricing."""

GAP_SHARE = 2e-5
"""Bound and master have met when they differ by less than this share."""

DEAR = 20
"""A box left to nobody costs as much as this many radial trips."""

Teller = Callable[[Proved], None]


class Master:
    """The restricted master problem in HiGHS."""

    def __init__(self, prover: Prover) -> None:
        import highspy

        self.prover = prover
        self.drops = len(prover.haul.drops)
        opened: Any = highspy.Highs
        self.solver = opened()
        self.solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's own way
        self.solver.setOptionValue("threads", 1)
        self.seen: set[tuple[int, tuple[tuple[int, int], ...]]] = set()
        self.row_of = {team.number: 2 * self.drops + row for row, team in enumerate(prover.teams)}
        self.pricing = {team.number: team for team in prover.teams}
        infinite = highspy.kHighsInf
        for floor in (*prover.boxes, *prover.visits):
            self.solver.addRow(float(floor), infinite, 0, [], [])
        for team in prover.teams:
            self.solver.addRow(-infinite, 0.0, 0, [], [])
            row, hours = [self.row_of[team.number]], [-team.team.hours_s / HOUR_S]
            self.solver.addCol(team.team.day_micro / SCALE, 0.0, float(team.team.count), 1, row, hours)
        self.infinite = infinite
        self._open()

    def _open(self) -> None:
        """Begin with full trips to each drop alone, and with boxes that nobody brings at a high price."""
        dearest = 1.0
        for team in self.prover.teams:
            for drop in np.flatnonzero(team.most):
                stops = ((int(drop), int(team.most[drop])),)
                share = team.team.day_micro * team.seconds_of(stops) / max(1, team.team.hours_s)
                dearest = max(dearest, (team.money_of(stops) + share) / SCALE)
                self.add(Trip(team.number, stops))
        for row in range(2 * self.drops):
            self.solver.addCol(DEAR * dearest, 0.0, self.infinite, 1, [row], [1.0])

    def add(self, trip: Trip) -> bool:
        """Take a trip in; False if it is there already."""
        key = (trip.team, trip.stops)
        if key in self.seen:
            return False
        self.seen.add(key)
        team = self.pricing[trip.team]
        entries: dict[int, float] = {}
        for drop, boxes in trip.stops:
            entries[drop] = entries.get(drop, 0.0) + boxes
            entries[self.drops + drop] = entries.get(self.drops + drop, 0.0) + 1
        entries[self.row_of[trip.team]] = team.seconds_of(trip.stops) / HOUR_S
        money = team.money_of(trip.stops) / SCALE
        self.solver.addCol(money, 0.0, self.infinite, len(entries), list(entries), list(entries.values()))
        return True

    def solve(self) -> tuple[int, Duals]:
        """Return the cost of the trips so far in micro-rupiah, and the duals, rounded, none below zero."""
        self.solver.run()
        cost = self.solver.getInfo().objective_function_value
        dual = np.array(self.solver.getSolution().row_dual) * SCALE
        sigma = np.zeros(len(self.prover.haul.teams))
        for number, row in self.row_of.items():
            sigma[number] = max(0.0, -dual[row] / HOUR_S)
        pi, rho = dual[: self.drops], dual[self.drops : 2 * self.drops]
        return round(cost * SCALE) + self.prover.haul.fixed_micro, _whole(pi, rho, sigma)


def bound_haul(
    haul: Haul, *, until: float, tell: Teller, clock: Callable[[], float] = time.monotonic
) -> Proved:
    """Return the best bound proved for a haul, telling of each round on the way.

    Args:
        haul: What to bound.
        until: When to stop, on the clock given.
        tell: Hears of the bound after each round; it never falls.
        clock: Tests count rounds with it.
    """
    fixed = haul.fixed_micro
    proved = Proved(bound_micro=fixed, master_micro=None, rounds=0, columns=0, converged=not haul.drops)
    if not haul.drops:
        return proved
    prover = Prover(haul)
    best, smoothing = prover.radial(), SMOOTHING
    bound = max(fixed, prover.prove(best, trips_max=1).bound_micro)
    proved = Proved(bound_micro=bound, master_micro=None, rounds=0, columns=0, converged=False)
    tell(proved)
    master = Master(prover)
    cost, duals = _look(prover, master, lambda: clock() >= until)
    for number in range(1, ROUNDS_MAX + 1):
        late = clock() >= until
        asked = _between(best, duals, smoothing)
        found = prover.prove(asked, trips_max=TRIPS_MAX, tighten=late or number % TIGHTEN_EVERY == 0)
        best = asked if found.bound_micro > bound else best
        bound = max(found.bound_micro, bound)
        new = sum([master.add(trip) for trip in found.trips])
        if new and not late:
            cost, duals = _look(prover, master, lambda: clock() >= until)
        exhausted = not new and smoothing == 0.0
        met = exhausted or cost - bound <= GAP_SHARE * abs(cost - fixed)
        proved = Proved(
            bound_micro=bound, master_micro=cost, rounds=number, columns=len(master.seen), converged=met
        )
        tell(proved)
        if met or late:
            break
        smoothing = SMOOTHING if new and cost - bound > CLOSE_SHARE * abs(cost) else 0.0
    return proved


def _look(prover: Prover, master: Master, over: Callable[[], bool]) -> tuple[int, Duals]:
    """Return cost and duals after quick looks for more trips, as long as they find enough."""
    cost, duals = master.solve()
    idle = 0
    for turn in range(LOOKS_MAX):
        trips = prover.look(duals, turn, trips_max=LOOK_TRIPS_MAX, near_max=NEAR_MAX)
        new = sum([master.add(trip) for trip in trips])
        if new:
            cost, duals = master.solve()
        idle = 0 if new >= FEW else idle + 1
        if over() or idle == IDLE_MAX:
            break
    return cost, duals


def _between(best: Duals, now: Duals, weight: float) -> Duals:
    return _whole(
        weight * best.pi + (1 - weight) * now.pi,
        weight * best.rho + (1 - weight) * now.rho,
        weight * best.sigma + (1 - weight) * now.sigma,
    )


def _whole(pi: Any, rho: Any, sigma: Any) -> Duals:
    """Return duals rounded and within the limits of exact sums; whichever they are, they prove something."""
    limits = ((pi, BOX_MAX), (rho, BOX_MAX), (sigma, SECOND_MAX))
    return Duals(*(np.rint(np.clip(each, 0, limit)).astype(np.int64) for each, limit in limits))
