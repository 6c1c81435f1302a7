"""Which vehicle is free when, in each replay, and who steps in for one that broke down."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tepat.distribution.case import Case
from tepat.distribution.plans import Plan
from tepat.distribution.stress.axis import NEVER, Axis, Moments, Rows
from tepat.distribution.stress.draws import Draws
from tepat.distribution.stress.jobs import Round
from tepat.distribution.vehicle_days import vehicle_days

Numbers = NDArray[np.int64]

type Post = tuple[str, str, date]
"""An origin, a type of vehicle, a date."""


class Fleet:
    """The vehicles of a plan, and those of its strategy that have nothing to do on a date.

    Args:
        case: The problem under the plan's strategy.
        plan: The plan.
        draws: Who breaks down when.
        axis: The working hours of a vehicle on a date.
    """

    def __init__(self, case: Case, plan: Plan, draws: Draws, axis: Callable[[str, date], Axis]) -> None:
        self.case, self.draws, self.axis = case, draws, axis
        self._free: dict[tuple[str, date], Moments] = {}
        self._turns: dict[tuple[str, date], Moments] = {}
        self._rounds: dict[tuple[str, date], int] = defaultdict(int)
        boxes: dict[str, int] = dict.fromkeys(case.strategy.warehouses, 0)
        origins: dict[tuple[str, date], str] = {}
        for trip in plan.trips:
            self._rounds[trip.vehicle, trip.date] += 1
            origins[trip.vehicle, trip.date] = trip.origin
            if trip.origin in boxes:
                boxes[trip.origin] += sum(case.unit[unit].boxes for stop in trip.stops for unit in stop.units)
        idle = {day.vehicle: origin for origin, days in vehicle_days(case, boxes).items() for day in days}
        self.posts = self._manned(origins, idle)

    def _manned(
        self, origins: Mapping[tuple[str, date], str], idle: Mapping[str, str]
    ) -> dict[Post, list[str]]:
        """Return who can step in where: also on dates on which the plan sends nobody out, such as H-1."""
        found: dict[Post, list[str]] = defaultdict(list)
        homes = dict(idle)
        for (vehicle, _), origin in origins.items():
            homes.setdefault(vehicle, origin)
        for vehicle, home in homes.items():
            row = self.case.vehicle[vehicle]
            for day in sorted(set(row.dates) & self.case.weather.keys()):
                if self.case.shift(row, day) is not None:
                    found[origins.get((vehicle, day), home), row.type, day].append(vehicle)
        return found

    def free_at(self, vehicle: str, day: date) -> Moments:
        """Return from when a vehicle is free on a date; the caller writes its next hour into it."""
        key = vehicle, day
        if key not in self._free:
            self._free[key] = np.full(self.draws.replays, self.axis(vehicle, day).shift.opens, dtype=np.int64)
        return self._free[key]

    def turn(self, vehicle: str, day: date) -> Moments:
        """Return before which round a vehicle breaks down on a date; NEVER where it does not."""
        key = vehicle, day
        if key not in self._turns:
            rounds = self._rounds.get(key, 0) or 1
            turn = self.draws.breaks_before(vehicle, day, rounds)
            self._turns[key] = np.where(turn < rounds, turn, NEVER)
        return self._turns[key]

    def broken(self, round_: Round) -> Rows:
        """Tell in which replays a round's own vehicle has broken down before it."""
        number = round_.turn if not round_.more else self._rounds[round_.vehicle, round_.date]
        return self.turn(round_.vehicle, round_.date) <= number

    def first_free(self, round_: Round, rows: Numbers, day: date) -> list["Choice"]:
        """Return who of the same kind and origin is free first on a date, each with its replays.

        A vehicle that broke down on that date does nothing any more. Vehicles of the same hours are one.
        """
        kind = self.case.vehicle[round_.vehicle].type
        able = self.posts.get((round_.origin, kind, day), [])
        if not able or not len(rows):
            return []
        free = np.stack(
            [np.where(self._whole(each, day)[rows], self.free_at(each, day)[rows], NEVER) for each in able]
        )
        chosen = np.argmin(free, axis=0)
        at = free[chosen, np.arange(len(rows))]
        found = []
        for hours in sorted({self.case.vehicle[each].hours for each in able}):
            alike = np.array([self.case.vehicle[each].hours == hours for each in able])
            mine = (at < NEVER) & alike[chosen]
            if mine.any():
                names = tuple(able[each] for each in chosen[mine])
                found.append(Choice(able[int(np.argmax(alike))], rows[mine], at[mine], names))
        return found

    def _whole(self, vehicle: str, day: date) -> Rows:
        whole: Rows = self.turn(vehicle, day) == NEVER
        return whole

    def keep(self, choice: "Choice", day: date, free: Moments) -> None:
        """Note from when the vehicles of a choice are free again."""
        names = np.array(choice.names)
        for vehicle in set(choice.names):
            mine = names == vehicle
            self.free_at(vehicle, day)[choice.rows[mine]] = free[mine]


@dataclass(frozen=True)
class Choice:
    """Vehicles of one kind and the same hours that step in.

    Args:
        like: One of them.
        rows: The replays.
        free: When each is free there.
        names: Which vehicle it is in each replay.
    """

    like: str
    rows: Numbers
    free: Moments
    names: tuple[str, ...]
