"""Two warehouses in one part: the search itself decides from which of them each place is served.

The port knows one origin, row 0 of a matrix. A part with a matrix for each warehouse and vehicle class has
two: whoever drives by the second matrix starts at the second warehouse.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes

import numpy as np
from msgspec.structs import replace

from tepat.distribution.case import Case
from tepat.distribution.errands import Errand
from tepat.distribution.parts import Leg
from tepat.distribution.routing import ORIGIN, Answer, FleetGroup, Lot, Part, Table
from tepat.distribution.warehouses.serving import drives

FARTHER_MAX = 2
"""A warehouse is tried for a place up to this many times the drive from the nearest one."""


@dataclass(frozen=True)
class Joined:
    """A part with several origins.

    Args:
        part: What the engine sees.
        owners: The warehouse of each group.
        places: The place of each lot.
    """

    part: Part
    owners: tuple[str, ...]
    places: tuple[str, ...]


def join(legs: Mapping[str, Sequence[Leg]]) -> Joined:
    """Return the part of warehouses that may all serve every place.

    The vehicles are counted for each warehouse in full: whoever plans a set deals them afterwards.

    Args:
        legs: By warehouse its legs, made as if it were the only one that is open.
    """
    lots: dict[Errand, Lot] = {}
    for own in legs.values():
        for leg in own:
            for errand, lot in zip(leg.errands, leg.part.lots, strict=True):
                lots.setdefault(_anywhere(errand), lot)
    number, shared = {errand: index for index, errand in enumerate(lots)}, list(lots.values())
    matrices: list[bytes] = []
    groups: list[FleetGroup] = []
    owners: list[str] = []
    allowed: dict[int, list[int]] = defaultdict(list)
    for warehouse, own in legs.items():
        for leg in own:
            at = [number[_anywhere(errand)] for errand in leg.errands]
            for index, lot in zip(at, leg.part.lots, strict=True):
                if lot.cargo == shared[index].cargo:
                    allowed[index] += [len(groups) + group for group in lot.groups]
            groups += [replace(group, matrix=len(matrices) + group.matrix) for group in leg.part.groups]
            owners += [warehouse] * len(leg.part.groups)
            rows = [ORIGIN, *(1 + index for index in at)]
            matrices += [
                _spread(leg.part.table(matrix), rows, 1 + len(lots))
                for matrix in range(len(leg.part.matrices))
            ]
    part = Part(
        name=" + ".join(leg.part.name for own in legs.values() for leg in own[:1]),
        rows=1 + len(lots),
        matrices=tuple(matrices),
        lots=tuple(
            replace(lot, place=1 + index, groups=tuple(allowed[index]))
            for index, lot in enumerate(lots.values())
        ),
        groups=tuple(groups),
    )
    return Joined(part, tuple(owners), tuple(errand.place for errand in lots))


def _anywhere(errand: Errand) -> Errand:
    return with_changes(errand, origin="")


def _spread(table: Table, rows: Sequence[int], size: int) -> bytes:
    """Return a table on more rows; between rows it did not have there is no road."""
    wide = np.full((2, size, size), -1, dtype="<i4")
    wide[np.ix_((0, 1), list(rows), list(rows))] = table
    return wide.tobytes()


def near_only(joined: Joined, case: Case) -> Joined:
    """Return the part without ways that no answer takes: from a warehouse much farther than the nearest.

    Args:
        joined: The part.
        case: Its problem with all its warehouses open.
    """
    lots, driven = [], drives(case)
    for lot, place in zip(joined.part.lots, joined.places, strict=True):
        ways = {owner: own[place] for owner, own in driven.items() if place in own}
        nearest = min(ways.values(), default=0)
        kept = {owner for owner, far in ways.items() if far <= FARTHER_MAX * nearest}
        allowed = tuple(group for group in lot.groups if joined.owners[group] in kept)
        lots.append(replace(lot, groups=allowed or lot.groups))
    return with_changes(joined, part=replace(joined.part, lots=tuple(lots)))


def boxes_by_owner(joined: Joined, answer: Answer) -> dict[str, dict[str, int]]:
    """Return by place the boxes that each warehouse brings there; a place nobody reached is missing."""
    boxes = {each.unit: max(1, each.boxes) for lot in joined.part.lots for each in lot.cargo}
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for route in answer.routes:
        for round_ in route.rounds:
            for halt in round_:
                own = found[joined.places[halt.lot]]
                own[joined.owners[route.group]] += sum(boxes[unit] for unit in halt.units)
    return {place: dict(own) for place, own in found.items()}
