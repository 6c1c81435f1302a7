"""The balance of offers: sent = accepted + refused + missing or in dispute + open, for each offer and leg."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

import msgspec

from tepat.custody.facts import Fact
from tepat.custody.rules import History, Outcome

if TYPE_CHECKING:
    from tepat.custody import events

_COLUMN: dict[Outcome, str] = {
    "diterima": "accepted",
    "ditolak": "refused",
    "belum_terlihat": "missing",
    "sengketa": "disputed",
    "terbuka": "open",
    "ditarik": "taken_back",
    "gugur": "taken_back",
}


class Balance(msgspec.Struct, frozen=True):
    """What became of the objects of one offer, or of one leg.

    Args:
        offered: Objects on the lists.
        taken_back: Of these withdrawn, or void because their holder changed otherwise.
        accepted: Taken by a receiver.
        refused: Not taken.
        missing: Counted, and not found.
        disputed: Claimed without a chain.
        open: Not answered yet.
    """

    offered: int = 0
    taken_back: int = 0
    accepted: int = 0
    refused: int = 0
    missing: int = 0
    disputed: int = 0
    open: int = 0

    @property
    def sent(self) -> int:
        """Objects that were offered and not taken back."""
        return self.offered - self.taken_back

    @property
    def balanced(self) -> bool:
        """Whether everything that was sent is accounted for."""
        return self.sent == self.accepted + self.refused + self.missing + self.disputed + self.open

    def plus(self, other: "Balance") -> "Balance":
        """Return the sum of two balances."""
        names = self.__struct_fields__
        return Balance(**{name: getattr(self, name) + getattr(other, name) for name in names})


def balance(offers: Iterable[Fact], histories: Mapping[str, History]) -> dict[str, Balance]:
    """Return the balance of each offer.

    Args:
        offers: `custody.offered`; what was offered is counted from them. Revoked ones are left out.
        histories: Of the objects that they name; what became of it is counted from these.

    Returns:
        By offer. An offer whose objects have no history, or one without it, does not balance.
    """
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for history in histories.values():
        for outcome in history.outcomes:
            counted[outcome.offer][_COLUMN[outcome.outcome]] += 1
    return {
        offer.id: Balance(offered=len(set(offer.objects)), **counted[offer.id])
        for offer in offers
        if not offer.revoked
    }


def balance_by_leg(offers: Iterable[Fact], histories: Mapping[str, History]) -> dict[str, Balance]:
    """Return the balance of each leg of the plan; offers without a leg stand under the empty name.

    Args:
        offers: As for `balance`.
        histories: As for `balance`.
    """
    made = list(offers)
    legs = {offer.id: cast("events.Offered", offer.payload).leg for offer in made}
    found: dict[str, Balance] = {}
    for offer, each in balance(made, histories).items():
        found[legs[offer]] = found.get(legs[offer], Balance()).plus(each)
    return dict(sorted(found.items()))
