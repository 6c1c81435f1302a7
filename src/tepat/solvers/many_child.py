"""The process that solves one problem of many (`python -m tepat.solvers.many_child ORDER`)."""

import hashlib
import resource
import sys
from pathlib import Path

import msgspec

from tepat.common.errors import TepatError
from tepat.distribution.checker import check, load_matrices
from tepat.distribution.documents import decode_problem, encode, write
from tepat.distribution.plan_commands import require_whole
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.solvers.many import Order, Record, plan_name
from tepat.solvers.pyvrp_engine import PyvrpEngine


def main() -> None:
    """Do the one order and say how it ended."""
    order = msgspec.json.decode(sys.argv[1], type=Order)
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes_max, order.memory_bytes_max))
    sys.stdout.buffer.write(msgspec.json.encode(solved(order)))


def solved(order: Order) -> Record:
    """Return the record of a problem; what its documents do wrong is said in its note."""
    file = Path(order.problem)
    try:
        raw = file.read_bytes()
        record = Record(problem=order.problem, problem_sha256=hashlib.sha256(raw).hexdigest())
        problem = decode_problem(raw, name=file.name)
        return _planned(order, problem, record)
    except TepatError as error:
        return msgspec.structs.replace(record, note=str(error))


def _planned(order: Order, problem: Problem, record: Record) -> Record:
    require_whole(problem)
    strategy = order.strategy or next(
        (each.name for each in problem.strategies if not each.baseline), problem.strategies[0].name
    )
    matrices = load_matrices(problem, Path(order.problem).parent)
    budget = Budget(iterations=order.iterations, seconds=order.seconds)
    engine = PyvrpEngine(workers=1)
    plan = solve(problem, strategy, matrices, engine=engine, seed=order.seed, budget=budget)
    verdict = check(problem, plan, matrices)
    if verdict.status == "breached":
        first = next(each for each in verdict.findings if each.severity == "breach")
        return msgspec.structs.replace(record, note=f"tidak lolos pemeriksa: {first.code}")
    write(plan, Path(order.plan) / plan_name(strategy))
    return msgspec.structs.replace(
        record,
        office=problem.office.name,
        strategy=strategy,
        status=verdict.status,
        places=len(problem.places),
        units=len(problem.units),
        unserved=plan.totals.units_unserved,
        cost_rupiah=plan.totals.cost_rupiah,
        distance_m=plan.totals.distance_m,
        vehicle_days=plan.totals.vehicle_days,
        trips=plan.totals.trips,
        plan_sha256=hashlib.sha256(encode(plan)).hexdigest(),
        note=plan.unserved[0].reason if plan.unserved else "",
    )


if __name__ == "__main__":
    main()
