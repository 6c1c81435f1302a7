"""What the office asked about plans, and the answers that came back with the jobs."""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from tepat.common.models import Job
from tepat.distribution.models import PlanVersion
from tepat.distribution.reasons.next_best import NextBest
from tepat.distribution.reasons.smallest import Remedy
from tepat.planning.scope import Scope

Question = Literal["lain", "tertinggal"]
OTHERS: Question = "lain"
LEFT: Question = "tertinggal"

TASK = "tepat.solvers.reason_jobs.find_reasons"

WHOLE = "rencana"
"""What stands in an address for the plan as a whole."""


@dataclass(frozen=True)
class Asked:
    """How the questions about one subject stand.

    Args:
        running: The job at work on one; None if none is.
        failed: The last job, if it failed.
        others: The newest answer on alternatives.
        remedy: The newest answer on what is left behind.
    """

    running: Job | None
    failed: Job | None
    others: NextBest | None
    remedy: Remedy | None


def asked_of(subject: str) -> str | None:
    """Return what an address asks about, as `subject_of` reads it."""
    return None if subject == WHOLE else subject


def jobs_about(scope: Scope, row: PlanVersion, subject: str) -> Any:
    """Return the jobs on one subject of a plan, the newest first."""
    mine = Job.objects.filter(task=TASK, arguments__plan=row.pk, arguments__subject=subject)
    return scope.visible(mine, "area_code")


def asked_about(scope: Scope, row: PlanVersion, subject: str) -> Asked:
    """Return how the questions about one subject stand; a plan never changes, so answers stay true."""
    jobs = jobs_about(scope, row, subject)
    last = jobs.first()
    return Asked(
        running=jobs.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first(),
        failed=last if last is not None and last.state == Job.State.FAILED else None,
        others=_answer(jobs, OTHERS, NextBest),
        remedy=_answer(jobs, LEFT, Remedy),
    )


def _answer[T: (NextBest, Remedy)](jobs: Any, question: Question, kind: type[T]) -> T | None:
    done = jobs.filter(state=Job.State.DONE, arguments__question=question).first()
    return msgspec.convert(done.answer, kind) if done is not None else None
