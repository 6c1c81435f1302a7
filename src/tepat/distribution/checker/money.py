"""Every rupiah and every total, counted again from the trips, the stays and the price list."""

from collections.abc import Callable, Iterator
from typing import Any

from tepat.distribution.checker.reading import Reading, Run, Stay
from tepat.distribution.checker.verdict import Finding, found
from tepat.distribution.plans import CostLine
from tepat.distribution.problems import Basis, Price

METRES_PER_KM = 1000
RECEIVING = frozenset({"ppk", "pps"})


def money_findings(reading: Reading) -> Iterator[Finding]:
    """Yield each line of the bill and each total that differs from what the plan costs."""
    expected = bill(reading)
    yield from _lines(expected, reading.plan.costs)
    yield from _totals(reading, sum(line.amount_rupiah for line in expected))


def bill(reading: Reading) -> tuple[CostLine, ...]:
    """Return the lines that the plan must show: one for each price with a quantity, in their order."""
    lines = []
    for price in reading.problem.prices:
        quantity = QUANTITIES[price.basis](reading, price)
        if quantity > 0:
            lines.append(
                CostLine(
                    price=price.id,
                    label=price.label,
                    quantity=quantity,
                    rupiah=price.rupiah,
                    amount_rupiah=_amount(price, quantity),
                    payer=price.payer,
                    account=price.account,
                    contoh=price.contoh,
                )
            )
    return tuple(lines)


def _amount(price: Price, quantity: int) -> int:
    if price.basis == "vehicle_km":
        return (quantity * price.rupiah + METRES_PER_KM // 2) // METRES_PER_KM
    return quantity * price.rupiah


def _applies(price: Price, name: str) -> bool:
    return not price.applies_to or name in price.applies_to


def _runs(reading: Reading, price: Price) -> Iterator[Run]:
    return (run for run in reading.runs if _applies(price, run.type.id))


def _vehicle_days(reading: Reading, price: Price) -> int:
    return len({(run.vehicle.id, run.trip.date) for run in _runs(reading, price)})


def _vehicle_metres(reading: Reading, price: Price) -> int:
    return sum(run.distance_m for run in _runs(reading, price))


def _vehicle_boxes(reading: Reading, price: Price) -> int:
    return sum(halt.boxes for run in _runs(reading, price) for halt in run.halts)


def _unloaded_boxes(reading: Reading, price: Price) -> int:
    halts = (halt for run in reading.runs for halt in run.halts)
    return sum(halt.boxes for halt in halts if _applies(price, halt.place.kind))


def _nights(reading: Reading, stay: Stay) -> range:
    """The nights that a unit lies at a place, each by the ordinal of the date on which it begins."""
    begins = reading.local_date(stay.since)
    polling_date = reading.problem.election.polling_date
    ends = polling_date if stay.until is None else reading.local_date(stay.until)
    return range(begins.toordinal(), ends.toordinal())


def _stays(reading: Reading, price: Price) -> Iterator[Stay]:
    return (stay for stay in reading.stays if _applies(price, stay.place.kind))


def _guarded(reading: Reading, stays: Iterator[Stay]) -> int:
    return len({(stay.place.id, night) for stay in stays for night in _nights(reading, stay)})


def _guard_nights(reading: Reading, price: Price) -> int:
    return _guarded(reading, _stays(reading, price))


def _box_nights(reading: Reading, price: Price) -> int:
    return sum(stay.unit.boxes * len(_nights(reading, stay)) for stay in _stays(reading, price))


def _late_sets(reading: Reading, price: Price) -> int:
    """Count for each unit the dates between the first on which its kind of origin is left, and its own."""
    dates = reading.strategy.dates_by_origin
    total = 0
    for run in reading.runs:
        begins = sorted(dates.get(run.origin.kind, ()))
        for halt in run.halts:
            near = {halt.place.id, halt.place.parent}
            if begins and (not price.applies_to or near & set(price.applies_to)):
                own = sum(unit.place == halt.place.id for unit in halt.units)
                total += own * max(0, run.trip.date.toordinal() - begins[0].toordinal())
    return total


def _warehouses(reading: Reading, price: Price) -> int:
    return sum(_applies(price, warehouse) for warehouse in reading.strategy.warehouses)


def _escorted(reading: Reading, price: Price) -> int:
    return sum(run.trip.escort is not None and _applies(price, run.origin.kind) for run in reading.runs)


def _delivered(reading: Reading, _: Price) -> int:
    return len(reading.handed)


def _handovers(reading: Reading, _: Price | None = None) -> int:
    return sum(len(run.halts) for run in reading.runs) + len(reading.handed)


QUANTITIES: dict[Basis, Callable[[Reading, Price], int]] = {
    "vehicle_day": _vehicle_days,
    "vehicle_km": _vehicle_metres,
    "vehicle_box": _vehicle_boxes,
    "unload_box": _unloaded_boxes,
    "guard_night": _guard_nights,
    "box_night": _box_nights,
    "late_set_day": _late_sets,
    "warehouse": _warehouses,
    "escort_trip": _escorted,
    "tps_delivery": _delivered,
    "handover": _handovers,
}


def _lines(expected: tuple[CostLine, ...], shown: tuple[CostLine, ...]) -> Iterator[Finding]:
    names = [line.price for line in expected]
    if [line.price for line in shown] != names:
        yield found(
            "CHECK-COST-LINES",
            found=", ".join(line.price for line in shown) or "tidak ada",
            expected=", ".join(names) or "tidak ada",
        )
        return
    for line, right in zip(shown, expected, strict=True):
        if line.quantity != right.quantity:
            yield found("CHECK-COST-QUANTITY", price=line.price, found=line.quantity, expected=right.quantity)
        if line.amount_rupiah != right.amount_rupiah:
            yield found(
                "CHECK-COST-AMOUNT", price=line.price, found=line.amount_rupiah, expected=right.amount_rupiah
            )
        for field in ("rupiah", "label", "payer", "account", "contoh"):
            if getattr(line, field) != getattr(right, field):
                yield found(
                    "CHECK-COST-PRICE",
                    price=line.price,
                    field=field,
                    found=str(getattr(line, field)),
                    expected=str(getattr(right, field)),
                )


def _totals(reading: Reading, cost_rupiah: int) -> Iterator[Finding]:
    last: dict[str, int] = {}
    for run in reading.runs:
        for halt in run.halts:
            last[halt.place.kind] = max(halt.done_at, last.get(halt.place.kind, halt.done_at))
    last_kpps = max((one.done_at for one in reading.handed), default=None)
    expected: dict[str, Any] = {
        "cost_rupiah": cost_rupiah,
        "distance_m": sum(run.distance_m for run in reading.runs),
        "vehicle_days": len({(run.vehicle.id, run.trip.date) for run in reading.runs}),
        "trips": len(reading.runs),
        "handovers": _handovers(reading),
        "guard_nights": _guarded(reading, (stay for stay in reading.stays if stay.place.kind in RECEIVING)),
        "units_served": len(reading.units) - len(reading.unserved),
        "units_unserved": len(reading.unserved),
        "last_ppk_at": _moment(reading, last.get("ppk")),
        "last_pps_at": _moment(reading, last.get("pps")),
        "last_kpps_at": _moment(reading, last_kpps),
        "slack_s": None if last_kpps is None else reading.target_at - last_kpps,
    }
    for field, right in expected.items():
        shown = getattr(reading.plan.totals, field)
        if shown != right:
            yield found(
                "CHECK-TOTAL", field=field, found=_shown(reading, shown), expected=_shown(reading, right)
            )


def _moment(reading: Reading, moment: int | None) -> Any:
    return None if moment is None else reading.local(moment)


def _shown(reading: Reading, value: Any) -> Any:
    if value is None:
        return "tidak ada"
    return value if isinstance(value, int) else value.astimezone(reading.zone)
