"""The comparison: sets in the order of their floors, each routed unless its floor is above the best."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.common.quantities import grouped, rupiah
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.checker import check
from tepat.distribution.legs import build_legs
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem, Strategy
from tepat.distribution.routing import Answer, Budget, Listener, RoutingEngine
from tepat.distribution.solving import solve
from tepat.distribution.warehouses.joining import Joined, boxes_by_owner, join, near_only
from tepat.distribution.warehouses.pruning import Shares, all_drops, floor_rupiah
from tepat.distribution.warehouses.report import Aside, SetResult, State
from tepat.distribution.warehouses.results import routed
from tepat.distribution.warehouses.room import floor_m2, room_ml
from tepat.distribution.warehouses.serving import chosen_origins, fitting_origins, held_ml, nearest_origins
from tepat.distribution.warehouses.sets import (
    Members,
    problem_of_set,
    set_name,
    set_title,
    sets_of,
    warehouse_rupiah,
)
from tepat.distribution.warehouses.sound import asides_of, require_prices, unreached
from tepat.distribution.warehouses.warmth import OldDay, WarmEngine, old_days, warm_routes

ROUTED_ANYWAY = 6
"""Sets routed whatever their floor, so that three candidates are all seen side by side."""

JOINT_SHARE = 0.5
"""The part of a pair's search in which places still choose their warehouse."""

Tell = Callable[[str], None]
"""Hears of each set that is begun, in words."""

Found = tuple[Problem, Plan]


@dataclass(frozen=True)
class Terms:
    """How sets are compared.

    Args:
        template: The strategy whose path, vehicles and dates every set uses.
        members_max: Warehouses of a set at most.
        budget: The search of each set.
        seed: Of the searches.
        routed_anyway: Sets that are routed whatever their floor; 0 = only those that could win.
    """

    template: Strategy
    budget: Budget
    members_max: int = 2
    seed: int = 1
    routed_anyway: int = ROUTED_ANYWAY


@dataclass
class Comparison:
    """A comparison on its way, and what it found.

    Args:
        problem: The problem of all candidates.
        matrices: Travel by vehicle class and weather.
        terms: How it is made.
        engine: Whoever routes.
        shares: By warehouse what is proved of it; empty = nothing is skipped.
        tell: Hears of each set that is begun.
        progress: Hears of each search.
    """

    problem: Problem
    matrices: Matrices
    terms: Terms
    engine: RoutingEngine
    shares: Mapping[str, Shares] = field(default_factory=dict)
    tell: Tell | None = None
    progress: Listener | None = None
    asides: tuple[Aside, ...] = ()
    found: dict[Members, Found] = field(default_factory=dict)
    results: dict[Members, SetResult] = field(default_factory=dict)
    days: dict[str, tuple[OldDay, ...]] = field(default_factory=dict)

    def run(self) -> None:
        """Route or skip every set.

        Raises:
            Refused: WAREHOUSES-NONE, WAREHOUSES-MANY, WAREHOUSES-SETS, WAREHOUSES-PRICE-ZERO,
                WAREHOUSES-NONE-LEFT.
            SearchStopped: The caller ended the search.
        """
        require_prices(self.problem, self.terms.template)
        self.asides = tuple(asides_of(self.problem, self.terms.template, self.matrices))
        aside = {each.warehouse for each in self.asides}
        names = [
            place.id for place in self.problem.places if place.kind == "gudang" and place.id not in aside
        ]
        if not names:
            first = self.asides[0]
            raise Refused("WAREHOUSES-NONE-LEFT", count=len(self.asides), first=first.reason)
        for number, (floor, members) in enumerate(self._ordered(names)):
            self.results[members] = self._result(members, floor, anyway=number < self.terms.routed_anyway)

    @property
    def best_rupiah(self) -> int | None:
        """The cheapest bill so far."""
        bills = [each.cost_rupiah for each in self.results.values() if each.state == "dihitung"]
        return min((bill for bill in bills if bill is not None), default=None)

    def _ordered(self, names: Sequence[str]) -> list[tuple[int | None, Members]]:
        """Return the sets with their floors, the lowest first; without floors, as they come."""
        rents = {each: warehouse_rupiah(self.problem, (each,)) for each in names}
        drops = all_drops({each: self.shares[each] for each in names}) if self.shares else ()
        found: list[tuple[int | None, Members]] = []
        for members in sets_of(names, self.terms.members_max):
            floor = floor_rupiah(members, rents, self.shares, drops) if self.shares else None
            found.append((floor, members))
        return sorted(found, key=lambda each: (each[0] is None, each[0] or 0, len(each[1])))

    def _result(self, members: Members, floor: int | None, *, anyway: bool) -> SetResult:
        begun = time.monotonic()
        case = self._case(members, None)
        blocked = self._blocked(case, members)
        if blocked is not None:
            return self._unrouted(members, floor, *blocked)
        best = self.best_rupiah
        if best is not None and floor is not None and floor >= best and not anyway:
            facts = {"floor": rupiah(floor), "best": rupiah(best)}
            return self._unrouted(members, floor, "dilewati", "WAREHOUSES-SKIPPED", facts)
        if self.tell is not None:
            self.tell(set_title(self.problem, members))
        try:
            problem, plan = self._route(case, members)
        except Refused as error:
            return self._unrouted(members, floor, "gagal", error.code, error.facts)
        self.found[members] = problem, plan
        own = self._unrouted(members, floor, "dihitung")
        seconds = round(time.monotonic() - begun, 1)
        return routed(own, open_case(problem, plan.strategy, self.matrices), plan, seconds)

    def _unrouted(
        self,
        members: Members,
        floor: int | None,
        state: State,
        code: str = "",
        facts: Mapping[str, object] | None = None,
    ) -> SetResult:
        return SetResult(
            name=set_name(self.problem, members),
            members=members,
            state=state,
            floor_rupiah=floor,
            warehouse_rupiah=warehouse_rupiah(self.problem, members),
            reason=say(code, facts or {}).happened if code else "",
            code=code,
        )

    def _case(self, members: Members, origins: Mapping[str, str] | None) -> Case:
        problem = problem_of_set(self.problem, self.terms.template, members, origins)
        return open_case(problem, problem.strategies[0].name, self.matrices)

    def _blocked(self, case: Case, members: Members) -> tuple[State, str, dict[str, object]] | None:
        """Return why a set need not be routed at all: out of reach, or too small."""
        lost, every = unreached(case)
        if lost:
            first = case.place[lost[0]].name
            facts: dict[str, object] = {"lost": grouped(len(lost)), "places": grouped(every), "first": first}
            return "tidak-terjangkau", "WAREHOUSES-UNREACHED", facts
        if fitting_origins(case, nearest_origins(case)) is None:
            return "tidak-muat", "WAREHOUSES-TOO-SMALL", self._size_facts(case, members)
        return None

    def _size_facts(self, case: Case, members: Members) -> dict[str, object]:
        volume_ml = sum(held_ml(case, nearest_origins(case)).values())
        rooms = [room_ml(case.place[each]) or 0 for each in members]
        first = case.place[members[0]]
        return {
            "needs": grouped(floor_m2(volume_ml, first)),
            "has": grouped(sum(floor_m2(room, first) for room in rooms)),
            "volume": grouped(-(-volume_ml // 1_000_000)),
        }

    def _route(self, case: Case, members: Members) -> Found:
        """Return a set's problem and its checked plan.

        Raises:
            Refused: SOLVE-NOT-ACCEPTED.
        """
        days: tuple[OldDay, ...] = ()
        budget = self.terms.budget
        if len(members) > 1:
            origins, days = self._joint(case, members)
            case = self._case(members, origins)
            budget = _share(budget, 1 - JOINT_SHARE)
        plan = solve(
            case.problem,
            case.strategy.name,
            self.matrices,
            engine=WarmEngine(self.engine, days),
            seed=self.terms.seed,
            budget=budget,
            progress=self.progress,
        )
        verdict = check(case.problem, plan, self.matrices)
        if verdict.status == "breached":
            breaches = [each for each in verdict.findings if each.severity == "breach"]
            raise Refused("SOLVE-NOT-ACCEPTED", breaches=len(breaches), first=breaches[0].code)
        if len(members) == 1:
            self.days[members[0]] = old_days(case, plan)
        return case.problem, plan

    def _days_before(self, members: Members) -> tuple[OldDay, ...]:
        """Return what the cheapest of a set's warehouses drove alone; the set can always do that."""
        alone = [
            (result.cost_rupiah or 0, each)
            for each in members
            if (result := self.results.get((each,))) is not None and result.state == "dihitung"
        ]
        return self.days.get(min(alone)[1], ()) if alone else ()

    def _joint(self, case: Case, members: Members) -> tuple[dict[str, str], tuple[OldDay, ...]]:
        """Return the warehouse of each place as the search chose it, and the days it drove."""
        joined = join({each: build_legs(self._case((each,), None)).legs for each in members})
        days = self._days_before(members)
        origin = days[0].origin if days else ""
        groups = [at for at, owner in enumerate(joined.owners) if owner == origin]
        start = warm_routes(joined.part, days, groups)
        part = replace(joined.part, start=start) if start else near_only(joined, case).part
        budget = _share(self.terms.budget, JOINT_SHARE)
        (answer,) = self.engine.route([part], seed=self.terms.seed, budget=budget, progress=self.progress)
        origins = chosen_origins(case, boxes_by_owner(joined, answer))
        fitted = fitting_origins(case, origins) or fitting_origins(case, nearest_origins(case))
        assert fitted is not None, members
        kept = (_only(case, day, fitted, day.origin) for day in _driven(joined, answer))
        return fitted, tuple(day for day in kept if day is not None)


def _driven(joined: Joined, answer: Answer) -> Iterator[OldDay]:
    """Yield the vehicle-days of an answer of several warehouses."""
    for route in answer.routes:
        group = joined.part.groups[route.group]
        rounds = tuple(tuple(unit for halt in round_ for unit in halt.units) for round_ in route.rounds)
        yield OldDay(group.name, group.nights, rounds, joined.owners[route.group])


def _only(case: Case, day: OldDay, origins: Mapping[str, str], warehouse: str) -> OldDay | None:
    """Return a day with only the units of places that a warehouse serves; None where none is left."""
    rounds = tuple(
        units
        for round_ in day.rounds
        if (units := tuple(unit for unit in round_ if origins.get(case.unit[unit].place) == warehouse))
    )
    return OldDay(day.kind, day.nights, rounds, warehouse) if rounds else None


def _share(budget: Budget, share: float) -> Budget:
    """Return a part of a budget; iterations are counted for each search anew."""
    return budget if budget.seconds is None else Budget(seconds=budget.seconds * share)


def ranked(results: Mapping[Members, SetResult]) -> Iterator[SetResult]:
    """Yield the sets: routed to the end, the cheapest first, then the others by what is proved of them."""
    order = {"dihitung": 0, "tidak-lengkap": 1}

    def key(each: SetResult) -> tuple[int, int, str]:
        return order.get(each.state, 2), each.cost_rupiah or each.floor_rupiah or 0, each.name

    yield from sorted(results.values(), key=key)
