"""Going on after a setback: the answers that a search left, and keeping one of them as the next version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tepat.common.acting import Actor, load_or_refuse
from tepat.common.documents import keep, path_of
from tepat.common.errors import Refused
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.distribution.actions import keep_plan
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.draft_actions import keep_edited_problem
from tepat.distribution.editing.differences import Differences, differences
from tepat.distribution.models import PlanVersion
from tepat.distribution.replanning import WAYS, Changes, Way

TASK = "tepat.solvers.edit_jobs.replan_day"


@dataclass(frozen=True)
class Answer:
    """One way of going on.

    Args:
        way: ``tetap`` or ``termurah``.
        status: The checker's.
        cost_rupiah: The whole new bill.
        changes: How much differs from the old plan.
        found: What differs, place by place.
    """

    way: Way
    status: str
    cost_rupiah: int
    changes: Changes
    found: Differences


def answers(row: PlanVersion, job: Job) -> list[Answer]:
    """Return both ways that a job found for a plan; nothing where its documents are gone.

    Args:
        row: The plan that was being driven.
        job: A finished job.
    """
    said: dict[str, Any] = job.answer or {}
    ways = said.get("ways", {})
    files = [said.get("problem", ""), *(one["sha256"] for one in ways.values())]
    if not ways or not all(path_of(sha256).exists() for sha256 in files):
        return []
    before, problem = (problem_of(row.problem.sha256), plan_of(row.sha256)), problem_of(said["problem"])
    found = []
    for way in WAYS:
        one, plan = ways[way], plan_of(ways[way]["sha256"])
        counted = Changes(one["units"], one["unaffected"], one["moved"], one["cost_rupiah"], one["unserved"])
        differs = differences(before, (problem, plan))
        found.append(Answer(way, one["status"], plan.totals.cost_rupiah, counted, differs))
    return found


def keep_answer(*, by: Actor, at: datetime, plan: int, job: Job, way: str) -> PlanVersion:
    """Keep one way of going on as the next draft version; the published plan stays as it is.

    Args:
        by: Who chose.
        at: When.
        plan: The plan that was being driven.
        job: The job that found the answers.
        way: ``tetap`` or ``termurah``.

    Raises:
        NotAllowed: No such plan in the actor's area.
        Refused: SETBACK-NO-ANSWER, and those of `keep_plan`.
    """
    row = load_or_refuse(PlanVersion, plan, by=by, permission=Permission.PLAN_EDIT)
    said: dict[str, Any] = job.answer or {}
    chosen = said.get("ways", {}).get(way)
    if job.task != TASK or job.arguments.get("plan") != row.pk or chosen is None or not answers(row, job):
        raise Refused("SETBACK-NO-ANSWER")
    problem = keep_edited_problem(by=by, at=at, base=row.problem, problem=problem_of(said["problem"]))
    with path_of(chosen["sha256"]).open("rb") as stream:
        file = keep(stream)
    return keep_plan(by=by, at=at, problem=problem.pk, file=file)
