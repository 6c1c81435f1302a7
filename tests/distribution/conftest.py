"""Kota Magelang's office with three plans, computed once."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW, make_somebody
from tests.distribution.screens import AREA, STRATEGIES

from tepat.common.areas import load_area
from tepat.common.permissions import Role
from tepat.common.register import load_register
from tepat.distribution import documents
from tepat.distribution.building import build_problem
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_folder
from tepat.distribution.models import PlanVersion
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine


@pytest.fixture(scope="session")
def solved(tmp_path_factory) -> Path:
    """Kota Magelang's problem with three plans, as `tepat demo` leaves them."""
    folder = tmp_path_factory.mktemp("magelang")
    problem = build_problem(load_area(AREA), "pemilu-2024", out=folder).problem
    matrices = load_matrices(problem, folder)
    for name in STRATEGIES:
        plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=5))
        documents.write(plan, folder / f"plan-{name}.json")
    return folder


@pytest.fixture
def plans(db, system, solved) -> dict[str, PlanVersion]:
    """The office of Magelang with its three plans kept."""
    load_register(AREA, ["pemilu-2024"], by=system, at=NOW - timedelta(days=90))
    return {plan.strategy: plan for plan in keep_folder(solved, by=system, at=NOW)}


@pytest.fixture
def office(db):
    """KUL, sekretaris and komisioner of Magelang."""
    roles = {"kul": Role.KUL, "sekretaris": Role.SEKRETARIS, "komisioner": Role.KOMISIONER}
    return {name: make_somebody(name.title(), role, AREA) for name, role in roles.items()}
