"""Working time: the seconds in which a vehicle may work, as an axis without gaps, and back to the clock.

All moments are whole seconds since 1970 (UTC).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tepat.distribution.problems import Interval

Span = tuple[int, int]
"""A stretch of time: first second, and the second after the last."""


def second(moment: datetime) -> int:
    """Return a moment as whole seconds since 1970."""
    return int(moment.timestamp())


def moment(second_: int) -> datetime:
    """Return whole seconds since 1970 as a moment in UTC."""
    return datetime.fromtimestamp(second_, tz=UTC)


def spans(intervals: Iterable[Interval]) -> tuple[Span, ...]:
    """Return intervals in order, empty ones dropped, touching and overlapping ones joined."""
    joined: list[Span] = []
    for opens, closes in sorted((second(each.opens_at), second(each.closes_at)) for each in intervals):
        if closes <= opens:
            continue
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def spans_by_date(intervals: Iterable[Interval], zone: ZoneInfo) -> dict[date, tuple[Span, ...]]:
    """Return the spans of each local date on which they begin."""
    found: dict[date, list[Span]] = {}
    for span in spans(intervals):
        found.setdefault(moment(span[0]).astimezone(zone).date(), []).append(span)
    return {day: tuple(each) for day, each in found.items()}


@dataclass(frozen=True)
class Shift:
    """The working hours of one vehicle on one date.

    Args:
        spans: In order, without overlap, at least one.
    """

    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        assert self.spans, "a shift has hours"

    @property
    def opens(self) -> int:
        """The first second of work."""
        return self.spans[0][0]

    @property
    def closes(self) -> int:
        """The second at which work ends."""
        return self.spans[-1][1]

    @property
    def length_s(self) -> int:
        """Working seconds of the whole shift."""
        return sum(closes - opens for opens, closes in self.spans)

    @property
    def shape(self) -> tuple[Span, ...]:
        """The spans relative to the start: shifts of one shape differ only in date."""
        return tuple((opens - self.opens, closes - self.opens) for opens, closes in self.spans)

    def snap(self, at: int) -> int | None:
        """Return the first working second at or after `at`; None after the end."""
        for opens, closes in self.spans:
            if at < closes:
                return max(at, opens)
        return None

    def advance(self, at: int, duration_s: int) -> int | None:
        """Return when work of this length ends that begins at `at`; None if the shift is over before."""
        if duration_s == 0:
            return at if at <= self.closes else None
        left = duration_s
        for opens, closes in self.spans:
            begin = max(at, opens)
            if begin >= closes:
                continue
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
        return None

    def worked(self, at: int) -> int:
        """Return the working seconds from the start of the shift to `at`."""
        return sum(min(closes, at) - opens for opens, closes in self.spans if at > opens)

    def clock(self, worked_s: int) -> int:
        """Return the earliest moment by which this much of the shift is worked."""
        return self.opens if worked_s <= 0 else (self.advance(self.opens, worked_s) or self.closes)

    def breaks(self) -> tuple[Span, ...]:
        """Return the gaps between the spans, and all that lies before and after."""
        edges = [-(2**62)] + [edge for span in self.spans for edge in span] + [2**62]
        return tuple((edges[index], edges[index + 1]) for index in range(0, len(edges), 2))

    def receiving(self, hours: tuple[Span, ...]) -> tuple[Span, ...]:
        """Return the stretches in which a place with these hours can be served without a stop of work.

        Hours are bridged over a gap that is also a break of the shift.
        """
        bridged: list[Span] = []
        breaks = self.breaks()
        for opens, closes in hours:
            if bridged and any(first <= bridged[-1][1] and opens <= last for first, last in breaks):
                bridged[-1] = (bridged[-1][0], closes)
            else:
                bridged.append((opens, closes))
        return tuple(bridged)
