"""What changes when the voter list changes: the least difference per TPS, and which boxes that opens."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tepat.planning.columns import TpsColumns
from tepat.planning.formulas import Counts
from tepat.planning.needs import Needs, Quantity

ChangeKind = Literal["ditambah", "dihapus", "diubah"]
TpsKey = tuple[str, int]


@dataclass(frozen=True)
class ItemChange:
    """One item of one TPS whose quantity changed.

    Args:
        item: The item's code.
        before: Quantity by the old list.
        after: Quantity by the new list.
    """

    item: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How many more are needed; negative for fewer."""
        return self.after - self.before


@dataclass(frozen=True)
class TpsChange:
    """One TPS whose needs changed.

    Args:
        tps: Desa code and number.
        kind: Whether the TPS was added, removed or changed.
        voters_before: DPT by the old list.
        voters_after: DPT by the new list.
        items: The items that differ, only those.
        reopens_box: Whether one of them lies inside a box, so that a packed set is opened before witnesses.
    """

    tps: TpsKey
    kind: ChangeKind
    voters_before: int
    voters_after: int
    items: tuple[ItemChange, ...]
    reopens_box: bool


@dataclass(frozen=True)
class _Side:
    """One list with its quantities and the place of each TPS."""

    needs: Needs
    quantity: Quantity
    places: dict[TpsKey, int]

    def column(self, item: str) -> Counts:
        return self.needs.per_tps(item, self.quantity)

    def amount(self, item: str, key: TpsKey) -> int:
        place = self.places.get(key)
        return 0 if place is None else int(self.column(item)[place])

    def voters(self, key: TpsKey) -> int:
        place = self.places.get(key)
        return 0 if place is None else int(self.needs.tps.dpt[place])


def compare_needs(before: Needs, after: Needs, quantity: Quantity = "alokasi") -> tuple[TpsChange, ...]:
    """Return the TPS whose needs differ between two lists, in the order of desa code and number.

    A TPS that is not named needs nothing done. A TPS is the same by desa code and number, never by name.

    Args:
        before: Needs by the old list.
        after: Needs by the new list, under the same rule set.
        quantity: ``alokasi`` for what lies at a TPS, ``cetak`` for what is printed.
    """
    assert before.rule_set.code == after.rule_set.code, (before.rule_set.code, after.rule_set.code)
    old = _Side(before, quantity, places(before.tps))
    new = _Side(after, quantity, places(after.tps))
    return tuple(_change(key, old, new) for key in sorted(_touched(old, new)))


def _touched(old: _Side, new: _Side) -> set[TpsKey]:
    common = [key for key in old.places if key in new.places]
    at_old = np.array([old.places[key] for key in common], dtype=np.int64)
    at_new = np.array([new.places[key] for key in common], dtype=np.int64)
    differs = old.needs.tps.dpt[at_old] != new.needs.tps.dpt[at_new]
    for item in new.needs.tps_items:
        differs = differs | (old.column(item.code)[at_old] != new.column(item.code)[at_new])
    return {common[place] for place in np.flatnonzero(differs)} | (old.places.keys() ^ new.places.keys())


def _change(key: TpsKey, old: _Side, new: _Side) -> TpsChange:
    items = [
        (item, ItemChange(item.code, old.amount(item.code, key), new.amount(item.code, key)))
        for item in new.needs.tps_items
    ]
    changed = [(item, change) for item, change in items if change.difference]
    kind: ChangeKind = "diubah"
    if key not in old.places:
        kind = "ditambah"
    elif key not in new.places:
        kind = "dihapus"
    return TpsChange(
        tps=key,
        kind=kind,
        voters_before=old.voters(key),
        voters_after=new.voters(key),
        items=tuple(change for _, change in changed),
        reopens_box=kind == "diubah" and any(item.placement == "kotak" for item, _ in changed),
    )


def places(tps: TpsColumns) -> dict[TpsKey, int]:
    """Return the place of each TPS in its list by desa code and number."""
    pairs = zip(tps.desa_index.tolist(), tps.number.tolist(), strict=True)
    return {(tps.desa_codes[desa], number): place for place, (desa, number) in enumerate(pairs)}
