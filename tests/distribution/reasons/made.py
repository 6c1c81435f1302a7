"""Small plans for questions: made by the first answer alone, so that many can be asked about."""

from msgspec.structs import replace
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import small_problem

from tepat.distribution.case import open_case
from tepat.distribution.documents import sha256
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Lock
from tepat.distribution.reasons.trying import Search
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve

ONE = Budget(iterations=1)
QUICK = Search(FirstAnswer(), ONE)


def planned(problem, matrices, strategy):
    """Return a problem's case and plan."""
    plan = solve(problem, strategy, matrices, engine=FirstAnswer(), budget=ONE)
    return open_case(problem, strategy, matrices), plan


def small(seed=9, strategy="langsung", size=None):
    """Return a small problem's case and plan."""
    return planned(*small_problem(seed, size), strategy)


def closed(place="PPS-2.1", strategy="langsung", seed=9):
    """Return a case and plan in which only motorcycles, which nobody has, may enter a place."""
    problem, matrices = small_problem(seed)
    places = tuple(replace(each, access=("motor",)) if each.id == place else each for each in problem.places)
    return planned(replace(problem, places=places), matrices, strategy)


def locked(case, plan, trips):
    """Return a case and plan with trips locked."""
    locks = tuple(Lock(trip=trip.id, sha256=sha256(trip)) for trip in plan.trips if trip.id in trips)
    problem = replace(case.problem, locks=locks)
    return open_case(problem, plan.strategy, case.matrices), answering(plan, problem)


def answering(plan, problem) -> Plan:
    """Return a plan as an answer to another problem."""
    return replace(plan, problem_sha256=sha256(problem))
