"""Prices of boxes, stops and seconds, the trips they call for, and the bound they prove.

Let `pi` be what a box of each drop is worth, `rho` what a stop at it is worth and `sigma` what a second of
each team costs. By weak duality no plan is cheaper than

    sum(pi * boxes) + sum(rho * visits_min) - sum(count * max(0, sigma * hours_s - day_micro))

if no trip's reduced cost is negative. Where the cheapest trip of a team has reduced cost `v < 0`, either
`v` is paid as often as the team's hours allow for trips of the shortest kind (the Lagrangian bound of
Desaulniers, Desrosiers and Solomon, Column Generation, 2005, chapter 1), or a second of it is made dearer
until no trip is below zero (Farley, 1990, Operations Research 38, does it by scaling): both stay valid, and
the better one counts. `pi`, `rho` and `sigma` are whole numbers of micro-rupiah, whatever floating-point
solver proposed them, and so is the cheapest trip: the bound is exact and needs no tolerance.
"""

from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from tepat.solvers.bounding.hauls import NO_ROAD, Drop, Haul, Team
from tepat.solvers.bounding.pricing import FAR, Ints, Stops, Tables, cheapest

SECONDS, METRES = 0, 1
NO_WAY = FAR >> 2
"""What a leg without a road costs in pricing."""

TIGHTENINGS_MAX = 4
"""Times a team's second is made dearer in one proof."""

BOX_MAX, SECOND_MAX = 1 << 48, 1 << 34
"""Micro-rupiah up to which boxes, stops and seconds are priced, so that no sum over a trip overflows."""

MONEY_MAX = 1 << 50
"""Micro-rupiah up to which the price of one leg may go, likewise."""


@dataclass(frozen=True)
class Duals:
    """What a box and a stop of each drop are worth, and what a second of each team costs; micro-rupiah."""

    pi: Ints
    rho: Ints
    sigma: Ints


@dataclass(frozen=True)
class Trip:
    """A trip that pricing found: its team and what it hands out."""

    team: int
    stops: Stops


class TeamPricing:
    """Everything of one team that pricing needs more than once."""

    def __init__(self, haul: Haul, number: int) -> None:
        self.team: Team = haul.teams[number]
        self.number = number
        table = np.frombuffer(haul.matrices[self.team.matrix], dtype="<i8").reshape(2, haul.rows, haul.rows)
        places = np.array([drop.place for drop in haul.drops], dtype=np.int64)
        rows = np.concatenate(([0], places))
        grid = table[np.ix_((SECONDS, METRES), rows, rows)]
        self.no_road = (grid[SECONDS] >= NO_ROAD) | (grid[METRES] >= NO_ROAD)
        self.apart = rows[:, None] != rows[None, :]
        stop_s = np.array([0, *(drop.stop_s for drop in haul.drops)], dtype=np.int64)
        stop_micro = np.array([0, *(drop.stop_micro for drop in haul.drops)], dtype=np.int64)
        self.seconds = np.where(self.no_road, 0, (grid[SECONDS] + stop_s[None, :]) * self.apart)
        self.seconds[0, 1:] += self.team.load_s
        self.money = np.where(
            self.no_road, 0, (grid[METRES] * self.team.metre_micro + stop_micro) * self.apart
        )
        self.money[0, 1:] += self.team.trip_micro
        self.box_micro = np.array([drop.box_micro[number] or 0 for drop in haul.drops], dtype=np.int64)
        self.step = np.array([drop.step for drop in haul.drops], dtype=np.int64)
        self.most = np.array(
            [self._most(drop, row) for row, drop in enumerate(haul.drops, 1)], dtype=np.int64
        )
        apart = self.seconds[1:, 1:].T + NO_ROAD * self.no_road[1:, 1:].T
        self.near = np.ascontiguousarray(np.argsort(apart, axis=1, kind="stable"))
        self.tables = Tables(self.team.boxes_max, len(haul.drops))
        assert int(self.money.max(initial=0)) < MONEY_MAX, self.money.max()

    def _most(self, drop: Drop, row: int) -> int:
        """Return the most boxes of one stop, 0 where this team never goes."""
        room = min(drop.boxes, self.team.boxes_max)
        shortest_s = self.seconds[0, row] + self.seconds[row, 0] + drop.step * self.team.box_s
        no_way = self.no_road[0, row] or self.no_road[row, 0] or shortest_s > self.team.hours_s
        return 0 if no_way or drop.box_micro[self.number] is None else room // drop.step * drop.step

    @property
    def used(self) -> bool:
        """Whether it may carry anything at all."""
        return bool(self.team.count and self.most.any())

    @property
    def shortest_s(self) -> int:
        """Seconds that no trip of it undercuts."""
        there = self.seconds[0, 1:] + self.seconds[1:, 0] + self.step * self.team.box_s
        return max(1, int(there[self.most > 0].min()))

    def seconds_of(self, stops: Stops) -> int:
        """Return the seconds of a trip."""
        rows = [0, *(drop + 1 for drop, _ in stops), 0]
        boxes = sum(count for _, count in stops)
        return int(self.seconds[rows[:-1], rows[1:]].sum()) + boxes * self.team.box_s

    def money_of(self, stops: Stops) -> int:
        """Return the price of a trip, without its share of the vehicle-day."""
        rows = [0, *(drop + 1 for drop, _ in stops), 0]
        boxes = sum(count * int(self.box_micro[drop]) for drop, count in stops)
        return int(self.money[rows[:-1], rows[1:]].sum()) + boxes

    def price(
        self, duals: Duals, sigma: int, trips_max: int, near_max: int | None = None
    ) -> tuple[int, list[Trip]]:
        """Return the least reduced cost of any trip, and the trips below zero, cheapest first.

        Args:
            duals: Prices of boxes and stops.
            sigma: The price of a second.
            trips_max: Trips to return.
            near_max: Look only at so many nearest drops; the least reduced cost then proves nothing.
        """
        cost = np.where(self.no_road, NO_WAY, self.money + sigma * self.seconds)
        cost[:, 1:] -= duals.rho
        gain = duals.pi - self.box_micro - sigma * self.team.box_s
        way = np.ascontiguousarray(cost[1:, 1:].T)
        start, home = np.ascontiguousarray(cost[0, 1:]), cost[1:, 0]
        tables = self.tables
        cheapest(
            way,
            start,
            np.ascontiguousarray(self.near[:, :near_max]),
            gain,
            self.most,
            self.step,
            self.team.boxes_max,
            tables.cost,
            tables.before,
            tables.amount,
            tables.rank,
        )
        whole = tables.cost[0] + home[None, :]
        loads = whole.argmin(axis=0)
        ends = whole[loads, np.arange(whole.shape[1])]
        order = np.argsort(ends, kind="stable")[:trips_max]
        trips = [Trip(self.number, tables.trip(int(loads[end]), int(end))) for end in order if ends[end] < 0]
        return int(ends.min()), trips


@dataclass(frozen=True)
class Pricing:
    """What one round of pricing found."""

    bound_micro: int
    trips: tuple[Trip, ...]


class Prover:
    """Prices a haul under given duals and proves bounds with them."""

    def __init__(self, haul: Haul) -> None:
        self.haul = haul
        teams = [TeamPricing(haul, number) for number in range(len(haul.teams))]
        self.teams = [team for team in teams if team.used]
        alike: dict[tuple[object, ...], list[TeamPricing]] = {}
        for team in self.teams:
            alike.setdefault((replace(team.team, count=0, hours_s=0), tuple(team.most > 0)), []).append(team)
        self.twins = tuple(alike.values())
        self.boxes = np.array([drop.boxes for drop in haul.drops], dtype=np.int64)
        self.visits = np.array([drop.visits_min for drop in haul.drops], dtype=np.int64)

    def radial(self) -> Duals:
        """Return duals that no trip undercuts: each box pays its share of a full vehicle's way out and back.

        Haimovich and Rinnooy Kan, 1985, Mathematics of Operations Research 10: with closed roads no trip is
        shorter than the way to its farthest stop and back.
        """
        sigma = np.zeros(len(self.haul.teams), dtype=np.int64)
        pi = np.full(len(self.haul.drops), FAR, dtype=np.int64)
        for team in self.teams:
            own = team.team
            second = sigma[team.number] = own.day_micro // max(1, own.hours_s)
            there = (
                team.money[0, 1:] + team.money[1:, 0] + second * (team.seconds[0, 1:] + team.seconds[1:, 0])
            )
            share = there // own.boxes_max + team.box_micro + second * own.box_s
            pi = np.where(team.most > 0, np.minimum(pi, share), pi)
        return Duals(np.where(pi < FAR, pi, 0), np.zeros_like(pi), sigma)

    def look(self, duals: Duals, turn: int, *, trips_max: int, near_max: int) -> list[Trip]:
        """Return trips that duals call for, found quickly; what is not found may still exist.

        Of teams that differ only in date and number one is priced in its turn; its trips are offered to all.
        """
        trips: list[Trip] = []
        for twins in self.twins:
            team = twins[turn % len(twins)]
            _, found = team.price(duals, int(duals.sigma[team.number]), trips_max, near_max)
            for twin in twins:
                same = (Trip(twin.number, trip.stops) for trip in found)
                trips += [trip for trip in same if self._reduced(twin, trip.stops, duals) < 0]
        return trips

    def _reduced(self, team: TeamPricing, stops: Stops, duals: Duals) -> int:
        """Return the reduced cost of a trip."""
        worth = sum(int(duals.pi[drop]) * boxes + int(duals.rho[drop]) for drop, boxes in stops)
        return team.money_of(stops) + int(duals.sigma[team.number]) * team.seconds_of(stops) - worth

    def prove(self, duals: Duals, *, trips_max: int, tighten: bool = False) -> Pricing:
        """Return the bound that duals prove, and the trips they call for.

        Args:
            duals: From wherever; none below zero.
            trips_max: Trips of one team.
            tighten: Whether to make each team's second so dear that the duals become feasible; more pricing.
        """
        worth = sum(int(a) * int(b) for a, b in zip(duals.pi, self.boxes, strict=True))
        worth += sum(int(a) * int(b) for a, b in zip(duals.rho, self.visits, strict=True))
        trips: list[Trip] = []
        for team in self.teams:
            own = team.team
            sigma = max(int(duals.sigma[team.number]), own.day_micro // max(1, own.hours_s))
            least, found = team.price(duals, sigma, trips_max)
            trips += found
            tries = TIGHTENINGS_MAX if tighten and least < 0 else 0
            for _ in range(tries):
                dearer = sigma + -(least // team.seconds_of(found[0].stops))
                if dearer > SECOND_MAX:
                    break
                sigma = dearer
                least, found = team.price(duals, sigma, 1)
                if least >= 0:
                    break
            worth -= _rent_micro(own, sigma) + _repair_micro(team, sigma, min(0, least))
        return Pricing(worth + self.haul.fixed_micro, tuple(trips))


def _rent_micro(team: Team, sigma: int) -> int:
    """Return what seconds at this price bring in beyond the rent of all vehicle-days."""
    return team.count * max(0, sigma * team.hours_s - team.day_micro)


def _repair_micro(team: TeamPricing, sigma: int, least: int) -> int:
    """Return what must be given up because a trip's reduced cost is below zero: the cheaper of two ways."""
    if least == 0:
        return 0
    own, shortest_s = team.team, team.shortest_s
    often = own.count * (own.hours_s // shortest_s)
    dearer = sigma + -(least // shortest_s)
    return min(-least * often, _rent_micro(own, dearer) - _rent_micro(own, sigma))
