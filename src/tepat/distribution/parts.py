"""One independent set of lots and vehicle-days, made into a part for an engine."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tepat.distribution.case import Case
from tepat.distribution.errands import Errand
from tepat.distribution.feasibility import NO_LIMIT_S, Chance, Proof, hours_proof
from tepat.distribution.problems import Unit, VehicleClass, Weather
from tepat.distribution.routing import Cargo, FleetGroup, Lot, Part
from tepat.distribution.vehicle_days import VehicleDay

DUE_SHARE_MIN = 0.4
"""A due moment before this share of a shift closes the shift to the place; a later one ends it."""

Terms = tuple[int, int]
"""When a lot is received on a vehicle-day: first and last working second."""


@dataclass(frozen=True)
class Wish:
    """One lot to be: an errand, its units and the vehicle-days that may serve it."""

    errand: Errand
    units: list[Unit]
    chances: list[Chance]


@dataclass(frozen=True)
class Leg:
    """One part and what it stands for.

    Args:
        origin: Place id of the origin.
        second: Whether it is a second leg, PPK to PPS.
        part: What the engine sees.
        errands: The errand of each lot.
        days: The vehicle-days of each group.
        family: A number for each group; groups of one family differ only in date.
        proof: Proof that not all of it can be carried, or None.
    """

    origin: str
    second: bool
    part: Part
    errands: tuple[Errand, ...]
    days: tuple[tuple[VehicleDay, ...], ...]
    family: tuple[int, ...]
    proof: Proof | None


@dataclass(frozen=True)
class _Group:
    vehicle_type: str
    travel: tuple[VehicleClass, Weather]
    opens_s: int
    closes_s: int
    terms: tuple[Terms | None, ...]
    nights: int
    escorted: bool


def leg_of(case: Case, wishes: Sequence[Wish], *, second: bool) -> Leg:
    """Return the leg of wishes that share vehicle-days and have one origin."""
    origin = wishes[0].errand.origin
    grouped = _grouped(case, wishes)
    groups = list(grouped)
    travels = sorted({group.travel for group in groups})
    rows = [case.row[origin], *(case.row[wish.errand.place] for wish in wishes)]
    pick = np.ix_((0, 1), rows, rows)
    part = Part(
        name=case.place[origin].name,
        rows=len(rows),
        matrices=tuple(np.ascontiguousarray(case.matrices[key][pick], "<i4").tobytes() for key in travels),
        lots=tuple(_lot(case, index, wish, groups) for index, wish in enumerate(wishes)),
        groups=tuple(_fleet_group(case, origin, group, len(grouped[group]), travels) for group in groups),
    )
    errands = tuple(wish.errand for wish in wishes)
    days = tuple(tuple(grouped[group]) for group in groups)
    kinds = list(dict.fromkeys(replace(group, nights=0) for group in groups))
    family = tuple(kinds.index(replace(group, nights=0)) for group in groups)
    return Leg(origin, second, part, errands, days, family, hours_proof(part))


def _grouped(case: Case, wishes: Sequence[Wish]) -> dict[_Group, list[VehicleDay]]:
    """Return the vehicle-days by what a route can notice of them."""
    by_day: dict[VehicleDay, dict[int, Chance]] = defaultdict(dict)
    for index, wish in enumerate(wishes):
        for chance in _unhurried(wish.chances):
            by_day[chance.day][index] = chance
    grouped: dict[_Group, list[VehicleDay]] = defaultdict(list)
    for day in sorted(by_day, key=lambda each: (each.date, case.strategy.vehicles.index(each.vehicle))):
        served = by_day[day]
        kind = case.type_of(day.vehicle)
        case.matrix(kind.vehicle_class, day.date)
        group = _Group(
            vehicle_type=kind.id,
            travel=(kind.vehicle_class, case.weather[day.date]),
            opens_s=_first_loading_s(case, served[min(served)], wishes[0].errand.origin),
            closes_s=min(day.limit_s, *(chance.due_s for chance in served.values())),
            terms=tuple(
                (served[index].opens_s, served[index].closes_s) if index in served else None
                for index in range(len(wishes))
            ),
            nights=(case.problem.election.polling_date - day.date).days,
            escorted=case.vehicle[day.vehicle].escort is not None,
        )
        grouped[group].append(day)
    return grouped


def _first_loading_s(case: Case, chance: Chance, origin: str) -> int:
    """Return the working second at which the origin opens on a vehicle-day."""
    shift = chance.day.shift
    hours = shift.receiving(case.opening[case.place[origin].hours])
    return min((shift.worked(opens) for opens, closes in hours if closes > shift.opens), default=0)


def _unhurried(found: Sequence[Chance]) -> list[Chance]:
    """Return the chances with time enough before the due moment, or all where none has."""
    calm = [chance for chance in found if chance.due_s >= DUE_SHARE_MIN * chance.day.limit_s]
    return calm or list(found)


def _lot(case: Case, index: int, wish: Wish, groups: Sequence[_Group]) -> Lot:
    stop_s = case.place[wish.errand.place].stop_s
    opens_s, closes_s = 0, NO_LIMIT_S
    allowed: list[int] = []
    for position, group in enumerate(groups):
        terms = group.terms[index]
        if terms is None:
            continue
        low, high = max(opens_s, terms[0]), min(closes_s, terms[1])
        if not allowed or high - low > 2 * stop_s:
            opens_s, closes_s = low, high
            allowed.append(position)
    return Lot(
        place=1 + index,
        cargo=tuple(Cargo(unit.id, unit.boxes, unit.volume_ml, unit.weight_g) for unit in wish.units),
        stop_s=stop_s,
        groups=tuple(allowed),
        opens_s=opens_s,
        closes_s=closes_s,
        night_rupiah=_night_rupiah(case, wish),
        guard_rupiah=case.rupiah_for("guard_night", case.place[wish.errand.place].kind),
    )


def _night_rupiah(case: Case, wish: Wish) -> int:
    """Return the price of a night of a lot at its place; the guard counts once, whoever shares the place."""
    kind = case.place[wish.errand.place].kind
    boxes = sum(unit.boxes for unit in wish.units)
    return case.rupiah_for("guard_night", kind) + boxes * case.rupiah_for("box_night", kind)


def _fleet_group(
    case: Case, origin: str, group: _Group, count: int, travels: Sequence[tuple[VehicleClass, Weather]]
) -> FleetGroup:
    kind = case.type[group.vehicle_type]
    return FleetGroup(
        name=kind.name,
        count=count,
        boxes_max=kind.boxes_max,
        volume_ml_max=kind.volume_ml_max,
        weight_g_max=kind.weight_g_max,
        load_fixed_s=kind.load_fixed_s,
        load_s_per_box=kind.load_s_per_box,
        unload_s_per_box=kind.unload_s_per_box,
        opens_s=group.opens_s,
        closes_s=group.closes_s,
        day_rupiah=case.rupiah_for("vehicle_day", kind.id),
        km_rupiah=case.rupiah_for("vehicle_km", kind.id),
        box_rupiah=case.rupiah_for("vehicle_box", kind.id),
        matrix=travels.index(group.travel),
        round_rupiah=case.rupiah_for("escort_trip", case.origin_kind(origin)) if group.escorted else 0,
        nights=group.nights,
    )


def components(wishes: Sequence[Wish]) -> list[list[Wish]]:
    """Return the wishes in sets that share no vehicle-day, in order of their first member."""
    parent = list(range(len(wishes)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    owner: dict[VehicleDay, int] = {}
    for index, wish in enumerate(wishes):
        for chance in wish.chances:
            other = owner.setdefault(chance.day, index)
            low, high = sorted((root(other), root(index)))
            parent[high] = low
    sets: dict[int, list[Wish]] = defaultdict(list)
    for index, wish in enumerate(wishes):
        sets[root(index)].append(wish)
    return list(sets.values())


def without(wish: Wish, units: set[str]) -> Wish:
    """Return a wish without these units."""
    return replace(wish, units=[unit for unit in wish.units if unit.id not in units])
