"""`problem.json → plan.json`: proofs, an engine for the routes, then dates, clocks, people, the bill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.distribution.assembly import Timetable, Timetabler, documents, hand_over
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.costing import Ledger
from tepat.distribution.docks import DockBook, overflowing
from tepat.distribution.documents import sha256
from tepat.distribution.duties import Bounds, Drop, Duty, date_routes, first_departures, last_arrivals
from tepat.distribution.feasibility import Proof
from tepat.distribution.legs import build_legs
from tepat.distribution.parts import Leg
from tepat.distribution.plans import PLAN_VERSION, Delivery, Plan, Solver, Unserved
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Answer, Budget, Listener, RoutingEngine
from tepat.distribution.working_time import second

ASSEMBLY_S = 1.5
"""Seconds of a time budget kept for everything but the search."""

ASSEMBLY_SHARE = 0.25
"""The most of a short time budget kept so."""


@dataclass
class _Draft:
    """Duties of both legs on their way to a plan."""

    case: Case
    first: list[Duty] = field(default_factory=list)
    second: list[Duty] = field(default_factory=list)
    left: dict[str, Proof] = field(default_factory=dict)


def solve(  # noqa: PLR0913 - three documents in, and four terms of the search, all by name
    problem: Problem,
    strategy: str,
    matrices: Matrices,
    *,
    engine: RoutingEngine,
    seed: int = 0,
    budget: Budget,
    progress: Listener | None = None,
) -> Plan:
    """Return a plan; what it leaves behind stands in `unserved`, each unit proved impossible or "not found".

    Args:
        problem: The problem.
        strategy: The name of one of its strategies.
        matrices: Travel by vehicle class and weather, shape (2, N, N) in the order of the places.
        engine: Whoever routes the parts.
        seed: With iterations and the engine's version it fixes the plan, byte for byte.
        budget: Iterations for each part, or seconds for the whole of this call.
        progress: Hears of the search while it runs.

    Raises:
        Refused: SOLVE-NO-STRATEGY, SOLVE-NO-MATRIX, SOLVE-LOCKS (locked trips need the plan they
            stand in: `replanning`).
        SearchStopped: The caller ended the engine's search.
    """
    if problem.locks:
        raise Refused("SOLVE-LOCKS", locks=len(problem.locks))
    case = open_case(problem, strategy, matrices)
    legs = build_legs(case)
    answers = engine.route(
        [leg.part for leg in legs.legs], seed=seed, budget=_search_budget(budget), progress=progress
    )
    draft = _dated(case, legs.legs, answers, budget)
    draft.left.update(legs.proofs)
    firsts, seconds, deliveries = _assembled(draft)
    trips = documents(case, [*firsts.trips, *seconds.trips])
    unserved = _unserved(case, draft.left)
    ledger = Ledger(case, trips, deliveries)
    costs = ledger.lines()
    return Plan(
        schema="tepat/plan",
        schema_version=PLAN_VERSION,
        problem_id=problem.id,
        problem_sha256=sha256(problem),
        strategy=strategy,
        solver=Solver(
            name=engine.name,
            version=engine.version,
            seed=seed,
            iterations=budget.iterations,
            seconds=None if budget.seconds is None else round(budget.seconds),
        ),
        trips=trips,
        deliveries=deliveries,
        unserved=unserved,
        costs=costs,
        totals=ledger.totals(sum(line.amount_rupiah for line in costs), len(unserved)),
    )


def _search_budget(budget: Budget) -> Budget:
    """Return the engine's share of a budget."""
    if budget.seconds is None:
        return budget
    kept_s = min(ASSEMBLY_S, ASSEMBLY_SHARE * budget.seconds)
    return Budget(iterations=budget.iterations, seconds=budget.seconds - kept_s)


def _dated(case: Case, legs: Sequence[Leg], answers: Sequence[Answer], budget: Budget) -> _Draft:
    """Return the duties: the second leg late, the first before it, then the second again after it."""
    draft = _Draft(case)
    for leg, answer in zip(legs, answers, strict=True):
        draft.left.update(dict.fromkeys(answer.left, _not_found(leg, answer, budget)))
    pairs = list(zip(legs, answers, strict=True))
    draft.second = [
        duty for leg, answer in pairs if leg.second for duty in date_routes(case, leg, answer.routes)
    ]
    before = Bounds(before=first_departures(draft.second))
    draft.first = [
        duty
        for leg, answer in pairs
        if not leg.second
        for duty in date_routes(case, leg, answer.routes, before)
    ]
    after = Bounds(after=last_arrivals(draft.first))
    draft.second = [
        duty for leg, answer in pairs if leg.second for duty in date_routes(case, leg, answer.routes, after)
    ]
    return draft


def _not_found(leg: Leg, answer: Answer, budget: Budget) -> Proof:
    """Return why the engine left a unit behind: a proof if there is one, else only "not found"."""
    if leg.proof is not None:
        return leg.proof
    if answer.outcome == "stopped":
        return Proof("SOLVE-UNIT-STOPPED", {"part": leg.part.name, "reason": answer.message})
    return Proof("SOLVE-UNIT-NOT-FOUND", {"part": leg.part.name, "effort": effort(budget)})


def effort(budget: Budget) -> str:
    """Return a budget in words."""
    return f"{budget.iterations} putaran" if budget.seconds is None else f"{budget.seconds:g} detik"


def _assembled(draft: _Draft) -> tuple[Timetable, Timetable, tuple[Delivery, ...]]:
    """Return both legs on the clock and the deliveries; what fits nowhere is left behind on both."""
    case = draft.case
    ready = {unit.id: second(unit.ready_at) for unit in case.problem.units if unit.ready_at is not None}
    for _ in range(1 + len(case.problem.units)):
        docks = DockBook(case)
        firsts = Timetabler(case, ready, _due(draft.first), docks).run(_kept(draft.first, draft.left))
        arrived = firsts.arrivals()
        seconds = Timetabler(case, ready | arrived, _due(draft.second), docks).run(
            _kept(draft.second, draft.left)
        )
        at_last = {unit: at for unit, at in arrived.items() if case.path(case.unit[unit]) == "langsung"}
        deliveries, late = hand_over(case, at_last | seconds.arrivals())
        lost = {*firsts.failed, *seconds.failed, *late}
        full = set(overflowing(case, [*firsts.trips, *seconds.trips], deliveries))
        if not lost and not full:
            return firsts, seconds, deliveries
        draft.left.update({unit: Proof("SOLVE-UNIT-STORE", {"unit": unit}) for unit in sorted(full)})
        draft.left.update({unit: Proof("SOLVE-UNIT-NO-SLOT", {"unit": unit}) for unit in sorted(lost)})
    raise AssertionError("leaving units behind never ended")


def _kept(duties: Sequence[Duty], left: Mapping[str, Proof]) -> list[Duty]:
    """Return the duties without the units left behind."""
    kept = []
    for duty in duties:
        rounds = [
            tuple(
                Drop(drop.place, units)
                for drop in round_
                if (units := tuple(unit for unit in drop.units if unit not in left))
            )
            for round_ in duty.rounds
        ]
        kept.append(Duty(duty.leg, duty.group, duty.day, [round_ for round_ in rounds if round_]))
    return kept


def _due(duties: Sequence[Duty]) -> dict[str, int]:
    """Return the second by which each unit must be unloaded, where one is given."""
    return {
        cargo.unit: errand.due
        for leg in _legs_of(duties)
        for errand, lot in zip(leg.errands, leg.part.lots, strict=True)
        if errand.due is not None
        for cargo in lot.cargo
    }


def _legs_of(duties: Sequence[Duty]) -> list[Leg]:
    return list({id(duty.leg): duty.leg for duty in duties}.values())


def _unserved(case: Case, left: Mapping[str, Proof]) -> tuple[Unserved, ...]:
    """Return the units left behind, in the problem's order, each with its code and its sentence."""
    return tuple(
        Unserved(
            unit=unit.id,
            code=left[unit.id].code,
            reason=say(left[unit.id].code, left[unit.id].facts).happened,
        )
        for unit in case.problem.units
        if unit.id in left
    )
