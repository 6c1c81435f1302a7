"""How two plans differ, in plain words: what comes with another vehicle, on another date, at another hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from tepat.distribution.editing.saying import Names, day
from tepat.distribution.plans import CostLine, Plan, Trip
from tepat.distribution.problems import Problem

NOWHERE = "tertinggal"


@dataclass(frozen=True)
class Difference:
    """Sets of one place that come otherwise, in the same way.

    Args:
        place: Its id.
        name: What people call it.
        sets: Which sets, in words.
        units: How many.
        boxes: Their boxes.
        before: How they came, such as ``TRUK-3 tanggal 10-02-2024 (T-004)``.
        after: How they come now.
        arrived_before: Their hour, such as ``09.40``.
        arrived_after: Their hour now.
    """

    place: str
    name: str
    sets: str
    units: int
    boxes: int
    before: str
    after: str
    arrived_before: str
    arrived_after: str

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        start = f"{self.name} ({self.sets})"
        moment = f"tiba {self.arrived_before} → {self.arrived_after}"
        if self.before == self.after:
            return f"{start}: tetap {self.before}; {moment}"
        return f"{start}: dari {self.before} ke {self.after}; {moment}"


@dataclass(frozen=True)
class Differences:
    """All that differs.

    Args:
        places: By place, in the order of the first plan's problem.
        lines: Lines of the bill that differ: label, before, after, in rupiah.
        cost_before: The first bill.
        cost_after: The second.
        terms: Pins, locks and closed places that only one of both problems has, in words.
    """

    places: tuple[Difference, ...]
    lines: tuple[tuple[str, int, int], ...]
    cost_before: int
    cost_after: int
    terms: tuple[str, ...]

    @property
    def cost_rupiah(self) -> int:
        """The second bill less the first."""
        return self.cost_after - self.cost_before

    @property
    def moved(self) -> int:
        """Sets on another vehicle or date, or left behind, or no more left behind."""
        return sum(each.units for each in self.places if each.before != each.after)


@dataclass(frozen=True)
class _Coming:
    """How a set reaches its own place."""

    words: str
    hour: str


def differences(before: tuple[Problem, Plan], after: tuple[Problem, Plan]) -> Differences:
    """Return how the second plan differs from the first.

    Args:
        before: A problem and a plan of it.
        after: Another; its problem may have other terms, or other sets.
    """
    zone = ZoneInfo(before[0].office.time_zone)
    old, new = _comings(before[1], before[0], zone), _comings(after[1], after[0], zone)
    gone = _Coming(NOWHERE, "–")
    groups: dict[tuple[str, _Coming, _Coming], list[str]] = {}
    for unit, place in _units(before[0], after[0]).items():
        pair = old.get(unit, gone), new.get(unit, gone)
        if pair[0] != pair[1]:
            groups.setdefault((place, *pair), []).append(unit)
    names = _All(before[0], after[0])
    return Differences(
        places=tuple(names.difference(key, units) for key, units in groups.items()),
        lines=_lines(before[1].costs, after[1].costs),
        cost_before=before[1].totals.cost_rupiah,
        cost_after=after[1].totals.cost_rupiah,
        terms=tuple(_terms(before[0], after[0])),
    )


def _units(*problems: Problem) -> dict[str, str]:
    """Return the place of every unit of both problems."""
    return {unit.id: unit.place for problem in problems for unit in problem.units}


def _comings(plan: Plan, problem: Problem, zone: ZoneInfo) -> dict[str, _Coming]:
    places = {unit.id: unit.place for unit in problem.units}
    found: dict[str, _Coming] = {}
    for trip in sorted(plan.trips, key=attrgetter("load_at")):
        for stop in trip.stops:
            for unit in stop.units:
                if places.get(unit) == stop.place:
                    found[unit] = _Coming(_brought(trip), _hour(stop.arrive_at, zone))
    return found


def _brought(trip: Trip) -> str:
    return f"{trip.vehicle} tanggal {day(trip.date)}"


def _hour(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H.%M}"


class _All:
    """The names of both problems."""

    def __init__(self, *problems: Problem) -> None:
        self.names = [Names(problem) for problem in problems]
        self.boxes = {unit.id: unit.boxes for problem in problems for unit in problem.units}

    def difference(self, key: tuple[str, _Coming, _Coming], units: list[str]) -> Difference:
        place, before, after = key
        names = next((each for each in self.names if place in each.places), self.names[0])
        return Difference(
            place=place,
            name=names.place(place),
            sets=_counted(names, units),
            units=len(units),
            boxes=sum(self.boxes[unit] for unit in units),
            before=before.words,
            after=after.words,
            arrived_before=before.hour,
            arrived_after=after.hour,
        )


def _counted(names: Names, units: list[str]) -> str:
    known = [names.units[unit] for unit in units if unit in names.units]
    tps = [unit.tps or unit.id for unit in known if unit.kind == "tps"]
    others = [f"set {unit.kind.upper()}" for unit in known if unit.kind != "tps"]
    said = f"TPS {tps[0]}" if len(tps) == 1 else f"{len(tps)} TPS" if tps else ""
    return " dan ".join(part for part in (said, ", ".join(others)) if part) or f"{len(units)} set"


def _lines(before: Iterable[CostLine], after: Iterable[CostLine]) -> tuple[tuple[str, int, int], ...]:
    old = {line.price: line for line in before}
    new = {line.price: line for line in after}
    labels = {line.price: line.label for line in (*old.values(), *new.values())}
    found = []
    for price, label in labels.items():
        pair = [one[price].amount_rupiah if price in one else 0 for one in (old, new)]
        if pair[0] != pair[1]:
            found.append((label, pair[0], pair[1]))
    return tuple(found)


def _terms(before: Problem, after: Problem) -> Iterable[str]:
    names = Names(after)
    for word, one, other in (("sematan", before, after), ("sematan dilepas", after, before)):
        known = set(one.pins)
        new = [pin.unit for pin in other.pins if pin not in known]
        if new:
            yield f"{word}: {names.sets(new)}"
    for word, one, other in (("dikunci", before, after), ("kunci dibuka", after, before)):
        locked = {lock.trip for lock in one.locks}
        trips = [lock.trip for lock in other.locks if lock.trip not in locked]
        if trips:
            yield f"{word}: {', '.join(trips)}"
    access = {place.id: set(place.access) for place in before.places}
    for place in after.places:
        shut = access.get(place.id, set()) - set(place.access)
        if shut:
            yield f"{', '.join(sorted(shut))} dilarang ke {names.place(place.id)}"
