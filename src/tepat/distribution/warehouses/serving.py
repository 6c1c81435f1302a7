"""From which open warehouse each place is served, so that no warehouse holds more than it has room for."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from tepat.distribution.case import DRIVE_S, Case
from tepat.distribution.warehouses.room import room_ml

Drives = dict[str, dict[str, int]]
"""Seconds there and back by warehouse and place; a place without a road is missing."""


def nearest_origins(case: Case) -> dict[str, str]:
    """Return the nearest open warehouse by road of each place; places without a road are left out."""
    ways = drives(case)
    order = case.strategy.warehouses
    places = dict.fromkeys(place for own in ways.values() for place in own)
    return {
        place: min(
            (each for each in order if place in ways[each]), key=lambda each: (ways[each][place], each)
        )
        for place in places
    }


def drives(case: Case) -> Drives:
    """Return the quickest drive of a class that may enter both, from each open warehouse to each place."""
    places = list(dict.fromkeys(unit.place for unit in case.problem.units))
    rows = np.array([case.row[place] for place in places], dtype=np.int64)
    found: Drives = {}
    for warehouse in case.strategy.warehouses:
        best = np.full(len(places), np.inf)
        start, gates = case.row[warehouse], case.place[warehouse].access
        for (vehicle_class, _), table in case.matrices.items():
            out, back = table[DRIVE_S, start, rows], table[DRIVE_S, rows, start]
            enters = [vehicle_class in case.place[place].access for place in places]
            way = (out >= 0) & (back >= 0) & np.array(enters, dtype=bool) & (vehicle_class in gates)
            best = np.where(way, np.minimum(best, out.astype(float) + back), best)
        found[warehouse] = {
            place: int(each) for place, each in zip(places, best, strict=True) if np.isfinite(each)
        }
    return found


def chosen_origins(case: Case, found: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Return one warehouse for each place: the one that brings most of its boxes, else the nearest.

    Args:
        case: A set's problem and strategy.
        found: By place the boxes of each warehouse in a search's answer.
    """
    near = nearest_origins(case)
    order = {each: number for number, each in enumerate(case.strategy.warehouses)}
    chosen = {}
    for place, boxes in found.items():
        ranked = sorted((-held, order[each], each) for each, held in boxes.items())
        if ranked:
            chosen[place] = ranked[0][2]
    return near | chosen


def held_ml(case: Case, origins: Mapping[str, str]) -> dict[str, int]:
    """Return the volume that each open warehouse holds when everything lies there."""
    held = dict.fromkeys(case.strategy.warehouses, 0)
    for unit in case.problem.units:
        own = unit.origin or origins.get(unit.place)
        if own in held:
            held[own] += unit.volume_ml
    return held


def fitting_origins(case: Case, origins: Mapping[str, str]) -> dict[str, str] | None:
    """Return origins under which every warehouse holds its goods, moving what loses least; else None."""
    rooms = {each: room_ml(case.place[each]) for each in case.strategy.warehouses}
    moved, held, ways = dict(origins), held_ml(case, origins), drives(case)
    volume: dict[str, int] = defaultdict(int)
    for unit in case.problem.units:
        if not unit.origin:
            volume[unit.place] += unit.volume_ml
    for _ in range(len(volume) * len(rooms)):
        full = [each for each, room in rooms.items() if room is not None and held[each] > room]
        if not full:
            return moved
        step = _best_step(
            ways, moved, volume, full[0], {each: _left(rooms[each], held[each]) for each in rooms}
        )
        if step is None:
            return None
        place, target = step
        held[full[0]] -= volume[place]
        held[target] += volume[place]
        moved[place] = target
    return None


def _left(room: int | None, held: int) -> int | None:
    return None if room is None else room - held


def _best_step(
    ways: Drives,
    origins: Mapping[str, str],
    volume: Mapping[str, int],
    full: str,
    left: Mapping[str, int | None],
) -> tuple[str, str] | None:
    """Return the place to serve from elsewhere, and from where: the fewest seconds more for its volume."""
    steps: list[tuple[float, str, str]] = []
    for place, ml in volume.items():
        if origins.get(place) != full or not ml:
            continue
        for target, room in left.items():
            there = ways[target].get(place)
            if target != full and there is not None and (room is None or ml <= room):
                steps.append(((there - ways[full].get(place, 0)) / ml, place, target))
    return min(steps)[1:] if steps else None
