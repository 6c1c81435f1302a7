"""The comparison as a document: sets, what would change the choice, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from tepat.distribution.case import Matrices
from tepat.distribution.documents import sha256
from tepat.distribution.problems import Problem
from tepat.distribution.routing import Listener, RoutingEngine
from tepat.distribution.warehouses.choosing import Comparison, Found, Tell, Terms, ranked
from tepat.distribution.warehouses.levers import flips
from tepat.distribution.warehouses.pruning import Shares
from tepat.distribution.warehouses.report import REPORT_VERSION, WarehouseReport
from tepat.distribution.warehouses.sets import candidates_of, set_name
from tepat.distribution.warehouses.words import why


@dataclass(frozen=True)
class Answered:
    """A comparison.

    Args:
        report: What is kept of it.
        found: The problem and the plan of each set that was routed, by the set's name.
    """

    report: WarehouseReport
    found: Mapping[str, Found]


def compare_warehouses(  # noqa: PLR0913 - three documents in, the engine, and who hears of it, all by name
    problem: Problem,
    matrices: Matrices,
    terms: Terms,
    *,
    engine: RoutingEngine,
    shares: Mapping[str, Shares],
    tell: Tell | None = None,
    progress: Listener | None = None,
) -> Answered:
    """Return every set of warehouses with its cost, or why it was not routed.

    Args:
        problem: The problem of all candidates.
        matrices: Travel by vehicle class and weather.
        terms: How they are compared.
        engine: Whoever routes.
        shares: By warehouse what is proved of it; empty = nothing is skipped.
        tell: Hears of each set that is begun.
        progress: Hears of each search.

    Raises:
        Refused: WAREHOUSES-NONE, WAREHOUSES-MANY, WAREHOUSES-SETS, WAREHOUSES-PRICE-ZERO,
            WAREHOUSES-NONE-LEFT.
        SearchStopped: The caller ended the search.
    """
    candidates = candidates_of(problem)
    comparison = Comparison(problem, matrices, terms, engine, shares, tell, progress)
    comparison.run()
    results = tuple(ranked(comparison.results))
    report = WarehouseReport(
        schema="tepat/warehouses",
        schema_version=REPORT_VERSION,
        problem_sha256=sha256(problem),
        strategy=terms.template.name,
        seed=terms.seed,
        seconds=terms.budget.seconds,
        iterations=terms.budget.iterations,
        candidates={place.id: place.name for place in candidates},
        asides=comparison.asides,
        sets=results,
        flips=flips(problem, results),
        why=why(problem, results),
    )
    found = {set_name(problem, members): each for members, each in comparison.found.items()}
    return Answered(report, found)
