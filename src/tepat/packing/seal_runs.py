"""Seal numbers written small: seals come in rolls, so most of them follow one another. Pure.

The page of a packing table carries every seal that the office has used, and looks a scanned one up without a
server (`frontend/src/kemas-segel.ts`). Written so, nothing is lost and no number is taken for another.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# Nine digits at most count: they fit a whole number of every browser, what stands before them is a prefix.
_NUMBER = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)


@dataclass(frozen=True)
class Runs:
    """Seal numbers, those that count up written as runs.

    Args:
        counted: By what stands before the digits and how many there are, such as ``AB 6``: first number and
            how many follow one another, again and again, in order.
        plain: Numbers without digits at their end.
    """

    counted: dict[str, list[int]]
    plain: list[str]


def runs(numbers: Iterable[str]) -> Runs:
    """Return seal numbers as runs.

    Args:
        numbers: As `rules_seals.seal_number` returns them.
    """
    groups: dict[str, set[int]] = defaultdict(set)
    plain = set()
    for number in numbers:
        found = _NUMBER.fullmatch(number)
        if found is None:
            plain.add(number)
        else:
            groups[f"{found[1]} {len(found[2])}"].add(int(found[2]))
    return Runs({key: _runs(sorted(groups[key])) for key in sorted(groups)}, sorted(plain))


def _runs(values: list[int]) -> list[int]:
    written: list[int] = []
    for value in values:
        if written and written[-2] + written[-1] == value:
            written[-1] += 1
        else:
            written += [value, 1]
    return written
