"""Small plans to be changed, and how they are changed."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from tests.distribution.engines import FirstAnswer
from tests.distribution.small import Size, small_problem

from tepat.common.errors import Refused
from tepat.distribution.editing.applying import Edited, edited
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve

SIZE = Size(ppk=3, trucks=3, pickups=2)


@dataclass(frozen=True)
class Scene:
    """A problem, a plan of it, its matrices."""

    problem: Problem
    plan: Plan
    matrices: Any

    def edit(self, *changes: Any, load: Any = None) -> Edited:
        return edited((self.problem, self.plan), self.matrices, changes, load)

    def search(self, problem: Problem) -> Plan:
        """Solve by the first answer alone."""
        return solve(
            problem, self.plan.strategy, self.matrices, engine=FirstAnswer(), budget=Budget(iterations=5)
        )


@cache
def scene(seed: int, strategy: str, size: Size = SIZE) -> Scene:
    """Return a scene; the same one each time."""
    problem, matrices = small_problem(seed, size)
    plan = solve(problem, strategy, matrices, engine=FirstAnswer(), budget=Budget(iterations=5))
    return Scene(problem, plan, matrices)


def first_stop(chosen: Scene, number: int = 0) -> Any:
    """Return a trip and its first stop."""
    trip = chosen.plan.trips[number]
    return trip, trip.stops[0]


def refused_code(chosen: Scene, *changes: Any) -> Refused:
    """Return what changes are refused with."""
    with pytest.raises(Refused) as refused:
        chosen.edit(*changes)
    return refused.value


def codes(found: Edited) -> set[str]:
    """Return the codes of what the checker finds."""
    return {one.code for one in found.verdict.findings}


def trip_of(plan: Plan, name: str) -> Any:
    """Return a trip by id, or None."""
    return next((trip for trip in plan.trips if trip.id == name), None)


def carried(plan: Plan) -> list[str]:
    """Return every unit as often as it is unloaded."""
    return sorted(unit for trip in plan.trips for stop in trip.stops for unit in stop.units)
