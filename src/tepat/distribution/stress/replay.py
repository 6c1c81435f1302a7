"""Carrying a plan out again and again: its own clock, with what each replay brings.

People cope in a fixed way, the same in each replay (docs/decisions/0014-stress.md): nothing is loaded before
its planned hour; a round waits for all its goods; a stop that cannot be served today, and a round whose
vehicle broke down, are driven by the vehicle of the same kind that is free first, today or on a later date.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tepat.distribution.case import DRIVE_S, Case
from tepat.distribution.plans import Plan
from tepat.distribution.stress.axis import NEVER, Axis, Moments, Rows
from tepat.distribution.stress.docking import Docks
from tepat.distribution.stress.draws import Draws
from tepat.distribution.stress.fleet import Fleet
from tepat.distribution.stress.jobs import Halt, Key, Round, Script, script_of
from tepat.distribution.working_time import Span

if TYPE_CHECKING:
    from tepat.distribution.problems import MatrixFile

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Left:
    """A round, or one stop of it, that was not served.

    Args:
        round_: The round with the stops in question.
        rows: In which replays.
        since: From when on it is known, so that nobody steps in before.
    """

    round_: Round
    rows: Numbers
    since: Moments


@dataclass
class Timing:
    """When a round happened, in the replays asked for.

    Args:
        done: The end of unloading at each stop; NEVER where it was not served.
        back: When the vehicle was home again.
        went: Where it was loaded at all.
    """

    load: Moments
    depart: Moments
    arrive: list[Moments]
    unload: list[Moments]
    done: list[Moments]
    back: Moments
    went: Rows


@dataclass
class Replayed:
    """All replays of a plan.

    Args:
        script: What was carried out.
        done: By stop, the end of unloading in each replay, however late; NEVER where it did not come.
        timings: By planned round, its times on its planned date.
    """

    script: Script
    done: dict[Key, Moments]
    timings: dict[str, Timing] = field(default_factory=dict)

    def at_place(self, unit: str) -> Moments:
        """Return when a unit lay at its own place."""
        keys = self.script.last[unit]
        found = self.done[keys[0]]
        for key in keys[1:]:
            found = np.maximum(found, self.done[key])
        return found


def replay(case: Case, plan: Plan, draws: Draws) -> Replayed:
    """Return what happens to a plan in each replay.

    Args:
        case: The problem under the plan's strategy.
        plan: An accepted plan of it.
        draws: The fates of the replays.
    """
    return _Replay(case, plan, draws).run()


def glance(
    case: Case, plan: Plan, draws: Draws, known: Replayed, days: Collection[tuple[str, date]]
) -> Replayed:
    """Return a quick look at some vehicles and dates of a changed plan, and at what waits for their goods.

    Nobody steps in for what is left behind, so it says whether a change may help, not how much.

    Args:
        case: The problem under the plan's strategy.
        plan: The changed plan.
        draws: The fates of the replays.
        known: The replays of the plan before.
        days: The vehicles and dates to look at.
    """
    return _Replay(case, plan, draws).glance(known, days)


class _Replay:
    def __init__(self, case: Case, plan: Plan, draws: Draws) -> None:
        self.case, self.draws = case, draws
        self.script = script_of(case, plan, [percent for percent, _ in draws.more])
        self.all = np.arange(draws.replays)
        self.axes: dict[tuple[str, date], Axis] = {}
        self.hours: dict[tuple[str, str, date], tuple[Span, ...]] = {}
        self.bands: dict[tuple[str, str], MatrixFile] = {
            (each.vehicle_class, each.weather): each for each in case.problem.matrices
        }
        self.fleet = Fleet(case, plan, draws, self.axis)
        self.docks = Docks(case, draws.replays)
        self.found = Replayed(self.script, {})
        for round_ in self.script.rounds:
            for halt in round_.halts:
                self.found.done[halt.key] = np.full(draws.replays, NEVER, dtype=np.int64)

    def run(self) -> Replayed:
        by_date: dict[date, list[Round]] = defaultdict(list)
        for round_ in self.script.rounds:
            by_date[round_.date].append(round_)
        left: list[Left] = []
        for day in self.draws.dates:
            left = [replace(each, since=np.zeros_like(each.since)) for each in left]
            left += [each for round_ in by_date[day] for each in self._planned(round_)]
            left = [still for each in _merged(left) for still in self._elsewhere(each, day)]
        return self.found

    def glance(self, known: Replayed, days: Collection[tuple[str, date]]) -> Replayed:
        """Drive only the rounds of some vehicles and dates, and those that wait for them."""
        self.found.done |= known.done
        seen, moved = set(days), set[Key]()
        for round_ in self.script.rounds:
            if (round_.vehicle, round_.date) not in seen and not round_.needs & moved:
                continue
            seen.add((round_.vehicle, round_.date))
            for halt in round_.halts:
                moved.add(halt.key)
                self.found.done[halt.key] = np.full(self.draws.replays, NEVER, dtype=np.int64)
            self._planned(round_)
        return self.found

    def _planned(self, round_: Round) -> list[Left]:
        """Drive a round with its own vehicle; return what was left, and in which replays."""
        rows = self.all
        if round_.more:
            wanted = [some for percent, some in self.draws.more if percent == round_.more]
            active = np.logical_or.reduce(wanted)
            for halt in round_.halts:
                self.found.done[halt.key][~active] = 0
            rows = self.all[active]
        free = self.fleet.free_at(round_.vehicle, round_.date)
        broken = self.fleet.broken(round_)[rows]
        gone, rows = rows[broken], rows[~broken]
        timing = self._drive(round_, round_.vehicle, round_.date, rows, free[rows])
        if not round_.more:
            self.found.timings[round_.name] = timing
        free[rows] = timing.back
        left = self._left(round_, rows, timing)
        return [*left, Left(round_, gone, np.maximum(free[gone], round_.load))] if len(gone) else left

    def _left(self, round_: Round, rows: Numbers, timing: Timing) -> list[Left]:
        """Keep what was served; return the rest: whole rounds that did not go, single stops that closed."""
        for halt, done in zip(round_.halts, timing.done, strict=True):
            self.found.done[halt.key][rows] = done
        stayed = ~timing.went
        left = [Left(round_, rows[stayed], timing.load[stayed])] if stayed.any() else []
        for halt, done in zip(round_.halts, timing.done, strict=True):
            missed = timing.went & (done == NEVER)
            if missed.any():
                left.append(Left(replace(round_, halts=(halt,)), rows[missed], timing.back[missed]))
        return left

    def _elsewhere(self, left: Left, day: date) -> list[Left]:
        """Drive what was left on a date with the vehicles that are free first; return what is left then."""
        round_ = left.round_
        again = replace(round_, load=round_.load if day == round_.date else 0, depart=0)
        again = replace(again, halts=tuple(replace(halt, arrive=0, unload=0) for halt in again.halts))
        still: list[Left] = []
        rest = np.ones(len(left.rows), dtype=np.bool_)
        for choice in self.fleet.first_free(round_, left.rows, day):
            mine = np.searchsorted(left.rows, choice.rows)
            start = np.maximum(choice.free, left.since[mine])
            timing = self._drive(again, choice.like, day, choice.rows, start)
            self.fleet.keep(choice, day, np.where(timing.went, timing.back, choice.free))
            still += self._left(again, choice.rows, timing)
            rest[mine] = False
        return [*still, Left(round_, left.rows[rest], left.since[rest])] if rest.any() else still

    def _drive(self, round_: Round, vehicle: str, day: date, rows: Numbers, free: Moments) -> Timing:
        """Put one round on the clock in some replays."""
        axis, kind = self.axis(vehicle, day), self.case.type_of(vehicle)
        ready = np.maximum(free, max(round_.load, round_.ready))
        for key in round_.needs:
            ready = np.maximum(ready, self.found.done[key][rows])
        loading = kind.load_fixed_s + self._boxes(round_.boxes, rows) * kind.load_s_per_box
        load, depart, went = self._handle(round_.origin, (vehicle, day), ready, loading)
        load, depart, went = self.docks.wait(round_.origin, rows, (load, depart, went))
        timing = Timing(load, depart, [], [], [], depart, went)
        drives = _Drives(self, round_, vehicle, day, rows)
        at, here = depart, round_.origin
        for halt in round_.halts:
            drive, passable = drives.seconds(here, halt.place)
            arrive = axis.advance(at, drive)
            stop_s = self.case.place[halt.place].stop_s
            unloading = stop_s + self._boxes(halt.boxes, rows) * kind.unload_s_per_box
            asked = np.maximum(arrive, self._waits(axis, halt, (vehicle, day), unloading))
            cap = self.draws.closes(halt.place, day)
            at_stop = self._handle(
                halt.place, (vehicle, day), asked, unloading, None if cap is None else cap[rows]
            )
            unload, at, good = self.docks.wait(halt.place, rows, at_stop)
            timing.arrive.append(arrive)
            timing.unload.append(unload)
            timing.done.append(np.where(good & passable & went, at, NEVER))
            here = halt.place
        home, _ = drives.seconds(here, round_.origin)
        timing.back = np.where(went, axis.advance(at, home), free)
        return timing

    def _waits(self, axis: Axis, halt: Halt, where: tuple[str, date], unloading: Numbers) -> int:
        """Return the planned hour of unloading where the plan waits for it on purpose, else 0."""
        if not halt.unload or len(unloading) == 0:
            return 0
        planned_s = self._planned_unloading(halt, where[0])
        arrive = np.array([halt.arrive], dtype=np.int64)
        begin, _, good = self._handle(halt.place, where, arrive, np.array([planned_s], dtype=np.int64))
        at_once = axis.advance(begin, np.array([1])) == axis.advance(np.array([halt.unload]), np.array([1]))
        return 0 if bool(good[0] & at_once[0]) else halt.unload

    def _planned_unloading(self, halt: Halt, vehicle: str) -> int:
        kind = self.case.type_of(vehicle)
        return self.case.place[halt.place].stop_s + halt.boxes * kind.unload_s_per_box

    def _handle(
        self,
        place: str,
        where: tuple[str, date],
        at: Moments,
        duration_s: Numbers,
        cap: Moments | None = None,
    ) -> tuple[Moments, Moments, Rows]:
        axis = self.axis(*where)
        return axis.handle(self._spans(place, where, axis), at, duration_s, cap)

    def _spans(self, place: str, where: tuple[str, date], axis: Axis) -> tuple[Span, ...]:
        """Return the hours of a place near a vehicle's date, bridged over its breaks."""
        vehicle, day = where
        key = self.case.place[place].hours, self.case.vehicle[vehicle].hours, day
        if key not in self.hours:
            near = [
                span
                for span in self.case.opening[key[0]]
                if span[1] > axis.shift.opens and span[0] < axis.limit
            ]
            self.hours[key] = axis.shift.receiving(tuple(near))
        return self.hours[key]

    def _boxes(self, boxes: int, rows: Numbers) -> Numbers:
        """Return the boxes to handle in each replay."""
        found = np.full(len(rows), boxes, dtype=np.int64)
        for percent, some in self.draws.more:
            found = np.maximum(found, np.where(some[rows], -(-boxes * (100 + percent) // 100), boxes))
        return found

    def axis(self, vehicle: str, day: date) -> Axis:
        """Return the working hours of a vehicle on a date."""
        key = self.case.vehicle[vehicle].hours, day
        if key not in self.axes:
            shift = self.case.shift(self.case.vehicle[vehicle], day)
            assert shift is not None, f"{vehicle} has no hours on {day}"
            self.axes[key] = Axis(shift, self.draws.scenarios.overtime_s)
        return self.axes[key]


class _Drives:
    """The drives of one round on a date, in some replays."""

    def __init__(self, run: _Replay, round_: Round, vehicle: str, day: date, rows: Numbers) -> None:
        self.case, self.draws, self.day, self.rows = run.case, run.draws, day, rows
        kind = self.case.type_of(vehicle)
        weather = self.case.weather[day]
        self.dry = self.case.matrix(kind.vehicle_class, day)[DRIVE_S]
        wet = self.case.matrices.get((kind.vehicle_class, "hujan")) if weather == "kering" else None
        self.wet = None if wet is None else wet[DRIVE_S]
        slow = self.draws.slowness(
            round_.name.partition("+")[0], run.bands.get((kind.vehicle_class, weather))
        )
        self.slow = None if slow is None else slow[rows]
        self.rain = [(each, some[rows]) for each, some in self.draws.rain(day)] if weather == "kering" else []

    def seconds(self, start: str, end: str) -> tuple[Numbers, Rows]:
        """Return the seconds of a drive, and where there is a road at all."""
        here, there = self.case.row[start], self.case.row[end]
        base = int(self.dry[here, there])
        found = np.full(len(self.rows), base, dtype=np.int64)
        passable = np.ones(len(self.rows), dtype=np.bool_)
        for each, rainy in self.rain:
            wet = int(self.wet[here, there]) if self.wet is not None else _slower(base, each.slower_percent)
            passable &= ~rainy if wet < 0 else True
            found = np.maximum(found, np.where(rainy, wet, base))
        if self.slow is not None:
            found = np.ceil(found * self.slow).astype(np.int64)
        detour = self.draws.detour_s(self.day, start, end)
        return (found if detour is None else found + detour[self.rows]), passable


def _slower(seconds: int, percent: int) -> int:
    return -(-seconds * (100 + percent) // 100)


def _merged(left: Sequence[Left]) -> list[Left]:
    """Return what was left with the replays of the same stops put together, in the same order."""
    found: dict[tuple[str, tuple[Key, ...]], list[Left]] = defaultdict(list)
    for each in left:
        found[each.round_.name, tuple(halt.key for halt in each.round_.halts)].append(each)
    merged = []
    for alike in found.values():
        rows = np.concatenate([each.rows for each in alike])
        order = np.argsort(rows)
        since = np.concatenate([each.since for each in alike])
        merged.append(Left(alike[0].round_, rows[order], since[order]))
    return merged
