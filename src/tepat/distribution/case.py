"""One problem, one strategy and the travel matrices, with the look-ups that planning asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from tepat.common.errors import Refused
from tepat.distribution.problems import (
    LastMile,
    Path,
    Pin,
    Place,
    PlaceKind,
    Price,
    Problem,
    Strategy,
    Unit,
    Vehicle,
    VehicleClass,
    VehicleType,
    Weather,
)
from tepat.distribution.routing import Table
from tepat.distribution.working_time import Shift, Span, moment, second, spans, spans_by_date

Matrices = Mapping[tuple[VehicleClass, Weather], Table]

DRIVE_S, DRIVE_M = 0, 1
"""The two layers of a matrix: seconds and metres."""


@dataclass(frozen=True)
class Case:
    """A problem under one of its strategies.

    Args:
        problem: The document.
        strategy: One of its strategies.
        matrices: Travel by vehicle class and weather, in the order of the problem's places.
    """

    problem: Problem
    strategy: Strategy
    matrices: Matrices

    @cached_property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.problem.office.time_zone)

    @cached_property
    def row(self) -> dict[str, int]:
        """Row of each place in the matrices."""
        return {place.id: row for row, place in enumerate(self.problem.places)}

    @cached_property
    def place(self) -> dict[str, Place]:
        """Places by id."""
        return {place.id: place for place in self.problem.places}

    @cached_property
    def unit(self) -> dict[str, Unit]:
        """Units by id."""
        return {unit.id: unit for unit in self.problem.units}

    @cached_property
    def vehicle(self) -> dict[str, Vehicle]:
        """Vehicles by id."""
        return {vehicle.id: vehicle for vehicle in self.problem.vehicles}

    @cached_property
    def type(self) -> dict[str, VehicleType]:
        """Vehicle types by id."""
        return {each.id: each for each in self.problem.vehicle_types}

    @cached_property
    def weather(self) -> dict[date, Weather]:
        """Weather by driving date."""
        return {day.date: day.weather for day in self.problem.days}

    @cached_property
    def pin(self) -> dict[str, Pin]:
        """Pins by unit."""
        return {pin.unit: pin for pin in self.problem.pins}

    @cached_property
    def opening(self) -> dict[str, tuple[Span, ...]]:
        """Spans of each named list of hours."""
        return {name: spans(hours) for name, hours in self.problem.hours.items()}

    @cached_property
    def _shifts(self) -> dict[str, dict[date, Shift]]:
        return {
            name: {day: Shift(each) for day, each in spans_by_date(hours, self.zone).items()}
            for name, hours in self.problem.hours.items()
        }

    def shift(self, vehicle: Vehicle, day: date) -> Shift | None:
        """Return a vehicle's shift on a date, or None where it has no hours."""
        return self._shifts[vehicle.hours].get(day)

    def type_of(self, vehicle: str) -> VehicleType:
        """Return the type of a vehicle."""
        return self.type[self.vehicle[vehicle].type]

    def matrix(self, vehicle_class: VehicleClass, day: date) -> Table:
        """Return the travel matrix of a vehicle class in a date's weather.

        Raises:
            Refused: SOLVE-NO-MATRIX.
        """
        weather = self.weather[day]
        found = self.matrices.get((vehicle_class, weather))
        if found is None:
            raise Refused("SOLVE-NO-MATRIX", vehicle_class=vehicle_class, weather=weather)
        return found

    def path(self, unit: Unit) -> Path:
        """Return how a unit reaches its place; a PPK set always goes straight to its PPK."""
        if self.place[unit.place].kind == "ppk":
            return "langsung"
        pin = self.pin.get(unit.id)
        if pin is not None and pin.path is not None:
            return pin.path
        return self.strategy.path_by_place.get(unit.place, self.strategy.path)

    def origin_kind(self, origin: str) -> PlaceKind:
        """Return the kind of a trip's origin."""
        return self.place[origin].kind

    def local_date(self, at: datetime) -> date:
        """Return the office's local date of a moment."""
        return at.astimezone(self.zone).date()

    @cached_property
    def eve(self) -> date:
        """H-1, the day before polling."""
        return self.problem.election.polling_date - timedelta(days=1)

    @cached_property
    def last_mile_shift(self) -> Shift | None:
        """The hours of the leg PPS to KPPS up to the law's end, as one axis."""
        law = second(self.problem.law_at)
        inside = tuple((a, min(b, law)) for a, b in self.opening[self.last_mile.hours] if a < law)
        return Shift(inside) if inside else None

    @property
    def last_mile(self) -> LastMile:
        """The leg PPS to KPPS."""
        return self.problem.last_mile

    def rupiah_for(self, basis: str, applies_to: str) -> int:
        """Return the sum of all prices of a basis that apply to this type, kind or place."""
        return sum(price.rupiah for price in self.prices(basis, applies_to))

    def late_rupiah(self, place: str) -> int:
        """Return the price of each day that a set comes to a place later than it could; mostly 0."""
        return sum(
            price.rupiah
            for price in self.problem.prices
            if price.basis == "late_set_day" and self.hurries(price, place)
        )

    def hurries(self, price: Price, place: str) -> bool:
        """Tell whether a price of lateness is meant for a place, by itself or by its kecamatan."""
        return not price.applies_to or not {place, self.place[place].parent}.isdisjoint(price.applies_to)

    def first_date(self, origin: str) -> date | None:
        """Return the first date on which the strategy's vehicles leave an origin; None = never."""
        return min(self.strategy.dates_by_origin.get(self.origin_kind(origin), ()), default=None)

    def prices(self, basis: str, applies_to: str) -> list[Price]:
        """Return the prices of a basis that apply to this type, kind or place."""
        return [
            price
            for price in self.problem.prices
            if price.basis == basis and (not price.applies_to or applies_to in price.applies_to)
        ]


def open_case(problem: Problem, strategy: str, matrices: Matrices) -> Case:
    """Return the case of a strategy by name.

    Raises:
        Refused: SOLVE-NO-STRATEGY (it names those there are).
    """
    for each in problem.strategies:
        if each.name == strategy:
            break
    else:
        known = ", ".join(one.name for one in problem.strategies)
        raise Refused("SOLVE-NO-STRATEGY", strategy=strategy, known=known or "tidak ada")
    return Case(problem, each, matrices)


def clock_text(at: int, zone: ZoneInfo) -> str:
    """Return a moment as the office reads it, such as ``12-02-2024 13.45``."""
    return f"{moment(at).astimezone(zone):%d-%m-%Y %H.%M}"
