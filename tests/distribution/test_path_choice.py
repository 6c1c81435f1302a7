"""The path of each kecamatan: what trying every set of paths says, and within what the office fixed."""

from itertools import product

import pytest
from msgspec.structs import replace
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import Size, small_problem

from tepat.common.errors import Refused
from tepat.distribution.checker import check
from tepat.distribution.documents import sha256
from tepat.distribution.path_choice import NAME, choose_paths
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve

BUDGET = Budget(iterations=20)
OVER = "lewat-ppk"


def asked(seed, *, ppk=3, **rupiah):
    """Return a problem with the two strategies that are joined, some prices changed."""
    problem, matrices = small_problem(seed, Size(ppk=ppk, pps_per_ppk=3, tps_max=6))
    strategies = tuple(
        replace(each, name="langsung-pps") if each.name == "langsung" else each for each in problem.strategies
    )
    prices = tuple(
        replace(price, rupiah=rupiah.get(price.id.replace("-", "_"), price.rupiah))
        for price in problem.prices
    )
    return replace(problem, strategies=strategies, prices=prices), matrices


def chosen_from(problem, matrices, **more):
    return choose_paths(problem, matrices, engine=FirstAnswer(), seed=1, budget=BUDGET, **more)


def cost_of(problem, matrices, paths, template):
    """What a set of paths costs, planned without the choice's own code."""
    straight = {
        place.id: "langsung"
        for place in problem.places
        if place.kind == "pps" and paths[place.parent] == "langsung"
    }
    own = replace(template, name="dicoba", path=OVER, path_by_place=straight)
    tried = replace(problem, strategies=(own,))
    plan = solve(tried, "dicoba", matrices, engine=FirstAnswer(), seed=1, budget=BUDGET)
    return len(plan.unserved), plan.totals.cost_rupiah


@pytest.mark.parametrize("seed", [1, 2, 5, 9])
def test_the_choice_is_no_dearer_than_either_way_for_all(seed):
    problem, matrices = asked(seed)
    found = chosen_from(problem, matrices)
    assert check(found.problem, found.plan, matrices).status in {"accepted", "incomplete"}
    assert found.plan.problem_sha256 == sha256(found.problem)
    template = next(each for each in found.problem.strategies if each.name == NAME)
    paths = {trial.place: trial.path for trial in found.trials}
    costs = {
        ways: cost_of(problem, matrices, dict(zip(paths, ways, strict=True)), template)
        for ways in product(("langsung", OVER), repeat=len(paths))
    }
    mine = (len(found.plan.unserved), found.plan.totals.cost_rupiah)
    assert mine == costs[tuple(paths.values())]
    assert mine <= min(costs[("langsung",) * 3], costs[(OVER,) * 3])


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_what_the_other_path_costs_is_the_difference_of_two_plans(seed):
    problem, matrices = asked(seed, ppk=2)
    found = chosen_from(problem, matrices)
    template = next(each for each in found.problem.strategies if each.name == NAME)
    paths = {trial.place: trial.path for trial in found.trials}
    last = found.trials[-1]
    turned = {**paths, last.place: "langsung" if last.path == OVER else OVER}
    left, cost = cost_of(problem, matrices, turned, template)
    assert last.other_unserved == left - len(found.plan.unserved)
    if not last.other_unserved:
        assert last.other_rupiah == cost - found.plan.totals.cost_rupiah >= 0


def test_a_path_that_the_office_fixed_is_kept_and_not_tried():
    problem, matrices = asked(3)
    free = chosen_from(problem, matrices)
    first = free.trials[0]
    other = "langsung" if first.path == OVER else OVER
    found = chosen_from(problem, matrices, fixed={first.place: other})
    assert (found.trials[0].path, found.trials[0].fixed) == (other, True)
    assert found.trials[0].other_rupiah is None
    assert not any(trial.fixed for trial in found.trials[1:])


@pytest.mark.parametrize(
    ("prices", "path"),
    [({"serah": 5_000_000}, "langsung"), ({"jaga_pps": 9_000_000, "jaga_ppk": 0}, OVER)],
    ids=["hand-overs are dear", "nights at the PPS are dear"],
)
def test_the_office_s_prices_decide(prices, path):
    problem, matrices = asked(4, **prices)
    found = chosen_from(problem, matrices)
    assert {trial.path for trial in found.trials} == {path}
    note = next(each.note for each in found.problem.strategies if each.name == NAME)
    assert all(trial.name in note for trial in found.trials)


def test_what_cannot_be_asked_is_named():
    problem, matrices = asked(1)
    with pytest.raises(Refused, match="PATHS-UNKNOWN-PLACE") as unknown:
        chosen_from(problem, matrices, fixed={"33.16.99": "langsung"})
    assert unknown.value.facts["place"] == "33.16.99"
    with pytest.raises(Refused, match="PATHS-NO-STRATEGY"):
        chosen_from(small_problem(1)[0], matrices)
    with pytest.raises(Refused, match="PATHS-SHORT") as short:
        choose_paths(problem, matrices, engine=FirstAnswer(), budget=Budget(seconds=1))
    # Half a second for each of 2 + 3 trials, and for six at the end.
    assert short.value.facts["needed"] == 6
