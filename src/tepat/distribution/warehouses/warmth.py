"""A search begun from the answer of a like set: its rounds, as far as their units are still in the part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tepat.distribution.case import Case
from tepat.distribution.plans import Plan
from tepat.distribution.routing import Answer, Budget, Halt, Listener, Part, Route, RoutingEngine


@dataclass(frozen=True)
class OldDay:
    """What one vehicle did on one day of an answered set.

    Args:
        kind: The name of its vehicle type, as fleet groups bear it.
        nights: Nights between that day and polling.
        rounds: Units of each round, in the order of its stops.
        origin: The warehouse it started from.
    """

    kind: str
    nights: int
    rounds: tuple[tuple[str, ...], ...]
    origin: str


def old_days(case: Case, plan: Plan) -> tuple[OldDay, ...]:
    """Return the vehicle-days of a plan."""
    polling = case.problem.election.polling_date
    rounds: dict[tuple[str, int, str], list[tuple[str, ...]]] = {}
    for trip in plan.trips:
        key = trip.vehicle, (polling - trip.date).days, trip.origin
        rounds.setdefault(key, []).append(tuple(unit for stop in trip.stops for unit in stop.units))
    return tuple(
        OldDay(case.type_of(vehicle).name, nights, tuple(own), origin)
        for (vehicle, nights, origin), own in rounds.items()
    )


def warm_routes(part: Part, days: Iterable[OldDay], groups: Sequence[int]) -> tuple[Route, ...]:
    """Return old days as routes of a part's groups; what does not belong there is left out.

    Args:
        part: The part to begin.
        days: What was driven before.
        groups: The groups that may be used, by position.
    """
    lot_of = {each.unit: index for index, lot in enumerate(part.lots) for each in lot.cargo}
    room = {position: part.groups[position].count for position in groups}
    routes = []
    for day in days:
        position = _group_for(part, day, room)
        if position is None:
            continue
        rounds = tuple(
            made
            for units in day.rounds
            if (made := _halts([unit for unit in units if _goes(part, lot_of, unit, position)], lot_of))
        )
        if rounds:
            room[position] -= 1
            routes.append(Route(position, rounds))
    return tuple(routes)


def _group_for(part: Part, day: OldDay, room: dict[int, int]) -> int | None:
    """Return the group of the same vehicle type with days left, of the same date if there is one."""
    same = [at for at, left in room.items() if left > 0 and part.groups[at].name == day.kind]
    return min(same, key=lambda at: (part.groups[at].nights != day.nights, at), default=None)


def _goes(part: Part, lot_of: dict[str, int], unit: str, position: int) -> bool:
    return unit in lot_of and position in part.lots[lot_of[unit]].groups


def _halts(units: Sequence[str], lot_of: dict[str, int]) -> tuple[Halt, ...]:
    by_lot: dict[int, list[str]] = {}
    for unit in units:
        by_lot.setdefault(lot_of[unit], []).append(unit)
    return tuple(Halt(lot, tuple(own)) for lot, own in by_lot.items())


class WarmEngine:
    """An engine whose searches begin from old days; the rest is the engine's own.

    Args:
        engine: Whoever searches.
        days: What was driven before.
    """

    def __init__(self, engine: RoutingEngine, days: Sequence[OldDay]) -> None:
        self.engine, self.days = engine, days

    @property
    def name(self) -> str:
        """The searches whose answers were taken."""
        return self.engine.name

    @property
    def version(self) -> str:
        """Their versions."""
        return self.engine.version

    def route(
        self, parts: Sequence[Part], *, seed: int, budget: Budget, progress: Listener | None = None
    ) -> tuple[Answer, ...]:
        """Return one answer per part; see `RoutingEngine`."""
        begun = [
            replace(part, start=warm_routes(part, self.days, range(len(part.groups)))) if self.days else part
            for part in parts
        ]
        return self.engine.route(begun, seed=seed, budget=budget, progress=progress)
