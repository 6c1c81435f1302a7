"""The working hours of one vehicle on one date, for many replays at once: arrays instead of single moments.

What `working_time.Shift` says for one moment, `Axis` says for an array of them; the last stretch is longer by
the overtime that a crew may work. All moments are whole seconds since 1970.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tepat.distribution.working_time import Shift, Span

Moments = NDArray[np.int64]
Rows = NDArray[np.bool_]

NEVER = 2**60
"""A moment that does not come."""


@dataclass(frozen=True)
class Axis:
    """Working time without gaps.

    Args:
        shift: The hours as planned.
        overtime_s: How much longer work may go on after the end.
    """

    shift: Shift
    overtime_s: int

    @cached_property
    def opens(self) -> Moments:
        """First second of each stretch."""
        return np.array([span[0] for span in self.shift.spans], dtype=np.int64)

    @cached_property
    def closes(self) -> Moments:
        """End of each stretch; the last one has none."""
        return np.array([*(span[1] for span in self.shift.spans[:-1]), NEVER], dtype=np.int64)

    @cached_property
    def before(self) -> Moments:
        """Seconds worked before each stretch, and a last entry that is never reached."""
        lengths = self.closes - self.opens
        return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)

    @property
    def limit(self) -> int:
        """The second at which overtime ends too."""
        return self.shift.closes + self.overtime_s

    def snap(self, at: Moments) -> Moments:
        """Return the first working seconds at or after these moments."""
        return np.maximum(at, self.opens[np.searchsorted(self.closes[:-1], at, side="right")])

    def advance(self, at: Moments, duration_s: Moments) -> Moments:
        """Return when work of these lengths ends; there is no end to the last stretch."""
        if len(self.opens) == 1:
            worked = np.maximum(at - self.opens[0], 0) + duration_s
            return np.where(duration_s == 0, at, self.opens[0] + worked)
        stretch = np.maximum(np.searchsorted(self.opens, at, side="right") - 1, 0)
        inside = np.minimum(np.maximum(at, self.opens[0]), self.closes[stretch]) - self.opens[stretch]
        worked = self.before[stretch] + inside + duration_s
        ends = np.searchsorted(self.before[1:-1], worked, side="left")
        return np.where(duration_s == 0, at, self.opens[ends] + worked - self.before[ends])

    def handle(
        self, spans: Sequence[Span], at: Moments, duration_s: Moments, cap: Moments | None = None
    ) -> tuple[Moments, Moments, Rows]:
        """Return begin and end of handling at a place with these hours, and where it is possible at all.

        Where no stretch holds it, the time of handling passes all the same: somebody looks for whoever opens.

        Args:
            spans: The receiving hours, bridged over breaks of the shift.
            at: When the vehicle is there.
            duration_s: Working seconds of handling.
            cap: The moments after which nothing is received, where they differ from the hours.
        """
        begin = self.snap(at)
        end = self.advance(begin, duration_s)
        good = np.zeros(len(at), dtype=np.bool_)
        for opens, closes in spans:
            last: Moments | int = closes if cap is None else np.minimum(cap, closes)
            start = self.snap(np.maximum(at, opens))
            stop = self.advance(start, duration_s)
            fits = ~good & (start <= last) & (stop <= np.minimum(last, self.limit))
            begin, end = np.where(fits, start, begin), np.where(fits, stop, end)
            good |= fits
            if good.all():
                break
        return begin, end, good
