"""`bound-STRATEGY.json`: how cheap any plan of a strategy can possibly be, and how far a plan is above it."""

from typing import Literal

from tepat.common.quantities import decimal_comma, rupiah
from tepat.distribution.problems import Document

BOUND_VERSION = 1


class Bound(Document, frozen=True, kw_only=True):
    """What was proved for one strategy of a problem.

    Args:
        schema: Always the same.
        schema_version: Of this document.
        problem_id: The problem.
        problem_sha256: Its hash.
        strategy: The strategy.
        bound_rupiah: No plan that serves every set has a smaller bill, as long as `assumed` holds.
        converged: Whether more time could not have raised it.
        seconds: How long was searched.
        assumed: What a plan must have in common with the planner's reading of the problem.
    """

    schema: Literal["tepat/bound"]
    schema_version: int
    problem_id: str
    problem_sha256: str
    strategy: str
    bound_rupiah: int
    converged: bool
    seconds: int
    assumed: tuple[str, ...]


def bound_text(bound_rupiah: int) -> str:
    """Return the bound in words."""
    return f"Paling murah yang mungkin: {rupiah(bound_rupiah)}"


def gap_text(cost_rupiah: int, bound_rupiah: int) -> str:
    """Return how far a plan's cost is above the bound, such as ``1,4 %``, never less than it is."""
    if bound_rupiah <= 0:
        return ""
    tenths = -(-1000 * (cost_rupiah - bound_rupiah) // bound_rupiah)
    return f"{decimal_comma(tenths / 10, 1)} %"


def judged_text(cost_rupiah: int, bound_rupiah: int) -> str:
    """Return the sentence about one whole plan; empty where the plan had other terms than the bound."""
    gap = gap_text(cost_rupiah, bound_rupiah)
    if not gap or cost_rupiah < bound_rupiah:
        return ""
    return f"{bound_text(bound_rupiah)}; rencana ini {gap} di atasnya."
