"""Candidates, the sets of them that are compared, and the problem of one set."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from msgspec.structs import replace

from tepat.common.errors import Refused
from tepat.distribution.problems import Place, Price, Problem, Strategy

COMPARED_MAX = 20
"""Candidate warehouses compared at once: 210 sets of one or two."""

MEMBERS_MAX = 2
"""Warehouses open at the same time."""

RENT, GUARD = "-sewa", "-penjaga"
"""How the ids of those price lines end that are a warehouse's rent and its guards."""

Members = tuple[str, ...]
"""A set: ids of warehouses, in the order of the problem's places."""


def candidates_of(problem: Problem) -> tuple[Place, ...]:
    """Return the problem's warehouses.

    Raises:
        Refused: WAREHOUSES-NONE, WAREHOUSES-MANY.
    """
    found = tuple(place for place in problem.places if place.kind == "gudang")
    if not found:
        raise Refused("WAREHOUSES-NONE", problem=problem.title)
    if len(found) > COMPARED_MAX:
        raise Refused("WAREHOUSES-MANY", count=len(found), limit=COMPARED_MAX)
    return found


def template_of(problem: Problem, name: str = "") -> Strategy:
    """Return the strategy whose path, vehicles and dates every set is routed with.

    Args:
        problem: The problem.
        name: Its name; empty = the first that goes straight to the PPS on any of its dates.

    Raises:
        Refused: WAREHOUSES-NO-STRATEGY.
    """
    fit = [one for one in problem.strategies if _comparable(one)]
    for strategy in fit:
        if name in {"", strategy.name}:
            return strategy
    known = ", ".join(one.name for one in fit)
    raise Refused("WAREHOUSES-NO-STRATEGY", strategy=name or "langsung", known=known or "tidak ada")


def _comparable(strategy: Strategy) -> bool:
    bound = strategy.path_by_place or strategy.date_by_place or strategy.baseline
    return strategy.path == "langsung" and not bound


def sets_of(candidates: Sequence[str], members_max: int) -> tuple[Members, ...]:
    """Return every set of at most so many candidates, the smaller sets first.

    Raises:
        Refused: WAREHOUSES-SETS.
    """
    if not 0 < members_max <= MEMBERS_MAX:
        raise Refused("WAREHOUSES-SETS", given=members_max, limit=MEMBERS_MAX)
    return tuple(each for size in range(1, members_max + 1) for each in combinations(candidates, size))


def set_name(problem: Problem, members: Members) -> str:
    """Return the short name of a set, such as ``gudang-1+3``: the places of its members in the list."""
    order = [place.id for place in candidates_of(problem)]
    return "gudang-" + "+".join(str(1 + order.index(each)) for each in members)


def set_title(problem: Problem, members: Members) -> str:
    """Return a set in words."""
    names = {place.id: place.name for place in problem.places}
    return " dan ".join(names[each] for each in members)


def problem_of_set(
    problem: Problem, template: Strategy, members: Members, origins: Mapping[str, str] | None = None
) -> Problem:
    """Return the problem in which only a set's warehouses are open.

    Args:
        problem: The problem of all candidates.
        template: The strategy whose path, vehicles and dates are used.
        members: The set.
        origins: By place, the warehouse that serves it; None = the nearest by road.
    """
    strategy = replace(
        template,
        name=set_name(problem, members),
        title=f"Langsung ke PPS dari {set_title(problem, members)}",
        warehouses=members,
    )
    units = problem.units
    if origins is not None:
        units = tuple(
            unit if unit.origin else replace(unit, origin=origins.get(unit.place)) for unit in problem.units
        )
    return replace(
        problem,
        title=f"{problem.title}, dari {set_title(problem, members)}"[:200],
        strategies=(strategy,),
        units=units,
    )


def prices_of(problem: Problem, warehouse: str) -> list[Price]:
    """Return the lines that a warehouse alone costs: rent, repair, guards."""
    return [
        price
        for price in problem.prices
        if price.basis == "warehouse" and (not price.applies_to or warehouse in price.applies_to)
    ]


def warehouse_rupiah(problem: Problem, members: Members) -> int:
    """Return what the warehouses of a set cost, whatever is driven."""
    return sum(price.rupiah for each in members for price in prices_of(problem, each))


def rent_rupiah(problem: Problem, warehouse: str) -> int:
    """Return a warehouse's rent; all of its price where no line says which part is rent."""
    lines = prices_of(problem, warehouse)
    rents = [price for price in lines if price.id.endswith(RENT)]
    return sum(price.rupiah for price in rents or lines)


def at_flood_risk(place: Place) -> bool:
    """Tell whether a warehouse may be flooded; what nobody has looked at may be."""
    known = place.warehouse.flood.strip().casefold() if place.warehouse else ""
    return not known.startswith("tidak")
