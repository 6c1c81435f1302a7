"""What the office reads of the proved bound: a sentence on a plan's page, two rows in the comparison."""

from collections.abc import Sequence
from typing import Any

from tepat.common.tables import Cell, Kind
from tepat.distribution.bound_models import StrategyBound
from tepat.distribution.bounds import gap_text, judged_text
from tepat.distribution.models import PlanVersion


def bound_of(plan: PlanVersion) -> StrategyBound | None:
    """Return the bound of a plan's strategy, if one was proved."""
    return StrategyBound.objects.filter(problem=plan.problem_id, strategy=plan.strategy).first()


def bound_line(plan: PlanVersion) -> dict[str, Any] | None:
    """Return the sentence on a whole plan's page and what it rests on; None without a bound."""
    bound = bound_of(plan) if plan.status == PlanVersion.Status.ACCEPTED else None
    text = judged_text(plan.column["cost_rupiah"], bound.bound_rupiah) if bound is not None else ""
    if bound is None or not text:
        return None
    return {"text": text, "converged": bound.converged, "assumed": bound.assumed}


def bound_rows(plans: Sequence[PlanVersion]) -> list[list[Any]]:
    """Return two rows for plans side by side: the cheapest possible cost, and how far each is above it."""
    found = StrategyBound.objects.filter(problem__in={plan.problem_id for plan in plans})
    by_strategy = {(bound.problem_id, bound.strategy): bound.bound_rupiah for bound in found}
    bounds = [by_strategy.get((plan.problem_id, plan.strategy)) for plan in plans]
    if not any(bounds):
        return []
    gaps = [_gap(plan, bound) for plan, bound in zip(plans, bounds, strict=True)]
    return [
        ["Paling murah yang mungkin", *(Cell(bound, kind=Kind.RUPIAH) for bound in bounds)],
        ["· rencana di atasnya", *gaps],
    ]


def _gap(plan: PlanVersion, bound: int | None) -> str | None:
    cost = plan.column["cost_rupiah"]
    whole = plan.status == PlanVersion.Status.ACCEPTED
    return gap_text(cost, bound) if whole and bound is not None and cost >= bound else None
