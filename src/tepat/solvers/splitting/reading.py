"""A part made into the search's arrays, and the trips it found made into routes again."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tepat.distribution.routing import Cargo, FleetGroup, Halt, Lot, Part, Route
from tepat.solvers.loads import NO_ROAD_FACTOR
from tepat.solvers.splitting.book import (
    GROUP_COLUMNS,
    LUMP_COLUMNS,
    MILLI,
    RIDERS,
    ROOM,
    UNIT,
    Ints,
    Shorts,
)

SECS, METRES = 0, 1
"""The layers of `Field.arcs`."""

NEAR_MAX = 24
"""Lumps that are tried next to each."""

LEFT_VEHICLES = 3
"""A unit left behind costs as much as this many of the dearest vehicle-days, rounds and roads."""

BOUNDLESS = 1 << 50

STEP_SHARE = 0.1
"""Units whose volumes or weights differ by less than this share count as equally large, as the largest."""


@dataclass(frozen=True)
class Lump:
    """Units of a lot that are exchangeable, and those without boxes that ride along with any of them."""

    lot: int
    cargo: tuple[Cargo, ...]
    riders: tuple[Cargo, ...] = ()

    @property
    def unit(self) -> tuple[int, int, int]:
        """What one unit takes at most: boxes, millilitres, grams."""
        return (
            max(each.boxes for each in self.cargo),
            max(each.volume_ml for each in self.cargo),
            max(each.weight_g for each in self.cargo),
        )


@dataclass(frozen=True)
class Field:
    """A part, its lumps and its arrays.

    Args:
        part: What to route.
        lumps: What its lots hold.
        arcs: Seconds and metres, shape (matrices, rows, rows, 2), every road there is.
        lump_rows: One row for each lump.
        group_rows: One row for each fleet group, and one for what is left behind.
        near: For each lump those that may be tried next to it, itself first.
        allowed: Whether a lump may go with a group.
        guards: For each lot the price of a night's guard.
        nights: The nights of each level, fewest first.
    """

    part: Part
    lumps: tuple[Lump, ...]
    arcs: Shorts
    lump_rows: Ints
    group_rows: Ints
    near: Ints
    allowed: Ints
    guards: Ints
    nights: Ints

    @property
    def roads(self) -> Shorts:
        """The arcs as the compiled functions see them: one after another."""
        return self.arcs.reshape(-1)

    @property
    def left_behind(self) -> int:
        """The group that stands for what is left behind."""
        return len(self.part.groups)


def field_of(part: Part) -> Field:
    """Return the arrays of a part."""
    binding = _binding(part)
    lumps = tuple(lump for index, lot in enumerate(part.lots) for lump in _lumps(index, lot, binding))
    places = np.array([part.lots[lump.lot].place for lump in lumps], dtype=np.int64)
    arcs = _arcs(part)
    nights = np.array(sorted({0, *(group.nights for group in part.groups)}), dtype=np.int64)
    return Field(
        part=part,
        lumps=lumps,
        arcs=arcs,
        lump_rows=_lump_rows(part, lumps),
        group_rows=_group_rows(part, nights, arcs),
        near=_near(arcs[0], places),
        allowed=_allowed(part, lumps),
        guards=np.array([lot.guard_rupiah * MILLI for lot in part.lots], dtype=np.int64),
        nights=nights,
    )


def _binding(part: Part) -> tuple[bool, bool]:
    """Tell whether volume and weight can bind before boxes do, in some vehicle."""
    cargo = [each for lot in part.lots for each in lot.cargo]
    return (
        _may_bind(part, [each.volume_ml for each in cargo], [g.volume_ml_max for g in part.groups]),
        _may_bind(part, [each.weight_g for each in cargo], [g.weight_g_max for g in part.groups]),
    )


def _may_bind(part: Part, sizes: Sequence[int], limits: Sequence[int]) -> bool:
    boxes = [each.boxes for lot in part.lots for each in lot.cargo]
    loose = sum(size for size, count in zip(sizes, boxes, strict=True) if not count)
    densest = max((size / count for size, count in zip(sizes, boxes, strict=True) if count), default=0.0)
    return any(
        group.boxes_max * densest + loose > limit for group, limit in zip(part.groups, limits, strict=True)
    )


def _lumps(index: int, lot: Lot, binding: tuple[bool, bool]) -> list[Lump]:
    """Return the lumps of a lot; units without boxes ride along with the largest one."""
    kinds: dict[tuple[int, int, int], list[Cargo]] = defaultdict(list)
    for each in lot.cargo:
        volume = _step(each.volume_ml) if binding[0] else 0
        weight = _step(each.weight_g) if binding[1] else 0
        kinds[each.boxes, volume, weight].append(each)
    found = [Lump(index, tuple(cargo)) for key, cargo in kinds.items() if key[0]]
    riders = tuple(each for each in lot.cargo if not each.boxes)
    if not found:
        return [Lump(index, tuple(cargo)) for cargo in kinds.values()]
    if riders:
        largest = max(range(len(found)), key=lambda each: (len(found[each].cargo), -each))
        found[largest] = Lump(index, found[largest].cargo, riders)
    return found


def _step(size: int) -> int:
    return round(math.log(max(1, size)) / math.log(1 + STEP_SHARE))


def _lump_rows(part: Part, lumps: Sequence[Lump]) -> Ints:
    rows = np.zeros((len(lumps), LUMP_COLUMNS), dtype=np.int64)
    boxes = [sum(each.boxes for each in lot.cargo) for lot in part.lots]
    start = 0
    for row, lump in zip(rows, lumps, strict=True):
        lot = part.lots[lump.lot]
        per_box = (lot.night_rupiah - lot.guard_rupiah) * MILLI * lump.unit[0] // max(1, boxes[lump.lot])
        row[:UNIT] = lot.place, lot.stop_s, len(lump.cargo), lump.lot, per_box, start
        row[UNIT:RIDERS] = lump.unit
        row[RIDERS:] = (
            0,
            sum(each.volume_ml for each in lump.riders),
            sum(each.weight_g for each in lump.riders),
        )
        start += len(lump.cargo)
    return rows


def _arcs(part: Part) -> Shorts:
    """Return seconds and metres side by side; a leg without a road is longer than any shift."""
    longest_s = max((group.closes_s for group in part.groups), default=0)
    no_road_s = NO_ROAD_FACTOR * max(1, longest_s)
    arcs = np.empty((len(part.matrices), part.rows, part.rows, 2), dtype=np.int32)
    for matrix in range(len(part.matrices)):
        table = part.table(matrix)
        arcs[matrix, :, :, SECS] = np.where(table[SECS] < 0, no_road_s, table[SECS])
        arcs[matrix, :, :, METRES] = np.where(table[METRES] < 0, 10 * no_road_s, table[METRES])
    return arcs


def _group_rows(part: Part, nights: Ints, arcs: Shorts) -> Ints:
    rows = np.zeros((len(part.groups) + 1, GROUP_COLUMNS), dtype=np.int64)
    for row, group in zip(rows, part.groups, strict=False):
        shift_s = max(1, group.closes_s - group.opens_s)
        row[:ROOM] = (
            group.matrix,
            group.load_fixed_s,
            group.load_s_per_box + group.unload_s_per_box,
            shift_s,
            group.day_rupiah * MILLI,
            group.km_rupiah,
            group.box_rupiah * MILLI,
            group.round_rupiah * MILLI,
            group.nights,
            int(np.searchsorted(nights, group.nights)),
            0,
            group.day_rupiah * MILLI // shift_s,
        )
        row[ROOM : ROOM + 3] = group.boxes_max, group.volume_ml_max, group.weight_g_max
    dearest = max((_dearest(group, arcs) for group in part.groups), default=1)
    rows[-1, :ROOM] = -1, 0, 0, BOUNDLESS, 0, 0, 0, 0, 0, 0, LEFT_VEHICLES * dearest * MILLI, 0
    rows[-1, ROOM : ROOM + 3] = BOUNDLESS
    return rows


def _dearest(group: FleetGroup, arcs: Shorts) -> int:
    farthest = int(arcs[group.matrix, 0, :, METRES].max() + arcs[group.matrix, :, 0, METRES].max())
    return group.day_rupiah + group.round_rupiah + group.km_rupiah * farthest // 1000 + 1


def _near(arcs: Shorts, places: Ints) -> Ints:
    """Return for each lump itself and those nearest by driving seconds."""
    number = len(places)
    count = min(number, 1 + NEAR_MAX)
    near = np.empty((number, count), dtype=np.int64)
    for lump, place in enumerate(places):
        apart = arcs[place, places, SECS].astype(np.int64) + arcs[places, place, SECS]
        apart[lump] = -1
        closest = np.argpartition(apart, count - 1)[:count] if count < number else np.arange(number)
        near[lump] = closest[np.lexsort((closest, apart[closest]))]
    return near


def _allowed(part: Part, lumps: Sequence[Lump]) -> Ints:
    allowed = np.zeros((len(lumps), len(part.groups) + 1), dtype=np.int64)
    allowed[:, -1] = 1
    for row, lump in zip(allowed, lumps, strict=True):
        row[list(part.lots[lump.lot].groups)] = 1
    return allowed


Stop = tuple[int, int]
"""A lump and a number of its units."""


@dataclass(frozen=True)
class PlannedTrip:
    """A trip between Python and the arrays: whose vehicle-day, which fleet group, which stops."""

    day: int
    group: int
    stops: tuple[Stop, ...]


def trips_of(field: Field, routes: Sequence[Route], left: Sequence[str]) -> list[PlannedTrip]:
    """Return routes as trips of lumps and quantities; what is left behind makes a trip for each lump."""
    lump_of = {each.unit: number for number, lump in enumerate(field.lumps) for each in lump.cargo}
    trips = [
        PlannedTrip(day, route.group, stops)
        for day, route in enumerate(routes)
        for round_ in route.rounds
        if (stops := _counted(lump_of, [unit for halt in round_ for unit in halt.units]))
    ]
    trips += [PlannedTrip(-1, field.left_behind, (stop,)) for stop in _counted(lump_of, left)]
    return trips


def fitting(field: Field, trips: Sequence[PlannedTrip]) -> list[PlannedTrip]:
    """Return trips that fit even if each unit is as large as the largest of its lump; the rest is left.

    An exact filling may hold more than that; the search begins a little below it then.
    """
    found: list[PlannedTrip] = []
    rest: dict[int, int] = defaultdict(int)
    for trip in trips:
        room = field.group_rows[trip.group, ROOM : ROOM + 3].copy()
        stops: list[Stop] = []
        for lump, quantity in trip.stops:
            row = field.lump_rows[lump]
            unit, riders = row[UNIT : UNIT + 3], row[RIDERS : RIDERS + 3]
            left = room - riders
            fits = int(min((left[unit > 0] // unit[unit > 0]).min(initial=quantity), quantity))
            if fits > 0 and (left >= 0).all():
                stops.append((lump, fits))
                room = left - fits * unit
            else:
                fits = 0
            rest[lump] += quantity - fits
        if stops:
            found.append(PlannedTrip(trip.day, trip.group, tuple(stops)))
    left_behind = [
        PlannedTrip(-1, field.left_behind, ((lump, count),)) for lump, count in rest.items() if count
    ]
    return _joined(found, left_behind, field.left_behind)


def _joined(trips: list[PlannedTrip], more: Sequence[PlannedTrip], group: int) -> list[PlannedTrip]:
    """Return trips with what is left behind, one trip of that for each lump."""
    counts: dict[int, int] = defaultdict(int)
    for trip in (*trips, *more):
        if trip.group == group:
            for lump, quantity in trip.stops:
                counts[lump] += quantity
    kept = [trip for trip in trips if trip.group != group]
    return kept + [PlannedTrip(-1, group, (stop,)) for stop in counts.items()]


def _counted(lump_of: Mapping[str, int], units: Sequence[str]) -> tuple[Stop, ...]:
    counts: dict[int, int] = {}
    for unit in units:
        if unit in lump_of:
            counts[lump_of[unit]] = counts.get(lump_of[unit], 0) + 1
    return tuple(counts.items())


def routes_of(field: Field, trips: Sequence[PlannedTrip]) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """Return trips as routes with named units, and the units left behind."""
    stock = [list(lump.cargo) for lump in field.lumps]
    riders = [list(lump.riders) for lump in field.lumps]
    days: dict[int, tuple[int, list[tuple[Halt, ...]]]] = {}
    for trip in sorted(trips, key=lambda each: (each.group, each.day)):
        if trip.group == field.left_behind:
            continue
        units: dict[int, list[str]] = defaultdict(list)
        for lump, quantity in trip.stops:
            taken = [*stock[lump][:quantity], *riders[lump]]
            del stock[lump][:quantity]
            riders[lump].clear()
            units[field.lumps[lump].lot] += [each.unit for each in taken]
        _, rounds = days.setdefault(trip.day, (trip.group, []))
        rounds.append(tuple(Halt(lot, tuple(each)) for lot, each in units.items()))
    routes = tuple(Route(group, tuple(rounds)) for group, rounds in days.values())
    return routes, tuple(each.unit for cargo in (*stock, *riders) for each in cargo)
