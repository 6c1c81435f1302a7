"""Every strategy of a problem solved and checked, one after another.

`python benchmarks/strategies.py problem.json [SECONDS [STRATEGY…]]` prints one row for each strategy.
"""

import sys
import time
from pathlib import Path

from tepat.distribution.checker import check, load_matrices
from tepat.distribution.documents import read_problem
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

SECONDS = 8.0


def main(file: Path, seconds: float, names: list[str]) -> None:
    problem = read_problem(file)
    matrices = load_matrices(problem, file.parent)
    begun = time.perf_counter()
    print("| strategy | status | solve s | check s | Rp M | km | vehicle-days | trips | nights | left |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in names or [each.name for each in problem.strategies]:
        start = time.perf_counter()
        budget = Budget(seconds=seconds)
        plan = solve(problem, name, matrices, engine=PyvrpEngine(), seed=1, budget=budget)
        solved = time.perf_counter()
        verdict = check(problem, plan, matrices)
        checked = time.perf_counter()
        totals = plan.totals
        print(
            f"| {name} | {verdict.status} | {solved - start:.1f} | {checked - solved:.1f} "
            f"| {totals.cost_rupiah / 1e6:.1f} | {totals.distance_m / 1000:,.0f} | {totals.vehicle_days} "
            f"| {totals.trips} | {totals.guard_nights} | {totals.units_unserved} |",
            flush=True,
        )
    print(f"\nwhole: {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS, sys.argv[3:])
