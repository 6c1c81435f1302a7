"""What lies in the set of each TPS, PPS and PPK, inside the boxes and beside them: what is carried.

Distribution makes its load units from this: one TPS set never splits over vehicles, and a PPK set always goes
to the PPK, whatever the path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tepat.planning.formulas import Counts
from tepat.planning.needs import Needs, grouping_at, spread
from tepat.planning.rules import Item, Placement

SetLevel = Literal["tps", "pps", "ppk"]
SET_LEVELS: tuple[SetLevel, ...] = ("tps", "pps", "ppk")
MG_PER_G = 1000


@dataclass(frozen=True)
class SetContents:
    """The sets of one level, one entry per unit in every column.

    Args:
        level: ``tps``, ``pps`` or ``ppk``.
        units: The TPS as ``33.16.01.2001 TPS 001``, the desa code of a PPS or the kecamatan code of a PPK.
        boxes: Assembled boxes.
        inside: Items that travel inside the boxes, quantities by item code.
        outside: Loose items that travel with the boxes, such as booths.
        ahead: Items that go ahead of the boxes in a wave of their own, such as C.PEMBERITAHUAN.
        volume_ml: Volume of boxes and loose items as they travel.
        loose_volume_ml: The loose items' part of it.
        weight_g: Weight of boxes, contents and loose items, rounded up.
        ahead_weight_g: Weight of what goes ahead, rounded up.
        examples: Codes of items whose weight or volume nobody has measured ("contoh").
    """

    level: SetLevel
    units: tuple[str, ...]
    boxes: Counts
    inside: Mapping[str, Counts]
    outside: Mapping[str, Counts]
    ahead: Mapping[str, Counts]
    volume_ml: Counts
    loose_volume_ml: Counts
    weight_g: Counts
    ahead_weight_g: Counts
    examples: tuple[str, ...]

    def row(self, place: int) -> dict[str, Any]:
        """Return one unit's set as plain whole numbers, items of which it gets none left out."""
        parts = {"inside": self.inside, "outside": self.outside, "ahead": self.ahead}
        return {
            "unit": self.units[place],
            "level": self.level,
            "boxes": int(self.boxes[place]),
            "volume_ml": int(self.volume_ml[place]),
            "loose_volume_ml": int(self.loose_volume_ml[place]),
            "weight_g": int(self.weight_g[place]),
            "ahead_weight_g": int(self.ahead_weight_g[place]),
        } | {
            name: {code: int(column[place]) for code, column in columns.items() if column[place]}
            for name, columns in parts.items()
        }


@dataclass(frozen=True)
class Sets:
    """All sets of an office.

    Args:
        tps: One set per TPS, in the order of the list.
        pps: One set per desa, in the order of ``tps.desa.names``.
        ppk: One set per kecamatan, in the order of ``tps.kecamatan.names``.
    """

    tps: SetContents
    pps: SetContents
    ppk: SetContents


def set_contents(needs: Needs) -> Sets:
    """Return the sets of all TPS, PPS and PPK, from what is allocated to them.

    Args:
        needs: The needs of the office.

    Source:
        Weights and volumes: `rulesets/goods.toml`; boxes PKPU 12/2024.
    """
    return Sets(*(_level(needs, level) for level in SET_LEVELS))


def _level(needs: Needs, level: SetLevel) -> SetContents:
    units = _units(needs, level)
    items = [item for item in needs.rule_set.items if item.level == level]
    quantities = {item.code: spread(needs.column(item.code, "alokasi"), len(units)) for item in items}
    goods = [item for item in items if not item.is_box]
    carried = [item for item in items if item.placement in ("kotak", "luar")]
    loose = [item for item in goods if item.placement == "luar"]
    boxes = [item for item in items if item.is_box]
    loose_volume_ml = _sum(units, quantities, loose, "volume_ml")
    return SetContents(
        level=level,
        units=units,
        boxes=sum((quantities[item.code] for item in boxes), np.zeros(len(units), dtype=np.int64)),
        inside=_placed(goods, quantities, "kotak"),
        outside=_placed(goods, quantities, "luar"),
        ahead=_placed(goods, quantities, "mendahului"),
        volume_ml=loose_volume_ml + _sum(units, quantities, boxes, "volume_ml"),
        loose_volume_ml=loose_volume_ml,
        weight_g=_grams(_sum(units, quantities, carried, "weight_mg")),
        ahead_weight_g=_grams(
            _sum(units, quantities, [item for item in goods if item.placement == "mendahului"], "weight_mg"),
        ),
        examples=tuple(item.code for item in items if item.physical_mark == "contoh"),
    )


def _units(needs: Needs, level: SetLevel) -> tuple[str, ...]:
    if level == "tps":
        return tuple(needs.tps.labels)
    grouping = grouping_at(needs.tps, level)
    assert grouping is not None, level
    return grouping.names


def _placed(items: list[Item], quantities: Mapping[str, Counts], placement: Placement) -> dict[str, Counts]:
    return {item.code: quantities[item.code] for item in items if item.placement == placement}


def _sum(
    units: tuple[str, ...],
    quantities: Mapping[str, Counts],
    items: list[Item],
    measure: Literal["volume_ml", "weight_mg"],
) -> Counts:
    total = np.zeros(len(units), dtype=np.int64)
    for item in items:
        total += quantities[item.code] * getattr(item, measure)
    return total


def _grams(milligrams: Counts) -> Counts:
    return -(-milligrams // MG_PER_G)
