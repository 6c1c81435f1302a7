"""Docks and stores: how many vehicles a place handles at once, and how many boxes may lie there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tepat.distribution.case import Case
from tepat.distribution.clockwork import TimedTrip
from tepat.distribution.plans import Delivery
from tepat.distribution.working_time import Span, second

NEVER = 2**62


class DockBook:
    """When vehicles load or unload at each place, where the office counts docks."""

    def __init__(self, case: Case) -> None:
        counted = case.problem.rules.docks_apply
        self.limits = {
            place.id: place.docks for place in case.problem.places if counted and place.docks is not None
        }
        self.taken: dict[str, list[Span]] = defaultdict(list)

    def wait_s(self, trip: TimedTrip) -> int:
        """Return by how many seconds a trip should begin later to find its docks free; 0 if it finds them."""
        for place, span in _uses(trip):
            limit = self.limits.get(place)
            if limit is None:
                continue
            clashes = [each for each in self.taken[place] if each[0] < span[1] and span[0] < each[1]]
            if _most_at_once(clashes, span) >= limit:
                return max(1, min(each[1] for each in clashes) - span[0])
        return 0

    def take(self, trip: TimedTrip) -> None:
        """Note a trip's use of docks."""
        for place, span in _uses(trip):
            if place in self.limits:
                self.taken[place].append(span)


def _uses(trip: TimedTrip) -> Iterable[tuple[str, Span]]:
    yield trip.origin, (trip.load, trip.depart)
    for stop in trip.stops:
        yield stop.drop.place, (stop.unload, stop.done)


def _most_at_once(spans: list[Span], within: Span) -> int:
    """Return the most spans that overlap at one moment of a stretch."""
    moments = [within[0], *(span[0] for span in spans if span[0] > within[0])]
    return max(sum(span[0] <= at < span[1] for span in spans) for at in moments)


def overflowing(case: Case, trips: Iterable[TimedTrip], deliveries: Iterable[Delivery]) -> list[str]:
    """Return the units that find a full store on arrival at a PPK or PPS, in order of arrival."""
    trips = list(trips)
    leaves = {
        (trip.origin, unit): trip.load for trip in trips for stop in trip.stops for unit in stop.drop.units
    }
    leaves |= {(case.unit[each.unit].place, each.unit): second(each.start_at) for each in deliveries}
    arrivals = sorted(
        (stop.done, number, stop.drop.place, unit)
        for trip in trips
        for stop in trip.stops
        for number, unit in enumerate(stop.drop.units)
        if case.place[stop.drop.place].boxes_max is not None
    )
    there: dict[str, dict[str, int]] = defaultdict(dict)
    refused = []
    for done, _, place, unit in arrivals:
        there[place] = {each: until for each, until in there[place].items() if until > done}
        if _boxes(case, there[place]) + case.unit[unit].boxes > (case.place[place].boxes_max or 0):
            refused.append(unit)
        else:
            there[place][unit] = leaves.get((place, unit), NEVER)
    return refused


def _boxes(case: Case, units: Mapping[str, int]) -> int:
    return sum(case.unit[unit].boxes for unit in units)
