"""What makes a candidate no candidate, before anything is routed: each in the office's words."""

from collections.abc import Iterator

from tepat.common.errors import Refused
from tepat.common.messages import say
from tepat.common.quantities import grouped
from tepat.distribution.case import Case, Matrices, open_case
from tepat.distribution.problems import Place, Problem, Strategy
from tepat.distribution.warehouses.report import Aside
from tepat.distribution.warehouses.serving import drives
from tepat.distribution.warehouses.sets import candidates_of, prices_of, problem_of_set

MUST_COST = {"vehicle_day": "sewa kendaraan", "vehicle_km": "harga per km"}
"""Prices without which distance counts nothing, in words."""


def require_prices(problem: Problem, template: Strategy) -> None:
    """Refuse a comparison in which driving is free.

    A carrier paid by the box may ask nothing for the day or the kilometre.

    Raises:
        Refused: WAREHOUSES-PRICE-ZERO.
    """
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    types = {each.id: each for each in problem.vehicle_types}
    for kind in dict.fromkeys(vehicles[name].type for name in template.vehicles):
        paid = {
            basis: sum(
                price.rupiah
                for price in problem.prices
                if price.basis == basis and (not price.applies_to or kind in price.applies_to)
            )
            for basis in (*MUST_COST, "vehicle_box")
        }
        for basis, words in MUST_COST.items():
            if not paid[basis] and not paid["vehicle_box"]:
                raise Refused("WAREHOUSES-PRICE-ZERO", price=words, vehicle=types[kind].name)


def asides_of(problem: Problem, template: Strategy, matrices: Matrices) -> Iterator[Aside]:
    """Yield the candidates that can't be compared, with the reason."""
    for place in candidates_of(problem):
        found = _fault(problem, template, matrices, place)
        if found is not None:
            code, facts = found
            yield Aside(warehouse=place.id, name=place.name, code=code, reason=say(code, facts).happened)


def _fault(
    problem: Problem, template: Strategy, matrices: Matrices, place: Place
) -> tuple[str, dict[str, object]] | None:
    facts: dict[str, object] = {"name": place.name}
    if not sum(price.rupiah for price in prices_of(problem, place.id)):
        return "WAREHOUSES-NO-COST", facts
    if place.warehouse is not None and place.warehouse.usable_m2 == 0:
        return "WAREHOUSES-NO-FLOOR", facts
    alone = problem_of_set(problem, template, (place.id,))
    case = open_case(alone, alone.strategies[0].name, matrices)
    if not _types_in(case, place):
        return "WAREHOUSES-GATE", facts | {"gate": ", ".join(place.access) or "tidak ada kendaraan"}
    lost, every = unreached(case)
    if len(lost) == every:
        return "WAREHOUSES-NO-ROAD", facts | {"places": grouped(every)}
    return None


def _types_in(case: Case, place: Place) -> bool:
    return any(case.type_of(vehicle).vehicle_class in place.access for vehicle in case.strategy.vehicles)


def unreached(case: Case) -> tuple[list[str], int]:
    """Return the places that no open warehouse reaches by road, and how many places there are."""
    places = dict.fromkeys(unit.place for unit in case.problem.units)
    reached = {place for own in drives(case).values() for place in own}
    return [place for place in places if place not in reached], len(places)
