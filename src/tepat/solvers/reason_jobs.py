"""The job behind "Mengapa?": alternatives or remedies of a stored plan, each really searched for.

Asking changes nothing: the answer lies with the job, no plan is written and nothing goes to the ledger.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.distribution.archive import case_of, plan_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.reason_questions import OTHERS, Question, asked_of
from tepat.distribution.reasons.next_best import NextBest, next_best
from tepat.distribution.reasons.smallest import Remedy, smallest_remedy, unserved_of
from tepat.distribution.reasons.subjects import subject_of
from tepat.distribution.reasons.trying import Search
from tepat.distribution.routing import Budget
from tepat.solvers.jobs import HEARTBEAT_S, Cancelled
from tepat.solvers.pyvrp_engine import PyvrpEngine

TRY_S = 3
"""Seconds of search for each change that is tried."""

type Answer = NextBest | Remedy


@dataclass
class _Heard:
    """What the search said last; it runs beside the thread that writes to the database."""

    words: str = "Menyiapkan hitungan"
    done: int = 0
    total: int = 1

    def tell(self, words: str, done: int, total: int) -> None:
        """Note what is tried now."""
        self.words, self.done, self.total = words, done, total


def find_reasons(job: Job, *, plan: int, subject: str, question: Question) -> dict[str, Any]:
    """Search for what the office asked about one subject of a stored plan.

    Args:
        job: The job's row; who asked for it needs the right to make plans.
        plan: The plan's row.
        subject: What is asked about, as `asked_of` reads it.
        question: ``lain`` for alternatives and their cost, ``tertinggal`` for what serves what is left.

    Returns:
        The answer, as plain values.

    Raises:
        Cancelled: Somebody stopped the job.
        NotAllowed: No such plan in the asker's area.
        Refused: SOLVE-NOT-IN-PLAN, REASON-NO-OTHER, REASON-NOTHING-LEFT, REASON-NOT-A-PLACE.
    """
    row = load_or_refuse(PlanVersion, plan, by=asker(job), permission=Permission.PLAN_EDIT)
    found = plan_of(row.sha256)
    case = case_of(row.problem.sha256, found.strategy)
    about = subject_of(case, found, asked_of(subject))
    engine, heard = PyvrpEngine(), _Heard()
    search = Search(engine, Budget(seconds=TRY_S))
    work: Callable[[], Answer]
    if question == OTHERS:
        work = partial(next_best, case, found, about, search, heard.tell)
    else:
        units = unserved_of(case, found, about)
        work = partial(smallest_remedy, case, found, units, search, heard.tell)
    return dict(msgspec.to_builtins(_searched(job, work, engine, heard)))


def _searched(job: Job, work: Callable[[], Answer], engine: PyvrpEngine, heard: _Heard) -> Answer:
    """Return what the search finds; this thread alone writes to the database.

    Raises:
        Cancelled: The job was cancelled; the engine ends its children at once.
    """
    beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tepat-mengapa")
    try:
        search = beside.submit(work)
        while not search.done():
            if not advance(job.pk, now(), done=heard.done, total=heard.total, message=heard.words[:300]):
                raise Cancelled
            wait([search], timeout=HEARTBEAT_S)
        return search.result()
    finally:
        engine.stop()
        beside.shutdown(wait=False)
