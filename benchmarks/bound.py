"""The proved bound of each strategy of a problem, and how far a plan is above it.

`python benchmarks/bound.py problem.json [BOUND_S [PLAN_S [STRATEGY…]]]` prints one row for each strategy.
"""

import sys
import time
from pathlib import Path

from tepat.distribution.checker import load_matrices
from tepat.distribution.documents import read_problem
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.bounding.proving import prove_bound
from tepat.solvers.pyvrp_engine import PyvrpEngine

BOUND_S, PLAN_S = 10.0, 8.0


def main(file: Path, bound_s: float, plan_s: float, names: list[str]) -> None:
    problem = read_problem(file)
    matrices = load_matrices(problem, file.parent)
    print("| strategy | bound Rp M | converged | bound s | plan Rp M | left | above the bound |")
    print("|---|---|---|---|---|---|---|")
    for name in names or [each.name for each in problem.strategies]:
        start = time.perf_counter()
        bound = prove_bound(problem, name, matrices, seconds=bound_s)
        took = time.perf_counter() - start
        plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=Budget(seconds=plan_s))
        cost = plan.totals.cost_rupiah
        assert plan.unserved or cost >= bound.bound_rupiah, (name, cost, bound.bound_rupiah)
        print(
            f"| {name} | {bound.bound_rupiah / 1e6:.2f} | {'yes' if bound.converged else 'no'} | {took:.1f} "
            f"| {cost / 1e6:.2f} | {len(plan.unserved)} | {100 * (cost / bound.bound_rupiah - 1):.2f} % |",
            flush=True,
        )


if __name__ == "__main__":
    given = sys.argv[2:4]
    numbers = [float(each) for each in given] + [BOUND_S, PLAN_S][len(given) :]
    main(Path(sys.argv[1]), numbers[0], numbers[1], sys.argv[4:])
