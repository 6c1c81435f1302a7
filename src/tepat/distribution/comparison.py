"""Plans of one problem side by side: rupiah, hours, hands, nights, and what is left behind."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from tepat.common.errors import Refused
from tepat.common.quantities import clock, grouped, kilometres, rupiah
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.costing import Ledger
from tepat.distribution.documents import sha256
from tepat.distribution.plans import CostLine, Plan
from tepat.distribution.problems import Price, Problem

PLANS_MAX = 40
"""Plans in one comparison."""

LEGS = {
    "gudang": "Gudang",
    "tahap-1": "Gudang ke PPK atau PPS",
    "tahap-2": "PPK ke PPS",
    "jaga": "Jaga malam dan simpan",
    "kpps": "PPS ke KPPS",
}
"""What costs are told apart by; the second leg of the baseline was never published."""

NIGHT_BASES = frozenset({"guard_night", "box_night"})


class Left(Struct, frozen=True, kw_only=True):
    """Units left behind for one reason."""

    code: str
    units: int
    reason: str


class Column(Struct, frozen=True, kw_only=True):
    """One plan as an office reads it. Money is rupiah; `*_rupiah_per_*` are rounded to the nearest."""

    strategy: str
    title: str
    baseline: bool
    note: str
    complete: bool
    cost_rupiah: int
    cost_rupiah_per_tps: int
    cost_rupiah_per_voter: int
    lines: dict[str, int]
    legs: dict[str, int]
    vehicle_days: int
    trips: int
    distance_m: int
    last_ppk_at: datetime | None
    last_pps_at: datetime | None
    last_kpps_at: datetime | None
    slack_s: int | None
    handovers: int
    guard_nights: int
    unserved: tuple[Left, ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """Columns on identical prices.

    Args:
        problem_id: The problem they answer.
        tps: TPS in the problem.
        voters: Their voters.
        prices: Labels of the price list by id, in its order; those marked "contoh" end so.
        contoh: What of the problem is not real.
        columns: One for each plan, in the order given.
        cheapest: The strategy of the cheapest complete plan; None if none is complete.
    """

    problem_id: str
    tps: int
    voters: int
    prices: dict[str, str]
    contoh: tuple[str, ...]
    columns: tuple[Column, ...]
    cheapest: str | None


def compare(problem: Problem, plans: Mapping[str, Plan], matrices: Matrices) -> Comparison:
    """Return plans of one problem side by side.

    Args:
        problem: The problem.
        plans: By the name to be shown when one is refused, such as its file.
        matrices: The problem's matrices.

    Raises:
        Refused: SOLVE-OTHER-PROBLEM (it names the plan), SOLVE-NO-STRATEGY.
    """
    assert len(plans) <= PLANS_MAX, len(plans)
    own = sha256(problem)
    for name, plan in plans.items():
        if plan.problem_sha256 != own:
            raise Refused("SOLVE-OTHER-PROBLEM", file=name)
    tps = [unit for unit in problem.units if unit.kind == "tps"]
    voters = sum(unit.voters for unit in tps)
    columns = tuple(
        _column(open_case(problem, plan.strategy, matrices), plan, len(tps), voters)
        for plan in plans.values()
    )
    complete = [column for column in columns if column.complete]
    return Comparison(
        problem_id=problem.id,
        tps=len(tps),
        voters=voters,
        prices={price.id: price.label + (" (contoh)" if price.contoh else "") for price in problem.prices},
        contoh=problem.contoh,
        columns=columns,
        cheapest=min(complete, key=lambda column: column.cost_rupiah).strategy if complete else None,
    )


def _column(case: Case, plan: Plan, tps: int, voters: int) -> Column:
    totals = plan.totals
    return Column(
        strategy=plan.strategy,
        title=case.strategy.title,
        baseline=case.strategy.baseline,
        note=case.strategy.note,
        complete=not plan.unserved,
        cost_rupiah=totals.cost_rupiah,
        cost_rupiah_per_tps=_rounded(totals.cost_rupiah, tps),
        cost_rupiah_per_voter=_rounded(totals.cost_rupiah, voters),
        lines={line.price: line.amount_rupiah for line in plan.costs},
        legs=cost_by_leg(case, plan),
        vehicle_days=totals.vehicle_days,
        trips=totals.trips,
        distance_m=totals.distance_m,
        last_ppk_at=totals.last_ppk_at,
        last_pps_at=totals.last_pps_at,
        last_kpps_at=totals.last_kpps_at,
        slack_s=totals.slack_s,
        handovers=totals.handovers,
        guard_nights=totals.guard_nights,
        unserved=_left(plan),
    )


def _rounded(amount: int, by: int) -> int:
    return (2 * amount + by) // (2 * by) if by else 0


def _left(plan: Plan) -> tuple[Left, ...]:
    """Return what is left behind by reason, most units first, with one sentence of each."""
    counted = Counter(each.code for each in plan.unserved)
    first = {each.code: each.reason for each in reversed(plan.unserved)}
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Left(code=code, units=units, reason=first[code]) for code, units in ranked)


def cost_by_leg(case: Case, plan: Plan) -> dict[str, int]:
    """Return a plan's rupiah by leg; they add up to its total.

    Where a line is shared by both legs, the first gets what its own trips cost and the second the rest, so
    that rounding never loses a rupiah.
    """
    prices = {price.id: price for price in case.problem.prices}
    first = Ledger(case, [trip for trip in plan.trips if case.origin_kind(trip.origin) == "gudang"], ())
    both = Ledger(case, plan.trips, ())
    legs: dict[str, int] = defaultdict(int, dict.fromkeys(LEGS, 0))
    for line in plan.costs:
        price = prices[line.price]
        if price.basis in NIGHT_BASES:
            legs["jaga"] += line.amount_rupiah
        elif price.basis == "warehouse":
            legs["gudang"] += line.amount_rupiah
        else:
            _share(legs, line, price, first, both)
    return dict(legs)


def _share(legs: dict[str, int], line: CostLine, price: Price, first: Ledger, both: Ledger) -> None:
    """Share a line of moving among the legs."""
    one = first.amount(price) if price.basis != "tps_delivery" else 0
    two = both.amount(price) - one if price.basis != "tps_delivery" else 0
    legs["tahap-1"] += one
    legs["tahap-2"] += two
    legs["kpps"] += line.amount_rupiah - one - two


def table(comparison: Comparison) -> list[list[str]]:
    """Return the comparison as rows of text, the first row the strategies' names."""
    columns = comparison.columns
    rows = [["", *(column.strategy for column in columns)]]
    rows.append(["Total", *(rupiah(column.cost_rupiah) for column in columns)])
    rows.append(["per TPS", *(rupiah(column.cost_rupiah_per_tps) for column in columns)])
    rows.append(["per pemilih", *(rupiah(column.cost_rupiah_per_voter) for column in columns)])
    for leg, title in LEGS.items():
        rows.append([title, *(rupiah(column.legs[leg]) for column in columns)])
    for price, label in comparison.prices.items():
        if any(price in column.lines for column in columns):
            rows.append([f"  {label}", *(rupiah(column.lines.get(price, 0)) for column in columns)])
    rows.append(["Hari kendaraan", *(grouped(column.vehicle_days) for column in columns)])
    rows.append(["Perjalanan", *(grouped(column.trips) for column in columns)])
    rows.append(["Jarak", *(kilometres(column.distance_m) for column in columns)])
    rows.append(["Longgar sampai target", *(_slack(column.slack_s) for column in columns)])
    rows.append(["Serah terima", *(grouped(column.handovers) for column in columns)])
    rows.append(["Malam jaga", *(grouped(column.guard_nights) for column in columns)])
    rows.append(["Set tertinggal", *(_left_text(column.unserved) for column in columns)])
    return rows


def _slack(slack_s: int | None) -> str:
    if slack_s is None:
        return "tidak ada"
    return clock(slack_s) if slack_s >= 0 else f"terlambat {clock(-slack_s)}"


def _left_text(left: Sequence[Left]) -> str:
    return "; ".join(f"{each.units} × {each.code}" for each in left) or "tidak ada"
