"""What happens in each replay, drawn from a seed: the same for the plan and for every remedy tried on it.

Each draw hangs on the name of what it is about (a trip, a vehicle on a date), not on its place in a list: a
changed plan meets the same weather, the same breakdowns and the same slow roads (common random numbers).
"""

import math
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tepat.distribution.case import Case
from tepat.distribution.problems import MatrixFile
from tepat.distribution.stress.axis import NEVER, Moments, Rows
from tepat.distribution.stress.scenarios import Scenario, Scenarios

Factors = NDArray[np.float64]

QUANTILE_Z = 1.645
"""Standard deviations at the edges of a band that holds nine of ten."""


@dataclass
class Draws:
    """The fate of each replay.

    Args:
        case: The problem under the plan's strategy.
        scenarios: What may go wrong.
        seed: The same seed gives the same fates.
        replays: How many.
    """

    case: Case
    scenarios: Scenarios
    seed: int
    replays: int
    _kept: dict[str, Factors] = field(default_factory=dict)
    _caps: dict[tuple[str, date], Moments | None] = field(default_factory=dict)
    _bridges: dict[date, list[tuple[Scenario, Rows]]] = field(default_factory=dict)
    _rain: dict[date, tuple[tuple[Scenario, Rows], ...]] = field(default_factory=dict)
    _slow: dict[tuple[str, str, str], Factors] = field(default_factory=dict)

    def uniform(self, name: str) -> Factors:
        """Return numbers from 0 to 1, one for each replay, that hang on this name alone."""
        if name not in self._kept:
            self._kept[name] = self._stream(name).random(self.replays)
        return self._kept[name]

    def _stream(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    @cached_property
    def dates(self) -> list[date]:
        """The driving dates in order."""
        return sorted(self.case.weather)

    def rain(self, day: date) -> tuple[tuple[Scenario, Rows], ...]:
        """Return where each scenario of rain has rain on a date."""
        if day not in self._rain:
            self._rain[day] = tuple(
                (each, self.uniform(f"{each.name}/{day}") < each.chance) for each in self.scenarios.of("rain")
            )
        return self._rain[day]

    def breaks_before(self, vehicle: str, day: date, rounds: int) -> Moments:
        """Return before which round of a date the vehicle breaks down, from 0; `rounds` where it does not."""
        found = np.full(self.replays, rounds, dtype=np.int64)
        for each in self.scenarios.of("breakdown"):
            broken = self.uniform(f"{each.name}/{vehicle}/{day}") < each.chance
            turn = (self.uniform(f"{each.name}/{vehicle}/{day}/ronde") * rounds).astype(np.int64)
            found = np.where(broken, np.minimum(found, turn), found)
        return found

    def detour_s(self, day: date, start: str, end: str) -> Moments | None:
        """Return the seconds that a shut bridge adds to a drive; None where no bridge is between."""
        found: Moments | None = None
        for each, rows in self._shut(day):
            inside = self._inside(each, start) != self._inside(each, end)
            added = np.where(rows & inside, each.detour_s, 0).astype(np.int64)
            found = added if found is None else found + added
        return found if found is not None and found.any() else None

    def _shut(self, day: date) -> list[tuple[Scenario, Rows]]:
        if day in self._bridges:
            return self._bridges[day]
        found = self._bridges[day] = []
        for each in self.scenarios.of("bridge"):
            begins = (self.uniform(f"{each.name}/hari") * len(self.dates)).astype(np.int64)
            nth = self.dates.index(day)
            rows = (self.uniform(each.name) < each.chance) & (begins <= nth) & (nth < begins + each.days)
            if rows.any():
                found.append((each, rows))
        return found

    def _inside(self, scenario: Scenario, place: str) -> Rows | bool:
        """Tell where a place lies behind the bridge: in the named area, or in the kecamatan drawn by lot."""
        there = self.case.place[place]
        if there.kind == "gudang":
            return False
        if scenario.area:
            return there.code == scenario.area or there.code.startswith(scenario.area + ".")
        lot = (self.uniform(f"{scenario.name}/kecamatan") * len(self._kecamatan)).astype(np.int64)
        mine: Rows = lot == self._kecamatan.get(there.parent or there.id, -1)
        return mine

    @cached_property
    def _kecamatan(self) -> dict[str, int]:
        ppk = [place.id for place in self.case.problem.places if place.kind == "ppk"]
        return {name: number for number, name in enumerate(ppk)}

    def closes(self, place: str, day: date) -> Moments | None:
        """Return the moments after which a place receives nothing on a date; None where its hours hold."""
        if (place, day) not in self._caps:
            self._caps[place, day] = self._closes(place, day)
        return self._caps[place, day]

    def _closes(self, place: str, day: date) -> Moments | None:
        kind = self.case.place[place].kind
        if kind == "gudang":
            return None
        cuts = [(each, f"{each.name}/{day}") for each in self.scenarios.of("hours")]
        if kind == "ppk":
            cuts += [(each, f"{each.name}/{place}/{day}") for each in self.scenarios.of("ppk")]
        found: Moments | None = None
        for each, name in cuts:
            rows = self.uniform(name) < each.chance
            if rows.any():
                cap = np.where(rows, self._moment(day, each.closes_s), NEVER).astype(np.int64)
                found = cap if found is None else np.minimum(found, cap)
        return found

    def _moment(self, day: date, second_of_day: int) -> int:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.case.zone)
        return int((midnight + timedelta(seconds=second_of_day)).timestamp())

    @cached_property
    def more(self) -> tuple[tuple[int, Rows], ...]:
        """By how many percent there is more to carry, and in which replays."""
        return tuple(
            (each.more_percent, self.uniform(each.name) < each.chance) for each in self.scenarios.of("demand")
        )

    @cached_property
    def _noisy(self) -> Rows:
        found = np.zeros(self.replays, dtype=np.bool_)
        for each in self.scenarios.of("noise"):
            found |= self.uniform(each.name) < each.chance
        return found

    def slowness(self, trip: str, matrix: MatrixFile | None) -> Factors | None:
        """Return the factor between a trip's drives and the matrix; None = none differs.

        The band of the matrix holds nine of ten. A part of the error is shared by all trips of a replay,
        because one wrong guess of speeds is wrong everywhere.
        """
        if matrix is None or not self._noisy.any():
            return None
        key = trip, matrix.vehicle_class, matrix.weather
        if key not in self._slow:
            self._slow[key] = self._slowness(trip, matrix)
        return self._slow[key]

    def _slowness(self, trip: str, matrix: MatrixFile) -> Factors:
        share = self.scenarios.noise_shared_percent / 100
        z = math.sqrt(share) * self._normal("bersama") + math.sqrt(1 - share) * self._normal(trip)
        low = -math.log(1 - min(matrix.error_low_percent, 99) / 100) / QUANTILE_Z
        high = math.log(1 + matrix.error_high_percent / 100) / QUANTILE_Z
        return np.where(self._noisy, np.exp(np.where(z < 0, z * low, z * high)), 1.0)

    def _normal(self, name: str) -> Factors:
        key = f"tempuh/{name}"
        if key not in self._kept:
            self._kept[key] = self._stream(key).standard_normal(self.replays)
        return self._kept[key]


def quiet(case: Case, replays: int = 1) -> Draws:
    """Return replays in which nothing goes wrong."""
    return Draws(case, Scenarios(scenario=(), overtime_s=0), 0, replays)
