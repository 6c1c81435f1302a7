"""What the set of each TPS, PPS and PPK must hold, box by box, from the needs. Pure.

The rule: each ballot and what belongs to it goes into its own box; goods of which there is one for each box
are shared out evenly; small goods that the office buys travel as one kit; everything else lies in box 1. What
travels beside the boxes is tied into bundles, each with a label of its own. No regulation that we have read
says which box carries the common goods: box 1 is our choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tepat.common.errors import Refused
from tepat.packing.ballots import dapil_marks
from tepat.packing.codes import BUNDLES, object_code, unit_code
from tepat.planning.formulas import Counts
from tepat.planning.needs import Needs, grouping_at, held_at, spread
from tepat.planning.rules import Item
from tepat.planning.sets import SET_LEVELS, SetLevel

KIT = "PAKET"
KIT_NAME = "Paket alat tulis dan perlengkapan kecil"
ON_THE_BOX = frozenset({"LABEL-KOTAK"})
BOXES_MAX = 9


@dataclass(frozen=True)
class PlannedObject:
    """A box or bundle that a set needs.

    Args:
        slot: ``1``–``9`` for a box, ``A``–``H`` for a bundle.
        code: Its label's code.
        ballot: The ballot of a box such as ``DPRDK``, or empty.
        dapil: The dapil of that ballot, or empty.
        mark: The dapil's mark on labels, or empty where the ballot is the same everywhere.
        sheets: Its ballots, in sheets.
        contents: Goods and quantities, ballots first; the kit counts as one.
    """

    slot: str
    code: str
    ballot: str
    dapil: str
    mark: str
    sheets: int
    contents: tuple[tuple[str, int], ...]

    @property
    def is_box(self) -> bool:
        """Whether it is a box, which is sealed; a bundle is tied."""
        return self.slot not in BUNDLES


@dataclass(frozen=True)
class PlannedSet:
    """The set of one TPS, PPS or PPK.

    Args:
        level: ``tps``, ``pps`` or ``ppk``.
        area_code: The desa, or the kecamatan of a PPK.
        tps: The TPS's number, or None.
        unit: The set's code, such as ``091015-001``.
        objects: Its boxes and bundles.
        kit: What lies in the kit, goods and quantities.
    """

    level: SetLevel
    area_code: str
    tps: int | None
    unit: str
    objects: tuple[PlannedObject, ...]
    kit: tuple[tuple[str, int], ...]


def plan_sets(needs: Needs) -> list[PlannedSet]:
    """Return every set of an office with its boxes and bundles.

    Args:
        needs: The needs of its list.

    Raises:
        Refused: PACK-DAPIL-MANY, PACK-BOXES-MANY.

    Source:
        Quantities: the rule set; one box for each ballot: PKPU 12/2024.
    """
    return [each for level in SET_LEVELS for each in _Level(needs, level).sets()]


class _Level:
    """The sets of one level: columns become rows."""

    def __init__(self, needs: Needs, level: SetLevel) -> None:
        self.needs, self.level = needs, level
        self.units = self._units()
        every = [item for item in needs.rule_set.items if item.level == level]
        columns = {item.code: spread(needs.column(item.code, "alokasi"), len(self.units)) for item in every}
        self.columns = {code: column.tolist() for code, column in columns.items()}
        goods = [item for item in every if not item.is_box and item.code not in ON_THE_BOX]
        self.inside = [item for item in goods if item.placement == "kotak"]
        self.outside = [item for item in goods if item.placement == "luar"]
        # Asked for every unit: worked out once.
        self.shared = {item.code for item in self.inside if _shared_out(item)}
        self.small = {item.code for item in self.inside if _in_kit(item)}
        boxes = sum((columns[item.code] for item in every if item.is_box), _nothing(len(self.units)))
        self.boxes: list[int] = boxes.tolist()
        self.ballots = self._ballots() if level == "tps" else []

    def sets(self) -> list[PlannedSet]:
        """Return the sets in the order of the list."""
        return [self._set(place) for place in range(len(self.units))]

    def _units(self) -> list[tuple[str, int | None]]:
        tps = self.needs.tps
        if self.level == "tps":
            codes = [tps.desa_codes[index] for index in tps.desa_index.tolist()]
            return list(zip(codes, tps.number.tolist(), strict=True))
        grouping = grouping_at(tps, self.level)
        assert grouping is not None, self.level
        return [(name, None) for name in grouping.names]

    def _ballots(self) -> list["_Ballot"]:
        """Return the ballots in the order of the boxes, with what each TPS has of them."""
        tps, rules = self.needs.tps, self.needs.rule_set
        found = []
        for ballot in rules.ballots:
            held = held_at(tps, rules, ballot.code)
            grouping = tps.dapil.get(ballot.code)
            names = [*grouping.names, ""] if grouping else [""]
            dapil = [names[index] for index in grouping.index.tolist()] if grouping else [""] * len(tps)
            area = tps.desa_codes[0] if len(tps) else ""
            marks = dapil_marks(names, area) if ballot.by_dapil else {}
            everywhere = [True] * len(tps) if isinstance(held, bool) else held.tolist()
            found.append(_Ballot(ballot.code.upper(), everywhere, dapil, marks))
        return found

    def _set(self, place: int) -> PlannedSet:
        area_code, tps = self.units[place]
        unit = unit_code(area_code, tps) if self.level != "pps" else unit_code(area_code)
        held = [ballot for ballot in self.ballots if ballot.held[place]]
        count = self.boxes[place]
        if count > BOXES_MAX:
            raise Refused("PACK-BOXES-MANY", unit=unit, count=count, most=BOXES_MAX)
        assert len(held) <= count or not held, f"{unit}: {len(held)} ballots in {count} boxes"
        shares = self._shares(place, [ballot.code for ballot in held], count)
        objects = [
            self._box(unit, slot, shares[slot - 1], held[slot - 1] if slot <= len(held) else None, place)
            for slot in range(1, count + 1)
        ]
        kit = tuple(
            (item.code, self.columns[item.code][place])
            for item in self.inside
            if count and item.code in self.small and self.columns[item.code][place]
        )
        return PlannedSet(self.level, area_code, tps, unit, (*objects, *self._bundles(unit, place)), kit)

    def _shares(self, place: int, held: Sequence[str], count: int) -> list[list[tuple[str, int]]]:
        shares: list[list[tuple[str, int]]] = [[] for _ in range(count)]
        given = [(item, self.columns[item.code][place]) for item in self.inside] if count else []
        present = [(item, quantity) for item, quantity in given if quantity]
        for item, quantity in present:
            if item.code in self.shared and quantity % count == 0:
                for share in shares:
                    share.append((item.code, quantity // count))
            elif item.ballot.upper() in held:
                shares[held.index(item.ballot.upper())].append((item.code, quantity))
            elif item.code not in self.small:
                shares[0].append((item.code, quantity))
        if any(item.code in self.small for item, _ in present):
            shares[0].append((KIT, 1))
        return shares

    def _box(
        self, unit: str, slot: int, share: list[tuple[str, int]], ballot: "_Ballot | None", place: int
    ) -> PlannedObject:
        code = object_code(unit, str(slot))
        if ballot is None:
            return PlannedObject(str(slot), code, "", "", "", 0, tuple(share))
        dapil = ballot.dapil[place]
        sheets = dict(share).get(f"SS-{ballot.code}", 0)
        return PlannedObject(
            str(slot), code, ballot.code, dapil, ballot.marks.get(dapil, ""), sheets, tuple(share)
        )

    def _bundles(self, unit: str, place: int) -> list[PlannedObject]:
        given = [(item.code, self.columns[item.code][place]) for item in self.outside]
        loose = [(code, quantity) for code, quantity in given if quantity]
        last = len(BUNDLES) - 1
        tied = [[one] for one in loose[:last]] + ([loose[last:]] if loose[last:] else [])
        return [
            PlannedObject(slot, object_code(unit, slot), "", "", "", 0, tuple(goods))
            for slot, goods in zip(BUNDLES, tied, strict=False)
        ]


@dataclass(frozen=True)
class _Ballot:
    code: str
    held: Sequence[bool]
    dapil: Sequence[str]
    marks: Mapping[str, str]


def _shared_out(item: Item) -> bool:
    """Whether there is one, or as many, for each box: its rule counts elections."""
    return "e" in item.formula.names and not item.ballot


def _in_kit(item: Item) -> bool:
    small = item.item_class == "dukungan" and item.wave == "kab" and item.placement == "kotak"
    return small and not _shared_out(item)


def _nothing(size: int) -> Counts:
    return np.zeros(size, dtype=np.int64)
