"""In which order the events about one object stand, whatever the order in which they came.

By estimated time; but an answer never stands before its offer, nothing that moves an object before its
first registration, the events of one device stand in the order of its counter, and a receipt stands after
the first one by which its giver came to the object, if their times leave that open. Where these contradict
the estimated times, a doubtful time gives way to a certain one. Where they contradict each other (a forged
counter), the earliest of those that wait goes first.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from operator import attrgetter
from typing import cast

from tepat.custody import events
from tepat.custody.facts import Fact

SECOND_US = 1_000_000
_by_time = attrgetter("at_us", "id")
_ANSWERS = {"custody.accepted", "custody.refused", "custody.withdrawn", "custody.count-differs"}
_AFTER_REGISTRATION = _ANSWERS | {
    "custody.offered",
    "custody.seen",
    "custody.settled",
    "custody.taken-over",
}
_RECEIPTS = {"custody.registered", "custody.accepted", "custody.settled", "custody.taken-over"}
type _Answer = events.Accepted | events.Refused | events.Withdrawn | events.CountDiffers


def once_each(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts by time, one for each id."""
    found: dict[str, Fact] = {}
    for fact in facts:
        before = found.setdefault(fact.id, fact)
        assert before is fact or before == fact, f"two events {fact.id} that differ"
    return sorted(found.values(), key=_by_time)


def ordered(facts: Sequence[Fact]) -> tuple[Sequence[Fact], Sequence[int]]:
    """Return facts in their order, and when each is taken to have occurred.

    Args:
        facts: About one object, by time and id, one for each id.

    Returns:
        The facts, and as many moments in microseconds, none before the one that it follows.
    """
    if _stands(facts):
        return facts, [fact.at_us for fact in facts]
    after = _edges(facts)
    first = list(_kahn([(i,) for i in range(len(facts))], after))
    rank = {node: place for place, node in enumerate(first)}
    after = [[j for j in nodes if rank[i] < rank[j]] for i, nodes in enumerate(after)]
    times = _estimates_agreed(facts, after, first)
    order = list(_kahn([(times[i], i) for i in range(len(facts))], after))
    placed, last = [], times[order[0]]
    for node in order:
        last = max(last, times[node])
        placed.append(last)
    return [facts[node] for node in order], placed


def _stands(facts: Sequence[Fact]) -> bool:
    """Return whether the order by time already keeps every constraint."""
    return _counters_rise(facts) and _answers_follow(facts) and _givers_had_it(facts)


def _counters_rise(facts: Sequence[Fact]) -> bool:
    last: dict[str, int] = {}
    for fact in facts:
        if fact.counter and fact.device:
            if last.get(fact.device, 0) > fact.counter:
                return False
            last[fact.device] = fact.counter
    return True


def _answers_follow(facts: Sequence[Fact]) -> bool:
    """Return whether no answer stands before its offer, and no move before the first registration."""
    answered: set[str] = set()
    moved = registered = False
    for fact in facts:
        kind = fact.kind
        if kind == "custody.registered":
            if moved and not registered:
                return False
            registered = True
        elif kind in _AFTER_REGISTRATION:
            moved = True
            if kind in _ANSWERS:
                answered.add(cast("_Answer", fact.payload).offer)
            elif fact.id in answered:
                return False
    return True


def _givers_had_it(facts: Sequence[Fact]) -> bool:
    """Return whether nobody gives it before they have it, but for those who never get it."""
    held: set[str] = set()
    gave: set[str] = set()
    for fact in facts:
        if fact.kind in _RECEIPTS:
            giver, receiver = _hand_over(fact)
            if receiver in gave and receiver not in held:
                return False
            gave.add(giver)
            held.add(receiver)
    return True


def _hand_over(fact: Fact) -> tuple[str, str]:
    """Return who gave it and who has it then; at a registration and at a settling nobody gives."""
    payload = fact.payload
    if isinstance(payload, events.Accepted):
        return payload.giver, payload.receiver
    if isinstance(payload, events.TakenOver):
        return payload.from_person, payload.to_person
    return "", cast("events.Registered | events.Settled", payload).holder


def _edges(facts: Sequence[Fact]) -> list[list[int]]:
    """Return, for each fact, those that must stand after it."""
    after: list[list[int]] = [[] for _ in facts]
    offers = {fact.id: i for i, fact in enumerate(facts) if fact.kind == "custody.offered"}
    first = next((i for i, fact in enumerate(facts) if fact.kind == "custody.registered"), None)
    for i, fact in enumerate(facts):
        if fact.kind in _ANSWERS:
            offer = offers.get(cast("_Answer", fact.payload).offer)
            if offer is not None:
                after[offer].append(i)
        if first is not None and fact.kind in _AFTER_REGISTRATION:
            after[first].append(i)
    for one, next_one in chain(_counter_steps(facts), _giver_steps(facts)):
        for node in one:
            after[node].extend(next_one)
    return after


def _giver_steps(facts: Sequence[Fact]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the first receipt of each giver and the receipt from them, where the times leave it open."""
    receipts = [(i, *_hand_over(fact)) for i, fact in enumerate(facts) if fact.kind in _RECEIPTS]
    first: dict[str, int] = {}
    for i, _, receiver in receipts:
        first.setdefault(receiver, i)
    for i, giver, receiver in receipts:
        came = first.get(giver)
        if came is None or came == i or giver == receiver:
            continue
        doubt_us = (facts[came].uncertainty_s + facts[i].uncertainty_s) * SECOND_US
        if facts[came].at_us - facts[i].at_us <= doubt_us:
            yield [came], [i]


def _counter_steps(facts: Sequence[Fact]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield, for each device, the facts of one counter and those of the next."""
    devices: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, fact in enumerate(facts):
        if fact.device and fact.counter:
            devices[fact.device][fact.counter].append(i)
    for counters in devices.values():
        yield from pairwise(counters[counter] for counter in sorted(counters))


def _kahn(keys: Sequence[tuple[int, ...]], after: Sequence[Sequence[int]]) -> Iterator[int]:
    """Yield the nodes so that each stands after those before it, the smallest key first."""
    waits_for = [0] * len(keys)
    for nodes in after:
        for node in nodes:
            waits_for[node] += 1
    by_key = sorted(range(len(keys)), key=keys.__getitem__)
    ready = [(keys[node], node) for node in by_key if not waits_for[node]]
    done = [False] * len(keys)
    rest = iter(by_key)
    for _ in keys:
        # Nobody is ready: the constraints run in a circle, which only a forged counter can make.
        node = heapq.heappop(ready)[1] if ready else next(node for node in rest if not done[node])
        done[node] = True
        yield node
        for later in after[node]:
            waits_for[later] -= 1
            if not waits_for[later] and not done[later]:
                heapq.heappush(ready, (keys[later], later))


def _estimates_agreed(
    facts: Sequence[Fact], after: Sequence[Sequence[int]], order: Sequence[int]
) -> list[int]:
    """Return when each occurred, where the doubtful ones give way to what they stand before.

    To what they stand after they give way by standing after it.
    """
    high = [fact.at_us + fact.uncertainty_s * SECOND_US for fact in facts]
    for i in reversed(order):
        for j in after[i]:
            high[i] = min(high[i], high[j])
    return [
        latest if fact.at_us - fact.uncertainty_s * SECOND_US <= latest <= fact.at_us else fact.at_us
        for fact, latest in zip(facts, high, strict=True)
    ]
