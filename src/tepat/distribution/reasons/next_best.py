"""What the next best would cost: every alternative of a subject tried, the cheapest first."""

from collections.abc import Callable

from msgspec import Struct

from tepat.common.errors import Refused
from tepat.distribution.case import Case
from tepat.distribution.plans import Plan
from tepat.distribution.reasons.alternatives import TRIALS_MAX, alternatives
from tepat.distribution.reasons.subjects import Subject
from tepat.distribution.reasons.trying import Search, Tried, attempt

type Told = Callable[[str, int, int], None]
"""Hears what is tried, how many were tried, and how many there are."""

ORDER = ("ditemukan", "tidak-ditemukan", "mustahil")


class NextBest(Struct, frozen=True, kw_only=True):
    """What else was tried for a subject.

    Args:
        subject: The id of what was asked about.
        tried: What came of each, the cheapest found first, then what was not found, then what is impossible.
        untried: Alternatives left out because `TRIALS_MAX` was reached.
        effort: How long each was searched.
    """

    subject: str
    tried: tuple[Tried, ...]
    untried: int
    effort: str


def next_best(case: Case, plan: Plan, subject: Subject, search: Search, tell: Told | None = None) -> NextBest:
    """Return what the alternatives of a subject cost.

    Args:
        case: The plan's problem and strategy.
        plan: A plan that the checker does not call breached.
        subject: What is asked about.
        search: How each alternative is searched.
        tell: Hears of each.

    Raises:
        Refused: REASON-NO-OTHER.
        SearchStopped: The caller ended the engine's search.
    """
    every = alternatives(case, plan, subject)
    if not every:
        raise Refused("REASON-NO-OTHER", subject=subject.id)
    trials = every[:TRIALS_MAX]
    found = []
    for number, trial in enumerate(trials):
        if tell is not None:
            tell(f"Mencoba: {trial.says}", number, len(trials))
        found.append(attempt(case, plan, trial, search))
    found.sort(key=_rank)
    return NextBest(
        subject=subject.id,
        tried=tuple(found),
        untried=len(every) - len(trials),
        effort=search.effort,
    )


def _rank(tried: Tried) -> tuple[int, int, str]:
    return ORDER.index(tried.outcome), tried.rupiah or 0, tried.says
