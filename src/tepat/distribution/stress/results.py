"""How often each PPS has everything in time, counted over the replays, with an interval."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from msgspec import Struct

from tepat.common.quantities import BASIS_POINTS
from tepat.distribution.case import Case
from tepat.distribution.plans import Delivery, Plan
from tepat.distribution.stress.axis import Axis, Moments, Rows
from tepat.distribution.stress.replay import Replayed
from tepat.distribution.working_time import second

WEAKEST_SHOWN = 10
Z_95 = 1.96
"""Standard deviations of an interval that holds 95 of 100."""


class Chance(Struct, frozen=True, kw_only=True):
    """How often, of so many replays, with Wilson's interval at 95 % in hundredths of a percent."""

    times: int
    replays: int
    low_basis_points: int
    high_basis_points: int

    @property
    def percent(self) -> float:
        """The share in percent."""
        return 100 * self.times / self.replays


def chance(times: int, replays: int) -> Chance:
    """Return a chance with its interval, rounded outwards.

    Source:
        Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    assert 0 <= times <= replays, (times, replays)
    share, square = times / replays, Z_95**2
    middle = (share + square / (2 * replays)) / (1 + square / replays)
    spread = share * (1 - share) / replays + square / (4 * replays**2)
    half = Z_95 / (1 + square / replays) * math.sqrt(spread)
    return Chance(
        times=times,
        replays=replays,
        low_basis_points=max(0, math.floor(BASIS_POINTS * (middle - half))),
        high_basis_points=min(BASIS_POINTS, math.ceil(BASIS_POINTS * (middle + half))),
    )


class PlaceChance(Struct, frozen=True, kw_only=True):
    """One PPS, and so each of its TPS.

    Args:
        on_time: Everything came on its planned date, and all TPS sets were handed over by the limit.
        handed_over: All TPS sets were handed over to the KPPS by the limit, on whatever date they came.
    """

    place: str
    name: str
    tps: int
    on_time: Chance
    handed_over: Chance


@dataclass(frozen=True)
class Outcome:
    """In which replays each PPS was in time."""

    on_time: Mapping[str, Rows]
    handed_over: Mapping[str, Rows]

    def times(self, place: str) -> int:
        """Return in how many replays a PPS was in time."""
        return int(np.count_nonzero(self.on_time[place]))


def outcome(case: Case, plan: Plan, replayed: Replayed, places: Collection[str] | None = None) -> Outcome:
    """Return where each PPS was in time.

    A set counts as handed over in time by the office's target; if the plan itself is later, by the law's end.

    Args:
        case: The problem under the plan's strategy.
        plan: The plan.
        replayed: What happened to it.
        places: Only these PPS; None = all.
    """
    units = [
        unit
        for unit in replayed.script.last
        if case.place[case.unit[unit].place].kind == "pps"
        and (places is None or case.unit[unit].place in places)
    ]
    promised = {
        unit: trip.date
        for trip in plan.trips
        for stop in trip.stops
        for unit in stop.units
        if case.unit[unit].place == stop.place
    }
    on_time: dict[str, Rows] = {}
    limits: dict[tuple[str, tuple[object, ...]], int] = {}
    for unit in units:
        row, day = case.unit[unit], promised[unit]
        midnight = datetime(day.year, day.month, day.day, tzinfo=case.zone) + timedelta(days=1)
        limit = min(second(midnight), second(row.due_at or midnight))
        key = row.place, replayed.script.last[unit]
        if limits.get(key, limit + 1) > limit:
            limits[key] = limit
            on_time[row.place] = on_time.get(row.place, True) & (replayed.at_place(unit) <= limit)
    wanted = set(units)
    given = [each for each in plan.deliveries if each.unit in wanted]
    handed = _handed_over(case, given, replayed)
    everywhere = {place: handed.get(place, np.ones_like(rows)) for place, rows in on_time.items()}
    return Outcome({place: rows & everywhere[place] for place, rows in on_time.items()}, everywhere)


def _handed_over(case: Case, deliveries: Iterable[Delivery], replayed: Replayed) -> dict[str, Rows]:
    """Return where all sets of a PPS reach the KPPS in time; a late set goes to the end of its team's row."""
    if case.last_mile_shift is None:
        return {}
    axis = Axis(case.last_mile_shift, 0)
    teams: dict[tuple[str, int], list[Delivery]] = defaultdict(list)
    for each in sorted(deliveries, key=lambda each: each.start_at):
        teams[case.unit[each.unit].place, each.team].append(each)
    target, law = second(case.problem.target_at), second(case.problem.law_at)
    found: dict[str, Rows] = {}
    for (place, _), rows in teams.items():
        free: Moments | int = second(rows[-1].done_at)
        for each in rows:
            arrived = replayed.at_place(each.unit)
            late = arrived > second(each.start_at)
            limit = target if second(each.done_at) <= target else law
            good = np.ones_like(late)
            if late.any():
                takes = np.array([case.last_mile.handover_s], dtype=np.int64)
                done = axis.advance(axis.snap(np.maximum(arrived, free)), takes)
                free = np.where(late, done, free)
                good = ~late | (done <= limit)
            found[place] = found.get(place, True) & good
    return found


def chances(case: Case, result: Outcome) -> list[PlaceChance]:
    """Return the chance of each PPS, the weakest first."""
    tps: dict[str, int] = defaultdict(int)
    for unit in case.problem.units:
        tps[unit.place] += unit.kind == "tps"
    found = [
        PlaceChance(
            place=place,
            name=case.place[place].name,
            tps=tps[place],
            on_time=_chance(rows),
            handed_over=_chance(result.handed_over[place]),
        )
        for place, rows in result.on_time.items()
    ]
    return sorted(found, key=lambda each: (each.on_time.times, each.place))


def _chance(rows: Rows) -> Chance:
    return chance(int(np.count_nonzero(rows)), len(rows))
