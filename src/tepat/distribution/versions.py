"""Which versions of a problem's plans stand beside each other."""

from tepat.distribution.archive import problem_of
from tepat.distribution.models import PlanVersion, ProblemFile


def latest_plans(problem: ProblemFile) -> list[PlanVersion]:
    """Return the newest version of each strategy of a problem, in the order of the problem's strategies."""
    newest: dict[str, PlanVersion] = {}
    for plan in problem.plans.order_by("number"):
        newest[plan.strategy] = plan
    order = [strategy.name for strategy in problem_of(problem.sha256).strategies]
    return sorted(newest.values(), key=lambda plan: order.index(plan.strategy))
