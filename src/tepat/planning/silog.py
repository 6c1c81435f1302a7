"""What SILOG still lacks, by item, deadline and owner. Tepat feeds SILOG and never replaces it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from tepat.planning.needs import Needs

NOT_ENTERED = "belum diisi"
NO_LINE = "tidak ada barisnya di SILOG (belum diverifikasi)"


@dataclass(frozen=True)
class NotInSilog:
    """An item that SILOG does not know yet.

    Args:
        item: The item's code.
        name: Its name.
        amount: How many are needed.
        unit: What is counted.
        deadline_days: Days before H on which it has to be with its last holder.
        deadline_date: That day, or None while H is not fixed.
        owner: Who has to see to it.
        reason: ``belum diisi``, or that SILOG is thought to have no line for it.
    """

    item: str
    name: str
    amount: int
    unit: str
    deadline_days: int
    deadline_date: date | None
    owner: str
    reason: str

    def as_document(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        deadline = self.deadline_date.isoformat() if self.deadline_date else None
        return {**self.__dict__, "deadline_date": deadline}


def not_in_silog(
    needs: Needs,
    entered: Collection[str] = (),
    *,
    polling_date: date | None = None,
) -> tuple[NotInSilog, ...]:
    """Return the list "belum masuk SILOG", the earliest deadline first.

    Args:
        needs: The needs.
        entered: Codes of items already entered.
        polling_date: H; by default that of the rule set.
    """
    polling = polling_date or needs.rule_set.polling_date
    rows = [
        NotInSilog(
            item=item.code,
            name=item.name,
            amount=needs.total(item.code),
            unit=item.unit,
            deadline_days=item.deadline_days,
            deadline_date=item.deadline_on(polling) if polling else None,
            owner=item.owner,
            reason=NOT_ENTERED if item.in_silog else NO_LINE,
        )
        for item in needs.rule_set.items
        if item.code not in entered and needs.total(item.code)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.deadline_days, row.reason != NOT_ENTERED)))
