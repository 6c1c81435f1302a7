"""One change tried for real: its neighbourhood planned anew, the rest as it stands, checked and priced.

Nothing is estimated. A try frees some vehicle-days of a plan, lets the engine plan them under a changed
problem, puts them beside the trips that stand, and asks the checker. What it finds is the cheapest that this
search found, not the cheapest there is; what it does not find is "not found", unless a rule proves it
impossible.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.distribution.case import DRIVE_M, Case, Matrices, open_case
from tepat.distribution.checker import check
from tepat.distribution.documents import sha256
from tepat.distribution.legs import build_legs
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Problem
from tepat.distribution.remaining import Rest, completed
from tepat.distribution.routing import Budget, Listener, RoutingEngine
from tepat.distribution.solving import effort, solve

FURTHER_DAYS = (0, 4)
"""Vehicle-days planned anew beside those that must change, the nearest first: a narrow try, then a wider one.

Wider leaves more room, narrower is searched more thoroughly in the same time; the cheaper of both counts.
"""

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
"""A moment at which nothing has left yet: a plan under question is still on paper."""

Outcome = Literal["ditemukan", "mustahil", "tidak-ditemukan"]

type Post = tuple[str, date]
"""A vehicle on a date."""


@dataclass(frozen=True)
class Search:
    """How a try is searched.

    Args:
        engine: Whoever routes.
        budget: For each try and each of its scopes.
        seed: With iterations and the engine's version it fixes the answer.
        progress: Hears of the search while it runs.
    """

    engine: RoutingEngine
    budget: Budget
    seed: int = 1
    progress: Listener | None = None

    def plan(self, problem: Problem, strategy: str, matrices: Matrices) -> Plan:
        """Return a plan of a problem.

        Raises:
            Refused: Those of `solve`.
            SearchStopped: The caller ended the engine's search.
        """
        return solve(
            problem,
            strategy,
            matrices,
            engine=self.engine,
            seed=self.seed,
            budget=self.budget,
            progress=self.progress,
        )

    @property
    def effort(self) -> str:
        """How long each try is searched, in words."""
        return effort(self.budget)


@dataclass(frozen=True)
class Trial:
    """One change to try.

    Args:
        kind: What is changed: ``tanggal``, ``kendaraan``, ``jalur``, ``gudang`` and so on.
        says: The change in the office's words.
        problem: The problem with it.
        scopes: Trips planned anew, a wider set after a narrower one, each of which is tried and the cheapest
            counts; an empty set: only what is left behind.
        wanted: Units left behind that it must serve; whatever the plan serves must stay served anyway.
    """

    kind: str
    says: str
    problem: Problem
    scopes: tuple[frozenset[str], ...]
    wanted: frozenset[str] = frozenset()


class Difference(Struct, frozen=True, kw_only=True):
    """By how much one line of the bill changes."""

    label: str
    rupiah: int


class Tried(Struct, frozen=True, kw_only=True):
    """What came of a try.

    Args:
        kind: As `Trial`.
        says: As `Trial`.
        outcome: ``mustahil`` is proved; ``tidak-ditemukan`` is not.
        code: The message code of what stood against it; empty where it was found.
        reason: The sentence of that code.
        rupiah: The bill less the plan's; None where nothing was found.
        lines: Which lines of the bill make the difference, the largest first.
        handovers: More hand-overs than in the plan.
        guard_nights: More guarded nights than in the plan.
        moved: Sets that another vehicle brings, or that come on another date.
        served: Of the wanted units those it serves; where nothing was found, the most that a search served.
        wanted: How many there are.
    """

    kind: str
    says: str
    outcome: Outcome
    code: str = ""
    reason: str = ""
    rupiah: int | None = None
    lines: tuple[Difference, ...] = ()
    handovers: int = 0
    guard_nights: int = 0
    moved: int = 0
    served: int = 0
    wanted: int = 0


@dataclass(frozen=True)
class _Obstacle:
    """What stands against a change: a message code and its sentence."""

    code: str
    reason: str


@dataclass(frozen=True)
class _Judged:
    """How many wanted units a plan with a change serves, and what is wrong with it; None where it will do."""

    served: int
    obstacle: _Obstacle | None = None


LOCKED = "REASON-LOCKED"


def attempt(case: Case, plan: Plan, trial: Trial, search: Search) -> Tried:
    """Return what a change costs, or why it was not found.

    Args:
        case: The plan's problem and strategy.
        plan: A plan that the checker does not call breached.
        trial: What to try.
        search: How.

    Raises:
        SearchStopped: The caller ended the engine's search.
    """
    return attempted(case, plan, trial, search)[0]


def attempted(case: Case, plan: Plan, trial: Trial, search: Search) -> tuple[Tried, Plan | None]:
    """Return what `attempt` does, and the plan that was found: an answer to the trial's problem."""
    # What is left behind mostly has a proof, and needs no search; what the plan serves mostly has none.
    proof = _proof(case.matrices, plan, trial) if trial.wanted else None
    if proof:
        return _none(trial, "mustahil", proof), None
    best, judged = _cheapest(case, plan, trial, search)
    if best is not None:
        return _found(plan, best, trial), best
    if not trial.wanted:
        proof = _proof(case.matrices, plan, trial)
    outcome: Outcome = "mustahil" if proof else "tidak-ditemukan"
    return _none(trial, outcome, proof or judged.obstacle, judged.served), None


def _cheapest(case: Case, plan: Plan, trial: Trial, search: Search) -> tuple[Plan | None, _Judged]:
    """Return the cheapest plan of all scopes; beside it the most that others served, and their obstacle."""
    best, served = None, 0
    obstacle = _Obstacle(LOCKED, say(LOCKED, {}).happened)
    for scope in trial.scopes:
        if any(lock.trip in scope for lock in case.problem.locks):
            continue
        try:
            found = _resolved(case, plan, trial, scope, search)
        except Refused as refused:
            obstacle = _Obstacle(refused.code, say(refused.code, refused.facts).happened)
            break
        judged = _judged(plan, found, trial, case.matrices)
        if judged.obstacle is not None:
            served, obstacle = max(served, judged.served), judged.obstacle
        elif best is None or found.totals.cost_rupiah < best.totals.cost_rupiah:
            best = found
    return best, _Judged(served, obstacle)


def _none(trial: Trial, outcome: Outcome, obstacle: _Obstacle | None, served: int = 0) -> Tried:
    assert obstacle is not None, "nothing was found, and nothing stands against it"
    return Tried(
        kind=trial.kind,
        says=trial.says,
        outcome=outcome,
        code=obstacle.code,
        reason=obstacle.reason,
        served=served,
        wanted=len(trial.wanted),
    )


def _found(plan: Plan, found: Plan, trial: Trial) -> Tried:
    old, new = plan.totals, found.totals
    before, after = bringers(plan), bringers(found)
    return Tried(
        kind=trial.kind,
        says=trial.says,
        outcome="ditemukan",
        rupiah=new.cost_rupiah - old.cost_rupiah,
        lines=_lines(plan, found),
        handovers=new.handovers - old.handovers,
        guard_nights=new.guard_nights - old.guard_nights,
        moved=sum(
            (trip.vehicle, trip.date) != (after[unit].vehicle, after[unit].date)
            for unit, trip in before.items()
            if unit in after
        ),
        served=len(trial.wanted),
        wanted=len(trial.wanted),
    )


def _lines(old: Plan, new: Plan) -> tuple[Difference, ...]:
    differences = {line.price: -line.amount_rupiah for line in old.costs}
    labels = {line.price: line.label for line in (*old.costs, *new.costs)}
    for line in new.costs:
        differences[line.price] = differences.get(line.price, 0) + line.amount_rupiah
    changed = [(price, rupiah) for price, rupiah in differences.items() if rupiah]
    return tuple(
        Difference(label=labels[price], rupiah=rupiah)
        for price, rupiah in sorted(changed, key=lambda each: -abs(each[1]))
    )


def bringers(plan: Plan) -> dict[str, Trip]:
    """Return the last trip of each unit."""
    ordered = sorted(plan.trips, key=attrgetter("load_at"))
    return {unit: trip for trip in ordered for stop in trip.stops for unit in stop.units}


def _resolved(case: Case, plan: Plan, trial: Trial, scope: frozenset[str], search: Search) -> Plan:
    """Return the plan with the change: the trips of the scope anew, the others as they are."""
    kept = tuple(trip for trip in plan.trips if trip.id not in scope)
    if not kept:
        return search.plan(trial.problem, plan.strategy, case.matrices)
    changed = open_case(trial.problem, plan.strategy, case.matrices)
    rest = Rest(changed, plan, BEFORE_ALL, (), kept)
    found = completed(rest, lambda left: search.plan(left, plan.strategy, case.matrices))
    return replace(found, problem_sha256=sha256(trial.problem), strategy=plan.strategy)


def _judged(plan: Plan, found: Plan, trial: Trial, matrices: Matrices) -> _Judged:
    """Return whether a plan serves all that was served and all that is wanted, and breaks no rule."""
    before = {each.unit for each in plan.unserved}
    left = {each.unit: _Obstacle(each.code, each.reason) for each in found.unserved}
    lost = sorted(unit for unit in left if unit in trial.wanted or unit not in before)
    if lost:
        unharmed = trial.wanted.issuperset(lost)
        served = len(trial.wanted - left.keys()) if unharmed else 0
        return _Judged(served, left[lost[0]])
    verdict = check(trial.problem, found, matrices)
    breaches = [finding for finding in verdict.findings if finding.severity == "breach"]
    if breaches:
        return _Judged(0, _Obstacle(breaches[0].code, breaches[0].message.happened))
    return _Judged(len(trial.wanted))


def _proof(matrices: Matrices, plan: Plan, trial: Trial) -> _Obstacle | None:
    """Return what proves a change useless, whatever is planned anew; None if nothing does.

    Which warehouse serves a place is the planner's choice, not a rule. Where several are open, only what is
    impossible from each of them alone counts as proved.
    """
    open_ones = open_case(trial.problem, plan.strategy, matrices).strategy.warehouses
    before = {each.unit for each in plan.unserved}
    found: list[dict[str, _Obstacle]] = []
    for warehouse in open_ones:
        alone = changed_strategy(trial.problem, plan.strategy, warehouses=(warehouse,))
        legs = build_legs(open_case(alone, plan.strategy, matrices))
        proofs = {
            unit: _Obstacle(proof.code, say(proof.code, proof.facts).happened)
            for unit, proof in legs.proofs.items()
            if unit in trial.wanted or unit not in before
        }
        whole = next((leg.proof for leg in legs.legs if leg.proof is not None), None)
        if not proofs and whole is not None and before <= trial.wanted and len(open_ones) == 1:
            return _Obstacle(whole.code, say(whole.code, whole.facts).happened)
        found.append(proofs)
    common = set(found[0]).intersection(*found[1:]) if found else set()
    return found[0][min(common)] if common else None


def scopes(
    case: Case, plan: Plan, must: Collection[str], places: Sequence[str]
) -> tuple[frozenset[str], ...]:
    """Return what may be planned anew: the trips that must change with what hangs on them, then more around.

    Args:
        case: The plan's problem and strategy.
        plan: The plan.
        must: Ids of trips that must change.
        places: Around which places the rest is chosen.
    """
    return tuple(dict.fromkeys(_freed(case, plan, must, places, further) for further in FURTHER_DAYS))


def _freed(
    case: Case, plan: Plan, must: Collection[str], places: Sequence[str], further: int
) -> frozenset[str]:
    locked = {lock.trip for lock in case.problem.locks}
    found = _hanging(case, plan, set(must))
    for post in nearest(case, plan, places):
        trips = {trip.id for trip in plan.trips if (trip.vehicle, trip.date) == post}
        more = _hanging(case, plan, trips)
        if further <= 0:
            break
        if not more <= found and not more & locked:
            found |= more
            further -= 1
    return frozenset(found)


def _hanging(case: Case, plan: Plan, trips: set[str]) -> set[str]:
    """Return trips with all else of their vehicle-days, and the later trips of what they bring to a PPK."""
    locked = {lock.trip for lock in case.problem.locks}
    found: set[str] = set()
    while trips != found:
        found = set(trips)
        chosen = [trip for trip in plan.trips if trip.id in found]
        posts = {(trip.vehicle, trip.date) for trip in chosen}
        onward = {
            unit
            for trip in chosen
            for stop in trip.stops
            for unit in stop.units
            if case.unit[unit].place != stop.place
        }
        for trip in plan.trips:
            beside = (trip.vehicle, trip.date) in posts and trip.id not in locked
            if beside or (onward and onward.intersection(trip.load_order or _units(trip))):
                trips.add(trip.id)
    return found


def _units(trip: Trip) -> list[str]:
    return [unit for stop in trip.stops for unit in stop.units]


def nearest(case: Case, plan: Plan, places: Sequence[str]) -> list[Post]:
    """Return the vehicle-days of a plan by the metres from their nearest stop to these places."""
    if not places or not case.matrices:
        return []
    metres = next(iter(case.matrices.values()))[DRIVE_M].astype(float)
    metres[metres < 0] = np.inf
    mine = [case.row[place] for place in places]
    stops: dict[Post, list[int]] = {}
    for trip in plan.trips:
        rows = [case.row[stop.place] for stop in trip.stops]
        stops.setdefault((trip.vehicle, trip.date), []).extend(rows)
    far = {post: float(metres[np.ix_(mine, rows)].min()) for post, rows in stops.items() if rows}
    return sorted(far, key=lambda post: (far[post], post))


def changed_strategy(problem: Problem, name: str, **changes: object) -> Problem:
    """Return a problem in which one strategy has other terms."""
    strategies = tuple(replace(each, **changes) if each.name == name else each for each in problem.strategies)
    return replace(problem, strategies=strategies)
