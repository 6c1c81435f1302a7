"""The job of Pilih Gudang: register → problem with all candidates → every set → a report and a plan."""

import io
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from tepat.common.acting import Actor
from tepat.common.clock import now
from tepat.common.documents import keep
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.distribution import documents
from tepat.distribution.building import PROBLEM_FILE
from tepat.distribution.case import Matrices
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_plan_file, keep_problem_folder
from tepat.distribution.office_problem import Wishes, build_office_problem
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Budget
from tepat.distribution.warehouse_actions import keep_choice
from tepat.distribution.warehouses.choosing import Terms
from tepat.distribution.warehouses.comparing import Answered, compare_warehouses
from tepat.distribution.warehouses.sets import COMPARED_MAX, candidates_of, sets_of, template_of
from tepat.solvers.bounding.shares import shares_of
from tepat.solvers.jobs import HEARTBEAT_S, SEED, Cancelled
from tepat.solvers.pyvrp_engine import PyvrpEngine


def choose_warehouses(job: Job, *, election: str, sets: int, seconds: int) -> dict[str, Any]:
    """Compare the office's candidate warehouses and keep the report, with the plan of the cheapest set.

    Args:
        job: The job's row; its area is the office's.
        election: The election's code.
        sets: Warehouses open at the same time at most.
        seconds: Seconds of search for each set.

    Returns:
        The rows of the problem, the comparison and the plan.

    Raises:
        Cancelled: Somebody stopped the job.
        Refused: Those of `build_office_problem` and `compare_warehouses`.
    """
    by = asker(job)
    _beat(job, 0, 1, "Menyusun masalah dari register, calon gudang dan daftar harga")
    with tempfile.TemporaryDirectory(prefix="tepat-gudang-") as name:
        folder = Path(name)
        build_office_problem(job.area_code, election, Wishes(warehouses_max=COMPARED_MAX), out=folder)
        problem = documents.read_problem(folder / PROBLEM_FILE)
        matrices = load_matrices(problem, folder)
        answered = _compared(job, problem, matrices, (sets, seconds))
        row = keep_problem_folder(folder, by=by, at=now())
        plan = _keep_plan(answered, folder, row.pk, by)
    winner = answered.report.winner
    choice = keep_choice(
        by=by,
        at=now(),
        problem=row.pk,
        file=keep(io.BytesIO(msgspec.json.encode(answered.report))),
        winner=winner.name if winner else "",
        plan=plan,
    )
    return {"problem": row.pk, "choice": choice.pk, "plan": plan}


def _compared(job: Job, problem: Problem, matrices: Matrices, asked: tuple[int, int]) -> Answered:
    """Return the comparison; it runs beside this thread, which alone writes to the database.

    Raises:
        Cancelled: The job was cancelled; the engine ends its children at once.
    """
    members_max, seconds = asked
    template = template_of(problem)
    terms = Terms(template, Budget(seconds=seconds), members_max, SEED)
    every = len(sets_of([place.id for place in candidates_of(problem)], members_max))
    heard: list[str] = []
    engine = PyvrpEngine()
    work = partial(_work, problem, matrices, terms, engine, heard.append)
    beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tepat-gudang")
    try:
        search = beside.submit(work)
        while not search.done():
            wait([search], timeout=HEARTBEAT_S)
            said = f"Menghitung {heard[-1]}" if heard else "Mencari batas biaya tiap calon"
            _beat(job, min(len(heard), every), every + 1, said)
        return search.result()
    finally:
        engine.stop()
        beside.shutdown(wait=False)


def _work(
    problem: Problem, matrices: Matrices, terms: Terms, engine: PyvrpEngine, tell: Callable[[str], None]
) -> Answered:
    shares = {
        place.id: shares_of(problem, terms.template, place.id, matrices) for place in candidates_of(problem)
    }
    return compare_warehouses(problem, matrices, terms, engine=engine, shares=shares, tell=tell)


def _keep_plan(answered: Answered, folder: Path, problem: int, by: Actor) -> int | None:
    """Keep the cheapest set's problem, as a what-if of the one with all candidates, and its plan."""
    winner = answered.report.winner
    if winner is None:
        return None
    own, plan = answered.found[winner.name]
    documents.write(own, folder / PROBLEM_FILE)
    row = keep_problem_folder(folder, by=by, at=now(), variant_of=problem)
    file = folder / f"plan-{winner.name}.json"
    documents.write(plan, file)
    return keep_plan_file(file, row, by=by, at=now()).pk


def _beat(job: Job, done: int, total: int, message: str) -> None:
    if not advance(job.pk, now(), done=done, total=total, message=message[:200]):
        raise Cancelled
