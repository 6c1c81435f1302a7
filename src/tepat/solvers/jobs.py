"""The solving job of the office screens: register → problem → one checked plan for each strategy."""

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any

from tepat.common.clock import now
from tepat.common.errors import Refused, TepatError
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.distribution import documents
from tepat.distribution.building import PROBLEM_FILE
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_plan_file, keep_problem_folder
from tepat.distribution.office_problem import Wishes, build_office_problem
from tepat.distribution.plans import Plan
from tepat.distribution.routing import Budget, Progress
from tepat.distribution.solving import solve
from tepat.solvers.pyvrp_engine import PyvrpEngine

SHARES = 100  # progress is counted in hundredths of a strategy
STRATEGIES_MAX = 20
SEED = 1
HEARTBEAT_S = 1.0


class Cancelled(Exception):  # noqa: N818 - not an error: somebody pressed the button
    """The job was cancelled while it ran."""


def make_plans(
    job: Job, *, election: str, strategies: Sequence[str], seconds: int, wet: bool, heed_notes: bool
) -> dict[str, Any]:
    """Build the office's problem, solve each strategy, check and keep each plan.

    Args:
        job: The job's row; its area is the office's.
        election: The election's code.
        strategies: Names of strategies, in the order wanted; unknown ones are named in the answer.
        seconds: Seconds of search for each strategy.
        wet: Whether all days are taken as rainy.
        heed_notes: Whether the notes on hard roads count in travel times.

    Returns:
        The problem's row, the plans' rows by strategy, and sentences for strategies without a plan.
    """
    assert 0 < len(strategies) <= STRATEGIES_MAX, strategies
    by = asker(job)
    total = SHARES * (len(strategies) + 1)
    _tell(job, 0, total, "Menyusun masalah dari register, kebutuhan dan daftar harga")
    kept: dict[str, int] = {}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="tepat-rencana-") as name:
        folder = Path(name)
        build_office_problem(job.area_code, election, Wishes(wet=wet, heed_notes=heed_notes), out=folder)
        row = keep_problem_folder(folder, by=by, at=now())
        problem = documents.read_problem(folder / PROBLEM_FILE)
        matrices = load_matrices(problem, folder)
        known = {strategy.name: strategy.title for strategy in problem.strategies}
        for number, strategy in enumerate(strategies, 1):
            _tell(job, number * SHARES, total, f"Menghitung {known.get(strategy, strategy)}")
            try:
                work = partial(
                    solve,
                    problem,
                    strategy,
                    matrices,
                    engine=PyvrpEngine(),
                    seed=SEED,
                    budget=Budget(seconds=seconds),
                )
                plan = _solved(job, (number, total), work)
                documents.write(plan, folder / f"plan-{strategy}.json")
                kept[strategy] = keep_plan_file(folder / f"plan-{strategy}.json", row, by=by, at=now()).pk
            except TepatError as refused:
                failed[strategy] = str(refused)
    if not kept:
        raise Refused("PLAN-NONE-MADE", reason=" ".join(failed.values()))
    return {"problem": row.pk, "plans": kept, "failed": failed}


def _solved(job: Job, place: tuple[int, int], work: Callable[..., Plan]) -> Plan:
    """Return what the search finds; it runs beside this thread, which alone writes to the database.

    Raises:
        Cancelled: The job was cancelled. The search that runs ends with its budget and is thrown away.
    """
    number, total = place
    heard: list[Progress] = []
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="tepat-hitung") as beside:
        search = beside.submit(work, progress=heard.append)
        while not search.done():
            wait([search], timeout=HEARTBEAT_S)
            if heard:
                last = heard[-1]
                heard.clear()
                share = (last.parts_done + last.share) / max(1, last.parts)
                done = number * SHARES + min(SHARES, int(share * SHARES))
                nth = min(last.parts, last.parts_done + 1)
                _tell(job, done, total, f"Mencari: {last.part} ({nth} dari {last.parts})")
            else:
                _tell(job, number * SHARES, total, job_message(job))
        return search.result()


def job_message(job: Job) -> str:
    """Return what the job said last, so that a heartbeat changes nothing that people read."""
    return str(Job.objects.filter(pk=job.pk).values_list("message", flat=True).get())


def _tell(job: Job, done: int, total: int, message: str) -> None:
    if not advance(job.pk, now(), done=done, total=total, message=message):
        raise Cancelled
