"""A folder with a problem, its matrices and plans becomes rows: what demo and solving job hand over."""

from datetime import datetime
from pathlib import Path

from tepat.common.acting import Actor
from tepat.common.documents import KeptFile, keep
from tepat.distribution.actions import keep_plan, keep_problem
from tepat.distribution.bound_actions import keep_bound
from tepat.distribution.documents import read_bound, read_problem
from tepat.distribution.models import PlanVersion, ProblemFile

PROBLEM_FILE = "problem.json"


def keep_problem_folder(
    folder: Path, *, by: Actor, at: datetime, variant_of: int | None = None
) -> ProblemFile:
    """Keep the problem of a folder with the matrices beside it.

    Args:
        folder: Holds `problem.json` and its matrices.
        by: Who keeps it.
        at: When.
        variant_of: The problem beside which it is kept as a "what if", such as rain; None = for itself.

    Raises:
        NotAllowed: No such other problem in the actor's area.
        Refused: DIST-UNREADABLE, DIST-VERSION, PLAN-OTHER-AREA, CHECK-MATRIX-MISSING.
    """
    problem = read_problem(folder / PROBLEM_FILE)
    files = tuple(_keep(folder / matrix.file) for matrix in problem.matrices)
    row: ProblemFile = keep_problem(
        by=by,
        at=at,
        area_code=problem.office.code,
        file=_keep(folder / PROBLEM_FILE),
        matrices=files,
        variant_of=variant_of,
    )
    return row


def keep_plan_file(path: Path, problem: ProblemFile, *, by: Actor, at: datetime) -> PlanVersion:
    """Check one `plan.json` and keep it as a draft.

    Raises:
        Refused: DIST-UNREADABLE, SOLVE-OTHER-PROBLEM, PLAN-BREACHED.
    """
    return keep_plan(by=by, at=at, problem=problem.pk, file=_keep(path))


def keep_folder(folder: Path, *, by: Actor, at: datetime) -> list[PlanVersion]:
    """Keep a folder's problem, its bounds (`bound-NAME.json`) and all its plans, in the order of their names.

    Raises:
        Refused: Those of `keep_problem_folder` and `keep_plan_file`.
    """
    problem = keep_problem_folder(folder, by=by, at=at)
    for path in sorted(folder.glob("bound-*.json")):
        keep_bound(by=by, at=at, problem=problem.pk, bound=read_bound(path))
    return [keep_plan_file(path, problem, by=by, at=at) for path in sorted(folder.glob("plan-*.json"))]


def _keep(path: Path) -> KeptFile:
    with path.open("rb") as stream:
        return keep(stream)
