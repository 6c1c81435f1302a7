"""The solving jobs of the office screens: register → problem → one checked plan for each strategy."""

import logging
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tepat.common.acting import Actor
from tepat.common.clock import now
from tepat.common.errors import Refused, TepatError
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.distribution import documents, path_choice
from tepat.distribution.bound_actions import keep_bound
from tepat.distribution.building import PROBLEM_FILE
from tepat.distribution.case import Matrices
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_plan_file, keep_problem_folder
from tepat.distribution.models import ProblemFile
from tepat.distribution.office_problem import Wishes, build_office_problem
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Budget, Progress
from tepat.distribution.solving import solve
from tepat.solvers.bounding.child import Told
from tepat.solvers.bounding.proving import prove_bound
from tepat.solvers.pyvrp_engine import PyvrpEngine

logger = logging.getLogger(__name__)

SHARES = 100  # progress is counted in hundredths of a strategy
STRATEGIES_MAX = 20
SEED = 1
BOUND_S = 20
"""Seconds in which the cheapest possible cost of each strategy is proved."""

PATHS_TIMES = 4
"""How many times a strategy's seconds the choice of paths may take; then it is solved like the others."""

HEARTBEAT_S = 0.5
"""How often a running job writes that it lives, and looks whether it was cancelled."""


class Cancelled(Exception):  # noqa: N818 - not an error: somebody pressed the button
    """The job was cancelled while it ran."""


@dataclass
class _Work:
    """One job on its way.

    Args:
        job: Its row.
        by: Who asked for it.
        strategies: Names of strategies, in the order wanted.
        seconds: Seconds of search for each.
        wishes: What was asked of the problem.
        variant_of: The problem it stands beside, or None.
    """

    job: Job
    by: Actor
    strategies: Sequence[str]
    seconds: int
    wishes: Wishes
    variant_of: int | None = None
    kept: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The steps of progress in all."""
        return SHARES * (len(self.strategies) + 1)

    def run(self, election: str) -> dict[str, Any]:
        """Build, solve, check and keep; return the problem's row, the plans' rows, what failed and why."""
        tell(self.job, 0, self.total, "Menyusun masalah dari register, kebutuhan dan daftar harga")
        with tempfile.TemporaryDirectory(prefix="tepat-rencana-") as name:
            folder = Path(name)
            build_office_problem(self.job.area_code, election, self.wishes, out=folder)
            if path_choice.NAME in self.strategies:
                self._choose_paths(folder)
            row = keep_problem_folder(folder, by=self.by, at=now(), variant_of=self.variant_of)
            self._solve_all(folder, row)
        if not self.kept:
            raise Refused("PLAN-NONE-MADE", reason=" ".join(self.failed.values()))
        return {"problem": row.pk, "plans": self.kept, "failed": self.failed}

    def _choose_paths(self, folder: Path) -> None:
        """Choose the path of each kecamatan and add that strategy to the problem."""
        file = folder / PROBLEM_FILE
        problem = documents.read_problem(file)
        engine = PyvrpEngine()
        work = partial(
            path_choice.choose_paths,
            problem,
            load_matrices(problem, folder),
            engine=engine,
            seed=SEED,
            budget=Budget(seconds=max(path_choice.seconds_min(problem), PATHS_TIMES * self.seconds)),
        )
        try:
            chosen = beside(self.job, (0, self.total), work, engine)
        except TepatError as refused:
            self.failed[path_choice.NAME] = str(refused)
            self.strategies = [name for name in self.strategies if name != path_choice.NAME]
        else:
            documents.write(chosen.problem, file)

    def _solve_all(self, folder: Path, row: ProblemFile) -> None:
        problem = documents.read_problem(folder / PROBLEM_FILE)
        matrices = load_matrices(problem, folder)
        known = {strategy.name: strategy.title for strategy in problem.strategies}
        for number, strategy in enumerate(self.strategies, 1):
            tell(self.job, number * SHARES, self.total, f"Menghitung {known.get(strategy, strategy)}")
            engine = PyvrpEngine()
            work = partial(
                solve,
                problem,
                strategy,
                matrices,
                engine=engine,
                seed=SEED,
                budget=Budget(seconds=self.seconds),
            )
            file = folder / f"plan-{strategy}.json"
            try:
                documents.write(beside(self.job, (number, self.total), work, engine), file)
                self.kept[strategy] = keep_plan_file(file, row, by=self.by, at=now()).pk
            except TepatError as refused:
                self.failed[strategy] = str(refused)
                continue
            self._bound(problem, strategy, matrices, row)

    def _bound(self, problem: Problem, strategy: str, matrices: Matrices, row: ProblemFile) -> None:
        """Prove how cheap the strategy can be and keep it; a plan without it is as good as with it."""

        def listen(_: Told) -> None:
            done, total = self.total - SHARES, self.total
            tell(self.job, min(done, len(self.kept) * SHARES), total, "Membuktikan biaya paling murah")

        try:
            bound = prove_bound(
                problem, strategy, matrices, seconds=min(BOUND_S, self.seconds), progress=listen
            )
            keep_bound(by=self.by, at=now(), problem=row.pk, bound=bound)
        except TepatError as refused:
            logger.warning("no bound for %s: %s", strategy, refused)


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

    Raises:
        Cancelled: Somebody stopped the job.
        Refused: PLAN-NONE-MADE.
    """
    assert 0 < len(strategies) <= STRATEGIES_MAX, strategies
    return _Work(job, asker(job), strategies, seconds, Wishes(wet=wet, heed_notes=heed_notes)).run(election)


def compare_rain(job: Job, *, election: str, problem: int, strategy: str, seconds: int) -> dict[str, Any]:
    """Solve one strategy once more for rainy days with the notes on hard roads, and keep it beside the dry.

    Args:
        job: The job's row; its area is the office's.
        election: The election's code.
        problem: The row of the dry problem beside which it is kept.
        strategy: The strategy's name.
        seconds: Seconds of search.

    Returns:
        As `make_plans`.

    Raises:
        Cancelled: Somebody stopped the job.
        Refused: PLAN-NONE-MADE.
    """
    wishes = Wishes(wet=True, heed_notes=True)
    return _Work(job, asker(job), [strategy], seconds, wishes, variant_of=problem).run(election)


def beside[T](
    job: Job, place: tuple[int, int], work: Callable[..., T], engine: PyvrpEngine, already: str = ""
) -> T:
    """Return what a search finds; it runs beside this thread, which alone writes to the database.

    Args:
        job: The job's row; it hears how far the search is.
        place: Which of how many steps of progress the search is, in `SHARES`.
        work: The search; it takes `progress` and nothing else.
        engine: What the search routes with; it is stopped when the job is.
        already: What was found before, said in front of the progress.

    Raises:
        Cancelled: The job was cancelled. The engine ends its children at once; whatever else of the search
            still computes is not waited for, and thrown away.
    """
    number, total = place
    heard: list[Progress] = []
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tepat-hitung")
    try:
        search = pool.submit(work, progress=heard.append)
        while not search.done():
            wait([search], timeout=HEARTBEAT_S)
            if heard:
                last = heard[-1]
                heard.clear()
                share = (last.parts_done + last.share) / max(1, last.parts)
                done = number * SHARES + min(SHARES, int(share * SHARES))
                nth = min(last.parts, last.parts_done + 1)
                tell(job, done, total, f"{already} Mencari: {last.part} ({nth} dari {last.parts})".lstrip())
            else:
                tell(job, number * SHARES, total, job_message(job))
        return search.result()
    finally:
        engine.stop()
        pool.shutdown(wait=False)


def job_message(job: Job) -> str:
    """Return what the job said last, so that a heartbeat changes nothing that people read."""
    return str(Job.objects.filter(pk=job.pk).values_list("message", flat=True).get())


def tell(job: Job, done: int, total: int, message: str) -> None:
    """Write how far a job is.

    Raises:
        Cancelled: Somebody stopped it.
    """
    if not advance(job.pk, now(), done=done, total=total, message=message):
        raise Cancelled
