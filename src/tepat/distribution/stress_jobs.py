"""The stress test of a stored plan, as a job; its report is kept beside the plan."""

import io
from typing import Any

import msgspec

from tepat.common.acting import load_or_refuse
from tepat.common.clock import now
from tepat.common.documents import keep, path_of
from tepat.common.jobs import advance, asker
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.distribution.archive import matrices_of, plan_of, problem_of
from tepat.distribution.models import PlanVersion
from tepat.distribution.stress.report import REPLAYS, StressReport, Terms, stress
from tepat.distribution.stress.scenarios import example_scenarios
from tepat.distribution.stress_actions import keep_stress_test
from tepat.distribution.stress_models import StressTest

TASK = "tepat.distribution.stress_jobs.run_stress_test"
SEED = 1
STEPS = 30
"""What a bar of progress counts; a promise may take longer, and the bar then waits at its end."""


class Cancelled(Exception):  # noqa: N818 - not an error: somebody pressed the button
    """The job was cancelled while it ran."""


def run_stress_test(job: Job, *, plan: int, hold: int | None = None) -> dict[str, Any]:
    """Replay a stored plan with the example scenarios and keep the report.

    Args:
        job: The job's row; who asked for it needs the right to make plans.
        plan: The plan's row.
        hold: How often each PPS is to be in time, in percent; None = only measure.

    Returns:
        The rows of the plan and of the test.

    Raises:
        Cancelled: Somebody stopped the job.
        NotAllowed: No such plan in the asker's area.
        Refused: STRESS-NOT-ACCEPTED and the others of `stress`.
    """
    by, done = asker(job), 0
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT)

    def tell(words: str) -> None:
        nonlocal done
        done += 1
        if not advance(job.pk, now(), done=min(done, STEPS), total=STEPS, message=words):
            raise Cancelled

    terms = Terms(replays=REPLAYS, seed=SEED, scenarios=example_scenarios(), hold_percent=hold)
    problem_sha256 = row.problem.sha256
    report = stress(problem_of(problem_sha256), plan_of(row.sha256), matrices_of(problem_sha256), terms, tell)
    kept = keep_stress_test(
        by=by, at=now(), plan=row.pk, file=keep(io.BytesIO(msgspec.json.encode(report))), terms=terms
    )
    return {"plan": row.pk, "test": kept.pk}


def report_of(test: StressTest) -> StressReport:
    """Return the stored report of a test."""
    return msgspec.json.decode(path_of(test.sha256).read_bytes(), type=StressReport)
