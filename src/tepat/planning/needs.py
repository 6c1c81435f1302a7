"""How many of each item each TPS, PPS, PPK, kabupaten, dapil and province needs: whole columns at once.

Two quantities stay apart: *kebutuhan cetak* (what is printed or bought, from the DPT) and *alokasi* (what a
TPS is given: DPT + DPTb + reserve of the DPT).

Source:
    docs/regulations.md#reserve-rounding, docs/regulations.md#print-and-allocation
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tepat.common.errors import Refused
from tepat.planning.columns import KAB_CHARACTERS, Grouping, TpsColumns
from tepat.planning.formulas import Counts, Formula, Value
from tepat.planning.rules import Item, Level, Overrides, RuleSet, with_overrides

Quantity = Literal["cetak", "alokasi"]
QUANTITIES: tuple[Quantity, ...] = ("cetak", "alokasi")
PPK_MAX = 10_000


@dataclass(frozen=True)
class Needs:
    """The needs of a list of TPS under one rule set.

    Args:
        tps: The list.
        rule_set: The rules, as the office set them.
        printed: *Kebutuhan cetak* by item code, one entry per unit of its level, or one number for all.
        allocated: *Alokasi* by item code, likewise.
        ppk_count: PPK that the office counts; the kecamatan in the list unless it said otherwise.
    """

    tps: TpsColumns
    rule_set: RuleSet
    printed: Mapping[str, Value]
    allocated: Mapping[str, Value]
    ppk_count: int

    def column(self, item: str, quantity: Quantity = "cetak") -> Value:
        """Return an item's quantities per unit of its level; one number where all units get the same."""
        found = self.rule_set.item(item)
        return (self.printed if quantity == "cetak" else self.allocated)[found.code]

    def units(self, level: Level, ballot: str = "") -> int:
        """Return how many units a level has; for ``dapil``, those of one ballot."""
        if level == "tps":
            return len(self.tps)
        if level == "ppk":
            return self.ppk_count
        grouping = grouping_at(self.tps, level, ballot)
        return len(grouping.names) if grouping else 0

    def total(self, item: str, quantity: Quantity = "cetak") -> int:
        """Return an item's total over all units of its level."""
        found = self.rule_set.item(item)
        column = self.column(item, quantity)
        if isinstance(column, int):
            return column * self.units(found.level, found.ballot)
        return self._ppk_total(found, column) if found.level == "ppk" else int(column.sum())

    def _ppk_total(self, item: Item, column: Counts) -> int:
        listed = len(self.tps.kecamatan.names)
        if self.ppk_count == listed:
            return int(column.sum())
        if not column.size or column.min() != column.max():
            raise Refused("NEEDS-PPK-UNEVEN", item=item.name, ppk=self.ppk_count, kecamatan=listed)
        return int(column[0]) * self.ppk_count

    def totals(self, quantity: Quantity = "cetak") -> dict[str, int]:
        """Return the total of every item by its code."""
        return {item.code: self.total(item.code, quantity) for item in self.rule_set.items}

    def per_tps(self, item: str, quantity: Quantity = "cetak") -> Counts:
        """Return an item's quantity at each TPS, as a column.

        Raises:
            Refused: NEEDS-NOT-PER-TPS where the item belongs to another level.
        """
        found = self.rule_set.item(item)
        if found.level != "tps":
            raise Refused("NEEDS-NOT-PER-TPS", item=found.name, level=found.level)
        return spread(self.column(item, quantity), len(self.tps))

    @cached_property
    def tps_items(self) -> tuple[Item, ...]:
        """The items that every TPS gets, in the order of the papers."""
        return tuple(item for item in self.rule_set.items if item.level == "tps")

    def by_group(self, grouping: Grouping, quantity: Quantity = "cetak") -> dict[str, Counts]:
        """Return for each TPS item its sum within each group, such as each kecamatan."""
        return {item.code: grouping.sums(self.column(item.code, quantity)) for item in self.tps_items}

    def by_kecamatan(self, quantity: Quantity = "cetak") -> dict[str, Counts]:
        """Return for each TPS item its sum in each kecamatan, in the order of ``tps.kecamatan.names``."""
        return self.by_group(self.tps.kecamatan, quantity)

    def rounded_per_kab(self) -> dict[str, int]:
        """Return what rounding once per kabupaten would print, for the items whose formula rounds.

        Shown beside the totals, without a verdict: the rule set rounds per TPS.
        """
        kab = self.tps.kab if len(self.tps.kab.names) else None
        found = {}
        for item in self.tps_items:
            if not item.formula.rounds:
                continue
            held = held_at(self.tps, self.rule_set, item.ballot)
            voters = self.tps.voters_for(item.ballot) * held
            at_kab = kab.sums(voters) if kab else voters.sum(keepdims=True)
            stray = voters[self.tps.kab.index < 0].sum(keepdims=True) if kab else voters[:0]
            values = _values(self.rule_set, d=np.concatenate([at_kab, stray]), t=0, n=0, e=0)
            found[item.code] = int(np.sum(item.formula.evaluate(values)))
        return found


def compute_needs(
    tps: TpsColumns,
    rule_set: RuleSet,
    overrides: Overrides | None = None,
    *,
    ppk_count: int | None = None,
) -> Needs:
    """Return the needs of a list of TPS.

    Args:
        tps: The list, as columns.
        rule_set: The rules of the event.
        overrides: What the office set differently.
        ppk_count: PPK to count; by default the distinct kecamatan in the desa codes.

    Raises:
        Refused: NEEDS-NEGATIVE where a formula gives less than nothing; NEEDS-NUMBER-OUT-OF-RANGE; those of
            `with_overrides`.

    Source:
        docs/regulations.md#print-and-allocation
    """
    if ppk_count is not None and not 0 <= ppk_count <= PPK_MAX:
        raise Refused("NEEDS-NUMBER-OUT-OF-RANGE", name="PPK", value=ppk_count, most=PPK_MAX)
    rules = with_overrides(rule_set, overrides) if overrides else rule_set
    printed: dict[str, Value] = {}
    allocated: dict[str, Value] = {}
    for item in rules.items:
        printed[item.code] = _quantity(tps, rules, item, item.formula)
        same = item.allocation.text == item.formula.text
        allocated[item.code] = printed[item.code] if same else _quantity(tps, rules, item, item.allocation)
    return Needs(
        tps=tps,
        rule_set=rules,
        printed=printed,
        allocated=allocated,
        ppk_count=len(tps.kecamatan.names) if ppk_count is None else ppk_count,
    )


def _quantity(tps: TpsColumns, rules: RuleSet, item: Item, formula: Formula) -> Value:
    """Return one item's column; one number where nothing in its formula or its area differs."""
    held = held_at(tps, rules, item.ballot)
    grouping = None if item.level == "tps" else grouping_at(tps, item.level, item.ballot)
    if grouping is None and item.level != "tps":
        return 0
    names = formula.names
    column = formula.evaluate(
        _values(
            rules,
            d=_summed(tps.voters_for(item.ballot), grouping) if "d" in names else 0,
            t=_summed(tps.dptb_for(item.ballot), grouping) if "t" in names else 0,
            n=_summed(1, grouping) if "n" in names else 0,
            e=elections_at(tps, rules, grouping) if "e" in names else 0,
        ),
    )
    if not isinstance(held, bool):
        column = column * (held if grouping is None else grouping.sums(held.astype(np.int64)) > 0)
    lowest = column if isinstance(column, int) else int(column.min(initial=0))
    if lowest < 0:
        raise Refused("NEEDS-NEGATIVE", item=item.name, formula=formula.text, lowest=lowest)
    return column


def _values(rules: RuleSet, **variables: Value) -> dict[str, Value]:
    return {name: param.value for name, param in rules.params.items()} | variables


def _summed(column: Value, grouping: Grouping | None) -> Value:
    return column if grouping is None else grouping.sums(column)


def held_at(tps: TpsColumns, rules: RuleSet, ballot: str) -> NDArray[np.bool_] | bool:
    """Return whether a ballot is held at each TPS; plain True where it is held everywhere.

    Args:
        tps: The list.
        rules: The rules of the event, with the areas that hold fewer elections.
        ballot: The ballot's code; empty for goods of no ballot.
    """
    if not ballot or not any(ballot in exception.without for exception in rules.exceptions):
        return True
    # An area that is not known (index -1, so the last entry) holds every ballot.
    by_kab = np.array([ballot in rules.ballots_at(code) for code in (*tps.kab.names, "")], dtype=np.bool_)
    return True if by_kab.all() else by_kab[tps.kab.index]


def elections_at(tps: TpsColumns, rules: RuleSet, grouping: Grouping | None = None) -> Value:
    """Return the number of elections at each unit; one number where it is the same everywhere.

    Args:
        tps: The list.
        rules: The rules of the event.
        grouping: The units; the TPS themselves where absent.
    """
    counts = {code: len(rules.ballots_at(code)) for code in (*tps.kab.names, *tps.province.names)}
    if len({*counts.values(), len(rules.ballots)}) == 1:
        return len(rules.ballots)
    if grouping is None:
        column = np.array([counts[code] for code in tps.kab.names] + [len(rules.ballots)], dtype=np.int64)
        return column[tps.kab.index]
    by_unit = [counts.get(code[:KAB_CHARACTERS], len(rules.ballots)) for code in grouping.names]
    return by_unit[0] if len(set(by_unit)) == 1 else np.array(by_unit, dtype=np.int64)


def grouping_at(tps: TpsColumns, level: Level, ballot: str = "") -> Grouping | None:
    """Return how TPS are grouped at a level; None where the list does not say it (dapil)."""
    match level:
        case "pps":
            return tps.desa
        case "ppk":
            return tps.kecamatan
        case "kab":
            return tps.kab
        case "prov":
            return tps.province
        case "dapil":
            return tps.dapil.get(ballot)
        case "tps":
            raise AssertionError(level)


def spread(column: Value, size: int) -> Counts:
    """Return a column of a given length; one number becomes a column that takes no memory."""
    return np.broadcast_to(np.int64(column), size) if isinstance(column, int) else column


def reach(voters: int, tps: int | None, rate: Fraction) -> tuple[int, int | None]:
    """Return the fewest and the most sheets that rounding up per TPS can give, however voters are spread.

    Args:
        voters: Voters of the whole list, in people.
        tps: TPS they are spread over; None where no source counts them.
        rate: The reserve's share.

    Returns:
        The lower and upper bound, in sheets; no upper bound without a count of TPS.

    Source:
        docs/regulations.md#reserve-rounding
    """
    lower = voters - (-voters * rate.numerator // rate.denominator)
    if tps is None:
        return lower, None
    slack = (rate.denominator - 1) * tps
    return lower, voters + (voters * rate.numerator + slack) // rate.denominator
