"""Which vehicles a problem has: the usual fleet, rentable trucks, a carrier, those of PPK and baseline."""

from collections.abc import Mapping, Sequence

from tepat.distribution.building.baseline import Baseline
from tepat.distribution.building.calendar import Calendar
from tepat.distribution.building.fleet import Counts, Fleet, Load, Pool, ppk_pickups, warehouse_counts


def make_fleet(
    calendar: Calendar,
    from_warehouse: Sequence[Load],
    from_ppk: Mapping[str, Sequence[Load]],
    *,
    counts: Counts | None,
    baseline: Baseline | None,
) -> Fleet:
    """Return all vehicles of a problem in pools: `armada`, `cadangan`, `penyedia`, `nyata`, `ppk`.

    Args:
        calendar: The days.
        from_warehouse: What each PPS takes, seen from the first warehouse.
        from_ppk: What each PPS takes, seen from its PPK, by PPK.
        counts: How many vehicles; None = computed from the demand.
        baseline: What really happened, if it is known.
    """
    day_s = calendar.work_s("armada")
    fleet = Fleet()
    _add_warehouse_pools(fleet, counts or warehouse_counts(from_warehouse, day_s), calendar)
    if baseline:
        _add_baseline_pool(fleet, baseline, calendar)
    for ppk, loads in from_ppk.items():
        _add_ppk_pool(fleet, ppk, ppk_pickups(loads, day_s), calendar)
    return fleet


def _add_warehouse_pools(fleet: Fleet, counts: Counts, calendar: Calendar) -> None:
    dates = calendar.all_dates
    for kind, count in (("truk-cdd", counts.cdd), ("truk-cde", counts.cde), ("pikap", counts.pikap)):
        fleet.add(Pool("armada", kind, "armada", dates), count)
    fleet.add(Pool("cadangan", "truk-cdd", "armada", dates, prefix="CADANGAN-"), counts.reserve)
    for kind, count in (("penyedia-cdd", counts.carrier_cdd), ("penyedia-pikap", counts.carrier_pikap)):
        fleet.add(Pool("penyedia", kind, "armada", dates, prefix="PENYEDIA-"), count)


def _add_baseline_pool(fleet: Fleet, baseline: Baseline, calendar: Calendar) -> None:
    for kind, count in (("truk-cdd", baseline.cdd), ("truk-cde", baseline.cde), ("pikap", baseline.pikap)):
        fleet.add(Pool("nyata", kind, "armada-panjang", calendar.all_dates, prefix="NYATA-"), count)


def _add_ppk_pool(fleet: Fleet, ppk: str, pickups: int, calendar: Calendar) -> None:
    dates = calendar.dates(3, 1)
    for kind, count in (("engkel-ppk", 1), ("pikap-ppk", pickups)):
        fleet.add(Pool("ppk", kind, "armada-ppk", dates, prefix=f"PPK-{ppk}-", home=ppk), count)
