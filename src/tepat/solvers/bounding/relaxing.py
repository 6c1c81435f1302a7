"""A strategy as the bound sees it: without all that only makes plans dearer, and the part that never changes.

Left out: receiving hours, docks, stores, dues, breaks beyond the length of a shift, which rounds fit
together in a day, and that a vehicle-day is a whole number. Roads are closed over detours, seconds and
metres apart, so that leaving a stop out of a trip never makes it dearer; sets of a drop become boxes. What
is kept stands in `ASSUMED`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import gcd

import numpy as np

from tepat.common.errors import Refused
from tepat.distribution.case import DRIVE_M, DRIVE_S, Case
from tepat.distribution.errands import Errand, errands
from tepat.distribution.feasibility import Chance, chances
from tepat.distribution.parts import Wish, components
from tepat.distribution.problems import Unit, VehicleClass, Weather
from tepat.distribution.vehicle_days import VehicleDay, vehicle_days
from tepat.distribution.working_time import moment
from tepat.solvers.bounding.hauls import MICRO, NO_ROAD, Drop, Haul, Team

METRES_PER_KM = 1000

ASSUMED = (
    "tiap set berangkat dari gudang dan lewat jalur yang sama seperti dalam rencana",
    "tiap kendaraan berangkat dari tempat, dengan awak dan pengawal yang tercatat padanya",
)
"""What the bound takes from the problem as the planner reads it; read otherwise, plans may be cheaper."""


@dataclass(frozen=True)
class Relaxed:
    """A strategy's hauls, and what every plan of it pays beside them.

    Args:
        hauls: Its hauls.
        fixed_rupiah: What every plan pays beside them.
        guarded: By place, the date up to which each arrival lengthens the guard.
    """

    hauls: tuple[Haul, ...]
    fixed_rupiah: int
    guarded: Mapping[str, date]


@dataclass(frozen=True)
class _Terms:
    """What nights cost, place by place.

    Args:
        until: By unit, the date from which it no longer lies at its last place.
        onward: By PPK, the first date on which goods leave it.
        guarded: By place, the date up to which each arrival lengthens the guard.
        boxes: By place, all boxes that ever come there.
    """

    until: Mapping[str, date]
    onward: Mapping[str, date]
    guarded: Mapping[str, date]
    boxes: Mapping[str, int]


@dataclass(frozen=True)
class _Side:
    """The wishes of one leg."""

    second: bool
    wishes: tuple[Wish, ...]


def relax(case: Case) -> Relaxed:
    """Return a strategy with everything left out that could make the bound wrong.

    Raises:
        Refused: BOUND-IMPOSSIBLE, SOLVE-NO-MATRIX.
    """
    sides = _sides(case)
    terms = _terms(case, sides)
    fixed = _fixed_rupiah(case, sides) + _lasting_guard_rupiah(case, sides, terms)
    hauls = [
        _Hauling(case, side, terms).haul(members)
        for side in sides
        for members in components(list(side.wishes))
    ]
    return Relaxed(tuple(haul for haul in hauls if haul.drops), fixed, terms.guarded)


def _sides(case: Case) -> tuple[_Side, _Side]:
    wanted = errands(case, case.problem.units)
    boxes = dict.fromkeys(case.strategy.warehouses, 0)
    for errand, units in wanted.first.items():
        boxes[errand.origin] += sum(max(1, unit.boxes) for unit in units)
    days = {
        origin: tuple(replace(day, closes=day.shift.closes) for day in each)
        for origin, each in vehicle_days(case, boxes).items()
    }
    if wanted.stranded:
        raise Refused("BOUND-IMPOSSIBLE", unit=wanted.stranded[0].id)
    first, last = (_wishes(case, side, days) for side in (wanted.first, wanted.second))
    return _Side(second=False, wishes=first), _Side(second=True, wishes=last)


def _wishes(
    case: Case, wanted: Mapping[Errand, list[Unit]], days: Mapping[str, tuple[VehicleDay, ...]]
) -> tuple[Wish, ...]:
    """Return the lots of a leg without dues, and with the widest hours."""
    joined: dict[Errand, list[Unit]] = defaultdict(list)
    for errand, units in wanted.items():
        joined[replace(errand, due=None, not_before=None)] += units
    wishes = []
    for errand, units in joined.items():
        found, _ = chances(case, errand, days.get(errand.origin, ()))
        if not found:
            raise Refused("BOUND-IMPOSSIBLE", unit=units[0].id)
        wishes.append(Wish(errand, units, found))
    return tuple(wishes)


def _opened(case: Case, chance: Chance) -> date:
    return moment(chance.day.shift.opens).astimezone(case.zone).date()


def _closed(case: Case, chance: Chance) -> date:
    return moment(chance.day.shift.closes).astimezone(case.zone).date()


def _terms(case: Case, sides: tuple[_Side, _Side]) -> _Terms:
    shift = case.last_mile_shift
    polling = case.problem.election.polling_date
    handed = case.local_date(moment(shift.opens)) if shift is not None else polling
    until = {unit.id: handed if unit.kind == "tps" else polling for unit in case.problem.units}
    onward: dict[str, date] = {}
    boxes: dict[str, int] = defaultdict(int)
    staying: dict[str, date] = {}
    for side in sides:
        for wish in side.wishes:
            boxes[wish.errand.place] += sum(unit.boxes for unit in wish.units)
            if side.second:
                first = min(_opened(case, chance) for chance in wish.chances)
                onward[wish.errand.origin] = min(first, onward.get(wish.errand.origin, first))
            if any(unit.kind != "tps" and unit.place == wish.errand.place for unit in wish.units):
                latest = max(_closed(case, chance) for chance in wish.chances)
                staying[wish.errand.place] = min(latest, staying.get(wish.errand.place, latest))
    guarded = {}
    for place in boxes:
        gapless = place in staying and staying[place] <= handed
        guarded[place] = onward.get(place, polling if gapless else min(handed, polling))
    return _Terms(until, onward, guarded, dict(boxes))


def _lasting_guard_rupiah(case: Case, sides: tuple[_Side, _Side], terms: _Terms) -> int:
    """Return the guard that every plan pays at a PPK whose own set lies there after goods have left it."""
    polling = case.problem.election.polling_date
    latest: dict[str, date] = {}
    for wish in sides[0].wishes:
        place = wish.errand.place
        if place in terms.onward and any(unit.place == place for unit in wish.units):
            last = max(_closed(case, chance) for chance in wish.chances)
            latest[place] = min(last, latest.get(place, last))
    return sum(
        case.rupiah_for("guard_night", case.place[place].kind)
        * max(0, (polling - max(last, terms.onward[place])).days)
        for place, last in latest.items()
    )


def _fixed_rupiah(case: Case, sides: tuple[_Side, _Side]) -> int:
    """Return the lines of the bill that no route can change."""
    total = sum(case.rupiah_for("warehouse", each) for each in case.strategy.warehouses)
    tps = sum(unit.kind == "tps" for unit in case.problem.units)
    for price in case.problem.prices:
        if price.basis in {"tps_delivery", "handover"}:
            total += price.rupiah * tps
        if price.basis == "vehicle_km":
            total -= 1  # the bill rounds each of these lines to the nearest rupiah
    for side in sides:
        for wish in side.wishes:
            kind = case.place[wish.errand.place].kind
            total += case.rupiah_for("unload_box", kind) * sum(unit.boxes for unit in wish.units)
    return total


@dataclass(frozen=True)
class _Kind:
    """What the bound notices of a vehicle-day."""

    vehicle_type: str
    travel: tuple[VehicleClass, Weather]
    hours_s: int
    opened: date
    closed: date
    escorted: bool
    served: tuple[int, ...]


class _Hauling:
    """Makes hauls of one leg."""

    def __init__(self, case: Case, side: _Side, terms: _Terms) -> None:
        self.case, self.side, self.terms = case, side, terms

    def haul(self, wishes: list[Wish]) -> Haul:
        """Return the haul of wishes that share vehicle-days; those without boxes are left out."""
        case = self.case
        laden = [wish for wish in wishes if any(unit.boxes for unit in wish.units)]
        kinds = self._kinds(laden)
        origin = wishes[0].errand.origin
        places = list(dict.fromkeys(wish.errand.place for wish in laden))
        travels = sorted({kind.travel for kind in kinds})
        rows = [case.row[origin], *(case.row[place] for place in places)]
        teams = tuple(self._team(origin, kind, count, travels, laden) for kind, count in kinds.items())
        drops, fixed = [], 0
        for number, wish in enumerate(laden):
            drop, base = self._drop(wish, number, 1 + places.index(wish.errand.place), list(kinds), teams)
            drops.append(drop)
            fixed += base
        return Haul(
            name=case.place[origin].name,
            rows=len(rows),
            matrices=tuple(_closed_table(case.matrices[key], rows) for key in travels),
            drops=tuple(drops),
            teams=teams,
            fixed_micro=fixed,
        )

    def _kinds(self, wishes: list[Wish]) -> dict[_Kind, int]:
        case = self.case
        served: dict[VehicleDay, set[int]] = defaultdict(set)
        chance_of: dict[VehicleDay, Chance] = {}
        for number, wish in enumerate(wishes):
            for chance in wish.chances:
                served[chance.day].add(number)
                chance_of[chance.day] = chance
        found: dict[_Kind, int] = defaultdict(int)
        for day, numbers in served.items():
            kind = case.type_of(day.vehicle)
            case.matrix(kind.vehicle_class, day.date)
            key = _Kind(
                vehicle_type=kind.id,
                travel=(kind.vehicle_class, case.weather[day.date]),
                hours_s=day.shift.length_s,
                opened=_opened(case, chance_of[day]),
                closed=_closed(case, chance_of[day]),
                escorted=case.vehicle[day.vehicle].escort is not None,
                served=tuple(sorted(numbers)),
            )
            found[key] += 1
        return dict(found)

    def _team(
        self,
        origin: str,
        kind: _Kind,
        count: int,
        travels: list[tuple[VehicleClass, Weather]],
        wishes: list[Wish],
    ) -> Team:
        case, own = self.case, self.case.type[kind.vehicle_type]
        units = [unit for number in kind.served for unit in wishes[number].units if unit.boxes]
        return Team(
            count=count,
            boxes_max=min(
                own.boxes_max,
                max((own.volume_ml_max * unit.boxes // max(1, unit.volume_ml) for unit in units), default=0),
                max((own.weight_g_max * unit.boxes // max(1, unit.weight_g) for unit in units), default=0),
            ),
            hours_s=kind.hours_s,
            load_s=own.load_fixed_s,
            box_s=own.load_s_per_box + own.unload_s_per_box,
            day_micro=case.rupiah_for("vehicle_day", own.id) * MICRO,
            metre_micro=case.rupiah_for("vehicle_km", own.id) * (MICRO // METRES_PER_KM),
            trip_micro=(
                case.rupiah_for("escort_trip", case.origin_kind(origin)) * MICRO if kind.escorted else 0
            ),
            matrix=travels.index(kind.travel),
        )

    def _drop(
        self, wish: Wish, number: int, row: int, kinds: list[_Kind], teams: tuple[Team, ...]
    ) -> tuple[Drop, int]:
        """Return a drop, and what its boxes cost whoever brings them; its own prices are beyond that."""
        case = self.case
        units = [unit for unit in wish.units if unit.boxes]
        boxes, step = sum(unit.boxes for unit in units), gcd(*(unit.boxes for unit in units))
        prices = [self._box_micro(wish, units, kind) if number in kind.served else None for kind in kinds]
        least = min(price for price in prices if price is not None)
        rooms = [team.boxes_max for team, price in zip(teams, prices, strict=True) if price is not None]
        most = max(step, max(rooms) // step * step)
        handover = sum(price.rupiah for price in case.problem.prices if price.basis == "handover")
        drop = Drop(
            place=row,
            boxes=boxes,
            step=step,
            visits_min=-(-boxes // most),
            stop_s=case.place[wish.errand.place].stop_s,
            stop_micro=handover * MICRO,
            box_micro=tuple(None if price is None else price - least for price in prices),
            least_micro=least,
            name=_name(wish.errand),
        )
        return drop, least * boxes

    def _box_micro(self, wish: Wish, units: list[Unit], kind: _Kind) -> int:
        """Return the least price of bringing one box by a kind of vehicle-day, its nights included."""
        case, terms = self.case, self.terms
        place = wish.errand.place
        where = case.place[place].kind
        total = case.rupiah_for("vehicle_box", kind.vehicle_type) * MICRO
        per_night = case.rupiah_for("box_night", where) * MICRO
        nights = [
            max(0, (terms.until[unit.id] - kind.closed).days)
            if unit.place == place
            else (terms.onward[place] - kind.closed).days
            for unit in units
        ]
        total += per_night * min(nights)
        if self.side.second:
            origin = wish.errand.origin
            waited = (kind.opened - terms.onward[origin]).days
            total += case.rupiah_for("box_night", case.origin_kind(origin)) * MICRO * waited
        guard = case.rupiah_for("guard_night", where) * MICRO
        return total + guard * max(0, (terms.guarded[place] - kind.closed).days) // terms.boxes[place]


def _name(errand: Errand) -> str:
    """Return what tells a drop from the others of its strategy, without its origin."""
    terms = (errand.place, errand.on_date, errand.vehicle, errand.ready)
    return "|".join("" if each is None else str(each) for each in terms)


def _closed_table(table: np.ndarray, rows: list[int]) -> bytes:
    """Return the shortest seconds and, apart from them, the shortest metres over any of these rows."""
    grid = table[np.ix_((DRIVE_S, DRIVE_M), rows, rows)].astype(np.int64)
    grid[:, (grid < 0).any(axis=0)] = NO_ROAD
    for layer in grid:
        np.fill_diagonal(layer, 0)
        for over in range(len(rows)):
            np.minimum(layer, layer[:, over, None] + layer[None, over, :], out=layer)
    return np.ascontiguousarray(np.minimum(grid, NO_ROAD), "<i8").tobytes()
