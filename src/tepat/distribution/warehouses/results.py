"""What a routed set is told by: its bill, its distances, what each of its warehouses serves and holds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from tepat.common.quantities import ceil_div
from tepat.distribution.case import Case
from tepat.distribution.documents import sha256
from tepat.distribution.plans import Plan, Trip
from tepat.distribution.problems import Place
from tepat.distribution.warehouses.report import Holding, SetResult, State
from tepat.distribution.warehouses.room import floor_m2, loading_at_once, peak_of, stock_days
from tepat.distribution.working_time import moment, second

PERCENT = 100


def routed(known: SetResult, case: Case, plan: Plan, seconds: float) -> SetResult:
    """Return a set's result with what its plan says.

    Args:
        known: The set without its plan.
        case: Its problem and strategy.
        plan: Its plan, accepted or incomplete.
        seconds: Wall seconds spent on it.
    """
    basis = {price.id: price.basis for price in case.problem.prices}
    by_basis: dict[str, int] = defaultdict(int)
    for line in plan.costs:
        by_basis[basis[line.price]] += line.amount_rupiah
    left = len(plan.unserved)
    state: State = "tidak-lengkap" if left else "dihitung"
    first = plan.unserved[0] if left else None
    totals = plan.totals
    return replace(
        known,
        state=state,
        cost_rupiah=totals.cost_rupiah,
        by_basis=dict(sorted(by_basis.items())),
        distance_m=totals.distance_m,
        vehicle_days=totals.vehicle_days,
        trips=totals.trips,
        last_pps_at=totals.last_pps_at,
        slack_s=totals.slack_s,
        left=left,
        reason=first.reason if first else "",
        code=first.code if first else "",
        holdings=tuple(holding(case, plan, each) for each in case.strategy.warehouses),
        problem_sha256=plan.problem_sha256,
        plan_sha256=sha256(plan),
        seconds=seconds,
    )


def holding(case: Case, plan: Plan, warehouse: str) -> Holding:
    """Return what one open warehouse serves and holds in a plan."""
    place = case.place[warehouse]
    own = [trip for trip in plan.trips if trip.origin == warehouse]
    leaves = {
        unit: case.local_date(trip.load_at) for trip in own for stop in trip.stops for unit in stop.units
    }
    units = [case.unit[unit] for unit in leaves]
    peak = peak_of(stock_days(case, units, leaves))
    most, when = loading_at_once(own)
    return Holding(
        warehouse=warehouse,
        places=tuple(sorted({unit.place for unit in units})),
        boxes=sum(unit.boxes for unit in units),
        peak_date=peak.date,
        peak_boxes=peak.boxes,
        box_ml=peak.box_ml,
        loose_ml=peak.loose_ml,
        needs_m2=floor_m2(peak.volume_ml, place),
        usable_m2=place.warehouse.usable_m2 if place.warehouse else None,
        loading_most=most,
        loading_at=when,
        docks=place.docks,
        dock_percent=dock_percent(case, own, place),
    )


def dock_percent(case: Case, trips: Sequence[Trip], place: Place) -> int | None:
    """Return how much of all docks' opening hours loading takes on the busiest day, rounded up."""
    if place.docks is None:
        return None
    loading = defaultdict[date, int](int)
    for trip in trips:
        loading[case.local_date(trip.load_at)] += second(trip.depart_at) - second(trip.load_at)
    opened = defaultdict[date, int](int)
    for opens, closes in case.opening[place.hours]:
        opened[case.local_date(moment(opens))] += closes - opens
    shares = [ceil_div(PERCENT * used, max(1, place.docks * opened[day])) for day, used in loading.items()]
    return max(shares, default=0)
