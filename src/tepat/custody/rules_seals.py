"""Seals of one object: what was put on, what was read, what was opened; and one number on two objects."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import cast

import msgspec

from tepat.custody import events
from tepat.custody.facts import Fact
from tepat.custody.rules_states import Flag, SealSet, SealState

NUMBERS_REMEMBERED_MAX = 1_000

type Readings = Callable[[Fact], Mapping[str, events.SealRead]]


class SealTwice(msgspec.Struct, frozen=True, gc=False):
    """One seal number that was put on twice: on which objects, and in which events, both sorted."""

    number: str
    objects: tuple[str, ...]
    events: tuple[str, ...]


def plain_number(number: str) -> str:
    """Return a seal number as it is compared: without blanks, in capitals."""
    return "".join(number.split()).upper()


def plain_numbers(numbers: Iterable[str]) -> tuple[str, ...]:
    """Return seal numbers as they are compared, sorted, each once."""
    return tuple(sorted({plain_number(number) for number in numbers}))


# One object's numbers are read again at each hand-over, mostly the same.
_compared = lru_cache(maxsize=NUMBERS_REMEMBERED_MAX)(plain_numbers)


class SealBook:
    """The seals of one object, while its history is walked."""

    __slots__ = ("current", "sets")

    def __init__(self) -> None:
        self.sets: dict[SealSet, SealState] = {}
        self.current: SealSet = "keluar"

    def sealed(self, fact: Fact, at_us: int, object_id: str) -> tuple[Flag, ...]:
        """Put seals on; a new sealing of the same set takes the place of the old one."""
        payload = cast("events.Sealed", fact.payload)
        flags = []
        before = self.sets.get(payload.seal_set)
        expected = _compared(payload.seals.get(object_id, ()))
        if before is not None and before.sealed_us and not before.opened_us and before.expected != expected:
            flags.append(Flag.SEAL_REPLACED)
        if payload.second in ("", payload.first or fact.actor):
            flags.append(Flag.ALONE)
        self.current = payload.seal_set
        self.sets[payload.seal_set] = SealState(
            seal_set=payload.seal_set,
            expected=expected,
            unnumbered=object_id in payload.unnumbered,
            sealed_us=at_us,
            sealed_by=payload.first or fact.actor,
            second=payload.second,
        )
        return tuple(flags)

    def opened(self, fact: Fact, at_us: int) -> tuple[Flag, ...]:
        """Take the seals off."""
        payload = cast("events.Opened", fact.payload)
        flags = []
        if not payload.planned:
            flags.append(Flag.OPENED_UNPLANNED)
        if payload.second in ("", payload.first or fact.actor):
            flags.append(Flag.ALONE)
        self.sets[self.current] = msgspec.structs.replace(
            self._now(), opened_us=at_us, planned=payload.planned
        )
        return tuple(flags)

    def read(self, fact: Fact, at_us: int, reading: events.SealRead | None) -> tuple[Flag, ...]:
        """Compare what was read at a hand-over with what was put on; unread is no match."""
        now = self.sets.get(self.current)
        numbers = None if reading is None else reading.numbers
        if now is not None and now.opened_us:
            flags: tuple[Flag, ...] = (Flag.OPEN,)
        elif numbers is None:
            return (Flag.SEAL_UNREAD,) if now is not None and now.sealed_us else ()
        else:
            flags = ()
        if reading is None or numbers is None:
            return flags
        return flags + self._compare(fact, at_us, reading, _compared(numbers))

    def _compare(
        self, fact: Fact, at_us: int, reading: events.SealRead, numbers: tuple[str, ...]
    ) -> tuple[Flag, ...]:
        now = self._now()
        known = now.sealed_us and not now.opened_us
        match = numbers == now.expected if known else None
        self.sets[self.current] = msgspec.structs.replace(now, read=numbers, read_us=at_us, match=match)
        if match:
            return ()
        if match is None:
            return (Flag.SEAL_UNKNOWN,)
        witnessed = reading.photo and reading.second not in ("", fact.actor)
        return (Flag.SEAL_DIFFERS,) if witnessed else (Flag.SEAL_DIFFERS, Flag.SEAL_UNWITNESSED)

    def _now(self) -> SealState:
        return self.sets.get(self.current) or SealState(seal_set=self.current)

    def states(self) -> tuple[SealState, ...]:
        """Return the outbound set, then the return set, as far as known."""
        return tuple(self.sets[each] for each in ("keluar", "kembali") if each in self.sets)


def walk_seals(
    facts: Iterable[tuple[Fact, int]], object_id: str, readings: Readings
) -> tuple[tuple[SealState, ...], tuple[tuple[Flag, ...], ...]]:
    """Return how an object's seals stand, and what each fact says of them.

    Args:
        facts: Those that `tells_of_seals`, in their order, each with when it is taken to have occurred.
        object_id: Which object.
        readings: Gives the seal readings of an acceptance by object.

    Returns:
        The outbound and the return set, as far as known; and the flags of each fact.
    """
    book = SealBook()
    said: list[tuple[Flag, ...]] = []
    for fact, at_us in facts:
        if fact.kind == "packing.sealed":
            said.append(book.sealed(fact, at_us, object_id))
        elif fact.kind == "packing.opened":
            said.append(book.opened(fact, at_us))
        elif _stayed_behind(cast("events.Accepted", fact.payload), object_id):
            said.append(())
        else:
            said.append(book.read(fact, at_us, readings(fact).get(object_id)))
    return book.states(), tuple(said)


def tells_of_seals(fact: Fact) -> bool:
    """Return whether an event may say anything of the seals of its objects."""
    if fact.kind == "custody.accepted":
        return not cast("events.Accepted", fact.payload).confirms
    return fact.kind in ("packing.sealed", "packing.opened")


def _stayed_behind(payload: events.Accepted, object_id: str) -> bool:
    """Return whether the receiver did not take an object, so that its seals were not read."""
    if not payload.missing and not payload.refused:
        return False
    return object_id in payload.missing or any(each.object == object_id for each in payload.refused)


def seals_used_twice(facts: Iterable[Fact]) -> tuple[SealTwice, ...]:
    """Return each seal number that was put on more than one object, or on one object in both sets.

    Args:
        facts: Of any objects; those of revoked identities do not count, nor those of other kinds.

    Returns:
        By number.
    """
    uses: dict[str, set[tuple[str, str]]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if fact.kind != "packing.sealed" or fact.revoked:
            continue
        payload = cast("events.Sealed", fact.payload)
        for object_id, numbers in payload.seals.items():
            for number in plain_numbers(numbers):
                uses[number].add((object_id, payload.seal_set))
                sources[number].add(fact.id)
    return tuple(
        SealTwice(number, tuple(sorted({use[0] for use in uses[number]})), tuple(sorted(sources[number])))
        for number in sorted(uses)
        if len(uses[number]) > 1
    )


def readings(payload: events.Accepted) -> Mapping[str, events.SealRead]:
    """Return the seal readings of an acceptance by object; of two readings of one object the last counts."""
    return {reading.object: reading for reading in payload.seals}
