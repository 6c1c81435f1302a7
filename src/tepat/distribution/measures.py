"""What strategies are compared by: money, work, time; one row of a table for each. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from tepat.common.tables import Cell, Kind
from tepat.distribution import comparison

type Metric = tuple[str, Kind, Callable[[comparison.Column], Any], Callable[[Sequence[Any]], Any] | None]


def _least(values: Sequence[Any]) -> Any:
    return min(values)


def _most(values: Sequence[Any]) -> Any:
    return max(values)


MONEY: tuple[Metric, ...] = (
    ("Biaya seluruhnya", Kind.RUPIAH, lambda column: column.cost_rupiah, _least),
    ("per TPS", Kind.RUPIAH, lambda column: column.cost_rupiah_per_tps, None),
    ("per pemilih", Kind.RUPIAH, lambda column: column.cost_rupiah_per_voter, None),
)
WORK: tuple[Metric, ...] = (
    ("Hari kendaraan", Kind.COUNT, lambda column: column.vehicle_days, _least),
    ("Perjalanan", Kind.COUNT, lambda column: column.trips, _least),
    ("Jarak, km", Kind.METRES, lambda column: column.distance_m, _least),
    ("Tiba terakhir di PPK", Kind.MOMENT, lambda column: column.last_ppk_at, None),
    ("Tiba terakhir di PPS", Kind.MOMENT, lambda column: column.last_pps_at, None),
    ("Diserahkan terakhir ke KPPS", Kind.MOMENT, lambda column: column.last_kpps_at, _least),
    ("Longgar sampai target kantor", Kind.SECONDS, lambda column: column.slack_s, _most),
    ("Serah terima", Kind.COUNT, lambda column: column.handovers, _least),
    ("Malam jaga", Kind.COUNT, lambda column: column.guard_nights, _least),
)

LAST = ("Tiba terakhir di PPK", "Tiba terakhir di PPS", "Diserahkan terakhir ke KPPS")
"""The measures that depend on travel times, in the order of `LastBands`."""


def metric_row(metric: Metric, columns: Sequence[comparison.Column], whole: Sequence[bool]) -> list[Any]:
    """Return one measure of each column; the best of those that leave nothing behind is marked."""
    title, kind, read, best_of = metric
    values = [read(column) for column in columns]
    known = [value for value, complete in zip(values, whole, strict=True) if complete and value is not None]
    best = best_of(known) if best_of and len(known) > 1 else None
    cells = [
        Cell(value, kind=kind, best=best is not None and complete and value == best)
        for value, complete in zip(values, whole, strict=True)
    ]
    return [title, *cells]


def left_cell(column: comparison.Column) -> Cell:
    """Return how many sets a strategy leaves behind."""
    if not column.unserved:
        return Cell("tidak ada", kind=Kind.TEXT)
    count = sum(left.units for left in column.unserved)
    return Cell(count, kind=Kind.COUNT, note=column.unserved[0].reason)
