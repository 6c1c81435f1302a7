"""Receipts written on paper alone: what makes them two-sided. Pure.

Somebody at the office writes down what a photographed sheet says. That is one person's reading, and the
receipt stays one-sided. A second person, who is neither giver nor receiver, looks at the same sheet and
confirms that both signed it: two signatures on paper and two readers then stand for the two phones.
"""

from collections.abc import Iterable

from tepat.custody.events import Accepted
from tepat.custody.facts import Fact


def signed_on_paper(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the receipts, by their ids, that both signed on paper as two people of the office read it.

    Args:
        facts: About one object, in any order.
    """
    receipts: dict[str, Fact] = {}
    confirming: list[Fact] = []
    for fact in facts:
        said = fact.payload
        if fact.kind == "custody.accepted" and isinstance(said, Accepted) and said.proof == "kertas":
            if said.confirms:
                confirming.append(fact)
            else:
                receipts[fact.id] = fact
    return frozenset(
        receipt.id
        for fact in confirming
        if isinstance(fact.payload, Accepted)
        and (receipt := receipts.get(fact.payload.confirms)) is not None
        and _fits(fact, receipt)
    )


def _fits(confirming: Fact, receipt: Fact) -> bool:
    """Return whether a confirmation is of this receipt, and by somebody else than who read or signed it."""
    said, first = confirming.payload, receipt.payload
    assert isinstance(said, Accepted)
    assert isinstance(first, Accepted)
    same = (said.offer, said.list_hash, said.giver, said.receiver, said.post) == (
        first.offer,
        first.list_hash,
        first.giver,
        first.receiver,
        first.post,
    )
    whole = set(receipt.objects) <= set(confirming.objects)
    return same and whole and confirming.actor not in {receipt.actor, first.giver, first.receiver}
