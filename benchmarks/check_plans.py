"""The checker on plans of Blora: 2,977 TPS, 295 PPS, 16 PPK; each plan is solved briefly first, unmeasured.

python -m benchmarks.check_plans [RUNS]
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measuring import blora, measured, show

from tepat.distribution.checker import check
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

RUNS = 11
STRATEGIES = ("langsung-pps", "lewat-ppk")
ITERATIONS = 20


def main(runs: int) -> None:
    """Check a straight plan and one over the PPK."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        problem, matrices = blora(Path(folder))
        for name in STRATEGIES:
            budget = Budget(iterations=ITERATIONS)
            plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=budget)
            verdict = check(problem, plan, matrices)
            what = f"`{name}`: {len(plan.trips)} trips, {len(plan.deliveries):,} deliveries; {verdict.status}"
            rows.append(measured(what, partial(check, problem, plan, matrices), runs))
    show(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
