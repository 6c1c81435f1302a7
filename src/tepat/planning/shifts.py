"""After printing, a changed list moves ballots between TPS, with minutes; it never orders new ones.

Source:
    docs/regulations.md#after-printing
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from tepat.common.quantities import grouped
from tepat.planning.changes import TpsKey, places
from tepat.planning.columns import KECAMATAN_CHARACTERS, NO_DAPIL
from tepat.planning.needs import Needs
from tepat.planning.rules import Item

UNKNOWN_DAPIL = "?"
NOT_ENOUGH = "sisa surat suara di dapil ini tidak cukup"
NO_DAPIL_KNOWN = "dapilnya belum diisi, jadi surat suara yang cocok tidak dapat dipastikan"


@dataclass(frozen=True)
class Shift:
    """Ballots that go from one TPS to another.

    Args:
        item: The ballot's item code.
        dapil: The dapil both belong to, or empty where sheets are the same everywhere.
        source: The TPS that gives.
        target: The TPS that receives.
        sheets: How many.
        source_before: What the giver had before this shift.
        source_keeps: What its own DPT and DPTb need, which it keeps in any case.
    """

    item: str
    dapil: str
    source: TpsKey
    target: TpsKey
    sheets: int
    source_before: int
    source_keeps: int


@dataclass(frozen=True)
class Shortage:
    """A TPS that no shift can help fully.

    Args:
        item: The ballot's item code.
        tps: The TPS.
        sheets: Sheets still missing.
        reason: Why.
    """

    item: str
    tps: TpsKey
    sheets: int
    reason: str


@dataclass(frozen=True)
class ShiftPlan:
    """All shifts after one change of the list.

    Args:
        shifts: In the order they are carried out.
        shortages: What stays uncovered; empty when every voter has a ballot.
        stock: Sheets at each TPS afterwards, by item code.
    """

    shifts: tuple[Shift, ...]
    shortages: tuple[Shortage, ...]
    stock: Mapping[str, Mapping[TpsKey, int]]

    @property
    def covered(self) -> bool:
        """Whether every voter of every TPS has a ballot afterwards."""
        return not self.shortages

    def minutes_lines(self) -> tuple[str, ...]:
        """Return the lines of the berita acara, one per shift, then one per TPS that stays short."""
        return tuple(_shift_line(shift) for shift in self.shifts) + tuple(map(_short_line, self.shortages))


@dataclass
class _Pool:
    """The sheets of one ballot and dapil, while they are being moved."""

    item: Item
    dapil: str
    stock: dict[TpsKey, int] = field(default_factory=dict)
    keeps: dict[TpsKey, int] = field(default_factory=dict)

    def spare(self, key: TpsKey) -> int:
        return max(0, self.stock[key] - self.keeps.get(key, 0))

    def sources(self, near: str, deficit: int) -> list[TpsKey]:
        """Return the fewest TPS of an area that cover a deficit, the fullest first; all if they cannot."""
        giving = [key for key in self.stock if key[0].startswith(near) and self.spare(key)]
        giving.sort(key=lambda key: (-self.spare(key), key))
        chosen, covered = [], 0
        for key in giving:
            if covered >= deficit:
                break
            chosen.append(key)
            covered += self.spare(key)
        return chosen

    def best_sources(self, target: TpsKey, deficit: int) -> list[TpsKey]:
        """Return the fewest sources of the dapil; as few from the same desa or kecamatan are preferred."""
        everywhere = self.sources("", deficit)
        for near in (target[0], target[0][:KECAMATAN_CHARACTERS]):
            chosen = self.sources(near, deficit)
            if len(chosen) <= len(everywhere) and sum(map(self.spare, chosen)) >= deficit:
                return chosen
        return everywhere


def plan_shifts(
    printed: Needs,
    after: Needs,
    *,
    stock: Mapping[str, Mapping[TpsKey, int]] | None = None,
    with_reserve: bool = False,
) -> ShiftPlan:
    """Return which ballots move where when the list changed after printing; the sum of sheets never changes.

    Each TPS keeps what its own DPT and DPTb need; only the rest is moved. The TPS with the largest shortage
    is helped first, each from the fewest sources. A TPS that the new list no longer has gives all its sheets.

    Args:
        printed: Needs by the list that was printed from; each TPS holds its *alokasi*.
        after: Needs by the new list.
        stock: Counted sheets by item code and TPS, where they differ from what was printed.
        with_reserve: Whether the receivers also get their reserve, not only a sheet for each voter.

    Source:
        docs/regulations.md#after-printing
    """
    assert printed.rule_set.code == after.rule_set.code, (printed.rule_set.code, after.rule_set.code)
    shifts: list[Shift] = []
    shortages: list[Shortage] = []
    left: dict[str, dict[TpsKey, int]] = {}
    for item in after.tps_items:
        if not (item.ballot and item.formula.rounds):
            continue
        held = {
            key: int(printed.per_tps(item.code, "alokasi")[at]) for key, at in places(printed.tps).items()
        }
        held |= (stock or {}).get(item.code, {})
        left[item.code] = {}
        for pool, wanted in _pools(item, held, printed, after, with_reserve=with_reserve):
            moved, short = _settle(pool, wanted)
            shifts += moved
            shortages += short
            for key, sheets in pool.stock.items():
                left[item.code][key] = left[item.code].get(key, 0) + sheets
        assert sum(left[item.code].values()) == sum(held.values()), item.code
    return ShiftPlan(tuple(shifts), tuple(shortages), left)


def _pools(
    item: Item,
    held: dict[TpsKey, int],
    printed: Needs,
    after: Needs,
    *,
    with_reserve: bool,
) -> list[tuple[_Pool, dict[TpsKey, int]]]:
    """Return the sheets of each dapil with what each of its TPS should have.

    Sheets stay in the dapil they were printed for, even where the TPS now belongs to another.
    """
    before, later = _dapil(item, printed), _dapil(item, after)
    voters = after.tps.voters_for(item.ballot) + after.tps.dptb_for(item.ballot)
    given = after.per_tps(item.code, "alokasi")
    pools: dict[str, tuple[_Pool, dict[TpsKey, int]]] = {}
    for key in sorted(held):
        pool, _ = _pool(pools, item, _known(before.get(key), later.get(key)))
        pool.stock[key] = held[key]
    for key, place in sorted(places(after.tps).items()):
        pool, wanted = _pool(pools, item, _known(later.get(key), before.get(key)))
        pool.stock.setdefault(key, 0)
        if given[place]:
            pool.keeps[key] = int(voters[place])
            wanted[key] = int(given[place]) if with_reserve else pool.keeps[key]
    return list(pools.values())


def _pool(
    pools: dict[str, tuple[_Pool, dict[TpsKey, int]]],
    item: Item,
    dapil: str,
) -> tuple[_Pool, dict[TpsKey, int]]:
    return pools.setdefault(dapil, (_Pool(item, dapil), {}))


def _known(first: str | None, second: str | None) -> str:
    """Return the first dapil that somebody named; ``?`` where nobody did, empty where there are none."""
    named = [dapil for dapil in (first, second) if dapil not in (None, UNKNOWN_DAPIL)]
    return named[0] or "" if named else first or second or ""


def _dapil(item: Item, needs: Needs) -> dict[TpsKey, str]:
    """Return the dapil of each TPS; ``?`` where the sheets differ by dapil and nobody said which it is."""
    ballot = next(ballot for ballot in needs.rule_set.ballots if ballot.code == item.ballot)
    if not ballot.by_dapil:
        return {}
    grouping = needs.tps.dapil.get(ballot.code)
    named = {}
    for key, place in places(needs.tps).items():
        index = NO_DAPIL if grouping is None else int(grouping.index[place])
        named[key] = UNKNOWN_DAPIL if grouping is None or index == NO_DAPIL else grouping.names[index]
    return named


def _settle(pool: _Pool, wanted: dict[TpsKey, int]) -> tuple[list[Shift], list[Shortage]]:
    """Help each TPS that is short, the worst first."""
    missing = {key: most - pool.stock[key] for key, most in wanted.items() if most > pool.stock[key]}
    shifts: list[Shift] = []
    shortages: list[Shortage] = []
    for target in sorted(missing, key=lambda key: (-missing[key], key)):
        deficit = missing[target]
        sources = [] if pool.dapil == UNKNOWN_DAPIL else pool.best_sources(target, deficit)
        for source in sources:
            sheets = min(deficit, pool.spare(source))
            keeps = pool.keeps.get(source, 0)
            shifts.append(
                Shift(
                    pool.item.code, pool.dapil, source, target, sheets, pool.stock[source], source_keeps=keeps
                ),
            )
            pool.stock[source] -= sheets
            pool.stock[target] += sheets
            deficit -= sheets
        if deficit:
            reason = NO_DAPIL_KNOWN if pool.dapil == UNKNOWN_DAPIL else NOT_ENOUGH
            shortages.append(Shortage(pool.item.code, target, deficit, reason))
    return shifts, shortages


def shift_totals(plan: ShiftPlan) -> dict[str, int]:
    """Return the sheets moved by item code."""
    totals: dict[str, int] = defaultdict(int)
    for shift in plan.shifts:
        totals[shift.item] += shift.sheets
    return dict(totals)


def _named(key: TpsKey) -> str:
    return f"{key[0]} TPS {key[1]:03d}"


def _shift_line(shift: Shift) -> str:
    after = shift.source_before - shift.sheets
    dapil = f" (dapil {shift.dapil})" if shift.dapil else ""
    source, target = _named(shift.source), _named(shift.target)
    return (
        f"{grouped(shift.sheets)} lembar {shift.item}{dapil} dari {source} ke {target}; "
        f"{source}: {grouped(shift.source_before)} menjadi {grouped(after)}, "
        f"pemilihnya {grouped(shift.source_keeps)}"
    )


def _short_line(shortage: Shortage) -> str:
    what = f"{grouped(shortage.sheets)} lembar {shortage.item} untuk {_named(shortage.tps)}"
    return f"{what} tidak dapat ditutup: {shortage.reason}"
