"""The proved bound: never above the optimum, never falling, and true of whole plans."""

import sys
from functools import cache
from itertools import permutations, product
from random import Random

import numpy as np
import pytest
from msgspec.structs import replace
from tests.distribution.small import Size, small_problem

from tepat.common.errors import Refused
from tepat.distribution.bounds import gap_text, judged_text
from tepat.distribution.case import open_case
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.bounding.duals import Duals, Prover
from tepat.solvers.bounding.hauls import MICRO, Drop, Haul, Team
from tepat.solvers.bounding.pricing import HAVE_COMPILER
from tepat.solvers.bounding.proving import prove_bound
from tepat.solvers.bounding.relaxing import relax
from tepat.solvers.pyvrp_engine import PyvrpEngine

pytestmark = pytest.mark.skipif(not HAVE_COMPILER, reason="the extra cepat is not installed")

FOREVER = float("inf")


def tiny_haul(seed):
    """Return a haul of three places and two teams that can be searched through."""
    rng = Random(seed)
    spots = [(rng.uniform(0, 9), rng.uniform(0, 9)) for _ in range(4)]
    metres = [[int(1000 * np.hypot(a - c, b - d)) for c, d in spots] for a, b in spots]
    table = np.array([metres, metres], dtype="<i8")
    table[0] //= 10
    for layer in table:
        for over in range(4):
            np.minimum(layer, layer[:, over, None] + layer[None, over, :], out=layer)
    teams = (team(2, rng.choice([3, 4]), 9_000, 900_000), team(3, 2, 7_000, 300_000))
    drops = tuple(
        Drop(
            place=place,
            boxes=boxes,
            step=1,
            visits_min=-(-boxes // max(each.boxes_max for each in teams)),
            stop_s=300,
            stop_micro=0,
            box_micro=(rng.randint(0, 5000) * MICRO, rng.randint(0, 5000) * MICRO),
        )
        for place, boxes in enumerate((rng.randint(1, 5) for _ in range(3)), 1)
    )
    return Haul(name="kecil", rows=4, matrices=(table.tobytes(),), drops=drops, teams=teams)


def team(count, boxes_max, hours_s, day_rupiah):
    return Team(
        count=count,
        boxes_max=boxes_max,
        hours_s=hours_s,
        load_s=600,
        box_s=20,
        day_micro=day_rupiah * MICRO,
        metre_micro=5 * MICRO,
        trip_micro=10_000 * MICRO,
        matrix=0,
    )


def trips_of(haul, number):
    """Return every sensible trip of a team: amounts, seconds, money."""
    own = haul.teams[number]
    seconds, metres = np.frombuffer(haul.matrices[0], dtype="<i8").reshape(2, 4, 4)
    found = {}
    for amounts in product(*(range(drop.boxes + 1) for drop in haul.drops)):
        visited = [place for place, amount in enumerate(amounts, 1) if amount]
        if not visited or sum(amounts) > own.boxes_max:
            continue
        ways = []
        for order in permutations(visited):
            legs = list(zip((0, *order), (*order, 0), strict=True))
            lasts = own.load_s + sum(int(seconds[leg]) for leg in legs) + 300 * len(order)
            lasts += own.box_s * sum(amounts)
            money = own.trip_micro + sum(int(metres[leg]) for leg in legs) * own.metre_micro
            money += sum(a * d.box_micro[number] for a, d in zip(amounts, haul.drops, strict=True))
            ways.append((lasts, money))
        found[amounts] = min(ways)
    return found


def optimum(haul):
    """Return the cheapest plan's micro-rupiah by trying all, None where there is none."""
    trips = [trips_of(haul, number) for number in range(len(haul.teams))]

    @cache
    def cheapest(left, number, days, today_s):
        if not any(left):
            return 0
        if number == len(haul.teams):
            return FOREVER
        own = haul.teams[number]
        best = cheapest(left, number + 1, 0, 0)
        if days < own.count and today_s < own.hours_s:
            best = min(best, own.day_micro + cheapest(left, number, days + 1, own.hours_s))
        for amounts, (lasts, money) in trips[number].items():
            if lasts <= today_s and all(a <= b for a, b in zip(amounts, left, strict=True)):
                rest = tuple(b - a for a, b in zip(amounts, left, strict=True))
                best = min(best, money + cheapest(rest, number, days, today_s - lasts))
        return best

    found = cheapest(tuple(drop.boxes for drop in haul.drops), 0, 0, 0)
    return None if found == FOREVER else found


def bounded(haul):
    from tepat.solvers.bounding.master import bound_haul

    told = []
    return bound_haul(haul, until=FOREVER, tell=told.append), told


@pytest.mark.parametrize("seed", range(12))
def test_no_bound_is_above_the_cheapest_plan_there_is(seed):
    haul = tiny_haul(seed)
    best = optimum(haul)
    proved, told = bounded(haul)
    if best is None:
        pytest.skip("these vehicles cannot carry it")
    assert [each.bound_micro for each in told] == sorted(each.bound_micro for each in told)
    assert all(each.bound_micro <= best for each in told)
    assert 0.5 * best < proved.bound_micro


@pytest.mark.parametrize("seed", range(4))
def test_a_bound_ends_at_the_cost_of_its_master_problem(seed):
    proved, _ = bounded(tiny_haul(seed))
    assert proved.converged
    assert proved.bound_micro <= proved.master_micro
    assert proved.master_micro - proved.bound_micro <= 1e-4 * proved.master_micro


@pytest.mark.parametrize("seed", range(40))
def test_any_duals_whatsoever_prove_something_true(seed):
    haul = tiny_haul(seed % 8)
    best = optimum(haul)
    rng = np.random.default_rng(seed)
    duals = Duals(
        rng.integers(0, 400_000 * MICRO, 3),
        rng.integers(0, 50_000 * MICRO, 3),
        rng.integers(0, 90 * MICRO, 2),
    )
    for tighten in (False, True):
        proved = Prover(haul).prove(duals, trips_max=5, tighten=tighten)
        assert best is None or proved.bound_micro <= best


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_by_the_way_there_and_back_needs_no_repair(seed):
    haul = tiny_haul(seed)
    prover = Prover(haul)
    assert prover.prove(prover.radial(), trips_max=5).trips == ()


def plan_of(problem, matrices, strategy):
    return solve(problem, strategy, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=20))


@pytest.mark.parametrize("strategy", ["langsung", "lewat-ppk", "campuran", "nyata"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_whole_plan_costs_at_least_the_bound_of_its_strategy(seed, strategy):
    problem, matrices = small_problem(seed, Size(trucks=3, pickups=2))
    plan = plan_of(problem, matrices, strategy)
    bound = prove_bound(problem, strategy, matrices, seconds=4)
    assert not plan.unserved
    assert 0.7 * plan.totals.cost_rupiah < bound.bound_rupiah <= plan.totals.cost_rupiah


def test_what_no_route_changes_is_in_the_bound_to_the_rupiah():
    problem, matrices = small_problem(1)
    case = open_case(problem, "langsung", matrices)
    dearer = [
        replace(price, rupiah=price.rupiah + 7) for price in problem.prices if price.basis == "tps_delivery"
    ]
    others = [price for price in problem.prices if price.basis != "tps_delivery"]
    other = open_case(replace(problem, prices=(*others, *dearer)), "langsung", matrices)
    tps = sum(unit.kind == "tps" for unit in problem.units)
    assert relax(other).fixed_rupiah - relax(case).fixed_rupiah == 7 * tps


def test_a_set_that_nothing_can_bring_leaves_no_bound():
    problem, matrices = small_problem(1)
    shut = tuple(replace(place, access=()) if place.kind == "pps" else place for place in problem.places)
    with pytest.raises(Refused) as refused:
        prove_bound(replace(problem, places=shut), "langsung", matrices, seconds=1)
    assert refused.value.code == "BOUND-IMPOSSIBLE"


TOLD = '{"bound_rupiah":1000,"converged":false,"share":0.5}'


@pytest.mark.parametrize(
    "ending", ["import os; os._exit(9)", "print('bukan json', flush=True)"], ids=["ends", "talks nonsense"]
)
def test_what_a_broken_process_had_told_still_counts(ending):
    problem, matrices = small_problem(1)
    program = f"import sys; sys.stdin.buffer.read(); print('{TOLD}', flush=True); {ending}"
    fixed = relax(open_case(problem, "langsung", matrices)).fixed_rupiah
    bound = prove_bound(problem, "langsung", matrices, seconds=1, command=(sys.executable, "-c", program))
    assert (bound.bound_rupiah, bound.converged) == (fixed + 1000, False)


def test_a_process_that_says_nothing_is_a_sentence_not_a_bound():
    problem, matrices = small_problem(1)
    with pytest.raises(Refused) as refused:
        prove_bound(problem, "langsung", matrices, seconds=1, command=(sys.executable, "-c", ""))
    assert refused.value.code == "BOUND-BROKE"


@pytest.mark.parametrize(
    ("cost", "bound", "said"),
    [(1_014_000, 1_000_000, "1,4 %"), (1_014_001, 1_000_000, "1,5 %"), (1_000_000, 1_000_000, "0,0 %")],
)
def test_a_gap_is_never_told_smaller_than_it_is(cost, bound, said):
    assert gap_text(cost, bound) == said
    assert (
        judged_text(cost, bound) == f"Paling murah yang mungkin: Rp1.000.000; rencana ini {said} di atasnya."
    )


def test_a_plan_on_other_terms_is_not_judged():
    assert judged_text(900_000, 1_000_000) == ""
