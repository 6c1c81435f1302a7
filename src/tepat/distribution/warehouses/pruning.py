"""A proved floor under the cost of each set, without a search.

Every box bears at least its share of a full vehicle's shortest trip to its place and back, from whichever
open warehouse is cheapest for it; every place at least the stops it cannot do without (Haimovich and Rinnooy
Kan, 1985, Mathematics of Operations Research 10). A set's floor is the sum over all places, its rents, and
what no route changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tepat.distribution.warehouses.sets import Members

MICRO = 1_000_000


@dataclass(frozen=True)
class DropShare:
    """The least that a place's boxes cost from one warehouse.

    Args:
        place: The place.
        boxes: How many.
        box_micro: Micro-rupiah for each, rounded down.
        visits_micro: Micro-rupiah for the stops that cannot be saved, rounded down.
    """

    place: str
    boxes: int
    box_micro: int
    visits_micro: int


@dataclass(frozen=True)
class Shares:
    """What is proved of one warehouse.

    Args:
        drops: By the name of the drop; one that cannot be brought from here is missing.
        fixed_rupiah: What every plan pays beside routes and warehouses.
        guarded: By place, the date up to which an arrival lengthens the guard.
    """

    drops: Mapping[str, DropShare]
    fixed_rupiah: int
    guarded: Mapping[str, date] = field(default_factory=dict)


def floor_rupiah(
    members: Members, rents: Mapping[str, int], shares: Mapping[str, Shares], drops: Sequence[str]
) -> int | None:
    """Return what no plan of a set goes below, in rupiah; None where a place can't be reached from any of it.

    Args:
        members: The set.
        rents: By warehouse, what it costs whatever is driven.
        shares: By warehouse, what is proved of it.
        drops: The names of all drops that must be brought.
    """
    total = MICRO * (
        sum(rents[each] for each in members) + max(shares[each].fixed_rupiah for each in members)
    )
    for name in drops:
        found = [shares[each].drops[name] for each in members if name in shares[each].drops]
        if not found:
            return None
        place = found[0].place
        if len({shares[each].guarded.get(place) for each in members if name in shares[each].drops}) > 1:
            continue  # the warehouses see the guard differently: nothing is claimed of this place
        total += min(each.boxes for each in found) * min(each.box_micro for each in found)
        total += min(each.visits_micro for each in found)
    return total // MICRO


def all_drops(shares: Mapping[str, Shares]) -> tuple[str, ...]:
    """Return the names of all drops that any warehouse can bring."""
    return tuple(dict.fromkeys(name for each in shares.values() for name in each.drops))
