"""Why a number is what it is: the rule in words, the formula with its inputs filled in, source and mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tepat.common.quantities import grouped
from tepat.planning.formulas import MEANINGS, Formula, Value
from tepat.planning.needs import Needs, Quantity, elections_at, grouping_at
from tepat.planning.rules import Item, Level

UNVERIFIED = "belum diverifikasi"
GROUPS_SHOWN_MAX = 4
LEVEL_NAMES: Mapping[Level, str] = {
    "tps": "TPS",
    "pps": "PPS",
    "ppk": "PPK",
    "kab": "kabupaten/kota",
    "dapil": "dapil",
    "prov": "provinsi",
}


@dataclass(frozen=True)
class Input:
    """A number that went into a formula.

    Args:
        name: As the formula writes it.
        meaning: In words.
        value: The number.
        mark: How certain it is; empty for what was counted from the list.
        source: Where it comes from.
    """

    name: str
    meaning: str
    value: int
    mark: str
    source: str


@dataclass(frozen=True)
class Explanation:
    """The answer to "mengapa?" for one number.

    Args:
        item: The item's code.
        name: The item's name.
        place: What the number is for.
        quantity: ``cetak`` or ``alokasi``.
        amount: The number.
        unit: What is counted.
        rule: The rule in words.
        formula: The formula as the rule set writes it.
        filled: The formula with its inputs filled in, such as ``5 kotak × 2.977 TPS = 14.885``.
        inputs: What went into it.
        source: Where the rule comes from.
        mark: How certain it is.
        verified: Whether the rule and every parameter rest on sources that fit.
        beside: The other reading of the rounding, or empty.
    """

    item: str
    name: str
    place: str
    quantity: Quantity
    amount: int
    unit: str
    rule: str
    formula: str
    filled: str
    inputs: tuple[Input, ...]
    source: str
    mark: str
    verified: bool
    beside: str = ""

    @property
    def status(self) -> str:
        """The mark as screens show it."""
        return f"[{self.mark}]" if self.verified else f"[{self.mark}] {UNVERIFIED}"

    def as_document(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "place": self.place,
            "quantity": self.quantity,
            "amount": self.amount,
            "rule": self.rule,
            "formula": self.formula,
            "filled": self.filled,
            "inputs": {entry.name: entry.value for entry in self.inputs},
            "source": self.source,
            "mark": self.mark,
            "verified": self.verified,
            "beside": self.beside,
        }


def explain(
    needs: Needs, item: str, tps_index: int | None = None, quantity: Quantity = "cetak"
) -> Explanation:
    """Return why an item's total, or its number at one TPS, is what it is.

    Args:
        needs: The needs.
        item: The item's code.
        tps_index: The place of a TPS in the list; None for the total.
        quantity: ``cetak`` or ``alokasi``.

    Raises:
        Refused: NEEDS-UNKNOWN-ITEM; NEEDS-NOT-PER-TPS for a TPS and an item of another level.
    """
    found = needs.rule_set.item(item)
    formula = found.formula if quantity == "cetak" else found.allocation
    if tps_index is None:
        amount = needs.total(item, quantity)
        place, filled = "seluruh daftar", _filled_total(needs, found, formula, quantity)
        inputs = _inputs(needs, found, formula, None)
    else:
        amount = int(needs.per_tps(item, quantity)[tps_index])
        place = needs.tps.label(tps_index)
        inputs = _inputs(needs, found, formula, tps_index)
        filled = _filled_tps(formula, {entry.name: entry.value for entry in inputs}, amount, found.unit)
    params = [needs.rule_set.params[name] for name in formula.names if name in needs.rule_set.params]
    return Explanation(
        item=found.code,
        name=found.name,
        place=place,
        quantity=quantity,
        amount=amount,
        unit=found.unit,
        rule=found.rule,
        formula=formula.text,
        filled=filled,
        inputs=inputs,
        source="; ".join(
            [found.source, *(param.source for param in params if param.source not in found.source)]
        ),
        mark=found.mark,
        verified=found.verified and all(param.mark in ("A", "B") for param in params),
        beside=_beside(needs, found, amount) if tps_index is None and quantity == "cetak" else "",
    )


def explain_boxes(needs: Needs) -> str:
    """Return how all boxes add up, such as ``14.885 + 32 = 14.917``."""
    boxes = [needs.total(item.code) for item in needs.rule_set.items if item.is_box]
    return f"{' + '.join(map(grouped, boxes))} = {grouped(sum(boxes))}"


def _beside(needs: Needs, item: Item, amount: int) -> str:
    once = needs.rounded_per_kab().get(item.code)
    if once is None:
        return ""
    difference = grouped(amount - once)
    return f"dibulatkan sekali per kabupaten/kota: {grouped(once)} (selisih {difference} {item.unit})"


def _inputs(needs: Needs, item: Item, formula: Formula, tps_index: int | None) -> tuple[Input, ...]:
    """Return the inputs in the order of the language, then the parameters."""
    found = []
    for name, meaning in MEANINGS.items():
        value = _variable(needs, item, name, tps_index) if name in formula.names else None
        if value is not None:
            found.append(Input(name, meaning, value, mark="", source="daftar TPS"))
    for name, param in needs.rule_set.params.items():
        if name in formula.names:
            found.append(
                Input(name, name.replace("_", " "), param.value, mark=param.mark, source=param.source)
            )
    return tuple(found)


def _variable(needs: Needs, item: Item, name: str, tps_index: int | None) -> int | None:
    """Return a variable's value; None for the elections of a list whose areas hold different ones."""
    tps = needs.tps
    if name == "e":
        elections = elections_at(tps, needs.rule_set)
        if isinstance(elections, int):
            return elections
        return None if tps_index is None else int(elections[tps_index])
    if name == "n":
        return len(tps) if tps_index is None else 1
    column = tps.voters_for(item.ballot) if name == "d" else tps.dptb_for(item.ballot)
    return int(column.sum()) if tps_index is None else int(column[tps_index])


def _filled_tps(formula: Formula, values: Mapping[str, int], amount: int, unit: str) -> str:
    if not formula.names:
        return f"{grouped(amount)} {unit}"
    steps = [formula.filled(values)]
    if formula.rounds:
        steps.append(formula.rounded_up(values).filled(values))
    if formula.evaluate(values) != amount:
        steps.append("tidak diadakan di daerah ini")
    text = " = ".join(dict.fromkeys([*steps, grouped(amount)]))
    return f"{text} {unit}"


def _filled_total(needs: Needs, item: Item, formula: Formula, quantity: Quantity) -> str:
    """Return the total as a sum people can follow: by groups of equal units, or by voters and reserve."""
    column = needs.column(item.code, quantity)
    total = grouped(needs.total(item.code, quantity))
    level = LEVEL_NAMES[item.level]
    counts = _counts(column, needs.units(item.level, item.ballot))
    if not formula.names & {"d", "t"} and len(counts) <= GROUPS_SHOWN_MAX:
        parts = [f"{grouped(each)} {item.unit} × {grouped(units)} {level}" for each, units in counts]
        return f"{' + '.join(parts) or f'0 {level}'} = {total}"
    parts = [f"{grouped(amount)} {name}" for name, amount in _parts(needs, item, formula, quantity) if amount]
    where = f"{grouped(needs.units(item.level, item.ballot))} {level}"
    return f"jumlah {formula.readable} di {where}: {' + '.join(parts) or '0'} = {total}"


def _counts(column: Value, units: int) -> list[tuple[int, int]]:
    """Return how many units get how much, the most first; a single count belongs to all units."""
    if isinstance(column, int):
        return [(column, units)] if units else []
    values, counts = np.unique(column, return_counts=True)
    if len(values) == 1:
        return [(int(values[0]), units)]
    return [
        (int(value), int(count)) for value, count in zip(values[::-1], counts[::-1], strict=True) if value
    ]


def _parts(needs: Needs, item: Item, formula: Formula, quantity: Quantity) -> list[tuple[str, int]]:
    held = _column_sum(needs, item, np.asarray(needs.column(item.code, quantity)) > 0)
    voters = held["d"] if "d" in formula.names else 0
    moved = held["t"] if "t" in formula.names else 0
    rest = needs.total(item.code, quantity) - voters - moved
    return [
        ("pemilih DPT", voters),
        ("pemilih DPTb", moved),
        ("cadangan" if formula.rounds else "tetap", rest),
    ]


def _column_sum(needs: Needs, item: Item, given: Any) -> dict[str, int]:
    """Return DPT and DPTb voters of the units that get the item at all."""
    grouping = None if item.level == "tps" else grouping_at(needs.tps, item.level, item.ballot)
    sums = {}
    for name, column in (("d", needs.tps.voters_for(item.ballot)), ("t", needs.tps.dptb_for(item.ballot))):
        by_unit = column if grouping is None else grouping.sums(column)
        sums[name] = int((by_unit * given).sum())
    return sums
