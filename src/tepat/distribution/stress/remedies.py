"""Remedies for the weakest PPS, found by trying: changed, checked, priced, replayed with the same fates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct

from tepat.distribution.case import Case
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.stress.draws import Draws
from tepat.distribution.stress.editing import Change, changed, changes
from tepat.distribution.stress.replay import Replayed, glance, replay
from tepat.distribution.stress.results import Chance, Outcome, chance, outcome

TRIPS_TRIED_MAX = 2
"""Trips of a PPS that are changed, the ones most often late first."""

FULL_REPLAYS_MAX = 2
"""Changes for one PPS that are replayed in full; the others were only looked at."""

STEPS_MAX = 60
"""Remedies carried out one after another to hold a promise, before the rest is said as not reached."""

type Tell = Callable[[str], None]


class Trial(Struct, frozen=True, kw_only=True):
    """One change that was tried.

    Args:
        before: The chance of the PPS in the plan as it was.
        after: With the change, under the same fates.
        rupiah: What it costs more, by the plan's own price list; negative = it saves.
    """

    kind: str
    says: str
    trip: str
    place: str
    before: Chance
    after: Chance
    rupiah: int


class Look(Struct, frozen=True, kw_only=True):
    """A quick look at one change: in how many replays it is in time before and after, if nobody steps in."""

    says: str
    before_times: int
    after_times: int
    rupiah: int


class Held(Struct, frozen=True, kw_only=True):
    """What a promise asks for.

    Args:
        percent: The promise for each PPS.
        steps: Remedies in the order in which they were taken.
        below_before: PPS below the promise in the plan.
        below_after: With all steps.
        beyond: PPS that nothing helps any more, each with all that was tried: the proof.
        untried: PPS left when the steps were used up.
        rupiah: What all steps cost together.
    """

    percent: int
    steps: tuple[Trial, ...]
    below_before: int
    below_after: int
    beyond: dict[str, tuple[Look, ...]]
    untried: tuple[str, ...]
    rupiah: int


@dataclass
class State:
    """A plan under test.

    Args:
        case: Its problem.
        plan: The plan.
        draws: The fates.
        replayed: What happened.
        result: Who was in time.
    """

    case: Case
    plan: Plan
    draws: Draws
    replayed: Replayed = field(init=False)
    result: Outcome = field(init=False)

    def __post_init__(self) -> None:
        self.replayed = replay(self.case, self.plan, self.draws)
        self.result = outcome(self.case, self.plan, self.replayed)

    def chance(self, place: str) -> Chance:
        """Return how often a PPS is in time."""
        return chance(self.result.times(place), self.draws.replays)

    def shortfall(self, percent: int) -> int:
        """Return how far all PPS together are below a promise, in hundredths of a replay."""
        return _shortfall(self.result, percent)

    def below(self, percent: int) -> list[str]:
        """Return the PPS below a promise, the weakest first."""
        weak = [(self.result.times(place), place) for place in self.result.on_time]
        return [place for times, place in sorted(weak) if 100 * times < percent * self.draws.replays]


def _shortfall(result: Outcome, percent: int) -> int:
    return sum(
        max(0, percent * len(rows) - 100 * int(np.count_nonzero(rows))) for rows in result.on_time.values()
    )


@dataclass(frozen=True)
class Found:
    """A trial that helps, with the plan it makes."""

    trial: Trial
    state: State


def tried(
    state: State, place: str, percent: int, tell: Tell | None = None
) -> tuple[list[Found], tuple[Look, ...]]:
    """Return what was tried for a PPS and allowed by the checker: what was worth all replays, and every look.

    Each change is looked at quickly; the cheapest that seems to reach the promise and the one that seems to
    help most are replayed in full.

    Args:
        state: The plan under test.
        place: The PPS.
        percent: The promise.
        tell: Hears what is replayed.
    """
    seen: dict[str, _Glimpse] = {}
    for trip in _guilty(state, place):
        for change in changes(state.case, state.plan, trip):
            plan = changed(state.plan, change) if change.says not in seen else None
            if plan is not None:
                seen[change.says] = _glimpse(state, change, plan, Aim(trip, place, percent))
    found = []
    for each in _promising(list(seen.values()), state, place, percent):
        if tell is not None:
            tell(f"Mencoba: {each.change.says}")
        after = State(each.change.case, each.plan, state.draws)
        found.append(Found(_trial(state, after, each.change, each.trip, place), after))
    now = state.plan.totals.cost_rupiah
    looks = [
        Look(
            says=each.change.says,
            before_times=each.before,
            after_times=each.after,
            rupiah=each.rupiah - now,
        )
        for each in seen.values()
    ]
    return found, tuple(looks)


@dataclass(frozen=True)
class Aim:
    """What a change is for: a trip of a PPS, and how often that one is to be in time."""

    trip: Trip
    place: str
    percent: int


@dataclass(frozen=True)
class _Glimpse:
    """A change seen quickly, when nobody steps in.

    Args:
        before: How often the PPS is in time without it.
        after: And with it.
        relief: By how much it lessens the shortfall of all PPS that it touches.
    """

    trip: Trip
    change: Change
    plan: Plan
    before: int
    after: int
    relief: int

    @property
    def rupiah(self) -> int:
        return self.plan.totals.cost_rupiah


def _glimpse(state: State, change: Change, plan: Plan, aim: Aim) -> _Glimpse:
    moved = {name for names in change.days.values() for name in names}
    places = {stop.place for trip in plan.trips if trip.id in moved for stop in trip.stops} | {aim.place}
    before, after = (
        outcome(case, each, glance(case, each, state.draws, state.replayed, change.days), places)
        for case, each in ((state.case, state.plan), (change.case, plan))
    )
    return _Glimpse(
        aim.trip,
        change,
        plan,
        before.times(aim.place),
        after.times(aim.place),
        _shortfall(before, aim.percent) - _shortfall(after, aim.percent),
    )


def _promising(seen: Sequence[_Glimpse], state: State, place: str, percent: int) -> list[_Glimpse]:
    """Return the few changes worth all replays: what may suffice, what helps, what comes nearest."""
    better = [each for each in seen if each.after > each.before and each.relief > 0]
    now, wanted = state.result.times(place), percent * state.draws.replays
    enough = [each for each in better if 100 * (now + each.after - each.before) >= wanted]
    chosen = sorted(enough, key=lambda each: (each.rupiah, -each.after))
    for rest in (better, seen):
        by_gain = sorted(rest, key=lambda each: (each.before - each.after, each.rupiah))
        chosen += [each for each in by_gain if each not in chosen]
    return chosen[:FULL_REPLAYS_MAX]


def _trial(before: State, after: State, change: Change, trip: Trip, place: str) -> Trial:
    return Trial(
        kind=change.kind,
        says=change.says,
        trip=trip.id,
        place=place,
        before=before.chance(place),
        after=after.chance(place),
        rupiah=after.plan.totals.cost_rupiah - before.plan.totals.cost_rupiah,
    )


def _guilty(state: State, place: str) -> list[Trip]:
    """Return the trips by which a PPS is late, over the PPK too, the worst first."""
    units = {unit for unit in state.replayed.script.last if state.case.unit[unit].place == place}
    late: list[tuple[int, str, Trip]] = []
    for trip in state.plan.trips:
        numbers = [number for number, stop in enumerate(trip.stops) if units.intersection(stop.units)]
        end = state.case.zone
        times = 0
        for number in numbers:
            done = state.replayed.done[trip.id, number]
            planned = trip.stops[number].done_at.astimezone(end)
            midnight = planned.replace(hour=23, minute=59, second=59)
            times += int(np.count_nonzero(done > midnight.timestamp()))
        if times:
            late.append((-times, trip.id, trip))
    if not late:
        own = [
            trip
            for trip in state.plan.trips
            if any(units.intersection(stop.units) for stop in trip.stops if stop.place == place)
        ]
        return own[-1:]
    return [trip for *_, trip in sorted(late, key=lambda each: each[:2])][:TRIPS_TRIED_MAX]


def cheapest(found: Sequence[Found], state: State, percent: int) -> Found | None:
    """Return the cheapest trial that reaches a promise; else the one that helps most; None if none helps.

    A trial that takes more from the other PPS than it gives is not taken, so that steps never go in a circle.
    """
    short = state.shortfall(percent)
    helping = [
        each
        for each in found
        if each.trial.after.times > each.trial.before.times and each.state.shortfall(percent) < short
    ]
    enough = [each for each in helping if 100 * each.trial.after.times >= percent * state.draws.replays]
    if enough:
        return min(enough, key=lambda each: (each.trial.rupiah, -each.trial.after.times, each.trial.says))
    return max(helping, key=lambda each: (each.trial.after.times, -each.trial.rupiah), default=None)


def hold(state: State, percent: int, tell: Tell | None = None) -> tuple[Held, State]:
    """Take remedies one after another until each PPS keeps a promise, or nothing that is tried helps.

    Args:
        state: The plan under test.
        percent: How often each PPS is to be in time.
        tell: Hears what is tried.

    Returns:
        What was done and what is beyond help, and the plan with all steps.
    """
    first, steps, beyond = state, list[Trial](), dict[str, tuple[Look, ...]]()
    while len(steps) < STEPS_MAX:
        weak = [place for place in state.below(percent) if place not in beyond]
        if not weak:
            break
        found, looks = tried(state, weak[0], percent, tell)
        best = cheapest(found, state, percent)
        if best is None:
            beyond[weak[0]] = looks
        else:
            steps.append(best.trial)
            state = best.state
    left = state.below(percent)
    return (
        Held(
            percent=percent,
            steps=tuple(steps),
            below_before=len(first.below(percent)),
            below_after=len(left),
            beyond={place: looks for place, looks in beyond.items() if place in left},
            untried=tuple(place for place in left if place not in beyond),
            rupiah=state.plan.totals.cost_rupiah - first.plan.totals.cost_rupiah,
        ),
        state,
    )
