"""Problems and plans out of the documents store: read once, kept in memory, believed by their hash."""

import tempfile
from functools import lru_cache
from pathlib import Path

from tepat.common.documents import path_of
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.checker import load_matrices
from tepat.distribution.documents import decode_plan, decode_problem
from tepat.distribution.error_bands import Bands, bands_of
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem

PROBLEMS_CACHED_MAX = 4
PLANS_CACHED_MAX = 16


@lru_cache(maxsize=PROBLEMS_CACHED_MAX)
def problem_of(sha256: str) -> Problem:
    """Return a stored problem."""
    return decode_problem(path_of(sha256).read_bytes())


@lru_cache(maxsize=PLANS_CACHED_MAX)
def plan_of(sha256: str) -> Plan:
    """Return a stored plan."""
    return decode_plan(path_of(sha256).read_bytes())


@lru_cache(maxsize=PLANS_CACHED_MAX)
def bands_of_plan(problem_sha256: str, plan_sha256: str) -> Bands:
    """Return how far the moments of a stored plan may be off."""
    return bands_of(problem_of(problem_sha256), plan_of(plan_sha256))


@lru_cache(maxsize=PROBLEMS_CACHED_MAX)
def matrices_of(sha256: str) -> Matrices:
    """Return the matrices of a stored problem, each believed only by its hash.

    Raises:
        Refused: CHECK-MATRIX-MISSING and the others of `load_matrices`.
    """
    problem = problem_of(sha256)
    with tempfile.TemporaryDirectory(prefix="tepat-") as folder:
        for matrix in problem.matrices:
            stored = path_of(matrix.sha256)
            if stored.exists():
                (Path(folder) / matrix.file).symlink_to(stored)
        return load_matrices(problem, Path(folder))


def case_of(problem_sha256: str, strategy: str) -> Case:
    """Return a stored problem under one of its strategies."""
    return open_case(problem_of(problem_sha256), strategy, matrices_of(problem_sha256))
