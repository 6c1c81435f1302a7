"""Small problems with two warehouses, compared: what the tests of the choice of warehouses share."""

from msgspec.structs import replace
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import Size

from tepat.distribution.case import open_case
from tepat.distribution.problems import WarehouseFacts
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.distribution.warehouses.choosing import Terms
from tepat.distribution.warehouses.comparing import compare_warehouses
from tepat.distribution.warehouses.sets import (
    candidates_of,
    problem_of_set,
    template_of,
)
from tepat.solvers.bounding.shares import shares_of

SIZE = Size(ppk=2, pps_per_ppk=2, tps_max=6, trucks=4)
BUDGET = Budget(iterations=1)
PAIR = ("GUDANG-1", "GUDANG-2")


def compared(problem, matrices, *, shares=None, anyway=0, sets=2, engine=None):
    terms = Terms(template_of(problem), BUDGET, sets, 1, anyway)
    return compare_warehouses(problem, matrices, terms, engine=engine or FirstAnswer(), shares=shares or {})


def floors(problem, matrices):
    template = template_of(problem)
    return {each.id: shares_of(problem, template, each.id, matrices) for each in candidates_of(problem)}


def with_rent(problem, **rents):
    """Return the problem with other prices of its warehouses: ``gudang_1=…``."""
    named = {name.replace("_", "-"): rupiah for name, rupiah in rents.items()}
    prices = [
        replace(price, rupiah=named[price.id]) if price.id in named else price for price in problem.prices
    ]
    return replace(problem, prices=tuple(prices))


def with_place(problem, name, **changes):
    places = [replace(place, **changes) if place.id == name else place for place in problem.places]
    return replace(problem, places=tuple(places))


def by_name(answered):
    return {each.name: each for each in answered.report.sets}


def plan_of_set(problem, matrices, members, origins):
    own = problem_of_set(problem, template_of(problem), members, origins)
    return solve(own, own.strategies[0].name, matrices, engine=FirstAnswer(), budget=BUDGET)


def both_open(problem, matrices):
    own = problem_of_set(problem, template_of(problem), PAIR)
    return open_case(own, own.strategies[0].name, matrices)


def sized(problem, first_m2, second_m2):
    problem = with_place(problem, "GUDANG-1", warehouse=WarehouseFacts(usable_m2=first_m2))
    return with_place(problem, "GUDANG-2", warehouse=WarehouseFacts(usable_m2=second_m2))
