"""Opening and working hours as a clock that stands still outside them."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


@dataclass(frozen=True)
class Hours:
    """Intervals in ascending order; those that touch are one.

    Args:
        opens: Beginnings, in seconds since 1970-01-01 UTC.
        closes: Ends, likewise.
    """

    opens: tuple[int, ...]
    closes: tuple[int, ...]

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> "Hours":
        """Return the hours made of these (begin, end) pairs, sorted and apart or touching."""
        merged: list[list[int]] = []
        for begin, end in intervals:
            assert begin < end, (begin, end)
            assert not merged or merged[-1][1] <= begin, "intervals overlap"
            if merged and merged[-1][1] == begin:
                merged[-1][1] = end
            else:
                merged.append([begin, end])
        return cls(tuple(begin for begin, _ in merged), tuple(end for _, end in merged))

    @cached_property
    def _before(self) -> tuple[int, ...]:
        lengths = (end - begin for begin, end in zip(self.opens, self.closes, strict=True))
        return tuple(accumulate(lengths, initial=0))

    def elapsed_s(self, start: int, end: int) -> int:
        """Return the seconds of these hours between two moments; negative where `end` comes first."""
        return self._until(end) - self._until(start)

    def holds(self, moment: int) -> bool:
        """Return whether a moment lies in an interval, its two ends included."""
        at = bisect_right(self.opens, moment) - 1
        return at >= 0 and moment <= self.closes[at]

    def common(self, other: "Hours") -> "Hours":
        """Return the hours that lie in both."""
        pairs: list[tuple[int, int]] = []
        mine = theirs = 0
        while mine < len(self.opens) and theirs < len(other.opens):
            begin = max(self.opens[mine], other.opens[theirs])
            end = min(self.closes[mine], other.closes[theirs])
            if begin < end:
                pairs.append((begin, end))
            if self.closes[mine] <= other.closes[theirs]:
                mine += 1
            else:
                theirs += 1
        return Hours.of(pairs)

    def _until(self, moment: int) -> int:
        at = bisect_right(self.opens, moment) - 1
        if at < 0:
            return 0
        return self._before[at] + min(moment, self.closes[at]) - self.opens[at]
