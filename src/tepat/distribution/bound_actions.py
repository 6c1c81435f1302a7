"""Keeping the proved bound of a strategy."""

from datetime import datetime

from tepat.common import ledger
from tepat.common.acting import Actor, action, load_or_refuse
from tepat.common.errors import Refused
from tepat.common.permissions import Permission
from tepat.distribution.bound_models import StrategyBound
from tepat.distribution.bounds import Bound
from tepat.distribution.models import ProblemFile

BOUND_KEPT = ledger.kind("plan.bound-kept")


@action(Permission.PLAN_EDIT)
def keep_bound(*, by: Actor, at: datetime, problem: int, bound: Bound) -> StrategyBound:
    """Keep a bound; of two proofs for one strategy the higher stays, because both are true.

    Args:
        by: Who keeps it.
        at: When it was proved.
        problem: The row of the problem it speaks of.
        bound: What was proved.

    Raises:
        NotAllowed: No such problem in the actor's area.
        Refused: SOLVE-OTHER-PROBLEM.
    """
    row = load_or_refuse(ProblemFile, problem, by=by, permission=Permission.PLAN_EDIT, lock=True)
    if bound.problem_sha256 != row.sha256:
        raise Refused("SOLVE-OTHER-PROBLEM", file=f"bound-{bound.strategy}.json")
    values = {
        "bound_rupiah": bound.bound_rupiah,
        "converged": bound.converged,
        "assumed": list(bound.assumed),
        "proved_at": at,
    }
    kept, new = StrategyBound.objects.get_or_create(problem=row, strategy=bound.strategy, defaults=values)
    if not new and kept.bound_rupiah < bound.bound_rupiah:
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save()
    ledger.record(
        BOUND_KEPT,
        {"strategy": bound.strategy, "bound_rupiah": kept.bound_rupiah, "converged": kept.converged},
        by=by,
        at=at,
        about=ledger.About(objects=(f"masalah:{row.sha256}",), place=row.area_code),
    )
    return kept
