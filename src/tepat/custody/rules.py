"""Who holds what: the fold of the events about one object (docs/decisions/0009-custody.md).

Exactly one person is accountable from the first registration on: the last undisputed holder. What the
decision leaves open is decided here, so that this stays true:

- **Before the registration there is nobody.** The earliest registration stands before all that moves the
  object. If none has arrived, or its identity was revoked, the first receiver is the holder, marked *belum
  terdaftar*.
- **A chain** leads to a receipt if the offer's maker, or the deputy who took over from them, is the holder
  when it is accepted. An offer may be made before its maker has the object: between two phones the receipt
  may arrive late. Without the offer the giver whom the receipt names must be the holder; then it is one-
  sided. Also one-sided: a receipt that the giver alone signed, and a settling where nothing was in dispute.
- **While claims are open nothing moves the object** but a third person's scan (`custody.settled`) and a
  take-over, which changes the person and not the object's hands. A third person is none of holder,
  claimants, and who is named.
- **A claim** of who becomes the holder by take-over is none any more. One whose time may lie before a
  settling is none.
- **A scan in the hands of the open offer's receiver** is no find: the receipt is on its way.
- **Missing** ends when it is scanned with the holder, taken by somebody in a chain, claimed, refused, or
  settled.
- **A refusal** stays until somebody takes the object. A refused or missing object may be accepted later by
  the same offer.
- **When the holder changes otherwise** than by an offer, the former holder's open offers are void
  (*gugur*).
- **Offers of the same object, one after another:** the last one counts as the open one; each may be
  accepted while the giver holds it.
- **Twice accepted by the same receiver** is evidence, no claim.
- **A receipt on paper** is two-sided once a second person of the office, who is neither party, has confirmed
  from the same sheet that both signed it (`rules_paper.py`); the receipt itself is, whenever that was said.
- **A take-over from somebody who does not hold it** changes nothing.
- **Revoked identities'** events are left out, offers among them: their receipts become one-sided.

The answer is a function of the set of facts: not of their order, not of when the server recorded them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from tepat.custody import events
from tepat.custody.facts import Fact
from tepat.custody.rules_effects import named_apart, walk
from tepat.custody.rules_hands import Hands, in_order
from tepat.custody.rules_order import once_each, ordered
from tepat.custody.rules_paper import signed_on_paper
from tepat.custody.rules_seals import (
    Readings,
    SealTwice,
    readings,
    seals_used_twice,
    tells_of_seals,
    walk_seals,
)
from tepat.custody.rules_states import (
    Claim,
    ClaimReason,
    Flag,
    History,
    Missing,
    Moment,
    OfferOutcome,
    OpenOffer,
    Outcome,
    Refusal,
    SealState,
    State,
    Status,
)

__all__ = [
    "Claim",
    "ClaimReason",
    "Flag",
    "History",
    "Missing",
    "Moment",
    "OfferOutcome",
    "OpenOffer",
    "Outcome",
    "Refusal",
    "SealState",
    "SealTwice",
    "State",
    "Status",
    "fold",
    "fold_all",
    "fold_each",
    "seals_used_twice",
]

_NOTHING_READ: Mapping[str, events.SealRead] = {}


def fold(facts: Iterable[Fact], *, object_id: str) -> History:
    """Return the history of one object.

    Args:
        facts: All events that name this object, in any order; one that is there twice counts once.
        object_id: Which object.

    Returns:
        The same history for the same set of facts.
    """
    return _Way(tuple(facts)).history(object_id, _remembered_readings())


def fold_each(about: Mapping[str, Iterable[Fact]]) -> dict[str, History]:
    """Return the history of each of some objects: what `fold` does, faster for objects that travel together.

    Args:
        about: By object, all events that name it, in any order.

    Returns:
        By object, in the order of `about`.
    """
    read = _remembered_readings()
    ways: dict[tuple[int, ...], _Way] = {}
    found = {}
    for object_id, some in about.items():
        facts = tuple(some)
        # By the very same facts, which each way holds on to: so no two of them ever have one `id`.
        key = tuple(map(id, facts))
        way = ways.get(key)
        if way is None:
            way = ways[key] = _Way(facts)
        found[object_id] = way.history(object_id, read)
    return found


def fold_all(facts: Iterable[Fact]) -> dict[str, History]:
    """Return the history of each object that the facts name.

    Args:
        facts: Of any objects, in any order. For an object to be right, all events that name it must be there.

    Returns:
        By object, sorted.
    """
    about: dict[str, list[Fact]] = defaultdict(list)
    for fact in once_each(facts):
        for object_id in dict.fromkeys(fact.objects):
            about[object_id].append(fact)
    return fold_each({object_id: about[object_id] for object_id in sorted(about)})


class _Way:
    """The facts that are all of one object, or of several that travelled together, in their order.

    Those whose seals were found alike, and of whom no event says anything apart, are walked once: their
    histories differ in nothing but their own name and seals.
    """

    __slots__ = ("_apart", "_facts", "_left_out", "_ordered", "_sealing", "_times", "_walked")

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._facts = facts
        counted = once_each(facts)
        self._left_out: tuple[str, ...] = ()
        if any(fact.revoked for fact in counted):
            self._left_out = tuple(fact.id for fact in counted if fact.revoked)
            counted = [fact for fact in counted if not fact.revoked]
        self._ordered, self._times = ordered(counted)
        pairs = zip(self._ordered, self._times, strict=True)
        self._sealing = [(fact, at_us) for fact, at_us in pairs if tells_of_seals(fact)]
        self._apart = frozenset(name for fact in self._ordered for name in named_apart(fact))
        self._walked: dict[tuple[tuple[Flag, ...], ...], History] = {}

    def history(self, object_id: str, read: Readings) -> History:
        """Return the history of one of the objects."""
        seals, said = walk_seals(self._sealing, object_id, read)
        known = self._walked.get(said)
        if known is None or object_id in self._apart:
            known = self._walk(object_id, said)
            if object_id not in self._apart:
                self._walked[said] = known
        return msgspec.structs.replace(
            known, object_id=object_id, state=msgspec.structs.replace(known.state, seals=seals)
        )

    def _walk(self, object_id: str, said: Sequence[Sequence[Flag]]) -> History:
        """Return a history without seals."""
        flags = {fact.id: each for (fact, _), each in zip(self._sealing, said, strict=True)}
        offers = {fact.id: fact for fact in self._ordered if fact.kind == "custody.offered"}
        hands = Hands(object_id, offers, signed_on_paper(self._ordered))
        for fact, at_us in zip(self._ordered, self._times, strict=True):
            walk(hands, fact, at_us, seals=flags.get(fact.id, ()))
        if self._left_out:
            hands.all_flags.add(Flag.REVOKED)
        return History(
            object_id=object_id,
            moments=tuple(hands.moments),
            state=hands.state(),
            claims=tuple(hands.all_claims),
            outcomes=hands.outcomes(),
            flags=in_order(hands.all_flags) if hands.all_flags else (),
            left_out=self._left_out,
        )


def _remembered_readings() -> Readings:
    """Return a look-up of seal readings that reads each acceptance once, however many objects it has."""
    known: dict[str, Mapping[str, events.SealRead]] = {}

    def of(fact: Fact) -> Mapping[str, events.SealRead]:
        payload = cast("events.Accepted", fact.payload)
        if not payload.seals:
            return _NOTHING_READ
        found = known.get(fact.id)
        if found is None:
            found = known[fact.id] = readings(payload)
        return found

    return of
