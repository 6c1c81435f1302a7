"""The blind re-check: a sample that anybody can draw again from its seed, and what it proves. Pure."""

import hashlib
import math
from collections.abc import Iterable

CONFIDENCE_BASIS_POINTS = 9500
BASIS_POINTS = 10_000
SAMPLE_MAX = 2000
SEED_LENGTH_MAX = 40


def sample(codes: Iterable[str], *, seed: str, size: int) -> list[str]:
    """Return the boxes to be looked at: those whose SHA-256 with the seed is smallest.

    The same seed and the same boxes give the same sample, in any language and without our code.

    Args:
        codes: The boxes it is drawn from; their order does not matter.
        seed: Any text, such as the numbers that a supervisor named.
        size: How many; all of them where there are fewer.
    """
    assert size >= 0, size
    ranked = sorted(set(codes), key=lambda code: (hashlib.sha256(f"{seed}:{code}".encode()).digest(), code))
    return ranked[:size]


def error_bound(checked: int, errors: int) -> int:
    """Return how many boxes in 10,000 may be wrong at most, with 95 % confidence; rounded up.

    Without any error it is the rule of three, 3/n; otherwise the one-sided limit of Clopper and Pearson. Both
    take the boxes for endlessly many, which errs on the careful side.

    Args:
        checked: Boxes that were looked at.
        errors: Those that were wrong.
    """
    assert 0 <= errors <= checked, (errors, checked)
    if errors == checked:
        return BASIS_POINTS
    if not errors:
        return min(BASIS_POINTS, -(-3 * BASIS_POINTS // checked))
    low, high = errors * BASIS_POINTS // checked, BASIS_POINTS
    while low < high:
        middle = (low + high) // 2
        if _at_most(errors, checked, middle / BASIS_POINTS) <= 1 - CONFIDENCE_BASIS_POINTS / BASIS_POINTS:
            high = middle
        else:
            low = middle + 1
    return high


def _at_most(errors: int, checked: int, share: float) -> float:
    """Return the probability of no more errors than these where this share of boxes is wrong."""
    if share >= 1:
        return 0.0
    wrong, right = math.log(share), math.log1p(-share)
    return math.fsum(
        math.exp(_ways(checked, count) + count * wrong + (checked - count) * right)
        for count in range(errors + 1)
    )


def _ways(checked: int, count: int) -> float:
    """Return the logarithm of how many ways there are to choose so many of all."""
    return math.lgamma(checked + 1) - math.lgamma(count + 1) - math.lgamma(checked - count + 1)
