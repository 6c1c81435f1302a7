"""The units of a problem, from the needs: the set of each TPS, PPS and PPK with its boxes and loose goods."""

from collections.abc import Collection
from datetime import datetime

import numpy as np
from msgspec.structs import replace

from tepat.distribution.problems import Loose, Unit
from tepat.planning.needs import Needs
from tepat.planning.sets import SetContents, Sets, set_contents


def tps_unit_id(desa: str, number: int) -> str:
    """Return the id of a TPS's set, such as ``TPS-33.16.05.1001-003``."""
    return f"TPS-{desa}-{number:03d}"


def units_of(needs: Needs, places: Collection[str], law_at: datetime) -> tuple[Unit, ...]:
    """Return all units whose place is planned, TPS first, each kind in the order of its codes.

    Args:
        needs: The needs of the office.
        places: Ids of the PPS and PPK that have a point.
        law_at: The end of H-1, due for every unit.
    """
    sets = set_contents(needs)
    names = {item.code: item.name for item in needs.rule_set.items}
    known = set(places)
    units = [
        *_tps(needs, sets, names, law_at),
        *_upper(sets.pps, names, law_at),
        *_upper(sets.ppk, names, law_at),
    ]
    return tuple(unit for unit in units if unit.place in known)


def boxes_by_desa(needs: Needs) -> dict[str, int]:
    """Return the boxes of all TPS sets by desa code."""
    boxes = set_contents(needs).tps.boxes
    return dict(zip(needs.tps.desa.names, map(int, needs.tps.desa.sums(boxes)), strict=True))


def _tps(needs: Needs, sets: Sets, names: dict[str, str], law_at: datetime) -> list[Unit]:
    tps = needs.tps
    desa = [tps.desa_codes[at] for at in tps.desa_index]
    number = [int(each) for each in tps.number]
    return [
        replace(
            _unit(sets.tps, row, names, place=desa[row], due_at=law_at),
            id=tps_unit_id(desa[row], number[row]),
            voters=int(tps.dpt[row]),
            tps=f"{number[row]:03d}",
        )
        for row in sorted(range(len(tps)), key=lambda row: (desa[row], number[row]))
    ]


def _upper(contents: SetContents, names: dict[str, str], law_at: datetime) -> list[Unit]:
    return [
        _unit(contents, row, names, place=code, due_at=law_at)
        for row, code in sorted(enumerate(contents.units), key=lambda pair: pair[1])
    ]


def _unit(contents: SetContents, row: int, names: dict[str, str], *, place: str, due_at: datetime) -> Unit:
    return Unit(
        id=f"{contents.level.upper()}-{place}",
        kind=contents.level,
        place=place,
        boxes=int(contents.boxes[row]),
        volume_ml=int(contents.volume_ml[row]),
        weight_g=int(contents.weight_g[row]),
        loose=tuple(
            Loose(item=code, name=names[code], count=int(column[row]))
            for code, column in contents.outside.items()
            if column[row]
        ),
        due_at=due_at,
    )


def example_goods(needs: Needs) -> tuple[str, ...]:
    """Return the names of goods whose weight or volume nobody has measured, if they are carried at all."""
    sets = set_contents(needs)
    named = {item.code: item for item in needs.rule_set.items}
    codes = dict.fromkeys(code for contents in (sets.tps, sets.pps, sets.ppk) for code in contents.examples)
    carried = [named[code] for code in codes if named[code].placement in ("kotak", "luar")]
    return tuple(item.name for item in carried if np.any(needs.column(item.code)))
