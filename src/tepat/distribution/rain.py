"""Which strategy is computed once more for rainy days, what the job is told, and where its answer stands."""

from typing import Any

from tepat.distribution.archive import problem_of
from tepat.distribution.models import PlanVersion, ProblemFile

TASK = "tepat.solvers.jobs.compare_rain"
STRATEGIES = ("campuran", "lewat-ppk", "langsung-pps")
"""The first of these that has a whole plan: over a PPK near by, more desa are in reach of one rainy day."""

SECONDS = 6
"""Seconds of search."""


def rain_strategy(dry: ProblemFile) -> str | None:
    """Return the strategy to compute for rain beside a dry problem; None if none has a whole plan."""
    whole = set(
        dry.plans.filter(status=PlanVersion.Status.ACCEPTED).values_list("strategy", flat=True).distinct()
    )
    return next((name for name in STRATEGIES if name in whole), None)


def rain_arguments(dry: ProblemFile) -> dict[str, Any] | None:
    """Return the arguments of the job beside a dry problem; None if there is nothing to compare with."""
    strategy = rain_strategy(dry)
    if strategy is None:
        return None
    return {"election": dry.election.code, "problem": dry.pk, "strategy": strategy, "seconds": SECONDS}


def rain_variant(dry: ProblemFile) -> ProblemFile | None:
    """Return the newest problem of rainy days that stands beside a dry one and has a plan."""
    variants = dry.variants.filter(plans__isnull=False).distinct()
    return next((row for row in variants if any(_wet(row))), None)


def _wet(row: ProblemFile) -> list[bool]:
    return [day.weather == "hujan" for day in problem_of(row.sha256).days]
