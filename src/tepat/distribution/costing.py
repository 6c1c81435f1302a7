"""The bill and the totals of a plan, from its trips and deliveries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from tepat.distribution.case import Case
from tepat.distribution.plans import CostLine, Delivery, Stop, Totals, Trip
from tepat.distribution.problems import PlaceKind, Price

METRES_PER_KM = 1000


@dataclass(frozen=True)
class Stay:
    """One unit lying at one place from a local date up to, not including, another."""

    place: str
    unit: str
    since: date
    until: date


@dataclass(frozen=True)
class Ledger:
    """A plan's movements, counted in the ways that prices ask for.

    Args:
        case: Problem and strategy.
        trips: The plan's trips.
        deliveries: The plan's leg PPS to KPPS.
    """

    case: Case
    trips: Sequence[Trip]
    deliveries: Sequence[Delivery]

    def kind(self, stop: Stop) -> PlaceKind:
        """Return the kind of place of a stop."""
        return self.case.place[stop.place].kind

    def boxes(self, stop: Stop) -> int:
        """Return the boxes unloaded at a stop."""
        return sum(self.case.unit[unit].boxes for unit in stop.units)

    @cached_property
    def vehicle_days(self) -> Counter[str]:
        """Pairs of vehicle and date with a trip, by vehicle type."""
        pairs = {(trip.vehicle, trip.date) for trip in self.trips}
        return Counter(self.case.vehicle[vehicle].type for vehicle, _ in pairs)

    @cached_property
    def metres(self) -> Counter[str]:
        """Metres driven, by vehicle type."""
        found: Counter[str] = Counter()
        for trip in self.trips:
            found[self.case.vehicle[trip.vehicle].type] += trip.distance_m
        return found

    @cached_property
    def carried_boxes(self) -> Counter[str]:
        """Boxes unloaded, by vehicle type."""
        found: Counter[str] = Counter()
        for trip in self.trips:
            found[self.case.vehicle[trip.vehicle].type] += sum(map(self.boxes, trip.stops))
        return found

    @cached_property
    def unloaded_boxes(self) -> Counter[str]:
        """Boxes unloaded, by kind of place."""
        found: Counter[str] = Counter()
        for trip in self.trips:
            for stop in trip.stops:
                found[self.kind(stop)] += self.boxes(stop)
        return found

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Where each unit lies for how long."""
        polling = self.case.problem.election.polling_date
        leaves: dict[tuple[str, str], date] = {
            (trip.origin, unit): self.case.local_date(trip.load_at)
            for trip in self.trips
            for stop in trip.stops
            for unit in stop.units
        }
        for delivery in self.deliveries:
            place = self.case.unit[delivery.unit].place
            leaves[place, delivery.unit] = self.case.local_date(delivery.start_at)
        return tuple(
            Stay(
                stop.place, unit, self.case.local_date(stop.done_at), leaves.get((stop.place, unit), polling)
            )
            for trip in self.trips
            for stop in trip.stops
            for unit in stop.units
        )

    @cached_property
    def guard_nights(self) -> Counter[str]:
        """Pairs of place and night with a unit lying there, by kind of place."""
        nights: dict[str, set[date]] = defaultdict(set)
        for stay in set(self.stays):
            for number in range((stay.until - stay.since).days):
                nights[stay.place].add(stay.since + timedelta(days=number))
        found: Counter[str] = Counter()
        for place, dates in nights.items():
            found[self.case.place[place].kind] += len(dates)
        return found

    @cached_property
    def box_nights(self) -> Counter[str]:
        """Boxes times their nights, by kind of place."""
        found: Counter[str] = Counter()
        for stay in self.stays:
            nights = max(0, (stay.until - stay.since).days)
            found[self.case.place[stay.place].kind] += nights * self.case.unit[stay.unit].boxes
        return found

    @cached_property
    def late_sets(self) -> Counter[str]:
        """Sets times the days they come after the first date on which they could leave, by their place."""
        found: Counter[str] = Counter()
        for trip in self.trips:
            first = self.case.first_date(trip.origin)
            days = max(0, (trip.date - first).days) if first is not None else 0
            for stop in trip.stops:
                found[stop.place] += days * sum(
                    self.case.unit[each].place == stop.place for each in stop.units
                )
        return found

    @cached_property
    def escorts(self) -> Counter[str]:
        """Trips with an escort, by kind of origin."""
        return Counter(self.case.place[trip.origin].kind for trip in self.trips if trip.escort is not None)

    @property
    def handovers(self) -> int:
        """Changes of hands."""
        return sum(len(trip.stops) for trip in self.trips) + len(self.deliveries)

    def quantity(self, price: Price) -> int:
        """Return how much of a price the plan uses."""
        return QUANTITIES[price.basis](self, price)

    def amount(self, price: Price) -> int:
        """Return what the plan pays at a price, in rupiah."""
        return _line(price, self.quantity(price)).amount_rupiah

    def lines(self) -> tuple[CostLine, ...]:
        """Return the bill, in the order of the price list."""
        counted = [(price, self.quantity(price)) for price in self.case.problem.prices]
        return tuple(_line(price, quantity) for price, quantity in counted if quantity > 0)

    def totals(self, cost_rupiah: int, unserved: int) -> Totals:
        """Return the plan's totals."""
        ends = [delivery.done_at for delivery in self.deliveries]
        last = max(ends, default=None)
        slack = None if last is None else int((self.case.problem.target_at - last).total_seconds())
        done = {
            kind: [stop.done_at for trip in self.trips for stop in trip.stops if self.kind(stop) == kind]
            for kind in ("ppk", "pps")
        }
        return Totals(
            cost_rupiah=cost_rupiah,
            distance_m=sum(trip.distance_m for trip in self.trips),
            vehicle_days=sum(self.vehicle_days.values()),
            trips=len(self.trips),
            handovers=self.handovers,
            guard_nights=self.guard_nights["ppk"] + self.guard_nights["pps"],
            units_served=len(self.case.problem.units) - unserved,
            units_unserved=unserved,
            last_ppk_at=max(done["ppk"], default=None),
            last_pps_at=max(done["pps"], default=None),
            last_kpps_at=last,
            slack_s=slack,
        )


def _chosen(counted: Counter[str], price: Price) -> int:
    return sum(count for key, count in counted.items() if not price.applies_to or key in price.applies_to)


def _late_sets(ledger: Ledger, price: Price) -> int:
    return sum(count for place, count in ledger.late_sets.items() if ledger.case.hurries(price, place))


def _warehouses(ledger: Ledger, price: Price) -> int:
    return _chosen(Counter(ledger.case.strategy.warehouses), price)


QUANTITIES: dict[str, Callable[[Ledger, Price], int]] = {
    "vehicle_day": lambda ledger, price: _chosen(ledger.vehicle_days, price),
    "vehicle_km": lambda ledger, price: _chosen(ledger.metres, price),
    "vehicle_box": lambda ledger, price: _chosen(ledger.carried_boxes, price),
    "unload_box": lambda ledger, price: _chosen(ledger.unloaded_boxes, price),
    "guard_night": lambda ledger, price: _chosen(ledger.guard_nights, price),
    "box_night": lambda ledger, price: _chosen(ledger.box_nights, price),
    "late_set_day": _late_sets,
    "warehouse": _warehouses,
    "escort_trip": lambda ledger, price: _chosen(ledger.escorts, price),
    "tps_delivery": lambda ledger, _: len(ledger.deliveries),
    "handover": lambda ledger, _: ledger.handovers,
}
"""How each basis is counted."""


def _line(price: Price, quantity: int) -> CostLine:
    amount = quantity * price.rupiah
    if price.basis == "vehicle_km":
        amount = (2 * amount + METRES_PER_KM) // (2 * METRES_PER_KM)
    return CostLine(
        price=price.id,
        label=price.label,
        quantity=quantity,
        rupiah=price.rupiah,
        amount_rupiah=amount,
        payer=price.payer,
        account=price.account,
        contoh=price.contoh,
    )
