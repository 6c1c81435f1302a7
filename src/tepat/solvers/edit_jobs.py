"""Searches on a plan there is: repairing what was changed by hand, going on after a setback."""

import io
from datetime import datetime
from functools import partial
from typing import Any

from tepat.common.acting import Actor, load_or_refuse
from tepat.common.clock import now
from tepat.common.documents import KeptFile, add_document, keep
from tepat.common.errors import Refused
from tepat.common.jobs import asker
from tepat.common.models import Job
from tepat.common.permissions import Permission
from tepat.common.quantities import grouped, rupiah
from tepat.distribution import documents
from tepat.distribution.archive import matrices_of, plan_of, problem_of
from tepat.distribution.checker import check
from tepat.distribution.draft_actions import change_draft
from tepat.distribution.draft_models import PlanDraft
from tepat.distribution.drafts import edited_of
from tepat.distribution.editing.changes import Repaired, read
from tepat.distribution.editing.repairing import repaired
from tepat.distribution.models import PlanVersion
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem
from tepat.distribution.replanning import WAYS, Setback, both_ways, changes, locked_problem, replan
from tepat.distribution.routing import Budget, Listener
from tepat.distribution.solving import solve
from tepat.solvers.jobs import SEED, SHARES, beside, tell
from tepat.solvers.pyvrp_engine import PyvrpEngine

EDIT = Permission.PLAN_EDIT
REPAIR_S = 5
"""Seconds of search for one try of a repair; there are at most two."""

FIRST_S = 1
"""Seconds until the first answer to a setback is told; people wait at a truck."""

REPLAN_S = 5
"""Seconds of search for each way of going on."""


def repair_draft(job: Job, *, draft: int, revision: int) -> dict[str, Any]:
    """Repair a draft by search, with its pins, locks and moves kept, and add the answer as its next change.

    Args:
        job: The job's row; who asked for it owns the draft.
        draft: The draft's row.
        revision: The draft as it was when this was asked for.

    Returns:
        The row of the draft.

    Raises:
        Cancelled: Somebody stopped the job.
        NotAllowed: No such draft in the asker's area.
        Refused: EDIT-STALE (the draft was changed meanwhile), and those of `repaired`.
    """
    by = asker(job)
    row = load_or_refuse(PlanDraft, draft, by=by, permission=EDIT)
    if row.revision != revision:
        raise Refused("EDIT-STALE", found=row.revision, expected=revision)
    done = [read(each) for each in row.changes]
    found, engine = edited_of(row.plan, row.changes), PyvrpEngine()
    matrices = matrices_of(row.plan.problem.sha256)
    tell(job, 0, 2 * SHARES, "Mencari perbaikan")

    def work(progress: Listener) -> tuple[Problem, Plan]:
        def search(problem: Problem) -> Plan:
            return solve(
                problem,
                found.plan.strategy,
                matrices,
                engine=engine,
                seed=SEED,
                budget=Budget(seconds=REPAIR_S),
                progress=progress,
            )

        return repaired(found, done, matrices, search)

    problem, plan = beside(job, (1, 2 * SHARES), work, engine)
    label = f"Perbaikan suntingan, {row.plan}"
    kept = [_kept(each, label, by=by, at=now(), area_code=row.area_code) for each in (problem, plan)]
    change = Repaired(problem_sha256=kept[0].sha256, plan_sha256=kept[1].sha256)
    change_draft(by=by, at=now(), plan=row.plan_id, revision=revision, change=change)
    return {"draft": row.pk}


def _kept(document: Problem | Plan, label: str, *, by: Actor, at: datetime, area_code: str) -> KeptFile:
    file = keep(io.BytesIO(documents.encode(document)))
    add_document(by=by, at=at, file=file, label=label, area_code=area_code)
    return file


def replan_day(job: Job, *, plan: int, at: str, lost: list[str]) -> dict[str, Any]:
    """Plan on from a moment in both ways, and keep both answers for a person to choose from.

    A first answer is told in the job's progress at once, before both are searched in earnest.

    Args:
        job: The job's row.
        plan: The row of the plan that is being driven.
        at: When it happened, as ISO 8601 with its zone.
        lost: Ids of vehicles that drive no more.

    Returns:
        The hash of the locked problem, and for each way the plan's hash, its status and what it changes.

    Raises:
        Cancelled: Somebody stopped the job.
        NotAllowed: No such plan in the asker's area.
        Refused: REPLAN-VEHICLE, REPLAN-OVER and those of `both_ways`.
    """
    by = asker(job)
    row = load_or_refuse(PlanVersion, plan, by=by, permission=EDIT)
    problem, old = problem_of(row.problem.sha256), plan_of(row.sha256)
    matrices = matrices_of(row.problem.sha256)
    setback = Setback(datetime.fromisoformat(at), tuple(lost))
    tell(job, 0, 2 * SHARES, "Menyusun ulang yang belum berangkat")
    going_on = (problem, old, matrices)
    engine = PyvrpEngine()
    quick = partial(
        replan,
        *going_on,
        setback=setback,
        way="tetap",
        engine=engine,
        seed=SEED,
        budget=Budget(seconds=FIRST_S),
    )
    first = _first_words(old, beside(job, (0, 2 * SHARES), quick, engine), setback)
    tell(job, SHARES, 2 * SHARES, first)
    engine = PyvrpEngine()
    work = partial(
        both_ways, *going_on, setback=setback, engine=engine, seed=SEED, budget=Budget(seconds=REPLAN_S)
    )
    answers = beside(job, (1, 2 * SHARES), work, engine, already=first)
    locked = locked_problem(problem, old, setback.at)
    label = f"Susun ulang, {row}"
    kept = _kept(locked, label, by=by, at=now(), area_code=row.area_code)
    told: dict[str, Any] = {}
    for way in WAYS:
        new = answers[way]
        file = _kept(new, label, by=by, at=now(), area_code=row.area_code)
        moved = changes(old, new, setback)
        told[way] = {
            "sha256": file.sha256,
            "status": check(locked, new, matrices).status,
            "units": moved.units,
            "unaffected": moved.unaffected,
            "moved": moved.moved,
            "cost_rupiah": moved.cost_rupiah,
            "unserved": moved.unserved,
        }
    return {"problem": kept.sha256, "ways": told}


def _first_words(old: Plan, first: Plan, setback: Setback) -> str:
    """Return the first answer in one sentence."""
    found = changes(old, first, setback)
    left = "semua set terbawa" if not found.unserved else f"{grouped(found.unserved)} set belum terbawa"
    sign = "+" if found.cost_rupiah >= 0 else "−"
    return f"Jawaban pertama, yang lain tetap: {left}, {sign}{rupiah(abs(found.cost_rupiah))}."
