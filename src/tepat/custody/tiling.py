"""The gap detector: one object's time laid out in segments without a hole, each with one accountable person.

| kind | in words |
|---|---|
| `owned` | held, with evidence that is not too old |
| `offered` | offered, within the plan or the time that an offer may stay open |
| `gap` | offered beyond that: released by one, not taken by the other |
| `one_sided` | held, but only one of the two has said so |
| `stale` | held, and nothing has shown it for too long |
| `missing` | a count did not find it |
| `dispute` | somebody else says they have it |

Of two that are true at once the worse one counts: dispute, missing, gap, one-sided, stale, offered, owned.
A gap or a stale time that may be none, because a phone's clock was wrong, is told apart: it is doubtful.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from tepat.custody.rules import History, Moment

SECOND_US = 1_000_000
HOUR_S = 3600
DAY_S = 24 * HOUR_S

type Kind = Literal["owned", "offered", "gap", "one_sided", "stale", "missing", "dispute"]

_CLEAN = ("owned", "offered", "stale")

# In a warehouse and at a PPK boxes lie for days, and are counted; elsewhere they are on their way or in use.
STALE_S = {
    "gudang": 14 * DAY_S,
    "ppk": 7 * DAY_S,
    "pps": 36 * HOUR_S,
    "kpps": 36 * HOUR_S,
    "angkutan": 12 * HOUR_S,
}


class Tolerances(msgspec.Struct, frozen=True):
    """How long is too long.

    Args:
        grace_s: How late the receipt may be after the leg's plan, in seconds; an offer that is made after its
            plan has as long from then on.
        offered_s: How long an offer without a plan may stay open, in seconds.
        stale_s: By the first word of the post: how long somebody holds it without evidence, in seconds.
        stale_else_s: The same for other posts.
    """

    grace_s: int = HOUR_S
    offered_s: int = 6 * HOUR_S
    stale_s: Mapping[str, int] = msgspec.field(default_factory=lambda: dict(STALE_S))
    stale_else_s: int = DAY_S

    def stale_us(self, post: str) -> int:
        """Return how long a post may hold without evidence, in microseconds."""
        return self.stale_s.get(post.partition(":")[0], self.stale_else_s) * SECOND_US


class Segment(msgspec.Struct, frozen=True, gc=False):
    """A stretch of one object's time.

    Args:
        kind: What it is.
        holder: Who is accountable.
        post: At which post.
        from_us: Its beginning.
        to_us: Its end, which does not belong to it.
        cause: The event after which it began to be so.
        doubtful: The times are so unsure that there may have been no gap, or nothing stale.
        last: The last that is known: its end is the last event's, and nothing followed (`timeline.ended`).
    """

    kind: Kind
    holder: str
    post: str
    from_us: int
    to_us: int
    cause: str
    doubtful: bool = False
    last: bool = False


def tile(history: History, *, now_us: int, tolerances: Tolerances) -> tuple[Segment, ...]:
    """Return the segments of one object from its registration until now.

    Args:
        history: Its history.
        now_us: The moment until which, in microseconds since 1970. What is said to be later is not looked at.
        tolerances: How long is too long.

    Returns:
        Without hole or overlap, in order; empty while nobody has it.
    """
    segments: list[Segment] = []
    evidence_us = 0
    moments = history.moments
    for place, moment in enumerate(moments):
        if moment.evidence:
            evidence_us = moment.at_us
        if not moment.holder:
            continue
        end_us = moments[place + 1].at_us if place + 1 < len(moments) else now_us
        end_us = min(end_us, now_us)
        if end_us <= moment.at_us:
            continue
        first, then, limit_us = _limit(moment, evidence_us, tolerances)
        limit_us = min(max(limit_us, moment.at_us), end_us)
        if moment.at_us < limit_us:
            _append(segments, first, moment, (moment.at_us, limit_us))
        if limit_us < end_us:
            doubt_s = moments[place + 1].uncertainty_s if place + 1 < len(moments) else 0
            doubt_us = (doubt_s + moment.uncertainty_s) * SECOND_US
            _append(segments, then, moment, (limit_us, end_us), doubtful=end_us - doubt_us <= limit_us)
    return tuple(segments)


def _limit(moment: Moment, evidence_us: int, tolerances: Tolerances) -> tuple[Kind, Kind, int]:
    """Return what the time from a moment on is, what it becomes if it lasts too long, and from when on."""
    if moment.status == "sengketa":
        return "dispute", "dispute", moment.at_us
    if moment.status == "belum_terlihat":
        return "missing", "missing", moment.at_us
    if moment.status == "ditawarkan":
        return "one_sided" if moment.one_sided else "offered", "gap", _gap_from_us(moment, tolerances)
    if moment.one_sided:
        return "one_sided", "one_sided", moment.at_us
    return "owned", "stale", evidence_us + tolerances.stale_us(moment.post)


def _gap_from_us(moment: Moment, tolerances: Tolerances) -> int:
    if not moment.expected_us:
        return moment.offered_us + tolerances.offered_s * SECOND_US
    return max(moment.expected_us, moment.offered_us) + tolerances.grace_s * SECOND_US


def _append(
    segments: list[Segment], kind: Kind, moment: Moment, span_us: tuple[int, int], *, doubtful: bool = False
) -> None:
    """Add a segment, or lengthen the last one where nothing changed."""
    doubtful = doubtful and kind in ("gap", "stale")
    from_us, cause = span_us[0], moment.event
    if segments:
        last = segments[-1]
        same = last.kind == kind and last.holder == moment.holder and last.post == moment.post
        if same and last.doubtful == doubtful:
            from_us, cause = last.from_us, last.cause
            segments.pop()
    segments.append(Segment(kind, moment.holder, moment.post, from_us, span_us[1], cause, doubtful))


class Totals(msgspec.Struct, frozen=True):
    """The figures over many objects.

    Args:
        objects: How many were looked at.
        without_gap: How many of them had neither gap nor dispute nor one-sided time, nor were missing.
        doubtful: How many of these may have had one, but for a clock that was wrong.
        gap_us: Time in gaps that are sure, over all objects.
        longest_gap_us: The longest single gap of these.
        by_kind_us: Time of each kind that occurred.
    """

    objects: int
    without_gap: int
    doubtful: int
    gap_us: int
    longest_gap_us: int
    by_kind_us: dict[Kind, int]


def totals(tilings: Iterable[Sequence[Segment]]) -> Totals:
    """Return the figures of "man to man".

    Args:
        tilings: The segments of each object.

    Source:
        docs/decisions/0009-custody.md
    """
    objects = without_gap = doubtful = gap_us = longest_gap_us = 0
    by_kind_us: dict[Kind, int] = {}
    for segments in tilings:
        objects += 1
        clean = sure = True
        for segment in segments:
            length_us = segment.to_us - segment.from_us
            by_kind_us[segment.kind] = by_kind_us.get(segment.kind, 0) + length_us
            if segment.kind == "gap" and segment.doubtful:
                sure = False
            elif segment.kind not in _CLEAN:
                clean = False
                if segment.kind == "gap":
                    gap_us += length_us
                    longest_gap_us = max(longest_gap_us, length_us)
        without_gap += clean
        doubtful += clean and not sure
    return Totals(objects, without_gap, doubtful, gap_us, longest_gap_us, by_kind_us)


def faults_of(segments: Sequence[Segment], *, from_us: int, to_us: int) -> tuple[str, ...]:
    """Return what contradicts "exactly one accountable person at each instant"; nothing where it holds.

    A sweep over all beginnings and ends, which shares no line with `tile` and believes no order.

    Args:
        segments: Of one object, in any order.
        from_us: Its registration.
        to_us: Until when.
    """
    faults = [
        f"a segment from {segment.from_us} to {segment.to_us}"
        for segment in segments
        if segment.from_us >= segment.to_us or segment.from_us < from_us or segment.to_us > to_us
    ]
    faults += [f"nobody from {segment.from_us}" for segment in segments if not segment.holder.strip()]
    changes: dict[int, int] = {from_us: 0, to_us: 0}
    for segment in segments:
        changes[segment.from_us] = changes.get(segment.from_us, 0) + 1
        changes[segment.to_us] = changes.get(segment.to_us, 0) - 1
    accountable = 0
    for at_us in sorted(changes):
        accountable += changes[at_us]
        if from_us <= at_us < to_us and accountable != 1:
            faults.append(f"{accountable} accountable at {at_us}")
    return tuple(faults)
